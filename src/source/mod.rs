//! Stage 0: bytes -> decoded text. In: the raw bytes of one file and its name. Out: `Source`, the text whose code points all
//! offsets count. Never guesses silently: what is no text is an error, what looks broken in a text is a finding.
//!
//! The readers of formats with a layout all write the same plain text, see `Decoded`.

pub mod pdf;

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::finding::{Finding, FindingKind};
use crate::span::Span;

/// One source document, decoded.
#[derive(Debug, Clone)]
pub struct Source {
    /// File name without its folder.
    pub file: String,
    pub media_type: &'static str,
    pub encoding: &'static str,
    /// SHA-256 of the raw bytes, in hexadecimal.
    pub sha256: String,
    pub text: String,
    pub findings: Vec<Finding>,
}

/// What the reader of one format makes of the bytes: text in reading order, one paragraph a line.
///
/// A row of a table is one line, its cells parted by `CELL`; a line end inside a cell is `CELL_LINE`. A cell that others are merged
/// into stands once, the places of the others are empty, so that every row of a table has as many cells. `PAGE` ends each page but
/// the last one of a format that has pages.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decoded {
    pub text: String,
    /// Whether `PAGE` parts pages.
    pub has_pages: bool,
    pub findings: Vec<Finding>,
}

/// Parts the cells of a row.
pub const CELL: char = '\t';
/// A line end inside a cell.
pub const CELL_LINE: char = '\u{2028}';
/// The end of a page.
pub const PAGE: char = '\u{c}';

/// How much of one document is read before the reader gives up and says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub pages: usize,
    pub seconds: u64,
    /// Bytes of text that may come out of a packed format.
    pub text: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { pages: 2_000, seconds: 60, text: 64 << 20 }
    }
}

/// Begins of formats that are no plain text, with the name that the message gives.
const FORMATS: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP or Office file"),
    (b"\xD0\xCF\x11\xE0", "an old Office file (.doc, .xls, .wps)"),
    (b"Rar!", "a RAR archive"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xFF\xD8\xFF", "a JPEG picture"),
    (b"\x1F\x8B", "a gzip file"),
    (b"\x7FELF", "a program"),
];

/// Reads UTF-8 text (with or without a byte order mark).
///
/// # Errors
/// `Error::Unreadable` where the bytes are of a known binary format, hold NUL, or are not UTF-8.
pub fn read(path: &Path, bytes: &[u8]) -> Result<Source> {
    let unreadable = |why: String| Error::Unreadable { path: path.into(), why };
    if let Some((_, what)) = FORMATS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(unreadable(format!("{what}, not plain text; save it as UTF-8 text first")));
    }
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(unreadable("UTF-16 text; convert it first, for instance iconv -f UTF-16 -t UTF-8".into()));
    }
    let body = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(body).map_err(|e| {
        let at = e.valid_up_to();
        let byte = body.get(at).copied().unwrap_or_default();
        unreadable(format!("not UTF-8 (byte 0x{byte:02X} at offset {at}); convert it first, for instance iconv -f GB18030 -t UTF-8"))
    })?;
    if let Some(at) = text.find('\0') {
        return Err(unreadable(format!("binary data (a NUL byte at offset {at})")));
    }
    if looks_like_html(text) {
        return Err(unreadable("a web page, not plain text; save its text as UTF-8 first".into()));
    }
    let file = path.file_name().map_or_else(|| "-".into(), |name| name.to_string_lossy().into_owned());
    let sha256 = crate::table_hex(&Sha256::digest(bytes));
    Ok(Source { file, media_type: "text/plain", encoding: "UTF-8", sha256, findings: broken(text), text: text.to_string() })
}

fn looks_like_html(text: &str) -> bool {
    let head: String = text.trim_start().chars().take(512).collect::<String>().to_ascii_lowercase();
    let tags = ["</p>", "</div>", "</td>", "</span>", "<br>", "<br/>", "</a>", "</li>", "</strong>"];
    let body: String = text.chars().take(20_000).collect::<String>().to_ascii_lowercase();
    head.starts_with("<!doctype html") || head.starts_with("<html") || tags.iter().map(|tag| body.matches(tag).count()).sum::<usize>() > 4
}

/// Characters that a clean text does not hold: replacement marks and controls.
fn broken(text: &str) -> Vec<Finding> {
    let bad = |c: char| c == '\u{FFFD}' || (c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'));
    let at: Vec<usize> = text.chars().enumerate().filter(|(_, c)| bad(*c)).map(|(at, _)| at).collect();
    let Some(first) = at.first() else { return vec![] };
    let message = format!("{} replacement or control characters in the text", at.len());
    vec![Finding::new(FindingKind::BrokenText, message).at(Span::new(*first, first + 1))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_refused_by_name() {
        for (bytes, words) in [
            (&b"%PDF-1.7\n"[..], "a PDF file"),
            (b"PK\x03\x04rest", "a ZIP or Office file"),
            (b"\xC4\xEA\xB6\xC8", "not UTF-8 (byte 0xC4 at offset 0)"),
            (b"\xFF\xFEa\0", "UTF-16 text"),
            (b"abc\0def", "a NUL byte at offset 3"),
            (b"<!DOCTYPE html><html>", "a web page"),
        ] {
            let error = read(Path::new("x"), bytes).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_character() {
        assert_eq!(read(Path::new("x"), b"\xEF\xBB\xBFab").unwrap().text, "ab");
    }

    #[test]
    fn broken_characters_are_found() {
        let source = read(Path::new("x"), "好\u{FFFD}的".as_bytes()).unwrap();
        assert_eq!(source.findings[0].span, Some(Span::new(1, 2)));
    }
}
