//! `zhinan ingest`: documents in, their definitions out, one after the other.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Args;

use super::table::table;
use super::{Exit, Host, TablesFrom};
use crate::batch::{self, Task, Tried, without_clashes};
use crate::error::{Error, Result};
use crate::pipeline::Reader;
use crate::programme::{Definition, to_json};
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
  iconv -f GB18030 -t UTF-8 old.txt | zhinan ingest -
  zhinan ingest --strict call.txt || echo 'somebody should look at this one'")]
pub struct Ingest {
    /// Documents, UTF-8 text; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write DIR/STEM.json in place of standard output (stdin.json for `-`)
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Exit with 1 where a definition has findings: two readings that compete, a check that failed, an unexplained number
    #[arg(long)]
    strict: bool,
    /// Show the table even where standard error is no terminal
    #[arg(long)]
    table: bool,
    #[command(flatten)]
    tables: TablesFrom,
}

impl Ingest {
    pub fn run(self, host: &mut Host) -> Result<Exit> {
        let stdin = Path::new(store::STDIN);
        if self.files.iter().filter(|file| *file == stdin).count() > 1 {
            return Err(Error::Usage("standard input (-) can be read only once".into()));
        }
        let reader = self.tables.reader()?;
        let mut exit = Exit::Fine;
        for task in self.tasks() {
            let made = task.map_err(|(_, error)| error).and_then(|task| self.one(reader, &task, host));
            let ended = match made {
                Ok(definition) if self.strict && batch::needs_eyes(&definition) => Exit::NeedsEyes,
                Ok(_) => Exit::Fine,
                Err(error) if super::is_stdout(&error) => return Err(error),
                Err(error) => host.failed(&error),
            };
            exit = exit.max(ended);
        }
        Ok(exit)
    }

    /// Each file and its place; without a folder to write to, no two can clash.
    fn tasks(&self) -> Vec<Tried<Task>> {
        let target = |file: &Path| self.output.as_ref().map_or(PathBuf::new(), |folder| folder.join(name(file)));
        let tasks = self.files.iter().map(|file| Ok(Task { source: file.clone(), target: target(file) })).collect();
        if self.output.is_some() { without_clashes(tasks) } else { tasks }
    }

    fn one(&self, reader: &Reader, task: &Task, host: &mut Host) -> Result<Definition> {
        if task.source != Path::new(store::STDIN) && store::is_folder(&task.source)? {
            return Err(Error::Unreadable { path: task.source.clone(), why: "a folder; `zhinan batch` reads those".into() });
        }
        let definition = batch::read(reader, &task.source)?.definition;
        let json = to_json(&definition);
        match self.output {
            None => host.print(&json)?,
            Some(_) => {
                store::write(&task.target, json.as_bytes())?;
            }
        }
        if self.table || host.err_is_terminal {
            host.note(&table(&definition))?;
        }
        Ok(definition)
    }
}

/// The name of a document's definition.
fn name(file: &Path) -> OsString {
    let stem = file.file_stem().filter(|_| file != Path::new(store::STDIN));
    let mut name = stem.map_or_else(|| OsString::from("stdin"), OsString::from);
    name.push(".json");
    name
}
