//! Definitions that no document stands behind. In: the folder of definitions, what was planned, the index. Out: each such file is
//! told of, and removed where that was asked for. Never removes what this program did not write, nor where not all documents
//! could be seen.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use walkdir::WalkDir;

use super::index::{self, place};
use super::{Batch, News, Run, Task, Tried};
use crate::error::{Error, Result};
use crate::store;

/// The documents of the batch.
pub struct Planned {
    /// Names of the documents.
    sources: BTreeSet<String>,
    /// Whether all that is below the source was seen: it is a folder, and every folder below it could be read.
    all: bool,
}

impl Planned {
    pub fn of(batch: &Batch, tasks: &[Tried<Task>]) -> Planned {
        let source = |task: &Tried<Task>| batch.name(task.as_ref().map_or_else(|(path, _)| path, |task| &task.source));
        let seen = tasks.iter().all(|task| !matches!(task, Err((_, Error::Io { .. }))));
        Planned { sources: tasks.iter().map(source).collect(), all: seen && store::is_folder(batch.source).unwrap_or(false) }
    }
}

fn below(path: &Path, out: &Path) -> String {
    index::name(path.strip_prefix(out).unwrap_or(path))
}

/// Tells of every definition whose source is gone, and removes it under `prune`.
pub fn orphans(run: &mut Run, planned: &Planned, tell: &mut dyn FnMut(News) -> Result<()>) -> Result<()> {
    let batch = run.batch;
    let orphans = if planned.all { find(run, planned) } else { vec![] };
    let prune = batch.prune && planned.all && !planned.sources.is_empty();
    if batch.prune && !prune {
        tell(News::Note(format!("{}: not all documents could be seen, or there are none; nothing is removed", batch.source.display())))?;
    }
    for name in &orphans {
        if prune && !batch.check {
            store::remove_below(batch.out, &batch.out.join(place(name)))?;
        }
        tell(News::Orphan { name: name.clone(), removed: prune })?;
    }
    let left: BTreeSet<String> = if prune { BTreeSet::new() } else { orphans.into_iter().collect() };
    let stands = |name: &String| planned.sources.contains(name) || !planned.all;
    run.index().documents.retain(|name, entry| stands(name) || entry.outputs.keys().any(|output| left.contains(output)));
    Ok(())
}

/// Files that are there: of entries whose document is gone, and definitions that no entry names.
fn find(run: &Run, planned: &Planned) -> Vec<String> {
    let (batch, index) = (run.batch, run.index());
    let outputs = |living: bool| {
        let entries = index.documents.iter().filter(move |(name, _)| planned.sources.contains(*name) == living);
        entries.flat_map(|(_, entry)| entry.outputs.keys())
    };
    // A document that could not be read has no entry, but a place.
    let unread = planned.sources.iter().filter(|name| !index.documents.contains_key(*name));
    let targets: Vec<String> = unread.map(|name| index::name(&place(name).with_extension("json"))).collect();
    let kept: BTreeSet<&String> = outputs(true).chain(&targets).collect();
    let known = outputs(false).filter(|name| !kept.contains(name));
    let mut orphans: BTreeSet<String> = known.filter(|name| store::stamp(&batch.out.join(place(name))).is_some()).cloned().collect();
    let unknown = jsons(batch.out).filter(|path| !kept.contains(&below(path, batch.out)) && is_definition(path));
    orphans.extend(unknown.map(|path| below(&path, batch.out)));
    orphans.into_iter().collect()
}

/// The JSON files of the folder but its index.
fn jsons(out: &Path) -> impl Iterator<Item = PathBuf> {
    let index = index::path(out);
    let hidden = |entry: &walkdir::DirEntry| entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
    let files = WalkDir::new(out).into_iter().filter_entry(move |entry| !hidden(entry)).flatten();
    let files = files.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
    files.filter(move |path| path.extension().is_some_and(|e| e == "json") && *path != index)
}

/// What tells a definition of this program from any other JSON.
#[derive(Deserialize)]
struct Definition {
    #[allow(dead_code)]
    schema_version: String,
    generator: Generator,
}

#[derive(Deserialize)]
struct Generator {
    name: String,
}

fn is_definition(path: &Path) -> bool {
    let read = store::read(path).ok().and_then(|bytes| serde_json::from_slice::<Definition>(&bytes).ok());
    read.is_some_and(|definition| definition.generator.name == env!("CARGO_PKG_NAME"))
}
