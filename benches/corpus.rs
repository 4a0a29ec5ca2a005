//! A corpus of any size: the seeds with their numbers varied. In: the seeds, how many documents. Out: files below a folder, the same
//! bytes on every run. Digits become other digits; their number, and all other text, stays.

use std::fs;
use std::path::{Path, PathBuf};

/// Numbers that are the same on every run (xorshift).
struct Dice(u64);

impl Dice {
    fn digit(&mut self, from: u8, to: u8) -> char {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        char::from(from + (self.0 >> 32) as u8 % (to - from + 1))
    }
}

/// The seeds, sorted by name.
pub fn seeds() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).expect("seeds/").map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "txt"));
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), fs::read_to_string(path).expect("UTF-8"))).collect()
}

/// `text` with every amount, date and ordinal of more than one digit changed; years and single digits, which are mostly ordinals, stay.
pub fn varied(text: &str, seed: u64) -> String {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let length = rest[at..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - at);
        let number = &rest[at..at + length];
        out.push_str(&rest[..at]);
        let keep = length == 1 || length == 4 && number.starts_with("20");
        let digit = |i: usize| if i == 0 { dice.digit(b'1', b'9') } else { dice.digit(b'0', b'9') };
        if keep {
            out.push_str(number)
        } else {
            out.extend((0..length).map(digit))
        }
        rest = &rest[at + length..];
    }
    out + rest
}

/// Writes `count` documents below `folder`, a hundred to a folder.
pub fn write(folder: &Path, count: usize) {
    let seeds = seeds();
    for i in 0..count {
        let (path, text) = &seeds[i % seeds.len()];
        let stem = path.file_stem().expect("a name").to_string_lossy();
        let below = folder.join(format!("{:03}", i / 100));
        fs::create_dir_all(&below).expect("a folder");
        fs::write(below.join(format!("{i:05}_{stem}.txt")), varied(text, i as u64)).expect("a document");
    }
}

/// One document of about so many bytes: the seeds, varied, one after the other.
pub fn long(bytes: usize) -> String {
    let seeds = seeds();
    let mut out = String::with_capacity(bytes + 50_000);
    let mut i = 0;
    while out.len() < bytes {
        out += &varied(&seeds[i % seeds.len()].1, i as u64);
        out.push('\n');
        i += 1;
    }
    out
}

/// The same without a line end: one paragraph.
pub fn paragraph(bytes: usize) -> String {
    long(bytes).replace(['\r', '\n'], "")
}
