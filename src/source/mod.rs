//! Stage 0: bytes -> decoded text. In: the raw bytes of one file and its name. Out: `Source`, the text whose code points all
//! offsets count. What the bytes are is told by their content. Never guesses silently: what is no text is an error, what looks
//! broken in a text is a finding.
//!
//! The readers of formats with a layout all write the same plain text, see `Decoded`.

pub mod archive;
pub mod encoding;
pub mod format;
pub mod docx;
pub mod html;
mod office;
pub mod pdf;
mod rar;
pub mod zip;

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::table::Tables;
use format::Format;

/// One source document, decoded.
#[derive(Debug, Clone)]
pub struct Source {
    /// File name without its folder.
    pub file: String,
    pub media_type: &'static str,
    /// WHATWG name; `None` for a format that has none of its own.
    pub encoding: Option<&'static str>,
    /// SHA-256 of the raw bytes, in hexadecimal.
    pub sha256: String,
    pub text: String,
    pub findings: Vec<Finding>,
    /// Code points at which the pages after the first begin; `None` where there are no pages.
    pages: Option<Vec<usize>>,
}

impl Source {
    /// The page, from 1, that holds the code point `at`; `None` where there are no pages.
    pub fn page(&self, at: usize) -> Option<usize> {
        Some(self.pages.as_ref()?.partition_point(|start| *start <= at) + 1)
    }

    /// The text, where it is what a reader of a layout made of the file and stands in no file yet.
    pub fn layout_text(&self) -> Option<&str> {
        (self.media_type != PLAIN).then_some(self.text.as_str())
    }
}

const PLAIN: &str = "text/plain";

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
    /// Bytes of the file itself.
    pub bytes: usize,
    pub pages: usize,
    pub seconds: u64,
    /// Bytes of text that may come out of a packed format.
    pub text: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { bytes: 128 << 20, pages: 2_000, seconds: 60, text: 128 << 20 }
    }
}

/// Reads a document of any format that is known. `tables` are asked for only where a format needs them: the numbers of Word's lists.
///
/// # Errors
/// `Error::Unreadable` names what the bytes are and what to do, where they are no document, broken, protected, or an archive.
pub fn read<'t>(path: &Path, bytes: &[u8], limits: &Limits, tables: impl Fn() -> Result<&'t Tables>) -> Result<Source> {
    let unreadable = |why: String| Error::Unreadable { path: path.into(), why };
    let (media_type, encoding, decoded) = decode(bytes, limits, &tables).map_err(unreadable)?;
    let file = path.file_name().map_or_else(|| "-".into(), |name| name.to_string_lossy().into_owned());
    let Decoded { text, has_pages, findings } = decoded;
    let pages = has_pages.then(|| text.chars().enumerate().filter(|(_, c)| *c == PAGE).map(|(at, _)| at + 1).collect());
    Ok(Source { file, media_type, encoding, sha256: crate::table_hex(&Sha256::digest(bytes)), text, findings, pages })
}

type Read = (&'static str, Option<&'static str>, Decoded);

fn decode<'t>(bytes: &[u8], limits: &Limits, tables: &impl Fn() -> Result<&'t Tables>) -> std::result::Result<Read, String> {
    let word = |bytes: &[u8]| docx::read(bytes, limits, &tables().map_err(|e| e.to_string())?.lexicon.notation);
    if bytes.is_empty() {
        return Err("an empty file".into());
    }
    const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    match Format::of(bytes) {
        Format::Text => {
            let (text, encoding, findings) = encoding::decode(bytes, None)?;
            Ok((PLAIN, Some(encoding), Decoded { text, has_pages: false, findings }))
        }
        Format::Html => html::read(bytes, limits).map(|(decoded, encoding)| ("text/html", Some(encoding), decoded)),
        Format::Pdf => Ok(("application/pdf", None, pdf::read(bytes, limits)?)),
        Format::Docx => Ok((DOCX, None, word(bytes)?)),
        Format::Office { extension, media_type } => Ok((media_type, None, word(&office::to_docx(bytes, extension, limits)?)?)),
        Format::Zip => Err(archive::refuse_zip(bytes)),
        Format::Rar => Err(archive::refuse_rar(bytes)),
        Format::Other(what) => Err(what.into()),
    }
}
