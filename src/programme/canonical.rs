//! Canonical bytes. A definition is written with a fixed key order, two spaces of indent and a final newline; its digest is taken
//! over the compact form with sorted keys (as RFC 8785 orders them), so that it does not depend on the order of fields.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Definition;
use crate::table::hex;

/// The file: pretty JSON and a final newline.
pub fn to_json(definition: &Definition) -> String {
    let mut text = serde_json::to_string_pretty(definition).unwrap_or_default();
    text.push('\n');
    text
}

/// SHA-256, in hexadecimal, of everything but `generator` and `digest`.
pub fn digest(definition: &Definition) -> String {
    let mut value = serde_json::to_value(definition).unwrap_or_default();
    if let Value::Object(fields) = &mut value {
        fields.shift_remove("generator");
        fields.shift_remove("digest");
    }
    let mut canonical = String::new();
    write(&value, &mut canonical);
    hex(&Sha256::digest(canonical.as_bytes()))
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut keys: Vec<&String> = fields.keys().collect();
            keys.sort();
            write_list('{', '}', keys, out, |key, out| {
                out.push_str(&Value::String(key.clone()).to_string());
                out.push(':');
                write(&fields[key], out);
            });
        }
        Value::Array(items) => write_list('[', ']', items, out, write),
        scalar => out.push_str(&scalar.to_string()),
    }
}

fn write_list<T>(open: char, close: char, items: impl IntoIterator<Item = T>, out: &mut String, each: impl Fn(T, &mut String)) {
    out.push(open);
    for (i, item) in items.into_iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        each(item, out);
    }
    out.push(close);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_and_nothing_is_added() {
        let mut out = String::new();
        write(&serde_json::json!({"b": [1, 2.5, null], "a": {"d": "x", "c": true}}), &mut out);
        assert_eq!(out, r#"{"a":{"c":true,"d":"x"},"b":[1,2.5,null]}"#);
    }
}
