//! Facts with typed values. In: a fact as a definition file holds it. Out: `Fact`, and whether two facts mean the same, whatever
//! their words. Never looks at offsets or rule ids.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Deserialize;

use super::exact::Exact;
use super::words::{fold, same};
use crate::programme::Evidence;
use crate::value::{Decimal, Interval};

/// What a change is about: an array of facts, or something of the programme or the document itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    Programme,
    Title,
    Place,
    Order,
    Number,
    Year,
    Issuers,
    DocumentNumber,
    PublishedOn,
    Topics,
    Agreements,
    Funding,
    Projects,
    Period,
    Deadlines,
    Countries,
    Kpis,
    Conditions,
    Quotas,
    Contacts,
}

impl Field {
    /// The name in the definition, or of the thing itself.
    pub fn name(self) -> &'static str {
        match self {
            Field::Programme => "programme",
            Field::Title => "title",
            Field::Place => "place",
            Field::Order => "order",
            Field::Number => "number",
            Field::Year => "year",
            Field::Issuers => "issuers",
            Field::DocumentNumber => "document_number",
            Field::PublishedOn => "published_on",
            Field::Topics => "topics",
            Field::Agreements => "agreements",
            Field::Funding => "funding",
            Field::Projects => "projects",
            Field::Period => "period",
            Field::Deadlines => "deadlines",
            Field::Countries => "countries",
            Field::Kpis => "kpis",
            Field::Conditions => "conditions",
            Field::Quotas => "quotas",
            Field::Contacts => "contacts",
        }
    }

    /// Compared as a set: what is won and lost, not what became what.
    pub fn is_set(self) -> bool {
        matches!(self, Field::Topics | Field::Agreements | Field::Countries | Field::Contacts)
    }

    /// What a programme states holds for those below it.
    pub fn is_inherited(self) -> bool {
        matches!(self, Field::Funding | Field::Period | Field::Deadlines | Field::Conditions | Field::Quotas)
    }
}

/// The part of a fact that is compared as a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// An amount of `unit` (a currency, `%`, or a measure word), or a share of something, or both.
    Amount {
        interval: Interval,
        unit: String,
        rate: Interval,
        approximate: bool,
        /// Bounds on each counted thing, and the tier at which money is paid.
        bounds: Vec<Bound>,
    },
    Length {
        months: Interval,
        choices: Vec<Decimal>,
        start: String,
        end: String,
    },
    /// A date in ISO 8601, or a word such as `to_be_announced`; which way it binds.
    Moment {
        at: String,
        bound: String,
    },
    Place {
        code: String,
        group: bool,
    },
    /// An address, a topic, an agreement: its characters without space and punctuation.
    Words(String),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    pub metric: String,
    pub interval: Interval,
    pub unit: String,
}

/// One statement of a definition.
#[derive(Debug, Clone)]
pub struct Fact {
    pub field: Field,
    /// Role, metric or kind; empty where the array has none.
    pub what: String,
    pub value: Value,
    /// The words counted, or the name of a place, topic or agreement.
    pub label: String,
    pub applies_to: String,
    pub per: String,
    pub base: String,
    pub force: String,
    pub scope: String,
    pub any_of: String,
    pub except: Vec<String>,
    pub evidence: Option<Evidence>,
}

impl Fact {
    /// Whether both say the same, in whatever words.
    pub fn means(&self, other: &Fact) -> bool {
        self.is_alike(other) && self.same_terms(other) && same(&self.applies_to, &other.applies_to)
    }

    /// Whether both are of one kind, so that one can have become the other.
    pub fn is_alike(&self, other: &Fact) -> bool {
        self.field == other.field && self.what == other.what
    }

    /// The same value on the same terms, leaving aside whom it is said of.
    pub fn same_terms(&self, other: &Fact) -> bool {
        let except = self.except.len() == other.except.len() && self.except.iter().zip(&other.except).all(|(a, b)| same(a, b));
        self.value.same(&other.value)
            && self.force == other.force
            && self.scope == other.scope
            && self.any_of.is_empty() == other.any_of.is_empty()
            && same(&self.per, &other.per)
            && same(&self.base, &other.base)
            && except
    }

    /// The counted words tell what the fact is, where no metric does.
    pub fn needs_label(&self) -> bool {
        matches!(self.field, Field::Kpis | Field::Conditions) && self.what == "other"
    }

    /// The words of the source, without space and punctuation.
    pub fn words(&self) -> String {
        self.evidence.as_ref().map_or_else(String::new, |e| fold(&e.text))
    }

    /// Whether the source says both in the same words.
    pub fn same_words(&self, other: &Fact) -> bool {
        let text = |f: &'_ Option<Evidence>| f.as_ref().map_or_else(String::new, |e| e.text.clone());
        match (&self.evidence, &other.evidence) {
            (Some(a), Some(b)) => same(&a.text, &b.text),
            (a, b) => text(a) == text(b),
        }
    }

    /// A number that is the same for facts which say the same, for features.
    pub fn hash(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.field, &self.what, &self.force, &self.scope).hash(&mut hasher);
        if self.needs_label() {
            fold(&self.label).hash(&mut hasher);
        }
        self.value.hash_into(&mut hasher);
        hasher.finish()
    }

    /// The same for facts of one kind.
    pub fn kind_hash(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.field, &self.what).hash(&mut hasher);
        hasher.finish()
    }

    /// What the fact says, in one string that depends on no wording, for fingerprints and features.
    pub fn key(&self) -> String {
        let label = if self.needs_label() { fold(&self.label) } else { String::new() };
        let except: Vec<String> = self.except.iter().map(|e| fold(e)).collect();
        let parts = [&self.what, &label, &self.value.key(), &self.force, &self.scope, &fold(&self.per), &fold(&self.base)];
        let parts: Vec<&str> = parts.into_iter().map(String::as_str).collect();
        format!("{}|{}|{}", self.field.name(), parts.join("|"), except.join(","))
    }
}

impl Value {
    /// Whether both are one value, in whatever measure words.
    pub fn same(&self, other: &Value) -> bool {
        match (self, other) {
            (
                Value::Amount { interval, unit, rate, approximate, bounds },
                Value::Amount { interval: i, unit: u, rate: r, approximate: a, bounds: b },
            ) => {
                let sub = || bounds.iter().zip(b).all(|(x, y)| x.key() == y.key());
                (interval, rate, approximate) == (i, r, a) && dimension(unit) == dimension(u) && bounds.len() == b.len() && sub()
            }
            _ => self == other,
        }
    }

    fn hash_into(&self, hasher: &mut DefaultHasher) {
        match self {
            Value::Amount { interval, unit, rate, approximate, bounds } => {
                (interval, dimension(unit), rate, approximate).hash(hasher);
                bounds.iter().for_each(|b| (&b.metric, b.interval, dimension(&b.unit)).hash(hasher));
            }
            Value::Length { months, choices, start, end } => (months, choices, start, end).hash(hasher),
            Value::Moment { at, bound } => (at, bound).hash(hasher),
            Value::Place { code, .. } => code.hash(hasher),
            Value::Words(words) => words.hash(hasher),
        }
    }

    pub fn key(&self) -> String {
        match self {
            Value::Amount { interval, unit, rate, approximate, bounds } => {
                let bounds: Vec<String> = bounds.iter().map(Bound::key).collect();
                let about = if *approximate { "~" } else { "" };
                format!("{about}{interval} {} {rate} {}", dimension(unit), bounds.join(","))
            }
            Value::Length { months, choices, start, end } => format!("{months} {choices:?} {start}/{end}"),
            Value::Moment { at, bound } => format!("{at} {bound}"),
            Value::Place { code, .. } => code.clone(),
            Value::Words(words) => words.clone(),
        }
    }
}

impl Bound {
    fn key(&self) -> String {
        format!("{} {} {}", self.metric, self.interval, dimension(&self.unit))
    }
}

/// A currency, a percent sign or a ratio; one measure word is as good as another.
pub fn dimension(unit: &str) -> &str {
    if unit.is_ascii() { unit } else { "" }
}

/// A fact as the file holds it: every key of every kind, all of them optional, so that older and newer files can be read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Raw {
    role: Option<String>,
    metric: Option<String>,
    kind: Option<String>,
    label: Option<String>,
    min: Option<Exact>,
    max: Option<Exact>,
    currency: Option<String>,
    unit: Option<String>,
    rate_min: Option<Exact>,
    rate_max: Option<Exact>,
    base: Option<String>,
    per: Option<String>,
    when: Option<Vec<Raw>>,
    of: Option<Vec<Raw>>,
    min_months: Option<Exact>,
    max_months: Option<Exact>,
    start: Option<String>,
    end: Option<String>,
    choices: Option<Vec<Exact>>,
    at: Option<String>,
    status: Option<String>,
    date: Option<String>,
    bound: Option<String>,
    code: Option<String>,
    group: Option<String>,
    name: Option<String>,
    value: Option<String>,
    title: Option<String>,
    topics: Option<Vec<Raw>>,
    scope: Option<String>,
    approximate: bool,
    exclusive: bool,
    applies_to: Option<String>,
    force: Option<String>,
    except: Option<Vec<String>>,
    any_of: Option<String>,
    evidence: Option<Evidence>,
}

impl Raw {
    /// The fact and, for a topic, those below it.
    pub fn read(self, field: Field, into: &mut Vec<Fact>) {
        let mut raw = self;
        let below = raw.topics.take().unwrap_or_default();
        into.push(raw.fact(field));
        below.into_iter().for_each(|topic| topic.read(field, into));
    }

    fn fact(mut self, field: Field) -> Fact {
        let value = self.value_of(field);
        let what = match field {
            Field::Period => self.role.or(Some("project".into())),
            _ => self.role.or(self.metric).or(self.kind),
        };
        Fact {
            field,
            value,
            what: what.unwrap_or_default(),
            label: self.label.or(self.name).or(self.title).unwrap_or_default(),
            applies_to: self.applies_to.unwrap_or_default(),
            per: self.per.unwrap_or_default(),
            base: self.base.unwrap_or_default(),
            force: self.force.unwrap_or_default(),
            scope: self.scope.unwrap_or_default(),
            any_of: self.any_of.unwrap_or_default(),
            except: self.except.unwrap_or_default(),
            evidence: self.evidence,
        }
    }

    fn value_of(&mut self, field: Field) -> Value {
        let take = |text: &mut Option<String>| text.take().unwrap_or_default();
        match field {
            Field::Period => Value::Length {
                months: interval(self.min_months, self.max_months, self.exclusive),
                choices: self.choices.take().unwrap_or_default().into_iter().map(|c| c.0.normalize()).collect(),
                start: take(&mut self.start),
                end: take(&mut self.end),
            },
            Field::Deadlines => Value::Moment { at: take(&mut self.at), bound: take(&mut self.status) },
            Field::Countries => {
                let group = self.group.is_some();
                Value::Place { code: self.code.take().or(self.group.take()).unwrap_or_default(), group }
            }
            Field::Contacts => {
                // The value is what a reader sees; the words to compare by are those without signs.
                let value = take(&mut self.value);
                self.label = Some(value.clone());
                Value::Words(fold(&value))
            }
            Field::Topics | Field::Agreements => Value::Words(self.title.as_deref().map_or_else(String::new, fold)),
            _ if self.date.is_some() => Value::Moment { at: take(&mut self.date), bound: take(&mut self.bound) },
            _ => Value::Amount {
                interval: interval(self.min, self.max, self.exclusive),
                unit: self.currency.take().or(self.unit.take()).unwrap_or_default(),
                rate: interval(self.rate_min, self.rate_max, false),
                approximate: self.approximate,
                bounds: self.when.take().or(self.of.take()).unwrap_or_default().into_iter().map(Raw::bounds).collect(),
            },
        }
    }

    fn bounds(self) -> Bound {
        let interval = interval(self.min, self.max, self.exclusive);
        Bound { metric: self.metric.unwrap_or_default(), interval, unit: self.currency.or(self.unit).unwrap_or_default() }
    }
}

fn interval(min: Option<Exact>, max: Option<Exact>, exclusive: bool) -> Interval {
    let end = |end: Option<Exact>| end.map(|end| end.0.normalize());
    Interval { min: end(min), max: end(max), exclusive }
}
