//! The file of changes that were reviewed: a fingerprint and a reason each, as TOML or as JSON lines. In: its text. Out: the
//! fingerprints, or the line that is wrong.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use crate::error::{Error, Result};
use crate::store;

/// Reviewed changes: the reason of each, by fingerprint.
#[derive(Debug, Default)]
pub struct Accepted(pub BTreeMap<String, String>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    accept: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    fingerprint: String,
    reason: Option<String>,
}

impl Accepted {
    pub fn read(path: &Path) -> Result<Accepted> {
        Accepted::parse(&path.display().to_string(), &store::read_text(path)?)
    }

    fn parse(file: &str, text: &str) -> Result<Accepted> {
        let wrong = |line: usize, why: String| Error::table(file, line, "accept", why);
        let entries = if text.trim_start().starts_with('{') { json_lines(text) } else { toml_entries(text) };
        let mut out = Accepted::default();
        for (line, entry) in entries.map_err(|(line, why)| wrong(line, why))? {
            let reason = entry.reason.filter(|reason| !reason.trim().is_empty());
            let reason = reason.ok_or_else(|| wrong(line, format!("{} is accepted without a reason", entry.fingerprint)))?;
            let is_fingerprint = entry.fingerprint.len() == 16 && entry.fingerprint.chars().all(|c| c.is_ascii_hexdigit());
            if !is_fingerprint {
                return Err(wrong(line, format!("{:?} is no fingerprint: 16 hexadecimal digits are one", entry.fingerprint)));
            }
            if out.0.insert(entry.fingerprint.clone(), reason).is_some() {
                return Err(wrong(line, format!("{} is accepted a second time", entry.fingerprint)));
            }
        }
        Ok(out)
    }
}

type Entries = std::result::Result<Vec<(usize, Entry)>, (usize, String)>;

fn json_lines(text: &str) -> Entries {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(at, line)| serde_json::from_str(line).map(|entry| (at + 1, entry)).map_err(|e| (at + 1, e.to_string()))).collect()
}

fn toml_entries(text: &str) -> Entries {
    let line = |at: usize| text.get(..at).map_or(0, |before| before.matches('\n').count() + 1);
    let file: File = toml::from_str(text).map_err(|e| (e.span().map_or(0, |span| line(span.start)), e.message().to_string()))?;
    Ok(file.accept.into_iter().map(|entry| (line(entry.span().start), entry.into_inner())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        let toml = "# reviewed\n[[accept]]\nfingerprint = \"0123456789abcdef\"\nreason = \"follows the plan\"\n";
        let json = "{\"fingerprint\": \"0123456789abcdef\", \"reason\": \"follows the plan\"}\n\n";
        for text in [toml, json] {
            let read = Accepted::parse("a", text).unwrap().0;
            assert_eq!(read.into_iter().collect::<Vec<_>>(), [("0123456789abcdef".to_string(), "follows the plan".to_string())]);
        }
        assert!(Accepted::parse("a", "").unwrap().0.is_empty());
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let entry = |fingerprint: &str, rest: &str| format!("[[accept]]\nfingerprint = \"{fingerprint}\"\n{rest}\n");
        let good = entry("0123456789abcdef", "reason = \"seen\"");
        for (text, words) in [
            (entry("0123456789abcdef", ""), "a.toml:1: accept: 0123456789abcdef is accepted without a reason"),
            (
                good.clone() + &entry("fedcba9876543210", "reason = \" \""),
                "a.toml:4: accept: fedcba9876543210 is accepted without a reason",
            ),
            (good.clone() + &good, "a.toml:4: accept: 0123456789abcdef is accepted a second time"),
            (entry("xyz", "reason = \"seen\""), "a.toml:1: accept: \"xyz\" is no fingerprint"),
            (entry("0123456789abcdef", "why = \"seen\""), "a.toml:3: accept: unknown field `why`"),
            ("{\"fingerprint\": \"0123456789abcdef\"}".into(), "a.toml:1: accept: 0123456789abcdef is accepted without a reason"),
            ("{\"fingerprint\":\n".into(), "a.toml:1: accept: EOF"),
        ] {
            let message = Accepted::parse("a.toml", &text).unwrap_err().to_string();
            assert!(message.starts_with(words), "{message}");
        }
    }
}
