//! The report for a terminal: programmes in order, a line for each change, old and new value beside each other. In: `Report`. Out:
//! text, in colour where that is wanted.

use super::super::notation::one_line;
use super::super::table::{padded, width};
use super::report::{Document, Entry, Report};
use crate::diff::{Held, Severity};

/// No cell is made wider than this for the sake of alignment.
const CELL: usize = 44;

pub struct Paint(pub bool);

impl Paint {
    fn with(&self, code: &str, text: &str) -> String {
        if self.0 && !text.is_empty() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.into() }
    }

    fn bold(&self, text: &str) -> String {
        self.with("1", text)
    }

    fn dim(&self, text: &str) -> String {
        self.with("2", text)
    }

    fn severity(&self, severity: Severity, text: &str) -> String {
        let code = match severity {
            Severity::Policy => "31",
            Severity::Calendar => "36",
            Severity::Structure => "33",
            Severity::Wording => "2",
            Severity::Extraction => "35",
        };
        self.with(code, text)
    }
}

/// The whole report.
pub fn report(report: &Report, paint: &Paint) -> String {
    let mut out = String::new();
    for (at, document) in report.documents.iter().enumerate() {
        out += if at > 0 { "\n" } else { "" };
        out += &self::document(report, document, paint);
    }
    for (files, words) in [(&report.only_old, "only in the old folder"), (&report.only_new, "only in the new folder")] {
        out += &files.iter().map(|file| format!("{}: {words}\n", paint.bold(file))).collect::<String>();
    }
    out
}

fn document(report: &Report, document: &Document, paint: &Paint) -> String {
    let mut out = String::new();
    for (side, sign) in [(0, "old"), (1, "new")] {
        out += &format!("{sign} {}  {}\n", paint.bold(&document.heading(side)), paint.dim(document.files[side]));
    }
    out += &format!("    {}\n", document.sum());
    for (at, pair) in document.comparison.pairs.iter().enumerate() {
        let entries: Vec<&Entry> = document.entries.iter().filter(|entry| entry.change.pair == at).collect();
        let same = if report.wanted.unchanged { &pair.unchanged[..] } else { &[] };
        if entries.is_empty() && same.is_empty() {
            continue;
        }
        let (title, before) = document.titles(at);
        let before = if before.is_empty() { String::new() } else { format!("  ← {before}") };
        out += &format!("\n{}  {}{}\n", paint.bold(&title), document.fates(at), paint.dim(&before));
        out += &lines(report, &entries, paint);
        out += &same.iter().map(|(old, _)| format!("  {} {}\n", padded("=", 10), stated(report, old))).collect::<String>();
    }
    out
}

fn stated(report: &Report, held: &Held) -> String {
    format!("{} {}", report.speech.what(held.fact), report.speech.value(held.fact))
}

fn lines(report: &Report, entries: &[&Entry], paint: &Paint) -> String {
    let cells = || entries.iter().filter_map(|entry| entry.said.cells.as_ref());
    let widest = |column: usize| cells().map(|cells| width(&cells[column])).filter(|w| *w <= CELL).max().unwrap_or(0);
    let widths = [widest(0), widest(1), widest(2)];
    let mut out = String::new();
    for entry in entries {
        let severity = entry.change.severity;
        let text = match &entry.said.cells {
            None => entry.said.text.clone(),
            Some([what, old, new, note]) => {
                let (what, old, new) = (padded(what, widths[0]), padded(old, widths[1]), padded(new, widths[2]));
                format!("{what}  {old}  →  {new}  {note}")
            }
        };
        out += &format!("  {} {}\n", paint.severity(severity, &padded(severity.name(), 10)), text.trim_end());
        if report.wanted.evidence {
            out += &format!("             {}\n", paint.dim(&entry.change.fingerprint));
            out += &evidence(entry, paint);
        }
    }
    out
}

/// The words of each side with their offsets.
fn evidence(entry: &Entry, paint: &Paint) -> String {
    let lines = |sign: &str, side: &[Held]| {
        let mut seen: Vec<usize> = Vec::new();
        let mut out = String::new();
        for quote in side.iter().filter_map(|held| held.fact.evidence.as_ref()) {
            if !seen.contains(&quote.start) {
                seen.push(quote.start);
                out += &format!("             {sign} “{}” {}\n", one_line(&quote.text), paint.dim(&format!("at {}", quote.start)));
            }
        }
        out
    };
    lines("−", &entry.change.old) + &lines("+", &entry.change.new)
}
