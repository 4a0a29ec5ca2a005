//! Fonts with one byte a character: code -> glyph name -> text. In: the names and codes of `glyphs.tsv` (the standard Latin, symbol and
//! dingbat sets of the PDF standard). Never guesses: a name that is not known and not of the form uniXXXX has no text.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The encodings that a font may name, in the order of the columns of `glyphs.tsv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Standard,
    MacRoman,
    WinAnsi,
    Symbol,
    Dingbats,
}

impl Encoding {
    /// The encoding that `name` stands for in a font's dictionary.
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        match name {
            b"StandardEncoding" => Some(Encoding::Standard),
            b"MacRomanEncoding" => Some(Encoding::MacRoman),
            b"WinAnsiEncoding" => Some(Encoding::WinAnsi),
            _ => None,
        }
    }

    /// The name of the glyph at `code`.
    pub(super) fn name(self, code: u8) -> Option<&'static str> {
        match (self, code) {
            (Encoding::WinAnsi, 0xA0) | (Encoding::MacRoman, 0xCA) => Some("space"),
            (Encoding::WinAnsi, 0xAD) => Some("hyphen"),
            _ => TABLE.codes.get(&(self as u8, code)).copied(),
        }
    }
}

struct Table {
    text: HashMap<&'static str, String>,
    codes: HashMap<(u8, u8), &'static str>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { text: HashMap::new(), codes: HashMap::new() };
    for line in include_str!("glyphs.tsv").lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('\t');
        let (Some(name), Some(points)) = (cells.next(), cells.next()) else { continue };
        table.text.insert(name, points.split(' ').filter_map(code_point).collect());
        for (encoding, code) in (0..).zip(cells) {
            if let Ok(code) = u8::from_str_radix(code, 16) {
                table.codes.insert((encoding, code), name);
            }
        }
    }
    table
});

fn code_point(hex: &str) -> Option<char> {
    u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)
}

/// The text that a glyph of this name shows: `A`, `fi`, `uni4E2D`, `u1F600`, `one.oldstyle`, `f_i`.
pub(super) fn text_of_name(name: &str) -> Option<String> {
    let base = name.split('.').next().filter(|base| !base.is_empty())?;
    let text: Option<String> = base.split('_').map(part).collect();
    text.filter(|text| !text.is_empty())
}

fn part(name: &str) -> Option<String> {
    if let Some(text) = TABLE.text.get(name) {
        return Some(text.clone());
    }
    let hex = |digits: &str| digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| code_point(digits)).flatten();
    if let Some(digits) = name.strip_prefix("uni").filter(|digits| digits.len() >= 4 && digits.len() % 4 == 0 && digits.is_ascii()) {
        return (0..digits.len() / 4).map(|i| hex(&digits[i * 4..i * 4 + 4])).collect();
    }
    let digits = name.strip_prefix('u').filter(|digits| (4..=6).contains(&digits.len()))?;
    hex(digits).map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_text() {
        for (name, text) in [
            ("A", Some("A")),
            ("one.oldstyle", Some("1")),
            ("fi", Some("fi")),
            ("f_i", Some("fi")),
            ("uni4E2D6587", Some("中文")),
            ("u20000", Some("𠀀")),
            ("alpha", Some("α")),
            ("a20", Some("✔")),
            (".notdef", None),
            ("g123", None),
            ("uni12", None),
            ("uniééé", None),
        ] {
            assert_eq!(text_of_name(name).as_deref(), text, "{name}");
        }
    }

    #[test]
    fn codes_become_names() {
        for (encoding, code, name) in [
            (Encoding::WinAnsi, 0x80, Some("Euro")),
            (Encoding::WinAnsi, 0xA0, Some("space")),
            (Encoding::Standard, 0xAE, Some("fi")),
            (Encoding::MacRoman, 0xD0, Some("endash")),
            (Encoding::Symbol, b'a', Some("alpha")),
            (Encoding::Dingbats, 0x34, Some("a20")),
            (Encoding::Standard, 0x80, None),
        ] {
            assert_eq!(encoding.name(code), name);
        }
    }
}
