//! `zhinan patterns coverage`: which rows a corpus meets, and which of its numbers no row explains: the list from which the
//! next row is written.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::Args;
use rayon::prelude::*;

use super::table::some_of;
use super::{Exit, Host, TablesFrom};
use crate::batch::{self, Tried};
use crate::error::Result;
use crate::extract::Fact;
use crate::ingest;
use crate::pipeline::{Reader, Reading};
use crate::span::Span;
use crate::table::Tables;

/// Count which rows fire over a corpus, and list the numbers that no row explains
///
/// First the fact rules and checks, the most frequent first, with the number of documents; then those that never fired, with
/// their place; then the numbers with reason `unknown`, grouped by the six characters on either side (# for digits), the
/// most frequent first, with the files that hold them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zhinan patterns coverage seeds
  zhinan patterns coverage corpus --patterns patterns | sed -n '/^unknown/,$p'")]
pub struct Coverage {
    /// Folder of documents
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Threads to use [default: one for each core]
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    #[command(flatten)]
    tables: TablesFrom,
}

/// What one document or many have met.
#[derive(Debug, Default)]
struct Met {
    rules: BTreeMap<String, Places>,
    /// Unknown numbers by the words around them.
    unknown: BTreeMap<String, Places>,
}

#[derive(Debug, Default)]
struct Places {
    times: usize,
    files: BTreeSet<String>,
}

impl Coverage {
    pub fn run(self, host: &mut Host) -> Result<Exit> {
        let reader = self.tables.reader()?;
        let sources = batch::sources(&self.folder, None)?;
        let read = |source: Tried<PathBuf>| {
            let path = source.map_err(|(_, error)| error)?;
            let reading = ingest::read(reader, &path)?;
            Ok((short(&path, &self.folder), met(&reading, reader)))
        };
        let read: Vec<Result<(String, Counts)>> = batch::on(self.jobs, || sources.into_par_iter().map(read).collect())?;
        let mut all = Met::default();
        let mut exit = Exit::Fine;
        let documents = read.iter().filter(|read| read.is_ok()).count();
        for read in read {
            match read {
                Ok((file, counts)) => all.add(&file, counts),
                Err(error) => exit = exit.max(host.failed(&error)),
            }
        }
        host.print(&report(&all, documents, reader.tables))?;
        Ok(exit)
    }
}

/// How often each rule, and each context of an unknown number, came up in one document.
struct Counts {
    rules: BTreeMap<String, usize>,
    unknown: BTreeMap<String, usize>,
}

fn short(path: &Path, root: &Path) -> String {
    let below = path.strip_prefix(root).ok().filter(|p| !p.as_os_str().is_empty());
    below.or_else(|| path.file_name().map(Path::new)).unwrap_or(path).display().to_string()
}

fn met(reading: &Reading, reader: &Reader) -> Counts {
    let mut counts = Counts { rules: BTreeMap::new(), unknown: BTreeMap::new() };
    for fact in &reading.facts {
        rules_of(fact, &mut |rule| *counts.rules.entry(rule.to_string()).or_default() += 1);
    }
    for explained in &reading.explained {
        *counts.rules.entry(explained.rule.to_string()).or_default() += 1;
    }
    for check in &reading.definition.checks {
        for rule in reader.tables.checks.iter().filter(|rule| rule.gives.check.as_deref() == Some(&check.kind)) {
            *counts.rules.entry(rule.id.clone()).or_default() += 1;
        }
    }
    for number in reading.definition.unclaimed.iter().filter(|number| number.reason == "unknown") {
        *counts.unknown.entry(around(reading, number.start, number.end)).or_default() += 1;
    }
    counts
}

fn rules_of(fact: &Fact, each: &mut impl FnMut(&str)) {
    each(&fact.rule.id);
    fact.of.iter().for_each(|part| rules_of(part, each));
}

/// A number with the words around it, all digits as `#`.
fn around(reading: &Reading, start: usize, end: usize) -> String {
    const BESIDE: usize = 6;
    let words = reading.normalised.source(Span::new(start.saturating_sub(BESIDE), end + BESIDE));
    let mut out = String::new();
    for c in words.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).filter(|c| !c.is_whitespace()) {
        if c != '#' || !out.ends_with('#') {
            out.push(c);
        }
    }
    out
}

impl Met {
    fn add(&mut self, file: &str, counts: Counts) {
        for (all, some) in [(&mut self.rules, counts.rules), (&mut self.unknown, counts.unknown)] {
            for (name, times) in some {
                let places = all.entry(name).or_default();
                places.times += times;
                places.files.insert(file.to_string());
            }
        }
    }
}

/// The most frequent first, equals in the order of the alphabet.
fn ranked(counts: &BTreeMap<String, Places>) -> Vec<(&String, &Places)> {
    let mut ranked: Vec<_> = counts.iter().collect();
    ranked.sort_by_key(|(name, places)| (std::cmp::Reverse(places.times), *name));
    ranked
}

fn report(met: &Met, documents: usize, tables: &Tables) -> String {
    let mut out = format!("rules that fired in {documents} documents (times, documents)\n");
    for (rule, places) in ranked(&met.rules) {
        out += &format!("{:6} {:5}  {rule}\n", places.times, places.files.len());
    }
    out += "\nrows of the other tables (times matched)\n";
    let mut lines: Vec<_> = tables.lines().collect();
    lines.sort_by_key(|line| (std::cmp::Reverse(line.fired()), &line.id));
    for line in lines.iter().filter(|line| line.fired() > 0) {
        out += &format!("{:6}  {}\n", line.fired(), line.id);
    }
    for line in lines.iter().filter(|line| line.fired() == 0) {
        out += &format!("{:6}  {}:{}: {}\n", 0, line.place.0, line.place.1, line.id);
    }
    let rules = tables.rules.iter().chain(tables.checks.iter());
    let idle: Vec<_> = rules.filter(|rule| !met.rules.contains_key(&rule.id)).collect();
    out += &format!("\nrules that never fired ({})\n", idle.len());
    for rule in idle {
        out += &format!("  {}:{}: {}: {}\n", rule.place.0, rule.place.1, rule.id, rule.says);
    }
    let total: usize = met.unknown.values().map(|places| places.times).sum();
    out += &format!("\nunknown numbers by the words around them ({total})\n");
    for (words, places) in ranked(&met.unknown) {
        let files: Vec<&str> = places.files.iter().map(String::as_str).collect();
        out += &format!("{:6}  {words}  ({})\n", places.times, some_of(&files));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_comes_first() {
        let mut met = Met::default();
        for (file, words, times) in [("b", "每#个", 1), ("a", "每#个", 2), ("a", "共#次", 3), ("a", "约#吨", 1)] {
            met.add(file, Counts { rules: BTreeMap::new(), unknown: BTreeMap::from([(words.to_string(), times)]) });
        }
        let ranked: Vec<_> = ranked(&met.unknown).into_iter().map(|(w, p)| (w.as_str(), p.times, p.files.len())).collect();
        assert_eq!(ranked, [("共#次", 3, 1), ("每#个", 3, 2), ("约#吨", 1, 1)]);
    }
}
