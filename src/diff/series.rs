//! The history of a line of calls: what one office issues year after year under one name. In: calls of any years. Out: lines,
//! each with a row for every call, by year. Two calls are of one line where their titles, without year, serial number and frame,
//! are alike (`SAME_LINE`), and the offices are the same or one of the calls names none.

use super::call::Call;
use super::fact::{Fact, Field, Value};
use super::words::{TitleWords, fold, likeness};
use crate::value::{Decimal, Interval};

/// Names of lines less alike than this are two lines.
const SAME_LINE: f64 = 0.8;

/// The calls of one line.
#[derive(Debug)]
pub struct Line<'a> {
    pub issuers: Vec<String>,
    /// The title of the last call that has one.
    pub title: String,
    /// By year, then by file.
    pub rows: Vec<Row<'a>>,
}

/// One call of a line.
#[derive(Debug)]
pub struct Row<'a> {
    pub year: Option<i32>,
    pub file: &'a str,
    pub title: &'a str,
    /// The least and the most that a project of some programme can get, in yuan.
    pub grant: Option<(Decimal, Decimal)>,
    /// The budget in yuan: stated for the whole, else the sum of what is stated for its parts.
    pub total: Option<Decimal>,
    pub projects: Option<Decimal>,
    /// Shortest and longest length of a project in months.
    pub months: Option<Interval>,
    /// The first and the last day for applications, ISO 8601.
    pub deadline: Option<(&'a str, &'a str)>,
    /// Partner countries and groups, as the call names them.
    pub countries: Vec<&'a str>,
    /// Targets of the call as a whole.
    pub targets: Vec<&'a Fact>,
    /// How many targets single projects have.
    pub project_targets: usize,
}

/// What tells the line of a call.
#[derive(Debug)]
pub struct LineKey {
    pub issuers: Vec<String>,
    /// The title without year, serial number and frame.
    pub name: String,
}

impl LineKey {
    pub fn of(call: &Call, words: &TitleWords) -> LineKey {
        let issuers = call.issuers.iter().map(|issuer| fold(&issuer.name)).collect();
        LineKey { issuers, name: call.title.as_deref().map(|title| words.name(title)).unwrap_or_default() }
    }

    /// Whether two calls are of one line.
    pub fn is_like(&self, other: &LineKey) -> bool {
        let offices = self.issuers.is_empty() || other.issuers.is_empty() || self.issuers.iter().any(|name| other.issuers.contains(name));
        offices && !self.name.is_empty() && likeness(&self.name, &other.name) >= SAME_LINE
    }
}

/// The lines that some calls make, in the order of their names. A call without title is a line of its own.
pub fn series<'a>(calls: &'a [Call], words: &TitleWords) -> Vec<Line<'a>> {
    let mut groups: Vec<Vec<(LineKey, &Call)>> = Vec::new();
    for call in calls {
        let key = LineKey::of(call, words);
        match groups.iter_mut().find(|group| group.iter().all(|(other, _)| key.is_like(other))) {
            Some(group) => group.push((key, call)),
            None => groups.push(vec![(key, call)]),
        }
    }
    let mut lines: Vec<Line> = groups.into_iter().map(|group| line(group.into_iter().map(|(_, call)| call).collect())).collect();
    lines.sort_by(|a, b| (&a.issuers, &a.title).cmp(&(&b.issuers, &b.title)));
    lines
}

fn line(mut calls: Vec<&Call>) -> Line<'_> {
    calls.sort_by(|a, b| (a.year(), &a.source.file).cmp(&(b.year(), &b.source.file)));
    let mut issuers: Vec<String> = Vec::new();
    for issuer in calls.iter().flat_map(|call| &call.issuers) {
        if !issuers.contains(&issuer.name) {
            issuers.push(issuer.name.clone());
        }
    }
    let title = calls.iter().rev().find_map(|call| call.title.clone()).unwrap_or_default();
    Line { issuers, title, rows: calls.into_iter().map(row).collect() }
}

fn row(call: &Call) -> Row<'_> {
    let facts = || call.programmes.iter().flat_map(|programme| &programme.facts);
    let grants = facts().filter(|f| f.field == Field::Funding && f.what == "per_project").filter_map(yuan);
    let closes = facts().filter(|f| f.field == Field::Deadlines && f.what == "application_close").filter_map(|f| match &f.value {
        Value::Moment { at, .. } if !at.is_empty() => Some(at.as_str()),
        _ => None,
    });
    let mut countries: Vec<(&str, &str)> = Vec::new();
    for fact in facts().filter(|f| f.field == Field::Countries && f.what == "partner") {
        let Value::Place { code, .. } = &fact.value else { continue };
        if countries.iter().all(|(known, _)| known != code) {
            countries.push((code, if fact.label.is_empty() { code } else { &fact.label }));
        }
    }
    let kpis = || facts().filter(|f| f.field == Field::Kpis);
    Row {
        year: call.year(),
        file: &call.source.file,
        title: call.title.as_deref().unwrap_or_default(),
        grant: ends(grants),
        total: sum(call, 0, &|f| (f.field == Field::Funding && f.what == "total").then(|| yuan(f)).flatten()),
        projects: sum(call, 0, &|f| (f.field == Field::Projects).then(|| most(f)).flatten()),
        months: months(call),
        deadline: ends(closes),
        countries: countries.into_iter().map(|(_, name)| name).collect(),
        targets: kpis().filter(|f| f.scope == "programme").collect(),
        project_targets: kpis().filter(|f| f.scope != "programme").count(),
    }
}

/// The least and the greatest.
fn ends<T: Ord + Copy>(values: impl Iterator<Item = T>) -> Option<(T, T)> {
    values.fold(None, |ends, value| Some(ends.map_or((value, value), |(least, most): (T, T)| (least.min(value), most.max(value)))))
}

fn most(fact: &Fact) -> Option<Decimal> {
    match &fact.value {
        Value::Amount { interval, .. } => interval.max.or(interval.min),
        _ => None,
    }
}

fn yuan(fact: &Fact) -> Option<Decimal> {
    matches!(&fact.value, Value::Amount { unit, .. } if unit == "CNY").then(|| most(fact)).flatten()
}

/// What a programme states for itself, else the sum over those below it that state it.
fn sum(call: &Call, at: usize, stated: &dyn Fn(&Fact) -> Option<Decimal>) -> Option<Decimal> {
    let programme = call.programmes.get(at)?;
    let own = programme.facts.iter().filter(|f| f.applies_to.is_empty()).find_map(stated);
    own.or_else(|| {
        let below = programme.children.iter().filter_map(|child| sum(call, *child, stated));
        below.fold(None, |all: Option<Decimal>, one| all.unwrap_or_default().checked_add(one).or(all))
    })
}

fn months(call: &Call) -> Option<Interval> {
    let lengths = call.programmes.iter().flat_map(|p| &p.facts).filter(|f| f.what == "project").filter_map(|f| match &f.value {
        Value::Length { months, .. } => Some(*months),
        _ => None,
    });
    let lengths: Vec<Interval> = lengths.filter(|m| m.min.is_some() || m.max.is_some()).collect();
    let (least, _) = ends(lengths.iter().filter_map(|m| m.min)).unzip();
    let (_, most) = ends(lengths.iter().filter_map(|m| m.max)).unzip();
    // At most so many months beside exactly so many: the shorter end stays open only where no length has one.
    (least.is_some() || most.is_some()).then_some(Interval { min: least, max: most, exclusive: false })
}
