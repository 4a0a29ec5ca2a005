//! `zhinan diff`: what changed between two calls, and the history of a line of calls. The files beside this one read the input,
//! put changes into words and write each form of the output.

mod accepted;
mod history;
mod html;
mod input;
mod json;
mod markdown;
mod report;
mod say;
mod speech;
mod terminal;

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use once_cell::sync::OnceCell;
use rayon::prelude::*;

use self::accepted::Accepted;
use self::input::{Loaded, Loader, Paired, pair};
use self::report::{Document, Report, Wanted};
use self::speech::Speech;
use self::terminal::Paint;
use super::{Exit, Host, TablesFrom};
use crate::batch;
use crate::diff::{Call, Comparison, Options, Severity, TitleWords, UnknownId, compare, series};
use crate::error::{Error, Result};
use crate::store;

/// Tell what changed between two calls, in the terms of the policy
///
/// OLD and NEW are definitions (.json), sources that are read now, or two folders, whose files are paired by office and title
/// (without year and serial number), then by name. Programmes are matched one to one by title, number, place, topics and facts,
/// also where one call is a part of the other; facts are compared by meaning.
///
/// Each change has a severity:
///   policy      money, eligibility, partners, targets, quotas, a date rule; a programme that came or went
///   calendar    a date that follows the year of the call: as many years later, give or take 31 days
///   structure   where it stands: renamed, moved, merged, split; contacts
///   wording     the same in other words (shown with --wording)
///   extraction  our reading changed, not the policy: other tables or program read the same source or the same words
#[derive(Debug, Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Examples:
  zhinan diff 2024.json 2026.json                      a report for the terminal
  zhinan diff 2024.pdf 2026.pdf --evidence             sources are read first
  zhinan diff last this --format markdown              two folders, for a pull request
  zhinan diff old.json new.json --format html -o changes.html
  zhinan diff old.json new.json --fail-on policy       for a script
  zhinan diff old.json new.json --match /A=/B          these two are one, whatever they look like
  zhinan diff --series definitions                     the history of each line, by year

A change that was reviewed is silenced by its fingerprint (shown with --evidence) and a reason, in a file for --accept:
  [[accept]]
  fingerprint = \"9f3c51d2a0b4e786\"
  reason = \"agreed in the meeting of 12 May\"
or as JSON lines: {\"fingerprint\": \"9f3c51d2a0b4e786\", \"reason\": \"agreed in the meeting of 12 May\"}

Exit codes, as those of diff:
  0  no difference (with --fail-on: none of these severities)
  1  differences
  2  trouble: the command line is wrong, or a file could not be read"
)]
pub struct Diff {
    /// The older call: a definition, a source, or a folder of either
    #[arg(value_name = "OLD", required_unless_present = "series")]
    old: Option<PathBuf>,
    /// The newer call
    #[arg(value_name = "NEW", required_unless_present = "series")]
    new: Option<PathBuf>,
    /// Print the history of each line of calls below DIR, by year
    #[arg(long, value_name = "DIR", conflicts_with_all = ["old", "new", "forced", "severity", "fail_on", "wording", "unchanged", "evidence", "accept"])]
    series: Option<PathBuf>,
    /// Ids of programmes that are one; give it twice with the same NEW (or OLD) for a merger (or a split)
    #[arg(long = "match", value_name = "OLD=NEW")]
    forced: Vec<String>,
    /// Show only these severities
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_enum)]
    severity: Vec<SeverityName>,
    /// Severities that make the exit code 1 [default: those shown]
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_enum)]
    fail_on: Vec<SeverityName>,
    /// Show also what is the same in other words
    #[arg(long)]
    wording: bool,
    /// Show also what stayed the same
    #[arg(long)]
    unchanged: bool,
    /// Show the words of the sources, and the fingerprint of each change
    #[arg(long)]
    evidence: bool,
    /// File of fingerprints that were reviewed, each with a reason
    #[arg(long, value_name = "FILE")]
    accept: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
    /// Write to this file in place of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    color: Colour,
    /// Folder with the sources of the definitions, for the passages around the facts
    #[arg(long, value_name = "DIR")]
    sources: Vec<PathBuf>,
    /// Threads to use [default: one for each core]
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    #[command(flatten)]
    tables: TablesFrom,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Terminal,
    Json,
    Markdown,
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SeverityName {
    Policy,
    Calendar,
    Structure,
    Wording,
    Extraction,
}

impl From<SeverityName> for Severity {
    fn from(name: SeverityName) -> Severity {
        match name {
            SeverityName::Policy => Severity::Policy,
            SeverityName::Calendar => Severity::Calendar,
            SeverityName::Structure => Severity::Structure,
            SeverityName::Wording => Severity::Wording,
            SeverityName::Extraction => Severity::Extraction,
        }
    }
}

/// What every comparison needs.
struct Desk<'d> {
    loader: Loader<'d>,
    words: TitleWords,
    speech: Speech,
}

impl Diff {
    /// Runs the command; whatever fails is trouble, exit code 2.
    pub fn run(self, host: &mut Host) -> Result<Exit> {
        let ended = self.compare(host).and_then(|exit| host.flush().map(|()| exit));
        Ok(ended.unwrap_or_else(|error| match host.failed(&error) {
            Exit::Fine => Exit::Fine,
            _ => Exit::Usage,
        }))
    }

    fn compare(&self, host: &mut Host) -> Result<Exit> {
        let tables = self.tables.tables()?;
        let lexicon = &tables.lexicon;
        let words = TitleWords::new(&lexicon.numerals, |name| lexicon.named(name)).map_err(|e| Error::Usage(e.to_string()))?;
        let loader = Loader { tables, sources: &self.sources, reader: OnceCell::new() };
        let desk = Desk { loader, words, speech: Speech::new(lexicon) };
        match (&self.series, &self.old, &self.new) {
            (Some(folder), ..) => self.history(folder, &desk, host),
            (None, Some(old), Some(new)) => self.differences(old, new, &desk, host),
            _ => Err(Error::Usage("two calls are needed, or --series with a folder".into())),
        }
    }

    fn differences(&self, old: &Path, new: &Path, desk: &Desk, host: &mut Host) -> Result<Exit> {
        let accepted = self.accept.as_deref().map(Accepted::read).transpose()?.unwrap_or_default();
        let wanted = self.wanted();
        let (mut paired, mut exit) = self.load(old, new, desk, host)?;
        let forced = self.forced(paired.pairs.len())?;
        batch::on(self.jobs, || paired.pairs.par_iter_mut().for_each(|(old, new)| self.texts(&desk.loader, old, new)))?;
        let comparisons: std::result::Result<Vec<Comparison>, UnknownId> = batch::on(self.jobs, || {
            let each = paired.pairs.par_iter().map(|(old, new)| {
                let texts = (old.text.as_deref(), new.text.as_deref());
                compare(&old.call, &new.call, &Options { words: &desk.words, forced: &forced, texts })
            });
            each.collect()
        })?;
        let comparisons = comparisons.map_err(|e| unknown(&e))?;
        let report = self.report(&comparisons, &paired, &wanted, &accepted, &desk.speech);
        self.write(host, &self.formatted(&report, host))?;
        for (fingerprint, reason) in &report.stale {
            host.note(&format!("stale: no change has the accepted fingerprint {fingerprint} ({reason})\n"))?;
        }
        if report.differs(&comparisons, &accepted) {
            exit = exit.max(Exit::NeedsEyes);
        }
        Ok(exit)
    }

    fn report<'a>(
        &self,
        comparisons: &'a [Comparison<'a>],
        paired: &'a Paired,
        wanted: &'a Wanted,
        accepted: &Accepted,
        speech: &'a Speech,
    ) -> Report<'a> {
        let document = |(comparison, (old, new)): (&'a Comparison<'a>, &'a (Loaded, Loaded))| {
            let texts = if self.format == Format::Html { [old.text.as_deref(), new.text.as_deref()] } else { [None, None] };
            Document::new(comparison, [&old.name, &new.name], texts, wanted, accepted, speech)
        };
        let seen: BTreeSet<&str> = comparisons.iter().flat_map(|c| &c.changes).map(|change| change.fingerprint.as_str()).collect();
        let stale = accepted.0.iter().filter(|(fingerprint, _)| !seen.contains(fingerprint.as_str()));
        let names = |side: &[Loaded]| side.iter().map(|loaded| loaded.name.clone()).collect();
        Report {
            documents: comparisons.iter().zip(&paired.pairs).map(document).collect(),
            only_old: names(&paired.only_old),
            only_new: names(&paired.only_new),
            stale: stale.map(|(fingerprint, reason)| (fingerprint.clone(), reason.clone())).collect(),
            speech,
            wanted,
        }
    }

    fn formatted(&self, report: &Report, host: &Host) -> String {
        let auto = host.out_is_terminal && !host.no_color && self.output.is_none();
        match self.format {
            Format::Terminal => terminal::report(report, &Paint(self.color == Colour::Always || self.color == Colour::Auto && auto)),
            Format::Json => format!("{:#}\n", json::report(report)),
            Format::Markdown => markdown::report(report),
            Format::Html => html::report(report),
        }
    }

    fn write(&self, host: &mut Host, text: &str) -> Result<()> {
        match &self.output {
            None => host.print(text),
            Some(path) => store::write(path, text.as_bytes()).map(|_| ()),
        }
    }

    /// Reads both sides.
    fn load(&self, old: &Path, new: &Path, desk: &Desk, host: &mut Host) -> Result<(Paired, Exit)> {
        match (store::is_folder(old)?, store::is_folder(new)?) {
            (false, false) => {
                let pair = (desk.loader.load(old)?, desk.loader.load(new)?);
                Ok((Paired { pairs: vec![pair], ..Paired::default() }, Exit::Fine))
            }
            (true, true) => {
                let (old, exit) = self.folder(old, desk, host)?;
                let (new, other) = self.folder(new, desk, host)?;
                Ok((pair(old, new, &desk.words), exit.max(other)))
            }
            _ => Err(Error::Usage("a folder is compared with a folder, a file with a file".into())),
        }
    }

    /// Reads a folder. What cannot be read is told, and the rest is used.
    fn folder(&self, folder: &Path, desk: &Desk, host: &mut Host) -> Result<(Vec<Loaded>, Exit)> {
        let mut exit = Exit::Fine;
        let mut out = Vec::new();
        for loaded in batch::on(self.jobs, || desk.loader.folder(folder))?? {
            match loaded {
                Ok(loaded) => out.push(loaded),
                Err((_, error)) => {
                    host.failed(&error);
                    exit = Exit::Usage;
                }
            }
        }
        Ok((out, exit))
    }

    /// The texts of the sources are needed for passages, and to tell our reading from the policy.
    fn texts(&self, loader: &Loader, old: &mut Loaded, new: &mut Loaded) {
        let by = |call: &Call| (call.generator.version.clone(), call.generator.patterns.clone());
        if self.format == Format::Html || by(&old.call) != by(&new.call) {
            loader.find_text(old);
            loader.find_text(new);
        }
    }

    fn wanted(&self) -> Wanted {
        let set = |names: &[SeverityName]| names.iter().map(|name| Severity::from(*name)).collect::<BTreeSet<Severity>>();
        let mut shown = set(&self.severity);
        if shown.is_empty() {
            shown = Severity::ALL.into_iter().filter(|severity| *severity != Severity::Wording).collect();
        }
        if self.wording {
            shown.insert(Severity::Wording);
        }
        let fail_on = if self.fail_on.is_empty() { shown.clone() } else { set(&self.fail_on) };
        Wanted { shown, fail_on, evidence: self.evidence, unchanged: self.unchanged }
    }

    fn forced(&self, pairs: usize) -> Result<Vec<(String, String)>> {
        if !self.forced.is_empty() && pairs != 1 {
            return Err(Error::Usage("--match is for two calls, not for folders of them".into()));
        }
        let both = |given: &String| {
            // An id holds an equals sign rarely, and a slash always follows the one that parts two ids.
            let (old, new) =
                given.split_once("=/").ok_or_else(|| Error::Usage(format!("--match {given}: OLD=NEW, two ids that begin with /")))?;
            Ok((old.to_string(), format!("/{new}")))
        };
        self.forced.iter().map(both).collect()
    }

    fn history(&self, folder: &Path, desk: &Desk, host: &mut Host) -> Result<Exit> {
        let (loaded, exit) = self.folder(folder, desk, host)?;
        let calls: Vec<Call> = loaded.into_iter().map(|loaded| loaded.call).collect();
        let speech = &desk.speech;
        let lines = series(&calls, &desk.words);
        let text = match self.format {
            Format::Terminal => history::terminal(&lines, speech),
            Format::Json => format!("{:#}\n", history::json(&lines, speech)),
            Format::Markdown => history::markdown_tables(&lines, speech),
            Format::Html => history::html_page(&lines, speech),
        };
        self.write(host, &text)?;
        Ok(exit)
    }
}

fn unknown(error: &UnknownId) -> Error {
    let side = if error.is_old { "old" } else { "new" };
    Error::Usage(format!("--match: no programme of the {side} call is called {}; near ones: {}", error.id, error.near.join(", ")))
}
