//! `zhinan batch`: a folder of documents to a folder of definitions.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use super::table::counted;
use super::{Exit, Host, ReadWith};
use crate::batch::{self, Made, Outcome};
use crate::error::Result;

/// Read a folder of documents and write a folder of definitions
///
/// SRC/a/b.txt becomes OUT/a/b.json. Hidden files, .json files, and files called index or README are left out. Documents are
/// read in parallel; the result does not depend on it. One that cannot be read stops no other. A definition that is
/// written already, to the byte, is left alone; any other is replaced whole or not at all.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zhinan batch seeds extracted
  zhinan batch seeds extracted --strict --jobs 2

Standard error has a line for each document that failed or that has failed checks or findings,
then the sum:
  made 5, unchanged 0, failed 0, findings 3, 0.42 s")]
pub struct Batch {
    /// Folder of documents, or one document
    #[arg(value_name = "SRC")]
    source: PathBuf,
    /// Folder of definitions, made where it is not there
    #[arg(value_name = "OUT")]
    out: PathBuf,
    /// Threads to use [default: one for each core]
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Exit with 1 where a definition has findings: two readings that compete, a check that failed, an unexplained number
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    reading: ReadWith,
}

impl Batch {
    pub fn run(self, host: &mut Host) -> Result<Exit> {
        let reader = self.reading.reader()?;
        let outcomes = batch::run(&reader, &self.source, &self.out, self.jobs)?;
        if outcomes.is_empty() {
            host.note(&format!("{}: no documents\n", self.source.display()))?;
        }
        let mut exit = Exit::Fine;
        for outcome in &outcomes {
            let ended = match &outcome.result {
                Err(error) => host.failed(error),
                Ok(made) => self.remark(outcome, made, host)?,
            };
            exit = exit.max(ended);
        }
        host.note(&format!("{}, {:.2} s\n", sum(&outcomes), (host.elapsed)().as_secs_f64()))?;
        Ok(exit)
    }

    fn remark(&self, outcome: &Outcome, made: &Made, host: &mut Host) -> Result<Exit> {
        let remark = remark(made);
        if !remark.is_empty() {
            host.note(&format!("{}: {remark}\n", outcome.source.display()))?;
        }
        Ok(if self.strict && made.needs_eyes { Exit::NeedsEyes } else { Exit::Fine })
    }
}

/// What is not as it should be with a definition; empty where all is.
fn remark(made: &Made) -> String {
    let ok = made.checks.iter().filter(|check| check.ok).count();
    let failed = counted(made.checks.iter().filter(|check| !check.ok).map(|check| check.kind.as_str()));
    let findings = counted(made.findings.iter().map(String::as_str));
    let checks = (!failed.is_empty()).then(|| format!("checks {ok} ok, failed: {failed}"));
    let findings = (!findings.is_empty()).then(|| format!("findings: {findings}"));
    [checks, findings].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn sum(outcomes: &[Outcome]) -> String {
    let made: Vec<&Made> = outcomes.iter().filter_map(|outcome| outcome.result.as_ref().ok()).collect();
    let written = made.iter().filter(|made| made.written).count();
    let findings: usize = made.iter().map(|made| made.findings.len()).sum();
    let (unchanged, failed) = (made.len() - written, outcomes.len() - made.len());
    format!("made {written}, unchanged {unchanged}, failed {failed}, findings {findings}")
}
