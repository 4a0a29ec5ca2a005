//! `zhinan patterns`: the proof of the tables, and what of them a corpus meets.

use clap::{Args, Subcommand};

use super::coverage::Coverage;
use super::{Exit, Host, TablesFrom};
use crate::error::{Error, Result};
use crate::proof;

/// Prove the pattern tables, or see which rows a corpus meets
#[derive(Debug, Args)]
pub struct Patterns {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(Check),
    Coverage(Coverage),
}

/// Prove every row by its own examples
///
/// Each example under `take` must be taken, with the value it says, and each under `leave` must be left. A failure is printed
/// as file:line: row: what is wrong. After the failures come the words of the closed lists that no example meets. Exits with 1 where a row
/// fails or a table does not load.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zhinan patterns check
  zhinan patterns check --patterns patterns       the files as they are now, without building the program again")]
struct Check {
    /// List each word that no example meets, not only how many each list has
    #[arg(long)]
    verbose: bool,
    #[command(flatten)]
    tables: TablesFrom,
}

impl Patterns {
    pub fn run(self, host: &mut Host) -> Result<Exit> {
        match self.command {
            Command::Check(command) => command.run(host),
            Command::Coverage(command) => command.run(host),
        }
    }
}

impl Check {
    fn run(self, host: &mut Host) -> Result<Exit> {
        let reader = match self.tables.reader() {
            Ok(reader) => reader,
            Err(error @ Error::Table { .. }) => {
                host.print(&format!("{error}\n"))?;
                return Ok(Exit::NeedsEyes);
            }
            Err(error) => return Err(error),
        };
        let failures = proof::check(reader);
        for failure in &failures {
            let (file, line) = &failure.place;
            host.print(&format!("{file}:{line}: {}: {}\n", failure.id, failure.what))?;
        }
        let idle = proof::unexercised(reader);
        if !idle.is_empty() {
            let mut lists: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
            for word in &idle {
                *lists.entry(word.split(':').next().unwrap_or(word)).or_default() += 1;
            }
            let rows: String = if self.verbose {
                idle.iter().map(|word| format!("  {word}\n")).collect()
            } else {
                lists.iter().map(|(list, count)| format!("{count:6}  {list}\n")).collect()
            };
            host.print(&format!("words of the closed lists that no example meets (each with --verbose):\n{rows}"))?;
        }
        host.note(&format!("{} rows fail, {} words are met by no example\n", failures.len(), idle.len()))?;
        Ok(if failures.is_empty() { Exit::Fine } else { Exit::NeedsEyes })
    }
}
