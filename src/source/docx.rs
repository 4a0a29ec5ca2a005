//! Word documents (DOCX): bytes -> the text that the page shows, one paragraph a line. In: ECMA-376 / ISO 29500 WordprocessingML, strict
//! or transitional. Out: `Decoded`: paragraphs with the numbers of their lists, tables row by row, text boxes after their
//! paragraph, footnotes and endnotes at the end. Never shows what the page does not: hidden and deleted text, comments, field codes; headers
//! and footers, being furniture of the page, are left out too.

mod body;
mod math;
mod numbering;
mod package;
mod style;
mod table;
mod xml;

use super::{Decoded, Limits};
use crate::finding::{Finding, FindingKind};
use crate::table::Notation;

/// Reads a Word document. `notation` says how lists write their numbers.
///
/// # Errors
/// Says what is wrong and what to do, where the archive is broken or cut off, unpacks to more than `limits.text` bytes, is
/// no Word document, or holds XML that Word never writes.
pub fn read(bytes: &[u8], limits: &Limits, notation: &Notation) -> Result<Decoded, String> {
    let parts = package::open(bytes, limits.text)?;
    let (lines, remarks) = body::read(&parts, notation, limits.text)?;
    let text: String = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
    let findings = remarks.into_iter().map(|remark| Finding::new(FindingKind::BrokenText, remark)).collect();
    Ok(Decoded { text, has_pages: false, findings })
}
