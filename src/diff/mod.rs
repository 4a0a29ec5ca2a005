//! Two calls -> what changed between them, in the terms of the policy. In: `Call`s and `Options`. Out: `Comparison`: who became
//! whom, and every change with severity and fingerprint. Pure: reads no file, prints nothing, knows no language but by the lists
//! that it is given; imports the types of `programme` and `value`, nothing else.

mod call;
mod changes;
mod exact;
mod fact;
mod leftover;
mod matching;
mod pairing;
mod series;
mod severity;
mod similar;
mod structure;
mod words;

pub use call::{Call, Programme, Source};
pub use changes::{Change, Held, Kind};
pub use fact::{Bound, Fact, Field, Value};
pub use series::{Line, LineKey, Row, series};
pub use severity::{Severity, year_shift};
pub use words::{TitleWords, fold, likeness};

use changes::Work;
use matching::{Matching, matching};
use similar::Similar;

/// The version of the contract of the output.
pub const SCHEMA_VERSION: &str = "1.0.0";

/// The JSON Schema (draft 2020-12) of the output.
pub const SCHEMA: &str = include_str!("schema.json");

/// What a comparison needs beside the two calls.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    pub words: &'a TitleWords,
    /// Ids of an old and a new programme that are one, whatever they look like.
    pub forced: &'a [(String, String)],
    /// The decoded texts of the two sources, where they are at hand.
    pub texts: (Option<&'a str>, Option<&'a str>),
}

/// What became of a programme. More than one may hold; the first is the most telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    Added,
    Removed,
    Merged,
    Split,
    Renamed,
    Moved,
    Changed,
    Unchanged,
}

impl Fate {
    pub fn name(self) -> &'static str {
        match self {
            Fate::Added => "added",
            Fate::Removed => "removed",
            Fate::Merged => "merged",
            Fate::Split => "split",
            Fate::Renamed => "renamed",
            Fate::Moved => "moved",
            Fate::Changed => "changed",
            Fate::Unchanged => "unchanged",
        }
    }
}

/// Programmes that are one in both calls, or one that has no match.
#[derive(Debug)]
pub struct Pair<'a> {
    pub fates: Vec<Fate>,
    /// Places in the lists of programmes, the match itself first.
    pub old: Vec<usize>,
    pub new: Vec<usize>,
    /// How alike the match is, 0 to 1; 0 for a programme without one.
    pub likeness: f64,
    /// One document is a part of the other, and this programme stands beside that part.
    pub outside: bool,
    /// What both state alike.
    pub unchanged: Vec<(Held<'a>, Held<'a>)>,
}

/// Everything that two calls have and have not in common.
#[derive(Debug)]
pub struct Comparison<'a> {
    pub old: &'a Call,
    pub new: &'a Call,
    /// In the order of the new call; then what the old one had alone.
    pub pairs: Vec<Pair<'a>>,
    /// In the order of `pairs`.
    pub changes: Vec<Change<'a>>,
}

/// An id of `--match` that no programme has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownId {
    pub id: String,
    /// Whether it was looked for in the old call.
    pub is_old: bool,
    /// The ids most like it.
    pub near: Vec<String>,
}

/// Compares two calls.
///
/// # Errors
/// Where a forced id is no id of its call.
pub fn compare<'a>(old: &'a Call, new: &'a Call, options: &Options) -> Result<Comparison<'a>, UnknownId> {
    let forced: Result<Vec<(usize, usize)>, UnknownId> =
        options.forced.iter().map(|(o, n)| Ok((find(old, o, true)?, find(new, n, false)?))).collect();
    let similar = Similar::new(old, new, options.words);
    let matching = matching(old, new, &similar, &forced?);
    let pairs = pairs(old, new, &matching);
    let mut work = Work { old, new, words: options.words, matching: &matching, pairs, changes: vec![] };
    structure::changes(&mut work);
    let left = pairing::changes(&mut work);
    leftover::changes(&mut work, left);
    severity::judge(&mut work, options.texts);
    Ok(work.finish())
}

fn find(call: &Call, id: &str, is_old: bool) -> Result<usize, UnknownId> {
    let found = call.programmes.iter().position(|programme| programme.id == id);
    found.ok_or_else(|| {
        let mut near: Vec<&str> = call.programmes.iter().map(|programme| programme.id.as_str()).collect();
        near.sort_by(|a, b| likeness(&fold(b), &fold(id)).total_cmp(&likeness(&fold(a), &fold(id))));
        UnknownId { id: id.into(), is_old, near: near.into_iter().take(3).map(String::from).collect() }
    })
}

/// The programmes of both calls, each in one pair.
fn pairs<'a>(old: &Call, new: &Call, matching: &Matching) -> Vec<Pair<'a>> {
    let outside = |here: &Call, at: usize, root: Option<usize>| root.is_some_and(|root| root > 0 && !here.is_within(at, root));
    let alone = |fate: Fate, o: Option<usize>, n: Option<usize>, outside: bool| Pair {
        fates: vec![fate],
        old: o.into_iter().collect(),
        new: n.into_iter().collect(),
        likeness: 0.0,
        outside,
        unchanged: vec![],
    };
    let mut out = Vec::new();
    for n in 0..new.programmes.len() {
        let pair = matching.pairs.iter().find(|(_, other, _)| *other == n);
        match pair {
            Some((o, _, likeness)) => {
                let merged = matching.merged.iter().filter(|(_, into)| *into == n).map(|(from, _)| *from);
                let split = matching.split.iter().filter(|(from, _)| from == o).map(|(_, into)| *into);
                let old: Vec<usize> = std::iter::once(*o).chain(merged).collect();
                let new: Vec<usize> = std::iter::once(n).chain(split).collect();
                out.push(Pair { fates: vec![], old, new, likeness: *likeness, outside: false, unchanged: vec![] });
            }
            None if matching.origin(n).is_none() => {
                out.push(alone(Fate::Added, None, Some(n), outside(new, n, matching.new_of(0))));
            }
            None => {}
        }
    }
    let lost = (0..old.programmes.len()).filter(|o| matching.image(*o).is_none());
    let mut lost: Vec<Pair> = lost.map(|o| alone(Fate::Removed, Some(o), None, outside(old, o, matching.old_of(0)))).collect();
    lost.sort_by_key(|pair| pair.outside);
    out.extend(lost);
    out
}
