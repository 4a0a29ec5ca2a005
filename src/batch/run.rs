//! A batch that runs. In: one task at a time. Out: its definition, where it is not as it would be; the index and the tokens of what
//! was done. Never reads a document whose files are known to be as they were.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::cache::{self, Cache, Token, token};
use super::index::{self, Entry, Few, Index, MadeBy, Unusable};
use super::{Batch, Done, GetReader, News, Outcome, Task, Tried, Unfit, Why, why};
use crate::error::Result;
use crate::ingest;
use crate::store::{self, Fingerprint, Lock, Stamp, Written};

/// What the threads share.
pub struct Run<'a> {
    pub batch: &'a Batch<'a>,
    reader: GetReader<'a>,
    id: String,
    /// What made the definitions before.
    makers: BTreeMap<String, MadeBy>,
    index: Mutex<Index>,
    /// Why there was no index to begin with.
    unusable: Option<String>,
    cache: Cache,
    /// When the batch began, by the clock of the file system; `None` where nothing is written.
    began: Option<SystemTime>,
}

/// What the batch keeps of the documents that are done.
#[derive(Default)]
pub struct Progress {
    tokens: Vec<Token>,
    /// Folders that were written to and are not yet forced to the disk.
    unsettled: BTreeSet<PathBuf>,
    /// Definitions made since the index was written.
    unsaved: usize,
}

/// A document whose definition is made.
struct Begun {
    source: PathBuf,
    name: String,
    known: Option<Box<Entry>>,
    result: Result<Made>,
}

struct Made {
    /// Without its token, where that is to tell of the files.
    done: Done,
    files: Vec<Written>,
    /// Of the source, where it was read.
    stamp: Option<Stamp>,
}

/// The index is written after so many definitions, so that a batch that is killed loses no more; and after one in ten, so
/// that a large index is not written too often.
const SAVE: usize = 1000;

impl<'a> Run<'a> {
    /// Reads the index, and removes what killed runs left behind.
    pub fn start(
        batch: &'a Batch,
        reader: GetReader<'a>,
        lock: Option<&Lock>,
        tell: &mut dyn FnMut(News) -> Result<()>,
    ) -> Result<Run<'a>> {
        let leftovers = if lock.is_some() { store::leftovers(batch.out) } else { vec![] };
        leftovers.iter().try_for_each(|path| store::remove(path))?;
        if !leftovers.is_empty() {
            tell(News::Note(format!("removed {} temporary files that a killed batch left behind", leftovers.len())))?;
        }
        let read = Index::read(batch.out)?;
        if let Err(unusable) = &read {
            tell(News::Note(report(batch, unusable)?))?;
        }
        let (mut index, unusable) = read.map_or_else(|unusable| (Index::default(), Some(unusable.why)), |index| (index, None));
        let (id, makers) = (batch.made_by.id(), index.made_by.clone());
        index.made_by.insert(id.clone(), batch.made_by.clone());
        let cache = if batch.rehash { Cache::default() } else { Cache::read(batch.out) };
        Ok(Run { batch, reader, id, makers, index: Mutex::new(index), unusable, cache, began: lock.map(|lock| lock.taken) })
    }

    /// Brings the definitions of some documents up to date: all are read and written before the first is waited for. Where the batch is
    /// to end, the rest of them is left.
    pub fn some(&self, tasks: Vec<Tried<Task>>) -> Vec<Outcome> {
        let begun: Vec<Begun> = tasks.into_iter().take_while(|_| !self.batch.is_stopped()).map(|task| self.begin(task)).collect();
        begun.into_iter().map(|begun| self.finish(begun)).collect()
    }

    fn begin(&self, task: Tried<Task>) -> Begun {
        let source = task.as_ref().map_or_else(|(path, _)| path.clone(), |task| task.source.clone());
        let name = self.batch.name(&source);
        let known = self.index().documents.get(&name).cloned();
        let result = task.map_err(|(_, error)| error).and_then(|task| self.made(&task, &name, known.as_deref()));
        Begun { source, name, known, result }
    }

    fn finish(&self, Begun { source, name, known, result }: Begun) -> Outcome {
        let result = result.and_then(|Made { mut done, files, stamp }| {
            files.into_iter().try_for_each(Written::place)?;
            done.token = done.token.or_else(|| self.token(&name, &done.entry, &stamp?));
            Ok(done)
        });
        let left = || known.map(|entry| entry.outputs.keys().cloned().collect()).unwrap_or_default();
        Outcome { result: result.map_err(|error| Unfit { error, left: left() }), source, name }
    }

    /// The definition as it is, where that is what it would be; else a new one.
    fn made(&self, task: &Task, name: &str, known: Option<&Entry>) -> Result<Made> {
        if let Some((entry, token)) = known.and_then(|known| Some((known, self.trusted(task, name, known)?))) {
            let done = Done { written: false, why: vec![], entry: entry.clone(), token: Some(token) };
            return Ok(Made { done, files: vec![], stamp: None });
        }
        let (bytes, stamp) = store::read_steady(&task.source, self.batch.limits.bytes)?;
        let sha256 = Fingerprint::of(&bytes);
        let why = self.why(known, sha256);
        let (written, files, entry) = match known.filter(|_| why.is_empty()) {
            Some(known) => (false, vec![], known.clone()),
            None => self.write(task, &bytes, sha256)?,
        };
        Ok(Made { done: Done { written, why, token: None, entry }, files, stamp: Some(stamp) })
    }

    fn why(&self, known: Option<&Entry>, sha256: Fingerprint) -> Vec<Why> {
        let unusable = self.unusable.iter().map(|why| Why::Index(why.clone()));
        if self.unusable.is_some() {
            unusable.collect()
        } else {
            why::reasons(known, &self.makers, sha256, &self.batch.made_by, self.batch.out)
        }
    }

    /// The token of an entry that was made by this program and whose files have the stamps that they had.
    fn trusted(&self, task: &Task, name: &str, known: &Entry) -> Option<Token> {
        let token = token(name, known, &store::stamp(&task.source)?, self.batch.out)?;
        (known.made_by == self.id && self.cache.holds(&token)).then_some(token)
    }

    /// The token by which the next batch may trust these stamps.
    fn token(&self, name: &str, entry: &Entry, source: &Stamp) -> Option<Token> {
        self.began.filter(|began| source.is_settled(*began)).and_then(|_| token(name, entry, source, self.batch.out))
    }

    /// Whether a file was (or under `check` would be) written, the files that are to take their places, and the new entry.
    fn write(&self, task: &Task, bytes: &[u8], sha256: Fingerprint) -> Result<(bool, Vec<Written>, Entry)> {
        let reading = ingest::read_bytes((self.reader)()?, &task.source, bytes)?;
        let (mut differs, mut files, mut outputs) = (false, vec![], BTreeMap::new());
        for (path, content) in &ingest::files(&task.target, &reading)? {
            if self.batch.check {
                differs |= !store::holds(path, content);
            } else {
                files.extend(store::begin(path, content)?);
            }
            outputs.insert(index::name(path.strip_prefix(self.batch.out).unwrap_or(path)), Fingerprint::of(content));
        }
        let (findings, checks) = (&reading.definition.findings, &reading.definition.checks);
        let entry = Entry {
            sha256,
            made_by: self.id.clone(),
            outputs: outputs.into(),
            findings: counts(findings.iter().map(|finding| &*finding.kind)),
            checks_ok: checks.iter().filter(|check| check.ok).count(),
            checks_failed: counts(checks.iter().filter(|check| !check.ok).map(|check| &*check.kind)),
        };
        Ok((differs || !files.is_empty(), files, entry))
    }

    /// Notes what became of a document, and tells of it.
    pub fn take(&self, outcome: Outcome, progress: &mut Progress, tell: &mut dyn FnMut(News) -> Result<()>) -> Result<()> {
        if let Ok(done) = &outcome.result {
            progress.tokens.extend(done.token);
            if done.written {
                let files = done.entry.outputs.keys().map(|name| self.batch.out.join(index::place(name)));
                progress.unsettled.extend(files.map(|file| store::folder_of(&file).to_path_buf()));
            }
            if !done.why.is_empty() {
                progress.unsaved += 1;
                self.index().documents.insert(outcome.name.clone(), Box::new(done.entry.clone()));
            }
            if progress.unsaved >= SAVE.max(self.index().documents.len() / 10) {
                self.save(progress)?;
            }
        }
        tell(News::Outcome(outcome))
    }

    /// The definitions first, so that the index never names what is not there.
    fn save(&self, progress: &mut Progress) -> Result<()> {
        if self.batch.check {
            return Ok(());
        }
        std::mem::take(&mut progress.unsettled).iter().for_each(|folder| store::settle(folder));
        progress.unsaved = 0;
        self.index().write(self.batch.out).map(drop)
    }

    /// Writes the index, and the tokens for the next batch.
    pub fn close(&self, mut progress: Progress, tell: &mut dyn FnMut(News) -> Result<()>) -> Result<()> {
        if self.batch.check {
            return if self.index().is_written(self.batch.out) { Ok(()) } else { tell(News::IndexStale) };
        }
        self.save(&mut progress)?;
        // Without them the next batch hashes everything, which costs time and nothing else.
        let _ = cache::write(self.batch.out, &progress.tokens);
        Ok(())
    }

    pub fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says why the index cannot be used; what may be somebody else's is put aside first.
fn report(batch: &Batch, unusable: &Unusable) -> Result<String> {
    let path = index::path(batch.out);
    let note = format!("{}: {}; every document is read", path.display(), unusable.why);
    if !unusable.foreign || batch.check {
        return Ok(note);
    }
    let aside = path.with_extension("json.old");
    store::rename(&path, &aside)?;
    Ok(format!("{note}; what stood there is kept as {}", aside.display()))
}

fn counts<'a>(kinds: impl Iterator<Item = &'a str>) -> Few<usize> {
    let mut counts = BTreeMap::new();
    kinds.for_each(|kind| *counts.entry(kind.to_string()).or_default() += 1);
    counts.into()
}
