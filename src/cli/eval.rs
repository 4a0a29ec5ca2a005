//! `zhinan eval`: how close definitions come to their gold.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::notation::one_line;
use super::{Exit, Host};
use crate::error::{Error, Result};
use crate::eval::{Miss, Scores, What, json, score, table};
use crate::store;

/// Score definitions against their gold
///
/// For each kind of fact the F1 at four levels: found (the evidence overlaps), value (numbers, dates or codes agree), strict
/// (also role or metric and programme), exact (also subject, scope, unit and open bound); then precision and recall. Two
/// folders are matched by file name; every file of GOLD counts, also where PRED has none.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zhinan eval extracted tests/gold
  zhinan eval extracted/call.json tests/gold/call.json --errors
  zhinan eval extracted tests/gold --format json | jq .core.strict.f1")]
pub struct Eval {
    /// A definition, or a folder of them
    #[arg(value_name = "PRED")]
    pred: PathBuf,
    /// Its gold, or a folder
    #[arg(value_name = "GOLD")]
    gold: PathBuf,
    /// Also list each fact that is missed, wrong, misplaced or too many
    #[arg(long)]
    errors: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
}

impl Eval {
    pub fn run(self, host: &mut Host) -> Result<Exit> {
        let (mut scores, mut misses) = (Scores::default(), Vec::new());
        let mut exit = Exit::Fine;
        for (pred, gold) in self.pairs()? {
            let given = read(&pred).unwrap_or_else(|error| {
                exit = exit.max(host.failed(&error));
                Value::Null
            });
            let name = gold.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
            scores.add(&score(&given, &read(&gold)?, &name, &mut misses));
        }
        if !self.errors {
            misses.clear();
        }
        match self.format {
            Format::Json => host.print(&format!("{:#}\n", json(&scores, &misses)))?,
            Format::Table => {
                let misses: String = misses.iter().map(line).collect();
                host.print(&(table(&scores) + &misses))?;
            }
        }
        Ok(exit)
    }

    /// Each definition with its gold.
    fn pairs(&self) -> Result<Vec<(PathBuf, PathBuf)>> {
        let beside = |folder: &Path, file: &Path| folder.join(file.file_name().unwrap_or_default());
        match (store::is_folder(&self.pred)?, store::is_folder(&self.gold)?) {
            (false, false) => Ok(vec![(self.pred.clone(), self.gold.clone())]),
            (false, true) => Ok(vec![(self.pred.clone(), beside(&self.gold, &self.pred))]),
            (true, false) => Ok(vec![(beside(&self.pred, &self.gold), self.gold.clone())]),
            (true, true) => {
                let golds: Result<Vec<_>> = store::list(&self.gold, "json")?.into_iter().map(|gold| Ok((read(&gold)?, gold))).collect();
                // What else lies there (a file of floors) is no gold.
                let golds: Vec<_> = golds?.into_iter().filter(|(json, _)| json["programmes"].is_array()).collect();
                if golds.is_empty() {
                    return Err(Error::Usage(format!("{}: no definitions", self.gold.display())));
                }
                Ok(golds.into_iter().map(|(_, gold)| (beside(&self.pred, &gold), gold)).collect())
            }
        }
    }
}

fn read(path: &Path) -> Result<Value> {
    let wrong = |e: serde_json::Error| Error::Definition { path: path.into(), why: format!("not JSON: {e}") };
    serde_json::from_str(&store::read_text(path)?).map_err(wrong)
}

/// One miss: where, what, the words; then what was expected and what stands there.
fn line(miss: &Miss) -> String {
    let what = match miss.what {
        What::Missed => "missed",
        What::WrongValue => "wrong value",
        What::WrongPlace => "wrong place",
        What::Wrong => "wrong",
        What::Extra => "extra",
    };
    let mut out = format!("\n{} {what} {} on {}", miss.document, miss.kind, miss.programme);
    if !miss.text.is_empty() {
        out += &format!(" “{}”", one_line(&miss.text));
    }
    for (name, value) in [("expected", &miss.expected), ("got", &miss.got)] {
        if !value.is_null() {
            out += &format!("\n  {name} {value}");
        }
    }
    if let Some(rule) = &miss.rule {
        out += &format!("\n  rule {rule}");
    }
    out + "\n"
}
