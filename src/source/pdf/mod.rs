//! PDF -> text in reading order. In: the bytes of a file. Out: `Decoded`, one printed line a line, with findings on pages without text, with
//! text that cannot be trusted and that were not read. Never panics, never shows rubbish without a finding.
//!
//! The file's syntax (objects, streams, encryption, repair of broken files) is read by `hayro-syntax`, the predefined character maps by
//! `hayro-cmap`, embedded fonts by `ttf-parser`. Fonts, content and layout are read here: `content` gathers glyphs and lines, `font` gives
//! them text, `grid` finds ruled tables, `lines` and `flow` put them in order.

mod content;
mod encoding;
mod flow;
mod font;
mod gate;
mod grid;
mod guard;
mod lines;
mod program;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use hayro_syntax::object::Dict;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use super::{Decoded, Limits, PAGE};
use crate::finding::{Finding, FindingKind};
use gate::Gate;

/// Reads a PDF file: its text layer, also an invisible one (text recognised in a scan).
///
/// # Errors
/// Why nothing could be read, and what to do: a password, a broken file, no text on any page.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Decoded, String> {
    let broken = |_| "a PDF file that is broken in a way its reader does not know; print it to a new PDF file first".to_string();
    catch_unwind(AssertUnwindSafe(|| read_pages(bytes, limits))).unwrap_or_else(|panic| Err(broken(panic)))
}

fn read_pages(bytes: &[u8], limits: &Limits) -> Result<Decoded, String> {
    let deadline = Instant::now() + Duration::from_secs(limits.seconds);
    let pdf = open(bytes)?;
    let pages = pdf.pages();
    let mut decoded = Decoded { has_pages: true, ..Decoded::default() };
    let (mut fonts, mut gate, mut stopped) = (HashMap::new(), Gate::default(), None);
    for (i, page) in pages.iter().enumerate() {
        stopped = reason_to_stop(i, decoded.text.len(), limits, deadline);
        if stopped.is_some() {
            break;
        }
        let mut drawn = content::read(page, &mut fonts, deadline);
        if i > 0 {
            decoded.text.push(PAGE);
        }
        gate.judge(i + 1, &drawn);
        decoded.text.push_str(&flow::text(&mut drawn));
    }
    let stopped = stopped.map(|(from, why)| format!("{} not read: {why}", gate::ranges(&(from..=pages.len()).collect::<Vec<_>>())));
    gate.check_any_text(pages.len()).map_err(|why| match &stopped {
        Some(stopped) => format!("{why}; {stopped}"),
        None if !has_end(bytes) => format!("{why}; the file is cut off: its end is missing"),
        None => why,
    })?;
    decoded.findings.extend(stopped.map(|message| Finding::new(FindingKind::NotRead, message)));
    decoded.findings.extend(gate.findings());
    decoded.findings.extend(damage(&pdf, bytes));
    Ok(decoded)
}

fn open(bytes: &[u8]) -> Result<Pdf, String> {
    if guard::is_bomb(bytes) {
        return Err("a PDF file whose tables unpack to more than 128 MB, which no honest file needs".into());
    }
    Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            "an encrypted PDF file that needs a password; save an unprotected copy, for instance qpdf --decrypt --password=… IN OUT".into()
        }
        LoadPdfError::Decryption(DecryptionError::UnsupportedAlgorithm) => {
            "a PDF file encrypted in a way that is not known; save an unprotected copy, for instance qpdf --decrypt IN OUT".into()
        }
        LoadPdfError::Decryption(_) => "an encrypted PDF file whose encryption data are broken; fetch the file again".to_string(),
        LoadPdfError::Invalid => match has_end(bytes) {
            true => "a broken PDF file: no page was found in it; print or save it anew".into(),
            false => "a PDF file that is cut off: its end is missing and no page was found; fetch the file again".into(),
        },
    })
}

/// Why page `i` is not read any more, with its number.
fn reason_to_stop(i: usize, length: usize, limits: &Limits, deadline: Instant) -> Option<(usize, String)> {
    let why = if i >= limits.pages {
        format!("the limit of {} pages", limits.pages)
    } else if Instant::now() > deadline {
        format!("the time limit of {} s", limits.seconds)
    } else if length > limits.text {
        format!("the limit of {} bytes of text", limits.text)
    } else {
        return None;
    };
    Some((i + 1, why))
}

/// A file without its end was cut off, one with fewer pages than it says is damaged; what could be found was read.
fn damage(pdf: &Pdf, bytes: &[u8]) -> Option<Finding> {
    let found = pdf.pages().len();
    let root = pdf.xref().get::<Dict>(pdf.xref().root_id());
    let said = root.and_then(|root| root.get::<Dict>("Pages")?.get::<usize>("Count")).unwrap_or(found);
    let message = if !has_end(bytes) {
        format!("the end of the PDF file is missing (no %%EOF): {found} pages were found, more may be lost")
    } else if said > found {
        format!("the PDF file is damaged: it says that it has {said} pages, and {found} were found")
    } else {
        return None;
    };
    Some(Finding::new(FindingKind::NotRead, message))
}

fn has_end(bytes: &[u8]) -> bool {
    memchr::memmem::rfind(&bytes[bytes.len().saturating_sub(2048)..], b"%%EOF").is_some()
}
