//! Changes of the document and its tree: what it says of itself; which programmes came, went, merged, split, moved, were renamed
//! or numbered anew. In: the pairs. Out: changes and fates. Never looks at facts, but to list those of a programme that came or went.

use super::call::Call;
use super::changes::{Change, Held, Kind, Work};
use super::fact::Field;
use super::words::fold;
use super::{Fate, Pair};

pub fn changes(work: &mut Work) {
    document(work);
    for at in 0..work.pairs.len() {
        let (old, new) = (work.pairs[at].old.clone(), work.pairs[at].new.clone());
        match (old.first(), new.first()) {
            (Some(o), Some(n)) => {
                joined(work, at);
                titles(work, at, *o, *n);
                place(work, at, *o, *n);
                order(work, at, *o, *n);
            }
            (Some(o), None) => alone(work, at, Kind::Removed, work.old, *o),
            (None, Some(n)) => alone(work, at, Kind::Added, work.new, *n),
            (None, None) => {}
        }
    }
    for at in 0..work.pairs.len() {
        numbers(work, at);
    }
}

/// What the document says of itself stands on the pair of the new call, or where that has no match, of the old one.
fn document(work: &mut Work) {
    let (old, new) = (work.old, work.new);
    let pair = |is: &dyn Fn(&Pair) -> bool| work.pairs.iter().position(is);
    let is_new = |p: &Pair| p.new.first() == Some(&0) && !p.old.is_empty();
    let at = pair(&is_new).or(pair(&|p| p.old.first() == Some(&0) && !p.new.is_empty())).unwrap_or_default();
    let year = |year: Option<i32>| year.map(|y| y.to_string()).unwrap_or_default();
    let issuers = |call: &Call, other: &Call| {
        let known = |name: &str| other.issuers.iter().any(|issuer| fold(&issuer.name) == fold(name));
        let names = call.issuers.iter().map(|issuer| issuer.name.as_str()).filter(|name| !known(name));
        names.collect::<Vec<_>>().join(" ")
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    for (field, before, after) in [
        (Field::Year, year(old.year), year(new.year)),
        (Field::Issuers, issuers(old, new), issuers(new, old)),
        (Field::DocumentNumber, text(&old.document_number), text(&new.document_number)),
        (Field::PublishedOn, text(&old.published_on), text(&new.published_on)),
    ] {
        if before != after {
            work.changes.push(Change::said(at, came_or_went(&before, &after), field, &before, &after));
        }
    }
}

fn came_or_went(before: &str, after: &str) -> Kind {
    match (before.is_empty(), after.is_empty()) {
        (true, _) => Kind::Added,
        (_, true) => Kind::Removed,
        _ => Kind::Changed,
    }
}

/// A programme without a match, with all that it states. Beside the part that is compared, only the topmost is told.
fn alone<'a>(work: &mut Work<'a, '_>, at: usize, kind: Kind, call: &'a Call, programme: usize) {
    let parent = call.programmes[programme].parent;
    let is_old = kind == Kind::Removed;
    let beside = |p: &Pair, other: usize| p.outside && (if is_old { &p.old } else { &p.new }).first() == Some(&other);
    let told = |parent: usize| parent > 0 && work.pairs.iter().any(|p| beside(p, parent));
    if work.pairs[at].outside && (programme == 0 || parent.is_some_and(told)) {
        return;
    }
    let facts = call.programmes[programme].facts.iter().map(|fact| Held { programme, fact }).collect();
    let (old, new) = if is_old { (facts, vec![]) } else { (vec![], facts) };
    work.changes.push(Change::of(at, kind, Field::Programme, old, new));
}

fn joined(work: &mut Work, at: usize) {
    let pair = &work.pairs[at];
    let kinds = [(pair.old.len() > 1, Kind::Merged), (pair.new.len() > 1, Kind::Split)];
    work.changes.extend(kinds.into_iter().filter(|(is, _)| *is).map(|(_, kind)| Change::new(at, kind, Field::Programme)));
}

fn titles(work: &mut Work, at: usize, old: usize, new: usize) {
    let (before, after) = (&work.old.programmes[old].title, &work.new.programmes[new].title);
    let same = |name: &dyn Fn(&str) -> String| name(before) == name(after);
    if before == after || same(&|t| fold(t)) {
        return;
    }
    let kind = if !same(&|t| work.words.name(t)) {
        work.pairs[at].fates.push(Fate::Renamed);
        Kind::Changed
    } else if same(&|t| work.words.timeless(t)) {
        // Only the year differs; that is said once for the document.
        if old == 0 && work.old.year != work.new.year {
            return;
        }
        Kind::Moved
    } else {
        Kind::Reworded
    };
    work.changes.push(Change::said(at, kind, Field::Title, before, after));
}

fn place(work: &mut Work, at: usize, old: usize, new: usize) {
    let (above_old, above_new) = (work.old.programmes[old].parent, work.new.programmes[new].parent);
    let moved = match (above_old, above_new) {
        (Some(o), Some(n)) => work.matching.image(o) != Some(n) && work.matching.origin(n) != Some(o),
        (o, n) => o.is_some() || n.is_some(),
    };
    if moved {
        let title = |call: &Call, parent: Option<usize>| parent.map(|p| call.programmes[p].title.clone()).unwrap_or_default();
        let (before, after) = (title(work.old, above_old), title(work.new, above_new));
        work.pairs[at].fates.push(Fate::Moved);
        work.changes.push(Change::said(at, Kind::Moved, Field::Place, &before, &after));
    }
}

/// The children that both have, in another order: told once for the parent; those out of line have moved.
fn order(work: &mut Work, at: usize, old: usize, new: usize) {
    let children = &work.new.programmes[new].children;
    let place = |child: &usize| {
        let twin = work.matching.new_of(*child)?;
        Some((twin, children.iter().position(|c| *c == twin)?))
    };
    let both: Vec<(usize, usize)> = work.old.programmes[old].children.iter().filter_map(place).collect();
    let kept = longest_rise(&both.iter().map(|(_, place)| *place).collect::<Vec<_>>());
    let moved: Vec<usize> = both.iter().enumerate().filter(|(i, _)| !kept.contains(i)).map(|(_, (twin, _))| *twin).collect();
    if moved.is_empty() {
        return;
    }
    let titles = |twins: &[(usize, usize)]| {
        let titles: Vec<&str> = twins.iter().map(|(twin, _)| work.new.programmes[*twin].title.as_str()).collect();
        titles.join(", ")
    };
    let mut after = both.clone();
    after.sort_by_key(|(_, place)| *place);
    let change = Change::said(at, Kind::Moved, Field::Order, &titles(&both), &titles(&after));
    work.changes.push(change);
    for pair in work.pairs.iter_mut().filter(|pair| pair.new.first().is_some_and(|n| moved.contains(n))) {
        pair.fates.push(Fate::Moved);
    }
}

/// Places of a longest rising run of `places`, which are all different.
fn longest_rise(places: &[usize]) -> Vec<usize> {
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(places.len());
    for (i, place) in places.iter().enumerate() {
        let before = (0..i).filter(|j| places[*j] < *place).max_by_key(|j| (best[*j].0, std::cmp::Reverse(*j)));
        best.push((before.map_or(1, |j| best[j].0 + 1), before));
    }
    let mut at = (0..best.len()).max_by_key(|i| (best[*i].0, std::cmp::Reverse(*i)));
    let mut out = Vec::new();
    while let Some(i) = at {
        out.push(i);
        at = best[i].1;
    }
    out
}

/// An ordinal that changed. Where programmes came, went or moved around it, it only followed.
fn numbers(work: &mut Work, at: usize) {
    let pair = &work.pairs[at];
    let Some((o, n)) = pair.old.first().zip(pair.new.first()) else { return };
    let (old, new) = (&work.old.programmes[*o], &work.new.programmes[*n]);
    let followed = pair.fates.contains(&Fate::Moved) || old.parent.zip(new.parent).is_some_and(|(o, n)| !same_children(work, o, n));
    if super::words::same(&old.number, &new.number) || old.parent.is_none() || new.parent.is_none() {
        return;
    }
    let kind = if followed { Kind::Reworded } else { Kind::Changed };
    work.changes.push(Change::said(at, kind, Field::Number, &old.number, &new.number));
}

/// Whether two parents have the same children in the same order.
fn same_children(work: &Work, old: usize, new: usize) -> bool {
    let twins: Vec<Option<usize>> = work.old.programmes[old].children.iter().map(|child| work.matching.new_of(*child)).collect();
    twins == work.new.programmes[new].children.iter().map(|child| Some(*child)).collect::<Vec<_>>()
}
