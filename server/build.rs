//! Puts the built web files into the binary, so that one file is the whole product.
//!
//! Always true: the table is sorted; without built web files it is empty and the server says so on its pages.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn collect(folder: &Path, root: &Path, found: &mut Vec<(String, PathBuf)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        if path.is_dir() {
            collect(&path, root, found);
        } else if let (false, Ok(name)) = (is_hidden, path.strip_prefix(root)) {
            found.push((format!("/{}", name.to_string_lossy()), path.clone()));
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let workspace = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("..").canonicalize()?;
    let site = env::var_os("BELLWETHER_SITE").map_or_else(|| workspace.join("target/site"), PathBuf::from);
    println!("cargo::rerun-if-env-changed=BELLWETHER_SITE");
    println!("cargo::rerun-if-changed={}", site.join("manifest.json").display());
    let mut found = Vec::new();
    collect(&site, &site, &mut found);
    found.sort();
    let mut code = String::from("pub(crate) static FILES: &[(&str, &[u8])] = &[\n");
    for (name, path) in &found {
        println!("cargo::rerun-if-changed={}", path.display());
        writeln!(code, "    ({name:?}, include_bytes!({:?})),", path.display().to_string())?;
    }
    code.push_str("];\n");
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("site.rs"), code)?;
    Ok(())
}
