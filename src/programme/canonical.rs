//! Canonical bytes. A definition is written with a fixed key order, two spaces of indent and a final newline; its digest is taken
//! over the compact form with sorted keys (as RFC 8785 orders them), so that it does not depend on the order of fields.

use memchr::memmem;
use sha2::{Digest, Sha256};

use super::Definition;
use super::json::{Json, Place};
use crate::table::hex;

/// What the digest is not taken of, as the keys are written.
const APART: &[&str] = &["\"generator\":", "\"digest\":"];
/// What stands before the digest in a file, and nowhere else: in words the line end would be escaped.
const BEFORE: &[u8] = b"\n  \"digest\": \"";

/// Signs the definition with its digest and gives the file: pretty JSON and a final newline.
pub fn sign(definition: &mut Definition) -> Vec<u8> {
    // Every digest is so long.
    definition.digest = hex(&[0; 32]);
    let mut json = to_json(definition);
    definition.digest = digest_of(&json);
    if let Some(at) = memmem::find(&json.text, BEFORE).map(|at| at + BEFORE.len()) {
        json.text[at..at + definition.digest.len()].copy_from_slice(definition.digest.as_bytes());
    }
    json.text.push(b'\n');
    json.text
}

/// SHA-256, in hexadecimal, of everything but `generator` and `digest`.
pub fn digest(definition: &Definition) -> String {
    digest_of(&to_json(definition))
}

fn to_json(definition: &Definition) -> Json {
    // About what a call of so many characters takes.
    Json::of(definition, 4096 + 15 * definition.source.chars)
}

fn digest_of(json: &Json) -> String {
    let mut hash = Sha256::new();
    canonical(json, APART, |piece| hash.update(piece));
    hex(&hash.finalize())
}

/// Gives the compact form of a JSON text with sorted keys, piece by piece; `without` are left out of the outermost object. Keys are in the
/// order of their bytes up to the closing quotation mark, which comes before all letters.
fn canonical(json: &Json, without: &[&str], give: impl FnMut(&[u8])) {
    let (text, values) = (json.text.as_slice(), json.values.as_slice());
    let mut sorter = Sorter { text, values, without, piece: Vec::with_capacity(2 * PIECE), fields: vec![], give };
    sorter.value(0);
    (sorter.give)(&sorter.piece);
}

/// So many bytes are given at once.
const PIECE: usize = 8192;

struct Sorter<'j, F> {
    text: &'j [u8],
    values: &'j [Place],
    /// The keys that are left out of the outermost object.
    without: &'j [&'j str],
    /// What was not given yet.
    piece: Vec<u8>,
    /// The fields of the objects that are open, with the first letters of their keys.
    fields: Vec<(u64, usize)>,
    give: F,
}

impl<F: FnMut(&[u8])> Sorter<'_, F> {
    fn value(&mut self, value: usize) {
        match self.values[value].next() - value {
            1 => self.piece.extend_from_slice(&self.text[self.values[value].text()]),
            _ => self.several(value),
        }
    }

    /// What holds others.
    fn several(&mut self, value: usize) {
        match self.text[self.values[value].text().start] {
            b'{' => self.object(value),
            _ => self.array(value),
        }
    }

    fn object(&mut self, value: usize) {
        let (outer, text, values) = (self.fields.len(), self.text, self.values);
        let key = |field: usize| &text[values[field].key()];
        // The end of the text may be nearer behind an empty key, which comes first.
        let letters = |field: usize| text[values[field].key().start..].first_chunk().map_or(0, |first| u64::from_be_bytes(*first));
        let mut field = value + 1;
        while field < values[value].next() {
            self.fields.push((letters(field), field));
            field = values[field].next();
        }
        if value == 0 {
            self.fields.retain(|(_, field)| self.without.iter().all(|left_out| left_out.as_bytes() != key(*field)));
        }
        self.fields[outer..].sort_unstable_by(|(a, one), (b, other)| a.cmp(b).then_with(|| key(*one).cmp(key(*other))));
        self.piece.push(b'{');
        for i in outer..self.fields.len() {
            if i > outer {
                self.piece.push(b',');
            }
            let field = self.fields[i].1;
            self.piece.extend_from_slice(key(field));
            self.value(field);
        }
        self.fields.truncate(outer);
        self.piece.push(b'}');
    }

    fn array(&mut self, value: usize) {
        self.piece.push(b'[');
        let mut item = value + 1;
        while item < self.values[value].next() {
            if item > value + 1 {
                self.piece.push(b',');
            }
            self.value(item);
            item = self.values[item].next();
            if self.piece.len() >= PIECE {
                (self.give)(&self.piece);
                self.piece.clear();
            }
        }
        self.piece.push(b']');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_and_nothing_is_added() {
        let value = serde_json::json!({"b": [1, 2.5, null, [], {}], "a": {"d": "x\n\"\\", "a": 1, "c": true}, "": {"a": 2}});
        let text = |without: &[&str]| {
            let mut out = vec![];
            canonical(&Json::of(&value, 0), without, |piece| out.extend_from_slice(piece));
            String::from_utf8(out).unwrap()
        };
        assert_eq!(text(&[]), r#"{"":{"a":2},"a":{"a":1,"c":true,"d":"x\n\"\\"},"b":[1,2.5,null,[],{}]}"#);
        assert_eq!(text(&["\"a\":"]), r#"{"":{"a":2},"b":[1,2.5,null,[],{}]}"#);
    }
}
