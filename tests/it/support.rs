//! What the tests share: one reader, the seeds, a source from a text.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::Value;
use zhinan::pipeline::{Reader, Reading};
use zhinan::table::Tables;

pub static READER: LazyLock<Reader> = LazyLock::new(|| Reader::new(Tables::built_in().expect("the built-in tables load")));

pub fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The seeds, sorted by name.
pub fn seeds() -> Vec<PathBuf> {
    let mut seeds: Vec<PathBuf> = std::fs::read_dir(root("seeds")).expect("seeds/").map(|e| e.expect("an entry").path()).collect();
    seeds.retain(|path| path.extension().is_some_and(|e| e == "txt"));
    seeds.sort();
    seeds
}

pub fn read(path: &Path) -> Reading {
    READER.read(path, &std::fs::read(path).expect("a readable file")).expect("a readable source")
}

pub fn read_text(text: &str) -> Reading {
    READER.read(Path::new("text.txt"), text.as_bytes()).expect("text")
}

pub fn json(reading: &Reading) -> Value {
    serde_json::to_value(&reading.definition).expect("a definition is JSON")
}
