//! Facts of programmes that are one. In: the pairs. Out: changes of facts, what is alike in both, and what found no counterpart on
//! its own programme (`Left`), which may have one elsewhere.
//!
//! Facts of one field and role are assigned to each other one to one: first those that are the same, then by whom they are said
//! of, value, and the words counted. Topics, agreements, places and contacts are compared as sets.

use std::collections::BTreeMap;

use super::Programme;
use super::call::Call;
use super::changes::{Change, Held, Kind, Work};
use super::fact::{Fact, Field, Value};
use super::matching::{assignment, counts};
use super::words::{bigrams, fold, likeness, pairs_alike, same};

/// Phrases this alike name the same subject or the same thing counted.
pub const SAME_WORDS: f64 = 0.6;

/// Phrases less alike than this name different things.
const OTHER_WORDS: f64 = 0.3;

/// A fact without counterpart, with the pair that it stands on.
#[derive(Debug, Clone, Copy)]
pub struct Left<'a> {
    pub pair: usize,
    pub held: Held<'a>,
}

/// What is left on the two sides.
#[derive(Debug, Default)]
pub struct Lefts<'a> {
    pub old: Vec<Left<'a>>,
    pub new: Vec<Left<'a>>,
}

/// Compares the facts of every pair.
pub fn changes<'a>(work: &mut Work<'a, '_>) -> Lefts<'a> {
    let mut left = Lefts::default();
    for at in 0..work.pairs.len() {
        let (old, new) = (work.pairs[at].old.clone(), work.pairs[at].new.clone());
        let Some((o, n)) = old.first().zip(new.first()) else { continue };
        let (above_old, above_new) = (applying(work, work.old, *o, *n == 0), applying(work, work.new, *n, *o == 0));
        sets(work, at, [&old, &above_old.iter().map(|h| h.programme).collect()], [&new, &above_new.iter().map(|h| h.programme).collect()]);
        scalars(work, at, with(facts(work.old, *o), above_old), with(facts(work.new, *n), above_new), &mut left);
    }
    left
}

fn with<'a>(mut facts: Vec<Held<'a>>, more: Vec<Held<'a>>) -> Vec<Held<'a>> {
    facts.extend(more.into_iter().filter(|h| !h.fact.field.is_set()));
    facts
}

/// The statements of a programme that are no sets.
fn facts(call: &Call, programme: usize) -> Vec<Held<'_>> {
    let facts = call.programmes[programme].facts.iter().filter(|fact| !fact.field.is_set());
    facts.map(|fact| Held { programme, fact }).collect()
}

/// Where a part of one document is the whole of the other: what stands above the part and holds for it.
fn applying<'a>(work: &Work, call: &'a Call, at: usize, other_is_whole: bool) -> Vec<Held<'a>> {
    let mut out: Vec<Held> = Vec::new();
    if !other_is_whole || at == 0 {
        return out;
    }
    let title = work.words.name(&call.programmes[at].title);
    for above in call.above(at) {
        for fact in &call.programmes[above].facts {
            let own = call.programmes[at].facts.iter().chain(out.iter().map(|h| h.fact));
            let stated = fact.field.is_inherited() && own.clone().any(|f| f.is_alike(fact) && same_subject(f, fact));
            if !stated && (fact.applies_to.is_empty() || names(&fact.applies_to, &title)) {
                out.push(Held { programme: above, fact });
            }
        }
    }
    out
}

/// Whether a subject names the programme with this (folded) title.
pub fn names(subject: &str, title: &str) -> bool {
    let subject = fold(subject);
    likeness(&subject, title) >= SAME_WORDS || subject.chars().count() > 3 && title.contains(&subject)
}

pub fn same_subject(a: &Fact, b: &Fact) -> bool {
    let (a, b) = (&a.applies_to, &b.applies_to);
    a == b || !a.is_empty() && !b.is_empty() && likeness(&fold(a), &fold(b)) >= SAME_WORDS
}

/// What sets won and lost: topics, agreements, contacts, and places by role and kind.
fn sets(work: &mut Work, at: usize, old: [&Vec<usize>; 2], new: [&Vec<usize>; 2]) {
    let (before, after) = (collected(work.old, old), collected(work.new, new));
    let kinds: std::collections::BTreeSet<&SetKind> = before.keys().chain(after.keys()).collect();
    let mut changes = Vec::new();
    let mut unchanged = Vec::new();
    for kind in kinds {
        let (none, field) = (Vec::new(), kind.0);
        let (old, new) = (before.get(kind).unwrap_or(&none), after.get(kind).unwrap_or(&none));
        let twin = |held: &Held, others: &[Held<'_>]| others.iter().position(|other| other.fact.value == held.fact.value);
        let lost: Vec<Held> = old.iter().filter(|h| twin(h, new).is_none()).copied().collect();
        let won: Vec<Held> = new.iter().filter(|h| twin(h, old).is_none()).copied().collect();
        unchanged.extend(old.iter().filter_map(|h| Some((*h, *new.get(twin(h, new)?)?))));
        let what = match (lost.is_empty(), won.is_empty()) {
            (true, true) => continue,
            (true, false) => Kind::Added,
            (false, true) => Kind::Removed,
            (false, false) => Kind::Changed,
        };
        changes.push(Change::of(at, what, field, lost, won));
    }
    work.changes.extend(changes);
    work.pairs[at].unchanged.extend(unchanged);
}

/// Field, role, and whether it is about groups of countries.
type SetKind = (Field, String, bool);

/// The members of all sets that the programmes state, each once, in document order.
fn collected<'a>(call: &'a Call, programmes: [&Vec<usize>; 2]) -> BTreeMap<SetKind, Vec<Held<'a>>> {
    let mut out: BTreeMap<SetKind, Vec<Held>> = BTreeMap::new();
    let mut places: Vec<usize> = programmes.into_iter().flatten().copied().collect();
    places.dedup();
    for programme in places {
        let stated: &Programme = &call.programmes[programme];
        for fact in stated.facts.iter().filter(|f| f.field.is_set() && counts(f, stated)) {
            let role = if fact.field == Field::Countries { fact.what.clone() } else { String::new() };
            let group = matches!(fact.value, Value::Place { group: true, .. });
            let members = out.entry((fact.field, role, group)).or_default();
            if members.iter().all(|held| held.fact.value != fact.value) {
                members.push(Held { programme, fact });
            }
        }
    }
    out
}

/// The facts of a pair that are no sets. What merged or split is compared part by part with the whole.
fn scalars<'a>(work: &mut Work<'a, '_>, at: usize, old: Vec<Held<'a>>, new: Vec<Held<'a>>, left: &mut Lefts<'a>) {
    let (merged, split) = (work.pairs[at].old[1..].to_vec(), work.pairs[at].new[1..].to_vec());
    let (mut used_old, mut used_new) = (vec![false; old.len()], vec![false; new.len()]);
    let mut joined: Vec<(Held, Held)> = Vec::new();
    for (o, n) in pair_up(&old, &new) {
        (used_old[o], used_new[n]) = (true, true);
        joined.push((old[o], new[n]));
    }
    for part in merged {
        let facts = facts(work.old, part);
        let mut used = vec![false; facts.len()];
        for (o, n) in pair_up(&facts, &new) {
            (used[o], used_new[n]) = (true, true);
            joined.push((facts[o], new[n]));
        }
        leave(at, &facts, &used, &new, &mut left.old);
    }
    for part in split {
        let facts = facts(work.new, part);
        let mut used = vec![false; facts.len()];
        for (o, n) in pair_up(&old, &facts) {
            (used_old[o], used[n]) = (true, true);
            joined.push((old[o], facts[n]));
        }
        leave(at, &facts, &used, &old, &mut left.new);
    }
    leave(at, &old, &used_old, &new, &mut left.old);
    leave(at, &new, &used_new, &old, &mut left.new);
    joined.into_iter().for_each(|(old, new)| tell(work, at, old, new));
}

/// What has no counterpart and is no mere repetition of something that the other side states.
fn leave<'a>(pair: usize, facts: &[Held<'a>], used: &[bool], other: &[Held<'a>], into: &mut Vec<Left<'a>>) {
    let alone = facts.iter().zip(used).filter(|(_, used)| !**used).map(|(held, _)| *held);
    let repeats = |held: &Held| other.iter().any(|o| held.fact.means(o.fact) && same_label(held.fact, o.fact));
    into.extend(alone.filter(|held| !repeats(held)).map(|held| Left { pair, held }));
}

fn same_label(a: &Fact, b: &Fact) -> bool {
    !a.needs_label() && a.field != Field::Quotas || likeness(&fold(&a.label), &fold(&b.label)) >= SAME_WORDS
}

/// Tells of two facts of which one became the other.
pub fn tell<'a>(work: &mut Work<'a, '_>, at: usize, old: Held<'a>, new: Held<'a>) {
    let (a, b) = (old.fact, new.fact);
    if !a.same_terms(b) || !same_subject(a, b) {
        work.changes.push(Change::of(at, Kind::Changed, a.field, vec![old], vec![new]));
        return;
    }
    work.pairs[at].unchanged.push((old, new));
    if !a.same_words(b) || !same(&a.label, &b.label) {
        work.changes.push(Change::of(at, Kind::Reworded, a.field, vec![old], vec![new]));
    }
}

/// Pairs the facts of two lists one to one, by their places.
pub fn pair_up(old: &[Held], new: &[Held]) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut free_old: Vec<usize> = (0..old.len()).collect();
    let mut free_new: Vec<usize> = (0..new.len()).collect();
    let alike = |a: &Fact, b: &Fact| a.is_alike(b) && same(&a.label, &b.label) && a.means(b);
    for exact in [true, false] {
        free_old.retain(|o| {
            let twin = free_new.iter().position(|n| {
                let (a, b) = (old[*o].fact, new[*n].fact);
                alike(a, b) && (!exact || a.same_words(b))
            });
            let Some(twin) = twin else { return true };
            out.push((*o, free_new.remove(twin)));
            false
        });
    }
    let phrases = |held: &[Held], free: &[usize]| free.iter().map(|at| Phrases::of(held[*at].fact)).collect::<Vec<_>>();
    let (old_phrases, new_phrases) = (phrases(old, &free_old), phrases(new, &free_new));
    let weight = |row: usize, column: usize| {
        let (a, b) = (old[free_old[row]].fact, new[free_new[column]].fact);
        let near = (free_old.len() + free_new.len()) as i64 - (row as i64 - column as i64).abs();
        let score = (kinship(a, b, &old_phrases[row], &new_phrases[column]) * 1e6) as i64;
        if score > 0 { score * 1000 + near } else { 0 }
    };
    let rest = assignment(free_old.len(), free_new.len(), weight);
    out.extend(rest.into_iter().map(|(row, column)| (free_old[row], free_new[column])));
    out
}

/// The pairs of characters of the phrases that facts are told apart by.
struct Phrases {
    subject: Vec<[char; 2]>,
    label: Vec<[char; 2]>,
}

impl Phrases {
    fn of(fact: &Fact) -> Phrases {
        Phrases { subject: bigrams(&fold(&fact.applies_to)), label: bigrams(&fold(&fact.label)) }
    }
}

/// How well one fact can have become the other: 0 where it cannot, else up to 1.
fn kinship(a: &Fact, b: &Fact, here: &Phrases, there: &Phrases) -> f64 {
    if !a.is_alike(b) {
        return 0.0;
    }
    let subject = match (a.applies_to.is_empty(), b.applies_to.is_empty()) {
        (true, true) => 1.0,
        (false, false) => pairs_alike(&here.subject, &there.subject),
        _ => 0.5,
    };
    let label = if a.label.is_empty() || b.label.is_empty() { 0.5 } else { pairs_alike(&here.label, &there.label) };
    let needs_label = a.needs_label() || a.field == Field::Quotas;
    if subject < OTHER_WORDS || needs_label && label < OTHER_WORDS {
        return 0.0;
    }
    0.4 * subject + 0.3 * closeness(&a.value, &b.value) + 0.25 * label + 0.05 * f64::from(u8::from(a.scope == b.scope && a.per == b.per))
}

/// How near two values are: 1 where they are the same.
fn closeness(a: &Value, b: &Value) -> f64 {
    use rust_decimal::prelude::ToPrimitive;
    match (a, b) {
        (Value::Amount { interval: i, unit: u, .. }, Value::Amount { interval: j, unit: v, .. }) => {
            let ends = |a: Option<crate::value::Decimal>, b: Option<crate::value::Decimal>| match (a, b) {
                (None, None) => 1.0,
                (Some(a), Some(b)) if a == b => 1.0,
                (Some(a), Some(b)) => a.min(b).checked_div(a.max(b)).and_then(|q| q.to_f64()).unwrap_or(0.0).clamp(0.0, 0.9),
                _ => 0.0,
            };
            let unit = if super::fact::dimension(u) == super::fact::dimension(v) { 1.0 } else { 0.2 };
            unit * (ends(i.min, j.min) + ends(i.max, j.max)) / 2.0
        }
        _ if a == b => 1.0,
        _ => 0.5,
    }
}
