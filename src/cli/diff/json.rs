//! The report as JSON, as `src/diff/schema.json` describes it. In: `Report`. Out: `serde_json::Value`.

use serde_json::{Map, Value as Json, json};

use super::report::{Document, Entry, Report};
use crate::diff::{Call, Held, Pair, SCHEMA_VERSION, Severity, Value};
use crate::programme::Evidence;
use crate::value::{Decimal, Interval, json_number};

pub fn report(report: &Report) -> Json {
    let stale: Vec<Json> = report.stale.iter().map(|(fingerprint, reason)| json!({"fingerprint": fingerprint, "reason": reason})).collect();
    json!({
        "schema_version": SCHEMA_VERSION,
        "generator": generator(),
        "comparisons": report.documents.iter().map(|document| comparison(report, document)).collect::<Vec<_>>(),
        "unpaired": {"old": report.only_old, "new": report.only_new},
        "stale": stale,
    })
}

pub fn generator() -> Json {
    json!({"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")})
}

fn comparison(report: &Report, document: &Document) -> Json {
    let compared = document.comparison;
    let counts: Map<String, Json> = Severity::ALL
        .into_iter()
        .map(|severity| {
            let shown = document.entries.iter().filter(|entry| entry.change.severity == severity).count();
            let hidden: usize = document.hidden.iter().filter(|(s, _)| *s == severity).map(|(_, n)| n).sum();
            (severity.name().to_string(), json!(shown + hidden))
        })
        .collect();
    json!({
        "old": call(compared.old, document.files[0]),
        "new": call(compared.new, document.files[1]),
        "programmes": compared.pairs.iter().map(|pair| programme(report, document, pair)).collect::<Vec<_>>(),
        "changes": document.entries.iter().map(|entry| change(document, entry)).collect::<Vec<_>>(),
        "counts": counts,
        "accepted": document.accepted,
    })
}

fn call(call: &Call, file: &str) -> Json {
    json!({
        "file": file,
        "source": call.source.file,
        "sha256": call.source.sha256,
        "schema_version": call.schema_version,
        "digest": call.digest,
        "title": call.title,
        "year": call.year,
    })
}

fn ids(call: &Call, places: &[usize]) -> Vec<String> {
    places.iter().filter_map(|at| call.programmes.get(*at)).map(|programme| programme.id.clone()).collect()
}

fn programme(report: &Report, document: &Document, pair: &Pair) -> Json {
    let (old, new) = (document.comparison.old, document.comparison.new);
    let mut out = json!({
        "kinds": pair.fates.iter().map(|fate| fate.name()).collect::<Vec<_>>(),
        "old": ids(old, &pair.old),
        "new": ids(new, &pair.new),
        "similarity": (pair.likeness * 1000.0).round() / 1000.0,
        "outside": pair.outside,
    });
    if report.wanted.unchanged {
        let facts = pair.unchanged.iter().map(|(_, held)| format!("{} {}", report.speech.what(held.fact), report.speech.value(held.fact)));
        out["unchanged"] = facts.collect();
    }
    out
}

fn change(document: &Document, entry: &Entry) -> Json {
    let compared = document.comparison;
    let (change, pair) = (entry.change, compared.pairs.get(entry.change.pair));
    let first = |call: &Call, places: Option<&usize>| places.and_then(|at| call.programmes.get(*at)).map(|p| p.id.clone());
    let mut out = Map::new();
    out.insert("fingerprint".into(), json!(change.fingerprint));
    out.insert("severity".into(), json!(change.severity.name()));
    out.insert("kind".into(), json!(change.kind.name()));
    out.insert("field".into(), json!(change.field.name()));
    out.insert(
        "programme".into(),
        json!({
            "old": first(compared.old, pair.and_then(|p| p.old.first())),
            "new": first(compared.new, pair.and_then(|p| p.new.first())),
        }),
    );
    out.insert("text".into(), json!(entry.said.text));
    if let Some(percent) = entry.said.percent {
        out.insert("percent".into(), json_number(percent));
    }
    if change.words.iter().any(|words| !words.is_empty()) {
        out.insert("words".into(), json!({"old": change.words[0], "new": change.words[1]}));
    }
    out.insert("old".into(), change.old.iter().map(|held| statement(compared.old, held)).collect());
    out.insert("new".into(), change.new.iter().map(|held| statement(compared.new, held)).collect());
    Json::Object(out)
}

/// A fact as this side states it.
fn statement(call: &Call, held: &Held) -> Json {
    let fact = held.fact;
    let mut out = Map::new();
    out.insert("programme".into(), json!(call.programmes.get(held.programme).map(|p| p.id.clone()).unwrap_or_default()));
    out.insert("field".into(), json!(fact.field.name()));
    let words =
        [("what", &fact.what), ("label", &fact.label), ("applies_to", &fact.applies_to), ("force", &fact.force), ("scope", &fact.scope)];
    out.extend(words.into_iter().filter(|(_, word)| !word.is_empty()).map(|(key, word)| (key.to_string(), json!(word))));
    if !fact.except.is_empty() {
        out.insert("except".into(), json!(fact.except));
    }
    match &fact.value {
        Value::Amount { interval, unit, rate, .. } => {
            ends(&mut out, interval, ["min", "max"]);
            ends(&mut out, rate, ["rate_min", "rate_max"]);
            out.insert("unit".into(), json!(unit));
        }
        Value::Length { months, choices, start, end } => {
            ends(&mut out, months, ["min_months", "max_months"]);
            if !choices.is_empty() {
                out.insert("choices".into(), choices.iter().map(|c| json_number(*c)).collect());
            }
            let dates = [("start", start), ("end", end)];
            out.extend(dates.into_iter().filter(|(_, date)| !date.is_empty()).map(|(key, date)| (key.to_string(), json!(date))));
        }
        Value::Moment { at, bound } => {
            let words = [("at", at), ("bound", bound)];
            out.extend(words.into_iter().filter(|(_, word)| !word.is_empty()).map(|(key, word)| (key.to_string(), json!(word))));
        }
        Value::Place { code, group } => {
            out.insert(if *group { "group" } else { "code" }.into(), json!(code));
        }
        Value::Words(_) => {}
    }
    if let Some(Evidence { start, end, text, .. }) = &fact.evidence {
        out.insert("evidence".into(), json!({"start": start, "end": end, "text": text}));
    }
    Json::Object(out)
}

fn ends(out: &mut Map<String, Json>, interval: &Interval, keys: [&str; 2]) {
    let number = |end: Option<Decimal>| end.map_or(Json::Null, json_number);
    if interval.min.is_some() || interval.max.is_some() {
        out.insert(keys[0].into(), number(interval.min));
        out.insert(keys[1].into(), number(interval.max));
    }
}
