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

/// A row of numbers that look drawn by lot (splitmix64).
pub struct Lot(pub u64);

impl Lot {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }

    pub fn of<'t, T>(&mut self, list: &'t [T]) -> &'t T {
        &list[self.below(list.len())]
    }
}
