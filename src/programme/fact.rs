//! A linked fact as JSON: the fields of its kind in the order of the contract, then what facts of every kind share.

use serde_json::Value as Json;

use super::build::Parts;
use super::types::{Fact, Field, Fields};
use crate::extract::{Fact as Found, Value};
use crate::table::FactKind;
use crate::value::{Decimal, Interval, json_number};

impl Parts<'_> {
    /// The fact as its array holds it.
    pub fn fields(&self, fact: &Found) -> Fact {
        let mut fields = Fields::new();
        match fact.kind {
            FactKind::Funding => self.funding(fact, &mut fields),
            FactKind::Projects => interval(&mut fields, fact.value.interval(), ["min", "max"]),
            FactKind::Period => period(fact, &mut fields),
            FactKind::Deadlines => deadline(fact, &mut fields),
            FactKind::Contacts => self.contact(fact, &mut fields),
            _ => self.count(fact, &mut fields),
        }
        self.shared(fact, fields)
    }

    fn funding(&self, fact: &Found, fields: &mut Fields) {
        let share_only = fact.unit == "%";
        fields.add("role", fact.role.unwrap_or("other"));
        interval(fields, if share_only { Interval::default() } else { fact.value.interval() }, ["min", "max"]);
        fields.add("currency", Some(fact.unit).filter(|_| !share_only));
        if let Some(rate) = fact.shares() {
            interval(fields, rate, ["rate_min", "rate_max"]);
        }
        if !fact.base.is_empty() {
            fields.add("base", fact.base.clone());
        }
        if !fact.per.is_empty() {
            fields.add("per", fact.per.clone());
        }
        if !fact.of.is_empty() {
            fields.add("when", self.of(fact));
        }
    }

    fn of(&self, fact: &Found) -> Vec<Fact> {
        let each = |child: &Found| {
            let mut fields = Fields::new();
            self.count(child, &mut fields);
            fields.retain(|key, value| !matches!(key, "scope" | "of") && (key != "label" || *value != Field::Null));
            flags(child, &mut fields);
            Fact { fields, evidence: self.evidence(child.span), rule: "".into() }
        };
        fact.of.iter().map(each).collect()
    }

    /// Targets, conditions, quotas: what is counted, and the bounds.
    fn count(&self, fact: &Found, fields: &mut Fields) {
        let label = fact.label.map(|span| self.compact(span));
        if fact.kind != FactKind::Quotas {
            fields.add("metric", fact.metric);
        }
        fields.add("label", label);
        interval(fields, fact.value.interval(), ["min", "max"]);
        let is_money = fact.unit.len() == 3 && fact.unit.chars().all(|c| c.is_ascii_uppercase());
        let is_condition = fact.kind == FactKind::Conditions;
        if is_condition && is_money {
            fields.add("currency", fact.unit);
        } else if !is_condition || !fact.unit.is_empty() {
            fields.add("unit", Some(fact.unit).filter(|unit| !unit.is_empty()));
        }
        if let Value::Date(date) = &fact.value {
            fields.add("date", date.day().to_string());
        }
        if let Some(bound) = fact.bound.filter(|b| b.starts_with("not_")) {
            fields.add("bound", bound);
        }
        if fact.kind == FactKind::Kpis {
            fields.add("scope", fact.scope.unwrap_or("project"));
            if !fact.of.is_empty() {
                fields.add("of", self.of(fact));
            }
        }
    }

    fn contact(&self, fact: &Found, fields: &mut Fields) {
        fields.add("kind", fact.role.unwrap_or("url"));
        fields.add("value", self.compact(fact.core));
        if let Some(label) = fact.label.map(|label| self.compact(label)).filter(|label| !label.is_empty()) {
            fields.add("label", label);
        }
    }

    /// One fact for each country or group that the words name; the office's own province, `home`, is no partner of its own.
    pub fn countries(&self, fact: &Found, home: Option<&str>) -> Vec<Fact> {
        let Value::Place(place) = &fact.value else { return vec![] };
        let one = place.codes.len() == 1 || place.group.is_some();
        let is_province = || place.codes.iter().any(|(code, _)| code.starts_with("CN-"));
        let own = home.filter(|_| fact.role == Some("partner") && is_province());
        let others = place.codes.iter().filter(|(code, _)| own != Some(code.as_str()));
        let named = others.map(|(code, usual)| ("code", code, Some(usual).filter(|_| !one)));
        let group = place.group.iter().map(|group| ("group", group, None));
        let make = |(key, id, usual): (&'static str, &'static String, Option<&'static String>)| {
            let mut fields = Fields::new();
            fields.add(key, id.as_str());
            fields.add("name", usual.map_or_else(|| self.compact(fact.core).into(), |usual| Field::from(usual.as_str())));
            fields.add("role", fact.role.unwrap_or("partner"));
            self.shared(fact, fields)
        };
        named.chain(group).map(make).collect()
    }

    /// The fact with the fields of its kind, and what facts of every kind share.
    fn shared(&self, fact: &Found, mut fields: Fields) -> Fact {
        flags(fact, &mut fields);
        if let Some(subject) = &fact.applies_to {
            fields.add("applies_to", subject.clone());
        }
        let force = fact.force.or(fact.in_principle.then_some("in_principle"));
        if let Some(force) = force {
            fields.add("force", force);
        }
        if !fact.except.is_empty() {
            fields.add("except", Json::from(fact.except.as_slice()));
        }
        if let Some(any_of) = &fact.any_of {
            fields.add("any_of", any_of.clone());
        }
        Fact { fields, evidence: self.evidence(fact.span), rule: fact.rule.id.as_str().into() }
    }
}

/// The ends of an interval, by the names `keys`.
fn interval(fields: &mut Fields, interval: Interval, keys: [&'static str; 2]) {
    for (key, end) in keys.into_iter().zip([interval.min, interval.max]) {
        fields.add(key, end.map(json_number));
    }
}

fn flags(fact: &Found, fields: &mut Fields) {
    if fact.approximate {
        fields.add("approximate", true);
    }
    let exclusive = fact.value.interval().exclusive || fact.bound == Some("exclusive");
    if exclusive {
        fields.add("exclusive", true);
    }
}

fn period(fact: &Found, fields: &mut Fields) {
    if let Some(role) = fact.role.filter(|r| *r != "project") {
        fields.add("role", role);
    }
    let months = fact.months.unwrap_or(Decimal::ONE);
    interval(fields, fact.value.interval().times(months).unwrap_or_default(), ["min_months", "max_months"]);
    let (start, end) = fact.dates();
    for (key, date) in [("start", start), ("end", end)] {
        if let Some(date) = date {
            fields.add(key, date.day().to_string());
        }
    }
    if let Value::Amount { choices, .. } = &fact.value
        && !choices.is_empty()
    {
        fields.add("choices", choices.iter().filter_map(|c| c.checked_mul(months)).map(json_number).collect::<Json>());
    }
}

fn deadline(fact: &Found, fields: &mut Fields) {
    fields.add("role", fact.role.unwrap_or("other"));
    let at = match &fact.value {
        Value::Date(date) | Value::Period(_, date) => Some(date.to_string()),
        _ => None,
    };
    fields.add("at", at);
    if let Some(status) = fact.rule.gives.status.as_deref() {
        fields.add("status", status);
    }
}
