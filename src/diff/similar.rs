//! How alike two programmes are. In: two calls. Out: a number from 0 to 1 for each pair of programmes. Never decides who becomes
//! whom; `matching` does.
//!
//! The likeness is the weighted mean of six parts; a part that neither programme has is left out of the mean.
//!
//! | part | weight | how |
//! |---|---|---|
//! | title | 0.45 | pairs of characters of the titles without year, serial number and frame |
//! | facts | 0.20 | what is stated (field, role, value) and, for half, of what kind it is (field, role) |
//! | topics | 0.10 | titles of the topics |
//! | above | 0.10 | title of the parent; 1 where both are the call itself |
//! | below | 0.10 | pairs of characters of the titles of the children |
//! | number | 0.05 | the same ordinal |
//!
//! Each part compares two sets (Dice), in which what is rare in the two calls weighs more than what many programmes share:
//! ln(1 + programmes / programmes that have it). Two programmes can only match where their titles are alike (0.25), or where
//! they share a statement or topic that no third programme has and half of all they state.

use std::collections::HashMap;

use super::call::Call;
use super::fact::Field;
use super::words::{TitleWords, bigrams, fold};

const TITLE: f64 = 0.45;
const FACTS: f64 = 0.20;
const TOPICS: f64 = 0.10;
const ABOVE: f64 = 0.10;
const BELOW: f64 = 0.10;
const NUMBER: f64 = 0.05;

/// Titles less alike than this are no reason to match.
const TITLES_ALIKE: f64 = 0.25;

/// A set of features: their numbers, sorted.
type Set = Vec<u32>;

/// What a programme is compared by.
#[derive(Debug, Default)]
struct Features {
    title: Set,
    facts: Set,
    topics: Set,
    above: Set,
    below: Set,
    number: String,
    is_call: bool,
}

/// The likeness of every pair of programmes.
#[derive(Debug)]
pub struct Similar {
    old: Vec<Features>,
    new: Vec<Features>,
    weights: Vec<f64>,
    /// In how many programmes each feature stands.
    held: Vec<u32>,
}

/// A pair of characters, or the hash of a statement; the highest bit tells which.
type Feature = u64;

const PAIR: u64 = 1 << 63;

fn pair([a, b]: [char; 2]) -> Feature {
    PAIR | u64::from(u32::from(a)) << 32 | u64::from(u32::from(b))
}

fn said(hash: u64) -> Feature {
    hash & !PAIR
}

#[derive(Debug, Default)]
struct Interner {
    numbers: HashMap<Feature, u32>,
    held: Vec<u32>,
}

impl Interner {
    fn set(&mut self, features: impl Iterator<Item = Feature>) -> Set {
        let mut set: Set = features
            .map(|feature| {
                let next = self.numbers.len() as u32;
                *self.numbers.entry(feature).or_insert(next)
            })
            .collect();
        set.sort_unstable();
        set.dedup();
        self.held.resize(self.numbers.len(), 0);
        set
    }

    fn count(&mut self, set: &[u32]) {
        set.iter().for_each(|feature| self.held[*feature as usize] += 1);
    }
}

impl Similar {
    pub fn new(old: &Call, new: &Call, words: &TitleWords) -> Similar {
        let mut interner = Interner::default();
        let old = features(old, words, &mut interner);
        let new = features(new, words, &mut interner);
        for programme in old.iter().chain(&new) {
            [&programme.title, &programme.facts, &programme.topics].into_iter().for_each(|set| interner.count(set));
        }
        let all = (old.len() + new.len()) as f64;
        let weights = interner.held.iter().map(|held| (1.0 + all / f64::from((*held).max(1))).ln()).collect();
        Similar { old, new, weights, held: interner.held }
    }

    /// The likeness of two programmes, 0 where nothing speaks for a match.
    pub fn likeness(&self, old: usize, new: usize) -> f64 {
        let (Some(a), Some(b)) = (self.old.get(old), self.new.get(new)) else { return 0.0 };
        let title = self.dice(&a.title, &b.title);
        let (facts, topics) = (self.dice(&a.facts, &b.facts), self.dice(&a.topics, &b.topics));
        let both_calls = a.is_call && b.is_call;
        let speaks = both_calls
            || title.is_some_and(|alike| alike >= TITLES_ALIKE)
            || (facts.is_some_and(|alike| alike >= 0.5) && self.share_own(&a.facts, &b.facts))
            || (topics.is_some_and(|alike| alike >= 0.5) && self.share_own(&a.topics, &b.topics));
        if !speaks {
            return 0.0;
        }
        let above = if both_calls { Some(1.0) } else { self.dice(&a.above, &b.above).or(Some(0.0)) };
        let number = (!a.number.is_empty() || !b.number.is_empty()).then_some(f64::from(u8::from(a.number == b.number)));
        let parts =
            [(TITLE, title), (FACTS, facts), (TOPICS, topics), (ABOVE, above), (BELOW, self.dice(&a.below, &b.below)), (NUMBER, number)];
        let stated = parts.iter().filter_map(|(weight, part)| part.map(|part| (weight, part)));
        let (sum, weight) = stated.fold((0.0, 0.0), |(sum, all), (weight, part)| (sum + weight * part, all + weight));
        if weight > 0.0 { sum / weight } else { 0.0 }
    }

    /// How much of the title of `part` stands in that of `whole`.
    pub fn old_title_within(&self, part: usize, whole: usize) -> f64 {
        self.within(self.old.get(part), self.new.get(whole))
    }

    pub fn new_title_within(&self, part: usize, whole: usize) -> f64 {
        self.within(self.new.get(part), self.old.get(whole))
    }

    fn within(&self, part: Option<&Features>, whole: Option<&Features>) -> f64 {
        let Some((part, whole)) = part.zip(whole) else { return 0.0 };
        let all = self.weight(&part.title);
        if all > 0.0 { self.weight_of_shared(&part.title, &whole.title) / all } else { 0.0 }
    }

    /// Whether the two state exactly the same.
    pub fn same_facts(&self, old: usize, new: usize) -> bool {
        let pair = self.old.get(old).zip(self.new.get(new));
        pair.is_some_and(|(a, b)| (&a.facts, &a.topics, &a.number) == (&b.facts, &b.topics, &b.number))
    }

    fn weight(&self, set: &[u32]) -> f64 {
        set.iter().map(|feature| self.weights[*feature as usize]).sum()
    }

    fn weight_of_shared(&self, a: &[u32], b: &[u32]) -> f64 {
        shared(a, b).map(|feature| self.weights[feature as usize]).sum()
    }

    /// A feature that both have and no other programme of the two calls.
    fn share_own(&self, a: &[u32], b: &[u32]) -> bool {
        shared(a, b).any(|feature| self.held[feature as usize] == 2)
    }

    fn dice(&self, a: &[u32], b: &[u32]) -> Option<f64> {
        let all = self.weight(a) + self.weight(b);
        (all > 0.0).then(|| 2.0 * self.weight_of_shared(a, b) / all)
    }
}

/// What two sorted sets have in common.
fn shared<'a>(a: &'a [u32], b: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
    let mut rest = b;
    a.iter().copied().filter(move |feature| {
        rest = &rest[rest.partition_point(|other| other < feature)..];
        rest.first() == Some(feature)
    })
}

fn features(call: &Call, words: &TitleWords, interner: &mut Interner) -> Vec<Features> {
    let titles: Vec<Set> =
        call.programmes.iter().map(|programme| interner.set(bigrams(&words.name(&programme.title)).into_iter().map(pair))).collect();
    let mut out = Vec::with_capacity(titles.len());
    for (i, programme) in call.programmes.iter().enumerate() {
        let is_topic = |field: Field| matches!(field, Field::Topics | Field::Agreements);
        let stated = programme.facts.iter().filter(|f| !is_topic(f.field));
        let facts = interner.set(stated.flat_map(|fact| [said(fact.hash()), said(fact.kind_hash())]));
        let topics = interner.set(programme.facts.iter().filter(|f| is_topic(f.field)).map(|fact| said(fact.hash())));
        let mut below: Set = programme.children.iter().flat_map(|child| titles[*child].iter().copied()).collect();
        below.sort_unstable();
        below.dedup();
        out.push(Features {
            title: titles[i].clone(),
            facts,
            topics,
            above: programme.parent.map(|parent| titles[parent].clone()).unwrap_or_default(),
            below,
            number: fold(&programme.number),
            is_call: programme.parent.is_none(),
        });
    }
    out
}
