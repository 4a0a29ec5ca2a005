//! Values in the short form of the pattern tables: `..=600000 CNY`, `=24 months`, `2026-01/2027-12`. In: a fact as the
//! definition holds it. Out: words for people.

use serde_json::{Map, Value};

use crate::value::{Decimal, Interval};

/// A number of a definition, exactly as written there.
pub fn decimal(value: &Value) -> Option<Decimal> {
    Some(value.as_number()?.to_string().parse::<Decimal>().ok()?.normalize())
}

/// The value of a fact or mention, of whatever kind.
pub fn value(fact: &Map<String, Value>) -> String {
    let forms = [places(fact), dates(fact), amount(fact), length(fact), share(fact), plain(fact)];
    let said: Vec<String> = forms.into_iter().flatten().chain(flags(fact)).collect();
    if said.is_empty() { "-".into() } else { said.join(" ") }
}

/// What the fact is about: its role, metric or kind, and the words counted.
pub fn subject(fact: &Map<String, Value>) -> String {
    let keys = ["role", "metric", "kind", "label"];
    keys.iter().filter_map(|key| word(fact, key)).collect::<Vec<_>>().join(" ")
}

fn word<'f>(fact: &'f Map<String, Value>, key: &str) -> Option<&'f str> {
    fact.get(key)?.as_str()
}

fn interval(fact: &Map<String, Value>, min: &str, max: &str) -> Option<Interval> {
    let end = |key: &str| fact.get(key).and_then(decimal);
    let exclusive = fact.get("exclusive").is_some_and(|e| e == true);
    let interval = Interval { min: end(min), max: end(max), exclusive };
    (interval.min.is_some() || interval.max.is_some()).then_some(interval)
}

fn amount(fact: &Map<String, Value>) -> Option<String> {
    let interval = interval(fact, "min", "max")?.to_string();
    let unit = word(fact, "currency").or_else(|| word(fact, "unit")).map(|unit| format!(" {unit}"));
    let per = word(fact, "per").map(|per| format!(" per {per}"));
    Some(interval + &unit.unwrap_or_default() + &per.unwrap_or_default())
}

fn length(fact: &Map<String, Value>) -> Option<String> {
    let choices = fact.get("choices").and_then(Value::as_array).map(|choices| {
        let choices: Vec<String> = choices.iter().map(ToString::to_string).collect();
        format!(" ({})", choices.join(" or "))
    });
    let interval = interval(fact, "min_months", "max_months")?;
    Some(format!("{interval} months{}", choices.unwrap_or_default()))
}

fn share(fact: &Map<String, Value>) -> Option<String> {
    let rate = interval(fact, "rate_min", "rate_max")?;
    let base = word(fact, "base").map(|base| format!(" of {base}"));
    Some(format!("{rate} %{}", base.unwrap_or_default()))
}

fn dates(fact: &Map<String, Value>) -> Option<String> {
    let (start, end) = (word(fact, "start"), word(fact, "end"));
    if start.or(end).is_some() {
        return Some(format!("{}/{}", start.unwrap_or_default(), end.unwrap_or_default()));
    }
    let at = word(fact, "at").or_else(|| word(fact, "date")).or_else(|| word(fact, "status"))?;
    let bound = word(fact, "bound").map(|bound| format!(" {bound}"));
    Some(at.to_string() + &bound.unwrap_or_default())
}

fn places(fact: &Map<String, Value>) -> Option<String> {
    let place = word(fact, "code").or_else(|| word(fact, "group"))?;
    Some(word(fact, "name").map_or_else(|| place.to_string(), |name| format!("{place} {name}")))
}

fn plain(fact: &Map<String, Value>) -> Option<String> {
    word(fact, "value").or_else(|| word(fact, "title")).map(String::from)
}

fn flags(fact: &Map<String, Value>) -> Vec<String> {
    let approximate = fact.get("approximate").is_some_and(|a| a == true).then(|| "approximate".into());
    let force = word(fact, "force").map(String::from);
    let said = |key: &str, what: &str| Some(format!("{what} {}", one_line(word(fact, key)?)));
    let lists = fact.get("except").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let except = lists.map(|words| format!("except {}", one_line(words)));
    let named = [approximate, force, said("applies_to", "for"), said("any_of", "one of")];
    named.into_iter().flatten().chain(except).collect()
}

/// `text` without line breaks and the white space around them.
pub fn one_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_kind_of_value_has_its_form() {
        for (fact, shown) in [
            (json!({"min": null, "max": 600_000, "currency": "CNY"}), "..=600000 CNY"),
            (json!({"min": 45_000, "max": 45_000, "currency": "CNY", "per": "人"}), "=45000 CNY per 人"),
            (json!({"min": 50, "max": null, "unit": "人", "exclusive": true}), "50<.. 人"),
            (json!({"min": 1.5, "max": 2, "unit": "%", "approximate": true}), "1.5..=2 % approximate"),
            (json!({"min_months": 24, "max_months": 36, "choices": [24, 36]}), "24..=36 months (24 or 36)"),
            (json!({"min_months": null, "max_months": null, "start": "2026-01", "end": "2027-12"}), "2026-01/2027-12"),
            (
                json!({"min": null, "max": 5, "currency": "CNY", "rate_min": 10, "rate_max": 10, "base": "投资额"}),
                "..=5 CNY =10 % of 投资额",
            ),
            (json!({"at": "2026-05-18T17:30+08:00"}), "2026-05-18T17:30+08:00"),
            (json!({"at": null, "status": "to_be_announced"}), "to_be_announced"),
            (json!({"date": "1985-01-01", "bound": "not_before"}), "1985-01-01 not_before"),
            (json!({"code": "FR", "name": "法国", "role": "partner"}), "FR 法国"),
            (json!({"group": "eu", "name": "欧盟"}), "eu 欧盟"),
            (json!({"value": "a.b@example.org"}), "a.b@example.org"),
            (
                json!({"min": 2, "max": null, "force": "preferred", "applies_to": "双方\n各", "except": ["甲除外"]}),
                "2.. preferred for 双方 各 except 甲除外",
            ),
            (json!({}), "-"),
        ] {
            assert_eq!(value(fact.as_object().unwrap()), shown);
        }
    }
}
