//! Many sources at once. In: a folder (or file) of documents and a folder for the definitions. Out: one `Outcome` per
//! source, in path order, whatever the number of threads. Never lets one bad file stop the others, never writes two
//! sources to one name.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use crate::error::{Error, Result};
use crate::ingest;
use crate::pipeline::Reader;
use crate::programme::{Check, Definition};
use crate::store;

/// What was found or planned for a source, or which source it is that failed.
pub type Tried<T> = std::result::Result<T, (PathBuf, Error)>;

/// One document and where its definition goes.
#[derive(Debug, PartialEq, Eq)]
pub struct Task {
    pub source: PathBuf,
    pub target: PathBuf,
}

/// What became of one source.
#[derive(Debug)]
pub struct Outcome {
    pub source: PathBuf,
    pub result: Result<Made>,
}

/// A definition that was written, as far as a summary needs it.
#[derive(Debug)]
pub struct Made {
    /// `false` where the file held the same bytes already.
    pub written: bool,
    pub needs_eyes: bool,
    /// The kind of each finding.
    pub findings: Vec<String>,
    pub checks: Vec<Check>,
}

/// Reads every document below `source` and writes its definition below `out`, on `jobs` threads (all cores by default).
///
/// # Errors
/// Where `source` is not there, or no threads can be had. What is wrong with one document is in its outcome.
pub fn run(reader: &Reader, source: &Path, out: &Path, jobs: Option<NonZeroUsize>) -> Result<Vec<Outcome>> {
    let tasks = plan(sources(source)?, source, out);
    let each = |task: Tried<Task>| match task {
        Err((source, error)) => Outcome { source, result: Err(error) },
        Ok(task) => Outcome { result: make(reader, &task), source: task.source },
    };
    on(jobs, || tasks.into_par_iter().map(each).collect())
}

/// Runs `work` on `jobs` threads.
pub fn on<T: Send>(jobs: Option<NonZeroUsize>, work: impl FnOnce() -> T + Send) -> Result<T> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs.map_or(0, NonZeroUsize::get)).build();
    Ok(pool.map_err(|e| Error::Usage(format!("cannot start the threads: {e}")))?.install(work))
}

/// The documents below a folder in path order, or the one file. Left out are hidden files and folders, `.json` files, and
/// files called index or README, which are about the documents.
///
/// # Errors
/// Where `source` itself cannot be read; a folder below it that cannot be is one of the results.
pub fn sources(source: &Path) -> Result<Vec<Tried<PathBuf>>> {
    store::is_folder(source)?;
    let walk = WalkDir::new(source).follow_links(true).sort_by_file_name().into_iter();
    let seen = walk.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry));
    let found = seen.filter_map(|entry| match entry {
        Ok(entry) => (entry.file_type().is_file() && is_document(&entry)).then(|| Ok(entry.into_path())),
        Err(error) => Some(Err(unseen(source, error))),
    });
    Ok(found.collect())
}

fn unseen(root: &Path, error: walkdir::Error) -> (PathBuf, Error) {
    let path = error.path().unwrap_or(root).to_path_buf();
    (path.clone(), Error::io(path, "read")(error.into()))
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().to_string_lossy().starts_with('.')
}

fn is_document(entry: &DirEntry) -> bool {
    let path = entry.path();
    let stem = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().to_ascii_lowercase());
    let json = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
    entry.depth() == 0 || !(json || matches!(stem.as_str(), "index" | "readme"))
}

/// Gives each source its place below `out`: the same path below `root`, `.json` for its extension.
fn plan(sources: Vec<Tried<PathBuf>>, root: &Path, out: &Path) -> Vec<Tried<Task>> {
    let target = |source: &Path| {
        let below = source.strip_prefix(root).ok().filter(|p| !p.as_os_str().is_empty());
        let below = below.or_else(|| source.file_name().map(Path::new)).unwrap_or(source);
        out.join(below).with_extension("json")
    };
    let task = |source: PathBuf| Task { target: target(&source), source };
    without_clashes(sources.into_iter().map(|source| source.map(task)).collect())
}

/// Two tasks with one target are an error for both, as is a target that is its own source.
pub fn without_clashes(tasks: Vec<Tried<Task>>) -> Vec<Tried<Task>> {
    let mut writers: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for task in tasks.iter().flatten() {
        writers.entry(task.target.clone()).or_default().push(task.source.clone());
    }
    let alone = |task: Task| match clash(&task, &writers[&task.target]) {
        None => Ok(task),
        Some(why) => Err((task.source.clone(), Error::Unreadable { path: task.source, why })),
    };
    tasks.into_iter().map(|task| task.and_then(alone)).collect()
}

fn clash(task: &Task, writers: &[PathBuf]) -> Option<String> {
    if let Some(other) = writers.iter().find(|other| **other != task.source) {
        let (target, other) = (task.target.display(), other.display());
        return Some(format!("would be written to {target}, and so would {other}; rename one of them"));
    }
    let own = store::is_same(&task.source, &task.target);
    own.then(|| "its definition would take the place of the document itself; choose another folder".into())
}

fn make(reader: &Reader, task: &Task) -> Result<Made> {
    let reading = ingest::read(reader, &task.source)?;
    let written = ingest::write(&task.target, &reading)?;
    let definition = reading.definition;
    let needs_eyes = needs_eyes(&definition);
    let findings = definition.findings.into_iter().map(|finding| finding.kind).collect();
    Ok(Made { written, needs_eyes, findings, checks: definition.checks })
}

/// Whether a person should look at the definition: every finding is one for human eyes.
pub fn needs_eyes(definition: &Definition) -> bool {
    !definition.findings.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            store::write(&folder.path().join(name), b"x").unwrap();
        }
        folder
    }

    #[test]
    fn documents_are_found_in_path_order() {
        let names = ["b.txt", "a/z.txt", ".git/c.txt", ".d.txt", "x.json", "index.tsv", "README.md", "a/INDEX.md", "c"];
        let folder = folder(&names);
        let found: Vec<_> = sources(folder.path()).unwrap().into_iter().flatten().collect();
        let found: Vec<_> = found.iter().filter_map(|path| path.strip_prefix(folder.path()).ok()).collect();
        assert_eq!(found, ["a/z.txt", "b.txt", "c"].map(Path::new));
        assert!(sources(&folder.path().join("gone")).is_err());
    }

    #[test]
    fn each_source_has_a_place_of_its_own() {
        let folder = folder(&["a.txt", "a.html", "d/a.txt", "b.c.txt"]);
        let found = sources(folder.path()).unwrap();
        let tasks = plan(found, folder.path(), Path::new("out"));
        let targets: Vec<_> = tasks.iter().map(|task| task.as_ref().ok().map(|t| t.target.clone())).collect();
        let some = |path: &str| Some(PathBuf::from(path));
        assert_eq!(targets, [None, None, some("out/b.c.json"), some("out/d/a.json")]);
        let messages: Vec<_> = tasks.iter().filter_map(|task| task.as_ref().err()).map(|(_, e)| e.to_string()).collect();
        assert!(messages[0].contains("a.html: would be written to") && messages[0].contains("a.txt; rename"));
        assert!(messages[1].contains("a.txt: would be written to") && messages[1].contains("a.html; rename"));
    }

    #[test]
    fn a_single_file_goes_to_the_folder() {
        let folder = folder(&["deep/a.txt"]);
        let file = folder.path().join("deep/a.txt");
        let tasks = plan(sources(&file).unwrap(), &file, Path::new("out"));
        assert_eq!(tasks[0].as_ref().unwrap().target, Path::new("out/a.json"));
    }

    #[test]
    fn a_document_is_never_overwritten() {
        let folder = folder(&["a.json"]);
        let file = folder.path().join("a.json");
        let tasks = plan(sources(&file).unwrap(), &file, folder.path());
        assert!(tasks[0].as_ref().unwrap_err().1.to_string().contains("the document itself"));
    }
}
