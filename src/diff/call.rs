//! A definition as the comparison reads it. In: the bytes of a definition file. Out: `Call`, or what is wrong with the file. A
//! field that an older minor version lacks is empty, one that a newer one adds is passed over; another major version is refused.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::fact::{Fact, Field, Raw};
use crate::programme::{Evidence, Generator, Issuer, SCHEMA_VERSION};

/// One call: what its document says of itself, and its programmes, parents before children.
#[derive(Debug, Clone)]
pub struct Call {
    pub schema_version: String,
    pub generator: Generator,
    pub digest: String,
    pub source: Source,
    pub title: Option<String>,
    pub issuers: Vec<Issuer>,
    pub document_number: Option<String>,
    pub year: Option<i32>,
    pub published_on: Option<String>,
    /// Evidence of the fields above, by their names: one, or a list.
    pub evidence: Map<String, Value>,
    pub programmes: Vec<Programme>,
}

/// What is known of the source of a definition; empty where the file does not say.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Source {
    /// Name without folder.
    pub file: String,
    pub sha256: String,
}

#[derive(Debug, Clone)]
pub struct Programme {
    pub id: String,
    /// Place in the list of the one above; none for the call itself.
    pub parent: Option<usize>,
    pub children: Vec<usize>,
    pub number: String,
    pub title: String,
    pub evidence: Option<Evidence>,
    pub facts: Vec<Fact>,
}

impl Call {
    /// Reads a definition file.
    ///
    /// # Errors
    /// What the file is, where it is no definition of this schema.
    pub fn read(json: &str) -> Result<Call, String> {
        let read: Result<RawCall, _> = serde_json::from_str(json);
        match read {
            Ok(call) => call.check_version().and_then(|()| call.tree()),
            Err(error) => {
                // Another major version may well have other shapes: then the version is what to speak of.
                let version: Result<RawVersion, _> = serde_json::from_str(json);
                version.map_or(Ok(()), |v| check_version(v.schema_version.as_deref()))?;
                Err(if error.is_data() { format!("no definition: {error}") } else { format!("not JSON: {error}") })
            }
        }
    }

    /// Whether a JSON text says of itself that it is a definition, of whatever version.
    pub fn is_definition(json: &str) -> bool {
        serde_json::from_str::<RawVersion>(json).is_ok_and(|raw| raw.schema_version.is_some())
    }

    /// The programmes from `at` up to the call itself, without `at`.
    pub fn above(&self, at: usize) -> impl Iterator<Item = usize> {
        let up = |i: &usize| self.programmes.get(*i).and_then(|p| p.parent);
        std::iter::successors(self.programmes.get(at).and_then(|p| p.parent), up)
    }

    /// Whether `at` stands below `top`, or is it.
    pub fn is_within(&self, at: usize, top: usize) -> bool {
        at == top || self.above(at).any(|above| above == top)
    }

    /// What the document says of one of its own fields, in its words.
    pub fn quotes(&self, field: &str) -> Vec<Evidence> {
        let quote = |value: &Value| serde_json::from_value(value.clone()).ok();
        match self.evidence.get(field) {
            Some(Value::Array(list)) => list.iter().filter_map(quote).collect(),
            Some(one) => quote(one).into_iter().collect(),
            None => vec![],
        }
    }

    /// The year of the call, or of its date of issue.
    pub fn year(&self) -> Option<i32> {
        self.year.or_else(|| self.published_on.as_deref()?.get(..4)?.parse().ok())
    }
}

fn check_version(version: Option<&str>) -> Result<(), String> {
    let major = |version: &str| version.split('.').next().and_then(|major| major.parse::<u32>().ok());
    let Some(version) = version else { return Err("no definition: it has no schema_version".into()) };
    match (major(version), major(SCHEMA_VERSION)) {
        (Some(theirs), Some(ours)) if theirs == ours => Ok(()),
        (Some(theirs), Some(ours)) if theirs > ours => Err(format!(
            "schema {version} is of a newer major version than {SCHEMA_VERSION}, which this program reads; use a newer program"
        )),
        _ => Err(format!("schema {version}; this program reads {SCHEMA_VERSION} and what is compatible")),
    }
}

#[derive(Deserialize)]
struct RawVersion {
    schema_version: Option<String>,
}

#[derive(Deserialize)]
#[serde(default)]
struct RawCall {
    schema_version: Option<String>,
    generator: Generator,
    digest: String,
    source: Source,
    title: Option<String>,
    issuers: Vec<Issuer>,
    document_number: Option<String>,
    year: Option<i32>,
    published_on: Option<String>,
    evidence: Map<String, Value>,
    programmes: Vec<RawProgramme>,
}

impl Default for RawCall {
    fn default() -> Self {
        RawCall {
            schema_version: None,
            generator: Generator { name: String::new(), version: String::new(), patterns: String::new() },
            digest: String::new(),
            source: Source::default(),
            title: None,
            issuers: vec![],
            document_number: None,
            year: None,
            published_on: None,
            evidence: Map::new(),
            programmes: vec![],
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawProgramme {
    id: String,
    parent: Option<String>,
    number: Option<String>,
    title: String,
    evidence: Option<Evidence>,
    topics: Vec<Raw>,
    agreements: Vec<Raw>,
    funding: Vec<Raw>,
    projects: Vec<Raw>,
    period: Vec<Raw>,
    deadlines: Vec<Raw>,
    countries: Vec<Raw>,
    kpis: Vec<Raw>,
    conditions: Vec<Raw>,
    quotas: Vec<Raw>,
    contacts: Vec<Raw>,
}

impl RawCall {
    fn check_version(&self) -> Result<(), String> {
        check_version(self.schema_version.as_deref())
    }

    fn tree(self) -> Result<Call, String> {
        let mut at: HashMap<String, usize> = HashMap::new();
        let mut programmes: Vec<Programme> = Vec::with_capacity(self.programmes.len());
        for raw in self.programmes {
            let place = programmes.len();
            let parent = match &raw.parent {
                None if place > 0 => return Err(format!("no definition: {} is a second programme without parent", raw.id)),
                None => None,
                Some(id) => Some(*at.get(id).ok_or_else(|| format!("no definition: {} stands below {id}, which is not there", raw.id))?),
            };
            if at.insert(raw.id.clone(), place).is_some() {
                return Err(format!("no definition: two programmes are called {}", raw.id));
            }
            if let Some(above) = parent.and_then(|parent| programmes.get_mut(parent)) {
                above.children.push(place);
            }
            programmes.push(raw.programme(parent));
        }
        if programmes.is_empty() {
            return Err("no definition: it has no programmes".into());
        }
        Ok(Call {
            schema_version: self.schema_version.unwrap_or_default(),
            generator: self.generator,
            digest: self.digest,
            source: self.source,
            title: self.title,
            issuers: self.issuers,
            document_number: self.document_number,
            year: self.year,
            published_on: self.published_on,
            evidence: self.evidence,
            programmes,
        })
    }
}

impl RawProgramme {
    fn programme(self, parent: Option<usize>) -> Programme {
        let mut facts = Vec::new();
        for (field, list) in [
            (Field::Topics, self.topics),
            (Field::Agreements, self.agreements),
            (Field::Funding, self.funding),
            (Field::Projects, self.projects),
            (Field::Period, self.period),
            (Field::Deadlines, self.deadlines),
            (Field::Countries, self.countries),
            (Field::Kpis, self.kpis),
            (Field::Conditions, self.conditions),
            (Field::Quotas, self.quotas),
            (Field::Contacts, self.contacts),
        ] {
            list.into_iter().for_each(|raw| raw.read(field, &mut facts));
        }
        let number = self.number.unwrap_or_default();
        Programme { id: self.id, parent, children: vec![], number, title: self.title, evidence: self.evidence, facts }
    }
}
