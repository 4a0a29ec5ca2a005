//! A linked fact as JSON: the fields of its kind in the order of the contract, then what facts of every kind share.

use serde_json::{Map, Value as Json, json};

use super::build::Parts;
use super::types::Fact;
use crate::extract::{Fact as Found, Value};
use crate::table::FactKind;
use crate::value::{Decimal, Interval, json_number};

impl Parts<'_> {
    /// The fact as its array holds it.
    pub fn fields(&self, fact: &Found) -> Fact {
        let mut fields = Map::new();
        match fact.kind {
            FactKind::Funding => self.funding(fact, &mut fields),
            FactKind::Projects => interval(&mut fields, fact.value.interval(), ""),
            FactKind::Period => period(fact, &mut fields),
            FactKind::Deadlines => deadline(fact, &mut fields),
            FactKind::Contacts => self.contact(fact, &mut fields),
            _ => self.count(fact, &mut fields),
        }
        self.common(fact, &mut fields);
        fields
    }

    fn funding(&self, fact: &Found, fields: &mut Map<String, Json>) {
        let share_only = fact.unit == "%";
        fields.insert("role".into(), json!(fact.gives.role.as_deref().unwrap_or("other")));
        interval(fields, if share_only { Interval::default() } else { fact.value.interval() }, "");
        fields.insert("currency".into(), if share_only { Json::Null } else { json!(fact.unit) });
        if let Some(rate) = fact.shares() {
            interval(fields, rate, "rate_");
        }
        if !fact.base.is_empty() {
            fields.insert("base".into(), json!(fact.base));
        }
        if !fact.per.is_empty() {
            fields.insert("per".into(), json!(fact.per));
        }
        if !fact.of.is_empty() {
            fields.insert("when".into(), self.of(fact));
        }
    }

    fn of(&self, fact: &Found) -> Json {
        let each = |child: &Found| {
            let mut fields = Map::new();
            self.count(child, &mut fields);
            for key in ["scope", "of"] {
                fields.shift_remove(key);
            }
            fields.retain(|key, value| key != "label" || !value.is_null());
            flags(child, &mut fields);
            fields.insert("evidence".into(), json!(self.evidence(child.span)));
            Json::Object(fields)
        };
        fact.of.iter().map(each).collect()
    }

    /// Targets, conditions, quotas: what is counted, and the bounds.
    fn count(&self, fact: &Found, fields: &mut Map<String, Json>) {
        let label = fact.label.map(|span| self.compact(span));
        if fact.kind != FactKind::Quotas {
            fields.insert("metric".into(), json!(fact.metric));
        }
        fields.insert("label".into(), json!(label));
        interval(fields, fact.value.interval(), "");
        let is_money = fact.unit.len() == 3 && fact.unit.chars().all(|c| c.is_ascii_uppercase());
        let is_condition = fact.kind == FactKind::Conditions;
        if is_condition && is_money {
            fields.insert("currency".into(), json!(fact.unit));
        } else if !is_condition || !fact.unit.is_empty() {
            fields.insert("unit".into(), json!(Some(&fact.unit).filter(|u| !u.is_empty())));
        }
        if let Value::Date(date) = &fact.value {
            fields.insert("date".into(), json!(date.day().to_string()));
        }
        if let Some(bound) = fact.gives.bound.as_deref().filter(|b| b.starts_with("not_")) {
            fields.insert("bound".into(), json!(bound));
        }
        if fact.kind == FactKind::Kpis {
            fields.insert("scope".into(), json!(fact.gives.scope.as_deref().unwrap_or("project")));
            if !fact.of.is_empty() {
                fields.insert("of".into(), self.of(fact));
            }
        }
    }

    fn contact(&self, fact: &Found, fields: &mut Map<String, Json>) {
        fields.insert("kind".into(), json!(fact.gives.role.as_deref().unwrap_or("url")));
        fields.insert("value".into(), json!(self.compact(fact.core)));
        if let Some(label) = fact.label {
            fields.insert("label".into(), json!(self.compact(label)));
        }
    }

    /// One fact for each country or group that the words name.
    pub fn countries(&self, fact: &Found) -> Vec<Fact> {
        let Value::Place(place) = &fact.value else { return vec![] };
        let words = self.compact(fact.core);
        let one = place.codes.len() == 1 || place.group.is_some();
        let named = place.codes.iter().map(|(code, usual)| ("code", code.clone(), if one { words.clone() } else { usual.clone() }));
        let group = place.group.iter().map(|group| ("group", group.clone(), words.clone()));
        let make = |(key, id, name): (&str, String, String)| {
            let mut fields = Map::new();
            fields.insert(key.into(), json!(id));
            fields.insert("name".into(), json!(name));
            fields.insert("role".into(), json!(fact.gives.role.as_deref().unwrap_or("partner")));
            self.common(fact, &mut fields);
            fields
        };
        named.chain(group).map(make).collect()
    }

    /// What facts of every kind share.
    fn common(&self, fact: &Found, fields: &mut Map<String, Json>) {
        flags(fact, fields);
        if let Some(subject) = &fact.applies_to {
            fields.insert("applies_to".into(), json!(subject));
        }
        let force = fact.force.or(fact.in_principle.then_some("in_principle"));
        if let Some(force) = force {
            fields.insert("force".into(), json!(force));
        }
        if !fact.except.is_empty() {
            fields.insert("except".into(), json!(fact.except));
        }
        if let Some(any_of) = &fact.any_of {
            fields.insert("any_of".into(), json!(any_of));
        }
        fields.insert("evidence".into(), json!(self.evidence(fact.span)));
        fields.insert("rule".into(), json!(fact.rule));
    }
}

fn interval(fields: &mut Map<String, Json>, interval: Interval, prefix: &str) {
    let end = |value: Option<Decimal>| value.map_or(Json::Null, json_number);
    fields.insert(format!("{prefix}min"), end(interval.min));
    fields.insert(format!("{prefix}max"), end(interval.max));
}

fn flags(fact: &Found, fields: &mut Map<String, Json>) {
    if fact.approximate {
        fields.insert("approximate".into(), json!(true));
    }
    let exclusive = fact.value.interval().exclusive || fact.gives.bound.as_deref() == Some("exclusive");
    if exclusive {
        fields.insert("exclusive".into(), json!(true));
    }
}

fn period(fact: &Found, fields: &mut Map<String, Json>) {
    if let Some(role) = fact.gives.role.as_deref().filter(|r| *r != "project") {
        fields.insert("role".into(), json!(role));
    }
    let months = fact.months.unwrap_or(Decimal::ONE);
    interval(fields, fact.value.interval().times(months).unwrap_or_default(), "");
    for (from, to) in [("min", "min_months"), ("max", "max_months")] {
        let value = fields.shift_remove(from).unwrap_or(Json::Null);
        fields.insert(to.into(), value);
    }
    let (start, end) = fact.dates();
    for (key, date) in [("start", start), ("end", end)] {
        fields.extend(date.map(|date| (key.to_string(), json!(date.day().to_string()))));
    }
    if let Value::Amount { choices, .. } = &fact.value
        && !choices.is_empty()
    {
        fields.insert("choices".into(), choices.iter().filter_map(|c| c.checked_mul(months)).map(json_number).collect());
    }
}

fn deadline(fact: &Found, fields: &mut Map<String, Json>) {
    fields.insert("role".into(), json!(fact.gives.role.as_deref().unwrap_or("other")));
    let at = match &fact.value {
        Value::Date(date) => json!(date.to_string()),
        Value::Period(_, end) => json!(end.to_string()),
        _ => Json::Null,
    };
    fields.insert("at".into(), at);
    if let Some(status) = &fact.gives.status {
        fields.insert("status".into(), json!(status));
    }
}
