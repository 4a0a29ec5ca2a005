//! The bytes that fuzzing starts from, and those with which it once broke a reader (`tests/data/fuzz/<target>/`): each reader keeps its word on them.

#[path = "../../fuzz/src/promises.rs"]
mod promises;

use crate::support::root;

type Target = (&'static str, fn(&[u8]));
const TARGETS: [Target; 7] = [
    ("pdf", promises::pdf),
    ("docx", promises::docx),
    ("html", promises::html),
    ("encoding", promises::encoding),
    ("archive", promises::archive),
    ("source", promises::source),
    ("normalise", promises::normalise),
];

#[test]
fn readers_keep_their_word_on_seeds_and_findings() {
    for (target, keep) in TARGETS {
        let own = ["fuzz/corpus", "tests/data/fuzz"].map(|folder| root(folder).join(target));
        let fixtures = ["tests/data/forms", "tests/data/pdf"].map(root);
        let mut files: Vec<_> = own
            .into_iter()
            .chain(fixtures)
            .flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten())
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.is_file())
            .collect();
        files.sort();
        assert!(files.len() > 20, "no seeds of {target}");
        for file in files {
            let bytes = std::fs::read(&file).expect("a readable file");
            assert!(std::panic::catch_unwind(|| keep(&bytes)).is_ok(), "{}", file.display());
        }
    }
}
