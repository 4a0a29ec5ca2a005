//! Canonical bytes. A definition is written with a fixed key order, two spaces of indent and a final newline; its digest is taken
//! over the compact form with sorted keys (as RFC 8785 orders them), so that it does not depend on the order of fields.

use sha2::{Digest, Sha256};

use super::Definition;
use super::json::{Json, Place};
use crate::table::hex;

/// What the digest is not taken of.
const APART: &[&str] = &["generator", DIGEST];
const DIGEST: &str = "digest";

/// Signs the definition with its digest and gives the file: pretty JSON and a final newline.
pub fn sign(definition: &mut Definition) -> String {
    definition.digest.clear();
    let mut json = to_json(definition);
    definition.digest = digest_of(&json);
    // Before it stand only the version and the generator, which have no such field.
    let field = json.values.iter().find(|field| json.text[field.key.clone()] == *DIGEST);
    if let Some(end) = field.map(|field| field.text.end) {
        json.text.insert_str(end - 1, &definition.digest);
    }
    json.text.push('\n');
    json.text
}

/// SHA-256, in hexadecimal, of everything but `generator` and `digest`.
pub fn digest(definition: &Definition) -> String {
    digest_of(&to_json(definition))
}

fn to_json(definition: &Definition) -> Json {
    // About what a call of so many programmes takes.
    Json::of(definition, 5120 * (1 + definition.programmes.len()))
}

fn digest_of(json: &Json) -> String {
    hex(&Sha256::digest(canonical(json, APART)))
}

/// The compact form of a JSON text with sorted keys; `without` are left out of the outermost object.
fn canonical(json: &Json, without: &[&str]) -> Vec<u8> {
    let (text, values) = (json.text.as_bytes(), json.values.as_slice());
    let mut sorter = Sorter { text, values, out: Vec::with_capacity(text.len()), fields: vec![] };
    sorter.value(0, without);
    sorter.out
}

struct Sorter<'j> {
    text: &'j [u8],
    values: &'j [Place],
    out: Vec<u8>,
    /// The fields of the objects that are open, with their keys.
    fields: Vec<(&'j [u8], usize)>,
}

impl Sorter<'_> {
    fn value(&mut self, value: usize, without: &[&str]) {
        let Place { text, .. } = &self.values[value];
        match self.text[text.start] {
            b'{' => self.object(value, without),
            b'[' => self.array(value),
            _ => self.out.extend_from_slice(&self.text[text.clone()]),
        }
    }

    fn object(&mut self, value: usize, without: &[&str]) {
        let outer = self.fields.len();
        let mut field = value + 1;
        while field < self.values[value].next {
            let key = &self.text[self.values[field].key.clone()];
            if without.iter().all(|left_out| left_out.as_bytes() != key) {
                self.fields.push((key, field));
            }
            field = self.values[field].next;
        }
        self.fields[outer..].sort_unstable();
        self.out.push(b'{');
        for i in outer..self.fields.len() {
            if i > outer {
                self.out.push(b',');
            }
            let (_, field) = self.fields[i];
            // With its quotation marks and the colon.
            let key = &self.values[field].key;
            self.out.extend_from_slice(&self.text[key.start - 1..key.end + 2]);
            self.value(field, &[]);
        }
        self.fields.truncate(outer);
        self.out.push(b'}');
    }

    fn array(&mut self, value: usize) {
        self.out.push(b'[');
        let mut item = value + 1;
        while item < self.values[value].next {
            if item > value + 1 {
                self.out.push(b',');
            }
            self.value(item, &[]);
            item = self.values[item].next;
        }
        self.out.push(b']');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_and_nothing_is_added() {
        let value = serde_json::json!({"b": [1, 2.5, null, [], {}], "a": {"d": "x\n\"\\", "a": 1, "c": true}, "": {"a": 2}});
        let json = Json::of(&value, 0);
        let text = |without| String::from_utf8(canonical(&json, without)).unwrap();
        assert_eq!(text(&[]), r#"{"":{"a":2},"a":{"a":1,"c":true,"d":"x\n\"\\"},"b":[1,2.5,null,[],{}]}"#);
        assert_eq!(text(&["a"]), r#"{"":{"a":2},"b":[1,2.5,null,[],{}]}"#);
    }
}
