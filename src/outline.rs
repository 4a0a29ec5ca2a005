//! Stage 3: the tree of headings, items, labelled lines and paragraphs. In: `Segmented`. Out: `Outline`, pieces in text order,
//! each with its parent. Never fails, never reorders text: what it cannot place hangs under the section before it.

mod programmes;
mod rows;
mod titles;

use std::borrow::Cow;
use std::ops::Range;

pub use rows::BEGINNING;
pub use titles::{Titles, without_bracket};

use crate::segment::Segmented;
use crate::sign::{CLOSE_HEADING, COMMA, ELLIPSIS, PAUSE, STOP, is_han};
use crate::span::{Normal, Span, head, within};
use crate::table::{Line, List, Tables};
use crate::value::Numerals;

/// The tree. Node 0 is the document itself; parents stand before their children.
#[derive(Debug)]
pub struct Outline {
    pub nodes: Vec<Node>,
    /// Ends of titles by which the text calls programmes, as it writes them, each with its programme.
    pub short_names: Vec<(Span<Normal>, usize)>,
}

/// A piece of text: a paragraph, or the part of one that a label opens.
#[derive(Debug, Clone)]
pub struct Node {
    pub parent: usize,
    /// All of the piece: ordinal, title and what follows in the same paragraph.
    pub span: Span<Normal>,
    pub marker: Option<Marker>,
    /// The words of a heading or label, without ordinal, label and closing punctuation.
    pub title: Option<Span<Normal>>,
    /// What follows the title in the same paragraph.
    pub body: Span<Normal>,
    /// The class of the attribute that the title names.
    pub class: Option<&'static str>,
    /// The piece ends with a colon.
    pub opens: bool,
    /// The title names a programme.
    pub programme: bool,
    /// It does so in words that no field of research bears.
    pub project: bool,
    /// The programme elsewhere of which the section speaks.
    pub of: Option<usize>,
}

/// An ordinal at the start of a piece.
#[derive(Debug, Clone, PartialEq)]
pub struct Marker {
    /// The ordinal as written: `1.1`, `（一）`.
    pub number: Span<Normal>,
    /// The series it belongs to; ordinals of one series at one level are siblings.
    pub series: Cow<'static, str>,
    /// Its place in the series (of `1.3`, the 3).
    pub value: Option<u32>,
    /// `1.3` as 1 and 3.
    pub parts: Vec<u32>,
}

impl Outline {
    /// The outline of a text in which nothing is read.
    pub fn empty() -> Outline {
        Outline { nodes: vec![Node::root()], short_names: vec![] }
    }

    /// The outline of a text that is one paragraph.
    pub fn one(span: Span<Normal>) -> Outline {
        Outline { nodes: vec![Node::root(), Node { span, body: span, ..Node::root() }], short_names: vec![] }
    }

    /// Ancestors of `node`, itself first, the document last.
    pub fn chain(&self, node: usize) -> impl Iterator<Item = usize> {
        let mut next = Some(node);
        std::iter::from_fn(move || {
            let this = next?;
            next = (this != 0).then(|| self.nodes[this].parent);
            Some(this)
        })
    }

    /// The nearest programme at or above `node`; 0 is the call itself.
    pub fn inside(&self, node: usize) -> usize {
        self.chain(node).find(|n| *n == 0 || self.nodes[*n].programme).unwrap_or(0)
    }

    /// The programme of which the nearest section speaks that says so, else the one at or above `node`.
    pub fn programme_of(&self, node: usize) -> usize {
        let inside = self.inside(node);
        self.chain(node).take_while(|n| *n != inside).find_map(|n| self.nodes[n].of).unwrap_or(inside)
    }

    /// The row of a table that `node` stands in, where it is no programme of its own.
    pub fn row_of(&self, node: usize) -> Option<usize> {
        rows::row_of(self, node)
    }

    /// Classes of the sections from `node` up to its programme, nearest first.
    pub fn classes(&self, node: usize) -> impl Iterator<Item = &'static str> {
        let stop = self.inside(node);
        let inside = self.chain(node).take_while(move |n| *n != stop);
        inside.filter_map(|n| self.nodes[n].class)
    }

    /// All nodes below `node`, in text order: they stand right behind it.
    pub fn below(&self, node: usize) -> impl Iterator<Item = usize> {
        (node + 1..self.nodes.len()).take_while(move |n| self.nodes[*n].parent >= node)
    }

    pub fn children(&self, node: usize) -> impl Iterator<Item = usize> {
        self.below(node).filter(move |n| self.nodes[*n].parent == node)
    }
}

/// Builds the tree of `text`.
pub fn outline(text: &Segmented, tables: &'static Tables) -> Outline {
    let paragraphs: Vec<Span<Normal>> = text.normalised.paragraphs().filter(|paragraph| !paragraph.is_empty()).collect();
    // One step after the other over all of the text: the code of one fits in the cache.
    let mut pieces = Vec::with_capacity(paragraphs.len());
    for paragraph in paragraphs.iter().filter(|paragraph| !text.normalised.part(paragraph.start).is_some_and(rows::opens)) {
        cut(text.text(), *paragraph, tables, &mut pieces);
    }
    let mut markers: Vec<Option<Marker>> = pieces.iter().map(|piece| marker(text.text(), *piece, tables)).collect();
    for i in (1..markers.len()).filter(|i| pieces[*i - 1].of(text.text()).starts_with(|c: char| c.is_ascii_digit())) {
        if markers[i - 1].is_none()
            && let Some(next) = &markers[i]
        {
            markers[i - 1] = chapter(text.text(), pieces[i - 1], next);
        }
    }
    let mut read = read(text.text(), &pieces, markers, tables).into_iter().peekable();
    let (mut nodes, mut stack): (Vec<Node>, Vec<Open>) = (Vec::with_capacity(paragraphs.len() + 1), vec![]);
    nodes.push(Node::root());
    for (i, &paragraph) in paragraphs.iter().enumerate() {
        let part = text.normalised.part(paragraph.start);
        let in_row = rows::enter(part, &mut stack);
        if rows::open(part, paragraph, text.text(), tables, &mut nodes, &mut stack) {
            continue;
        }
        let (row, mut label) = (rows::parent(&stack), None);
        while let Some(mut node) = read.next_if(|node| paragraph.contains(&node.span)) {
            let piece = node.span;
            if i > 0 && paragraphs.get(i + 1).is_some_and(|next| heads(text.text(), &node, *next, tables)) {
                node = Node { title: Some(piece), body: Span::new(piece.end, piece.end), programme: true, ..node };
                node.marker = Some(Marker::without_number(piece.start, BARE));
            }
            if in_row {
                label_cell(text.text(), &mut node, paragraph.start);
                // The items of a cell are of its label.
                let is_label = node.marker.is_none() && node.title.is_some();
                let parent = label.filter(|_| node.marker.is_some()).unwrap_or(row);
                label = Some(nodes.len()).filter(|_| is_label).or(label);
                rows::hang(node, parent, &mut nodes);
            } else {
                place(node, &mut nodes, &mut stack, text.text());
            }
        }
    }
    let mut outline = Outline { nodes, short_names: vec![] };
    rows::show_sections(&mut outline, text.text());
    programmes::by_structure(&mut outline, text, tables);
    rows::name_sections(&mut outline, text.text());
    outline.short_names = titles::short_names(&outline, text.text(), tables);
    programmes::spoken_of(&mut outline, text.text(), tables);
    outline
}

impl Marker {
    /// The mark of a heading at byte `at` that has no number.
    fn without_number(at: usize, series: &'static str) -> Marker {
        Marker { number: Span::new(at, at), series: series.into(), value: None, parts: vec![] }
    }
}

impl Node {
    fn root() -> Node {
        let nothing = Span::new(0, 0);
        Node {
            parent: 0,
            span: nothing,
            marker: None,
            title: None,
            body: nothing,
            class: None,
            opens: false,
            programme: false,
            project: false,
            of: None,
        }
    }

    /// The heading with its ordinal, for evidence.
    pub fn heading(&self) -> Option<Span<Normal>> {
        let title = self.title?;
        Some(self.marker.as_ref().map_or(title, |marker| marker.number.cover(&title)))
    }
}

/// A section that is open while the paragraphs after it are read.
struct Open {
    node: usize,
    series: Cow<'static, str>,
    value: Option<u32>,
}

/// Adds the parts of a paragraph: it is cut where a known label stands after the end of a sentence (of a clause, where the label ends the
/// paragraph and opens the next ones), and before the items of a list that a label opens: 研究方向：（1）…；（2）….
fn cut(text: &str, paragraph: Span<Normal>, tables: &'static Tables, pieces: &mut Vec<Span<Normal>>) {
    let words = paragraph.of(text);
    let (mut start, mut depth, mut seen, mut from) = (0, 0, 0, 0);
    for colon in memchr::memchr_iter(b':', words.as_bytes()) {
        let reach = words[from..colon].char_indices().rev().take(LABEL_REACH).last().map_or(colon, |(at, _)| from + at);
        let opens_list = colon + 1 == words.len();
        let is_end = |c: char| matches!(c, STOP | ';' | ' ') || opens_list && c == COMMA;
        for (end, sign) in words[reach..colon].match_indices(is_end) {
            let cut = reach + end + sign.len();
            depth += depth_of(&words[seen..cut]);
            seen = cut;
            let label = words[cut..colon].trim();
            let cuts_here = |class| !matches!(class, "directions" | "other" | "contact");
            if depth <= 0 && !label.is_empty() && attribute(label, tables).is_some_and(cuts_here) {
                cut_list(text, within(paragraph.start, start..cut), tables, pieces);
                start = cut;
            }
        }
        from = colon + 1;
    }
    cut_list(text, within(paragraph.start, start..words.len()), tables, pieces);
}

/// Adds the parts of a piece that holds a list in its own line. A label opens one, or the first item, or the end of a sentence before two
/// items that follow each other: 研究方向：（1）…；（2）…, 支持….1.…。2.….
fn cut_list(text: &str, piece: Span<Normal>, tables: &'static Tables, pieces: &mut Vec<Span<Normal>>) {
    let words = piece.of(text);
    let items = items(words, tables);
    let opens = |i: usize, item: &Item| {
        let next = items[i + 1..].iter().find(|next| next.kind == item.kind);
        item.number == 1 && (item.sign == ':' && item.kind != "arabic" || next.is_some_and(|next| next.number == 2))
    };
    let (mut start, mut open): (usize, Vec<(&str, u32)>) = (0, vec![]);
    for (i, item) in items.iter().enumerate() {
        let goes_on = open.iter().position(|(kind, last)| *kind == item.kind && last + 1 == item.number);
        if item.at > 0 && goes_on.is_none() && !opens(i, item) {
            continue;
        }
        open.truncate(goes_on.unwrap_or(open.len()));
        open.push((item.kind, item.number));
        if item.at > 0 {
            pieces.push(within(piece.start, start..item.at));
            start = item.at;
        }
    }
    pieces.push(within(piece.start, start..words.len()));
}

/// An ordinal inside a line, and the sign before it.
struct Item<'t> {
    at: usize,
    sign: char,
    kind: &'t str,
    number: u32,
}

/// The items of `words` behind the end of a label, a clause or a sentence, and the one at their start; none where that is all.
fn items<'t>(words: &str, tables: &'t Tables) -> Vec<Item<'t>> {
    let (mut depth, mut seen, mut places) = (0, 0, vec![]);
    for at in memchr::memchr3_iter(b':', b';', FULL_STOP, words.as_bytes()) {
        let sign = words[at..].chars().next().unwrap_or_default();
        let next = at + sign.len_utf8();
        if matches!(sign, ':' | ';' | STOP) && opens_item(&words[next..]) {
            depth += depth_of(&words[seen..at]);
            seen = at;
            places.extend((depth <= 0).then_some((next, sign)));
        }
    }
    // Most have none.
    let first = (!places.is_empty()).then_some((0, ' '));
    let read = |(at, sign): (usize, char)| item(&words[at..], tables).map(|(kind, number)| Item { at, sign, kind, number });
    first.into_iter().chain(places).filter_map(read).collect()
}

/// The first byte of a full stop.
const FULL_STOP: u8 = 0xE3;

/// The kind and the number of an item that opens `words`: （1）, ①, A., 1., （一）.
fn item<'t>(words: &str, tables: &'t Tables) -> Option<(&'t str, u32)> {
    let is_item = |row: &&Line| matches!(row.class.as_str(), "paren_arabic" | "circled" | "letter" | "arabic" | "paren_han");
    let words = words.trim_start_matches(' ');
    let rows = || tables.ordinals.iter().filter(is_item);
    let (row, found) = opens_item(words).then(|| rows().find_map(|row| Some((row, row.captures(words)?))))??;
    let number = found.name("n")?.as_str();
    let letter = number.chars().next().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_uppercase() as u32 - 'A' as u32 + 1);
    Some((row.class.as_str(), letter.or_else(|| parts(number, &tables.lexicon.numerals).last().copied())?))
}

/// A look at the first signs: whether an item may begin here.
fn opens_item(words: &str) -> bool {
    let words = words.trim_start_matches(' ');
    let is_sign = |c: char| c == '(' || c.is_ascii_uppercase() || !c.is_ascii() && !is_han(c) && c.is_numeric();
    words.starts_with(is_sign)
        || words.starts_with(|c: char| c.is_ascii_digit())
            && words.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['.', PAUSE])
}

/// How many brackets `text` leaves open.
fn depth_of(text: &str) -> i32 {
    text.bytes().map(|byte| i32::from(byte == b'(') - i32::from(byte == b')')).sum()
}

/// How far before its colon a label may begin, in characters, the sign in front of it counted.
const LABEL_REACH: usize = 14;

/// The longest title without an ordinal, in bytes.
const BARE_TITLE: usize = 120;

/// A plain line that is the title of a programme heads one where the next line is a label that speaks of programmes.
fn heads(text: &str, node: &Node, next: Span<Normal>, tables: &'static Tables) -> bool {
    let words = node.span.of(text);
    let is_plain = node.marker.is_none() && node.title.is_none() && words.len() <= BARE_TITLE;
    let speaks = || {
        let label = next.of(text).split_once(':').and_then(|(label, _)| attribute(label, tables));
        label.is_some_and(|class| programmes::SPEAKS.contains(&class))
    };
    is_plain && speaks() && is_named(words, "named", tables)
}

/// Reads title and class of the pieces, which may open with an ordinal; their parents are set by `place`.
fn read(text: &str, pieces: &[Span<Normal>], ordinals: Vec<Option<Marker>>, tables: &'static Tables) -> Vec<Node> {
    let opened = |(piece, ordinal): (&Span<Normal>, Option<Marker>)| open(text, *piece, ordinal, tables);
    let mut nodes: Vec<Node> = pieces.iter().zip(ordinals).map(opened).collect();
    let heads: Vec<Option<Head>> = nodes.iter().map(|node| head_of(text, node, tables)).collect();
    let class = |(node, head): (&Node, &Option<Head>)| {
        let head = head.as_ref().filter(|head| head.kind != Kind::Numbered)?;
        attribute(&node.body.of(text)[head.title.clone()], tables)
    };
    let classes: Vec<Option<&'static str>> = nodes.iter().zip(&heads).map(class).collect();
    for ((node, head), class) in nodes.iter_mut().zip(heads).zip(classes) {
        let labelled = node.programme;
        match head {
            Some(head) if head.kind == Kind::Name => set_name(text, node, &head, class, tables),
            Some(head) if head.kind == Kind::Label => set_label(text, node, &head, class),
            Some(head) => set_heading(text, node, &head, class, tables),
            None => {}
        }
        // A label 项目名称： with no name behind it heads nothing.
        node.programme &= node.title.is_some();
        if labelled && node.title.is_some() {
            node.marker.get_or_insert_with(|| Marker::without_number(node.span.start, BARE));
        }
    }
    nodes
}

/// A piece without its ordinal and the label of a name, which makes it a programme.
fn open(text: &str, span: Span<Normal>, ordinal: Option<Marker>, tables: &'static Tables) -> Node {
    let marker = ordinal.or_else(|| bracket(text, span, tables));
    let mut start = marker.as_ref().map_or(span.start, |m| skip(text, m.number.end, span.end));
    let mut programme = false;
    for strip in tables.strips.iter().filter(|strip| strip.class == "label") {
        if let Some(found) = strip.find(&text[start..span.end]) {
            start += found.end;
            programme = true;
        }
    }
    let opens = span.of(text).ends_with(':');
    Node { span, marker, body: Span::new(start, span.end), opens, programme, ..Node::root() }
}

/// What the body of a piece opens with, and may be its title.
struct Head {
    kind: Kind,
    title: Range<usize>,
    /// Where it ends with what belongs to it.
    end: usize,
}

#[derive(PartialEq, Eq)]
enum Kind {
    /// A name in brackets.
    Name,
    /// What opens a paragraph without ordinal.
    Label,
    /// What follows an ordinal.
    Heading,
    /// What follows a word and a number (专题一), and names no attribute.
    Numbered,
}

/// What may be the title: of a paragraph with ordinal the name that it opens with, in brackets; else all of it, or what stands before the
/// first full stop or colon.
fn head_of(text: &str, node: &Node, tables: &Tables) -> Option<Head> {
    let words = node.body.of(text);
    if node.marker.is_none() && !node.programme {
        return label(words);
    }
    let is_of = |series: &str| node.marker.as_ref().is_some_and(|m| m.series.starts_with(series));
    let is_article = is_of("article");
    if let Some((title, end)) = name_in_brackets(words, is_article, tables) {
        return Some(Head { kind: Kind::Name, title, end });
    }
    let end = end_of_heading(words);
    let title = without_notes(words[..end].trim_end(), tables);
    let longest = match is_run_in(words, end) {
        _ if is_article && words[end..].starts_with(STOP) => OF_ARTICLE,
        true => RUN_IN,
        false => ALONE,
    };
    let fits = !title.is_empty() && title.chars().nth(longest).is_none();
    let kind = if is_of("named") { Kind::Numbered } else { Kind::Heading };
    fits.then_some(Head { kind, title: 0..title.len(), end })
}

/// The ordinal that opens `span`.
fn marker(text: &str, span: Span<Normal>, tables: &'static Tables) -> Option<Marker> {
    let words = span.of(text);
    let head = head(words, 40);
    let row = tables.ordinals.first(head)?;
    let found = row.pattern.captures_at(head, 0)?;
    let number = within(span.start, found.name("number")?.range());
    let parts: Vec<u32> = found.name("n").map(|n| parts(n.as_str(), &tables.lexicon.numerals)).unwrap_or_default();
    let label = found.name("label").map_or("", |m| m.as_str());
    let series = match parts.len().saturating_sub(1) {
        0 if label.is_empty() => row.class.as_str().into(),
        dots => [row.class.as_str(), label, &".".repeat(dots)].concat().into(),
    };
    Some(Marker { number, series, value: parts.last().copied(), parts })
}

/// The longest heading that a number alone stands before, in characters.
const OF_CHAPTER: usize = 16;

/// A number alone before a short heading, where the next piece is the first of its parts: 4成果要求与署名, and then 4.1.
fn chapter(text: &str, span: Span<Normal>, next: &Marker) -> Option<Marker> {
    let words = span.of(text);
    let heading = words.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = Span::new(span.start, span.end - heading.len());
    let value = number.of(text).parse().ok()?;
    let is_heading = heading.chars().nth(OF_CHAPTER).is_none() && heading.trim_start().chars().all(|c| is_han(c) || c == PAUSE);
    let marker = || Marker { number, series: "arabic".into(), value: Some(value), parts: vec![value] };
    (is_heading && next.parts == [value, 1]).then(marker)
}

/// A name in brackets that opens `span`, with its text or a known label: a heading of a series of its own, without a number.
fn bracket(text: &str, span: Span<Normal>, tables: &'static Tables) -> Option<Marker> {
    let words = span.of(text);
    let (name, end) = name_in_brackets(words, false, tables)?;
    let is_heading = end < words.len() || attribute(&words[name], tables).is_some();
    is_heading.then(|| Marker::without_number(span.start, BRACKET))
}

fn parts(text: &str, numerals: &Numerals) -> Vec<u32> {
    let circled = |c: char| (c as u32).checked_sub(0x2460).filter(|n| *n < 20).map(|n| n + 1);
    if let Some(n) = text.chars().next().and_then(circled) {
        return vec![n];
    }
    let in_words = |part: &str| numerals.parse(part).and_then(|n| u32::try_from(n).ok());
    let number = |part: &str| part.parse().ok().or_else(|| in_words(part));
    text.split('.').map(number).collect::<Option<Vec<u32>>>().unwrap_or_default()
}

/// Past the signs that part an ordinal from its title.
fn skip(text: &str, from: usize, end: usize) -> usize {
    let rest = &text[from..end];
    end - rest.trim_start_matches(|c: char| matches!(c, ' ' | '.' | ':' | PAUSE | CLOSE_HEADING)).len()
}

/// The longest label, in characters, and the longest that a full stop parts from its text.
const LONGEST_LABEL: usize = 24;
const BEFORE_STOP: usize = 8;

/// The label that a paragraph without ordinal may open with, before a colon or a full stop.
fn label(words: &str) -> Option<Head> {
    // A longer one is none.
    let is_end = |(_, c): &(usize, char)| matches!(*c, ':' | STOP);
    let end = words.char_indices().take(LONGEST_LABEL + 1).find(is_end).map_or(words.len(), |(end, _)| end);
    let longest = if stands_alone(words, end) || words[end..].starts_with(':') { LONGEST_LABEL } else { BEFORE_STOP };
    words[..end].chars().nth(longest).is_none().then_some(Head { kind: Kind::Label, title: 0..end, end })
}

/// Nothing stands behind a label but the sign that ends it.
fn stands_alone(words: &str, end: usize) -> bool {
    words[end..].trim_start_matches([':', STOP]).is_empty()
}

/// Makes a label of a known one, alone, before a colon or a full stop, or of short words before a colon.
fn set_label(text: &str, node: &mut Node, head: &Head, class: Option<&'static str>) {
    let words = node.body.of(text);
    let alone = stands_alone(words, head.end);
    let before_stop = !alone && words[head.end..].starts_with(STOP);
    let compact = without_spaces(&words[head.title.clone()]);
    let class = class.filter(|class| !(before_stop && *class == "other"));
    let generic = !alone && !before_stop && compact.chars().nth(12).is_none() && !compact.is_empty() && compact.chars().all(is_han);
    if class.is_some() || generic || (alone && words.ends_with(':') && compact.chars().all(is_han)) {
        set_title(text, node, head.end, head.end);
        node.class = class;
    }
}

/// What a cell is stands before its colon, however long that is.
fn label_cell(text: &str, node: &mut Node, start: usize) {
    let colon = node.body.of(text).find(':').filter(|colon| *colon > 0);
    if let Some(colon) = colon.filter(|_| node.body.start == start && node.title.is_none() && node.marker.is_none()) {
        set_title(text, node, colon, colon);
    }
}

/// The longest heading, in characters, that is alone, and before its own text; an article is a sentence where it is longer.
const ALONE: usize = 80;
const RUN_IN: usize = 36;
const OF_ARTICLE: usize = 16;

/// A text of its own follows the heading that ends at `end`.
fn is_run_in(words: &str, end: usize) -> bool {
    words[end..].chars().nth(1).is_some()
}

/// Makes a heading of what is no sentence.
fn set_heading(text: &str, node: &mut Node, head: &Head, class: Option<&'static str>, tables: &'static Tables) {
    let words = node.body.of(text);
    let (title, run_in) = (&words[head.title.clone()], is_run_in(words, head.end));
    let bare = crate::sign::without_brackets(title);
    let has_clause = bare.contains([COMMA, ELLIPSIS, '!', '?']);
    let named = head.kind == Kind::Numbered;
    let stands_out = run_in || head.end == words.len();
    let states = |row: &Line| !(row.class == "opening" && stands_out) && row.is_match(&bare);
    let is_sentence = || has_clause || (!named && tables.sentences.near(&bare).any(states));
    if class.is_none() && (has_clause && run_in || !node.programme && is_sentence()) {
        return;
    }
    set_title(text, node, title.len(), head.end);
    node.programme = class.is_none() && (node.programme || named || is_named(title, "named", tables));
    node.project = node.programme && is_named(title, "project", tables);
    node.class = class;
}

/// Whether a row of `class` knows the title of a programme.
fn is_named(title: &str, class: &str, tables: &Tables) -> bool {
    tables.programmes.iter().any(|row| row.class == class && row.is_match(title))
}

/// Where a heading ends: at the first full stop, colon or semicolon that stands in no brackets.
fn end_of_heading(words: &str) -> usize {
    let mut depth = 0i32;
    let ends = |c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == STOP || depth <= 0 && matches!(c, ':' | ';')
    };
    words.find(ends).unwrap_or(words.len())
}

/// The name in brackets that opens `words`, and where the brackets end; round ones hold the name of an article only.
fn name_in_brackets(words: &str, is_article: bool, tables: &Tables) -> Option<(Range<usize>, usize)> {
    if words.starts_with(char::is_alphanumeric) {
        return None;
    }
    let mut rows = tables.strips.iter().filter(|strip| strip.class == "name" || is_article && strip.class == "article");
    rows.find_map(|strip| {
        let found = strip.captures(words)?;
        Some((found.name("title")?.range(), found.range().end))
    })
}

/// Makes a heading of a name in brackets; what stands behind them is its text.
fn set_name(text: &str, node: &mut Node, head: &Head, class: Option<&'static str>, tables: &Tables) {
    let title = within(node.body.start, head.title.clone());
    node.class = class;
    node.programme = class.is_none() && is_named(title.of(text), "named", tables);
    node.title = Some(title);
    node.body = Span::new(skip(text, node.body.start + head.end, node.span.end), node.span.end);
}

/// Without what stands at the end of a heading and is no part of its title: a serial number.
fn without_notes<'a>(head: &'a str, tables: &Tables) -> &'a str {
    let mut rows = tables.strips.iter().filter(|strip| strip.class == "note" && head.ends_with(')'));
    let note = rows.find_map(|note| note.find(head)).filter(|note| note.start > 0);
    note.map_or(head, |note| head[..note.start].trim_end())
}

/// The title is the first `title` bytes of the body; what stands behind the first `head` is its text.
fn set_title(text: &str, node: &mut Node, title: usize, head: usize) {
    let start = node.body.start;
    let title = text[start..start + title].trim_end_matches([STOP, ' ', ';', ':']);
    node.title = Some(Span::new(start, start + title.len()));
    let rest = &text[start + head..node.span.end];
    let body = rest.trim_start_matches(|c: char| matches!(c, STOP | ':' | ';' | ' '));
    node.body = Span::new(node.span.end - body.len(), node.span.end);
}

/// The class of the attribute that `title` names, or of the first of two.
fn attribute(title: &str, tables: &'static Tables) -> Option<&'static str> {
    let title = without_spaces(title);
    if title.chars().nth(LONGEST_LABEL).is_some() {
        return None;
    }
    let class_of = |words: &str| tables.attributes.first(words).map(|row| row.class.as_str());
    let year = tables.strips.iter().filter(|strip| strip.class == "year").find_map(|strip| strip.find(&title));
    let title = &title[year.map_or(0, |year| year.end)..];
    let joined = |join: &String| title.split_once(join.as_str()).and_then(|(first, second)| class_of(second).and(class_of(first)));
    // Of short words, to see that one is not there is quicker than to look for it.
    let of_two = || tables.lexicon.list(List::NameJoin).iter().filter(|join| title.contains(join.as_str())).find_map(joined);
    let without_note = || title.strip_suffix(')').and_then(|title| title.rsplit_once('(')).and_then(|(title, _)| class_of(title));
    // A heading of no class of its own may still join two that have one.
    match class_of(title) {
        Some("other") => of_two().or(Some("other")),
        class => class.or_else(of_two).or_else(without_note),
    }
}

fn without_spaces(text: &str) -> Cow<'_, str> {
    if text.contains(' ') { text.replace(' ', "").into() } else { text.into() }
}

const LABEL: &str = "label";
const BRACKET: &str = "bracket";
const HAN: &str = "han";
/// Titles of programmes without an ordinal: alone on their line, or behind a label that says so.
const BARE: &str = "bare";

/// Classes whose heading, alone on its line and without an ordinal, speaks of the whole call.
const WHOLE: &[&str] = &["deadline", "recommendation_time", "step_time", "contact", "other", "method"];

/// Hangs `node` under the section that it belongs to, and opens it where others may hang under it.
fn place(mut node: Node, nodes: &mut Vec<Node>, stack: &mut Vec<Open>, text: &str) {
    let series = match (&node.marker, &node.title) {
        (Some(marker), _) => Some(marker.series.clone()),
        (None, Some(_)) => Some(LABEL.into()),
        (None, None) => None,
    };
    let index = nodes.len();
    if let Some(series) = series {
        let value = node.marker.as_ref().and_then(|m| m.value);
        let stands_alone = series == LABEL && node.body.is_empty() && !node.opens;
        let of_call =
            |class: &str| WHOLE.contains(&class) || matches!(class, "conditions" | "eligibility") && says_all_in_line(nodes, stack);
        let alone = stands_alone && node.class.is_some_and(of_call);
        let speaks = node.class.is_none_or(|class| programmes::SPEAKS.contains(&class));
        let bare = stack.iter().position(|open| open.series == BARE).filter(|_| stands_alone && !speaks);
        let keep = if alone {
            whole_call(stack)
        } else if let Some(depth) = bare {
            depth
        } else if series == LABEL {
            keep_for_label(node.class, nodes, stack)
        } else {
            keep_for_ordinal(&series, value, nodes, stack)
        };
        // A label that says all in its own line, and leads to no programmes, holds none.
        let says_all = |open: &Open| {
            let label = &nodes[open.node];
            let leads_on = if label.class == Some("fields") { label.opens } else { holds(nodes, open.node) };
            open.series == LABEL && !label.body.is_empty() && !leads_on
        };
        let keep = if node.programme && keep == stack.len() && stack.last().is_some_and(says_all) { keep - 1 } else { keep };
        stack.truncate(keep);
        node.parent = stack.last().map_or(0, |open| open.node);
        stack.push(Open { node: index, series, value });
    } else {
        if closes_list(nodes, stack, text) {
            stack.pop();
            // A label has said what it says with its list.
            stack.pop_if(|open| open.series == LABEL && nodes[open.node].body.is_empty());
        }
        node.parent = stack.last().map_or(0, |open| open.node);
    }
    node.programme = node.programme && !inside_list(node.parent, nodes, node.project);
    nodes.push(node);
}

/// So many pieces of a section tell how its labels are written.
const MANY: usize = 256;

/// The last open section with an ordinal is a programme by its labels, and those have their text in their own line: a label that
/// stands alone is of another kind.
fn says_all_in_line(nodes: &[Node], stack: &[Open]) -> bool {
    let Some(open) = stack.iter().rfind(|open| nodes[open.node].marker.is_some()) else { return false };
    let is_label = |node: &&Node| node.parent == open.node && node.marker.is_none() && node.title.is_some();
    let labels: Vec<&Node> = nodes[open.node..].iter().take(MANY).filter(is_label).collect();
    let speaks = |label: &&&Node| label.class.is_some_and(|class| programmes::SPEAKS.contains(&class));
    labels.iter().filter(speaks).count() > 1 && labels.iter().all(|label| !label.body.is_empty())
}

/// What stays open for a heading about the whole call: the large sections that hold no programme.
fn whole_call(stack: &[Open]) -> usize {
    usize::from(stack.first().is_some_and(|open| open.series.starts_with("annex")))
}

/// Sections whose items are statements or fields, never programmes; but a `project` may stand in a list of fields.
fn inside_list(parent: usize, nodes: &[Node], project: bool) -> bool {
    const CLOSED: &[&str] = &[
        "conditions",
        "eligibility",
        "kpi",
        "goal",
        "overall",
        "materials",
        "quota",
        "deadline",
        "recommendation_time",
        "step_time",
        "contact",
        "fields",
        "agreements",
        "allowances",
        "subject",
        "method",
        "other",
    ];
    let mut at = parent;
    while at != 0 && !nodes[at].programme {
        if nodes[at].class.is_some_and(|class| CLOSED.contains(&class) && !(project && class == "fields")) {
            return true;
        }
        at = nodes[at].parent;
    }
    false
}

/// Series that open large sections; a label inside one never closes it.
fn is_major(series: &str) -> bool {
    ["annex", "chapter", "section", "article", "named", HAN, "paren_han", "dotted", "dash", BRACKET, BARE]
        .iter()
        .any(|major| series.starts_with(major))
}

/// How much of the stack stays open for a label: it replaces the label before it, past the items of that label; past a programme only
/// where that label is of one too. A field in a list of fields has no labels of its own, and a label that leads to programmes leads to
/// no other such label.
fn keep_for_label(class: Option<&str>, nodes: &[Node], mut stack: &[Open]) -> usize {
    if ends_list(nodes, stack) {
        stack = &stack[..stack.len() - 1];
        if stack.last().is_none_or(|list| list.series != LABEL) {
            return stack.len();
        }
    }
    let mut in_programme = false;
    for (depth, open) in stack.iter().enumerate().rev() {
        let node = &nodes[open.node];
        let leads_to_programmes = node.class == Some("directions") && class != Some("directions") && !tells_in_line(nodes, open.node);
        let is_beside = || !in_programme || nodes[node.parent].programme;
        // Whom to ask is told by what one asks.
        if open.series == LABEL && class.is_none() && node.class == Some("contact") && node.body.is_empty() {
            return depth + 1;
        }
        if open.series == LABEL && !leads_to_programmes && is_beside() {
            return depth;
        }
        let is_field = nodes[node.parent].class == Some("fields");
        if open.series == LABEL || is_major(&open.series) && !is_field {
            break;
        }
        in_programme |= node.programme;
    }
    // Behind titles that signs part it is of the programme that lists them.
    let is_listed =
        |open: &Open| nodes[open.node].body.is_empty() && nodes[open.node].title.is_some_and(|t| t.end < nodes[open.node].span.end);
    let programme = stack.iter().rposition(|open| nodes[open.node].programme).map_or(0, |depth| depth + 1);
    if programme > 0 && stack[programme..].iter().all(is_listed) { programme } else { stack.len() }
}

/// The label has its text, or its first item, in its own line.
fn tells_in_line(nodes: &[Node], label: usize) -> bool {
    let end = nodes[label].span.end;
    !nodes[label].body.is_empty() || nodes.get(label + 1).is_some_and(|item| item.span.start == end)
}

/// The last heading ends a list of fields or directions that are titles and no more: what stands behind it is said of all.
fn ends_list(nodes: &[Node], stack: &[Open]) -> bool {
    let Some([before, last]) = nodes.last_chunk() else { return false };
    let in_series = matches!((&before.marker, &last.marker), (Some(one), Some(next)) if one.series == next.series);
    let is_title = |node: &Node| node.title.is_some() && node.body.is_empty() && !node.opens;
    let lists = |node: &Node| node.class.is_some_and(|class| matches!(class, "fields" | "directions"));
    let is_open = stack.last().is_some_and(|open| open.node + 1 == nodes.len());
    is_open && in_series && before.parent == last.parent && is_title(before) && is_title(last) && lists(&nodes[last.parent])
}

/// The last piece ends a list of items that semicolons part, with a full stop: a paragraph behind it is none of its items'.
fn closes_list(nodes: &[Node], stack: &[Open], text: &str) -> bool {
    let (Some((last, before)), Some(open)) = (nodes.split_last(), stack.last()) else { return false };
    let ends = |node: &Node, sign| node.span.of(text).ends_with(sign);
    if open.node != before.len() || last.marker.is_none() || last.programme || !ends(last, STOP) {
        return false;
    }
    let is_item = |node: &&Node| node.parent == last.parent && node.marker.as_ref().is_some_and(|m| m.series == open.series);
    before.iter().rev().take(MANY).take_while(|node| node.parent >= last.parent).find(is_item).is_some_and(|node| ends(node, ';'))
}

/// Series of numbers with a word: 专题一, 第二章, 第三条.
fn has_word(series: &str) -> bool {
    ["named", "chapter", "section", "article"].iter().any(|worded| series.starts_with(worded))
}

/// How much stays open for an ordinal: its own series is replaced; a series that it goes on with (一、 then 2、) too. Numbers with a
/// word go on with nothing but their own.
fn keep_for_ordinal(series: &str, value: Option<u32>, nodes: &[Node], stack: &[Open]) -> usize {
    if series.starts_with("annex") {
        return 0;
    }
    if let Some(depth) = stack.iter().rposition(|open| open.series == series) {
        return if restarts_inside(value, depth, nodes, stack) { stack.len() } else { depth };
    }
    if let Some(depth) = runs_on(series, value, nodes, stack) {
        return depth + 1;
    }
    let follows = |open: &Open| value > Some(1) && open.value.map(|v| v + 1) == value && !has_word(series);
    let goes_on = |open: &Open| follows(open) && open.series != LABEL && !has_word(&open.series);
    if let Some(depth) = stack.iter().rposition(goes_on) {
        return depth;
    }
    // The sections of a whole text may be named first and numbered then.
    let first = stack.iter().position(|open| open.series.starts_with("named"));
    if let Some(depth) = first.filter(|depth| series == HAN && follows(&stack[*depth])) {
        return depth;
    }
    if is_major(series) && !series.starts_with("dash") {
        // A label that says all in its own line holds nothing that is named, but for a section that stands under it already.
        let last = stack.iter().rposition(|open| is_major(&open.series));
        let says_all =
            |depth: usize, node: usize| series.starts_with("named") && !nodes[node].body.is_empty() && last.is_none_or(|last| depth > last);
        // So does a name in brackets that names an attribute and says it in its own line.
        let in_brackets = |open: &Open| open.series == BRACKET && nodes[open.node].class.is_some() && is_said(&nodes[open.node]);
        let ends = |(depth, open): (usize, &Open)| {
            open.series == LABEL && (says_all(depth, open.node) || !holds(nodes, open.node)) || series != BRACKET && in_brackets(open)
        };
        return stack.iter().enumerate().position(ends).unwrap_or(stack.len());
    }
    stack.len()
}

/// Its text stands in its own line, and leads to nothing.
fn is_said(node: &Node) -> bool {
    !node.body.is_empty() && !node.opens
}

/// The open section under which an ordinal goes on with the last of its series, which stands in the section before: numbers that run
/// through all groups.
fn runs_on(series: &str, value: Option<u32>, nodes: &[Node], stack: &[Open]) -> Option<usize> {
    let last = nodes.iter().rev().take(MANY).find(|node| node.marker.as_ref().is_some_and(|marker| marker.series == series))?;
    let goes_on = last.marker.as_ref()?.value.map(|v| v + 1) == value && value > Some(1);
    let before = &nodes[last.parent];
    let is_next = |open: &Open| open.node > last.parent && nodes[open.node].parent == before.parent && nodes[open.node].marker.is_some();
    stack.iter().rposition(is_next).filter(|_| goes_on && last.parent != 0 && before.marker.is_some())
}

/// A label that may hold a large section: one that leads to programmes or describes the work.
fn holds(nodes: &[Node], node: usize) -> bool {
    matches!(nodes[node].class, Some("directions" | "research" | "fields" | "conditions" | "eligibility" | "method") | None)
}

/// No more lists of the same form stand in each other.
const NESTED: usize = 4;

/// The series starts again with 1 under a deeper section: a list inside a list of the same form.
fn restarts_inside(value: Option<u32>, depth: usize, nodes: &[Node], stack: &[Open]) -> bool {
    let same = stack.iter().filter(|open| open.series == stack[depth].series).count();
    let deeper = stack.len() > depth + 1 && same < NESTED;
    value == Some(1) && deeper && stack[depth].value == Some(1) && nodes[stack[stack.len() - 1].node].title.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The label of a name is taken off before a cell is labelled, and may be all that a piece has.
    #[test]
    fn a_cell_is_labelled_behind_what_is_taken_off() {
        let tables = Tables::built_in().unwrap();
        let text = "项目名称:";
        let mut node = read(text, &[Span::new(0, text.len())], vec![None], tables).remove(0);
        label_cell(text, &mut node, 0);
        assert!(node.title.is_none());
        let text = "国际科技合作某研究院所:3";
        let mut node = read(text, &[Span::new(0, text.len())], vec![None], tables).remove(0);
        label_cell(text, &mut node, 0);
        assert_eq!(node.title.unwrap().of(text), "国际科技合作某研究院所");
    }
}
