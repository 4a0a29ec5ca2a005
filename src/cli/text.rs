//! `zhinan text`: the decoded text of a document, as offsets count it.

use std::path::PathBuf;

use clap::Args;

use super::{Exit, Host, LimitsFrom};
use crate::error::Result;
use crate::source;
use crate::store;
use crate::table::Tables;

/// Print the text of a document, as all offsets count it
///
/// One paragraph or printed line a line; the cells of a table are parted by tabs, the pages of a PDF file by form feeds. What
/// the reader has to remark goes to standard error.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zhinan text call.pdf | less
  zhinan text call.docx > call.txt")]
pub struct Text {
    /// A document: text, PDF, Word, a web page; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    limits: LimitsFrom,
}

impl Text {
    pub fn run(self, host: &mut Host) -> Result<Exit> {
        let limits = self.limits.limits();
        let bytes = store::read_at_most(&self.file, limits.bytes)?;
        let source = source::read(&self.file, &bytes, &limits, Tables::built_in)?;
        host.print(&source.text)?;
        for finding in &source.findings {
            host.note(&format!("{}: {}: {}\n", self.file.display(), finding.kind.name(), finding.message))?;
        }
        Ok(Exit::Fine)
    }
}
