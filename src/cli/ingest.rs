//! `zhinan ingest`: documents in, their definitions out, one after the other.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Args;

use super::table::table;
use super::{Exit, Host, ReadWith};
use crate::batch::{self, Task, Tried, without_clashes};
use crate::error::{Error, Result};
use crate::ingest;
use crate::pipeline::{Reader, Reading};
use crate::programme::Definition;
use crate::store;

/// Read documents and write their programme definitions
///
/// Every document that can be read is read, even where another one fails. On a terminal a table of the programmes is shown
/// beside the JSON, on standard error.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zhinan ingest call.txt                          JSON to standard output
  zhinan ingest call.txt -o extracted             extracted/call.json, and the table on the terminal
  zhinan ingest call.txt | jq '.programmes[].summary'
  zhinan ingest call.pdf -o extracted             extracted/call.json, and its text as extracted/call.txt
  curl -s https://example.org/call.html | zhinan ingest -
  zhinan ingest --unpack attachments.zip -o out   each document in the archive
  zhinan ingest --strict call.txt || echo 'somebody should look at this one'")]
pub struct Ingest {
    /// Documents: text, PDF, Word, web pages; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write DIR/STEM.json in place of standard output (stdin.json for `-`)
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Read the documents inside ZIP archives; with -o they go to DIR/ARCHIVE/
    #[arg(long)]
    unpack: bool,
    /// Exit with 1 where a definition has findings: two readings that compete, a check that failed, an unexplained number
    #[arg(long)]
    strict: bool,
    /// Show the table even where standard error is no terminal
    #[arg(long)]
    table: bool,
    #[command(flatten)]
    reading: ReadWith,
}

impl Ingest {
    pub fn run(self, host: &mut Host) -> Result<Exit> {
        let stdin = Path::new(store::STDIN);
        if self.files.iter().filter(|file| *file == stdin).count() > 1 {
            return Err(Error::Usage("standard input (-) can be read only once".into()));
        }
        let reader = self.reading.reader()?;
        let mut exit = Exit::Fine;
        for task in self.tasks() {
            for (task, reading) in self.readings(reader, task) {
                let ended = match reading.and_then(|reading| self.show(&task, reading, host)) {
                    Ok(definition) if self.strict && batch::needs_eyes(&definition) => Exit::NeedsEyes,
                    Ok(_) => Exit::Fine,
                    Err(error) if super::is_stdout(&error) => return Err(error),
                    Err(error) => host.failed(&error),
                };
                exit = exit.max(ended);
            }
        }
        Ok(exit)
    }

    /// Each file and its place; without a folder to write to, no two can clash.
    fn tasks(&self) -> Vec<Tried<Task>> {
        let target = |file: &Path| self.output.as_ref().map_or(PathBuf::new(), |folder| folder.join(name(file)));
        let tasks = self.files.iter().map(|file| Ok(Task { source: file.clone(), target: target(file) })).collect();
        if self.output.is_some() { without_clashes(tasks) } else { tasks }
    }

    /// What one file gives: one document, or those of an archive.
    fn readings(&self, reader: &Reader, task: Tried<Task>) -> Vec<(Task, Result<Reading>)> {
        let failed = |source: PathBuf, error| vec![(Task { target: PathBuf::new(), source }, Err(error))];
        let task = match task {
            Ok(task) => task,
            Err((source, error)) => return failed(source, error),
        };
        if task.source != Path::new(store::STDIN) && store::is_folder(&task.source).unwrap_or(false) {
            let error = Error::Unreadable { path: task.source.clone(), why: "a folder; `zhinan batch` reads those".into() };
            return failed(task.source, error);
        }
        let is_zip = || task.source.extension().is_some_and(|e| e.eq_ignore_ascii_case("zip"));
        if !self.unpack || !is_zip() {
            let reading = ingest::read(reader, &task.source);
            return vec![(task, reading)];
        }
        match ingest::members(reader, &task.source) {
            Err(error) => failed(task.source, error),
            Ok(members) => members.into_iter().map(|(source, reading)| (inside(&task, source), reading)).collect(),
        }
    }

    fn show(&self, task: &Task, reading: Reading, host: &mut Host) -> Result<Definition> {
        match self.output {
            None => host.write(&reading.json)?,
            Some(_) => {
                ingest::write(&task.target, &reading)?;
            }
        }
        if self.table || host.err_is_terminal {
            host.note(&table(&reading.definition))?;
        }
        Ok(reading.definition)
    }
}

/// The place of a member: below the place of its archive, with its own name whole, since two may differ in the extension only.
fn inside(archive: &Task, source: PathBuf) -> Task {
    let name = source.strip_prefix(&archive.source).unwrap_or(&source).as_os_str().to_owned();
    let mut target = archive.target.with_extension("").join(name).into_os_string();
    target.push(".json");
    Task { target: target.into(), source }
}

/// The name of a document's definition.
fn name(file: &Path) -> OsString {
    let stem = file.file_stem().filter(|_| file != Path::new(store::STDIN));
    let mut name = stem.map_or_else(|| OsString::from("stdin"), OsString::from);
    name.push(".json");
    name
}
