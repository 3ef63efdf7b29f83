//! The benchmark's folder, which users of the product do not have.

use std::collections::BTreeMap;
use std::path::PathBuf;

use analysis::nab::{Rows, parse_time_ms};

pub(crate) struct Labelled {
    pub(crate) name: String,
    pub(crate) rows: Rows,
    pub(crate) windows: Vec<(usize, usize)>,
}

/// The folder, or a printed reason why the test that asks for it proves nothing here.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/anomaly/nab");
    if folder.join("labels").is_dir() {
        return Some(folder);
    }
    println!("skipped: the benchmark's data is not at {}", folder.display());
    None
}

pub(crate) fn load() -> Option<Vec<Labelled>> {
    let folder = folder()?;
    let labels = std::fs::read_to_string(folder.join("labels/combined_windows.json")).unwrap();
    let labels: BTreeMap<String, Vec<[String; 2]>> = serde_json::from_str(&labels).unwrap();
    let load = |(name, windows): (String, Vec<[String; 2]>)| {
        let rows = Rows::parse(&std::fs::read_to_string(folder.join("data").join(&name)).unwrap()).unwrap();
        let row = |w: &[String; 2]| rows.window(parse_time_ms(&w[0]).unwrap(), parse_time_ms(&w[1]).unwrap()).unwrap();
        let windows = windows.iter().map(row).collect();
        Labelled { name, rows, windows }
    };
    Some(labels.into_iter().map(load).collect())
}
