//! The programme definition, schema 1.0, as Rust types. Field order is the order in the JSON. Money is in major units of its
//! currency, durations in months, dates ISO 8601, offsets code points of the decoded source.

use std::borrow::Cow;

use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value, json};

/// Words of the tables or the program; those of a definition that was read from a file are its own.
pub type Word = Cow<'static, str>;

/// Version of the contract that this program writes.
pub const SCHEMA_VERSION: &str = "1.0.0";

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Definition {
    pub schema_version: String,
    pub generator: Generator,
    /// SHA-256 of the canonical JSON of everything but `generator` and `digest`.
    pub digest: String,
    pub source: SourceInfo,
    pub title: Option<String>,
    pub issuers: Vec<Issuer>,
    pub document_number: Option<String>,
    pub year: Option<i32>,
    pub published_on: Option<String>,
    /// Evidence of the fields above.
    pub evidence: DocumentEvidence,
    pub programmes: Vec<Programme>,
    pub checks: Vec<Check>,
    pub unclaimed: Vec<Unclaimed>,
    pub findings: Vec<Remark>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Generator {
    pub name: String,
    pub version: String,
    /// Digest of the pattern tables.
    pub patterns: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SourceInfo {
    pub file: String,
    pub media_type: String,
    /// Null where the format has none of its own.
    pub encoding: Option<String>,
    /// Of the raw bytes.
    pub sha256: String,
    /// Code points of the decoded text.
    pub chars: usize,
    /// Of the decoded text in UTF-8, for a source that is no plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_sha256: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Issuer {
    pub name: String,
    /// ISO 3166-2, `CN` for a national office; null where the name tells none.
    pub region: Option<String>,
}

/// Evidence of the fields of the document, for those that the text states.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DocumentEvidence {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Evidence>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_number: Option<Evidence>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<Evidence>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_on: Option<Evidence>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issuers: Vec<Evidence>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    pub start: usize,
    pub end: usize,
    /// The source between the offsets, verbatim.
    pub text: String,
    /// Where the span starts, counted from 1; for a source that has pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<usize>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Programme {
    /// Path of titles from the root, as a JSON Pointer (RFC 6901).
    pub id: String,
    pub parent: Option<String>,
    pub number: Option<String>,
    pub title: String,
    pub evidence: Evidence,
    pub topics: Vec<Topic>,
    pub agreements: Vec<Agreement>,
    pub funding: Vec<Fact>,
    pub projects: Vec<Fact>,
    pub period: Vec<Fact>,
    pub deadlines: Vec<Fact>,
    pub countries: Vec<Fact>,
    pub kpis: Vec<Fact>,
    pub conditions: Vec<Fact>,
    pub quotas: Vec<Fact>,
    pub contacts: Vec<Fact>,
    pub summary: Summary,
}

impl Programme {
    /// The arrays of facts with their names, in the order of the contract.
    pub fn facts(&self) -> [(&'static str, &Vec<Fact>); 9] {
        [
            ("funding", &self.funding),
            ("projects", &self.projects),
            ("period", &self.period),
            ("deadlines", &self.deadlines),
            ("countries", &self.countries),
            ("kpis", &self.kpis),
            ("conditions", &self.conditions),
            ("quotas", &self.quotas),
            ("contacts", &self.contacts),
        ]
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Topic {
    pub title: String,
    pub evidence: Evidence,
    pub topics: Vec<Topic>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Agreement {
    /// Without 《》.
    pub title: String,
    pub evidence: Evidence,
}

/// A fact of any kind: the fields of its kind in the order of the contract, then what all facts share, `evidence` and `rule` last.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub struct Fact {
    pub fields: Fields,
    pub evidence: Evidence,
    /// Id of the pattern that found it; empty for a part of another fact.
    pub rule: Word,
}

/// Fields in the order in which they are written, each named once.
#[derive(Debug, Clone, PartialEq)]
pub struct Fields(Vec<(Word, Field)>);

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Field {
    Null,
    Flag(bool),
    Number(Number),
    Text(Word),
    /// Facts that are parts of this one.
    Parts(Vec<Fact>),
    /// An array or object.
    Several(Box<Value>),
}

impl From<Value> for Field {
    fn from(value: Value) -> Field {
        match value {
            Value::Null => Field::Null,
            Value::Bool(flag) => Field::Flag(flag),
            Value::Number(number) => Field::Number(number),
            Value::String(text) => text.into(),
            several => Field::Several(Box::new(several)),
        }
    }
}

impl From<Field> for Value {
    fn from(field: Field) -> Value {
        match field {
            Field::Null => Value::Null,
            Field::Flag(flag) => flag.into(),
            Field::Number(number) => number.into(),
            Field::Text(text) => text.into_owned().into(),
            Field::Parts(parts) => json!(parts),
            Field::Several(several) => *several,
        }
    }
}

impl From<bool> for Field {
    fn from(flag: bool) -> Field {
        Field::Flag(flag)
    }
}

impl From<i64> for Field {
    fn from(number: i64) -> Field {
        Field::Number(number.into())
    }
}

impl From<&'static str> for Field {
    fn from(text: &'static str) -> Field {
        Field::Text(text.into())
    }
}

impl From<String> for Field {
    fn from(text: String) -> Field {
        Field::Text(text.into())
    }
}

impl From<Vec<Fact>> for Field {
    fn from(parts: Vec<Fact>) -> Field {
        Field::Parts(parts)
    }
}

impl<T: Into<Field>> From<Option<T>> for Field {
    fn from(field: Option<T>) -> Field {
        field.map_or(Field::Null, T::into)
    }
}

impl Fields {
    pub(super) fn new() -> Fields {
        // Hardly a fact has more.
        Fields(Vec::with_capacity(8))
    }

    /// Adds a field that is not there yet.
    pub fn add(&mut self, key: &'static str, field: impl Into<Field>) {
        self.0.push((key.into(), field.into()));
    }

    pub fn get(&self, key: &str) -> Option<&Field> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, field)| field)
    }

    pub fn text(&self, key: &str) -> Option<&str> {
        if let Field::Text(text) = self.get(key)? { Some(text) } else { None }
    }

    pub fn number(&self, key: &str) -> Option<f64> {
        if let Field::Number(number) = self.get(key)? { number.as_f64() } else { None }
    }

    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Keeps the fields for which `keep` says so.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &Field) -> bool) {
        self.0.retain(|(key, field)| keep(key, field));
    }

    /// The fields as a JSON object.
    pub fn into_map(self) -> Map<String, Value> {
        self.0.into_iter().map(|(key, field)| (key.into_owned(), field.into())).collect()
    }
}

impl Serialize for Fact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.fields.0.len() + 2))?;
        for (key, field) in &self.fields.0 {
            map.serialize_entry(key, field)?;
        }
        map.serialize_entry("evidence", &self.evidence)?;
        if !self.rule.is_empty() {
            map.serialize_entry("rule", &self.rule)?;
        }
        map.end()
    }
}

impl TryFrom<Map<String, Value>> for Fact {
    type Error = serde_json::Error;

    fn try_from(mut map: Map<String, Value>) -> Result<Fact, serde_json::Error> {
        let evidence = serde_json::from_value(map.shift_remove("evidence").unwrap_or_default())?;
        let rule = map.shift_remove("rule").and_then(|rule| rule.as_str().map(String::from)).unwrap_or_default();
        let fields = map.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        Ok(Fact { fields: Fields(fields), evidence, rule: rule.into() })
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Summary {
    pub grant_max_yuan: Value,
    pub total_yuan: Value,
    pub projects_max: Value,
    pub months_min: Value,
    pub months_max: Value,
    pub application_close: Option<String>,
    pub partner_codes: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Check {
    pub kind: Word,
    /// Id of the programme that the check is about.
    pub programme: String,
    pub ok: bool,
    pub declared: Value,
    pub computed: Value,
    pub detail: String,
    pub evidence: Vec<Evidence>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Unclaimed {
    pub start: usize,
    pub end: usize,
    pub text: String,
    pub reason: Word,
}

/// A remark for a human eye.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Remark {
    pub kind: Word,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub programme: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}
