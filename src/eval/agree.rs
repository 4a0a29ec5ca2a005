//! When a predicted fact agrees with a gold one, down to what Python takes for true and for equal: the reference script is in
//! Python, and its counts are met to the last one. In: two facts as JSON. Out: the level they reach, or nothing.

use serde_json::Value;

use super::{Fact, Level};

/// How far two overlapping facts of one family agree.
pub fn level(gold: &Fact, pred: &Fact) -> Level {
    let same_place = gold.kind.name == pred.kind.name && gold.place == pred.place;
    if !agree(gold, pred, gold.kind.value) {
        Level::Found
    } else if !same_place || !agree(gold, pred, gold.kind.strict) {
        Level::Value
    } else if !agree_fully(gold.body, pred.body) {
        Level::Strict
    } else {
        Level::Exact
    }
}

pub fn agree(gold: &Fact, pred: &Fact, keys: &[&str]) -> bool {
    keys.iter().all(|&key| one_of(&gold.body[key], &pred.body[key], form(key)))
}

pub fn agree_fully(gold: &Value, pred: &Value) -> bool {
    alternatives(&gold["applies_to"]).iter().any(|subject| same_subject(subject, &pred["applies_to"]))
        && (!truthy(&gold["scope"]) || equal(&gold["scope"], &pred["scope"]))
        && (!truthy(&gold["unit"]) || one_of(&gold["unit"], &pred["unit"], Value::clone))
        && truthy(&gold["exclusive"]) == truthy(&pred["exclusive"])
}

/// One contains the other; no subject agrees only with none.
pub fn same_subject(gold: &Value, pred: &Value) -> bool {
    let (a, b) = (bare(gold), bare(pred));
    if a.is_empty() || b.is_empty() { a == b } else { a.contains(&b) || b.contains(&a) }
}

/// A list in gold is a choice; a list in the prediction is compared as it stands.
pub fn one_of(gold: &Value, pred: &Value, form: fn(&Value) -> Value) -> bool {
    let given = form(pred);
    alternatives(gold).iter().any(|right| equal(&form(right), &given))
}

pub fn alternatives(gold: &Value) -> &[Value] {
    gold.as_array().map_or(std::slice::from_ref(gold), Vec::as_slice)
}

/// The form in which the values of a key are compared.
pub fn form(key: &str) -> fn(&Value) -> Value {
    match key {
        "min" | "max" | "min_months" | "max_months" | "rate_min" | "rate_max" => number,
        "title" | "value" => |value| Value::String(bare(value)),
        "at" => moment,
        "date" => day,
        _ => Value::clone,
    }
}

/// A number to six decimals; as in the script, text that reads as a number is one.
pub fn number(value: &Value) -> Value {
    let read = match value {
        Value::String(text) => text.trim().parse().ok(),
        other => numeric(other),
    };
    let rounded = read.and_then(|number: f64| format!("{number:.6}").parse().ok());
    rounded.filter(|number: &f64| number.is_finite()).map_or_else(|| value.clone(), Value::from)
}

pub fn numeric(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_bool().map(|flag| f64::from(u8::from(flag))))
}

/// A date and time to the minute, in China's time zone whether it says so or not.
pub fn moment(value: &Value) -> Value {
    const ZONE: &str = "+08:00";
    clipped(value, 16, |text| text.replace(":00+08:00", ZONE).replace(ZONE, ""))
}

pub fn day(value: &Value) -> Value {
    clipped(value, 10, str::to_owned)
}

pub fn clipped(value: &Value, chars: usize, edit: fn(&str) -> String) -> Value {
    match value.as_str() {
        Some(text) => edit(text).chars().take(chars).collect::<String>().into(),
        None if truthy(value) => value.clone(),
        None => "".into(),
    }
}

/// A field of the document as text, so that the year 2026 and "2026" agree.
pub fn printed(value: &Value) -> Value {
    match value {
        Value::Null => "None".into(),
        Value::String(_) => bare(value).into(),
        other => bare(&other.to_string().into()).into(),
    }
}

/// White space and punctuation that no comparison of titles looks at: quotes, brackets, full stops, commas, colons.
const IGNORED: &str = "\u{201c}\u{201d}\"\u{300a}\u{300b}\u{300c}\u{300d}\u{b7}.\u{ff0e}\u{3001}\u{ff0c},:\u{ff1a}";

/// A text without what is [`IGNORED`]; of a list, its texts in a row; nothing for null, false and zero.
pub fn bare(value: &Value) -> String {
    match value {
        Value::String(text) => text.chars().filter(|&c| !blank(c) && !IGNORED.contains(c)).collect(),
        Value::Array(parts) => parts.iter().filter_map(Value::as_str).filter(|text| !idle(text)).collect(),
        other if truthy(other) => bare(&other.to_string().into()),
        _ => String::new(),
    }
}

/// White space as Python sees it: the four information separators too.
pub fn blank(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

pub fn idle(text: &str) -> bool {
    text.chars().all(blank) || IGNORED.contains(text)
}

/// What Python takes for true: not null, false, zero or empty.
pub fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
    }
}

/// Equality as Python sees it: 2 is 2.0, and true is 1.
pub fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b))),
        _ => a == b || numeric(a).is_some_and(|number| Some(number) == numeric(b)),
    }
}
