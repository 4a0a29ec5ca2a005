//! Values in words: `at most 80万元`, `2年`, `between 1 and 2`. In: facts and the lexicon, whose signs for ten thousand, yuan and years
//! are written as the documents write them. Out: text.

use std::collections::BTreeMap;

use crate::cli::notation::one_line;
use crate::cli::table::moment;
use crate::diff::{Bound, Fact, Field, Value};
use crate::table::{Lexicon, UnitKind};
use crate::value::{Decimal, Interval};

pub const EXACTLY: &str = "exactly ";

/// The signs of the lexicon.
#[derive(Debug)]
pub struct Speech {
    ten_thousand: String,
    hundred_million: String,
    currencies: BTreeMap<String, String>,
    year: String,
    month: String,
}

impl Speech {
    pub fn new(lexicon: &Lexicon) -> Speech {
        let power = |zeros: u32| lexicon.numerals.powers.iter().find(|(_, p)| *p == zeros).map(|(c, _)| c.to_string());
        let mut currencies: BTreeMap<String, String> = BTreeMap::new();
        for unit in lexicon.units.iter().filter(|unit| unit.kind == UnitKind::Money) {
            let Some(code) = &unit.currency else { continue };
            let word = currencies.entry(code.clone()).or_insert_with(|| unit.word.clone());
            if unit.word.chars().count() < word.chars().count() {
                *word = unit.word.clone();
            }
        }
        let length = |months: Decimal| {
            let words = lexicon.units.iter().filter(|u| u.kind == UnitKind::Duration && u.months == Some(months));
            words.map(|u| u.word.clone()).min_by_key(|word| word.chars().count()).unwrap_or_default()
        };
        Speech {
            ten_thousand: power(4).unwrap_or_default(),
            hundred_million: power(8).unwrap_or_default(),
            currencies,
            year: length(Decimal::from(12)),
            month: length(Decimal::ONE),
        }
    }
    /// What a fact is about, with its subject.
    pub fn what(&self, fact: &Fact) -> String {
        let subject = if fact.applies_to.is_empty() { String::new() } else { format!(" for {}", one_line(&fact.applies_to)) };
        format!("{}{subject}", kind_of(fact))
    }

    /// The value of a fact.
    pub fn value(&self, fact: &Fact) -> String {
        match &fact.value {
            Value::Amount { interval, unit, rate, approximate, bounds } => {
                let about = if *approximate { "about " } else { "" };
                let base = if fact.base.is_empty() { String::new() } else { format!(" of {}", one_line(&fact.base)) };
                let share = self.interval(rate, "%").map(|rate| format!("{rate}{base}"));
                let amount = self.interval(interval, unit);
                let said: Vec<String> = [share, amount].into_iter().flatten().collect();
                let per = if fact.per.is_empty() { String::new() } else { format!(" per {}", fact.per) };
                format!("{about}{}{per}{}", said.join(", "), self.bounds(bounds))
            }
            Value::Length { months, choices, start, end } => {
                let window = if start.is_empty() && end.is_empty() { String::new() } else { format!("{start}/{end}") };
                let length = self.length(months, choices);
                let gap = if length.is_empty() || window.is_empty() { "" } else { ", " };
                format!("{length}{gap}{window}")
            }
            Value::Moment { at, bound } => {
                let bound = bound.replace('_', " ");
                let gap = if at.is_empty() || bound.is_empty() { "" } else { " " };
                format!("{bound}{gap}{}", moment(at))
            }
            Value::Place { .. } | Value::Words(_) => name_of(fact).to_string(),
        }
    }

    fn bounds(&self, bounds: &[Bound]) -> String {
        let said: Vec<String> = bounds
            .iter()
            .map(|b| format!("{} {}", b.metric.replace('_', " "), self.interval(&b.interval, &b.unit).unwrap_or_default()))
            .collect();
        if said.is_empty() { String::new() } else { format!(" ({})", said.join(", ")) }
    }

    fn interval(&self, interval: &Interval, unit: &str) -> Option<String> {
        let is_money = unit.len() == 3 && unit.is_ascii();
        let number = |n: Decimal| self.number(n, unit);
        Some(match (interval.min, interval.max, interval.exclusive) {
            (Some(a), Some(b), _) if a == b && !is_money => number(a),
            (Some(a), Some(b), _) if a == b => format!("{EXACTLY}{}", number(a)),
            (Some(a), Some(b), _) => format!("between {} and {}", number(a), number(b)),
            (Some(a), None, false) => format!("at least {}", number(a)),
            (Some(a), None, true) => format!("more than {}", number(a)),
            (None, Some(b), false) => format!("at most {}", number(b)),
            (None, Some(b), true) => format!("less than {}", number(b)),
            (None, None, _) => return None,
        })
    }

    /// A number with its unit: a currency, a percent sign, a ratio. Measure words are left out, the label says what is counted.
    fn number(&self, value: Decimal, unit: &str) -> String {
        match unit {
            "%" => format!("{}%", value.normalize()),
            "ratio" => format!("{}:1", value.normalize()),
            code if code.len() == 3 && code.is_ascii() => self.money(value, code),
            _ => value.normalize().to_string(),
        }
    }

    pub fn money(&self, value: Decimal, currency: &str) -> String {
        let word = self.currencies.get(currency).cloned().unwrap_or_else(|| format!(" {currency}"));
        let scaled = |by: i64| value.checked_div(Decimal::from(by)).unwrap_or(value).normalize();
        match value.abs() {
            v if v >= Decimal::from(100_000_000) => format!("{}{}{word}", scaled(100_000_000), self.hundred_million),
            v if v >= Decimal::from(10_000) => format!("{}{}{word}", scaled(10_000), self.ten_thousand),
            _ => format!("{}{word}", value.normalize()),
        }
    }

    pub fn length(&self, months: &Interval, choices: &[Decimal]) -> String {
        let year = Decimal::from(12);
        let whole = |n: &Decimal| n.checked_rem(year).is_some_and(|rest| rest.is_zero());
        let ends = [months.min, months.max];
        let in_years = ends.iter().flatten().chain(choices).all(whole);
        let say = |n: Decimal| {
            let (n, word) = if in_years { (n.checked_div(year).unwrap_or(n), &self.year) } else { (n, &self.month) };
            format!("{}{word}", n.normalize())
        };
        if !choices.is_empty() {
            return choices.iter().map(|c| say(*c)).collect::<Vec<_>>().join(" or ");
        }
        match (months.min, months.max) {
            (Some(a), Some(b)) if a == b => say(a),
            (Some(a), Some(b)) => format!("between {} and {}", say(a), say(b)),
            (Some(a), None) => format!("at least {}", say(a)),
            (None, Some(b)) => format!("at most {}", say(b)),
            (None, None) => String::new(),
        }
    }
}

/// What kind of thing a fact states.
pub fn kind_of(fact: &Fact) -> String {
    match (fact.field, fact.what.as_str()) {
        (Field::Funding, "per_project") => "per-project grant".into(),
        (Field::Funding, "total") => "total budget".into(),
        (Field::Funding, "topic_total") => "budget of a topic".into(),
        (Field::Funding, "other" | "") => "money".into(),
        (Field::Period, "project" | "") => "period".into(),
        (Field::Period, "payment") => "payment period".into(),
        (Field::Projects, _) => "projects".into(),
        (Field::Quotas, _) => format!("quota of {}", one_line(&fact.label)),
        (Field::Kpis | Field::Conditions, "other") if !fact.label.is_empty() => one_line(&fact.label),
        (Field::Deadlines, role) => format!("deadline {}", role.replace('_', " ")),
        (_, what) => what.replace('_', " "),
    }
}
pub fn name_of(fact: &Fact) -> &str {
    match &fact.value {
        Value::Place { code, .. } if fact.label.is_empty() => code,
        Value::Words(words) if fact.label.is_empty() => words,
        _ => &fact.label,
    }
}

/// `text` on one line, line breaks of the layout taken out.
pub fn tight(text: &str) -> String {
    text.lines().map(str::trim).collect()
}
