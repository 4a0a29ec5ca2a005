//! The command line. In: the parsed arguments and the streams of the process. Out: an `Exit`. The only place that prints;
//! one file per subcommand, and `table`, `notation` for what several of them show.

mod batch;
mod coverage;
mod diff;
mod eval;
mod explain;
mod ingest;
mod notation;
mod patterns;
mod schema;
mod show;
mod stream;
mod table;
mod text;
mod try_phrase;

use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use once_cell::sync::OnceCell;

use crate::error::{Error, Result};
use crate::pipeline::Reader;
use crate::source::Limits;
use crate::store;
use crate::table::Tables;

/// Reads Chinese policy guidelines and writes programme definitions that can be checked.
///
/// A guideline (a call for research projects, a funding policy) goes in as text, PDF, Word or web page; a JSON definition comes out: the
/// tree of programmes, and on each its funding, period, deadlines, countries, targets and conditions. Every fact quotes
/// the words it came from, and every number that became no fact is listed with the reason.
#[derive(Debug, Parser)]
#[command(name = "zhinan", version, max_term_width = 100, after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  zhinan ingest call.txt                 one definition to standard output
  zhinan batch seeds extracted           a folder of documents, in parallel
  zhinan show extracted/call.json        the programmes as a table
  zhinan diff 2024.json 2026.json        what changed between two calls
  zhinan explain call.txt                where each fact comes from, and why it stands there
  zhinan text call.pdf                   the text that all offsets count
  zhinan try - < phrases.txt             what the tables see in a phrase

Exit codes:
  0  fine
  1  something needs eyes: findings under --strict, a file that `batch --check` would change, a row that fails
     `patterns check`
  2  the command line is wrong
  3  input that could not be read, or output that could not be written
  130  a batch that was interrupted (Ctrl-C, SIGTERM); what it did stays done
`diff` has codes of its own: 0 no difference, 1 differences, 2 trouble";

#[derive(Debug, Subcommand)]
enum Command {
    Ingest(ingest::Ingest),
    Batch(batch::Batch),
    Show(show::Show),
    Diff(Box<diff::Diff>),
    Explain(explain::Explain),
    Text(text::Text),
    Try(try_phrase::Try),
    Schema(schema::Schema),
    Patterns(patterns::Patterns),
    Eval(eval::Eval),
}

/// The pattern tables that a command reads with.
#[derive(Debug, Args)]
struct TablesFrom {
    /// Folder of pattern tables to use in place of the built-in ones
    #[arg(long, value_name = "DIR")]
    patterns: Option<PathBuf>,
}

/// The tables and the limits that documents are read with.
#[derive(Debug, Args)]
struct ReadWith {
    #[command(flatten)]
    tables: TablesFrom,
    #[command(flatten)]
    limits: LimitsFrom,
}

/// How much of one document is read.
#[derive(Debug, Args)]
struct LimitsFrom {
    /// Pages of a PDF file that are read
    #[arg(long, value_name = "N", default_value_t = Limits::default().pages)]
    max_pages: usize,
    /// Seconds that the reader of a PDF or office file may take
    #[arg(long, value_name = "N", default_value_t = Limits::default().seconds)]
    max_seconds: u64,
    /// Size of a document, and of the text in it, in MiB
    #[arg(long, value_name = "N", default_value_t = Limits::default().bytes >> 20)]
    max_size: usize,
}

/// What the process lends to a command.
pub struct Host<'a> {
    pub out: &'a mut dyn Write,
    pub err: &'a mut dyn Write,
    pub out_is_terminal: bool,
    pub err_is_terminal: bool,
    /// The user wants no colour (NO_COLOR).
    pub no_color: bool,
    /// Time since the start.
    pub elapsed: &'a dyn Fn() -> Duration,
    /// From its call on, a signal to end sets the flag and does not end the process.
    pub stop_on_signal: &'a dyn Fn() -> Arc<AtomicBool>,
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    Fine = 0,
    NeedsEyes = 1,
    Usage = 2,
    Failed = 3,
    /// By a signal; what was done by then stays done.
    Interrupted = 130,
}

/// A value that lives as long as the process, which has no time to spend on taking it apart.
fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// The name of standard output in messages.
const STDOUT: &str = "standard output";

/// Runs one command. Errors are printed; what is left is how it ended.
pub fn run(cli: Cli, host: &mut Host) -> Exit {
    let ended = cli.command.run(host).and_then(|exit| host.flush().map(|()| exit));
    ended.unwrap_or_else(|error| host.failed(&error))
}

impl Command {
    fn run(self, host: &mut Host) -> Result<Exit> {
        match self {
            Command::Ingest(command) => command.run(host),
            Command::Batch(command) => command.run(host),
            Command::Show(command) => command.run(host),
            Command::Diff(command) => command.run(host),
            Command::Explain(command) => command.run(host),
            Command::Text(command) => command.run(host),
            Command::Try(command) => command.run(host),
            Command::Schema(command) => command.run(host),
            Command::Patterns(command) => command.run(host),
            Command::Eval(command) => command.run(host),
        }
    }
}

/// A reader that is built at its first use.
struct WhenNeeded {
    /// `None` for the built-in tables.
    tables: Option<&'static Tables>,
    limits: Limits,
    reader: OnceCell<&'static Reader>,
}

impl WhenNeeded {
    fn get(&self) -> Result<&Reader> {
        let load = || Ok(leak(Reader::load(|| self.tables.map_or_else(Tables::built_in, Ok), self.limits)?));
        self.reader.get_or_try_init(load).copied()
    }

    /// The digest of the tables.
    fn digest(&self) -> String {
        self.tables.map_or_else(Tables::built_in_digest, |tables| tables.digest.clone())
    }
}

impl TablesFrom {
    /// A reader with these tables and the usual limits.
    fn reader(&self) -> Result<&'static Reader> {
        Ok(leak(Reader::load(|| self.tables(), Limits::default())?))
    }

    /// The tables, which live as long as the process.
    fn tables(&self) -> Result<&'static Tables> {
        match &self.patterns {
            None => Tables::built_in(),
            Some(folder) => Ok(leak(Tables::from_folder(folder, store::read_text)?)),
        }
    }
}

impl ReadWith {
    fn reader(&self) -> Result<&'static Reader> {
        Ok(leak(Reader::load(|| self.tables.tables(), self.limits.limits())?))
    }

    /// The tables of the folder, which are read and checked now, or the built-in ones, which need not be.
    fn when_needed(&self) -> Result<WhenNeeded> {
        let tables = self.tables.patterns.as_ref().map(|_| self.tables.tables()).transpose()?;
        Ok(WhenNeeded { tables, limits: self.limits.limits(), reader: OnceCell::new() })
    }
}

impl LimitsFrom {
    fn limits(&self) -> Limits {
        let bytes = self.max_size.saturating_mul(1 << 20);
        Limits { bytes, text: bytes, pages: self.max_pages, seconds: self.max_seconds }
    }
}

impl Host<'_> {
    /// Prints to standard output.
    fn print(&mut self, text: &str) -> Result<()> {
        self.write(text.as_bytes())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.out.write_all(bytes).map_err(Error::io(STDOUT, "write"))
    }

    fn flush(&mut self) -> Result<()> {
        self.out.flush().map_err(Error::io(STDOUT, "write"))
    }

    /// Prints to standard error, after all that was printed before. That nobody listens there is no failure.
    fn note(&mut self, text: &str) -> Result<()> {
        self.flush()?;
        let _ = self.err.write_all(text.as_bytes());
        Ok(())
    }

    /// Reports an error, and says how the command ended. A reader that has seen enough (`| head`) is no error.
    fn failed(&mut self, error: &Error) -> Exit {
        match error {
            Error::Io { path, source, .. } if path.as_os_str() == STDOUT && source.kind() == ErrorKind::BrokenPipe => {
                return Exit::Fine;
            }
            _ => {
                let _ = writeln!(self.err, "error: {error}");
            }
        }
        if matches!(error, Error::Usage(_)) { Exit::Usage } else { Exit::Failed }
    }
}

/// Whether an error is about the stream that results go to; then nothing more can be said there.
fn is_stdout(error: &Error) -> bool {
    matches!(error, Error::Io { path, .. } if path.as_os_str() == STDOUT)
}
