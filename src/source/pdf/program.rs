//! What an embedded font program says of its characters. In: the bytes of the program. Out: ways from a code or a glyph to text.
//! Never draws, never fails: a program that cannot be read says nothing.

use std::collections::HashMap;

use ttf_parser::{Face, GlyphId, PlatformId, cff};

use super::encoding::text_of_name;

/// Ways to Unicode that stand in a font program.
#[derive(Default)]
pub(super) struct Program {
    /// Text of each glyph.
    pub glyphs: HashMap<u16, String>,
    /// Glyph of each code of one byte, by the table that fonts without an encoding are read with.
    pub codes: HashMap<u8, u16>,
    /// Glyph name of each code of one byte, by the encoding built into the program.
    pub names: HashMap<u8, String>,
}

impl Program {
    pub(super) fn read(bytes: &[u8]) -> Self {
        if bytes.starts_with(b"%!") || bytes.starts_with(&[0x80, 1]) {
            return Program { names: type1_encoding(bytes), ..Program::default() };
        }
        if let Ok(face) = Face::parse(bytes, 0) {
            return sfnt(&face);
        }
        cff::Table::parse(bytes).map(|table| compact(&table)).unwrap_or_default()
    }
}

fn sfnt(face: &Face) -> Program {
    let mut program = Program::default();
    for table in face.tables().cmap.iter().flat_map(|cmap| cmap.subtables) {
        if table.is_unicode() {
            // Not the table's own ranges: a hostile one has billions of code points.
            for c in (' '..='\u{FFFF}').chain('\u{20000}'..='\u{323AF}') {
                if let Some(glyph) = table.glyph_index(c.into()).filter(|glyph| glyph.0 > 0) {
                    prefer(&mut program.glyphs, glyph.0, c);
                }
            }
        } else {
            let base = if table.platform_id == PlatformId::Windows { 0xF000 } else { 0 };
            for code in 0..=255u8 {
                if let Some(glyph) = table.glyph_index(base + u32::from(code)).or_else(|| table.glyph_index(u32::from(code))) {
                    program.codes.entry(code).or_insert(glyph.0);
                }
            }
        }
    }
    if program.glyphs.is_empty() {
        // Looking up a name takes as many steps as its number.
        let named =
            (0..face.number_of_glyphs().min(4096)).filter_map(|glyph| Some((glyph, text_of_name(face.glyph_name(GlyphId(glyph))?)?)));
        program.glyphs.extend(named);
    }
    program
}

/// Several characters may share a glyph; the one in use is kept, not its radical or compatibility form.
fn prefer(glyphs: &mut HashMap<u16, String>, glyph: u16, c: char) {
    let odd = |c: char| matches!(c, '\0'..='\u{1F}' | '\u{7F}'..='\u{A0}' | '\u{AD}' | '\u{2E80}'..='\u{2FDF}' | '\u{E000}'..='\u{FAFF}');
    let known = glyphs.get(&glyph).and_then(|text| text.chars().next());
    if known.is_none_or(|known| odd(known) && !odd(c)) {
        glyphs.insert(glyph, c.to_string());
    }
}

fn compact(table: &cff::Table) -> Program {
    let mut program = Program::default();
    for glyph in 0..table.number_of_glyphs() {
        if let Some(text) = table.glyph_name(GlyphId(glyph)).and_then(text_of_name) {
            program.glyphs.insert(glyph, text);
        }
    }
    for code in 0..=255u8 {
        if let Some(glyph) = table.glyph_index(code).filter(|glyph| glyph.0 > 0) {
            program.codes.insert(code, glyph.0);
        }
    }
    program
}

/// `dup 65 /A put` of the clear-text part of a Type 1 program.
fn type1_encoding(bytes: &[u8]) -> HashMap<u8, String> {
    let clear = bytes.windows(5).position(|w| w == b"eexec").map_or(bytes, |end| &bytes[..end]);
    let text = String::from_utf8_lossy(clear);
    let words: Vec<&str> = text.split_whitespace().collect();
    let entry = |w: &[&str]| match w {
        ["dup", code, name, "put"] => Some((code.parse().ok()?, name.strip_prefix('/')?.to_string())),
        _ => None,
    };
    words.windows(4).filter_map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_of_a_type1_program() {
        let program =
            Program::read(b"%!PS-AdobeFont-1.0\n/Encoding 256 array\ndup 65 /A put\ndup 200 /alpha put\nreadonly def\neexec dup 1 /B put");
        assert_eq!(program.names, HashMap::from([(65, "A".into()), (200, "alpha".into())]));
    }

    #[test]
    fn rubbish_says_nothing() {
        for bytes in [&b""[..], b"\0\x01\0\0", b"true", b"\x01\0\x04\x01\xFF"] {
            let program = Program::read(bytes);
            assert!(program.glyphs.is_empty() && program.names.is_empty());
        }
    }
}
