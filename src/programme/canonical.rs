//! Canonical bytes. A definition is written with a fixed key order, two spaces of indent and a final newline; its digest is taken
//! over the compact form with sorted keys (as RFC 8785 orders them), so that it does not depend on the order of fields.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use sha2::{Digest, Sha256};

use super::Definition;
use crate::table::hex;

/// The file: pretty JSON and a final newline.
pub fn to_json(definition: &Definition) -> String {
    let mut out = Vec::new();
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

/// SHA-256, in hexadecimal, of everything but `generator` and `digest`.
pub fn digest(definition: &Definition) -> String {
    hex(&Sha256::digest(canonical(definition, &["generator", "digest"])))
}

/// The compact JSON of a value with sorted keys; `without` are left out of the outermost object.
fn canonical(value: &impl Serialize, without: &'static [&'static str]) -> Vec<u8> {
    let out = Out::default();
    let sorted = Sorted { out: out.clone(), open: vec![], without };
    // Neither the values nor the writer can fail.
    let _ = value.serialize(&mut Serializer::with_formatter(out.clone(), sorted));
    out.0.take()
}

/// What is written, which the formatter puts in order as objects end.
#[derive(Clone, Default)]
struct Out(Rc<RefCell<Vec<u8>>>);

impl io::Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Sorts the fields of each object when it ends.
struct Sorted {
    out: Out,
    /// Where each field of the objects that are open begins, where its key ends, and where it ends.
    open: Vec<Vec<[usize; 3]>>,
    without: &'static [&'static str],
}

impl Sorted {
    fn len(&self) -> usize {
        self.out.0.borrow().len()
    }

    fn mark(&mut self, place: usize) {
        let at = self.len();
        if let Some(field) = self.open.last_mut().and_then(|fields| fields.last_mut()) {
            field[place] = at;
        }
    }
}

impl Formatter for Sorted {
    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open.push(vec![]);
        writer.write_all(b"{")
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, _: &mut W, _: bool) -> io::Result<()> {
        let at = self.len();
        self.open.last_mut().into_iter().for_each(|fields| fields.push([at; 3]));
        Ok(())
    }

    fn end_object_key<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.mark(1);
        Ok(())
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.mark(2);
        Ok(())
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let Some(mut fields) = self.open.pop() else { return Ok(()) };
        let (start, outermost) = (fields.first().map_or(self.len(), |field| field[0]), self.open.is_empty());
        let written = self.out.0.borrow_mut().split_off(start);
        // The key stands between quotation marks.
        let key = |field: &[usize; 3]| &written[field[0] - start + 1..field[1] - start - 1];
        fields.retain(|field| !(outermost && self.without.iter().any(|name| name.as_bytes() == key(field))));
        fields.sort_by(|a, b| key(a).cmp(key(b)));
        for (i, field) in fields.iter().enumerate() {
            writer.write_all(if i > 0 { b"," } else { b"" })?;
            writer.write_all(&written[field[0] - start..field[2] - start])?;
        }
        writer.write_all(b"}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_and_nothing_is_added() {
        let value = serde_json::json!({"b": [1, 2.5, null, [], {}], "a": {"d": "x\n\"", "a": 1, "c": true}, "": {"a": 2}});
        let text = |without| String::from_utf8(canonical(&value, without)).unwrap();
        assert_eq!(text(&[]), r#"{"":{"a":2},"a":{"a":1,"c":true,"d":"x\n\""},"b":[1,2.5,null,[],{}]}"#);
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
