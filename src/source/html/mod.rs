//! A web page -> text: its document in reading order, without the frame of the site. In: the bytes of a page, a part of one, or a page
//! saved as MHTML. Out: `Decoded` and the name of the encoding. Never a script, nor what the page hides.
//!
//! What a page says of itself (title, date) stands once in the text, so that facts can quote it.

mod content;
mod fields;
mod mhtml;
mod table;
mod text;
mod tree;

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use regex::bytes::Regex as ByteRegex;

use super::{Decoded, Limits, encoding};
use crate::finding::{Finding, FindingKind};
use crate::sign::is_han;
use tree::Tree;

/// Bytes at the start of a file that are enough to know a page, and to find what it declares.
pub const HEAD: usize = 64 << 10;

/// Whether a file that begins so is a web page or a part of one. A plain text that mentions a tag is none.
pub fn is_html(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD)];
    let is_saved = mhtml::is_mhtml(head);
    if is_saved || memchr::memchr(b'<', head).is_none() {
        return is_saved;
    }
    let head: Vec<u8> = head.iter().copied().filter(|b| *b != 0).collect();
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let start = after_prologue(&head);
    if start.starts_with("<!doctype html")
        || start.starts_with("<html")
        || head.contains("<html") && (head.contains("<body") || head.contains("</head>"))
    {
        return true;
    }
    let tags = TAG.find_iter(&head).count();
    let lines = || head.lines().filter(|line| !line.trim().is_empty()).count();
    let is_markdown = || head.contains("```") || head.lines().filter(|line| MARKDOWN.is_match(line)).count() > 1;
    let opens = || TAG.find(start).is_some_and(|tag| tag.start() == 0);
    (tags >= 2 && opens() || tags >= 4 && tags * 3 >= lines()) && !is_markdown()
}

/// A tag that lays text out.
static TAG: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"</?(?:a|article|b|blockquote|body|br|caption|center|dd|div|dl|dt|em|font|form|h[1-6]|head|hr|img|li|link|main|meta|ol|p|pre|script|section|span|strong|style|table|tbody|td|tfoot|th|thead|title|tr|u|ul)(?:\s[^<>]*)?/?>",
    )
});
static MARKDOWN: LazyLock<Regex> = LazyLock::new(|| expression(r"^\s*(?:#{1,6} |[-*>] |\|.*\|\s*$)"));

fn expression(source: &str) -> Regex {
    Regex::new(source).expect("a constant of this file, used by its tests")
}

/// What follows the byte order mark, the XML declaration, comments and the directives of a page's server.
fn after_prologue(text: &str) -> &str {
    let mut rest = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{FFFD}'));
    while let Some(end) = [("<?", "?>"), ("<!--", "-->"), ("<%", "%>")].iter().find_map(|(open, end)| rest.starts_with(open).then_some(end))
    {
        let Some((_, after)) = rest.split_once(end) else { return "" };
        rest = after.trim_start();
    }
    rest
}

/// Reads a page.
///
/// # Errors
/// What `encoding::decode` says of bytes that are no text; more text or elements than the limits allow; MHTML without a page in it.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<(Decoded, &'static str), String> {
    let (page, sent_as) = mhtml::page(bytes)?;
    let declared = sent_as.or_else(|| declared(&page));
    let (markup, encoding, doubts) = encoding::decode(&page, declared.as_deref())?;
    if markup.len() > limits.text {
        return Err(format!("a web page of more than {} bytes of text", limits.text));
    }
    let is_xml = markup.trim_start().starts_with("<?xml");
    let tree = tree::parse(&repaired(&markup), is_xml)?;
    let text = document(&tree, PAGE.is_match(&markup));
    if text.len() > limits.text {
        return Err(format!("a web page of more than {} bytes of text", limits.text));
    }
    // Remarks with a place count characters of the markup; those on the text are made anew.
    let mut findings: Vec<Finding> = doubts.into_iter().filter(|finding| finding.span.is_none()).chain(encoding::remarks(&text)).collect();
    if text.is_empty() {
        findings.push(Finding::new(FindingKind::BrokenText, "the web page holds no text; perhaps a script writes it"));
    }
    Ok((Decoded { text, has_pages: false, findings }, encoding))
}

static PAGE: LazyLock<Regex> = LazyLock::new(|| expression(r"(?i)<(?:html|head|body)[\s>]"));

/// The encoding that the page names in its head.
fn declared(page: &[u8]) -> Option<String> {
    static NAMED: LazyLock<ByteRegex> = LazyLock::new(|| {
        ByteRegex::new(r#"(?i-u)<(?:meta\s[^>]*?charset|\?xml\s[^>]*?encoding)\s*=\s*["']?\s*([a-z0-9_:-]+)"#)
            .expect("a constant of this file, used by its tests")
    });
    let head: Vec<u8> = page.iter().take(HEAD).copied().filter(|b| *b != 0).collect();
    let name = NAMED.captures(&head)?.get(1)?;
    Some(String::from_utf8_lossy(name.as_bytes()).into_owned())
}

/// Closes the tags that lost their end, since a parser takes the words after them for attributes; opens the table that a part of one
/// lacks, since a parser drops cells without.
fn repaired(markup: &str) -> Cow<'_, str> {
    static OPEN: LazyLock<Regex> = LazyLock::new(|| expression(r"(?i)(</[a-z][a-z0-9]*|<br)(\s+)([^\x00-\x7F>])"));
    static PART: LazyLock<Regex> = LazyLock::new(|| expression(r"^(?i)<(?:caption|tbody|thead|tfoot|tr|td|th)[\s>]"));
    let closed = OPEN.replace_all(markup, "$1>$2$3");
    if PART.is_match(after_prologue(&closed)) { Cow::Owned(format!("<table>{closed}")) } else { closed }
}

/// The text of the document. A page that hides all that it has (and shows it by a script) is read as if it did not.
fn document(tree: &Tree, is_page: bool) -> String {
    let read = |hidden: bool| {
        let content = if is_page { content::choose(tree, hidden) } else { content::part(tree, hidden) };
        let lines = text::lines(tree, content.root, &content.skip);
        (content, lines)
    };
    let count = |lines: &[String]| lines.iter().flat_map(|line| line.chars()).filter(|c| is_han(*c)).count();
    let (mut content, mut lines) = read(true);
    if count(&lines) < 80 {
        let all = read(false);
        if count(&all.1) > 10 * count(&lines) {
            (content, lines) = all;
        }
    }
    if is_page {
        // Signs alone are what is left of counters and buttons.
        lines.retain(|line| line.chars().any(char::is_alphanumeric));
        lines = fields::with_title(tree, content.root, &content.skip, lines);
    }
    let mut out = lines;
    out.extend(fields::date(tree, &out));
    out.join("\n")
}
