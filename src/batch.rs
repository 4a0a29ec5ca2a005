//! Many sources at once. In: a folder (or file) of documents and a folder for the definitions. Out: one `Outcome` per
//! source, in path order, whatever the number of threads; and OUT/index.json, by which the next batch knows what need not be done.
//! Never lets one bad file stop the others, never leaves a file that is half of something, never trusts a time alone.

mod cache;
mod index;
mod lines;
mod order;
mod plan;
mod run;
mod sweep;
mod why;

use std::iter;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

pub use index::{Entry, Few, INDEX, MadeBy};
pub use lines::{Answer, answer};
pub use order::{in_order, on};
pub use plan::{Task, Tried, sources, without_clashes};
pub use why::Why;

use crate::error::{Error, Result};
use crate::pipeline::Reader;
use crate::programme::Definition;
use crate::source::Limits;
use crate::store::{self, Fingerprint};
use cache::Token;
use index::Index;
use run::{Progress, Run};
use sweep::Planned;

/// What a batch is to do.
#[derive(Debug)]
pub struct Batch<'a> {
    pub source: &'a Path,
    pub out: &'a Path,
    /// Threads; all cores by default.
    pub jobs: Option<NonZeroUsize>,
    /// Hash every file, also those whose size and times are as they were.
    pub rehash: bool,
    /// Write nothing; say what would be.
    pub check: bool,
    /// Remove the definitions whose source is gone.
    pub prune: bool,
    /// Everything but the document that decides a definition.
    pub made_by: MadeBy,
    pub limits: Limits,
    /// Set by whoever wants the batch to end: documents in hand are finished, no other is begun.
    pub stop: &'a AtomicBool,
}

/// What a batch tells while it runs.
#[derive(Debug)]
pub enum News {
    /// How many documents there are; comes once and first.
    Documents(usize),
    /// Something about the folder of definitions that somebody should know.
    Note(String),
    Outcome(Outcome),
    /// A file whose source is gone, and whether it was (or under `check` would be) removed.
    Orphan {
        name: String,
        removed: bool,
    },
    /// Under `check`, the index would be written.
    IndexStale,
}

/// What became of one source.
#[derive(Debug)]
pub struct Outcome {
    pub source: PathBuf,
    /// The path of the source below SRC, as the index writes it.
    pub name: String,
    /// `Unfit` where no definition could be made; an earlier one is left as it was.
    pub result: std::result::Result<Done, Unfit>,
}

/// A definition that is as it should be now.
#[derive(Debug)]
pub struct Done {
    /// `false` where the files held the same bytes already.
    pub written: bool,
    /// Why it was made again; empty where it was not.
    pub why: Vec<Why>,
    pub entry: Entry,
    token: Option<Token>,
}

/// A document that could not be read, or a definition that could not be written.
#[derive(Debug)]
pub struct Unfit {
    pub error: Error,
    /// The files of an earlier run, which are left as they were.
    pub left: Vec<String>,
}

/// The reader, which is built where a document is to be made and not before.
pub type GetReader<'r> = &'r (dyn Fn() -> Result<&'r Reader> + Sync);

/// So many documents are made in one go, so that the disk writes the first while the next are read. Each has one or two files open until then.
const TOGETHER: usize = 4;
/// No more documents than these are shared out one by one, so that no thread is idle while another has several.
const FEW: usize = 64;

/// Brings the definitions below `out` up to date. `tell` hears of each document in path order.
///
/// # Errors
/// Where the source is not there, another batch is at work, the index cannot be written, no threads can be had, or `tell` fails.
pub fn run<'a>(batch: &'a Batch<'a>, reader: GetReader<'a>, tell: &mut dyn FnMut(News) -> Result<()>) -> Result<()> {
    let tasks = batch.plan()?;
    let planned = Planned::of(batch, &tasks);
    let lock = (!batch.check).then(|| store::lock(batch.out)).transpose()?;
    tell(News::Documents(tasks.len()))?;
    let mut run = Run::start(batch, reader, lock.as_ref(), tell)?;
    let size = tasks.len().div_ceil(FEW).clamp(1, TOGETHER);
    let mut going = tasks.into_iter().take_while(|_| !batch.is_stopped());
    let groups = iter::from_fn(|| Some(going.by_ref().take(size).collect::<Vec<_>>()).filter(|group| !group.is_empty()));
    let mut done = Progress::default();
    let take = |outcomes: Vec<Outcome>| outcomes.into_iter().try_for_each(|outcome| run.take(outcome, &mut done, tell));
    in_order(batch.jobs, groups, |tasks| run.some(tasks), take)?;
    if !batch.is_stopped() {
        sweep::orphans(&mut run, &planned, tell)?;
    }
    run.close(done, tell)
}

/// Why one document, which is below the source, would be made again; empty where it would not.
///
/// # Errors
/// Where the document is none of the batch, or cannot be read.
pub fn explain(batch: &Batch, file: &Path) -> Result<Vec<Why>> {
    let task = |tried: &Tried<Task>| {
        let path = tried.as_ref().map_or_else(|(path, _)| path, |task| &task.source);
        store::is_same(path, file) || tried.as_ref().is_ok_and(|task| store::is_same(&task.target, file))
    };
    let found = batch.plan()?.into_iter().find(task);
    let none = || Error::Usage(format!("{}: no document below {}", file.display(), batch.source.display()));
    let task = found.ok_or_else(none)?.map_err(|(_, error)| error)?;
    match Index::read(batch.out)? {
        Err(unusable) => Ok(vec![Why::Index(unusable.why)]),
        Ok(index) => {
            let (bytes, _) = store::read_steady(&task.source, batch.limits.bytes)?;
            let known = index.documents.get(&batch.name(&task.source)).map(Box::as_ref);
            Ok(why::reasons(known, &index.made_by, Fingerprint::of(&bytes), &batch.made_by, batch.out))
        }
    }
}

impl Batch<'_> {
    fn plan(&self) -> Result<Vec<Tried<Task>>> {
        Ok(plan::plan(sources(self.source, Some(self.out))?, self.source, self.out))
    }

    fn name(&self, source: &Path) -> String {
        index::name(plan::below(source, self.source))
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Whether a person should look at the definition: every finding is one for human eyes.
pub fn needs_eyes(definition: &Definition) -> bool {
    !definition.findings.is_empty()
}
