//! Facts without a counterpart on their own programme. In: `Lefts`. Out: changes. A counterpart is looked for above (what a
//! programme states holds below it until something else is stated there), then anywhere in the call (the same fact may stand on
//! another programme now); what has none was added or removed.

use super::call::Call;
use super::changes::{Change, Held, Kind, Work};
use super::fact::{Fact, Field};
use super::pairing::{Left, Lefts, names, same_subject};

pub fn changes<'a>(work: &mut Work<'a, '_>, mut left: Lefts<'a>) {
    from_above(work, &mut left);
    from_elsewhere(work, &mut left);
    sets_from_elsewhere(work);
    for (lefts, kind) in [(left.old, Kind::Removed), (left.new, Kind::Added)] {
        for Left { pair, held } in lefts {
            let (old, new) = if kind == Kind::Removed { (vec![held], vec![]) } else { (vec![], vec![held]) };
            work.changes.push(Change::of(pair, kind, held.fact.field, old, new));
        }
    }
}

/// What is stated here now and was in force from above before, and the other way round.
fn from_above<'a>(work: &mut Work<'a, '_>, left: &mut Lefts<'a>) {
    let mut used: Vec<&Fact> = Vec::new();
    left.new.retain(|Left { pair, held }| {
        let Some(origin) = work.pairs[*pair].old.first().copied() else { return true };
        let Some(before) = in_force(work, work.old, origin, held.fact) else { return true };
        used.push(before.fact);
        settle(work, *pair, before, *held);
        false
    });
    left.old.retain(|l| !used.iter().any(|fact| std::ptr::eq(*fact, l.held.fact)));
    let mut used: Vec<&Fact> = Vec::new();
    left.old.retain(|Left { pair, held }| {
        let Some(image) = work.pairs[*pair].new.first().copied() else { return true };
        let Some(after) = in_force(work, work.new, image, held.fact) else { return true };
        used.push(after.fact);
        settle(work, *pair, *held, after);
        false
    });
    left.new.retain(|l| !used.iter().any(|fact| std::ptr::eq(*fact, l.held.fact)));
}

/// The nearest statement above `programme` of the kind of `fact` that holds for the programme.
fn in_force<'a>(work: &Work, call: &'a Call, programme: usize, fact: &Fact) -> Option<Held<'a>> {
    if !fact.field.is_inherited() || fact.needs_label() || fact.what == "total" || fact.what == "topic_total" {
        return None;
    }
    let title = work.words.name(&call.programmes[programme].title);
    let holds = |f: &Fact| f.is_alike(fact) && (f.applies_to.is_empty() || same_subject(f, fact) || names(&f.applies_to, &title));
    call.above(programme).find_map(|above| {
        let found = call.programmes[above].facts.iter().find(|f| holds(f))?;
        Some(Held { programme: above, fact: found })
    })
}

fn settle<'a>(work: &mut Work<'a, '_>, pair: usize, old: Held<'a>, new: Held<'a>) {
    let kind = if old.fact.same_terms(new.fact) { Kind::Moved } else { Kind::Changed };
    work.changes.push(Change::of(pair, kind, old.fact.field, vec![old], vec![new]));
}

/// The same fact on another programme; or one that was said of a subject and stands on the programme of that name now.
fn from_elsewhere<'a>(work: &mut Work<'a, '_>, left: &mut Lefts<'a>) {
    left.old.retain(|old| {
        let counterpart = left.new.iter().position(|new| is_counterpart(work, &old.held, &new.held));
        let Some(at) = counterpart else { return true };
        let new = left.new.remove(at);
        settle(work, new.pair, old.held, new.held);
        false
    });
}

fn is_counterpart(work: &Work, old: &Held, new: &Held) -> bool {
    let (a, b) = (old.fact, new.fact);
    let title = |call: &Call, held: &Held| work.words.name(&call.programmes[held.programme].title);
    let named = |subject: &str, call: &Call, held: &Held| !subject.is_empty() && names(subject, &title(call, held));
    let subject = || a.is_alike(b) && !a.needs_label() && (named(&a.applies_to, work.new, new) || named(&b.applies_to, work.old, old));
    let same_words = a.words() == b.words() || same_subject(a, b);
    a.key() == b.key() && a.field != Field::Projects && same_words || subject()
}

/// Members of sets that one programme lost and another won have moved.
fn sets_from_elsewhere(work: &mut Work) {
    let mut moved: Vec<Change> = Vec::new();
    for lost in 0..work.changes.len() {
        for won in 0..work.changes.len() {
            if lost == won || work.changes[lost].field != work.changes[won].field || !work.changes[lost].field.is_set() {
                continue;
            }
            let (here, there) = exchanged(&mut work.changes, lost, won);
            if !here.is_empty() {
                moved.push(Change::of(work.changes[won].pair, Kind::Moved, work.changes[won].field, here, there));
            }
        }
    }
    for change in &mut work.changes {
        if change.field.is_set() && change.kind == Kind::Changed {
            change.kind = match (change.old.is_empty(), change.new.is_empty()) {
                (true, _) => Kind::Added,
                (_, true) => Kind::Removed,
                _ => Kind::Changed,
            };
        }
    }
    work.changes.retain(|change| !change.field.is_set() || !change.old.is_empty() || !change.new.is_empty());
    work.changes.extend(moved);
}

/// Takes out of two changes what the one lost and the other won.
fn exchanged<'a>(changes: &mut [Change<'a>], lost: usize, won: usize) -> (Vec<Held<'a>>, Vec<Held<'a>>) {
    let (mut here, mut there) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(old) = changes[lost].old.get(at).copied() {
        let twin = changes[won].new.iter().position(|new| new.fact.key() == old.fact.key());
        match twin {
            None => at += 1,
            Some(twin) => {
                here.push(changes[lost].old.remove(at));
                there.push(changes[won].new.remove(twin));
            }
        }
    }
    (here, there)
}
