//! The proof of the tables: every row takes its examples, with the value it says, and leaves the others. In: a reader with its
//! tables. Out: what fails, and which rows nothing but the proof exercises.

use std::collections::BTreeSet;

use crate::extract::{self, Fact, Value};
use crate::normalise::normalise;
use crate::outline::Outline;
use crate::pipeline::Reader;
use crate::span::{Normal, Span};
use crate::table::{Example, FactKind, Gives, Line, Numbered, Rule, Tables};
use crate::value::clock;

/// A row that does not do what its examples say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// File below `patterns/` and line of the row.
    pub place: (String, usize),
    pub id: String,
    pub what: String,
}

/// Proves every row; empty where all hold.
pub fn check(reader: &Reader) -> Vec<Failure> {
    let tables = reader.tables;
    let mut out = Vec::new();
    for line in tables.lines() {
        let failures = if tables.mentions.iter().any(|m| m.id == line.id) { mention_row(line, reader) } else { line_row(line) };
        out.extend(failures.into_iter().map(|what| Failure { place: line.place.clone(), id: line.id.clone(), what }));
    }
    for rule in tables.rules.iter().chain(tables.checks.iter()) {
        let failures = rule_row(rule, reader);
        out.extend(failures.into_iter().map(|what| Failure { place: rule.place.clone(), id: rule.id.clone(), what }));
    }
    out.extend(vocabulary(tables));
    out.extend(twice(tables));
    out.extend(places(reader));
    out.extend(clocks(tables));
    out.extend(number_formats(tables));
    out
}

/// Ids of all rows, for one named test each.
pub fn ids(tables: &Tables) -> Vec<String> {
    let rules = tables.rules.iter().chain(tables.checks.iter()).map(|r| r.id.clone());
    tables.lines().map(|l| l.id.clone()).chain(rules).collect()
}

/// What no example meets: words of the closed lists that stand in no example of any row.
pub fn unexercised(reader: &Reader) -> Vec<String> {
    let tables = reader.tables;
    let lines = tables.lines().flat_map(|l| l.take.iter().map(|e| &e.text).chain(l.leave.iter().map(|e| &e.text)));
    let rules = tables.rules.iter().chain(tables.checks.iter());
    let rules = rules.flat_map(|r| r.take.iter().map(|e| &e.text).chain(r.leave.iter().map(|e| &e.text)));
    let examples: String = lines.chain(rules).map(|text| format!("{text}\n")).collect();
    let units = tables.lexicon.units.iter().map(|unit| ("unit", &unit.word));
    let bounds = tables.lexicon.bounds.iter().map(|bound| ("bound", &bound.word));
    let words = tables
        .lexicon
        .words
        .iter()
        .filter(|(list, _)| *list != "jieba")
        .flat_map(|(list, words)| words.iter().map(move |w| (list.as_str(), w)));
    let unmet = units.chain(bounds).chain(words).filter(|(_, word)| !examples.contains(word.as_str()));
    unmet.map(|(list, word)| format!("{list}: {word}")).collect()
}

/// Every number format writes its examples.
fn number_formats(tables: &Tables) -> Vec<Failure> {
    let rows = tables.lexicon.notation.formats.iter();
    let examples = rows.flat_map(|row| row.take.iter().map(move |example| (row, example, row.format.write(example.number))));
    let wrong = examples.filter(|(_, example, written)| *written != example.text);
    let what = |example: &Numbered, written: &str| format!("writes {} as {written:?}, not as {:?}", example.number, example.text);
    wrong
        .map(|(row, example, written)| Failure {
            place: ("lexicon/number-format.toml".into(), row.line),
            id: row.names.join(", "),
            what: what(example, &written),
        })
        .collect()
}

/// A row on plain text: its expression takes and leaves.
fn line_row(line: &Line) -> Vec<String> {
    let mut out = Vec::new();
    for example in &line.take {
        let text = marks(&example.text);
        match line.captures(&text) {
            None => out.push(format!("does not take {:?}", example.text)),
            Some(found) => {
                let groups = ["value", "title", "name", "subject", "except", "what", "code", "list"];
                let value = groups.iter().find_map(|g| found.name(g)).map(|m| m.as_str().to_string());
                let date = found.name("y").map(|y| [Some(y), found.name("m"), found.name("d")].into_iter().flatten().count());
                if let Some(wanted) = example.value.as_ref().filter(|_| date.is_none())
                    && value.as_ref() != Some(wanted)
                {
                    out.push(format!("takes {:?} as {value:?}, not as {wanted:?}", example.text));
                }
            }
        }
    }
    let taken = line.leave.iter().filter(|leave| line.is_match(&marks(&leave.text)));
    out.extend(taken.map(|leave| format!("takes {:?}, which is {}", leave.text, leave.why)));
    out
}

/// `{l}` and `{r}` in an example are the marks around a number.
fn marks(text: &str) -> String {
    text.replace("{l}", "\u{E00E}").replace("{r}", "\u{E00F}")
}

/// A row that lexes: some mention of the text is its own, with the value.
fn mention_row(line: &Line, reader: &Reader) -> Vec<String> {
    let mut out = Vec::new();
    for example in &line.take {
        let values: Vec<String> =
            mentions_of(&example.text, reader).iter().filter(|m| m.rule == line.id).map(|m| shown(&m.value, m.unit)).collect();
        if values.is_empty() {
            out.push(format!("does not take {:?}", example.text));
        } else if let Some(wanted) = &example.value
            && !values.contains(wanted)
        {
            out.push(format!("takes {:?} as {values:?}, not as {wanted:?}", example.text));
        }
    }
    let taken = line.leave.iter().filter(|leave| mentions_of(&leave.text, reader).iter().any(|m| m.rule == line.id));
    out.extend(taken.map(|leave| format!("takes {:?}, which is {}", leave.text, leave.why)));
    out
}

fn mentions_of(text: &str, reader: &Reader) -> Vec<extract::Mention> {
    let normalised = normalise(text, reader.tables);
    let segmented = crate::segment::segment(&normalised, reader.segmenter(), reader.tables);
    extract::mentions(&segmented, reader.tables, &reader.lexer)
}

/// A fact rule: it is the one that fires for some mention of the text, with the value.
fn rule_row(rule: &Rule, reader: &Reader) -> Vec<String> {
    let mut out = Vec::new();
    for Example { text, value, under } in &rule.take {
        let values = fired(text, under.as_deref(), rule, reader);
        if values.is_empty() {
            out.push(format!("does not take {text:?}{}", winners(text, under.as_deref(), rule, reader)));
        } else if let Some(wanted) = value
            && !values.contains(wanted)
        {
            out.push(format!("takes {text:?} as {values:?}, not as {wanted:?}"));
        }
    }
    let taken = rule.leave.iter().filter(|leave| !fired(&leave.text, leave.under.as_deref(), rule, reader).is_empty());
    out.extend(taken.map(|leave| format!("takes {:?}, which is {}", leave.text, leave.why)));
    out
}

/// The values that `rule` gives for the mentions of `text`, imagined in a section of class `under`.
fn fired(text: &str, under: Option<&str>, rule: &Rule, reader: &Reader) -> Vec<String> {
    let (facts, others) = read(text, under, reader);
    let words = normalise(text, reader.tables);
    let own = facts.iter().filter(|f| f.rule.id == rule.id).map(|f| value(f, words.text()));
    own.chain(others.into_iter().filter(|(id, _)| *id == rule.id).map(|(_, value)| value)).collect()
}

fn winners(text: &str, under: Option<&str>, rule: &Rule, reader: &Reader) -> String {
    let (facts, others) = read(text, under, reader);
    let mut ids: Vec<&str> = facts.iter().map(|f| f.rule.id.as_str()).chain(others.into_iter().map(|(id, _)| id)).collect();
    ids.retain(|id| *id != rule.id);
    if ids.is_empty() { String::new() } else { format!("; taken by {}", ids.join(", ")) }
}

/// Everything that the rules make of one phrase: facts, and rule ids of explanations and declarations.
fn read(text: &str, under: Option<&str>, reader: &Reader) -> (Vec<Fact>, Vec<(&'static str, String)>) {
    let normalised = normalise(text, reader.tables);
    let segmented = crate::segment::segment(&normalised, reader.segmenter(), reader.tables);
    let whole = Span::<Normal>::new(0, normalised.text().len());
    let outline = Outline::one(whole);
    let mentions = extract::mentions(&segmented, reader.tables, &reader.lexer);
    let out = extract::extract_section(&outline, 1, &segmented, &mentions, &under.into_iter().collect::<Vec<_>>(), reader.tables);
    let explained = out.explained.into_iter().map(|e| (e.rule, String::new()));
    let declared = out.declared.into_iter().map(|d| (d.rule, shown(&d.value, "")));
    (out.facts, explained.chain(declared).collect())
}

/// A fact's value as the examples write it.
fn value(fact: &Fact, text: &str) -> String {
    let rate = fact.shares().filter(|_| fact.kind == FactKind::Funding);
    if let Some(rate) = rate {
        let number = rate.max.or(rate.min).map(|v| v.normalize().to_string()).unwrap_or_default();
        let of = if fact.base.is_empty() { String::new() } else { format!(" of {}", fact.base) };
        return format!("{number}%{of}");
    }
    if fact.value == Value::Words {
        return fact.core.of(text).to_string();
    }
    let unit = match (fact.kind, fact.months) {
        (FactKind::Projects, _) => "",
        (_, Some(_)) => "months",
        _ => fact.unit,
    };
    let value = match (&fact.value, fact.months) {
        (Value::Amount { interval, choices }, Some(months)) => {
            Value::Amount { interval: interval.times(months).unwrap_or_default(), choices: choices.clone() }
        }
        (value, _) => value.clone(),
    };
    shown(&value, unit)
}

fn shown(value: &Value, unit: &str) -> String {
    let words = match value {
        Value::Amount { interval, .. } => format!("{interval} {unit}"),
        Value::Date(date) => date.to_string(),
        Value::Period(start, end) => format!("{start}/{end}"),
        Value::Place(place) => {
            place.group.clone().unwrap_or_else(|| place.codes.iter().map(|(c, _)| c.as_str()).collect::<Vec<_>>().join(" "))
        }
        Value::Words => String::new(),
    };
    words.trim_end().to_string()
}

/// Every word that a row gives is one of the published schema, every class one that a heading row gives, every unit one of the
/// lexicon: a slip of the pen would make the row die unseen.
fn vocabulary(tables: &Tables) -> Vec<Failure> {
    let mut classes: BTreeSet<&str> = tables.attributes.iter().map(|row| row.class.as_str()).collect();
    classes.extend(["title", "call_title", "name", "published"]);
    let units: BTreeSet<&str> = tables.lexicon.units.iter().map(|unit| unit.name.as_str()).chain([extract::RATIO]).collect();
    let schema = quoted_words(crate::programme::SCHEMA);
    let unknown = |rule: &Rule| {
        let sections = rule
            .under
            .iter()
            .chain(&rule.outside)
            .filter(|class| !classes.contains(class.as_str()))
            .map(|c| format!("no heading row gives the class {c:?}"));
        let amounts = rule.units.iter().filter(|unit| !units.contains(unit.as_str())).map(|u| format!("the lexicon has no unit {u:?}"));
        let given = words_given(&rule.gives)
            .into_iter()
            .filter(|word| !schema.contains(word.as_str()))
            .map(|w| format!("the schema has no word {w:?}"));
        sections
            .chain(amounts)
            .chain(given)
            .map(|what| Failure { place: rule.place.clone(), id: rule.id.clone(), what })
            .collect::<Vec<_>>()
    };
    tables.rules.iter().chain(tables.checks.iter()).flat_map(unknown).collect()
}

/// The words of a row that must stand in the schema.
fn words_given(gives: &Gives) -> Vec<String> {
    const OWN: &[&str] = &["known", "exclusive"];
    let given = [&gives.role, &gives.counts, &gives.scope, &gives.status, &gives.bound, &gives.check, &gives.unclaimed];
    let words = given.into_iter().flatten().chain(&gives.within);
    words.filter(|word| !OWN.contains(&word.as_str())).cloned().collect()
}

/// All strings of a JSON text, keys and values.
fn quoted_words(json: &str) -> BTreeSet<String> {
    json.split('"').skip(1).step_by(2).map(str::to_string).collect()
}

/// Ids are never used twice.
fn twice(tables: &Tables) -> Vec<Failure> {
    let mut seen = BTreeSet::new();
    let all = tables.lines().map(|l| (&l.id, &l.place)).chain(tables.rules.iter().chain(tables.checks.iter()).map(|r| (&r.id, &r.place)));
    all.filter(|(id, _)| !seen.insert(id.as_str()))
        .map(|(id, place)| Failure { place: place.clone(), id: id.clone(), what: "a second row of this id".into() })
        .collect()
}

/// Every clock goes by a zone that there is.
fn clocks(tables: &Tables) -> Vec<Failure> {
    let wrong = tables.lexicon.clocks.iter().filter(|(_, zone)| !clock::is_zone(zone));
    let failure = |(name, zone): &(String, String)| Failure {
        place: ("lexicon/clock.toml".into(), 0),
        id: name.clone(),
        what: format!("no time zone is called {zone}"),
    };
    wrong.map(failure).collect()
}

/// Every name of the country list is found where it stands alone, and no trap gives a place that begins where it begins.
fn places(reader: &Reader) -> Vec<Failure> {
    let mut out = Vec::new();
    for (name, place) in &reader.tables.lexicon.places {
        let found = mentions_of(name, reader);
        let whole = found.iter().filter(|m| m.slot.is_place()).any(|m| m.core.end - m.core.start == name.len());
        let what = match place {
            Some(_) if !whole => "the name is not found where it stands alone",
            None if found.iter().any(|m| m.slot.is_place()) => "a place is found in the trap",
            _ => continue,
        };
        out.push(Failure { place: ("lexicon/country.toml".into(), 0), id: name.clone(), what: what.into() });
    }
    out
}
