//! How close a definition comes to its gold: the score of every kind of fact, and each miss behind it.
//!
//! In: a definition and its gold as JSON, and a name. Out: counts per kind ([`Scores`]), and one
//! [`Miss`] for each gold fact that is missed or misread and for each fact that gold does not know. Never: reads a
//! file, prints, panics on odd JSON (what has the wrong shape agrees with nothing), depends on map order.
//!
//! The rules are those of the reference scorer (a script in Python), count for count, down to what Python takes for true and
//! for equal; the comparison of two facts is in `agree`. A fact is *found* where its evidence overlaps gold evidence of its
//! family; at *value* its numbers, dates or codes agree; at *strict* also its kind, its role or metric and its
//! programme; at *exact* also subject, scope, unit and open bound. Gold may list several right answers, and may mark a
//! fact `optional`: then neither missing nor misreading it counts.

mod agree;

use std::collections::BTreeMap;

use self::agree::{bare, level, one_of, printed, truthy};
use serde::Serialize;
use serde_json::{Map, Value, json};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Found,
    Value,
    Strict,
    Exact,
}

/// The counts of one kind: facts in gold, facts given, and facts that reach each level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Row {
    pub gold: usize,
    pub pred: usize,
    pub found: usize,
    pub value: usize,
    pub strict: usize,
    pub exact: usize,
}

/// The rows of one document or of many, by kind; a kind that neither side has is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Scores {
    rows: BTreeMap<&'static str, Row>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Missed,
    WrongValue,
    /// The value is right; the kind, the role or metric, or the programme (or a programme's parent) is not.
    WrongPlace,
    /// A field of the document itself.
    Wrong,
    Extra,
}

/// One difference below the strict level.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Miss {
    pub document: String,
    pub kind: &'static str,
    pub what: What,
    /// The programme's title without white space and punctuation, `/` for the root; for kind `document`, the field.
    pub programme: String,
    pub text: String,
    /// The gold fact without its evidence and parts; null where there is none.
    pub expected: Value,
    /// What stands there: `{kind, programme, fact}` for a fact, the bare value of a field; null where there is nothing.
    pub got: Value,
    /// The rule that made the predicted fact, where there is one.
    pub rule: Option<String>,
}

/// What is compared of a kind of fact: the keys of level value, and those that strict adds.
struct Kind {
    name: &'static str,
    value: &'static [&'static str],
    strict: &'static [&'static str],
}

const fn kind(name: &'static str, value: &'static [&'static str], strict: &'static [&'static str]) -> Kind {
    Kind { name, value, strict }
}

static KINDS: [Kind; 11] = [
    kind("funding", &["min", "max", "currency", "rate_min", "rate_max"], &["role"]),
    kind("projects", &["min", "max"], &[]),
    kind("period", &["min_months", "max_months", "start", "end"], &[]),
    kind("deadlines", &["at"], &["role"]),
    kind("countries", &["code", "group"], &["role"]),
    kind("kpis", &["min", "max", "date"], &["metric"]),
    kind("conditions", &["min", "max", "date"], &["metric"]),
    kind("quotas", &["min", "max"], &[]),
    kind("contacts", &["value"], &["kind"]),
    kind("agreements", &["title"], &[]),
    kind(TOPICS, &["title"], &[]),
];
/// What a reader needs first.
const CORE: [&str; 5] = ["funding", "period", "deadlines", "countries", "kpis"];
/// Kinds that are one family up to the level value.
const QUANTITIES: [&str; 3] = ["kpis", "conditions", "quotas"];
const TOPICS: &str = "topics";
const DOCUMENT: &str = "document";
const PROGRAMMES: &str = "programmes";
const DOCUMENT_FIELDS: [&str; 4] = ["title", "year", "document_number", "published_on"];
/// The keys of a fact that a [`Miss`] leaves out.
const BULKY: [&str; 3] = ["evidence", "topics", "of"];

/// Compares `pred` with `gold`; the misses are added to `misses` under the document's `name`.
pub fn score(pred: &Value, gold: &Value, name: &str, misses: &mut Vec<Miss>) -> Scores {
    let mut report = Report { name, scores: Scores::default(), misses };
    report.facts(&facts(gold), &facts(pred));
    report.programmes(&tree(gold), &tree(pred));
    for field in DOCUMENT_FIELDS {
        report.field(field, &gold[field], &pred[field]);
    }
    report.scores
}

/// The scores for people: F1 at every level, then precision (P) and recall (R) at value and strict.
pub fn table(scores: &Scores) -> String {
    let mut text = format!("{:12}{:>6}{:>6}", "kind", "gold", "pred");
    Level::ALL.iter().for_each(|level| text += &format!("{:>8}", level.name()));
    text += &format!("   (F1){:>9}{:>9}{:>10}{:>10}\n", "value P", "value R", "strict P", "strict R");
    for (kind, row) in scores.kinds() {
        text += &row.line(kind);
    }
    if scores.kinds().any(|(name, _)| CORE.contains(&name)) {
        text += &scores.core().line("core");
    }
    text + &scores.all().line("all")
}

/// The scores for tools: counts, precision, recall and F1 of every kind and of both sums, and the misses.
pub fn json(scores: &Scores, misses: &[Miss]) -> Value {
    let kinds: Map<String, Value> = scores.kinds().map(|(kind, row)| (kind.to_owned(), row.json())).collect();
    json!({ "kinds": kinds, "core": scores.core().json(), "all": scores.all().json(), "misses": misses })
}

impl Level {
    pub const ALL: [Level; 4] = [Level::Found, Level::Value, Level::Strict, Level::Exact];

    pub fn name(self) -> &'static str {
        ["found", "value", "strict", "exact"][self as usize]
    }
}

impl Row {
    pub fn count(&self, level: Level) -> usize {
        [self.found, self.value, self.strict, self.exact][level as usize]
    }

    /// The share of the given facts that reach the level; 1 where none is given.
    pub fn precision(&self, level: Level) -> f64 {
        share(self.count(level), self.pred)
    }

    /// The share of the gold facts that reach the level; 1 where there is none.
    pub fn recall(&self, level: Level) -> f64 {
        share(self.count(level), self.gold)
    }

    pub fn f1(&self, level: Level) -> f64 {
        let (p, r) = (self.precision(level), self.recall(level));
        if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) }
    }

    fn add(&mut self, other: &Row) {
        self.gold += other.gold;
        self.pred += other.pred;
        self.found += other.found;
        self.value += other.value;
        self.strict += other.strict;
        self.exact += other.exact;
    }

    /// Counts one gold fact, and every level up to the one that it reached.
    fn reach(&mut self, reached: Option<Level>) {
        self.gold += 1;
        self.found += usize::from(reached >= Some(Level::Found));
        self.value += usize::from(reached >= Some(Level::Value));
        self.strict += usize::from(reached >= Some(Level::Strict));
        self.exact += usize::from(reached >= Some(Level::Exact));
    }

    fn line(&self, kind: &str) -> String {
        let mut line = format!("{kind:12}{:6}{:6}", self.gold, self.pred);
        Level::ALL.iter().for_each(|&level| line += &format!("{:8.3}", self.f1(level)));
        let shares = |level| (self.precision(level), self.recall(level));
        let ((vp, vr), (sp, sr)) = (shares(Level::Value), shares(Level::Strict));
        line + &format!("{:7}{vp:9.3}{vr:9.3}{sp:10.3}{sr:10.3}\n", "")
    }

    fn json(&self) -> Value {
        let mut row = json!({ "gold": self.gold, "pred": self.pred });
        for level in Level::ALL {
            let (precision, recall, f1) = (self.precision(level), self.recall(level), self.f1(level));
            row[level.name()] = json!({ "count": self.count(level), "precision": precision, "recall": recall, "f1": f1 });
        }
        row
    }
}

fn share(hits: usize, of: usize) -> f64 {
    if of == 0 { 1.0 } else { hits as f64 / of as f64 }
}

impl Scores {
    /// The rows in reading order: the document, the programmes, then the kinds of facts.
    pub fn kinds(&self) -> impl Iterator<Item = (&'static str, Row)> + '_ {
        let names = [DOCUMENT, PROGRAMMES].into_iter().chain(KINDS.iter().map(|kind| kind.name));
        names.filter_map(|name| self.rows.get(name).map(|row| (name, *row)))
    }

    pub fn core(&self) -> Row {
        self.sum(|name| CORE.contains(&name))
    }

    pub fn all(&self) -> Row {
        self.sum(|_| true)
    }

    pub fn add(&mut self, other: &Scores) {
        for (name, row) in &other.rows {
            self.row(name).add(row);
        }
    }

    fn sum(&self, counts: impl Fn(&str) -> bool) -> Row {
        let mut sum = Row::default();
        self.kinds().filter(|(name, _)| counts(name)).for_each(|(_, row)| sum.add(&row));
        sum
    }

    fn row(&mut self, name: &'static str) -> &mut Row {
        self.rows.entry(name).or_default()
    }
}

/// A fact, the programme that it stands on, and where its evidence is.
struct Fact<'a> {
    kind: &'static Kind,
    body: &'a Value,
    place: String,
    span: Option<(f64, f64)>,
}

/// Every fact in document order, each followed by those of its `of` that have evidence of their own.
fn facts(doc: &Value) -> Vec<Fact<'_>> {
    let mut all = Vec::new();
    for programme in items(&doc["programmes"]) {
        let place = if programme["id"] == "/" { "/".to_owned() } else { bare(&programme["title"]) };
        for kind in &KINDS {
            for body in bodies(programme, kind) {
                all.push(Fact::new(kind, body, &place));
                let parts = items(&body["of"]).iter().filter(|part| truthy(&part["evidence"]));
                all.extend(parts.map(|part| Fact::new(kind, part, &place)));
            }
        }
    }
    all
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn bodies<'a>(programme: &'a Value, kind: &Kind) -> Vec<&'a Value> {
    let top = items(&programme[kind.name]).iter();
    if kind.name == TOPICS { top.flat_map(with_subtopics).collect() } else { top.collect() }
}

fn with_subtopics(topic: &Value) -> Vec<&Value> {
    let nested = items(&topic["topics"]).iter().flat_map(with_subtopics);
    std::iter::once(topic).chain(nested).collect()
}

impl<'a> Fact<'a> {
    fn new(kind: &'static Kind, body: &'a Value, place: &str) -> Self {
        let evidence = &body["evidence"];
        let span = evidence["start"].as_f64().zip(evidence["end"].as_f64());
        Fact { kind, body, place: place.to_owned(), span }
    }

    /// The facts' distance in the text, where they overlap.
    fn distance(&self, other: &Fact) -> Option<f64> {
        let ((a_start, a_end), (b_start, b_end)) = (self.span?, other.span?);
        (a_start < b_end && b_start < a_end).then(|| (a_start - b_start).abs())
    }

    fn fields(&self) -> Value {
        let fields = self.body.as_object().into_iter().flatten();
        let kept = fields.filter(|(key, _)| !BULKY.contains(&key.as_str()));
        Value::Object(kept.map(|(key, value)| (key.clone(), value.clone())).collect())
    }
}

struct Report<'a> {
    name: &'a str,
    scores: Scores,
    misses: &'a mut Vec<Miss>,
}

impl Report<'_> {
    fn facts(&mut self, golds: &[Fact], preds: &[Fact]) {
        let partners = pair_up(golds, preds);
        let mut known = vec![Known::No; preds.len()];
        for (gold, partner) in golds.iter().zip(partners) {
            let level = partner.map(|(level, _)| level);
            let excused = truthy(&gold.body["optional"]) && level < Some(Level::Strict);
            if let Some((_, pred)) = partner {
                known[pred] = if excused { Known::Excused } else { Known::Paired };
            }
            if !excused {
                self.gold_fact(gold, level, partner.map(|(_, pred)| &preds[pred]));
            }
        }
        preds.iter().zip(known).for_each(|(pred, known)| self.pred_fact(pred, known));
    }

    fn gold_fact(&mut self, gold: &Fact, level: Option<Level>, pred: Option<&Fact>) {
        self.scores.row(gold.kind.name).reach(level);
        match level {
            None => self.fact_miss(What::Missed, Some(gold), pred),
            Some(Level::Found) => self.fact_miss(What::WrongValue, Some(gold), pred),
            Some(Level::Value) => self.fact_miss(What::WrongPlace, Some(gold), pred),
            Some(Level::Strict | Level::Exact) => {}
        }
    }

    fn pred_fact(&mut self, pred: &Fact, known: Known) {
        if known != Known::Excused {
            self.scores.row(pred.kind.name).pred += 1;
        }
        if known == Known::No {
            self.fact_miss(What::Extra, None, Some(pred));
        }
    }

    fn fact_miss(&mut self, what: What, gold: Option<&Fact>, pred: Option<&Fact>) {
        let Some(shown) = gold.or(pred) else { return };
        let expected = gold.map_or(Value::Null, Fact::fields);
        let got = pred.map(|fact| json!({ "kind": fact.kind.name, "programme": fact.place, "fact": fact.fields() }));
        self.miss(shown.kind.name, what, &shown.place, (expected, json!(got)));
        if let Some(miss) = self.misses.last_mut() {
            miss.text = shown.body["evidence"]["text"].as_str().unwrap_or_default().replace('\n', "");
            miss.rule = pred.and_then(|fact| fact.body["rule"].as_str()).map(str::to_owned);
        }
    }

    fn programmes(&mut self, gold: &Tree, pred: &Tree) {
        self.scores.row(PROGRAMMES).pred += pred.len();
        for (title, parent) in gold {
            let (given, right) = (pred.get(title), pred.get(title) == Some(parent));
            self.scores.row(PROGRAMMES).reach(given.map(|_| if right { Level::Exact } else { Level::Value }));
            if !right {
                let what = if given.is_some() { What::WrongPlace } else { What::Missed };
                self.miss(PROGRAMMES, what, title, (json!(parent), json!(given)));
            }
        }
        for (title, parent) in pred.iter().filter(|(title, _)| !gold.contains_key(*title)) {
            self.miss(PROGRAMMES, What::Extra, title, (Value::Null, json!(parent)));
        }
    }

    fn field(&mut self, field: &str, gold: &Value, pred: &Value) {
        let row = self.scores.row(DOCUMENT);
        if gold.is_null() {
            return;
        }
        let agrees = one_of(gold, pred, printed);
        row.pred += usize::from(!pred.is_null());
        row.reach(agrees.then_some(Level::Exact));
        if !agrees {
            self.miss(DOCUMENT, What::Wrong, field, (gold.clone(), pred.clone()));
        }
    }

    fn miss(&mut self, kind: &'static str, what: What, programme: &str, (expected, got): (Value, Value)) {
        let (document, programme) = (self.name.to_owned(), programme.to_owned());
        self.misses.push(Miss { document, kind, what, programme, text: String::new(), expected, got, rule: None });
    }
}

/// What gold says of a predicted fact.
#[derive(Clone, Copy, PartialEq)]
enum Known {
    No,
    Paired,
    /// It stands where gold has an optional fact: it counts for nothing.
    Excused,
}

struct Pair {
    level: Level,
    distance: f64,
    gold: usize,
    pred: usize,
}

/// One partner at most for each gold fact, the best pairs first: by level, then by nearness, then the later facts.
fn pair_up(golds: &[Fact], preds: &[Fact]) -> Vec<Option<(Level, usize)>> {
    let mut pairs = candidates(golds, preds);
    let rank = |a: &Pair, b: &Pair| a.level.cmp(&b.level).then(b.distance.total_cmp(&a.distance));
    pairs.sort_by(|a, b| rank(b, a).then((b.gold, b.pred).cmp(&(a.gold, a.pred))));
    let mut partners = vec![None; golds.len()];
    let mut taken = vec![false; preds.len()];
    for Pair { level, gold, pred, .. } in pairs {
        if partners[gold].is_none() && !taken[pred] {
            partners[gold] = Some((level, pred));
            taken[pred] = true;
        }
    }
    partners
}

fn candidates(golds: &[Fact], preds: &[Fact]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (gold, g) in golds.iter().enumerate() {
        let family = preds.iter().enumerate().filter(|(_, p)| same_family(g.kind, p.kind));
        let near = family.filter_map(|(pred, p)| Some((pred, p, g.distance(p)?)));
        pairs.extend(near.map(|(pred, p, distance)| Pair { level: level(g, p), distance, gold, pred }));
    }
    pairs
}

fn same_family(gold: &Kind, pred: &Kind) -> bool {
    gold.name == pred.name || [gold, pred].iter().all(|kind| QUANTITIES.contains(&kind.name))
}

/// Title -> title of the parent: `/` for the root, none where it is unknown. Of equal titles the last one holds.
type Tree = BTreeMap<String, Option<String>>;

fn tree(doc: &Value) -> Tree {
    let programmes = items(&doc["programmes"]);
    let titles: BTreeMap<String, String> =
        programmes.iter().map(|programme| (programme["id"].to_string(), bare(&programme["title"]))).collect();
    let parent = |id: &Value| if *id == "/" { Some("/".to_owned()) } else { titles.get(&id.to_string()).cloned() };
    let below = programmes.iter().filter(|programme| programme["id"] != "/");
    below.map(|programme| (bare(&programme["title"]), parent(&programme["parent"]))).collect()
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;

    /// gold, pred, found, value, strict, exact
    type Counts = [usize; 6];
    const EXACT: Counts = [1, 1, 1, 1, 1, 1];
    const STRICT: Counts = [1, 1, 1, 1, 1, 0];
    const VALUE: Counts = [1, 1, 1, 1, 0, 0];
    const FOUND: Counts = [1, 1, 1, 0, 0, 0];
    const APART: Counts = [1, 1, 0, 0, 0, 0];

    fn at(span: Range<usize>, mut fact: Value) -> Value {
        fact["evidence"] = json!({ "start": span.start, "end": span.end, "text": "不超过\n60 万元" });
        fact
    }

    fn on(title: &str, kind: &str, facts: &[Value]) -> Value {
        let id = if title == "/" { "/".to_owned() } else { format!("/{title}") };
        json!({ "id": id, "title": title, "parent": "/", kind: facts })
    }

    fn doc(programmes: &[Value]) -> Value {
        json!({ "programmes": programmes })
    }

    fn root(kind: &str, facts: &[Value]) -> Value {
        doc(&[on("/", kind, facts)])
    }

    /// The rows must be these and no others; an untouched row of `document` or `programmes` goes without saying.
    fn check(name: &str, gold: &Value, pred: &Value, expected: &[(&str, Counts)]) {
        let scores = score(pred, gold, name, &mut Vec::new());
        let said = |kind: &str, row: Row| row != Row::default() || ![DOCUMENT, PROGRAMMES].contains(&kind);
        let rows = scores.kinds().filter(|(kind, row)| said(kind, *row));
        let counts = |row: Row| [row.gold, row.pred, row.found, row.value, row.strict, row.exact];
        assert_eq!(rows.map(|(kind, row)| (kind, counts(row))).collect::<Vec<_>>(), expected, "{name}");
    }

    fn check_fact(name: &str, kind: &str, (gold, pred): (Value, Value), expected: Counts) {
        let [gold, pred] = [gold, pred].map(|fact| root(kind, &[at(10..20, fact)]));
        check(name, &gold, &pred, &[(kind, expected)]);
    }

    #[test]
    fn evidence_decides_what_is_found() {
        let gold = root("funding", &[at(10..20, json!({ "max": 5 }))]);
        let rows = [
            ("same", at(10..20, json!({ "max": 5 })), EXACT),
            ("one character", at(19..30, json!({ "max": 5 })), EXACT),
            ("inside, other value", at(12..13, json!({ "max": 6 })), FOUND),
            ("touching after", at(20..30, json!({ "max": 5 })), APART),
            ("touching before", at(5..10, json!({ "max": 5 })), APART),
            ("empty span inside", at(15..15, json!({ "max": 5 })), EXACT),
            ("no evidence", json!({ "max": 5 }), APART),
            ("null evidence", json!({ "max": 5, "evidence": null }), APART),
        ];
        for (name, pred, expected) in rows {
            check(name, &gold, &root("funding", &[pred]), &[("funding", expected)]);
        }
        check("nothing given", &gold, &json!({}), &[("funding", [1, 0, 0, 0, 0, 0])]);
        check("nothing in gold", &json!({}), &gold, &[("funding", [0, 1, 0, 0, 0, 0])]);
    }

    #[test]
    fn one_field_changed_in_a_fact() {
        let gold = json!({
            "role": "total", "metric": "papers", "min": null, "max": 60, "currency": "CNY",
            "applies_to": "每个 国别", "unit": "篇", "scope": "project",
        });
        let rows = [
            ("funding", "max", json!(60.0), EXACT),
            ("funding", "max", json!(60.0000004), EXACT),
            ("funding", "max", json!(60.000001), FOUND),
            ("funding", "max", json!(" 60 "), EXACT),
            ("funding", "max", json!("many"), FOUND),
            ("funding", "min", json!(0), FOUND),
            ("funding", "currency", json!("EUR"), FOUND),
            ("funding", "role", json!("award"), VALUE),
            ("funding", "metric", json!("patents"), EXACT),
            ("funding", "applies_to", json!("国别"), EXACT),
            ("funding", "applies_to", json!("按每个国别计"), EXACT),
            ("funding", "applies_to", json!("双方各"), STRICT),
            ("funding", "applies_to", json!(""), STRICT),
            ("funding", "exclusive", json!(true), STRICT),
            ("funding", "exclusive", json!(0), EXACT),
            ("kpis", "currency", json!("EUR"), EXACT),
            ("kpis", "metric", json!("patents"), VALUE),
            ("kpis", "unit", json!("项"), STRICT),
            ("kpis", "scope", json!(null), STRICT),
        ];
        for (kind, key, value, expected) in rows {
            let mut pred = gold.clone();
            pred[key] = value;
            check_fact(key, kind, (gold.clone(), pred), expected);
        }
    }

    #[test]
    fn values_are_compared_in_their_own_form() {
        let rows = [
            ("deadlines", "at", json!("2026-05-18T17:30+08:00"), json!("2026-05-18T17:30:00+08:00"), EXACT),
            ("deadlines", "at", json!("2026-05-18T17:30+08:00"), json!("2026-05-18T17:30"), EXACT),
            ("deadlines", "at", json!("2026-05-18T17:00+08:00"), json!("2026-05-18T17"), EXACT),
            ("deadlines", "at", json!("2026-05-18T17:30+08:00"), json!("2026-05-18T17:31+08:00"), FOUND),
            ("deadlines", "at", json!("2026-05-18"), json!("2026-05-18T17:30"), FOUND),
            ("deadlines", "at", json!(null), json!(""), EXACT),
            ("conditions", "date", json!("2025-12-31"), json!("2025-12-31T24:00"), EXACT),
            ("conditions", "date", json!("2025-12-31"), json!("2025-12-30"), FOUND),
            ("conditions", "date", json!("2025-12"), json!("2025-12-31"), FOUND),
            ("agreements", "title", json!("《中法、中德协定》"), json!("中法，中德\u{3000}协定"), EXACT),
            ("agreements", "title", json!("中法协定"), json!("中法协议"), FOUND),
            ("countries", "code", json!("FR"), json!("fr"), FOUND),
            ("contacts", "kind", json!("url"), json!("phone"), VALUE),
            ("period", "start", json!(2026), json!(2026.0), EXACT),
            ("period", "choices", json!([24, 36]), json!(null), EXACT),
            ("quotas", "applies_to", json!(null), json!("《 》"), EXACT),
            ("quotas", "unit", json!(null), json!("项"), EXACT),
            ("quotas", "scope", json!(""), json!("project"), EXACT),
        ];
        for (kind, key, gold, pred, expected) in rows {
            check_fact(key, kind, (json!({ key: gold }), json!({ key: pred })), expected);
        }
    }

    #[test]
    fn gold_lists_are_choices_and_given_lists_are_not() {
        let rows = [
            ("role", json!(["total", "fund"]), json!("fund"), EXACT),
            ("role", json!(["total", "fund"]), json!("award"), VALUE),
            ("role", json!(["total", "fund"]), json!(["total", "fund"]), VALUE),
            ("role", json!("total"), json!(["total"]), VALUE),
            ("role", json!([]), json!(null), VALUE),
            ("max", json!([null, 5]), json!(null), EXACT),
            ("max", json!([4, 5]), json!(5.0), EXACT),
            ("applies_to", json!(["双方", null]), json!(null), EXACT),
            ("applies_to", json!([]), json!(null), STRICT),
            ("unit", json!(["项", "个"]), json!("个"), EXACT),
        ];
        for (key, gold, pred, expected) in rows {
            check_fact(key, "funding", (json!({ key: gold }), json!({ key: pred })), expected);
        }
        let titles = (json!({ "title": ["中法协定", "中法协议"] }), json!({ "title": "《中法协议》" }));
        check_fact("titles", "agreements", titles, EXACT);
    }

    #[test]
    fn optional_facts_cost_nothing() {
        let gold = root("countries", &[at(10..20, json!({ "code": "FR", "role": "partner", "optional": true }))]);
        let given = |code: &str, role: &str| root("countries", &[at(10..20, json!({ "code": code, "role": role }))]);
        check("missed", &gold, &json!({}), &[]);
        check("wrong value", &gold, &given("DE", "partner"), &[]);
        check("wrong role", &gold, &given("FR", "excluded"), &[]);
        check("right", &gold, &given("FR", "partner"), &[("countries", EXACT)]);
        let twice = root("countries", &[at(10..12, json!({ "code": "DE" })), at(15..18, json!({ "code": "IT" }))]);
        check("only its partner is excused", &gold, &twice, &[("countries", [0, 1, 0, 0, 0, 0])]);
    }

    #[test]
    fn quantities_are_one_family_up_to_value() {
        let fact = |min: usize| [at(10..20, json!({ "metric": "papers", "min": min }))];
        let gold = root("kpis", &fact(2));
        let rows = [("conditions", 2, [1, 0, 1, 1, 0, 0]), ("quotas", 2, [1, 0, 1, 1, 0, 0]), ("quotas", 3, [1, 0, 1, 0, 0, 0])];
        for (kind, min, kpis) in rows {
            check(kind, &gold, &root(kind, &fact(min)), &[("kpis", kpis), (kind, [0, 1, 0, 0, 0, 0])]);
        }
        let projects = [("projects", [0, 1, 0, 0, 0, 0]), ("kpis", [1, 0, 0, 0, 0, 0])];
        check("projects", &gold, &root("projects", &fact(2)), &projects);
    }

    #[test]
    fn each_fact_has_one_partner_and_the_best_pairs_go_first() {
        let money = |span: Range<usize>, max: usize| at(span, json!({ "max": max }));
        let gold = root("funding", &[money(10..20, 5), money(12..22, 6)]);
        let one = root("funding", &[money(10..22, 6)]);
        check("level before nearness", &gold, &one, &[("funding", [2, 1, 1, 1, 1, 1])]);
        let crossed = root("funding", &[money(11..19, 6), money(13..21, 5)]);
        check("crossed", &gold, &crossed, &[("funding", [2, 2, 2, 2, 2, 2])]);
        let double = root("funding", &[money(10..20, 5), money(11..20, 5), money(30..40, 5)]);
        check("given twice", &gold, &double, &[("funding", [2, 3, 2, 1, 1, 1])]);
        let pred = root("funding", &[money(10..20, 7)]);
        for (name, start, expected) in [("the nearer", 15, FOUND), ("the later", 10, [1, 0, 0, 0, 0, 0])] {
            let optional = at(start..25, json!({ "max": 6, "optional": true }));
            check(name, &root("funding", &[money(10..20, 5), optional]), &pred, &[("funding", expected)]);
        }
    }

    #[test]
    fn parts_and_nested_topics_are_facts() {
        let part = |min: usize| at(14..18, json!({ "metric": "attendees", "min": min }));
        let event = |parts: Value| root("kpis", &[at(10..30, json!({ "metric": "events", "min": 2, "of": parts }))]);
        let gold = event(json!([part(50), { "metric": "other", "min": 1 }]));
        check("same parts", &gold, &gold, &[("kpis", [2, 2, 2, 2, 2, 2])]);
        check("wrong part", &gold, &event(json!([part(60)])), &[("kpis", [2, 2, 2, 1, 1, 1])]);
        check("no part", &gold, &event(json!(null)), &[("kpis", [2, 1, 1, 1, 1, 1])]);

        let leaf = at(20..24, json!({ "title": "大数据" }));
        let flat = root("topics", &[at(10..14, json!({ "title": "电子信息" })), leaf.clone()]);
        let nested = root("topics", &[at(10..14, json!({ "title": "电子信息", "topics": [leaf] }))]);
        check("depth is not compared", &nested, &flat, &[("topics", [2, 2, 2, 2, 2, 2])]);
    }

    #[test]
    fn a_fact_stands_on_its_programme() {
        let money = [at(10..20, json!({ "max": 5 }))];
        let gold = doc(&[on("/", "funding", &[]), on("中法项目", "funding", &money)]);
        let cases = [
            ("same", doc(&[on("中法项目", "funding", &money)]), EXACT, EXACT),
            ("marks in the title", doc(&[on("“中法” 项目", "funding", &money)]), EXACT, EXACT),
            ("other title", doc(&[on("中德项目", "funding", &money)]), APART, VALUE),
            ("root", root("funding", &money), [1, 0, 0, 0, 0, 0], VALUE),
        ];
        for (name, pred, programmes, funding) in cases {
            check(name, &gold, &pred, &[("programmes", programmes), ("funding", funding)]);
        }
    }

    #[test]
    fn programmes_are_a_tree_of_titles() {
        let tree = |rows: &[(&str, &str, Option<&str>)]| {
            let rows = rows.iter().map(|(id, title, parent)| json!({ "id": id, "title": title, "parent": parent }));
            doc(&rows.collect::<Vec<_>>())
        };
        let (a, b) = (("/a", "甲", Some("/")), ("/a/b", "乙", Some("/a")));
        let gold = tree(&[("/", "指南", None), a, b]);
        let rows = [
            ("same", tree(&[("/", "通知", None), a, b]), [2, 2, 2, 2, 2, 2]),
            ("other ids", tree(&[("/x", "甲、", Some("/")), ("/y", "乙", Some("/x"))]), [2, 2, 2, 2, 2, 2]),
            ("parent", tree(&[a, ("/b", "乙", Some("/"))]), [2, 2, 2, 2, 1, 1]),
            ("unknown parent", tree(&[a, ("/b", "乙", Some("/c"))]), [2, 2, 2, 2, 1, 1]),
            ("no parent", tree(&[("/a", "甲", None), b]), [2, 2, 2, 2, 1, 1]),
            ("missed", tree(&[a]), [2, 1, 1, 1, 1, 1]),
            ("extra", tree(&[a, b, ("/c", "丙", Some("/"))]), [2, 3, 2, 2, 2, 2]),
            ("the later title holds", tree(&[a, b, ("/b", "乙", Some("/"))]), [2, 2, 2, 2, 1, 1]),
        ];
        for (name, pred, expected) in rows {
            check(name, &gold, &pred, &[("programmes", expected)]);
        }
        let [none, unknown] = [None, Some("/c")].map(|parent| tree(&[("/a", "甲", parent)]));
        check("two without a parent", &none, &unknown, &[("programmes", EXACT)]);
    }

    #[test]
    fn document_fields_are_compared_as_text() {
        let title = json!({ "title": "“2026”年度指南", "year": 2026, "document_number": null });
        let rows = [
            (json!({ "title": "2026年度指南", "year": "2026", "document_number": "1号" }), [2, 2, 2, 2, 2, 2]),
            (json!({ "title": "年度指南", "year": 2025 }), [2, 2, 0, 0, 0, 0]),
            (json!({ "year": 2026.0 }), [2, 1, 0, 0, 0, 0]),
            (json!({ "year": 2026 }), [2, 1, 1, 1, 1, 1]),
        ];
        for (pred, expected) in rows {
            check("document", &title, &pred, &[("document", expected)]);
        }
        check("empty is not none", &json!({ "title": "" }), &json!({}), &[("document", [1, 0, 0, 0, 0, 0])]);
        let choice = json!({ "published_on": [null, "2026-01-01"] });
        check("a choice of none", &choice, &json!({}), &[("document", [1, 0, 1, 1, 1, 1])]);
    }

    #[test]
    fn every_difference_is_a_miss() {
        let money = |span: Range<usize>, max: usize| at(span, json!({ "max": max }));
        let total = at(50..60, json!({ "max": 7, "role": "total" }));
        let ruled = at(12..20, json!({ "max": 1, "rule": "a/b" }));
        let mut gold = doc(&[on("甲", "funding", &[money(10..20, 5), money(30..40, 6), total])]);
        let pred = doc(&[on("甲", "funding", &[ruled, money(50..60, 7), money(70..80, 8)])]);
        gold["year"] = json!(2026);
        let mut misses = Vec::new();
        score(&pred, &gold, "002", &mut misses);
        let got = |fact: Value| json!({ "kind": "funding", "programme": "甲", "fact": fact });
        let funding = |what, expected, got, rule| ("funding", what, "甲", "不超过60 万元", expected, got, rule);
        let wanted = [
            funding(What::WrongValue, json!({ "max": 5 }), got(json!({ "max": 1, "rule": "a/b" })), Some("a/b")),
            funding(What::Missed, json!({ "max": 6 }), json!(null), None),
            funding(What::WrongPlace, json!({ "max": 7, "role": "total" }), got(json!({ "max": 7 })), None),
            funding(What::Extra, json!(null), got(json!({ "max": 8 })), None),
            ("document", What::Wrong, "year", "", json!(2026), json!(null), None),
        ];
        for (miss, (kind, what, programme, text, expected, got, rule)) in misses.iter().zip(&wanted) {
            assert_eq!((miss.document.as_str(), miss.kind, miss.what), ("002", *kind, *what));
            assert_eq!((miss.programme.as_str(), miss.text.as_str(), miss.rule.as_deref()), (*programme, *text, *rule));
            assert_eq!((&miss.expected, &miss.got), (expected, got));
        }
        assert_eq!(misses.len(), wanted.len());
    }

    #[test]
    fn a_misplaced_programme_is_a_miss() {
        let [gold, pred] = ["/", "/c"].map(|parent| json!({ "programmes": [{ "id": "/a", "title": "甲", "parent": parent }] }));
        let mut misses = Vec::new();
        score(&pred, &gold, "002", &mut misses);
        let [miss] = misses.as_slice() else { panic!("{misses:?}") };
        assert_eq!((miss.what, &miss.expected, &miss.got), (What::WrongPlace, &json!("/"), &json!(null)));
    }

    fn sample() -> Scores {
        let gold = root("quotas", &[at(10..20, json!({ "max": 1 })), at(30..40, json!({ "max": 2 }))]);
        let pred = root("quotas", &[at(10..20, json!({ "max": 1 }))]);
        let mut sum = Scores::default();
        for (pred, gold) in [(&pred, &gold), (&root("period", &[]), &root("period", &[at(1..2, json!({}))]))] {
            sum.add(&score(pred, gold, "sample", &mut Vec::new()));
        }
        sum
    }

    #[test]
    fn the_table_is_for_people() {
        let wanted = "\
kind          gold  pred   found   value  strict   exact   (F1)  value P  value R  strict P  strict R
document         0     0   1.000   1.000   1.000   1.000           1.000    1.000     1.000     1.000
programmes       0     0   1.000   1.000   1.000   1.000           1.000    1.000     1.000     1.000
period           1     0   0.000   0.000   0.000   0.000           1.000    0.000     1.000     0.000
quotas           2     1   0.667   0.667   0.667   0.667           1.000    0.500     1.000     0.500
core             1     0   0.000   0.000   0.000   0.000           1.000    0.000     1.000     0.000
all              3     1   0.500   0.500   0.500   0.500           1.000    0.333     1.000     0.333
";
        assert_eq!(table(&sample()), wanted);
    }

    #[test]
    fn the_json_is_for_tools() {
        let level = |n: usize, recall: f64, f1: f64| json!({ "count": n, "precision": 1.0, "recall": recall, "f1": f1 });
        let scores = json(&sample(), &[]);
        let keys: Vec<_> = scores["kinds"].as_object().into_iter().flatten().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(keys, ["document", "programmes", "period", "quotas"]);
        assert_eq!(scores["kinds"]["quotas"]["strict"], level(1, 0.5, 2.0 / 3.0));
        assert_eq!(scores["core"]["found"], level(0, 0.0, 0.0));
        assert_eq!((&scores["all"]["gold"], &scores["all"]["pred"]), (&json!(3), &json!(1)));
        assert_eq!(scores["misses"], json!([]));
    }

    #[test]
    fn odd_json_agrees_with_nothing() {
        let gold = root("topics", &[at(10..20, json!({ "title": "甲" }))]);
        let rows = [
            (json!(null), [1, 0, 0, 0, 0, 0]),
            (json!([1, "x"]), [1, 0, 0, 0, 0, 0]),
            (json!({ "programmes": [{ "id": "/", "topics": { "title": "甲" } }] }), [1, 0, 0, 0, 0, 0]),
            (root("topics", &[json!(7), json!({ "evidence": { "start": "a", "end": 30 } })]), [1, 2, 0, 0, 0, 0]),
            (root("topics", &[at(10..20, json!({ "title": { "a": 1 } }))]), FOUND),
        ];
        for (pred, expected) in rows {
            check("odd", &gold, &pred, &[("topics", expected)]);
        }
    }
}
