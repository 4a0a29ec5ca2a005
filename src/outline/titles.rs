//! Where a text names its programmes. In: `Outline`. Out: every place that bears the title of one.

use std::collections::BTreeMap;
use std::mem::replace;

use super::{Node, Outline};
use crate::sign::{CLOSE_QUOTE, CLOSE_TITLE, OPEN_QUOTE, is_han};
use crate::span::{Normal, Span, before};
use crate::table::{List, Tables, UnitKind};

/// Titles of fewer characters are ordinary words.
pub const TITLE: usize = 4;
/// The end of a title by which it is called has so many; of more programmes ends tell none.
const END: usize = 6;
const MANY: usize = 24;
/// What stands before the programmes is no longer, in bytes.
const INTRO: usize = 1 << 16;
/// Numbers of fewer characters have no word in them.
const NUMBER: usize = 3;
/// A short form has so many characters.
const SHORT: usize = 2;
const LONGEST_SHORT: usize = 16;
/// No text has more of them.
const SHORT_FORMS: usize = 64;
/// The words that open one, from the bracket on, are no longer, in bytes.
const OPENS_SHORT: usize = 12;
/// So many kinds of first characters are told apart before titles are looked up.
const FIRSTS: usize = 1 << 12;

/// The titles of programmes, and every place of the text that bears one.
pub struct Titles<'a> {
    /// Each title with the nodes that bear it, in text order.
    titles: Vec<(&'a str, Vec<usize>)>,
    /// The places by where they begin, the longer first; the number is that of the title.
    pub named: Vec<(Span<Normal>, usize)>,
}

impl<'a> Titles<'a> {
    pub fn of(outline: &Outline, text: &'a str, tables: &Tables) -> Titles<'a> {
        let mut nodes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut of_kind: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let is_project = |words: &&str| tables.programmes.iter().any(|row| row.class == "project" && row.is_match(words));
        for (node, n) in outline.nodes.iter().enumerate().filter(|(_, n)| n.programme) {
            let title = n.title.map(|title| title.of(text)).filter(|title| title.chars().count() >= TITLE);
            let number = n.marker.as_ref().map(|marker| marker.number.of(text).trim());
            let number = number.filter(|number| is_name(number) || is_kind(number) || is_code(number) || is_dotted(number));
            let (bare, kind) = title.and_then(without_bracket).unzip();
            kind.filter(is_project).into_iter().for_each(|kind| of_kind.entry(kind).or_default().push(node));
            let (bare, kind) = (bare.filter(|bare| bare.chars().count() >= TITLE), kind.filter(|kind| is_kind(kind)));
            [title, bare, kind, number].into_iter().flatten().for_each(|title| nodes.entry(title).or_default().push(node));
        }
        // The kind of a project, in the brackets behind its title, names it where it is the only one of that kind.
        for (kind, of_kind) in of_kind.into_iter().filter(|(_, of_kind)| of_kind.len() == 1) {
            nodes.entry(kind).or_insert(of_kind);
        }
        for (short, node) in &outline.short_names {
            nodes.entry(short.of(text)).or_insert_with(|| vec![*node]);
        }
        for (title, short) in short_forms(text, tables) {
            let named = nodes.iter().filter(|(name, _)| title.ends_with(**name)).max_by_key(|(name, _)| name.len());
            if let Some(nodes_of) = named.map(|(_, nodes)| nodes.clone()) {
                nodes.entry(short).or_insert(nodes_of);
            }
        }
        let titles: Vec<(&str, Vec<usize>)> = nodes.into_iter().collect();
        let mut named = places(&titles, text);
        let words = tables.lexicon.list(List::Numbered);
        let is_called = |at: usize| words.iter().any(|word| text[..at].trim_end().ends_with(word.as_str()));
        // Three of them, and not the third: 榜单3项.
        let counts = |at: usize| {
            let units = tables.lexicon.units.iter().filter(|unit| unit.kind == UnitKind::Quantity);
            let mut behind = units.filter_map(|unit| text[at..].strip_prefix(unit.word.as_str()));
            behind.any(|rest| !rest.starts_with(is_han))
        };
        named.retain(|(span, title)| match titles[*title].0 {
            name if is_dotted(name) => is_called(span.start),
            name if name.ends_with(|c: char| c.is_ascii_digit()) => !counts(span.end),
            _ => true,
        });
        Titles { titles, named }
    }

    /// The nodes that bear the title of this number.
    pub fn nodes(&self, title: usize) -> &[usize] {
        &self.titles[title].1
    }

    /// The places that bear a title of at least `least` characters, none reaching into another: the first, and there the longest.
    pub fn apart(&self, least: usize) -> Vec<Span<Normal>> {
        let is_long: Vec<bool> = self.titles.iter().map(|(title, _)| title.chars().count() >= least).collect();
        let mut out: Vec<Span<Normal>> = Vec::new();
        for (span, _) in self.named.iter().filter(|(_, title)| is_long[*title]) {
            if out.last().is_none_or(|last| last.end <= span.start) {
                out.push(*span);
            }
        }
        out
    }
}

/// Programmes by the end of their titles, where it is that of one alone, a piece of the text elsewhere opens with it, and nothing before the
/// first programme has it: of 国际科技合作联合研发项目 the end in 联合研发项目负责人须….
pub fn short_names(outline: &Outline, text: &str, tables: &Tables) -> Vec<(Span<Normal>, usize)> {
    let called = tables.lexicon.list(List::Called);
    let programmes = || outline.nodes.iter().enumerate().filter(|(_, node)| node.programme);
    let titles: Vec<(&str, usize)> = programmes().filter_map(|(i, node)| Some((node.title?.of(text), i))).collect();
    let Some((_, first)) = programmes().next().filter(|_| titles.len() <= MANY) else { return vec![] };
    let is_long = |(end, _): &(&str, usize)| end.chars().nth(END - 1).is_some();
    let is_called = |(title, _): &&(&str, usize)| called.closing(title).next().is_some();
    let mut ends: Vec<(&str, usize)> = titles
        .iter()
        .filter(is_called)
        .flat_map(|(title, of)| title.char_indices().skip(1).map(|(at, _)| (&title[at..], *of)).take_while(is_long))
        .collect();
    ends.sort_unstable();
    let opening = |(i, node): (usize, &Node)| {
        let piece = node.title.unwrap_or(node.body);
        let words = piece.of(text);
        let behind = ends[..ends.partition_point(|(end, _)| *end <= words)].iter().rev();
        let mut alike = behind.take_while(|(end, _)| end.chars().next() == words.chars().next());
        let (end, of) = *alike.find(|(end, _)| words.starts_with(end))?;
        (!outline.chain(i).any(|n| n == of)).then(|| (Span::new(piece.start, piece.start + end.len()), of))
    };
    let others = outline.nodes.iter().enumerate().skip(1).filter(|(_, node)| !node.programme);
    let mut short: Vec<(Span<Normal>, usize)> = others.filter_map(opening).collect();
    short.sort_unstable_by_key(|(end, _)| end.of(text));
    short.dedup_by_key(|(end, _)| end.of(text));
    let intro = &text[before(text, first.span.start, INTRO)..first.span.start];
    let is_of_one = |end: &str| titles.iter().filter(|(title, _)| title.contains(end)).nth(1).is_none();
    short.retain(|(end, _)| is_of_one(end.of(text)) && !intro.contains(end.of(text)));
    short
}

/// What a text says, in brackets, that it calls something in short: what stands before, and the short form.
fn short_forms<'a>(text: &'a str, tables: &Tables) -> Vec<(&'a str, &'a str)> {
    let short = |(at, word): (usize, &String)| {
        let from = before(text, at, OPENS_SHORT);
        let title = text[..from + text[from..at].rfind('(')?].trim_end_matches([CLOSE_QUOTE, CLOSE_TITLE]);
        let behind = &text[at + word.len()..];
        let close = if word.ends_with(OPEN_QUOTE) { CLOSE_QUOTE } else { ')' };
        let short = behind[..behind.floor_char_boundary(4 * LONGEST_SHORT)].split_once(close)?.0;
        Some((title, short)).filter(|(_, short)| !short.starts_with(OPEN_QUOTE))
    };
    let words = tables.lexicon.list(List::InShort).iter();
    let places = words.flat_map(|word| memchr::memmem::find_iter(text.as_bytes(), word).map(move |at| (at, word)));
    // A form that opens with a number is of several.
    let of_several =
        |short: &str| short.chars().next().is_some_and(|c| tables.lexicon.numerals.parse(c.encode_utf8(&mut [0; 4])).is_some());
    let fits = |(_, short): &(&str, &str)| (SHORT..=LONGEST_SHORT).contains(&short.chars().count()) && !of_several(short);
    places.filter_map(short).filter(fits).take(SHORT_FORMS).collect()
}

/// A number by which a text calls a programme: a word and a number, with no sign after it.
fn is_name(number: &str) -> bool {
    number.chars().count() >= NUMBER && number.starts_with(is_han) && number.ends_with(char::is_alphanumeric)
}

/// A letter and a word, by which a text calls a programme that it numbers so, or that has it in brackets behind its title.
fn is_kind(words: &str) -> bool {
    let mut chars = words.chars();
    chars.next().is_some_and(|c| c.is_ascii_uppercase()) && chars.next().is_some_and(is_han) && chars.next().is_none()
}

/// A letter and a number behind a dash.
fn is_code(number: &str) -> bool {
    let number = number.strip_prefix(|c: char| c.is_ascii_uppercase()).and_then(|rest| rest.strip_prefix('-'));
    number.is_some_and(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()))
}

/// A title before the brackets that end it, and what stands in them.
pub fn without_bracket(title: &str) -> Option<(&str, &str)> {
    title.strip_suffix(')')?.rsplit_once('(')
}

/// A number of two parts, which names a programme behind a word such as direction.
fn is_dotted(number: &str) -> bool {
    number.contains('.') && number.split('.').all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()))
}

/// The titles are in order, so those with which a text begins are the last one that is not behind it, where that is one, and titles
/// with which that one begins.
fn places(titles: &[(&str, Vec<usize>)], text: &str) -> Vec<(Span<Normal>, usize)> {
    let mut within: Vec<Option<usize>> = Vec::with_capacity(titles.len());
    // Few places pass a look at two characters, of which every title has as many.
    let (mut may_begin, mut may_follow) = ([false; FIRSTS], [false; FIRSTS]);
    let second = |behind| first(behind).map_or(0, |(kind, _)| kind);
    for (i, (title, _)) in titles.iter().enumerate() {
        let mut longest = i.checked_sub(1);
        while let Some(other) = longest.filter(|other| !title.starts_with(titles[*other].0)) {
            longest = within[other];
        }
        within.push(longest);
        if let Some((kind, behind)) = first(title.as_bytes()) {
            (may_begin[kind], may_follow[second(behind)]) = (true, true);
        }
    }
    let (mut out, mut left) = (Vec::new(), text.as_bytes());
    while let Some((kind, behind)) = first(left) {
        let at = text.len() - replace(&mut left, behind).len();
        if !may_begin[kind] || !may_follow[second(behind)] || !text.is_char_boundary(at) {
            continue;
        }
        let rest = &text[at..];
        let mut title = titles.partition_point(|(title, _)| *title <= rest).checked_sub(1);
        while let Some(i) = title {
            let goes_on = |end: usize| rest[..end].ends_with(char::is_numeric) && rest[end..].starts_with(char::is_numeric);
            if rest.starts_with(titles[i].0) && !goes_on(titles[i].0.len()) {
                out.push((Span::new(at, at + titles[i].0.len()), i));
            }
            title = within[i];
        }
    }
    out
}

/// The kind of the first character of a text, where it has three bytes, else of its first byte, and what stands behind.
fn first(text: &[u8]) -> Option<(usize, &[u8])> {
    match text {
        [0xE0..=0xEF, one, two, behind @ ..] => Some((usize::from(one & 0x3F) << 6 | usize::from(two & 0x3F), behind)),
        [one, behind @ ..] => Some((usize::from(*one), behind)),
        [] => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_title_is_found_wherever_it_stands() {
        let mut titles = ["国际合作", "国际合作项目", "国际合作项目一", "国际项目", "合作项目", "项目一览"].map(|title| (title, vec![]));
        titles.sort();
        let text = "国际国际合作项目一览，合作项目国际合作，国际项目。";
        let all = text.char_indices().flat_map(|(at, _)| {
            let here = titles.iter().enumerate().rev().filter(move |(_, (title, _))| text[at..].starts_with(title));
            here.map(move |(i, (title, _))| (Span::new(at, at + title.len()), i))
        });
        assert_eq!(places(&titles, text), all.collect::<Vec<_>>());
    }
}
