//! Leaf types and their arithmetic: exact numbers, intervals with stated ends, calendar dates, clocks.

pub mod clock;
mod date;
mod interval;
mod number_format;
mod numeral;

pub use date::{Date, Precision};
pub use interval::Interval;
pub use number_format::{NumberFormat, NumberKind, OneBefore};
pub use numeral::Numerals;
pub use rust_decimal::Decimal;

use serde_json::{Number, Value};

/// A decimal as a JSON number: an integer where it is one, else the shortest decimal that reads back the same.
pub fn json_number(value: Decimal) -> Value {
    let value = value.normalize();
    if let (0, Ok(integer)) = (value.scale(), i64::try_from(value)) {
        return integer.into();
    }
    let text = value.to_string();
    text.parse::<f64>().ok().and_then(Number::from_f64).map_or(Value::String(text), Value::Number)
}
