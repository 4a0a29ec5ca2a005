//! `zhinan show`: definitions that were written before, as the table of programmes.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use super::table::table;
use super::{Exit, Host};
use crate::error::{Error, Result};
use crate::programme::{Definition, SCHEMA_VERSION};
use crate::store;

/// Show definitions as a table of programmes
///
/// One line per programme: the most one project can get and the total, both in ten thousand yuan, the number of projects,
/// the period in months, the deadline for applications, the partner countries, and how many targets are set. What is
/// stated further up holds below. Then the checks and the findings.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zhinan show extracted/call.json
  zhinan show extracted/*.json | less
  zhinan ingest call.txt | zhinan show -")]
pub struct Show {
    /// Definitions, as `ingest` and `batch` write them; `-` is standard input
    #[arg(required = true, value_name = "FILE.json")]
    files: Vec<PathBuf>,
}

impl Show {
    pub fn run(self, host: &mut Host) -> Result<Exit> {
        let mut exit = Exit::Fine;
        for (index, path) in self.files.iter().enumerate() {
            match definitions(path) {
                Ok(definitions) => {
                    let tables: Vec<String> = definitions.iter().map(table).collect();
                    let gap = if index > 0 { "\n" } else { "" };
                    host.print(&format!("{gap}{}", tables.join("\n")))?;
                }
                Err(error) => exit = exit.max(host.failed(&error)),
            }
        }
        Ok(exit)
    }
}

/// Reads a file of definitions, as `ingest` prints them one after the other.
fn definitions(path: &Path) -> Result<Vec<Definition>> {
    let text = store::read_text(path)?;
    let wrong = |why: String| Error::Definition { path: path.into(), why };
    let documents = serde_json::Deserializer::from_str(&text).into_iter();
    let definitions: Result<Vec<Definition>> =
        documents.map(|json| definition(json.map_err(|e| wrong(format!("not JSON: {e}")))?).map_err(wrong)).collect();
    definitions.and_then(|list| if list.is_empty() { Err(wrong("an empty file".into())) } else { Ok(list) })
}

/// A definition of this schema, or of a later one that can be read as this one.
fn definition(json: Value) -> std::result::Result<Definition, String> {
    let major = |version: &str| version.split('.').next().map(String::from);
    match json["schema_version"].as_str() {
        None => Err("no definition: it has no schema_version".into()),
        Some(version) if major(version) != major(SCHEMA_VERSION) => {
            Err(format!("schema {version}; this program reads {SCHEMA_VERSION} and what is compatible"))
        }
        Some(_) => serde_json::from_value(json).map_err(|e| format!("no definition of schema {SCHEMA_VERSION}: {e}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_definition_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.json");
        for (text, words) in [
            ("", "an empty file"),
            ("{", "not JSON"),
            ("[]", "no schema_version"),
            (r#"{"schema_version": "2.0.0"}"#, "schema 2.0.0; this program reads 1.0.0"),
            (r#"{"schema_version": "1.7.0"}"#, "missing field `generator`"),
        ] {
            store::write(&path, text.as_bytes()).unwrap();
            let message = definitions(&path).unwrap_err().to_string();
            assert!(message.contains("x.json: ") && message.contains(words), "{message}");
        }
    }
}
