//! The fields of the document as a whole: title, issuers, number, year, date of issue. In: `Outline`. Out: `Document`. A field
//! that the text does not give stays empty.

use std::collections::BTreeSet;

use crate::outline::Outline;
use crate::segment::Segmented;
use crate::sign::{COMMA, PAUSE, STOP, is_han};
use crate::span::{Normal, Span, within};
use crate::table::{Captured, Line, List, Tables};
use crate::value::Date;

#[derive(Debug, Default)]
pub struct Document {
    pub title: Option<Span<Normal>>,
    pub issuers: Vec<Span<Normal>>,
    pub number: Option<Span<Normal>>,
    pub year: Option<(i32, Span<Normal>)>,
    pub published: Option<(Date, Span<Normal>)>,
    /// The text has words enough of the genre.
    pub is_guideline: bool,
}

/// Fewer different words of the genre than this, and the text is taken for no guideline.
const GENRE: usize = 6;

/// As many are enough where the title is one that a row knows, not just the first short line.
const TITLED: usize = 3;

/// So many phrases that nothing but the genre uses are enough: of a short text, or a part of one.
const PHRASES: usize = 2;

/// A line of a title has so many characters before the last words of it wrap.
const LONG: usize = 12;
/// How far from the start a title is looked for, in paragraphs.
const HEAD: usize = 40;

/// Reads the fields of the document.
pub fn document(outline: &Outline, text: &Segmented, tables: &Tables) -> Document {
    let mut near = vec![vec![]; tables.documents.len()];
    for (node, piece) in outline.nodes.iter().enumerate().skip(1) {
        tables.documents.among(&text.near_words(piece.span)).for_each(|(row, _)| near[row].push(node));
    }
    let reader = Reader { outline, segmented: text, text: text.text(), tables, near };
    let title = reader.title();
    let published = reader.published();
    let number = reader.first("number", 0..reader.count()).map(|(_, span)| span);
    Document {
        title,
        issuers: reader.issuers(published.map(|(_, span)| span), title, number),
        number,
        year: title.and_then(|title| reader.year("year", title)).or_else(|| reader.year_in_head()),
        published,
        is_guideline: reader.is_guideline(),
    }
}

struct Reader<'a> {
    outline: &'a Outline,
    segmented: &'a Segmented<'a>,
    text: &'a str,
    tables: &'a Tables,
    /// For each row, the pieces that it may match.
    near: Vec<Vec<usize>>,
}

impl<'a> Reader<'a> {
    fn count(&self) -> usize {
        self.outline.nodes.len()
    }

    /// The rows of `class` that may match `span`.
    fn rows(&self, class: &'static str, span: Span<Normal>) -> impl Iterator<Item = &'a Line> {
        let near = self.segmented.near_words(span);
        let rows: Vec<&Line> = self.tables.documents.among(&near).map(|(_, row)| row).filter(|row| row.class == class).collect();
        rows.into_iter()
    }

    fn matches(&self, class: &'static str, span: Span<Normal>) -> bool {
        self.rows(class, span).any(|row| row.is_match(span.of(self.text)))
    }

    fn words(&self, node: usize) -> &'a str {
        self.outline.nodes[node].span.of(self.text)
    }

    /// The first row of `class` that matches a piece; its words are those of the group that has a value.
    fn first(&self, class: &'static str, nodes: std::ops::Range<usize>) -> Option<(Captured<'a>, Span<Normal>)> {
        let rows = self.tables.documents.iter().enumerate().filter(|(_, row)| row.class == class);
        let mut tried = rows.flat_map(|(i, row)| self.near[i].iter().filter(|node| nodes.contains(node)).map(move |node| (row, *node)));
        tried.find_map(|(row, node)| {
            let found = row.captures(self.words(node))?;
            let group = ["value", "title", "name", "code"].iter().find_map(|g| found.name(g)).or_else(|| found.get(0))?;
            let span = within(self.outline.nodes[node].span.start, group.range());
            Some((found, span))
        })
    }

    fn title(&self) -> Option<Span<Normal>> {
        let head = 1..self.count().min(HEAD + 1);
        let line = head.clone().find(|n| self.is_title_line(*n));
        let in_text = head.clone().find_map(|n| Some((n, self.first("title_in_text", n..n + 1)?.1)));
        match (line, in_text) {
            (Some(line), Some((node, span))) if node < line => Some(span),
            (Some(line), _) => Some(self.whole_title(line)),
            (None, Some((_, span))) => Some(span),
            (None, None) => head.clone().find(|n| self.is_short_line(*n)).map(|n| self.outline.nodes[n].span),
        }
    }

    fn is_title_line(&self, node: usize) -> bool {
        let words = self.words(node);
        let length = words.chars().count();
        let plain = self.outline.nodes[node].marker.is_none();
        // The last words of a title that wraps may be few.
        let is_long = |node: usize| self.is_short_line(node) && self.words(node).chars().count() >= LONG;
        let least = if node > 1 && (self.opens_title(node - 1) || is_long(node - 1)) { 3 } else { 6 };
        plain && (least..=100).contains(&length) && self.matches("title", self.outline.nodes[node].span)
    }

    fn opens_title(&self, node: usize) -> bool {
        self.tables.lexicon.list(List::TitleOpens).iter().any(|word| self.words(node).starts_with(word.as_str()))
    }

    /// A line that may be part of a title: short, without ordinal, label or full stop.
    fn is_short_line(&self, node: usize) -> bool {
        let words = self.words(node);
        let length = words.chars().count();
        let plain = self.outline.nodes[node].marker.is_none() && self.outline.nodes[node].title.is_none();
        let signs = [COMMA, STOP, ':', ';', '['];
        plain
            && (4..=60).contains(&length)
            && words.contains(is_han)
            && !words.contains(signs)
            && !self.matches("issuer", self.outline.nodes[node].span)
    }

    /// A title may stand on several lines; those before its last one belong to it, and a line in brackets behind it.
    fn whole_title(&self, mut last: usize) -> Span<Normal> {
        let mut first = last;
        while first > 1 && !self.opens_title(first) && self.is_short_line(first - 1) && !self.is_title_line(first - 1) && last - first < 3 {
            first -= 1;
        }
        let is_bracket = |words: &str| {
            let inside = words.strip_prefix('(').and_then(|words| words.strip_suffix(')'));
            let is_note = |words: &str| self.tables.lexicon.list(List::NoteOfPage).iter().any(|note| words.contains(note.as_str()));
            inside.is_some_and(|words| !words.contains(['(', ')']) && !is_note(words))
        };
        if last + 1 < self.count() && self.outline.nodes[last + 1].marker.is_none() && is_bracket(self.words(last + 1)) {
            last += 1;
        }
        Span::new(self.outline.nodes[first].span.start, self.outline.nodes[last].span.end)
    }

    fn year(&self, class: &'static str, span: Span<Normal>) -> Option<(i32, Span<Normal>)> {
        let found = self.rows(class, span).find_map(|row| row.captures(span.of(self.text)))?;
        let year = found.name("y")?.as_str().parse().ok()?;
        Some((year, within(span.start, found.get(0)?.range())))
    }

    fn year_in_head(&self) -> Option<(i32, Span<Normal>)> {
        (1..self.count().min(HEAD)).find_map(|n| self.year("year_in_head", self.outline.nodes[n].span))
    }

    fn published(&self) -> Option<(Date, Span<Normal>)> {
        let (found, base) = self.first("published", 1..self.count())?;
        let number = |name: &str| {
            let value = self.tables.lexicon.numerals.parse(found.name(name)?.as_str())?;
            i32::try_from(value).ok()
        };
        let date = Date::new(number("y")?, number("m")? as u32, number("d")? as u32, None).filter(|date| date.day > 0)?;
        let (first, last) = (found.name("y")?, found.name("d")?);
        let start = base.start + first.start() - found.get(0)?.start();
        Some((date, Span::new(start, start + (last.end() - first.start()))))
    }

    /// The signature above the date of issue, else the offices above the document number, else the title's own words, else what the text says of itself.
    fn issuers(&self, published: Option<Span<Normal>>, title: Option<Span<Normal>>, number: Option<Span<Normal>>) -> Vec<Span<Normal>> {
        let signed = published.map(|date| self.signature(date)).unwrap_or_default();
        let signed = if signed.is_empty() { number.map(|number| self.signature(number)).unwrap_or_default() } else { signed };
        if !signed.is_empty() {
            return signed;
        }
        let in_title = title.and_then(|title| {
            let found = self.rows("issuer_in_title", title).find_map(|row| row.captures(title.of(self.text)))?;
            Some(within(title.start, found.name("name")?.range()))
        });
        let in_text = || self.first("issuer_in_text", 1..self.count()).map(|(_, span)| span);
        in_title.or_else(in_text).map(|span| self.split(span)).unwrap_or_default()
    }

    fn signature(&self, date: Span<Normal>) -> Vec<Span<Normal>> {
        let Some(at) = (1..self.count()).find(|n| self.outline.nodes[*n].span.contains(&date)) else { return vec![] };
        let same_line = Span::new(self.outline.nodes[at].span.start, date.start);
        let before = (at.saturating_sub(5)..at).filter(|n| *n > 0).rev().map(|n| self.outline.nodes[n].span);
        let mut found: Vec<Span<Normal>> = Vec::new();
        for span in std::iter::once(same_line).chain(before) {
            let parts = self.split(span);
            let all = !parts.is_empty() && parts.iter().all(|part| self.matches("issuer", *part));
            if all {
                found.splice(0..0, parts);
            } else if !found.is_empty() {
                break;
            }
        }
        found
    }

    /// Several offices in one line, parted by spaces or 、.
    fn split(&self, span: Span<Normal>) -> Vec<Span<Normal>> {
        let words = span.of(self.text);
        let mut at = 0;
        let mut out = Vec::new();
        for part in words.split([' ', PAUSE]) {
            if !part.is_empty() {
                out.push(within(span.start, at..at + part.len()));
            }
            at += part.len() + if words[at + part.len()..].starts_with(PAUSE) { PAUSE.len_utf8() } else { 1 };
        }
        out
    }

    fn is_titled(&self) -> bool {
        let head = 1..self.count().min(HEAD + 1);
        head.clone().any(|n| self.is_title_line(n)) || self.first("title_in_text", head).is_some()
    }

    /// Whether the text has words enough of the genre; read as far as that takes.
    fn is_guideline(&self) -> bool {
        let rows = |class: &'static str| self.tables.documents.iter().filter(move |row| row.class == class);
        let words = |class, line: &'a str| rows(class).flat_map(|row| row.pattern.find_all(line)).map(|word| &line[word]);
        let (mut seen, mut phrases): (BTreeSet<&str>, BTreeSet<&str>) = Default::default();
        for line in self.text.split('\n') {
            seen.extend(words("genre", line));
            phrases.extend(words("genre_phrase", line));
            if seen.len() >= GENRE || phrases.len() >= PHRASES {
                return true;
            }
        }
        seen.len() >= TITLED && self.is_titled()
    }
}
