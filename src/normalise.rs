//! Stage 1: decoded text -> `Normalised`. Repairs what layout did (hard wraps, double spacing, full-width forms, page
//! furniture) and keeps a map back to every original offset. Folding is done here and nowhere else. Never loses a position.

mod points;
mod table;

use std::collections::BTreeMap;
use std::mem::{replace, take};
use std::ops::Range;
use std::str::Split;

use points::Points;
pub use table::Part;
use unicode_normalization::UnicodeNormalization;

use crate::sign::{
    CLOSE_QUOTE, CLOSE_TITLE, COMMA, DASH, ELLIPSIS, OPEN_QUOTE, OPEN_TITLE, PAUSE, STOP, ends_clause, is_han, without_brackets,
};
use crate::span::{Normal, Raw, Span, head};
use crate::table::{Line, Side, Tables, Way};

/// The repaired text: one paragraph a line, and the way back.
#[derive(Debug)]
pub struct Normalised {
    text: String,
    runs: Vec<Run>,
    source: Points,
    /// What belongs to the page and not to the text, in source order.
    pub furniture: Vec<Span<Raw>>,
    /// The paragraphs that a table gave, by where they begin.
    parts: BTreeMap<usize, Part>,
}

/// From byte `normal` on, characters stand one for one for those from code point `raw` on.
#[derive(Debug, Clone, Copy)]
struct Run {
    normal: usize,
    raw: usize,
    /// The characters are said again here, and belong to another place: the head of a column, in the line of a cell.
    borrowed: bool,
}

impl Normalised {
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Paragraphs, in order, without the line ends between them.
    pub fn paragraphs(&self) -> impl Iterator<Item = Span<Normal>> {
        let mut start = 0;
        memchr::memchr_iter(b'\n', self.text.as_bytes())
            .chain([self.text.len()])
            .map(move |end| Span::new(replace(&mut start, end + 1), end))
    }

    /// The source characters that `span` stands for, from the first to the last: without borrowed ones at its ends, unless it is
    /// nothing but borrowed.
    pub fn raw(&self, span: Span<Normal>) -> Span<Raw> {
        let runs = self.runs_of(span);
        let (first, last) = (runs.start, runs.end - 1);
        if first == last {
            let at = self.raw_at(first, span.start);
            return Span::new(at, at + span.of(&self.text).chars().count());
        }
        let own = |i: &usize| !self.runs[*i].borrowed;
        let (from, to) = runs.clone().find(own).zip(runs.clone().rfind(own)).unwrap_or((first, last));
        let (start, end) = (self.raw_at(from, span.start), self.raw_at(to, span.end));
        Span::new(start.min(end - 1), end.max(start + 1))
    }

    /// The runs that `span` has bytes of, or in which it stands. Most spans are short.
    fn runs_of(&self, span: Span<Normal>) -> Range<usize> {
        let first = self.runs.partition_point(|run| run.normal <= span.start).saturating_sub(1);
        let further = self.runs.iter().skip(first + 1).take_while(|run| run.normal < span.end);
        first..first + 1 + further.count()
    }

    /// Whether `span` says again what the source says elsewhere.
    pub fn is_borrowed(&self, span: Span<Normal>) -> bool {
        self.runs_of(span).all(|run| self.runs[run].borrowed)
    }

    /// The code point that byte `at` stands for, or the nearest one of this run.
    fn raw_at(&self, run: usize, at: usize) -> usize {
        let Some(Run { normal, raw, .. }) = self.runs.get(run).copied() else { return 0 };
        let end = self.runs.get(run + 1).map_or(self.text.len(), |next| next.normal);
        raw + self.text[normal..at.clamp(normal, end)].chars().count()
    }

    /// What the paragraph that begins at `start` is in a table.
    pub fn part(&self, start: usize) -> Option<&Part> {
        self.parts.get(&start)
    }

    /// The source between two offsets, verbatim.
    pub fn source(&self, span: Span<Raw>) -> &str {
        self.source.between(span.range())
    }

    /// The words of `span` as the source writes them (unfolded), without what the repair took out.
    pub fn words(&self, span: Span<Normal>) -> String {
        let mut out = String::with_capacity(span.end - span.start);
        let (mut start, mut last) = (span.start, None);
        for run in self.runs_of(span) {
            let end = self.runs.get(run + 1).map_or(span.end, |next| next.normal.min(span.end));
            let words = &self.text[start..end];
            let first = self.raw_at(run, start);
            let source = self.source.from(first);
            if last != Some(first) && source.starts_with(words) {
                out.push_str(words);
                // For what follows.
                last = if end < span.end { (first + words.chars().count()).checked_sub(1) } else { None };
            } else {
                let mut source = source.chars();
                let next = self.runs.get(run + 1).map(|next| next.raw);
                for (c, at) in words.chars().zip(first..) {
                    // What one character became stays that character: Ⅳ is no I.
                    let became_several = next == Some(at);
                    let is_folded = c == ' ' || c.is_ascii_alphanumeric();
                    let written = source.next().filter(|_| became_several || !is_folded).unwrap_or(c);
                    out.extend((last.replace(at) != Some(at)).then_some(written));
                }
            }
            start = end;
        }
        out
    }

    /// Number of code points of the source.
    pub fn raw_len(&self) -> usize {
        self.source.count()
    }
}

/// Stretches of a line are no longer, in bytes, by much: a place in one is found by counting from its start.
const RUN: usize = 1 << 12;

/// Folded characters, each with the code point it came from.
type Chars = Vec<(char, usize)>;

/// One source line, folded, or a line that a cell of a table makes.
#[derive(Clone, Default)]
struct SourceLine {
    text: String,
    /// The code points at which it begins and ends.
    raw: Range<usize>,
    /// Where each further stretch begins, in bytes, whose characters stand one for one for those from a code point on.
    runs: Vec<(usize, usize)>,
    /// Columns as printed, spaces included.
    width: usize,
    /// Blank lines before it.
    gap: usize,
    /// Some comma is the one of the keyboard.
    commas: bool,
    /// A page ends before it.
    page_break: bool,
    part: Option<Part>,
    /// How many characters at its start and at its end are borrowed.
    lead: usize,
    tail: usize,
}

impl SourceLine {
    /// A paragraph of its own.
    fn plain(chars: &[(char, usize)]) -> SourceLine {
        let mut line = SourceLine { gap: 1, width: columns(chars), ..SourceLine::default() };
        line.set(chars);
        line
    }

    /// As it was before words were added; the room for them stays.
    fn clear(&mut self) {
        self.text.clear();
        self.runs.clear();
        (self.width, self.commas) = (0, false);
    }

    fn set(&mut self, chars: &[(char, usize)]) {
        (self.text, self.runs) = (String::with_capacity(3 * chars.len()), vec![]);
        chars.iter().for_each(|(c, at)| self.add(c.encode_utf8(&mut [0; 4]), *at..at + 1));
    }

    /// Adds words that stand for these code points of the source.
    fn add(&mut self, words: &str, raw: Range<usize>) {
        let run = self.runs.last().map_or(0, |(byte, _)| *byte);
        if self.text.is_empty() {
            self.raw.start = raw.start;
        } else if self.raw.end != raw.start || self.text.len() - run >= RUN {
            self.runs.push((self.text.len(), raw.start));
        }
        self.text.push_str(words);
        self.raw.end = raw.end;
    }

    /// Adds a part of another line.
    fn copy(&mut self, line: &SourceLine, part: Range<usize>) {
        line.stretches(part).for_each(|(words, at)| self.add(words, at..at + words.chars().count()));
    }

    fn chars(&self) -> Chars {
        self.stretches(0..self.text.len()).flat_map(|(words, at)| words.chars().zip(at..)).collect()
    }

    /// The stretches of a part of it: their words, and the code point from which they stand for the source.
    fn stretches(&self, part: Range<usize>) -> impl Iterator<Item = (&str, usize)> {
        let first = self.runs.partition_point(|(byte, _)| *byte <= part.start);
        let stretches = (first..=self.runs.len()).map(move |i| {
            let (byte, at) = i.checked_sub(1).map_or((0, self.raw.start), |i| self.runs[i]);
            let end = self.runs.get(i).map_or(self.text.len(), |(byte, _)| *byte);
            let from = byte.max(part.start);
            (&self.text[from..end.min(part.end).max(from)], at + self.text[byte..from].chars().count())
        });
        stretches.take_while(|(words, _)| !words.is_empty())
    }
}

/// Repairs `text`. `tables` says what page furniture and the starts of paragraphs look like.
pub fn normalise(text: &str, tables: &'static Tables) -> Normalised {
    let mut furniture = Vec::new();
    let mut lines = Vec::with_capacity(memchr::memchr_iter(b'\n', text.as_bytes()).count() + 1);
    let (mut from, mut at) = (0, 0);
    for block in table::find(text) {
        lines_of(&text[from..block.bytes.start], at, &mut lines);
        (from, at) = (block.bytes.start, block.start);
        let above: Vec<String> = lines.iter().rev().take(2).map(|line: &SourceLine| line.text.clone()).collect();
        if let Some(rows) = table::read(&block, &above, tables, &mut furniture) {
            lines.extend(rows);
            (from, at) = (block.bytes.end, block.end);
        }
    }
    lines_of(&text[from..], at, &mut lines);
    let odd: Vec<bool> = lines.iter_mut().map(|line| remove_marks(line, tables, &mut furniture)).collect();
    remove_furniture(&mut lines, &odd, tables, &mut furniture);
    if lines.iter().any(is_flat) {
        lines = lines.into_iter().flat_map(|line| if is_flat(&line) { unflatten(&line, tables) } else { vec![line] }).collect();
    }
    rank_gaps(&mut lines);
    furniture.sort();
    let (source, repaired) = (Points::new(text), String::with_capacity(text.len()));
    let mut built = Normalised { text: repaired, runs: Vec::with_capacity(lines.len()), source, furniture, parts: BTreeMap::new() };
    join(&lines, tables, &mut built);
    built
}

/// Splits at line ends; folds; trims; drops blank lines but counts them. `text` begins at code point `at` of the source.
fn lines_of(text: &str, mut at: usize, out: &mut Vec<SourceLine>) {
    let (mut gap, mut page_break, mut rest, mut before, mut room) = (0, false, text, None, SourceLine::default());
    loop {
        let is_empty = rest.starts_with(is_line_end);
        if !is_empty {
            let (bytes, chars) = line_of(rest, at, &mut room);
            (rest, at) = (&rest[bytes..], at + chars);
            if room.text.is_empty() {
                gap += 1;
            } else {
                chinese_commas(&mut room);
                out.push(SourceLine { gap: take(&mut gap), page_break: take(&mut page_break), ..room.clone() });
            }
        }
        let mut behind = rest.chars();
        let end = behind.next();
        let inside_crlf = before == Some('\r') && end == Some('\n');
        gap += usize::from(is_empty && !inside_crlf);
        page_break |= end == Some('\u{c}');
        if end.is_none() {
            return;
        }
        (rest, at, before) = (behind.as_str(), at + 1, end);
    }
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Puts the line that `text` begins with, folded and trimmed, in the place of `line`. Tells how many bytes and characters of `text` it is.
/// `text` begins at code point `start` of the source.
fn line_of(text: &str, start: usize, line: &mut SourceLine) -> (usize, usize) {
    let (bytes, chars, is_apart) = fold_line(text, start, false, line);
    if is_apart {
        fold_line(text, start, true, line);
        *line = squeeze(line);
    }
    (bytes, chars)
}

/// Folds a line: without the spaces next to Chinese signs, unless it is to be `spaced`. Tells as well whether characters stand apart, of
/// which `squeeze` must see all spaces.
fn fold_line(text: &str, start: usize, spaced: bool, room: &mut SourceLine) -> (usize, usize, bool) {
    room.clear();
    let (mut rest, mut at, mut is_apart) = (text, start, false);
    // Spaces are weighed when a word follows them.
    let mut spaces = 0;
    let mut part = |room: &mut SourceLine, spaces: usize, right: Option<char>| {
        let (Some(left), Some(right)) = (room.text.chars().next_back(), right) else { return };
        is_apart |= is_han(left) && is_han(right);
        room.width += spaces;
        if spaced || is_latin(left) && is_latin(right) {
            room.add(" ", room.raw.end..room.raw.end + 1);
        }
    };
    let behind = loop {
        let (bytes, count) = staying(rest);
        let (stretch, behind) = rest.split_at(bytes);
        if count > 0 {
            if spaces > 0 {
                part(room, take(&mut spaces), stretch.chars().next());
            }
            // What stays has one byte and one column, or three and two.
            room.width += (bytes + count) / 2;
            room.add(stretch, at..at + count);
            at += count;
        }
        let Some(c) = behind.chars().next().filter(|c| !is_line_end(*c)) else { break behind };
        // A full-width form is as wide as it was written.
        let wide = if matches!(c, '\u{FF01}'..='\u{FF5E}') { 2 } else { 0 };
        fold(c, |c| match c {
            ' ' => spaces += usize::from(!room.text.is_empty()),
            c => {
                if spaces > 0 {
                    part(room, take(&mut spaces), Some(c));
                }
                room.commas |= c == ',';
                room.width += column(c).max(wide);
                room.add(c.encode_utf8(&mut [0; 4]), at..at + 1);
            }
        });
        (rest, at) = (&behind[c.len_utf8()..], at + 1);
    };
    (text.len() - behind.len(), at - start, is_apart)
}

/// How long the characters are that stay whatever follows their first byte; 0 where that does not tell. No folding changes them, and they
/// are neither a space nor a comma of the keyboard.
const STAYING: [u8; 256] = {
    let mut lengths = [0; 256];
    let mut byte = 0;
    while byte < lengths.len() {
        lengths[byte] = match byte as u8 {
            b'!'..=b'+' | b'-'..=b'~' => 1,
            0xE4..=0xE9 => 3,
            _ => 0,
        };
        byte += 1;
    }
    lengths
};

/// How many bytes and characters stay at the start of `text`, up to a stretch of them. Most characters tell by their first byte.
fn staying(text: &str) -> (usize, usize) {
    let (mut bytes, mut count) = (0, 0);
    let first = &text.as_bytes()[..text.len().min(RUN)];
    while let Some(byte) = first.get(bytes) {
        bytes += match STAYING[usize::from(*byte)] {
            0 => match first[bytes..] {
                // 、。〈…】, “”, ，
                [0xE3, 0x80, 0x81 | 0x82 | 0x88..=0x91, ..] | [0xE2, 0x80, 0x9C | 0x9D, ..] | [0xEF, 0xBC, 0x8C, ..] => 3,
                _ => break,
            },
            length => length.into(),
        };
        count += 1;
    }
    (bytes, count)
}

/// Compatibility forms to plain ones (NFKC, one character at a time); enclosed numerals, superscripts and the Chinese comma
/// stay, since they mean something of their own. White space of any kind is a space; private-use characters go.
fn fold(c: char, mut out: impl FnMut(char)) {
    match c {
        '\u{E000}'..='\u{F8FF}' | '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{AD}' => {}
        c if c.is_whitespace() => out(' '),
        '\u{2070}'..='\u{209F}'
        | '\u{B2}'
        | '\u{B3}'
        | '\u{B9}'
        | '\u{2460}'..='\u{24FF}'
        | '\u{2776}'..='\u{2793}'
        | '\u{3200}'..='\u{33FF}'
        | DASH
        | ELLIPSIS => out(c),
        c if c.is_ascii() => out(c),
        '\u{FF01}'..='\u{FF5E}' => out(char::from((c as u32 - 0xFEE0) as u8)),
        '\u{3014}' | '\u{FE5D}' => out('['),
        '\u{3015}' | '\u{FE5E}' => out(']'),
        '\u{2236}' => out(':'),
        c => std::iter::once(c).nfkc().for_each(out),
    }
}

/// No telephone number is shorter, with the code of its city.
const NUMBER: usize = 9;

/// Drops the spaces that only lay the line out: next to Chinese signs and between characters set apart. Two of these among other words
/// behind a colon, or before a telephone number, are a name (联系人：张　三　李小四) and stay apart from them; so are two in a list (王小五、李　娜，).
fn squeeze(line: &SourceLine) -> SourceLine {
    let mut out =
        SourceLine { text: String::with_capacity(line.text.len()), width: line.width, commas: line.commas, ..SourceLine::default() };
    let is_single = |word: &str| word.chars().nth(1).is_none() && word.starts_with(is_han);
    let (mut start, mut singles, mut colon, mut half) = (0, 0, false, false);
    let mut words = line.text.split(' ');
    while let Some(word) = words.next() {
        let from = start;
        start += word.len() + 1;
        let Some(right) = word.chars().next() else { continue };
        let (left, single) = (out.text.chars().next_back(), word.chars().nth(1).is_none());
        let behind_colon = word.rsplit(':').next().is_some_and(is_single);
        let before = singles;
        singles = if single || behind_colon { before + 1 } else { 0 };
        let is_pair = |mut ahead: Split<'_, char>| ahead.next().is_some_and(is_single) && !ahead.next().is_some_and(is_single);
        let is_name = || if single { before == 0 && is_pair(words.clone()) } else { before == 2 };
        let ends_name = half && word.chars().nth(1).is_some_and(|next| !next.is_alphanumeric());
        let is_number = |word: &str| word.len() >= NUMBER && word.starts_with(|c: char| c.is_ascii_digit() || c == '(');
        let calls = || single && words.clone().nth(1).is_some_and(is_number);
        let apart = |left| is_han(left) && is_han(right) && !ends_name && (before == 0 && !single || (colon || calls()) && is_name());
        if left.is_some_and(|left| apart(left) || is_latin(left) && is_latin(right)) {
            out.add(" ", out.raw.end..out.raw.end + 1);
        }
        colon |= word.contains(':');
        half = !single && word.rsplit(PAUSE).next().is_some_and(is_single);
        out.copy(line, from..from + word.len());
    }
    out
}

/// An ASCII comma beside a Chinese character is the Chinese one, typed with the wrong keyboard.
fn chinese_commas(line: &mut SourceLine) {
    let is_before = |c: char| is_han(c) || matches!(c, ')' | '%' | CLOSE_QUOTE | CLOSE_TITLE);
    let is_chinese = |at| line.text[..at].ends_with(is_before) || line.text[at + 1..].starts_with(is_han);
    if line.commas && memchr::memchr_iter(b',', line.text.as_bytes()).any(is_chinese) {
        let mut chars = line.chars();
        for i in 0..chars.len() {
            let behind = i > 0 && is_before(chars[i - 1].0);
            if chars[i].0 == ',' && (behind || chars.get(i + 1).is_some_and(|(next, _)| is_han(*next))) {
                chars[i].0 = COMMA;
            }
        }
        line.set(&chars);
    }
}

/// Letters, digits and signs of running Latin text.
fn is_latin(c: char) -> bool {
    c.is_ascii_graphic() || c < '\u{2E80}' && c.is_alphanumeric()
}

/// Takes marks such as `[bookmark: …]` out of a line. What is left may be a mark again. Tells whether it may be furniture.
fn remove_marks(line: &mut SourceLine, tables: &Tables, furniture: &mut Vec<Span<Raw>>) -> bool {
    const DEEP: usize = 64;
    if line.part.is_some() || line.text.is_empty() || !tables.furniture.any_near(&line.text) {
        return false;
    }
    for rule in tables.furniture.iter().filter(|row| row.class == "mark") {
        for _ in 0..DEEP {
            let marks = marks(&line.text, rule);
            if marks.is_empty() {
                break;
            }
            let mut chars = line.chars();
            furniture.extend(marks.iter().map(|mark| Span::new(chars[mark.start].1, chars[mark.end - 1].1 + 1)));
            let inside = |i: usize| marks.get(marks.partition_point(|mark| mark.end <= i)).is_some_and(|mark| mark.start <= i);
            let mut i = 0..;
            chars.retain(|_| !i.next().is_some_and(inside));
            line.set(&chars);
        }
    }
    true
}

/// Where the marks of a text stand among its characters.
fn marks(text: &str, rule: &Line) -> Vec<Range<usize>> {
    if !rule.pattern.is_match_at(text, 0) {
        return vec![];
    }
    let found: Vec<Range<usize>> = rule.pattern.find_all(text).into_iter().filter(|found| !found.is_empty()).collect();
    let starts: Vec<usize> = text.char_indices().map(|(byte, _)| byte).collect();
    let at = |byte: usize| starts.partition_point(|start| *start < byte);
    found.into_iter().map(|found| at(found.start)..at(found.end)).collect()
}

/// Takes out lines that belong to the page: page numbers, running heads, link targets that a PDF prints in the margin.
/// `odd` are those that may.
fn remove_furniture(lines: &mut Vec<SourceLine>, odd: &[bool], tables: &Tables, furniture: &mut Vec<Span<Raw>>) {
    let heads = running_heads(lines);
    let on_page = |i: usize| {
        let text = lines[i].text.as_str();
        lines[i].part.is_none()
            && (heads.contains_key(text)
                || odd[i]
                    && tables.furniture.iter().any(|row| match row.class.as_str() {
                        "line" => row.is_match(text),
                        // The target of a link that a sentence names is text.
                        "link" => {
                            let named = lines[..i].last().is_some_and(|before| leads_on(&before.text) && !row.is_match(&before.text));
                            row.is_match(text) && !named
                        }
                        "page_number" => row.is_match(text) && lonely(lines, i, row),
                        _ => false,
                    }))
    };
    let drop: Vec<bool> = (0..lines.len()).map(on_page).collect();
    let (mut drop, mut broken) = (drop.into_iter(), false);
    lines.retain_mut(|line| {
        line.page_break |= broken;
        broken = drop.next().unwrap_or(false);
        furniture.extend(broken.then(|| Span::new(line.raw.start, line.raw.end)));
        !broken
    });
}

fn leads_on(text: &str) -> bool {
    text.ends_with(':') || unfinished(text)
}

/// A bare number is a page number where no other bare number is near: lists and table columns have several.
fn lonely(lines: &[SourceLine], i: usize, row: &Line) -> bool {
    let near = i.saturating_sub(8)..(i + 9).min(lines.len());
    near.filter(|j| *j != i).all(|j| !row.is_match(&lines[j].text))
}

/// Lines that stand three times or more next to the end of a page.
fn running_heads(lines: &[SourceLine]) -> BTreeMap<&str, usize> {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, line) in lines.iter().enumerate() {
        let at_edge = line.page_break || lines.get(i + 1).is_some_and(|next| next.page_break);
        if at_edge && line.text.chars().count() <= 40 {
            *count.entry(&line.text).or_default() += 1;
        }
    }
    count.retain(|_, n| *n >= 3);
    count
}

/// A line far longer than a page is wide: ends of paragraphs were lost.
fn is_flat(line: &SourceLine) -> bool {
    const LONG: usize = 600;
    line.text.len() >= LONG && line.part.is_none() && line.text.chars().count() >= LONG
}

/// Cuts a line of several paragraphs at the spaces left of them, before ordinals that follow the end of a sentence, and before one in
/// brackets that follows a heading.
fn unflatten(line: &SourceLine, tables: &Tables) -> Vec<SourceLine> {
    let text = line.text.as_str();
    let (mut before, mut cuts) = (None, vec![0]);
    for (at, c) in text.char_indices() {
        let part = || text[cuts[cuts.len() - 1]..at].trim_start_matches(' ');
        let han_space = c == ' ' && before.is_some_and(is_han_text);
        let ends = |c: char| matches!(c, STOP | ';' | ')' | ']' | ':' | CLOSE_QUOTE);
        let ended = || before.is_some_and(ends) || c == '(' && is_heading(part(), tables);
        if han_space || ended() && starts_paragraph(&text[at..], tables) {
            cuts.push(at);
        }
        before = Some(c);
    }
    cuts.push(text.len());
    let part = |cut: &[usize]| {
        let words = text[cut[0]..cut[1]].trim_start_matches(' ');
        let mut part = SourceLine { gap: 1, width: words.chars().map(column).sum(), ..SourceLine::default() };
        part.copy(line, cut[1] - words.len()..cut[1]);
        (!words.is_empty()).then_some(part)
    };
    cuts.windows(2).filter_map(part).collect()
}

fn is_han_text(c: char) -> bool {
    is_han(c) || ('\u{3000}'..='\u{303F}').contains(&c) || matches!(c, COMMA | ')' | ']' | ':' | ';' | CLOSE_QUOTE)
}

fn starts_paragraph(text: &str, tables: &Tables) -> bool {
    let head = head(text, 24);
    tables.ordinals.first(head).is_some()
}

/// How the lines of the document are laid out.
struct Layout {
    /// Columns of a full line; `None` where lines are not wrapped by hand.
    width: Option<usize>,
    /// Blank lines between the lines of one paragraph.
    spacing: usize,
}

/// Joins the lines of a paragraph, and writes paragraphs with their map.
fn join(lines: &[SourceLine], tables: &Tables, out: &mut Normalised) {
    let layouts = layouts(lines);
    let mut open = 0;
    for (i, line) in lines.iter().enumerate() {
        if i > 0 {
            let layout = &layouts[layouts.partition_point(|(start, _)| *start < i) - 1].1;
            let full = layout.width.is_some_and(|w| (lines[i - 1].width + unbreakable(&line.text)) * 100 >= w * 85);
            let in_table = line.part.is_some() || lines[i - 1].part.is_some();
            let open_text = &out.text[open..];
            if !in_table && continues(open_text, line, full, layout, tables) {
                if spaced(open_text, &line.text) {
                    out.text.push(' ');
                }
            } else {
                out.text.push('\n');
                open = out.text.len();
            }
        }
        append(line, out);
    }
}

/// What counts is which gaps are wider, not how wide they are: a text with all its blank lines doubled is the same text.
fn rank_gaps(lines: &mut [SourceLine]) {
    let mut widths: Vec<usize> = lines.iter().skip(1).filter(|line| line.part.is_none()).map(|line| line.gap).collect();
    // Most lines have the gap of the one before.
    widths.dedup();
    widths.sort_unstable();
    widths.dedup();
    for line in lines.iter_mut().filter(|line| line.part.is_none()) {
        line.gap = widths.partition_point(|width| *width < line.gap);
    }
}

/// Columns of the word in Latin letters or digits that opens a line: where it did not fit, the line before it ends early.
fn unbreakable(text: &str) -> usize {
    text.chars().take_while(|c| is_latin(*c)).count()
}

fn append(line: &SourceLine, out: &mut Normalised) {
    out.parts.extend(line.part.clone().map(|part| (out.text.len(), part)));
    let tail = line.text.chars().rev().take(line.tail).map(char::len_utf8).sum::<usize>();
    let own = head(&line.text, line.lead).len()..line.text.len() - tail;
    let parts = [(0..own.start, true), (own.clone(), false), (own.end..line.text.len(), true)];
    for (part, borrowed) in parts.into_iter().filter(|(part, _)| !part.is_empty()) {
        for (words, raw) in line.stretches(part) {
            out.runs.push(Run { normal: out.text.len(), raw, borrowed });
            out.text.push_str(words);
        }
    }
}

/// No line that is wrapped by hand has more columns.
const WIDEST: usize = 130;
/// Fewer lines do not show how they are laid out.
const STRETCH: usize = 24;
/// How far a full line may be from the widest, in columns, where it is told from a line of about that length.
const RAGGED: usize = 4;

/// The layouts, each with the line behind which it begins: one, or where long lines show that not all of the text is wrapped by hand, one for
/// each stretch between them that is (a notice from a page with its annex from a PDF).
fn layouts(lines: &[SourceLine]) -> Vec<(usize, Layout)> {
    let whole = layout(lines);
    let (spacing, is_wrapped) = (whole.spacing, whole.width.is_some());
    let mut layouts = vec![(0, whole)];
    let mut start = 0;
    for stretch in lines.split_inclusive(|line| line.width > WIDEST).filter(|_| !is_wrapped) {
        if let Some(width) = wrapped_at(stretch) {
            let last = start + stretch.iter().take_while(|line| line.width <= WIDEST).count() - 1;
            layouts.push((start, Layout { width: Some(width), spacing }));
            layouts.push((last, Layout { width: None, spacing }));
        }
        start += stretch.len();
    }
    layouts
}

/// The columns of a full line, where many lines are as long as the widest and go on in the next.
fn wrapped_at(stretch: &[SourceLine]) -> Option<usize> {
    let lines: Vec<&SourceLine> = stretch.iter().filter(|line| line.part.is_none() && (16..=WIDEST).contains(&line.width)).collect();
    let mut widths: Vec<usize> = lines.iter().map(|line| line.width).collect();
    if lines.len() < STRETCH {
        return None;
    }
    let wide = *widths.select_nth_unstable(lines.len() * 9 / 10).1;
    let full: Vec<_> = lines.iter().filter(|line| line.width.abs_diff(wide) <= RAGGED).collect();
    let goes_on = full.iter().filter(|line| !line.text.ends_with([STOP, ';', ':'])).count();
    (full.len() * 100 >= lines.len() * 25 && goes_on * 100 >= full.len() * 70).then_some(wide)
}

fn layout(lines: &[SourceLine]) -> Layout {
    let lines = || lines.iter().filter(|line| line.part.is_none());
    let mut widths: Vec<usize> = lines().map(|l| l.width).filter(|w| *w >= 16).collect();
    let singles = lines().filter(|l| l.gap == 1).count();
    let spacing = usize::from(singles * 10 > lines().count() * 6);
    let middle = widths.len() * 3 / 4;
    if widths.is_empty() {
        return Layout { width: None, spacing };
    }
    let wide = *widths.select_nth_unstable(middle).1;
    let full = widths.iter().filter(|w| **w * 100 >= wide * 85 && **w * 100 <= wide * 115).count();
    // Of lines that are wrapped by hand, hardly one is longer than a full one.
    let longer = widths.iter().filter(|w| **w * 100 > wide * 115).count();
    let wrapped = wide <= WIDEST && full * 100 >= widths.len() * 35 && longer * 20 <= widths.len();
    Layout { width: wrapped.then_some(wide), spacing }
}

fn columns(chars: &[(char, usize)]) -> usize {
    chars.iter().map(|(c, _)| column(*c)).sum()
}

fn column(c: char) -> usize {
    if is_latin(c) || c == ' ' { 1 } else { 2 }
}

/// So few characters are no paragraph: a heading in large letters wraps before its line looks full.
const ORPHAN: usize = 2;

/// Whether `line` goes on with the paragraph whose text so far is `open` and whose last line is `full` or not.
fn continues(open: &str, line: &SourceLine, full: bool, layout: &Layout, tables: &Tables) -> bool {
    let next = line.text.as_str();
    let ended = open.ends_with([STOP, ';', ':', '!', '?']);
    if line.gap > layout.spacing && !line.page_break && (ended || !full || is_title(open, tables)) && !unfinished(open) {
        return false;
    }
    let orphan = || next.chars().nth(ORPHAN).is_none() && next.chars().all(is_han) && !ended && open.chars().nth(10 * ORPHAN).is_some();
    let goes_on = if full || line.gap == 0 && orphan() {
        let may_end = || ended || ends_contact(open) || is_heading(open, tables);
        let label = memchr::memchr(b':', next.as_bytes()).map(|colon| &next[..colon]).filter(|_| may_end());
        !label.is_some_and(|label| is_label(label, tables)) && !is_whole_heading(open, tables)
    } else {
        (layout.width.is_some() || line.gap == 0) && unfinished(open)
    };
    // A list of whom to ask has a number at the end of each line.
    let asks = || ends_contact(open) && ends_contact(next);
    let begins = || starts_paragraph(next, tables) || is_signature(next, tables) || is_number(next, tables) || asks();
    goes_on && (!begins() || inside_bracket(open) || !ended && awaits_number(open, tables))
}

/// A telephone number has so many digits.
const PHONE: usize = 7;

/// The text ends with an address or a telephone number: behind it a label begins what one may ask next.
fn ends_contact(text: &str) -> bool {
    let token = &text[text.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '@' | '.' | '_')).len()..];
    let is_phone = || token.len() >= PHONE && token.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    token.contains('@') || is_phone()
}

/// The text cannot end here: after a comma, or with a bracket or quotation open.
fn unfinished(text: &str) -> bool {
    text.ends_with([COMMA, PAUSE, OPEN_TITLE, '(', OPEN_QUOTE, DASH, '/']) || inside_bracket(text)
}

/// More brackets open than closed in the last 200 characters.
fn inside_bracket(text: &str) -> bool {
    if text.ends_with(STOP) {
        return false;
    }
    let mut depths = [0i32; 3];
    text.chars().rev().take(200).any(|c| {
        let (kind, step) = match c {
            '(' => (0, -1),
            ')' => (0, 1),
            OPEN_TITLE => (1, -1),
            CLOSE_TITLE => (1, 1),
            OPEN_QUOTE => (2, -1),
            CLOSE_QUOTE => (2, 1),
            _ => return false,
        };
        depths[kind] += step;
        depths[kind] < 0
    })
}

/// The last words bind an amount that is still to come: what looks like an ordinal is a number.
fn awaits_number(text: &str, tables: &Tables) -> bool {
    tables.lexicon.bounds.iter().any(|bound| bound.side == Side::Before && bound.way != Way::InPrinciple && text.ends_with(&bound.word))
}

/// A line that ends as the title of a document does.
fn is_title(text: &str, tables: &Tables) -> bool {
    tables.documents.iter().any(|row| row.class == "title" && row.is_match(text))
}

/// The number of the document, alone.
fn is_number(text: &str, tables: &Tables) -> bool {
    text.contains('[') && tables.documents.iter().any(|row| row.class == "number" && row.is_match(text))
}

/// One or several offices and nothing else: the signature under a document.
fn is_signature(text: &str, tables: &Tables) -> bool {
    let is_issuer = |part: &str| tables.documents.iter().any(|row| row.class == "issuer" && row.is_match(part));
    !text.contains(ends_clause) && text.chars().nth(5).is_some() && text.split(' ').all(is_issuer)
}

/// The longest label of which nothing is known, in characters.
const LABEL: usize = 12;

/// The longest heading, in bytes.
const HEADING: usize = 300;

/// An ordinal and words that are no sentence.
fn is_heading(text: &str, tables: &Tables) -> bool {
    text.len() <= HEADING && starts_paragraph(text, tables) && !without_brackets(text).contains([COMMA, STOP, ';', ':'])
}

/// A heading whose serial number in brackets ends it.
fn is_whole_heading(text: &str, tables: &Tables) -> bool {
    text.ends_with(')') && is_heading(text, tables) && tables.strips.iter().any(|row| row.class == "note" && row.is_match(text))
}

/// Whether the words before a colon are a label: short ones, or those of a known one.
fn is_label(words: &str, tables: &Tables) -> bool {
    let is_short = words.chars().nth(LABEL).is_none() && words.chars().all(|c| is_han(c) || matches!(c, PAUSE | '/' | '(' | ')'));
    is_short || tables.attributes.first(words).is_some()
}

/// A space belongs between Latin words, but not in an address or a number that the line end cut in two.
fn spaced(left: &str, right: &str) -> bool {
    let (Some(l), Some(r)) = (left.chars().next_back(), right.chars().next()) else { return false };
    if !is_latin(l) || !is_latin(r) || l.is_ascii_punctuation() && l != ',' && l != '.' || (l.is_ascii_digit() && r.is_ascii_digit()) {
        return false;
    }
    let is_decimal = r.is_ascii_digit() && left.strip_suffix('.').is_some_and(|left| left.ends_with(|c: char| c.is_ascii_digit()));
    let token = |c: char| is_latin(c);
    let left_token = &left[left.char_indices().rev().take_while(|(_, c)| token(*c)).last().map_or(left.len(), |(i, _)| i)..];
    let right_token = &right[..right.char_indices().find(|(_, c)| !token(*c)).map_or(right.len(), |(i, _)| i)];
    let address = |t: &str| t.contains('@') || t.contains("://");
    let letters = left_token.chars().rev().take_while(|c| c.is_alphabetic()).count();
    let cut_letter = letters == 1 && r.is_lowercase();
    let cut_scheme = right_token.contains("://") && letters > 0 && l.is_lowercase() && r.is_lowercase();
    !(is_decimal || address(left_token) || cut_letter || cut_scheme || right_token.contains('@') && !left_token.ends_with([',', '.']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_needs_no_folding_and_tells_its_width_by_its_length() {
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            if staying(&text) != (0, 0) {
                assert_eq!(staying(&text), (text.len(), 1));
                assert!(c == COMMA || std::iter::once(c).nfkc().eq([c]), "{c:?}");
                assert_eq!((column(c), matches!(c, ' ' | ',')), (text.len().div_ceil(2), false), "{c:?}");
            }
        }
    }

    #[test]
    fn a_line_end_behind_a_decimal_point_parts_nothing() {
        assert!(!spaced("0.", "06K/W") && !spaced("20", "26"));
        assert!(spaced("No.", "6") && spaced("end.", "Then"));
    }

    /// Else a place in a long line is found in a time that grows with it, and all of them with its square.
    #[test]
    fn the_stretches_of_a_line_are_short() {
        for words in ["\u{56FD}\u{5BB6}", "\u{56FD} \u{5BB6}\u{5BB6} ", "a b"] {
            let mut line = SourceLine::default();
            line_of(&words.repeat(4 * RUN), 7, &mut line);
            let stretches: Vec<(&str, usize)> = line.stretches(0..line.text.len()).collect();
            assert!(stretches.len() > 1 && stretches.iter().all(|(words, _)| words.len() <= 2 * RUN));
            assert!(words.contains(' ') || stretches.windows(2).all(|two| two[0].1 + two[0].0.chars().count() == two[1].1));
        }
    }
}
