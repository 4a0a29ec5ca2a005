//! A page that a browser saved with its pictures (MHTML) -> the page. In: the bytes of the file. Out: those of its first page.

use std::borrow::Cow;

use mailparse::{ParsedMail, parse_mail};

/// How deep parts may stand in parts.
const DEPTH: usize = 8;

/// How far into a file its header is read.
const HEAD: usize = 4096;

/// Whether a file that begins so is a saved page.
pub fn is_mhtml(bytes: &[u8]) -> bool {
    // The header is ASCII, and opens with a field: hardly any other file needs to be looked at.
    if !bytes.split(|byte| *byte == b'\n').next().is_some_and(|line| line.contains(&b':')) {
        return false;
    }
    let head: String = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_ascii_lowercase();
    let fields = head.split("\n\n").next().unwrap_or_default().split("\r\n\r\n").next().unwrap_or_default();
    let first = fields.lines().next().unwrap_or_default();
    first.contains(':')
        && !first.contains('<') | first.starts_with("from:")
        && fields.contains("mime-version:")
        && (fields.contains("multipart/related") || fields.contains("multipart/alternative") || fields.contains("text/html"))
}

/// The bytes of the page, and the encoding that its sender names. Bytes that are no MHTML are the page.
///
/// # Errors
/// MHTML that cannot be taken apart, or holds no page.
pub fn page(bytes: &[u8]) -> Result<(Cow<'_, [u8]>, Option<String>), String> {
    if !is_mhtml(bytes) {
        return Ok((Cow::Borrowed(bytes), None));
    }
    let mail = parse_mail(bytes).map_err(|e| format!("a saved web page (MHTML) that is damaged: {e}; save it as HTML"))?;
    let part = first_page(&mail, 0).ok_or("a saved web page (MHTML) without a page in it; save it as HTML")?;
    let body = part.get_body_raw().map_err(|e| format!("a saved web page (MHTML) that is damaged: {e}; save it as HTML"))?;
    Ok((Cow::Owned(body), part.ctype.params.get("charset").cloned()))
}

fn first_page<'m>(mail: &'m ParsedMail<'m>, depth: usize) -> Option<&'m ParsedMail<'m>> {
    let is_page = matches!(mail.ctype.mimetype.as_str(), "text/html" | "application/xhtml+xml");
    match depth {
        _ if is_page => Some(mail),
        DEPTH.. => None,
        _ => mail.subparts.iter().find_map(|part| first_page(part, depth + 1)),
    }
}
