//! Pieces that expressions are put together from: those of the files, the word lists, the numerals, the units and the mentions.

use std::collections::BTreeMap;

use super::lexicon::{Lexicon, Place, Side, UnitKind, Way};
use super::slot_chars;
use super::written::{File, Slot};
use crate::error::{Error, Result};

#[derive(Debug)]
pub struct Fragments(BTreeMap<String, String>);

impl Fragments {
    /// # Errors
    /// Two fragments of one name.
    pub fn new(lexicon: &Lexicon, files: &[(&'static str, String, File)]) -> Result<Fragments> {
        let mut held = BTreeMap::new();
        let numerals: String = lexicon.numerals.digits.iter().chain(&lexicon.numerals.powers).map(|(c, _)| *c).collect();
        let powers: String = lexicon.numerals.powers.iter().map(|(c, _)| *c).collect();
        held.insert("numeral".into(), format!("[{numerals}]"));
        held.insert("power".into(), format!("[{powers}]"));
        held.insert("unit".into(), any_of(lexicon.units.iter().map(|u| u.word.as_str())));
        let measures = lexicon.units.iter().filter(|u| u.kind == UnitKind::Quantity);
        held.insert("measure".into(), any_of(measures.map(|u| u.word.as_str())));
        let opens_interval = |way: Way| matches!(way, Way::Floor | Way::Ceiling | Way::Eased);
        let bounds = lexicon.bounds.iter().filter(|bound| bound.side == Side::Before && opens_interval(bound.way));
        held.insert("bound".into(), any_of(bounds.map(|bound| bound.word.as_str())));
        held.insert("clock_name".into(), any_of(lexicon.clocks.iter().map(|(name, _)| name.as_str())));
        let kind = |place: &Place| match place.codes.first() {
            None => "short_region",
            Some((code, _)) if code.starts_with("CN-") => "short_province",
            Some(_) => "short_country",
        };
        for name in ["short_country", "short_province", "short_region"] {
            let short = lexicon.short.iter().filter(|(_, place)| kind(place) == name);
            held.insert(name.into(), any_of(short.map(|(short, _)| short.as_str())));
        }
        held.extend(lexicon.words.iter().map(|(name, words)| (name.clone(), any_of(words.iter().map(String::as_str)))));
        for slot in Slot::ALL {
            let (other, this) = slot_chars(slot);
            held.insert(slot.name().into(), this.to_string());
            held.insert(format!("any_{}", slot.name()), format!("[{other}{this}]"));
        }
        for (name, text, file) in files {
            for (key, value) in &file.fragment {
                let line = text[..value.span().start].matches('\n').count() + 1;
                if held.insert(key.clone(), format!("(?:{})", value.get_ref())).is_some() {
                    return Err(Error::table(name, line, key, "a second fragment or list of this name"));
                }
            }
        }
        Ok(Fragments(held))
    }

    /// Puts fragments in for `{name}`, as deep as they go.
    ///
    /// # Errors
    /// A name that no table has, in words.
    pub fn expand(&self, source: &str) -> std::result::Result<String, String> {
        let mut text = source.to_string();
        for _ in 0..8 {
            let Some(next) = self.expand_once(&text)? else { return Ok(text) };
            text = next;
        }
        Err("fragments that name each other without end".into())
    }

    fn expand_once(&self, source: &str) -> std::result::Result<Option<String>, String> {
        let (mut out, mut rest, mut changed) = (String::new(), source, false);
        while let Some(open) = rest.find('{') {
            let close = rest[open..].find('}').map(|at| open + at).ok_or("a { without }")?;
            let name = &rest[open + 1..close];
            let is_name = name.starts_with(|c: char| c.is_ascii_lowercase()) && !rest[..open].ends_with("\\p");
            out.push_str(&rest[..open]);
            if is_name {
                out.push_str(self.0.get(name).ok_or_else(|| format!("no fragment or list is called {name:?}"))?);
                changed = true;
            } else {
                out.push_str(&rest[open..=close]);
            }
            rest = &rest[close + 1..];
        }
        out.push_str(rest);
        Ok(changed.then_some(out))
    }
}

fn any_of<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut words: Vec<String> = words.map(regex::escape).collect();
    words.sort_by_key(|w| std::cmp::Reverse(w.len()));
    words.dedup();
    format!("(?:{})", words.join("|"))
}
