//! Changes in words: "per-project grant at most 80万元 → exactly 30万元 (−62.5%)". In: a `Comparison`. Out: `Said`. Never decides what
//! matters.

use super::speech::{EXACTLY, Speech, kind_of, name_of, tight};
use crate::cli::notation::one_line;
use crate::diff::{Call, Change, Comparison, Fact, Field, Held, Kind, Pair, Value, fold, year_shift};
use crate::value::{Decimal, Interval};

/// A change in words, whole and in the cells of a table.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// All of it in one line.
    pub text: String,
    /// What it is about, old and new value, remark: where both sides have a value.
    pub cells: Option<[String; 4]>,
    /// The change of the number in per cent, with one decimal.
    pub percent: Option<Decimal>,
}

impl Speech {
    /// One change.
    pub fn say(&self, comparison: &Comparison, change: &Change) -> Said {
        let Some(pair) = comparison.pairs.get(change.pair) else { return Said::default() };
        match change.field {
            Field::Programme => Said::line(self.programme(comparison, pair, change)),
            Field::Place => place(comparison, pair),
            Field::Issuers => Said::line(format!("issuers: {}", won_and_lost(&[change.words[1].clone()], &[change.words[0].clone()]))),
            _ if change.old.is_empty() && change.new.is_empty() => {
                let [old, new] = &change.words;
                Said::step(&change.field.name().replace('_', " "), old, new, "")
            }
            field if field.is_set() => Said::line(set(comparison, change)),
            _ => self.fact(comparison, pair, change),
        }
    }

    fn programme(&self, comparison: &Comparison, pair: &Pair, change: &Change) -> String {
        let titles =
            |call: &Call, places: &[usize]| places.iter().map(|at| call.programmes[*at].title.as_str()).collect::<Vec<_>>().join(", ");
        let facts = |what: &str, held: &[Held]| {
            let list = self.list(held);
            if list.is_empty() { format!("programme {what}") } else { format!("programme {what}: {list}") }
        };
        match change.kind {
            Kind::Removed if pair.outside => "not in the new document".into(),
            Kind::Added if pair.outside => "not in the old document".into(),
            Kind::Removed => facts("gone", &change.old),
            Kind::Added => facts("new", &change.new),
            kind => format!("{} → {} ({})", titles(comparison.old, &pair.old), titles(comparison.new, &pair.new), kind.name()),
        }
    }

    /// All that a programme states, each once.
    fn list(&self, held: &[Held]) -> String {
        let last = |field: Field| matches!(field, Field::Topics | Field::Agreements | Field::Contacts);
        let mut facts: Vec<&Fact> = held.iter().map(|h| h.fact).collect();
        facts.sort_by_key(|fact| last(fact.field));
        // What a set is called, with its members; any other fact alone.
        let mut out: Vec<(String, Vec<String>)> = Vec::new();
        let mut members: Vec<(Field, String)> = Vec::new();
        for fact in facts {
            if !fact.field.is_set() {
                let said = (self.what(fact), vec![self.value(fact)]);
                out.extend((!out.contains(&said)).then_some(said));
                continue;
            }
            let member = (fact.field, fact.value.key());
            if members.contains(&member) {
                continue;
            }
            members.push(member);
            let name = set_name(fact, false);
            match out.iter_mut().find(|(known, _)| *known == name) {
                Some((_, names)) => names.push(name_of(fact).into()),
                None => out.push((name, vec![name_of(fact).into()])),
            }
        }
        out.into_iter().map(|(what, said)| format!("{what} {}", said.join(" "))).collect::<Vec<_>>().join("; ")
    }

    fn fact(&self, comparison: &Comparison, pair: &Pair, change: &Change) -> Said {
        let (old, new) = (change.old.first(), change.new.first());
        match (old, new) {
            (Some(old), Some(new)) => self.step(comparison, pair, change.kind, old, new),
            (Some(old), None) => {
                let what = format!("{}{}", part_of(comparison.old, &pair.old, old), self.what(old.fact));
                Said::line(format!("{what} {}{} gone", self.value(old.fact), stated_for(comparison.old, &pair.old, old)))
            }
            (None, Some(new)) => {
                let what = format!("{}{}", part_of(comparison.new, &pair.new, new), self.what(new.fact));
                Said::line(format!("{what} {}{} new", self.value(new.fact), stated_for(comparison.new, &pair.new, new)))
            }
            (None, None) => Said::default(),
        }
    }

    /// A fact that became another.
    fn step(&self, comparison: &Comparison, pair: &Pair, kind: Kind, old: &Held, new: &Held) -> Said {
        let (a, b) = (old.fact, new.fact);
        let parts = [part_of(comparison.old, &pair.old, old), part_of(comparison.new, &pair.new, new)].concat();
        let what = format!("{parts}{}", self.what_in_step(a, b));
        let (before, after) = self.values(a, b);
        let title = |call: &Call, held: &Held| call.programmes[held.programme].title.clone();
        match kind {
            Kind::Moved => {
                let (from, to) = (title(comparison.old, old), title(comparison.new, new));
                return Said::line(format!("{what} {} unchanged, stated on {from} → on {to}", self.value(a)));
            }
            Kind::Reworded => {
                let words = |f: &Fact| f.evidence.as_ref().map(|e| tight(&e.text)).unwrap_or_default();
                let (from, to) = if a.words() == b.words() { (a.label.clone(), b.label.clone()) } else { (words(a), words(b)) };
                return Said::line(format!("{what} {} unchanged, words {from} → {to}", self.value(a)));
            }
            _ => {}
        }
        let mut notes = terms(a, b);
        if let (Value::Length { months, choices, start, end }, Value::Length { months: m, choices: c, start: s, end: e }) =
            (&a.value, &b.value)
            && (months, choices) == (m, c)
            && (months.min.is_some() || months.max.is_some())
        {
            notes.extend(window([start, end], [s, e], year_shift(comparison.old, comparison.new)));
            return Said::line(format!("{what} {} unchanged, {}", self.length(months, choices), notes.join(", ")));
        }
        if before == after {
            return Said::line(format!("{what} {before} unchanged, {}", notes.join(", ")));
        }
        let percent = percent(&a.value, &b.value);
        let above_old = stated_for(comparison.old, &pair.old, old);
        let above_new = stated_for(comparison.new, &pair.new, new);
        let mut said: Vec<String> = percent.iter().map(|p| signed(*p)).collect();
        said.extend((!above_old.is_empty()).then(|| "new here".to_string()));
        said.append(&mut notes);
        let note = if said.is_empty() { String::new() } else { format!("({})", said.join(", ")) };
        Said { percent, ..Said::step(&what, &format!("{before}{above_old}"), &format!("{after}{above_new}"), &note) }
    }

    /// The same, without a subject that differs: that is said beside the values.
    fn what_in_step(&self, a: &Fact, b: &Fact) -> String {
        if fold(&a.applies_to) == fold(&b.applies_to) { self.what(a) } else { kind_of(a) }
    }

    /// Old and new value; two exact numbers need no "exactly".
    fn values(&self, a: &Fact, b: &Fact) -> (String, String) {
        let single = |f: &Fact| match &f.value {
            Value::Amount { interval, approximate: false, .. } => interval.single(),
            _ => None,
        };
        let bare = single(a).is_some() && single(b).is_some();
        let strip = |said: String| if bare { said.trim_start_matches(EXACTLY).to_string() } else { said };
        let full = |f: &Fact| match &f.value {
            Value::Amount { interval, unit, .. } if !bare && unit.chars().count() != 3 && interval.single().is_some() => {
                format!("{EXACTLY}{}", self.value(f))
            }
            _ => self.value(f),
        };
        (strip(full(a)), strip(full(b)))
    }
}

impl Said {
    fn line(text: String) -> Said {
        Said { text, ..Said::default() }
    }

    fn step(what: &str, old: &str, new: &str, note: &str) -> Said {
        let gap = if note.is_empty() { "" } else { " " };
        match (old.is_empty(), new.is_empty()) {
            (true, _) => Said::line(format!("{what} {new} new")),
            (_, true) => Said::line(format!("{what} {old} gone")),
            _ => Said {
                text: format!("{what} {old} → {new}{gap}{note}"),
                cells: Some([what, old, new, note].map(String::from)),
                percent: None,
            },
        }
    }
}

/// The name of a set, as the fact's role and kind give it.
fn set_name(fact: &Fact, groups_apart: bool) -> String {
    let excluded = if fact.what == "excluded" { "excluded " } else { "" };
    match &fact.value {
        Value::Place { group: true, .. } if groups_apart => format!("{excluded}groups of countries"),
        Value::Place { .. } => format!("{excluded}countries"),
        _ => fact.field.name().into(),
    }
}
fn set(comparison: &Comparison, change: &Change) -> String {
    let names = |held: &[Held]| held.iter().map(|h| name_of(h.fact).to_string()).collect::<Vec<_>>();
    let Some(first) = change.old.first().or(change.new.first()) else { return String::new() };
    let name = set_name(first.fact, true);
    if change.kind == Kind::Moved {
        let title = |call: &Call, held: Option<&Held>| held.map(|h| call.programmes[h.programme].title.clone()).unwrap_or_default();
        let (from, to) = (title(comparison.old, change.old.first()), title(comparison.new, change.new.first()));
        return format!("{name} {} unchanged, stated on {from} → on {to}", names(&change.old).join(" "));
    }
    format!("{name}: {}", won_and_lost(&names(&change.new), &names(&change.old)))
}

fn won_and_lost(won: &[String], lost: &[String]) -> String {
    let list = |sign: &str, names: &[String]| {
        let names = names.join(" ");
        (!names.is_empty()).then(|| format!("{sign}{names}"))
    };
    [list("+", won), list("−", lost)].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn place(comparison: &Comparison, pair: &Pair) -> Said {
    let Some((old, new)) = pair.old.first().zip(pair.new.first()) else { return Said::default() };
    let below = |call: &Call, at: usize| match call.programmes[at].parent {
        Some(0) => "below the call".into(),
        Some(parent) => format!("below {}", call.programmes[parent].title),
        None => String::new(),
    };
    match (*old, *new) {
        (_, 0) => Said::line("part of the old document → the whole new document".into()),
        (0, _) => Said::line("the whole old document → part of the new document".into()),
        _ => Said::step("place", &below(comparison.old, *old), &below(comparison.new, *new), ""),
    }
}

/// The part of a merged or split programme that states a fact.
fn part_of(call: &Call, members: &[usize], held: &Held) -> String {
    let is_part = members.get(1..).is_some_and(|parts| parts.contains(&held.programme));
    if is_part { format!("{}: ", call.programmes[held.programme].title) } else { String::new() }
}

/// The programme above that states a fact which holds here.
fn stated_for(call: &Call, members: &[usize], held: &Held) -> String {
    let title = if held.programme == 0 { "the call" } else { &call.programmes[held.programme].title };
    if members.contains(&held.programme) { String::new() } else { format!(" (stated for {title})") }
}

/// What differs between two facts beside their values.
fn terms(a: &Fact, b: &Fact) -> Vec<String> {
    let mut out = Vec::new();
    let mut pair = |name: &str, a: &str, b: &str, none: &str| {
        if fold(a) != fold(b) {
            let say = |text: &str| if text.is_empty() { none.to_string() } else { format!("{name}{}", one_line(text).replace('_', " ")) };
            out.push(format!("{} → {}", say(a), say(b)));
        }
    };
    pair("for ", &a.applies_to, &b.applies_to, "for all");
    pair("", &a.force, &b.force, "required");
    pair("of the ", &a.scope, &b.scope, "of neither");
    pair("per ", &a.per, &b.per, "in all");
    pair("of ", &a.base, &b.base, "of nothing named");
    if a.any_of.is_empty() != b.any_of.is_empty() {
        pair("one of: ", &a.any_of, &b.any_of, "on its own");
    }
    let except = |f: &Fact, other: &Fact| -> Vec<String> {
        let known = |e: &String| other.except.iter().any(|o| fold(o) == fold(e));
        f.except.iter().filter(|e| !known(e)).map(|e| one_line(e)).collect()
    };
    let except = won_and_lost(&except(b, a), &except(a, b));
    out.extend((!except.is_empty()).then(|| format!("except {except}")));
    out
}

/// How the window beside an unchanged length changed.
fn window(old: [&String; 2], new: [&String; 2], years: i32) -> Option<String> {
    let said = |[start, end]: [&String; 2]| if start.is_empty() && end.is_empty() { String::new() } else { format!("{start}/{end}") };
    let (before, after) = (said(old), said(new));
    let shifted = |(a, b): (&String, &String)| {
        let year = |iso: &String| iso.get(..4).and_then(|y| y.parse::<i32>().ok());
        year(b)?.checked_sub(year(a)?).filter(|_| a.get(4..) == b.get(4..))
    };
    let by = (shifted((old[0], new[0])), shifted((old[1], new[1])));
    match (before.is_empty(), after.is_empty()) {
        _ if before == after => None,
        (true, _) => Some(format!("window {after} new")),
        (_, true) => Some(format!("window {before} gone")),
        _ => Some(match by {
            (Some(a), Some(b)) if a == b && a != 0 => format!("window moved {} ({before} → {after})", years_in_words(a)),
            _ if years != 0 => format!("window {before} → {after}"),
            _ => format!("window moved ({before} → {after})"),
        }),
    }
}

fn years_in_words(years: i32) -> String {
    const WORDS: [&str; 11] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let count = WORDS.get(years.unsigned_abs() as usize).map_or_else(|| years.unsigned_abs().to_string(), |w| (*w).to_string());
    let back = if years < 0 { "back " } else { "" };
    format!("{back}by {count} year{}", if years.unsigned_abs() == 1 { "" } else { "s" })
}

/// By how many per cent an amount of one dimension changed, to one decimal.
fn percent(a: &Value, b: &Value) -> Option<Decimal> {
    let (Value::Amount { interval: i, unit: u, .. }, Value::Amount { interval: j, unit: v, .. }) = (a, b) else { return None };
    let counts = |unit: &str| !matches!(unit, "%" | "ratio");
    let same = u == v || !u.is_ascii() && !v.is_ascii();
    let end = |interval: &Interval| if interval.max == interval.min || interval.min.is_none() { interval.max } else { None };
    let ends = end(i).or(i.min).zip(end(j).or(j.min));
    let both_open = i.min.is_some() && i.max.is_some() && i.min != i.max || j.min.is_some() && j.max.is_some() && j.min != j.max;
    let (from, to) = if both_open { i.max.zip(j.max)? } else { ends? };
    let change = to.checked_sub(from)?.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(from)?.round_dp(1).normalize();
    (same && counts(u) && !change.is_zero()).then_some(change)
}

/// A percentage with its sign.
fn signed(percent: Decimal) -> String {
    let sign = if percent.is_sign_negative() { "−" } else { "+" };
    format!("{sign}{}%", percent.abs())
}
