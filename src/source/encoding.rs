//! Bytes -> text, the name of the encoding, findings. Judges by content; what the document declares is believed when the bytes bear
//! it out. Never a rubbish text: what is binary, or could be several things, is an error that says so.
//!
//! Line ends stay as they are. A byte order mark is no character.

use std::cell::LazyCell;

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use crate::finding::{Finding, FindingKind};
use crate::sign::is_han;
use crate::span::Span;

/// What comes out: the text, the name of its encoding as IANA writes it, remarks.
type Decoded = (String, &'static str, Vec<Finding>);

/// Reads `bytes` as text. `declared` is what the document or its sender says of itself, in any spelling (gb2312, utf8).
///
/// # Errors
/// A sentence that says what the bytes are instead: binary data, or what they could be.
pub fn decode(bytes: &[u8], declared: Option<&str>) -> Result<Decoded, String> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return finish(&bytes[mark..], Choice::sure(encoding));
    }
    let declared = declared.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let choice = if memchr::memchr(0, bytes).is_some() { with_nul(bytes)? } else { choose(bytes, declared)? };
    finish(bytes, choice)
}

/// An encoding, and why one might doubt it.
struct Choice {
    encoding: &'static Encoding,
    doubt: Option<String>,
}

impl Choice {
    fn sure(encoding: &'static Encoding) -> Self {
        Choice { encoding, doubt: None }
    }
}

fn finish(body: &[u8], choice: Choice) -> Result<Decoded, String> {
    let text = choice.encoding.decode_without_bom_handling(body).0.into_owned();
    if let Some(byte) = memchr::memchr(0, text.as_bytes()) {
        let at = text[..byte].chars().count();
        return Err(format!("binary data (a NUL character at character {at})"));
    }
    let doubt = choice.doubt.map(|message| Finding::new(FindingKind::BrokenText, message));
    let findings = doubt.into_iter().chain(remarks(&text)).collect();
    Ok((text, iana(choice.encoding), findings))
}

/// GBK is read as its superset, and so named.
fn iana(encoding: &'static Encoding) -> &'static str {
    if encoding == GB18030 { "GB18030" } else { encoding.name() }
}

/// Text that holds NUL bytes can only be UTF-16.
fn with_nul(bytes: &[u8]) -> Result<Choice, String> {
    let at = bytes.iter().position(|b| *b == 0).unwrap_or_default();
    let (encoding, good) = best_utf16(bytes);
    if good < 0.9 {
        return Err(format!("binary data (a NUL byte at offset {at})"));
    }
    Ok(Choice::sure(encoding))
}

/// The byte order that reads better, and the share of plain characters in it.
fn best_utf16(bytes: &[u8]) -> (&'static Encoding, f64) {
    let (little, big) = (plain_utf16(bytes, u16::from_le_bytes), plain_utf16(bytes, u16::from_be_bytes));
    if little >= big { (UTF_16LE, little) } else { (UTF_16BE, big) }
}

/// The share of units that are ASCII, Chinese punctuation or common Han. A letter read in the wrong order is a Han whose low byte
/// is zero, so such ones do not count, but for U+4E00. Where nearly all Han would be two ASCII characters read as one, it is no UTF-16.
fn plain_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> f64 {
    let (mut all, mut signs, mut han, mut letters) = (0usize, 0usize, 0usize, 0usize);
    for pair in bytes.chunks_exact(2) {
        all += 1;
        match unit([pair[0], pair[1]]) {
            0x09..=0x0D | 0x20..=0x7E | 0xA0 | 0xB7 | 0x2014..=0x2026 | 0x3000..=0x3015 | 0xFF01..=0xFF5E => signs += 1,
            u @ 0x4E00..=0x9FA5 if u == 0x4E00 || u & 0xFF != 0 => {
                han += 1;
                letters += usize::from(pair.iter().all(|b| matches!(b, b'\t' | b'\r' | b'\n' | b' '..=b'~')));
            }
            _ => {}
        }
    }
    if letters * 10 > han * 9 { 0.0 } else { (signs + han) as f64 / all.max(1) as f64 }
}

/// How much likelier (as a difference of natural logarithms) one reading must be than the next for there to be no doubt.
const CLEAR: f64 = 8.0;
/// Worse than this for a character on average, and the text is none of ours: in a text of some length, and in a short one.
const FOREIGN: (f64, f64) = (-11.5, -13.5);

fn choose(bytes: &[u8], declared: Option<&'static Encoding>) -> Result<Choice, String> {
    let utf16 = LazyCell::new(|| best_utf16(bytes));
    let is_utf8 = Encoding::utf8_valid_up_to(bytes) == bytes.len();
    if is_utf8 && any(bytes, is_control) && utf16.1 > 0.97 {
        return Ok(Choice::sure(utf16.0));
    }
    if is_utf8 && (declared == Some(UTF_8) || bytes.iter().any(|byte| is_long(*byte)) || !pairs_of_gb2312(bytes)) {
        return Ok(Choice::sure(UTF_8));
    }
    let utf8 = Utf8Share::of(bytes);
    if utf8.broken > 0 && (utf8.long > 2 * utf8.broken || utf8.long >= utf8.broken && (declared == Some(UTF_8) || utf8.cut_only)) {
        return Ok(Choice::sure(UTF_8));
    }
    let mut read = [(GB18030, gb18030(bytes)), (BIG5, big5(bytes))].map(|(encoding, (sum, pairs))| (encoding, sum, pairs));
    read.sort_by(|a, b| b.1.total_cmp(&a.1));
    let [(best, sum, pairs), (other, second, _)] = read;
    let mean = sum / pairs.max(1) as f64;
    let (utf16, plain) = *utf16;
    if plain > 0.97 && bytes.len() >= 4 && mean < -11.0 {
        return Ok(Choice { encoding: utf16, doubt: (bytes.len() < 16).then(|| doubt(utf16, best)) });
    }
    if mean < if pairs >= 16 { FOREIGN.0 } else { FOREIGN.1 } {
        return Err(format!("neither UTF-8 nor Chinese text in {} or {}; convert it to UTF-8 first", iana(best), iana(other)));
    }
    let is_clear = sum - second >= CLEAR;
    let named = |encoding: &'static Encoding| declared.is_some_and(|d| d == encoding || encoding == GB18030 && d == encoding_rs::GBK);
    Ok(match (is_clear, named(best), named(other)) {
        (true, ..) | (_, true, _) => Choice::sure(best),
        (_, _, true) => Choice::sure(other),
        _ => Choice { encoding: best, doubt: Some(doubt(best, other)) },
    })
}

fn doubt(best: &'static Encoding, other: &'static Encoding) -> String {
    format!("read as {}, but it could be {}: too short to tell", iana(best), iana(other))
}

/// The first byte of a character of UTF-8 that has three or four.
fn is_long(byte: u8) -> bool {
    byte >= 0xE0
}

/// How much of the bytes is UTF-8.
struct Utf8Share {
    /// Characters of three and four bytes: no other encoding has them by chance.
    long: usize,
    /// Stretches of bytes that are no UTF-8.
    broken: usize,
    /// The only broken stretch is the end, cut in the middle of a character.
    cut_only: bool,
}

impl Utf8Share {
    fn of(bytes: &[u8]) -> Self {
        let (mut long, mut broken, mut cut_only) = (0, 0, true);
        let mut at = 0;
        for chunk in bytes.utf8_chunks() {
            long += chunk.valid().bytes().filter(|byte| is_long(*byte)).count();
            at += chunk.valid().len() + chunk.invalid().len();
            if !chunk.invalid().is_empty() {
                broken += 1;
                cut_only &= at == bytes.len() && chunk.invalid()[0] >= 0xE0;
            }
        }
        Utf8Share { long, broken, cut_only }
    }
}

/// Every stretch that is not ASCII is two or more common characters of GB 2312, so that two-byte UTF-8 is the odder reading.
fn pairs_of_gb2312(bytes: &[u8]) -> bool {
    let mut stretches = bytes.split(u8::is_ascii).filter(|stretch| !stretch.is_empty()).peekable();
    let common = |pair: &[u8]| matches!(pair, [0xB0..=0xD7, 0xA1..=0xFE]);
    stretches.peek().is_some() && stretches.all(|stretch| stretch.len() >= 4 && stretch.chunks(2).all(common))
}

/// The natural logarithm of how likely the bytes are as GB 18030, and how many characters they hold. The classes are rows of the code
/// table: signs, the common characters (level 1 of GB 2312), the less common ones, the rest.
fn gb18030(bytes: &[u8]) -> (f64, usize) {
    pairs(bytes, |lead, trail| match (lead, trail) {
        (0x81..=0xFE, 0x30..=0x39) => Some((-14.0, 4)),
        (0xA1, 0xA1..=0xA3) | (0xA3, 0xA8 | 0xA9 | 0xAC | 0xBA | 0xBB) => Some((-4.5, 2)),
        (0xA1..=0xA3, 0xA1..=0xFE) => Some((-8.0, 2)),
        (0xB0..=0xD7, 0xA1..=0xFE) => Some((-8.3, 2)),
        (0xD8..=0xF7, 0xA1..=0xFE) => Some((-12.2, 2)),
        (0x81..=0xFE, 0x40..=0x7E | 0x80..=0xFE) => Some((-14.0, 2)),
        _ => None,
    })
}

/// The same as Big5.
fn big5(bytes: &[u8]) -> (f64, usize) {
    pairs(bytes, |lead, trail| {
        if !matches!((lead, trail), (0x81..=0xFE, 0x40..=0x7E | 0xA1..=0xFE)) {
            return None;
        }
        Some(match u16::from_be_bytes([lead, trail]) {
            0xA140..=0xA143 | 0xA146 | 0xA147 | 0xA15D | 0xA15E => (-4.5, 2),
            0xA140..=0xA3BF => (-8.0, 2),
            0xA440..=0xC67E => (-8.7, 2),
            0xC940..=0xF9D5 => (-13.5, 2),
            _ => (-17.0, 2),
        })
    })
}

/// Sums what `class` gives for each character that is not ASCII; a byte that begins none counts as very unlikely.
fn pairs(bytes: &[u8], class: impl Fn(u8, u8) -> Option<(f64, usize)>) -> (f64, usize) {
    const BROKEN: f64 = -25.0;
    let (mut sum, mut count, mut at) = (0.0, 0, 0);
    while let Some(&lead) = bytes.get(at) {
        let Some(&trail) = bytes.get(at + 1) else { break };
        let (score, length) = if lead < 0x80 { (0.0, 1) } else { class(lead, trail).unwrap_or((BROKEN, 1)) };
        count += usize::from(lead >= 0x80);
        sum += score;
        at += length;
    }
    (sum, count)
}

/// What looks broken in a decoded text.
pub fn remarks(text: &str) -> Vec<Finding> {
    broken(text).into_iter().chain(misread(text)).collect()
}

/// Characters that a clean text does not hold: replacement marks and controls.
fn broken(text: &str) -> Option<Finding> {
    let bad = |c: char| c == '\u{FFFD}' || (c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'));
    // Bytes are looked at faster: the first one of a control character that is not ASCII is C2.
    let bytes = text.as_bytes();
    let long = || memchr::memchr_iter(0xC2, bytes).any(|at| bytes[at + 1] < 0xA0);
    let control = |byte: u8| is_control(byte) | (byte == 11) | (byte == 0x7F);
    if !any(bytes, control) && !long() && memchr::memmem::find(bytes, "\u{FFFD}".as_bytes()).is_none() {
        return None;
    }
    at_first(text, bad, |count| format!("{count} replacement or control characters in the text"))
}

/// A control character of ASCII that lays no text out.
fn is_control(byte: u8) -> bool {
    (byte < b' ') & !(9..=13).contains(&byte)
}

/// Whether there is such a byte; many are looked at together.
fn any(bytes: &[u8], is_such: impl Fn(u8) -> bool) -> bool {
    bytes.chunks(256).any(|chunk| chunk.iter().fold(false, |any, byte| any | is_such(*byte)))
}

/// So few Latin letters with accents are names.
const LATIN: usize = 8;

/// Text that was decoded wrongly before it came here: Latin letters with accents in rows (UTF-8 or GBK read as Latin-1), or the three
/// characters that replacement marks become in GBK.
fn misread(text: &str) -> Option<Finding> {
    let replaced = GB18030.decode_without_bom_handling(b"\xEF\xBF\xBD\xEF\xBF\xBD").0;
    if let Some(byte) = memchr::memmem::find(text.as_bytes(), replaced.as_bytes()) {
        let at = text[..byte].chars().count();
        return Some(Finding::new(FindingKind::BrokenText, "the text was decoded wrongly before it was saved").at(Span::new(at, at + 1)));
    }
    let latin = |c: char| {
        matches!(c, '\u{A1}'..='\u{FF}' | '\u{152}' | '\u{153}' | '\u{160}' | '\u{161}' | '\u{192}' | '\u{2C6}' | '\u{2DC}')
            && c != '\u{B7}'
    };
    // Most texts hold few of the first bytes of these letters, and bytes are found faster.
    let bytes = text.as_bytes();
    let first = memchr::memchr3_iter(0xC2, 0xC3, 0xC5, bytes).chain(memchr::memchr2_iter(0xC6, 0xCB, bytes));
    first.filter(|at| text[*at..].starts_with(latin)).nth(LATIN - 1)?;
    let (rubbish, han) = text.chars().fold((0usize, 0usize), |(l, h), c| (l + usize::from(latin(c)), h + usize::from(is_han(c))));
    if rubbish < LATIN || rubbish < han {
        return None;
    }
    at_first(text, latin, |count| format!("{count} Latin letters with accents: the text looks decoded wrongly before it was saved"))
}

fn at_first(text: &str, is_bad: impl Fn(char) -> bool, message: impl Fn(usize) -> String) -> Option<Finding> {
    let mut at = text.chars().enumerate().filter(|(_, c)| is_bad(*c)).map(|(at, _)| at);
    let first = at.next()?;
    Some(Finding::new(FindingKind::BrokenText, message(at.count() + 1)).at(Span::new(first, first + 1)))
}
