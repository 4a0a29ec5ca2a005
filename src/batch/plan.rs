//! Which documents there are, and where the definition of each goes. In: a folder (or file) of documents and a folder for the
//! definitions. Out: a task for each document, in path order. Never gives two documents one place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::index;
use crate::error::{Error, Result};
use crate::store;

/// What was found or planned for a source, or which source it is that failed.
pub type Tried<T> = std::result::Result<T, (PathBuf, Error)>;

/// One document and where its definition goes.
#[derive(Debug, PartialEq, Eq)]
pub struct Task {
    pub source: PathBuf,
    pub target: PathBuf,
}

/// The documents below a folder in path order, or the one file. Left out are hidden files and folders, `.json` files, and
/// files called index or README, which are about the documents.
///
/// Left out too is the folder `out` where it is below.
///
/// # Errors
/// Where `source` itself cannot be read; a folder below it that cannot be is one of the results.
pub fn sources(source: &Path, out: Option<&Path>) -> Result<Vec<Tried<PathBuf>>> {
    store::is_folder(source)?;
    let walk = WalkDir::new(source).follow_links(true).sort_by_file_name().into_iter();
    let is_out = |entry: &DirEntry| entry.file_type().is_dir() && out.is_some_and(|out| store::is_same(entry.path(), out));
    let seen = walk.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry) && !is_out(entry));
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
pub fn plan(sources: Vec<Tried<PathBuf>>, root: &Path, out: &Path) -> Vec<Tried<Task>> {
    let task = |source: PathBuf| {
        let target = below(&source, root).with_extension("json");
        if target.as_os_str().eq_ignore_ascii_case(index::INDEX) {
            let why = format!("would be written to {}, the place of the index; rename it", out.join(target).display());
            return Err((source.clone(), Error::Unreadable { path: source, why }));
        }
        Ok(Task { target: out.join(target), source })
    };
    without_clashes(sources.into_iter().map(|source| source.and_then(task)).collect())
}

/// The path of a source below the folder of sources; its name where it is the only one.
pub fn below<'s>(source: &'s Path, root: &Path) -> &'s Path {
    let below = source.strip_prefix(root).ok().filter(|p| !p.as_os_str().is_empty());
    below.or_else(|| source.file_name().map(Path::new)).unwrap_or(source)
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
        let found: Vec<_> = sources(folder.path(), None).unwrap().into_iter().flatten().collect();
        let found: Vec<_> = found.iter().filter_map(|path| path.strip_prefix(folder.path()).ok()).collect();
        assert_eq!(found, ["a/z.txt", "b.txt", "c"].map(Path::new));
        assert!(sources(&folder.path().join("gone"), None).is_err());
    }

    #[test]
    fn definitions_are_no_documents() {
        let folder = folder(&["a.txt", "out/a.txt", "other/b.txt"]);
        let found = sources(folder.path(), Some(&folder.path().join("other/../out"))).unwrap();
        let found: Vec<_> = found.into_iter().flatten().collect();
        assert_eq!(found, ["a.txt", "other/b.txt"].map(|name| folder.path().join(name)));
    }

    #[test]
    fn the_place_of_the_index_is_taken() {
        let folder = folder(&["d/Index.txt"]);
        let file = folder.path().join("d/Index.txt");
        let tasks = plan(sources(&file, None).unwrap(), &file, Path::new("out"));
        assert!(tasks[0].as_ref().unwrap_err().1.to_string().contains("the place of the index; rename it"));
    }

    #[test]
    fn each_source_has_a_place_of_its_own() {
        let folder = folder(&["a.txt", "a.html", "d/a.txt", "b.c.txt"]);
        let found = sources(folder.path(), None).unwrap();
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
        let tasks = plan(sources(&file, None).unwrap(), &file, Path::new("out"));
        assert_eq!(tasks[0].as_ref().unwrap().target, Path::new("out/a.json"));
    }

    #[test]
    fn a_document_is_never_overwritten() {
        let folder = folder(&["a.json"]);
        let file = folder.path().join("a.json");
        let tasks = plan(sources(&file, None).unwrap(), &file, folder.path());
        assert!(tasks[0].as_ref().unwrap_err().1.to_string().contains("the document itself"));
    }
}
