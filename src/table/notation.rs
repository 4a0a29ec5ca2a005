//! How word processors write numbers of lists and signs of fonts: the lists of patterns/lexicon as the readers of formats use them.

use std::collections::BTreeMap;

use super::written::{self, Numbered};
use crate::value::{NumberFormat, NumberKind, OneBefore};

/// A number format with its names and examples.
#[derive(Debug)]
pub struct NumberFormatRow {
    /// Values of the attribute that names it (`ST_NumberFormat`).
    pub names: Vec<String>,
    /// What a custom format of the same meaning is called.
    pub custom: Option<String>,
    pub format: NumberFormat,
    pub take: Vec<Numbered>,
    /// Line of the row in its file, from 1.
    pub line: usize,
}

#[derive(Debug, Default)]
pub struct Notation {
    pub formats: Vec<NumberFormatRow>,
    /// (Font in lower case, code) and the character that is seen.
    symbols: BTreeMap<(String, u32), char>,
}

/// Offset, name and fault of a wrong row.
type Wrong = (usize, String, String);

impl Notation {
    /// The format called `name`.
    pub fn format(&self, name: &str) -> Option<&NumberFormat> {
        self.formats.iter().find(|row| row.names.iter().any(|n| n == name)).map(|row| &row.format)
    }

    /// The format that a custom one with this pattern stands for.
    pub fn custom_format(&self, pattern: &str) -> Option<&NumberFormat> {
        self.formats.iter().find(|row| row.custom.as_deref() == Some(pattern)).map(|row| &row.format)
    }

    /// What `font` shows for `code`; the private code points U+F000 to U+F0FF mean their low byte.
    pub fn symbol(&self, font: &str, code: u32) -> Option<char> {
        let code = if (0xF000..=0xF0FF).contains(&code) { code - 0xF000 } else { code };
        self.symbols.get(&(font.to_lowercase(), code)).copied()
    }

    /// Adds what `file` holds.
    pub(super) fn add(&mut self, text: &str, file: &written::File) -> Result<(), Wrong> {
        for row in &file.number_format {
            let at = row.names.span().start;
            let wrong = |why: String| (at, row.names.get_ref().join(", "), why);
            let line = text[..at].matches('\n').count() + 1;
            if row.names.get_ref().is_empty() || row.take.is_empty() {
                return Err(wrong("a format needs a name and an example".into()));
            }
            if let Some(name) = row.names.get_ref().iter().find(|name| self.format(name).is_some()) {
                return Err(wrong(format!("a second format called {name:?}")));
            }
            let format = number_format(row).map_err(wrong)?;
            let (names, custom, take) = (row.names.get_ref().clone(), row.custom.clone(), row.take.clone());
            self.formats.push(NumberFormatRow { names, custom, format, take, line });
        }
        for row in &file.symbol {
            self.add_symbols(row).map_err(|why| (row.fonts.span().start, row.fonts.get_ref().join(", "), why))?;
        }
        Ok(())
    }

    fn add_symbols(&mut self, row: &written::Symbol) -> Result<(), String> {
        for sign in &row.signs {
            let parts = sign.split_once(' ').and_then(|(code, sign)| Some((u32::from_str_radix(code, 16).ok()?, one_char(sign)?)));
            let Some((code, sign)) = parts else {
                return Err(format!("a sign is a code, a space and a character, not {sign:?}"));
            };
            for font in row.fonts.get_ref() {
                if self.symbols.insert((font.to_lowercase(), code), sign).is_some() {
                    return Err(format!("a second sign for {code:02X}"));
                }
            }
        }
        Ok(())
    }
}

fn one_char(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

fn number_format(row: &written::NumberFormat) -> Result<NumberFormat, String> {
    let kind = match row.kind.as_str() {
        "positional" => NumberKind::Positional,
        "counting" => NumberKind::Counting,
        "listed" => NumberKind::Listed,
        "cyclic" => NumberKind::Cyclic,
        "repeated" => NumberKind::Repeated,
        "spoken" => NumberKind::Spoken,
        "roman" => NumberKind::Roman,
        "ordinal" => NumberKind::Ordinal,
        other => return Err(format!("no kind of format is called {other:?}")),
    };
    let one = match row.one.as_deref() {
        None | Some("always") => OneBefore::Always,
        Some("not_first_ten") => OneBefore::NotFirstTen,
        Some("never") => OneBefore::Never,
        Some(other) => return Err(format!("one is always, not_first_ten or never, not {other:?}")),
    };
    let format = NumberFormat {
        kind,
        signs: parts(&row.signs),
        powers: parts(&row.powers),
        positional_from: row.positional_from,
        one,
        zero: row.zero,
        width: row.width,
        around: row.around.clone(),
    };
    format.wrong().map_or(Ok(format), |why| Err(why.into()))
}

/// Words with spaces between them, or single characters.
fn parts(signs: &str) -> Vec<String> {
    if signs.contains(' ') { signs.split(' ').map(str::to_string).collect() } else { signs.chars().map(String::from).collect() }
}
