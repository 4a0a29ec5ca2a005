//! What all forms of the output show: comparisons with the words of each change, what is filtered out and what was accepted. In:
//! comparisons and what the user asked for. Out: `Report`. Prints nothing.

use std::collections::BTreeSet;

use super::accepted::Accepted;
use super::say::Said;
use super::speech::Speech;
use crate::diff::{Change, Comparison, Field, Severity};
use crate::programme::Evidence;

/// What the user wants to see, and what sets the exit code.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub shown: BTreeSet<Severity>,
    pub fail_on: BTreeSet<Severity>,
    pub evidence: bool,
    pub unchanged: bool,
}

/// Everything to be shown.
pub struct Report<'a> {
    pub documents: Vec<Document<'a>>,
    /// Files of two folders without a partner.
    pub only_old: Vec<String>,
    pub only_new: Vec<String>,
    /// Accepted fingerprints that no change has, with their reasons.
    pub stale: Vec<(String, String)>,
    pub speech: &'a Speech,
    pub wanted: &'a Wanted,
}

/// Two calls.
pub struct Document<'a> {
    pub comparison: &'a Comparison<'a>,
    /// Names of the two files.
    pub files: [&'a str; 2],
    /// The decoded texts of the two sources, where they are at hand.
    pub texts: [Option<Vec<char>>; 2],
    pub entries: Vec<Entry<'a>>,
    /// Changes of each severity that are neither shown nor accepted.
    pub hidden: Vec<(Severity, usize)>,
    pub accepted: usize,
}

/// A change that is shown.
pub struct Entry<'a> {
    pub change: &'a Change<'a>,
    pub said: Said,
}

impl Report<'_> {
    /// Whether something differs at a severity that the user asked about. A document without partner is a matter of policy.
    pub fn differs(&self, comparisons: &[Comparison], accepted: &Accepted) -> bool {
        let alone = !self.only_old.is_empty() || !self.only_new.is_empty();
        let counts = |change: &Change| self.wanted.fail_on.contains(&change.severity) && !accepted.0.contains_key(&change.fingerprint);
        alone && self.wanted.fail_on.contains(&Severity::Policy) || comparisons.iter().flat_map(|c| &c.changes).any(counts)
    }
}

impl<'a> Document<'a> {
    pub fn new(
        comparison: &'a Comparison<'a>,
        files: [&'a str; 2],
        texts: [Option<&str>; 2],
        wanted: &Wanted,
        accepted: &Accepted,
        speech: &Speech,
    ) -> Document<'a> {
        let open = comparison.changes.iter().filter(|change| !accepted.0.contains_key(&change.fingerprint));
        let (shown, hidden): (Vec<&Change>, Vec<&Change>) = open.partition(|change| wanted.shown.contains(&change.severity));
        let count = |severity: Severity| hidden.iter().filter(|change| change.severity == severity).count();
        let hidden_counts = Severity::ALL.into_iter().map(|s| (s, count(s))).filter(|(_, n)| *n > 0).collect();
        let accepted = comparison.changes.len() - shown.len() - hidden.len();
        Document {
            comparison,
            files,
            texts: texts.map(|text| text.map(|text| text.chars().collect())),
            entries: shown.into_iter().map(|change| Entry { change, said: speech.say(comparison, change) }).collect(),
            hidden: hidden_counts,
            accepted,
        }
    }

    /// `24 policy, 2 calendar; 4 wording not shown; 3 accepted`, or that nothing changed.
    pub fn sum(&self) -> String {
        let counted = |count: &dyn Fn(Severity) -> usize| {
            let counts = Severity::ALL.into_iter().map(|s| (s, count(s))).filter(|(_, n)| *n > 0);
            counts.map(|(s, n)| format!("{n} {}", s.name())).collect::<Vec<_>>().join(", ")
        };
        let shown = counted(&|s| self.entries.iter().filter(|entry| entry.change.severity == s).count());
        let hidden = counted(&|s| self.hidden.iter().filter(|(h, _)| *h == s).map(|(_, n)| n).sum());
        let mut parts = vec![if shown.is_empty() { "no change".to_string() } else { shown }];
        parts.extend((!hidden.is_empty()).then(|| format!("{hidden} not shown")));
        parts.extend((self.accepted > 0).then(|| format!("{} accepted", self.accepted)));
        parts.join("; ")
    }

    /// The title of a pair, and what it was called where that differs.
    pub fn titles(&self, pair: usize) -> (String, String) {
        let Some(pair) = self.comparison.pairs.get(pair) else { return Default::default() };
        let (old, new) = (&self.comparison.old.programmes, &self.comparison.new.programmes);
        let titles = |list: &[crate::diff::Programme], places: &[usize]| {
            let titles: Vec<&str> = places.iter().map(|at| list[*at].title.as_str()).filter(|title| !title.is_empty()).collect();
            titles.join(", ")
        };
        let (before, after) = (titles(old, &pair.old), titles(new, &pair.new));
        match (before.is_empty(), after.is_empty()) {
            (_, true) if before.is_empty() => ("/".into(), String::new()),
            (_, true) => (before, String::new()),
            _ if before == after => (after, String::new()),
            _ => (after, before),
        }
    }

    /// What one side quotes for a change: its facts, else the headings of its programmes, or what the document says of itself.
    pub fn quotes(&self, change: &Change, side: usize) -> Vec<Evidence> {
        let (call, held) = if side == 0 { (self.comparison.old, &change.old) } else { (self.comparison.new, &change.new) };
        let facts: Vec<Evidence> = held.iter().filter_map(|held| held.fact.evidence.clone()).collect();
        let is_fact = change.field > Field::PublishedOn;
        if is_fact || !facts.is_empty() {
            return facts;
        }
        if matches!(change.field, Field::Year | Field::Issuers | Field::DocumentNumber | Field::PublishedOn) {
            return call.quotes(change.field.name());
        }
        let Some(pair) = self.comparison.pairs.get(change.pair) else { return vec![] };
        let members = if side == 0 { &pair.old } else { &pair.new };
        let headings = members.iter().filter_map(|at| call.programmes.get(*at)?.evidence.clone());
        headings.filter(|heading| !heading.text.is_empty()).collect()
    }

    /// What became of a pair, in words.
    pub fn fates(&self, pair: usize) -> String {
        let fates = self.comparison.pairs.get(pair).map(|pair| pair.fates.iter().map(|fate| fate.name()).collect::<Vec<_>>());
        fates.unwrap_or_default().join(", ")
    }

    /// Title and year of a side, for headings.
    pub fn heading(&self, side: usize) -> String {
        let call = if side == 0 { self.comparison.old } else { self.comparison.new };
        call.title.clone().filter(|title| !title.is_empty()).unwrap_or_else(|| "(no title)".into())
    }
}
