//! `zhinan batch`: a folder of documents to a folder of definitions.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use super::{Exit, Host, ReadWith, stream};
use crate::batch::{self, Done, Entry, Few, INDEX, MadeBy, News, Outcome, Unfit, Why};
use crate::error::Result;

/// Read a folder of documents and keep a folder of definitions up to date
///
/// SRC/a/b.txt becomes OUT/a/b.json. Hidden files, .json files, files called index or README, and OUT itself are left out.
/// Documents are read in parallel; the result does not depend on it. One that cannot be read stops no other, and leaves its
/// earlier definition as it was.
///
/// OUT/index.json holds what each definition was made from: the bytes of the document, the program, the schema, the tables, the
/// dictionary, the options. A definition is made again where one of them changed, or where its file is not as it was written.
/// A file whose size, times and number in the file system are those of the last batch is taken for the same (--rehash reads it).
/// Every file is replaced whole or not at all. OUT/.zhinan, which git leaves alone, holds a lock and a cache.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zhinan batch seeds extracted
  zhinan batch seeds extracted --check            names what would change, writes nothing
  zhinan batch seeds extracted --why seeds/a.txt  why it would be made again, or would not
  zhinan batch seeds extracted --log json | jq 'select(.status == \"failed\")'
  zhinan batch --stdin < documents.jsonl > definitions.jsonl

Standard error has a line for each document that failed, and for each that was made and has failed checks or findings,
then the sum:
  made 5, unchanged 0, failed 0, findings 3, 0.42 s, 12 documents/s")]
pub struct Batch {
    /// Folder of documents, or one document
    #[arg(value_name = "SRC", required_unless_present = "stdin")]
    source: Option<PathBuf>,
    /// Folder of definitions, made where it is not there
    #[arg(value_name = "OUT", required_unless_present = "stdin")]
    out: Option<PathBuf>,
    /// Threads to use [default: one for each core]
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Exit with 1 where a definition has findings: two readings that compete, a check that failed, an unexplained number
    #[arg(long)]
    strict: bool,
    /// Write nothing; name each file that would change, and exit with 1 where there is one
    #[arg(long)]
    check: bool,
    /// Remove definitions whose document is gone, which are only named otherwise
    #[arg(long)]
    prune: bool,
    /// Read every file, also those that look as they did
    #[arg(long)]
    rehash: bool,
    /// Say why FILE (a document, or its definition) would be made again, or would not, and do nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = ["check", "prune"])]
    why: Option<PathBuf>,
    /// How each document is told of: remarks on standard error, or a line of JSON on standard output
    #[arg(long, value_enum, default_value_t = Log::Text, value_name = "FORM")]
    log: Log,
    /// Read JSON Lines {id, text | path} from standard input, and write JSON Lines {id, definition | error} in the same order
    #[arg(long, conflicts_with_all = ["source", "out", "strict", "check", "prune", "rehash", "why", "log"])]
    stdin: bool,
    #[command(flatten)]
    reading: ReadWith,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Log {
    Text,
    Json,
}

impl Batch {
    pub fn run(self, host: &mut Host) -> Result<Exit> {
        let (Some(source), Some(out)) = (&self.source, &self.out) else {
            return stream::run(self.reading.reader()?, self.jobs, host);
        };
        let (reader, stop) = (self.reading.when_needed()?, (host.stop_on_signal)());
        let batch = batch::Batch {
            source,
            out,
            jobs: self.jobs,
            rehash: self.rehash,
            check: self.check,
            prune: self.prune,
            made_by: MadeBy::this(&reader.digest(), &reader.limits),
            limits: reader.limits,
            stop: &stop,
        };
        if let Some(file) = &self.why {
            return explain(&batch, file, host);
        }
        let mut shown = Shown { batch: &self, bar: hidden(), sum: Sum::default(), exit: Exit::Fine };
        batch::run(&batch, &|| reader.get(), &mut |news| shown.tell(news, host))?;
        shown.bar.finish_and_clear();
        if stop.load(Ordering::Relaxed) {
            host.note("interrupted; what is done stays done, the next batch does the rest\n")?;
            shown.exit = Exit::Interrupted;
        }
        host.note(&shown.sum.text(self.check, host))?;
        Ok(shown.exit)
    }
}

fn explain(batch: &batch::Batch, file: &Path, host: &mut Host) -> Result<Exit> {
    let why = batch::explain(batch, file)?;
    if why.is_empty() {
        host.print(&format!("{}: not made again: document, program, tables and definition are as they were\n", file.display()))?;
    }
    for why in why {
        host.print(&format!("{}: made again: {why}\n", file.display()))?;
    }
    Ok(Exit::Fine)
}

/// What is shown while the batch runs.
struct Shown<'a> {
    batch: &'a Batch,
    bar: ProgressBar,
    sum: Sum,
    exit: Exit,
}

fn hidden() -> ProgressBar {
    ProgressBar::hidden()
}

/// A bar on the terminal; the next line of standard error clears it first.
fn bar(documents: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(documents as u64), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} documents, {per_sec}, {eta} left");
    style.map_or(bar.clone(), |style| bar.with_style(style))
}

impl Shown<'_> {
    fn tell(&mut self, news: News, host: &mut Host) -> Result<()> {
        match news {
            News::Documents(0) => self.note(format!("{}: no documents", self.source()), host),
            News::Documents(count) => {
                self.bar = if host.err_is_terminal { bar(count) } else { hidden() };
                Ok(())
            }
            News::Note(note) => self.note(note, host),
            News::Outcome(outcome) => {
                self.bar.inc(1);
                self.outcome(&outcome, host)
            }
            News::Orphan { name, removed } => self.orphan(&name, removed, host),
            News::IndexStale => self.would_change(INDEX, "it would hold other entries", host),
        }
    }

    fn source(&self) -> std::path::Display<'_> {
        self.batch.source.as_deref().unwrap_or(Path::new("")).display()
    }

    /// A line on standard error that does not mix with the bar.
    fn note(&self, note: String, host: &mut Host) -> Result<()> {
        self.bar.suspend(|| host.note(&format!("{note}\n")))
    }

    fn outcome(&mut self, outcome: &Outcome, host: &mut Host) -> Result<()> {
        self.sum.add(outcome);
        let named = outcome.source.to_str().is_some() || outcome.result.as_ref().is_ok_and(|done| done.why.is_empty());
        if !named {
            self.note(format!("{}: the name is no UTF-8; the index and the log write it like this", outcome.name), host)?;
        }
        if self.batch.log == Log::Json {
            self.bar.suspend(|| host.print(&line(outcome)))?;
        }
        match &outcome.result {
            Err(unfit) => self.failed(unfit, host),
            Ok(done) => self.done(outcome, done, host),
        }
    }

    fn failed(&mut self, unfit: &Unfit, host: &mut Host) -> Result<()> {
        self.exit = self.exit.max(self.bar.suspend(|| host.failed(&unfit.error)));
        let left = unfit.left.join(", ");
        if left.is_empty() { Ok(()) } else { self.note(format!("  {left}: left as an earlier batch made it"), host) }
    }

    fn done(&mut self, outcome: &Outcome, done: &Done, host: &mut Host) -> Result<()> {
        let remark = remark(&done.entry);
        let text = self.batch.log == Log::Text && (self.batch.strict || !done.why.is_empty());
        if text && !remark.is_empty() {
            self.note(format!("{}: {remark}", outcome.source.display()), host)?;
        }
        if self.batch.strict && !done.entry.findings.is_empty() {
            self.exit = self.exit.max(Exit::NeedsEyes);
        }
        if self.batch.check && done.written {
            let why: Vec<String> = done.why.iter().map(Why::to_string).collect();
            let names: Vec<&str> = done.entry.outputs.keys().map(String::as_str).collect();
            return self.would_change(&names.join(", "), &why.join("; "), host);
        }
        Ok(())
    }

    fn orphan(&mut self, name: &str, removed: bool, host: &mut Host) -> Result<()> {
        self.sum.orphans += 1;
        match (removed, self.batch.check) {
            (true, true) => self.would_change(name, "its document is gone; it would be removed", host),
            (true, false) => self.note(format!("{name}: its document is gone; removed"), host),
            (false, _) => self.note(format!("{name}: its document is gone; --prune removes it"), host),
        }
    }

    fn would_change(&mut self, name: &str, why: &str, host: &mut Host) -> Result<()> {
        self.exit = self.exit.max(Exit::NeedsEyes);
        if self.batch.log == Log::Json {
            return self.note(format!("would change: {name}: {why}"), host);
        }
        self.bar.suspend(|| host.print(&format!("would change: {name}: {why}\n")))
    }
}

/// One document as a line of JSON.
fn line(outcome: &Outcome) -> String {
    let line = match &outcome.result {
        Err(unfit) => json!({ "document": outcome.name, "status": "failed", "error": unfit.error.to_string(), "left": unfit.left }),
        Ok(done) => json!({
            "document": outcome.name,
            "status": if done.written { "made" } else { "unchanged" },
            "why": done.why.iter().map(Why::to_string).collect::<Vec<_>>(),
            "outputs": done.entry.outputs.keys().collect::<Vec<_>>(),
            "findings": done.entry.findings,
            "checks_ok": done.entry.checks_ok,
            "checks_failed": done.entry.checks_failed,
        }),
    };
    format!("{line}\n")
}

/// What is not as it should be with a definition; empty where all is.
fn remark(entry: &Entry) -> String {
    let counted = |counts: &Few<usize>| counts.iter().map(|(kind, count)| format!("{kind} {count}")).collect::<Vec<_>>().join(", ");
    let (failed, findings) = (counted(&entry.checks_failed), counted(&entry.findings));
    let checks = (!failed.is_empty()).then(|| format!("checks {} ok, failed: {failed}", entry.checks_ok));
    let findings = (!findings.is_empty()).then(|| format!("findings: {findings}"));
    [checks, findings].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// The last line.
#[derive(Default)]
struct Sum {
    made: usize,
    unchanged: usize,
    failed: usize,
    findings: usize,
    orphans: usize,
}

impl Sum {
    fn add(&mut self, outcome: &Outcome) {
        match &outcome.result {
            Err(_) => self.failed += 1,
            Ok(done) => {
                *(if done.written { &mut self.made } else { &mut self.unchanged }) += 1;
                self.findings += done.entry.findings.iter().map(|(_, count)| count).sum::<usize>();
            }
        }
    }

    fn text(&self, check: bool, host: &Host) -> String {
        let Sum { made, unchanged, failed, findings, orphans } = self;
        let seconds = (host.elapsed)().as_secs_f64();
        let rate = (made + unchanged + failed) as f64 / seconds.max(1e-6);
        let orphans = if *orphans > 0 { format!("orphans {orphans}, ") } else { String::new() };
        let made = if check { format!("would make {made}") } else { format!("made {made}") };
        format!("{made}, unchanged {unchanged}, failed {failed}, findings {findings}, {orphans}{seconds:.2} s, {rate:.0} documents/s\n")
    }
}
