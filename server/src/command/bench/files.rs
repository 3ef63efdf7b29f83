//! Bytes that files take.

use std::path::Path;

/// Bytes of all files in a folder and below whose path `wanted` likes; 0 when there is no such folder.
pub(super) fn bytes(folder: &Path, wanted: &impl Fn(&Path) -> bool) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let of = |entry: std::fs::DirEntry| {
        let path = entry.path();
        if path.is_dir() {
            return bytes(&path, wanted);
        }
        if wanted(&path) { entry.metadata().map(|meta| meta.len()).unwrap_or_default() } else { 0 }
    };
    entries.flatten().map(of).sum()
}
