//! Writes JSON laid out as `serde_json` does with an indent of two spaces, and notes where each value stands in it. In: what the types
//! of the definition are made of; a value of another kind is refused.

use std::fmt;
use std::io::Write;
use std::mem::replace;
use std::ops::Range;

use serde::Serialize;
use serde::ser::{Impossible, SerializeMap, SerializeSeq, SerializeStruct, Serializer};
use serde_json::Value;

/// A JSON text and its values.
pub struct Json {
    pub text: Vec<u8>,
    /// In the order of the text: each value before those that it holds.
    pub values: Vec<Place>,
    /// How many objects and arrays are open.
    depth: usize,
}

/// Where a value stands in the text. There are many, and hardly a text is so long that it needs larger numbers.
pub struct Place {
    /// Where the key begins that it has in its object.
    key: u32,
    start: u32,
    end: u32,
    /// The value behind it and all that it holds.
    next: u32,
}

impl Place {
    /// The key, quotation marks and colon included; for what has one.
    pub fn key(&self) -> Range<usize> {
        self.key as usize..self.start as usize - 1
    }

    pub fn text(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    pub fn next(&self) -> usize {
        self.next as usize
    }
}

impl Json {
    /// Writes `value` into a text with room for `capacity` bytes.
    pub fn of(value: &impl Serialize, capacity: usize) -> Json {
        // The values of a definition stand on short lines.
        let mut json = Json { text: Vec::with_capacity(capacity), values: Vec::with_capacity(capacity / 32), depth: 0 };
        json.begin(0);
        value.serialize(&mut json).unwrap_or_else(|_| unreachable!("the types of the definition have no value that is refused"));
        json.end(0);
        json
    }

    /// From here on stands a value, from `key` on its key. Gives its number.
    fn begin(&mut self, key: usize) -> usize {
        self.values.push(Place { key: key as u32, start: self.here(), end: 0, next: 0 });
        self.values.len() - 1
    }

    fn end(&mut self, value: usize) {
        let (here, next) = (self.here(), self.values.len());
        let place = &mut self.values[value];
        (place.end, place.next) = (here, next as u32);
    }

    /// Where the text ends now: no number of a `Place` is larger. A longer text costs its document, and is never cut short.
    fn here(&self) -> u32 {
        u32::try_from(self.text.len()).unwrap_or_else(|_| panic!("a definition of more than 4 GB"))
    }

    /// A comma, where `goes_on`, and a new line with its indent.
    fn line(&mut self, goes_on: bool) {
        if goes_on {
            self.text.push(b',');
        }
        let end = self.text.len() + 1 + 2 * self.depth;
        // Always the same length is quicker than just so much. Hardly an indent is deeper.
        self.text.extend_from_slice(b"\n                                ");
        self.text.truncate(end);
        (self.text.len()..end).for_each(|_| self.text.push(b' '));
    }

    fn digits(&mut self, mut number: u64) {
        let (mut digits, mut first) = ([b'0'; 20], 19);
        while number > 9 {
            digits[first] += (number % 10) as u8;
            number /= 10;
            first -= 1;
        }
        digits[first] += number as u8;
        self.text.extend_from_slice(&digits[first..]);
    }

    /// What is written as its type displays it.
    fn displayed(&mut self, value: impl fmt::Display) -> fmt::Result {
        write!(self.text, "{value}").map_err(|_| fmt::Error)
    }

    fn open(&mut self, sign: u8, close: u8) -> Open<'_> {
        self.depth += 1;
        self.text.push(sign);
        Open { json: self, close, holds: false, value: 0 }
    }
}

/// An object or array that is being written.
pub struct Open<'j> {
    json: &'j mut Json,
    close: u8,
    /// It holds a value.
    holds: bool,
    /// The last one.
    value: usize,
}

impl Open<'_> {
    /// Begins a line, and gives the place where it goes on.
    fn line(&mut self) -> usize {
        self.json.line(replace(&mut self.holds, true));
        self.json.text.len()
    }

    fn value(&mut self, value: &(impl Serialize + ?Sized)) -> fmt::Result {
        value.serialize(&mut *self.json)?;
        self.json.end(self.value);
        Ok(())
    }

    fn close(self) -> fmt::Result {
        self.json.depth -= 1;
        if self.holds {
            self.json.line(false);
        }
        self.json.text.push(self.close);
        Ok(())
    }
}

impl SerializeSeq for Open<'_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> fmt::Result {
        let here = self.line();
        self.value = self.json.begin(here);
        self.value(value)
    }

    fn end(self) -> fmt::Result {
        self.close()
    }
}

impl SerializeMap for Open<'_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> fmt::Result {
        let start = self.line();
        key.serialize(&mut *self.json)?;
        self.json.text.extend_from_slice(b": ");
        self.value = self.json.begin(start);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> fmt::Result {
        self.value(value)
    }

    fn end(self) -> fmt::Result {
        self.close()
    }
}

impl SerializeStruct for Open<'_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> fmt::Result {
        let start = self.line();
        self.json.text.push(b'"');
        self.json.text.extend_from_slice(key.as_bytes());
        self.json.text.extend_from_slice(b"\": ");
        self.value = self.json.begin(start);
        self.value(value)
    }

    fn end(self) -> fmt::Result {
        self.close()
    }
}

macro_rules! as_displayed {
    ($($method:ident: $type:ty,)*) => {
        $(fn $method(self, value: $type) -> fmt::Result {
            self.displayed(value)
        })*
    };
}

macro_rules! refused {
    ($($method:ident($($argument:ty),*) -> $given:ty,)*) => {
        $(fn $method(self, $(_: $argument),*) -> Result<$given, fmt::Error> {
            Err(fmt::Error)
        })*
    };
}

type Never = Impossible<(), fmt::Error>;

impl<'j> Serializer for &'j mut Json {
    type Ok = ();
    type Error = fmt::Error;
    type SerializeSeq = Open<'j>;
    type SerializeMap = Open<'j>;
    type SerializeStruct = Open<'j>;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeStructVariant = Never;

    as_displayed! {
        serialize_bool: bool,
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
    }

    fn serialize_u64(self, value: u64) -> fmt::Result {
        self.digits(value);
        Ok(())
    }

    fn serialize_f64(self, value: f64) -> fmt::Result {
        self.displayed(Value::from(value))
    }

    fn serialize_str(self, words: &str) -> fmt::Result {
        let is_sign = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
        // Hardly any text has one, and all bytes are looked at in one go.
        if words.bytes().fold(false, |found, byte| found | is_sign(byte)) {
            return self.displayed(Value::from(words));
        }
        self.text.push(b'"');
        self.text.extend_from_slice(words.as_bytes());
        self.text.push(b'"');
        Ok(())
    }

    fn serialize_unit(self) -> fmt::Result {
        self.text.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_none(self) -> fmt::Result {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> fmt::Result {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Open<'j>, fmt::Error> {
        Ok(self.open(b'[', b']'))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Open<'j>, fmt::Error> {
        Ok(self.open(b'{', b'}'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Open<'j>, fmt::Error> {
        Ok(self.open(b'{', b'}'))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> fmt::Result {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(self, _: &'static str, _: u32, _: &'static str, _: &T) -> fmt::Result {
        Err(fmt::Error)
    }

    refused! {
        serialize_f32(f32) -> (),
        serialize_char(char) -> (),
        serialize_bytes(&[u8]) -> (),
        serialize_unit_struct(&'static str) -> (),
        serialize_unit_variant(&'static str, u32, &'static str) -> (),
        serialize_tuple(usize) -> Never,
        serialize_tuple_struct(&'static str, usize) -> Never,
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Never,
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_is_that_of_serde_json() {
        let numbers = serde_json::json!([0, -7, u64::MAX, 2.5, 1e300, 0.1, -0.0, f64::NAN, true, null]);
        let mut deep = serde_json::json!([{}, [], {"a": [1, {"b": null}], "c": {}}, "\u{e9}\n\t\u{1}\"\\/\u{7f}", numbers, {"\"": ""}]);
        for _ in 0..50 {
            deep = serde_json::json!([deep]);
        }
        assert_eq!(String::from_utf8(Json::of(&deep, 0).text).unwrap(), serde_json::to_string_pretty(&deep).unwrap());
    }
}
