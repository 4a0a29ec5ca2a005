//! Canonical bytes. A definition is written with a fixed key order, two spaces of indent and a final newline; its digest is taken
//! over the compact form with sorted keys (as RFC 8785 orders them), so that it does not depend on the order of fields.

use std::io;
use std::ops::Range;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use sha2::{Digest, Sha256};

use super::Definition;
use crate::table::hex;

/// Signs the definition with its digest and gives the file: pretty JSON and a final newline.
pub fn sign(definition: &mut Definition) -> String {
    definition.digest.clear();
    let mut text = to_json(definition);
    definition.digest = digest_of(&text);
    // Before the digest stand only fields whose values the program chooses.
    const FIELD: &str = "\"digest\": \"";
    if let Some(at) = text.find(FIELD) {
        text.insert_str(at + FIELD.len(), &definition.digest);
    }
    text
}

/// SHA-256, in hexadecimal, of everything but `generator` and `digest`.
pub fn digest(definition: &Definition) -> String {
    digest_of(&to_json(definition))
}

fn digest_of(json: &str) -> String {
    hex(&Sha256::digest(canonical(json, &["generator", "digest"])))
}

fn to_json(definition: &Definition) -> String {
    // About what a call of so many programmes takes.
    let mut out = Vec::with_capacity(4096 * (1 + definition.programmes.len()));
    // Neither the values nor the writer can fail.
    let _ = definition.serialize(&mut Serializer::with_formatter(&mut out, Indented::default()));
    out.push(b'\n');
    String::from_utf8(out).unwrap_or_default()
}

/// Lays out as `serde_json` does with an indent of two spaces, with one write for each line and not one for each step of its indent.
#[derive(Default)]
struct Indented {
    depth: usize,
    /// What was opened last holds something.
    holds: bool,
}

/// A line end and the deepest indent that is written at once.
const LINE: &[u8] = b"\n                                ";

impl Indented {
    fn line<W: ?Sized + io::Write>(&self, writer: &mut W, comma: bool) -> io::Result<()> {
        if comma {
            writer.write_all(b",")?;
        }
        let spaces = 2 * self.depth;
        let most = LINE.len() - 1;
        writer.write_all(&LINE[..=spaces.min(most)])?;
        (most..spaces).step_by(most).try_for_each(|from| writer.write_all(&LINE[1..=(spaces - from).min(most)]))
    }

    fn open<W: ?Sized + io::Write>(&mut self, writer: &mut W, sign: &[u8]) -> io::Result<()> {
        (self.depth, self.holds) = (self.depth + 1, false);
        writer.write_all(sign)
    }

    fn close<W: ?Sized + io::Write>(&mut self, writer: &mut W, sign: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if self.holds {
            self.line(writer, false)?;
        }
        writer.write_all(sign)
    }
}

impl Formatter for Indented {
    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"[")
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.line(writer, !first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.holds = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.line(writer, !first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.holds = true;
        Ok(())
    }
}

/// The compact form of a JSON text with sorted keys; `without` are left out of the outermost object.
fn canonical(json: &str, without: &[&str]) -> Vec<u8> {
    let mut sorter = Sorter { json: json.as_bytes(), at: 0, out: Vec::with_capacity(json.len()), fields: vec![], spare: vec![] };
    sorter.value(without);
    sorter.out
}

/// Reads a JSON text that `serde_json` wrote, and writes it again with the fields of each object in order.
struct Sorter<'j> {
    json: &'j [u8],
    at: usize,
    out: Vec<u8>,
    /// Of the objects that are open: where the key of each field stands in the text, and where the field stands in `out`.
    fields: Vec<(Range<usize>, Range<usize>)>,
    /// Room for the fields of an object while they are put in order.
    spare: Vec<u8>,
}

impl Sorter<'_> {
    fn value(&mut self, without: &[&str]) {
        match self.next() {
            b'{' => self.object(without),
            b'[' => self.array(),
            b'"' => {
                let string = self.string();
                self.out.extend_from_slice(&self.json[string]);
            }
            _ => {
                let rest = &self.json[self.at..];
                let end = rest.iter().position(|byte| matches!(byte, b',' | b']' | b'}' | ..=b' ')).unwrap_or(rest.len());
                self.out.extend_from_slice(&rest[..end]);
                self.at += end;
            }
        }
    }

    fn object(&mut self, without: &[&str]) {
        let (outer, start) = (self.fields.len(), self.out.len() + 1);
        self.out.push(b'{');
        self.at += 1;
        while self.next() == b'"' {
            let (key, from) = (self.string(), self.out.len());
            self.out.extend_from_slice(&self.json[key.clone()]);
            self.out.push(b':');
            self.pass(b':');
            self.value(&[]);
            self.pass(b',');
            let name = &self.json[key.start + 1..key.end - 1];
            if without.iter().all(|left_out| left_out.as_bytes() != name) {
                self.fields.push((key, from..self.out.len()));
            }
        }
        self.pass(b'}');
        let name = |field: &(Range<usize>, Range<usize>)| &self.json[field.0.start + 1..field.0.end - 1];
        self.fields[outer..].sort_by(|a, b| name(a).cmp(name(b)));
        self.spare.clear();
        for (_, field) in self.fields.drain(outer..) {
            self.spare.extend_from_slice(&self.out[field]);
            self.spare.push(b',');
        }
        self.out.truncate(start);
        self.out.extend_from_slice(&self.spare[..self.spare.len().saturating_sub(1)]);
        self.out.push(b'}');
    }

    fn array(&mut self) {
        self.out.push(b'[');
        self.at += 1;
        while !matches!(self.next(), b']' | 0) {
            self.value(&[]);
            if self.next() == b',' {
                self.out.push(b',');
                self.at += 1;
            }
        }
        self.pass(b']');
        self.out.push(b']');
    }

    /// The string that begins here, with its quotation marks.
    fn string(&mut self) -> Range<usize> {
        let start = self.at;
        let mut end = start + 1;
        while let Some(sign) = memchr::memchr2(b'"', b'\\', &self.json[end..]) {
            end += sign + 1;
            if self.json[end - 1] == b'"' {
                break;
            }
            end += 1;
        }
        self.at = end;
        start..end
    }

    /// The next sign that is no white space; 0 at the end.
    fn next(&mut self) -> u8 {
        while self.json.get(self.at).is_some_and(|byte| *byte <= b' ') {
            self.at += 1;
        }
        self.json.get(self.at).copied().unwrap_or(0)
    }

    fn pass(&mut self, sign: u8) {
        self.at += usize::from(self.next() == sign);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_and_nothing_is_added() {
        let value = serde_json::json!({"b": [1, 2.5, null, [], {}], "a": {"d": "x\n\"\\", "a": 1, "c": true}, "": {"a": 2}});
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        let text = |without| String::from_utf8(canonical(&pretty, without)).unwrap();
        assert_eq!(text(&[]), r#"{"":{"a":2},"a":{"a":1,"c":true,"d":"x\n\"\\"},"b":[1,2.5,null,[],{}]}"#);
        assert_eq!(text(&["a"]), r#"{"":{"a":2},"b":[1,2.5,null,[],{}]}"#);
    }

    #[test]
    fn the_layout_is_that_of_serde_json() {
        let mut deep = serde_json::json!([{}, [], {"a": [1, {"b": null}], "c": {}}, "x"]);
        for _ in 0..50 {
            deep = serde_json::json!([deep]);
        }
        let mut out = vec![];
        deep.serialize(&mut Serializer::with_formatter(&mut out, Indented::default())).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), serde_json::to_string_pretty(&deep).unwrap());
    }
}
