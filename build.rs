//! Names the program for the index of a batch: the digest of the code that decides a definition, and the dictionary of words.
//! Sources only, so that every machine that builds the same sources gives the same names.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// What prints or compares decides nothing.
const OUTSIDE: &[&str] = &["src/cli", "src/main.rs"];

fn main() {
    let mut files = vec![PathBuf::from("Cargo.lock")];
    collect(Path::new("src"), &mut files);
    files.sort();
    let mut hash = Sha256::new();
    for file in &files {
        let text = fs::read_to_string(file).unwrap_or_default().replace("\r\n", "\n");
        hash.update(format!("{} {}\n{text}", file.to_string_lossy().replace('\\', "/"), text.len()));
    }
    let code: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    println!("cargo::rustc-env=ZHINAN_CODE={code}");
    println!("cargo::rustc-env=ZHINAN_DICTIONARY={}", dictionary(&fs::read_to_string("Cargo.lock").unwrap_or_default()));
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=Cargo.lock");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if OUTSIDE.iter().any(|outside| path == Path::new(outside)) {
            continue;
        }
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}

/// The package that holds the dictionary, with its version and checksum.
fn dictionary(lock: &str) -> String {
    let package = lock.split("[[package]]").find(|package| package.contains("\nname = \"jieba-rs\"\n")).unwrap_or_default();
    let field = |key: &str| package.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = ")).unwrap_or("").trim_matches('"');
    format!("{} {} {}", field("name"), field("version"), field("checksum")).trim().to_string()
}
