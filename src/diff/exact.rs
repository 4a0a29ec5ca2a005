//! Numbers of a JSON file, exactly as written there: an integer or a decimal, never a float on the way.

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::value::Decimal;

/// A number that serde reads without rounding.
#[derive(Debug, Clone, Copy)]
pub struct Exact(pub Decimal);

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Number)
    }
}

struct Number;

impl Visitor<'_> for Number {
    type Value = Exact;

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("a number")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Exact, E> {
        Ok(Exact(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Exact, E> {
        Ok(Exact(value.into()))
    }

    /// The shortest decimal that reads back as this float is the one that the file holds.
    fn visit_f64<E: Error>(self, value: f64) -> Result<Exact, E> {
        self.visit_str(&value.to_string())
    }

    /// A decimal that no float holds is written as a string.
    fn visit_str<E: Error>(self, value: &str) -> Result<Exact, E> {
        value.parse().map(Exact).map_err(|e| E::custom(format!("{value} is no number: {e}")))
    }
}
