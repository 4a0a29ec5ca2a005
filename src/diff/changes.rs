//! A change and the desk on which changes are collected. In: what the other files of this folder find. Out: `Comparison`, with
//! the fate of each programme and a fingerprint on each change that later runs keep.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::call::Call;
use super::fact::{Fact, Field};
use super::matching::Matching;
use super::severity::Severity;
use super::words::{TitleWords, fold};
use super::{Comparison, Fate, Pair};

/// What happened to the thing that a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Added,
    Removed,
    Changed,
    Merged,
    Split,
    /// The same, said of another programme or standing elsewhere.
    Moved,
    /// The same in other words.
    Reworded,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Added => "added",
            Kind::Removed => "removed",
            Kind::Changed => "changed",
            Kind::Merged => "merged",
            Kind::Split => "split",
            Kind::Moved => "moved",
            Kind::Reworded => "reworded",
        }
    }
}

/// A fact and the programme that states it.
#[derive(Debug, Clone, Copy)]
pub struct Held<'a> {
    pub programme: usize,
    pub fact: &'a Fact,
}

/// One difference between two calls.
#[derive(Debug)]
pub struct Change<'a> {
    /// Place in `Comparison::pairs`.
    pub pair: usize,
    pub kind: Kind,
    pub field: Field,
    pub severity: Severity,
    /// What was stated; of a set, what is lost.
    pub old: Vec<Held<'a>>,
    /// What is stated; of a set, what is won.
    pub new: Vec<Held<'a>>,
    /// Old and new words, of a thing that is no fact.
    pub words: [String; 2],
    /// Sixteen hexadecimal digits, made of titles and values: later runs and other tables give the same.
    pub fingerprint: String,
}

impl<'a> Change<'a> {
    pub fn new(pair: usize, kind: Kind, field: Field) -> Self {
        let (old, new, words, fingerprint) = (vec![], vec![], Default::default(), String::new());
        Change { pair, kind, field, severity: Severity::Policy, old, new, words, fingerprint }
    }

    /// A change of facts.
    pub fn of(pair: usize, kind: Kind, field: Field, old: Vec<Held<'a>>, new: Vec<Held<'a>>) -> Self {
        Change { old, new, ..Change::new(pair, kind, field) }
    }

    /// A change of words.
    pub fn said(pair: usize, kind: Kind, field: Field, old: &str, new: &str) -> Self {
        Change { words: [old.into(), new.into()], ..Change::new(pair, kind, field) }
    }
}

/// What the comparison works on.
pub struct Work<'a, 'w> {
    pub old: &'a Call,
    pub new: &'a Call,
    pub words: &'w TitleWords,
    pub matching: &'w Matching,
    pub pairs: Vec<Pair<'a>>,
    pub changes: Vec<Change<'a>>,
}

impl<'a> Work<'a, '_> {
    /// The comparison: changes in the order of pairs and fields, with fingerprints; fates in their order.
    pub fn finish(mut self) -> Comparison<'a> {
        self.changes.sort_by_key(|change| (change.pair, change.field, change.old.first().map(|h| h.programme)));
        self.fingerprints();
        for (at, pair) in self.pairs.iter_mut().enumerate() {
            let is_fact = |c: &Change| c.kind != Kind::Reworded && c.field >= Field::Year && c.pair == at;
            if pair.old.len() > 1 {
                pair.fates.push(Fate::Merged);
            }
            if pair.new.len() > 1 {
                pair.fates.push(Fate::Split);
            }
            if !pair.old.is_empty() && !pair.new.is_empty() && self.changes.iter().any(is_fact) {
                pair.fates.push(Fate::Changed);
            }
            if pair.fates.is_empty() {
                pair.fates.push(Fate::Unchanged);
            }
            pair.fates.sort();
        }
        Comparison { old: self.old, new: self.new, pairs: self.pairs, changes: self.changes }
    }

    fn fingerprints(&mut self) {
        let name = |call: &Call| fold(call.title.as_deref().unwrap_or(&call.source.file));
        let document = format!("{}\n{}", name(self.old), name(self.new));
        let mut seen: HashMap<String, usize> = HashMap::new();
        for change in &mut self.changes {
            let pair = &self.pairs[change.pair];
            let text = format!("{document}\n{}", identity(change, pair, self.old, self.new));
            let times = seen.entry(text.clone()).and_modify(|times| *times += 1).or_insert(1);
            let text = if *times > 1 { format!("{text}\n{times}") } else { text };
            let digest = Sha256::digest(text.as_bytes());
            change.fingerprint = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        }
    }
}

/// What a change is, by titles and values; no offset, rule, digest or wording that tables may cut otherwise.
fn identity(change: &Change, pair: &Pair, old: &Call, new: &Call) -> String {
    let ids = |call: &Call, places: &[usize]| places.iter().map(|at| call.programmes[*at].id.as_str()).collect::<Vec<_>>().join(" ");
    let keys = |held: &[Held]| {
        let mut keys: Vec<String> = held.iter().map(|h| format!("{} {}", h.fact.key(), fold(&h.fact.applies_to))).collect();
        keys.sort();
        keys.join("; ")
    };
    // A programme that comes or goes is itself, whatever was read of it.
    let facts = if change.field == Field::Programme { [String::new(), String::new()] } else { [keys(&change.old), keys(&change.new)] };
    let parts = [
        change.kind.name().to_string(),
        change.field.name().to_string(),
        ids(old, &pair.old),
        ids(new, &pair.new),
        facts.join(" -> "),
        change.words.join(" -> "),
    ];
    parts.join("\n")
}
