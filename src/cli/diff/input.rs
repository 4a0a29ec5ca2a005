//! What is compared: definitions, sources that are read now, or folders of either. In: paths. Out: calls with their texts, paired
//! where folders are compared. One file that cannot be read stops no other.

use std::path::{Path, PathBuf};

use once_cell::sync::OnceCell;
use rayon::prelude::*;
use walkdir::WalkDir;

use crate::batch::{self, Tried};
use crate::diff::{Call, LineKey, TitleWords};
use crate::error::{Error, Result};
use crate::ingest;
use crate::pipeline::Reader;
use crate::span::Span;
use crate::store;
use crate::table::Tables;

/// A call and, where it is at hand, the text that its offsets count.
#[derive(Debug)]
pub struct Loaded {
    /// As the user knows it.
    pub name: String,
    pub path: PathBuf,
    pub call: Call,
    pub text: Option<String>,
}

/// Reads definitions and sources; the reader of sources is made only where there is one.
pub struct Loader<'l> {
    pub tables: &'static Tables,
    /// Folders in which to look for the sources of definitions.
    pub sources: &'l [PathBuf],
    pub reader: OnceCell<Reader>,
}

/// Files of two folders that belong together, and those that have no partner.
#[derive(Debug, Default)]
pub struct Paired {
    pub pairs: Vec<(Loaded, Loaded)>,
    pub only_old: Vec<Loaded>,
    pub only_new: Vec<Loaded>,
}

fn is_definition_file(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"))
}

impl Loader<'_> {
    fn reader(&self) -> &Reader {
        self.reader.get_or_init(|| Reader::new(self.tables))
    }

    /// One definition or source.
    pub fn load(&self, path: &Path) -> Result<Loaded> {
        let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
        if is_definition_file(path) {
            return self.definition(path, name, &store::read_text(path)?);
        }
        let reading = ingest::read(self.reader(), path)?;
        let wrong = |why| Error::Definition { path: path.into(), why };
        let call = Call::read(&String::from_utf8_lossy(&reading.json)).map_err(wrong)?;
        let text = reading.normalised.source(Span::new(0, reading.normalised.raw_len()));
        Ok(Loaded { name, path: path.into(), call, text: Some(text.into()) })
    }

    fn definition(&self, path: &Path, name: String, json: &str) -> Result<Loaded> {
        let call = Call::read(json).map_err(|why| Error::Definition { path: path.into(), why })?;
        Ok(Loaded { name, path: path.into(), call, text: None })
    }

    /// Looks for the text of a definition's source: beside the definition and in the folders of sources, under the name of the
    /// source or as the text that was written beside the definition. Only a text that holds what the facts quote, where they
    /// quote it, is the right one.
    pub fn find_text(&self, loaded: &mut Loaded) {
        if loaded.text.is_some() {
            return;
        }
        let beside = loaded.path.parent().unwrap_or(Path::new(""));
        let file = Path::new(&loaded.call.source.file);
        let folders = self.sources.iter().map(PathBuf::as_path).chain([beside]);
        let written = loaded.path.with_extension("txt");
        let places = folders.map(|folder| folder.join(file)).chain([written]);
        let readable = places.filter_map(|place| store::read_text(&place).ok());
        let texts = readable.map(|text| text.strip_prefix('\u{FEFF}').map_or(text.clone(), String::from));
        loaded.text = texts.into_iter().find(|text| holds_quotes(text, &loaded.call));
    }

    /// Every definition below a folder, or where there is none, every source. JSON that is no definition (a schema, an index) is
    /// passed over.
    pub fn folder(&self, folder: &Path) -> Result<Vec<Tried<Loaded>>> {
        let name = |path: &Path| path.strip_prefix(folder).unwrap_or(path).display().to_string();
        let definition = |path: PathBuf| -> Option<Tried<Loaded>> {
            let text = match store::read_text(&path) {
                Ok(text) => text,
                Err(error) => return Some(Err((path, error))),
            };
            match self.definition(&path, name(&path), &text) {
                Err(_) if is_other_json(&text) => None,
                loaded => Some(loaded.map_err(|error| (path, error))),
            }
        };
        let loaded: Vec<Tried<Loaded>> = json_files(folder)?.into_par_iter().filter_map(definition).collect();
        if !loaded.is_empty() {
            return Ok(loaded);
        }
        // Made before the threads ask for it.
        self.reader();
        let load = |path: PathBuf| {
            let name = name(&path);
            self.load(&path).map(|loaded| Loaded { name, ..loaded }).map_err(|error| (path, error))
        };
        Ok(batch::sources(folder, None)?.into_par_iter().map(|path| path.and_then(load)).collect())
    }
}

/// The JSON files below a folder, in path order.
fn json_files(folder: &Path) -> Result<Vec<PathBuf>> {
    store::is_folder(folder)?;
    let walk = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter();
    let hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with('.');
    let files = walk.filter_entry(|e| e.depth() == 0 || !hidden(e.file_name())).flatten().filter(|e| e.file_type().is_file());
    Ok(files.map(walkdir::DirEntry::into_path).filter(|path| is_definition_file(path)).collect())
}

fn is_other_json(text: &str) -> bool {
    !Call::is_definition(text) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

fn holds_quotes(text: &str, call: &Call) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let quotes = call.programmes.iter().flat_map(|p| p.facts.iter().filter_map(|f| f.evidence.as_ref()));
    let mut quotes = quotes.peekable();
    quotes.peek().is_some()
        && quotes.all(|quote| chars.get(quote.start..quote.end).is_some_and(|words| words.iter().copied().eq(quote.text.chars())))
}

/// Pairs the files of two folders: by line (office and title without year and serial number), then by name, then by likeness of
/// the title; one file that is left on each side is a pair.
pub fn pair(old: Vec<Loaded>, new: Vec<Loaded>, words: &TitleWords) -> Paired {
    let keys = |side: &[Loaded]| side.iter().map(|loaded| LineKey::of(&loaded.call, words)).collect::<Vec<_>>();
    let (old_keys, new_keys) = (keys(&old), keys(&new));
    let mut twin: Vec<Option<usize>> = vec![None; old.len()];
    let mut taken = vec![false; new.len()];
    let same_name = |o: usize, n: usize| old[o].name == new[n].name;
    let same_title = |o: usize, n: usize| old_keys[o].name == new_keys[n].name && old_keys[o].is_like(&new_keys[n]);
    let alike = |o: usize, n: usize| old_keys[o].is_like(&new_keys[n]);
    let rules: [&dyn Fn(usize, usize) -> bool; 3] = [&same_title, &same_name, &alike];
    for rule in rules {
        for (o, found) in twin.iter_mut().enumerate().filter(|(_, found)| found.is_none()) {
            let free = (0..new.len()).filter(|n| !taken[*n] && rule(o, *n));
            // Among several, the one of the same name, then the first.
            if let Some(n) = free.min_by_key(|n| (!same_name(o, *n), *n)) {
                (*found, taken[n]) = (Some(n), true);
            }
        }
    }
    let (alone_old, alone_new): (Vec<usize>, Vec<usize>) =
        ((0..old.len()).filter(|o| twin[*o].is_none()).collect(), (0..new.len()).filter(|n| !taken[*n]).collect());
    if let ([o], [n]) = (alone_old.as_slice(), alone_new.as_slice()) {
        twin[*o] = Some(*n);
    }
    let mut new: Vec<Option<Loaded>> = new.into_iter().map(Some).collect();
    let mut out = Paired::default();
    for (loaded, twin) in old.into_iter().zip(twin) {
        match twin.and_then(|n| new.get_mut(n)?.take()) {
            Some(other) => out.pairs.push((loaded, other)),
            None => out.only_old.push(loaded),
        }
    }
    out.only_new = new.into_iter().flatten().collect();
    out
}
