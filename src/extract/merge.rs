//! Statements that belong together become one fact: a length and its dates, a share and its ceiling, a count and the bounds on
//! each counted thing. In: the facts of a document. Out: the same in text order, fewer.

use super::{Fact, Value};
use crate::sign::ends_sentence;
use crate::table::{FactKind, List, Strength, Tables};
use crate::value::{Date, Interval};

/// How many facts before or after another are looked at: what belongs together stands together.
const NEAR: usize = 12;

/// Joins what belongs together.
pub fn merge(facts: &mut Vec<Fact>, text: &str, tables: &Tables) {
    facts.sort_by_cached_key(|f| (f.core.start, f.core.end));
    pairs(facts, text, tables);
    carry(facts, text);
    hang(facts, text);
}

/// A number of projects without a subject is of the one that the money before it was for: 重点项目经费 …，支持总数 ….
fn carry(facts: &mut [Fact], text: &str) {
    for i in 1..facts.len() {
        let (before, rest) = facts.split_at_mut(i);
        let fact = &mut rest[0];
        if fact.kind == FactKind::Projects && fact.subject.is_none() {
            let money = before.iter().rev().take(NEAR).find(|f| f.kind == FactKind::Funding && same_place(f, fact, text));
            fact.subject = money.and_then(|f| f.subject);
        }
    }
}

/// A fact and the nearest of its kind before it.
fn pairs(facts: &mut Vec<Fact>, text: &str, tables: &Tables) {
    let mut joined = vec![false; facts.len()];
    for next in 0..facts.len() {
        let (earlier, later) = facts.split_at_mut(next);
        let mut near = (0..next).rev().filter(|at| !joined[*at]).take(NEAR);
        if let Some(at) = near.find(|at| earlier[*at].kind == later[0].kind) {
            joined[next] = same_place(&earlier[at], &later[0], text) && join(&mut earlier[at], &later[0], text, tables);
        }
    }
    let mut joined = joined.into_iter();
    facts.retain(|_| joined.next() == Some(false));
}

/// Joins two facts that are one statement, and says whether they are.
fn join(first: &mut Fact, second: &Fact, text: &str, tables: &Tables) -> bool {
    if window(first, second, text) {
        join_window(first, second);
    } else if share(first, second) {
        join_share(first, second);
    } else if let Some(interval) = interval(first, second, text, tables) {
        first.span = first.span.cover(&second.span);
        first.value = Value::Amount { interval, choices: vec![] };
    } else {
        return false;
    }
    true
}

/// One section, and no full stop between them.
fn same_place(a: &Fact, b: &Fact, text: &str) -> bool {
    a.node == b.node && a.core.end <= b.core.start && !text[a.core.end..b.core.start].contains(|c| ends_sentence(c) && c != ';')
}

/// A length and a range of dates, in either order; or a start, and then an end, be it behind a length. They are not said of two.
fn window(a: &Fact, b: &Fact, text: &str) -> bool {
    let is_range = |f: &Fact| matches!(f.value, Value::Period(..) | Value::Date(_));
    let is_length = |f: &Fact| matches!(f.value, Value::Amount { .. });
    let is_whole = || matches!((a.dates(), b.dates()), ((Some(start), None), (None, Some(end))) if start <= end);
    a.kind == FactKind::Period
        && a.role == b.role
        && b.subject.is_none_or(|subject| a.subject.is_none_or(|own| own.of(text) == subject.of(text)))
        && (a.window == (None, None) && (is_length(a) && is_range(b) || is_range(a) && is_length(b)) || is_whole())
}

fn join_window(first: &mut Fact, second: &Fact) {
    first.span = first.span.cover(&second.span);
    first.in_principle |= second.in_principle;
    match (&first.value, &second.value) {
        (Value::Amount { .. }, _) => {
            let (start, end) = second.dates();
            first.window = (first.window.0.or(start), first.window.1.or(end));
        }
        (Value::Date(start), Value::Date(end)) => (first.value, first.bound) = (Value::Period(*start, *end), None),
        _ => {
            first.window = first.dates();
            first.value = second.value.clone();
            (first.unit, first.months) = (second.unit, second.months);
        }
    }
}

/// A share, then the ceiling of the amount: 按投资额的10%补助，最高500万元. A part of the grant has none.
fn share(a: &Fact, b: &Fact) -> bool {
    let ceiling = |f: &Fact| f.value.interval().min.is_none();
    let is_share = |f: &Fact| f.unit == "%" && f.rate.is_none();
    a.kind == FactKind::Funding && a.role != Some("other") && is_share(a) && b.unit != "%" && b.rate.is_none() && ceiling(b)
}

fn join_share(first: &mut Fact, second: &Fact) {
    first.span = first.span.cover(&second.span);
    first.rate = Some(first.value.interval());
    if second.role == Some("per_project") && second.rule.strength == Some(Strength::Strong) {
        first.role = second.role;
    }
    first.value = second.value.clone();
    first.unit = second.unit;
    first.per += &second.per;
}

/// A floor and a ceiling of one thing, side by side, the second without a name of its own: 不低于500万元、不高于1000万元.
fn interval(a: &Fact, b: &Fact, text: &str, tables: &Tables) -> Option<Interval> {
    let gap = a.span.end..b.span.start;
    let is_beside = || gap.start < gap.end && tables.lexicon.list(List::BetweenBounds).iter().any(|sign| *sign == text[gap.clone()]);
    let is_alike = (a.role, a.metric, a.unit) == (b.role, b.metric, b.unit) && (&a.rate, &b.rate) == (&None, &None);
    let names_another = b.label.is_some_and(|label| Some(label) != a.label) || b.subject.is_some_and(|subject| Some(subject) != a.subject);
    (is_alike && !names_another && is_beside()).then(|| a.value.interval().closed_by(b.value.interval())).flatten()
}

/// Hangs bounds on each counted thing (50人以上的会议) under the count of those things, and tiers under their money, the nearest of the
/// sentence.
fn hang(facts: &mut Vec<Fact>, text: &str) {
    let host = |i: usize| {
        let fact = &facts[i];
        let from = i.saturating_sub(NEAR);
        let neighbours = facts.iter().enumerate().take(i + NEAR).skip(from);
        let hosts = neighbours.filter(|(j, other)| *j != i && may_hang(fact, other) && near(fact, other, text));
        hosts.min_by_key(|(_, other)| (other.core.start.abs_diff(fact.core.start), other.core.start)).map(|(j, _)| j)
    };
    let hosts: Vec<Option<usize>> = (0..facts.len()).map(|i| if facts[i].rule.gives.within.is_empty() { None } else { host(i) }).collect();
    let host_of = |i: usize| hosts[i].filter(|host| hosts[*host].is_none());
    for (i, host) in (0..facts.len()).filter_map(|i| Some((i, host_of(i)?))) {
        let child = Fact { kind: FactKind::Kpis, ..facts[i].clone() };
        facts[host].span = facts[host].span.cover(&child.span);
        facts[host].of.push(child);
    }
    let mut places = 0..;
    facts.retain(|_| places.next().is_none_or(|i| host_of(i).is_none()));
}

/// A bound hangs under a target by its metric, and a tier under the money that is paid at it by its role.
fn may_hang(fact: &Fact, host: &Fact) -> bool {
    let name = match host.kind {
        FactKind::Kpis => Some(host.metric),
        FactKind::Funding => host.role,
        _ => None,
    };
    name.is_some_and(|name| fact.rule.gives.within.iter().any(|held| held == name))
}

fn near(a: &Fact, b: &Fact, text: &str) -> bool {
    let (from, to) = if a.core.start < b.core.start { (a.core.end, b.core.start) } else { (b.core.end, a.core.start) };
    a.node == b.node && from <= to && !text[from..to].contains(ends_sentence)
}

impl Fact {
    /// The start and the end that it states, or that go with it.
    pub fn dates(&self) -> (Option<Date>, Option<Date>) {
        match self.value {
            Value::Period(start, end) => (Some(start), Some(end)),
            Value::Date(date) if self.bound == Some("not_before") => (Some(date), None),
            Value::Date(date) => (None, Some(date)),
            _ => self.window,
        }
    }

    /// The interval of an amount, `rate` for a share that stands alone.
    pub fn shares(&self) -> Option<Interval> {
        self.rate.or_else(|| (self.unit == "%").then(|| self.value.interval()))
    }
}
