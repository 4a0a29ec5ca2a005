//! `zhinan schema`: the JSON Schema of the definition, as published.

use std::path::PathBuf;

use clap::Args;

use super::{Exit, Host};
use crate::error::Result;
use crate::{programme, store};

/// Print the JSON Schema (draft 2020-12) of a definition
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zhinan schema                                              to standard output
  zhinan schema -o extracted/schema/programme-definition-1.0.json")]
pub struct Schema {
    /// Write to this file in place of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Schema {
    pub fn run(self, host: &mut Host) -> Result<Exit> {
        match self.output {
            None => host.print(programme::SCHEMA)?,
            Some(path) => {
                store::write(&path, programme::SCHEMA.as_bytes())?;
            }
        }
        Ok(Exit::Fine)
    }
}
