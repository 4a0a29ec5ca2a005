//! One document a line. In: a line of JSON, `{"id": …, "text": …}` or `{"id": …, "path": …}`. Out: a line of JSON with the same id
//! and the definition, or the error. Never fails as a whole: what is wrong with a line is said in its answer.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::Error;
use crate::ingest;
use crate::pipeline::Reader;
use crate::programme::Definition;

/// A document to read; exactly one of `text` and `path`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    #[serde(default)]
    id: Value,
    text: Option<String>,
    path: Option<PathBuf>,
}

/// What became of it.
#[derive(Debug, Serialize)]
pub struct Answer {
    id: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    definition: Option<Definition>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Answer {
    pub fn is_error(&self) -> bool {
        self.error.is_some()
    }

    /// The answer as one line, its end included.
    pub fn line(&self) -> String {
        let mut line = serde_json::to_string(self).unwrap_or_default();
        line.push('\n');
        line
    }
}

/// Reads the document of line `number` (from 1).
pub fn answer(reader: &Reader, number: usize, line: &[u8]) -> Answer {
    let question: Question = match serde_json::from_slice(line) {
        Ok(question) => question,
        Err(error) => return Answer { id: id(line), definition: None, error: Some(format!("line {number}: {error}")) },
    };
    match definition(reader, &question) {
        Ok(definition) => Answer { id: question.id, definition: Some(definition), error: None },
        Err(error) => Answer { id: question.id, definition: None, error: Some(format!("line {number}: {error}")) },
    }
}

/// The id of a line that is JSON, but not of the form wanted.
fn id(line: &[u8]) -> Value {
    let mut value: Value = serde_json::from_slice(line).unwrap_or_default();
    value.get_mut("id").map(Value::take).unwrap_or_default()
}

fn definition(reader: &Reader, question: &Question) -> Result<Definition, Error> {
    let reading = match (&question.text, &question.path) {
        (Some(text), None) => ingest::read_bytes(reader, Path::new(&file(&question.id)), text.as_bytes()),
        (None, Some(path)) => ingest::read(reader, path),
        _ => Err(Error::Usage("wanted one of \"text\" and \"path\"".into())),
    };
    reading.map(|reading| reading.definition)
}

/// What the definition calls the file of a text that has none.
fn file(id: &Value) -> String {
    match id {
        Value::String(id) => id.clone(),
        Value::Null => crate::store::STDIN.into(),
        other => other.to_string(),
    }
}
