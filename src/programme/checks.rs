//! Summaries, and the cross-checks on a finished result. In: the programmes. Out: the values in force for each, and a `Check` for
//! each thing that the text lets one check, true or false; nothing is corrected.

use std::cell::LazyCell;

use serde_json::{Value as Json, json};

use super::build::Parts;
use super::types::*;
use crate::extract::{Declared, Value};
use crate::span::{Normal, Span};
use crate::value::json_number;

type Checked = (Vec<Check>, Vec<Span<Normal>>);

/// All checks, and the spans that they quote.
pub fn checks(parts: &Parts, programmes: &[Programme]) -> Checked {
    if parts.outline.nodes.len() == 1 {
        return (vec![], vec![]);
    }
    let tree = Tree::new(programmes);
    let mut checks = Vec::new();
    for i in 0..programmes.len() {
        checks.extend(tree.total_funding(i));
        checks.extend(tree.topic_totals(i));
        checks.extend(tree.project_count(i));
    }
    let (declared, quoted): (Vec<Check>, _) = tree.declared(parts).into_iter().unzip();
    checks.extend(declared);
    checks.extend(numbering(parts, programmes));
    for i in 0..programmes.len() {
        checks.extend(tree.period(i));
        checks.extend(tree.completeness(i));
    }
    (checks, quoted)
}

/// The programmes with their children.
struct Tree<'a> {
    all: &'a [Programme],
    parents: Vec<Option<usize>>,
    children: Vec<Vec<usize>>,
}

fn number(fact: &Fact, key: &str) -> Option<f64> {
    fact.fields.number(key)
}

fn text<'f>(fact: &'f Fact, key: &str) -> Option<&'f str> {
    fact.fields.text(key)
}

/// A whole number as one.
fn whole(value: f64) -> Json {
    if value.fract() == 0.0 && value.abs() < 9e15 { json!(value as i64) } else { json!(value) }
}

fn evidence(fact: &Fact) -> Vec<Evidence> {
    vec![fact.evidence.clone()]
}

impl<'a> Tree<'a> {
    fn new(all: &'a [Programme]) -> Tree<'a> {
        let mut parents: Vec<Option<usize>> = Vec::with_capacity(all.len());
        for programme in all {
            // What stands right before a programme is its parent, or below it.
            let mut before = std::iter::successors(parents.len().checked_sub(1), |at| parents[*at]);
            let parent = before.find(|at| Some(&all[*at].id) == programme.parent.as_ref());
            parents.push(parent);
        }
        let mut children = vec![vec![]; all.len()];
        for (i, parent) in parents.iter().enumerate() {
            parent.iter().for_each(|parent| children[*parent].push(i));
        }
        Tree { all, parents, children }
    }

    fn check(&self, kind: &'static str, i: usize, declared: f64, computed: f64, detail: String, evidence: Vec<Evidence>) -> Check {
        let (programme, ok) = (self.all[i].id.clone(), declared == computed);
        Check { kind: kind.into(), programme, ok, declared: whole(declared), computed: whole(computed), detail, evidence }
    }

    /// The budget that a programme states for itself.
    fn total(&self, i: usize) -> Option<&'a Fact> {
        self.all[i].funding.iter().find(|f| text(f, "role") == Some("total") && !f.fields.has("applies_to"))
    }

    fn total_funding(&self, i: usize) -> Option<Check> {
        let own = self.total(i)?;
        let totals: Vec<Option<f64>> = self.children[i].iter().map(|c| self.total(*c).and_then(|f| number(f, "max"))).collect();
        let sum: f64 = totals.iter().copied().collect::<Option<Vec<f64>>>().filter(|t| t.len() > 1)?.iter().sum();
        let detail = format!("the totals of {} programmes add up to {sum}", totals.len());
        Some(self.check("total_funding", i, number(own, "max")?, sum, detail, evidence(own)))
    }

    fn topic_totals(&self, i: usize) -> Option<Check> {
        let own = self.total(i)?;
        let parts = self.all[i].funding.iter().filter(|f| text(f, "role") == Some("topic_total"));
        let parts: Vec<f64> = parts.filter_map(|f| number(f, "max")).collect();
        let sum: f64 = parts.iter().sum();
        let detail = format!("the totals of {} fields add up to {sum}", parts.len());
        (parts.len() > 1).then(|| self.check("total_funding", i, number(own, "max").unwrap_or_default(), sum, detail, evidence(own)))
    }

    fn projects(&self, i: usize) -> Option<&'a Fact> {
        self.all[i].projects.iter().find(|f| !f.fields.has("applies_to"))
    }

    fn project_count(&self, i: usize) -> Option<Check> {
        let own = self.projects(i)?;
        let counts: Vec<Option<f64>> = self.children[i].iter().map(|c| self.projects(*c).and_then(|f| number(f, "max"))).collect();
        let sum: f64 = counts.iter().copied().collect::<Option<Vec<f64>>>().filter(|t| t.len() > 1)?.iter().sum();
        let detail = format!("the projects of {} programmes add up to {sum}", counts.len());
        Some(self.check("project_count", i, number(own, "max")?, sum, detail, evidence(own)))
    }

    /// What the text says of its own structure, and where: so many directions, so many partner countries.
    fn declared(&self, parts: &Parts) -> Vec<(Check, Span<Normal>)> {
        // The programmes of the level that the text speaks of: the leaves or those right below the call, whichever it counts.
        let (leaves, top) = ((1..self.all.len()).filter(|i| self.children[*i].is_empty()).count(), self.children[0].len());
        let places = LazyCell::new(|| places_in_headings(parts));
        let check = |stated: &Declared| {
            let declared = stated.value.interval().max.map(|v| json_number(v).as_f64().unwrap_or_default())?;
            let (computed, what) = match stated.kind {
                "programme_count" => (if leaves as f64 == declared { leaves } else { top }, "programmes found"),
                "country_count" => (*places, "partners named in the headings"),
                _ => return None,
            };
            let detail = format!("{computed} {what}");
            Some((self.check(stated.kind, 0, declared, computed as f64, detail, vec![parts.evidence(stated.span)]), stated.span))
        };
        parts.declared.iter().filter_map(check).collect()
    }

    fn period(&self, i: usize) -> Vec<Check> {
        let of = |fact: &Fact| {
            let (start, end) = (text(fact, "start")?, text(fact, "end")?);
            let months = number(fact, "max_months").filter(|m| number(fact, "min_months") == Some(*m))?;
            let month = |s: &str| Some((s.get(..4)?.parse::<i32>().ok()?, s.get(5..7)?.parse::<i32>().ok()?));
            let ((y1, m1), (y2, m2)) = (month(start)?, month(end)?);
            let computed = f64::from((y2 - y1) * 12 + m2 - m1 + 1);
            Some(self.check("period", i, months, computed, format!("{start} to {end} is {computed} months"), evidence(fact)))
        };
        self.all[i].period.iter().filter_map(of).collect()
    }

    /// A programme that one can apply for (one without children) has money, a period, and a deadline somewhere above it.
    fn completeness(&self, i: usize) -> Option<Check> {
        if !self.children[i].is_empty() || self.all.len() > 1 && i == 0 {
            return None;
        }
        let above: Vec<&Programme> = self.line(i).collect();
        let has = |held: &dyn Fn(&Programme) -> bool| above.iter().any(|p| held(p));
        let missing: Vec<&str> = [
            ("funding", has(&|p| !p.funding.is_empty())),
            ("period", has(&|p| !p.period.is_empty())),
            ("deadline", has(&|p| !p.deadlines.is_empty())),
        ]
        .into_iter()
        .filter(|(_, there)| !there)
        .map(|(what, _)| what)
        .collect();
        let detail = if missing.is_empty() {
            "funding, period and deadline are stated".into()
        } else {
            format!("not stated: {}", missing.join(", "))
        };
        Some(Check {
            kind: "completeness".into(),
            programme: self.all[i].id.clone(),
            ok: missing.is_empty(),
            declared: Json::Null,
            computed: Json::Null,
            detail,
            evidence: vec![],
        })
    }

    /// The programme and those above it, nearest first.
    fn line(&self, i: usize) -> impl Iterator<Item = &'a Programme> {
        self.upward(i).map(|i| &self.all[i])
    }

    fn upward(&self, i: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(i), |i| self.parents[*i])
    }
}

/// Different partners that the headings of programmes name.
fn places_in_headings(parts: &Parts) -> usize {
    let headings: Vec<Span<Normal>> = parts.programme_nodes().into_iter().filter_map(|n| parts.outline.nodes[n].title).collect();
    // In text order, none reaching into another.
    let in_heading = |span: &Span<Normal>| headings.get(headings.partition_point(|h| h.end < span.end)).is_some_and(|h| h.contains(span));
    let mut seen: Vec<&str> = Vec::new();
    for mention in parts.mentions.iter().filter(|m| m.slot.is_place() && in_heading(&m.core)) {
        if let Value::Place(place) = &mention.value {
            seen.extend(place.group.as_deref().into_iter().chain(place.codes.iter().map(|(code, _)| code.as_str())));
        }
    }
    seen.sort();
    seen.dedup();
    seen.len()
}

/// No ordinal of a series is skipped or repeated; 一、 then 2、 is consecutive, and so is 1.9 then 2.0.
fn numbering(parts: &Parts, programmes: &[Programme]) -> Vec<Check> {
    let nodes = &parts.outline.nodes;
    let mut last: Vec<Option<(usize, &Vec<u32>)>> = vec![None; nodes.len()];
    let (mut checks, mut series) = (Vec::new(), 0);
    let ids = parts.programme_nodes();
    for (i, node) in nodes.iter().enumerate() {
        let Some(marker) = node.marker.as_ref().filter(|m| !m.parts.is_empty() && !m.series.starts_with("annex")) else { continue };
        let Some((before, from)) = last[node.parent].replace((i, &marker.parts)) else {
            series += 1;
            continue;
        };
        if follows(from, &marker.parts) {
            continue;
        }
        let place = ids.binary_search(&parts.outline.programme_of(i)).map_or("/", |at| programmes[at].id.as_str());
        let numbers = [before, i].map(|n| nodes[n].marker.as_ref().map(|m| m.number));
        let quotes: Vec<Evidence> = numbers.into_iter().flatten().map(|span| parts.evidence(span)).collect();
        let words: Vec<&str> = quotes.iter().map(|e| e.text.as_str()).collect();
        checks.push(Check {
            kind: "numbering".into(),
            programme: place.into(),
            ok: false,
            declared: Json::Null,
            computed: Json::Null,
            detail: format!("{} is followed by {}", words[0], words[words.len() - 1]),
            evidence: quotes,
        });
    }
    if checks.is_empty() && series > 0 {
        checks.push(Check {
            kind: "numbering".into(),
            programme: "/".into(),
            ok: true,
            declared: Json::Null,
            computed: Json::Null,
            detail: format!("{series} series, none skips or repeats"),
            evidence: vec![],
        });
    }
    checks
}

fn follows(from: &[u32], to: &[u32]) -> bool {
    match (from, to) {
        ([a], [b]) => *b == a + 1,
        ([a, b], [c, d]) => (c == a && *d == b + 1) || (*c == a + 1 && *d <= 1),
        _ => to.last() == from.last().map(|n| n + 1).as_ref() || to.last() == Some(&1),
    }
}

/// Fills in the values in force: for each the nearest programme upward that states it, facts without `applies_to` first.
pub fn summarise(programmes: &mut [Programme]) {
    let tree = Tree::new(programmes);
    let own: Vec<Vec<&str>> = programmes.iter().map(own_partners).collect();
    let mut in_force: Vec<InForce> = Vec::with_capacity(programmes.len());
    for (programme, parent) in programmes.iter().zip(&tree.parents) {
        in_force.push(InForce::of(programme, parent.map(|parent| &in_force[parent])));
    }
    let summaries: Vec<Summary> = in_force.iter().enumerate().map(|(i, facts)| facts.summary(partners(&tree, &own, i))).collect();
    for (programme, summary) in programmes.iter_mut().zip(summaries) {
        programme.summary = summary;
    }
}

/// The facts in force for a programme: its own, else those of the programme above it.
#[derive(Default)]
struct InForce<'a> {
    grant: Option<&'a Fact>,
    total: Option<&'a Fact>,
    projects: Option<&'a Fact>,
    period: Option<&'a Fact>,
    close: Option<&'a Fact>,
}

impl<'a> InForce<'a> {
    fn of(programme: &'a Programme, above: Option<&InForce<'a>>) -> InForce<'a> {
        let none = InForce::default();
        let above = above.unwrap_or(&none);
        let funding = |role: &str| first(&programme.funding, |f| text(f, "role") == Some(role) && text(f, "currency") == Some("CNY"));
        let close = |f: &Fact| text(f, "role") == Some("application_close") && text(f, "at").is_some();
        InForce {
            grant: funding("per_project").or(above.grant),
            total: funding("total").or(above.total),
            projects: first(&programme.projects, |_| true).or(above.projects),
            period: first(&programme.period, |f| !f.fields.has("role")).or(above.period),
            close: first(&programme.deadlines, close).or(above.close),
        }
    }

    fn summary(&self, partner_codes: Vec<String>) -> Summary {
        let value = |fact: Option<&Fact>, key: &str| fact.and_then(|f| f.fields.get(key)).map_or(Json::Null, |field| field.clone().into());
        Summary {
            grant_max_yuan: value(self.grant, "max"),
            total_yuan: value(self.total, "max"),
            projects_max: value(self.projects, "max"),
            months_min: value(self.period, "min_months"),
            months_max: value(self.period, "max_months"),
            application_close: self.close.and_then(|f| text(f, "at")).map(str::to_string),
            partner_codes,
        }
    }
}

/// The first fact that is said of the whole programme, else of a part of it.
fn first(facts: &[Fact], held: impl Fn(&Fact) -> bool) -> Option<&Fact> {
    let held = || facts.iter().filter(|f| held(f));
    held().find(|f| !f.fields.has("applies_to")).or_else(|| held().next())
}

fn own_partners(programme: &Programme) -> Vec<&str> {
    let partners = programme.countries.iter().filter(|f| text(f, "role") == Some("partner"));
    let mut codes: Vec<&str> = partners.filter_map(|f| text(f, "code").or(text(f, "group"))).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// Codes and groups of the nearest programme that names partners; a group whose children have partners of their own gives none on.
fn partners(tree: &Tree, own: &[Vec<&str>], i: usize) -> Vec<String> {
    let gives_on = |p: usize| tree.children[p].iter().all(|child| own[*child].is_empty());
    let first = tree.upward(i).find(|p| !own[*p].is_empty());
    first.filter(|p| *p == i || gives_on(*p)).map(|p| own[p].iter().map(|code| code.to_string()).collect()).unwrap_or_default()
}
