//! Which programme of the old call became which of the new one. In: two calls, their likeness, what the user forces. Out:
//! `Matching`: pairs, one to one, and the programmes that went into the match of another or came out of it. Never matches a
//! programme twice, but for those the user says are one.

use std::collections::BTreeSet;

use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;

use super::call::{Call, Programme};
use super::fact::{Fact, Field, Value};
use super::similar::Similar;

/// Programmes less alike than this are not matched.
pub const ENOUGH: f64 = 0.35;

/// How much of a title must stand in another for the one to be a part of the other.
const PART_OF_TITLE: f64 = 0.7;

/// The role of a place that is no partner.
const EXCLUDED: &str = "excluded";

/// Likeness as whole numbers, for the assignment.
const SCALE: f64 = 1e9;

#[derive(Debug, Default)]
pub struct Matching {
    /// Old and new programme, and how alike they are; sorted.
    pub pairs: Vec<(usize, usize, f64)>,
    /// An old programme beside the one that is paired with the new one.
    pub merged: Vec<(usize, usize)>,
    /// An old programme and a new one beside the one that it is paired with.
    pub split: Vec<(usize, usize)>,
}

impl Matching {
    pub fn new_of(&self, old: usize) -> Option<usize> {
        self.pairs.iter().find(|(o, ..)| *o == old).map(|(_, n, _)| *n)
    }

    pub fn old_of(&self, new: usize) -> Option<usize> {
        self.pairs.iter().find(|(_, n, _)| *n == new).map(|(o, ..)| *o)
    }

    /// Where an old programme went: to its pair, or into the pair of another.
    pub fn image(&self, old: usize) -> Option<usize> {
        self.new_of(old).or_else(|| self.merged.iter().find(|(o, _)| *o == old).map(|(_, n)| *n))
    }

    /// Where a new programme came from.
    pub fn origin(&self, new: usize) -> Option<usize> {
        self.old_of(new).or_else(|| self.split.iter().find(|(_, n)| *n == new).map(|(o, _)| *o))
    }
}

/// Matches the programmes of two calls. `forced` holds pairs that are given; a second pair with one side the same is a merger
/// or a split.
pub fn matching(old: &Call, new: &Call, similar: &Similar, forced: &[(usize, usize)]) -> Matching {
    let mut out = Matching::default();
    for (o, n) in forced {
        match (out.new_of(*o), out.old_of(*n)) {
            (None, None) => out.pairs.push((*o, *n, similar.likeness(*o, *n))),
            (None, Some(_)) => out.merged.push((*o, *n)),
            (Some(_), None) => out.split.push((*o, *n)),
            _ => {}
        }
    }
    let free_old: Vec<usize> = (0..old.programmes.len()).filter(|o| out.image(*o).is_none()).collect();
    let free_new: Vec<usize> = (0..new.programmes.len()).filter(|n| out.origin(*n).is_none()).collect();
    out.pairs.extend(assign(&free_old, &free_new, similar));
    // A call is always compared with something: at worst with the other call.
    if out.image(0).is_none() && out.origin(0).is_none() {
        out.pairs.push((0, 0, similar.likeness(0, 0)));
    }
    only_ones(old, new, similar, &mut out);
    out.pairs.sort_by_key(|(o, n, _)| (*o, *n));
    mergers(old, new, similar, &mut out);
    out
}

/// Assigns free programmes to each other. The nearer of two equals in document order is preferred.
fn assign(old: &[usize], new: &[usize], similar: &Similar) -> Vec<(usize, usize, f64)> {
    let farthest = (old.len() + new.len()) as i64;
    let likeness = |row: usize, column: usize| similar.likeness(old[row], new[column]);
    let weight = |row: usize, column: usize| {
        let likeness = likeness(row, column);
        if likeness < ENOUGH { 0 } else { (likeness * SCALE) as i64 + farthest - (row as i64 - column as i64).abs() }
    };
    let assigned = assignment(old.len(), new.len(), weight);
    assigned.into_iter().map(|(row, column)| (old[row], new[column], likeness(row, column))).collect()
}

/// The one-to-one assignment of rows to columns with the greatest weight in sum; a weight of 0 assigns nothing.
pub fn assignment(rows: usize, columns: usize, weight: impl Fn(usize, usize) -> i64) -> Vec<(usize, usize)> {
    // The algorithm wants no more rows than columns.
    let turned = rows > columns;
    let (short, long) = if turned { (columns, rows) } else { (rows, columns) };
    if short == 0 {
        return vec![];
    }
    let ends = |(a, b): (usize, usize)| if turned { (b, a) } else { (a, b) };
    let weights = Matrix::from_fn(short, long, |place| {
        let (row, column) = ends(place);
        weight(row, column)
    });
    let (_, assigned) = kuhn_munkres(&weights);
    assigned.into_iter().enumerate().filter(|place| weights[*place] > 0).map(ends).collect()
}

/// Where under matched parents one programme on each side is left, with the same number and facts, only its title changed.
fn only_ones(old: &Call, new: &Call, similar: &Similar, out: &mut Matching) {
    // Parents stand before children, so that what is found here counts for those below.
    for o in 0..old.programmes.len() {
        let Some(n) = out.new_of(o) else { continue };
        let left_old: Vec<usize> = old.programmes[o].children.iter().copied().filter(|c| out.image(*c).is_none()).collect();
        let left_new: Vec<usize> = new.programmes[n].children.iter().copied().filter(|c| out.origin(*c).is_none()).collect();
        let ([a], [b]) = (left_old.as_slice(), left_new.as_slice()) else { continue };
        let as_many = old.programmes[*a].children.len() == new.programmes[*b].children.len();
        if as_many && similar.same_facts(*a, *b) {
            out.pairs.push((*a, *b, similar.likeness(*a, *b)));
        }
    }
}

/// Programmes without a match of their own that went into the match of another, or came out of it.
fn mergers(old: &Call, new: &Call, similar: &Similar, out: &mut Matching) {
    let pairs: Vec<(usize, usize)> = out.pairs.iter().map(|(o, n, _)| (*o, *n)).collect();
    let turned: Vec<(usize, usize)> = pairs.iter().map(|(o, n)| (*n, *o)).collect();
    let lost: Vec<usize> = (0..old.programmes.len()).filter(|o| out.image(*o).is_none()).collect();
    let won: Vec<usize> = (0..new.programmes.len()).filter(|n| out.origin(*n).is_none()).collect();
    let old_named = |part: usize, whole: usize| similar.old_title_within(part, whole) >= PART_OF_TITLE;
    let new_named = |part: usize, whole: usize| similar.new_title_within(part, whole) >= PART_OF_TITLE;
    for part in lost {
        let into = pairs.iter().find(|(main, whole)| is_part(old, part, *main, new, *whole, old_named));
        out.merged.extend(into.map(|(_, whole)| (part, *whole)));
    }
    for part in won {
        let from = turned.iter().find(|(main, whole)| is_part(new, part, *main, old, *whole, new_named));
        out.split.extend(from.map(|(_, whole)| (*whole, part)));
    }
}

/// Whether `part`, which has no match, has gone into `whole`, the match of `main`, which stands above or beside it.
fn is_part(here: &Call, part: usize, main: usize, there: &Call, whole: usize, named: impl Fn(usize, usize) -> bool) -> bool {
    let beside = here.programmes[part].parent.is_some() && here.programmes[part].parent == here.programmes[main].parent;
    // A title that names both: neither says it all.
    let both_named = || named(part, whole) && named(main, whole) && !same_title(here, main, there, whole);
    (beside || here.is_within(part, main)) && joins(here, part, main, there, whole) || beside && both_named()
}

fn same_title(here: &Call, main: usize, there: &Call, whole: usize) -> bool {
    here.programmes[main].title == there.programmes[whole].title
}

/// Whether what `part` states has gone into `whole`, the match of `main` in the other call: partners, topics, or, where the
/// level of `part` is gone, the grant that `main` left to the parts.
fn joins(here: &Call, part: usize, main: usize, there: &Call, whole: usize) -> bool {
    let (p, m, w) = (&here.programmes[part], &here.programmes[main], &there.programmes[whole]);
    let level_gone = w.children.is_empty() && p.parent == Some(main) && !states_grant(m) && states_grant(p) && states_grant(w);
    // A call that still has parts lists partners and topics for all of them.
    let tells = m.parent.is_some() || w.children.is_empty();
    level_gone || tells && (shares(p, w, m, Field::Countries, 2) || shares(p, w, m, Field::Topics, 3))
}

fn states_grant(programme: &Programme) -> bool {
    programme.facts.iter().any(|f| f.field == Field::Funding && f.what == "per_project")
}

/// Whether half of what `part` lists, at least `least` things, stands in the list of `whole` and not already in that of `main`.
fn shares(part: &Programme, whole: &Programme, main: &Programme, field: Field, least: usize) -> bool {
    let keys = |programme: &'_ Programme| -> BTreeSet<String> {
        let listed = programme.facts.iter().filter(|f| f.field == field && f.what != EXCLUDED && counts(f, programme));
        listed.map(|f| f.value.key()).collect()
    };
    let (mine, theirs, known) = (keys(part), keys(whole), keys(main));
    let shared = mine.iter().filter(|key| theirs.contains(*key) && !known.contains(*key)).count();
    shared >= least && 2 * shared >= mine.len()
}

/// A place that the programme itself leaves out is no partner of it.
pub fn counts(fact: &Fact, programme: &Programme) -> bool {
    let Value::Place { code, .. } = &fact.value else { return true };
    let leaves_out = |f: &Fact| f.what == EXCLUDED && matches!(&f.value, Value::Place { code: other, .. } if other == code);
    fact.what == EXCLUDED || !programme.facts.iter().any(leaves_out)
}
