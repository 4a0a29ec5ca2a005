//! `zhinan schema`: the JSON Schema of the definition or of the output of `diff`, as published.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Exit, Host};
use crate::error::Result;
use crate::{diff, programme, store};

/// Print the JSON Schema (draft 2020-12) of a definition, or of what `diff --format json` prints
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zhinan schema                                              to standard output
  zhinan schema diff                                         that of the output of diff
  zhinan schema -o extracted/schema/programme-definition-1.0.json")]
pub struct Schema {
    /// What is described
    #[arg(value_enum, default_value_t = Of::Definition)]
    of: Of,
    /// Write to this file in place of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Of {
    Definition,
    Diff,
}

impl Schema {
    pub fn run(self, host: &mut Host) -> Result<Exit> {
        let schema = match self.of {
            Of::Definition => programme::SCHEMA,
            Of::Diff => diff::SCHEMA,
        };
        match self.output {
            None => host.print(schema)?,
            Some(path) => {
                store::write(&path, schema.as_bytes())?;
            }
        }
        Ok(Exit::Fine)
    }
}
