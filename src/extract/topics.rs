//! Supported fields and directions (领域方向), nested as in the text. In: `Outline`. Out: trees of titles, each with the section that
//! lists it. A list is a section of that class, or words of a sentence that a row takes for one.

use super::{Fact, Masks};
use crate::outline::{Node, Outline};
use crate::segment::Segmented;
use crate::sign::{CLOSE_QUOTE, CLOSE_TITLE, COMMA, OPEN_QUOTE, OPEN_TITLE, PAUSE, STOP};
use crate::span::{Normal, Span};
use crate::table::{FactKind, List, Tables};

#[derive(Debug, Clone)]
pub struct Topic {
    pub span: Span<Normal>,
    pub topics: Vec<Topic>,
    pub node: usize,
}

/// All lists of fields, in text order, from the sentences of `extracted`; what one of its facts on money stands in is none.
pub fn topics(
    outline: &Outline,
    text: &Segmented,
    mentions: &[super::Mention],
    extracted: &super::Extracted,
    tables: &Tables,
) -> Vec<Topic> {
    let mut out: Vec<Topic> = Vec::new();
    let reader = Reader { outline, segmented: text, text: text.text(), tables, sentences: &extracted.sentences };
    for (index, node) in outline.nodes.iter().enumerate().skip(1) {
        let class = node.class;
        if class == Some("fields") && !reader.holds_programmes(index) {
            let listed = reader.section(index);
            let said = if listed.is_empty() { reader.in_sentences(index, mentions) } else { vec![] };
            out.extend(listed.into_iter().chain(said));
        } else if (class == Some("directions") || reader.leads_to_fields(index)) && !reader.holds_programmes(index) && reader.is_list(index)
        {
            out.extend(reader.items(index));
        } else if outline.classes(index).all(|class| class != "fields") {
            // What semicolons part is one list, be its fields of several words.
            let is_parted = class == Some("directions") && reader.first_sentence(node.body).of(reader.text).contains(';');
            let said = if is_parted { vec![] } else { reader.in_sentences(index, mentions) };
            let listed = match class {
                _ if !said.is_empty() => vec![],
                Some("research") if reader.lists_names(index) => reader.items(index),
                Some("research") => [';', PAUSE].into_iter().flat_map(|sign| reader.phrases(node.body, index, sign)).collect(),
                Some("directions") if !reader.holds_programmes(index) => reader.list(reader.first_sentence(node.body), index),
                _ if reader.is_place(node) => reader.list(reader.first_clause(node.body), index),
                _ if reader.is_listed(node) => reader.list(reader.first_sentence(node.body), index),
                _ => vec![],
            };
            out.extend(said.into_iter().chain(Some(listed).filter(|listed| listed.len() > 1).into_iter().flatten()));
        }
    }
    let mut titles: Vec<&str> = outline.nodes.iter().filter(|n| n.programme).filter_map(|n| Some(n.title?.of(text.text()))).collect();
    titles.sort_unstable();
    // What pays is no name.
    let pays = |fact: &&Fact| matches!(fact.kind, FactKind::Funding | FactKind::Period | FactKind::Projects);
    let mut paid: Vec<usize> = extracted.facts.iter().filter(pays).map(|fact| fact.core.start).collect();
    paid.sort_unstable();
    let says_more = |span: Span<Normal>| paid.get(paid.partition_point(|at| *at < span.start)).is_some_and(|at| *at < span.end);
    out.retain(|topic| !says_more(topic.span) && titles.binary_search(&topic.span.of(text.text())).is_err());
    out
}

struct Reader<'a> {
    outline: &'a Outline,
    segmented: &'a Segmented<'a>,
    text: &'a str,
    tables: &'a Tables,
    /// The sentences that may hold lists, by section.
    sentences: &'a [(usize, Span<Normal>)],
}

/// The longest title of a field, in characters; what is longer is a description.
const LONGEST: usize = 60;

/// The longest part of a sentence, in characters, that may be the name of a field.
const PHRASE: usize = 24;

/// The longest end of a list that says what its fields are, in characters.
const CLOSING: usize = 12;

impl Reader<'_> {
    fn holds_programmes(&self, index: usize) -> bool {
        self.outline.below(index).any(|n| self.outline.nodes[n].programme)
    }

    /// A programme in a list of fields: its text names its own.
    fn is_listed(&self, node: &Node) -> bool {
        node.programme && self.outline.nodes[node.parent].class == Some("fields")
    }

    /// A programme that is a country: what stands behind its colon, up to the first semicolon, may be its fields.
    fn is_place(&self, node: &Node) -> bool {
        let behind_colon = |title: Span<Normal>| self.text[title.end..].starts_with(':');
        node.programme && node.title.is_some_and(|title| behind_colon(title) && self.tables.lexicon.is_place(title.of(self.text)))
    }

    fn first_clause(&self, span: Span<Normal>) -> Span<Normal> {
        span.of(self.text).find([STOP, ';']).map_or(span, |at| Span::new(span.start, span.start + at))
    }

    /// A programme whose own text leads to a list of its fields.
    fn leads_to_fields(&self, index: usize) -> bool {
        let is_plain = |node: &&Node| node.title.is_none() && node.marker.is_none();
        let below = self.outline.children(index).map(|n| &self.outline.nodes[n]).take_while(is_plain).map(|node| node.span);
        let leads =
            |span: Span<Normal>| self.tables.lexicon.list(List::LeadsToFields).iter().any(|words| span.of(self.text).contains(words));
        let node = &self.outline.nodes[index];
        node.programme && (leads(node.body) || below.into_iter().any(leads))
    }

    /// Every item below is a title, with names of fields behind it at most.
    fn is_list(&self, index: usize) -> bool {
        let mut items = self.outline.children(index).filter(|n| self.outline.nodes[*n].marker.is_some()).peekable();
        items.peek().is_some() && items.all(|n| self.is_title(n))
    }

    fn is_title(&self, index: usize) -> bool {
        let node = &self.outline.nodes[index];
        // Below the directions of a programme a text may follow the title.
        let in_programme = || self.outline.inside(node.parent) != 0 && self.outline.nodes[node.parent].class == Some("directions");
        let is_name = node.body.is_empty() || in_programme() || !self.names(node, index).is_empty();
        node.title.is_some() && is_name && self.outline.children(index).all(|n| self.is_title(n))
    }

    fn section(&self, index: usize) -> Vec<Topic> {
        let body = self.first_sentence(self.outline.nodes[index].body);
        // What lists its fields in its own line has none below, where other statements may go on.
        let said = if self.outline.nodes[index].opens { vec![] } else { self.list(body, index) };
        if said.len() > 1 {
            return said;
        }
        let items = self.items(index);
        if !items.is_empty() {
            return items;
        }
        let below = self.outline.children(index).filter(|n| self.outline.nodes[*n].title.is_none()).map(|n| self.outline.nodes[n].span);
        // A sentence that asks for something lists nothing.
        let asks =
            |words: &str| words.ends_with(STOP) && self.tables.lexicon.list(List::Asks).iter().any(|word| words.contains(word.as_str()));
        let below = below.filter(|span| !span.of(self.text).ends_with(COMMA) && !asks(span.of(self.text)));
        let listed: Vec<Topic> = std::iter::once(body).chain(below).flat_map(|span| self.list(span, index)).collect();
        if !listed.is_empty() {
            return listed;
        }
        let phrases = self.phrases(body, index, COMMA);
        if phrases.is_empty() { self.labelled(index) } else { phrases }
    }

    /// The labels below a section, where each of several has its own list.
    fn labelled(&self, index: usize) -> Vec<Topic> {
        let topic = |n: usize| {
            let node = &self.outline.nodes[n];
            let topics = self.list(self.first_sentence(node.body), n);
            node.title.filter(|_| node.class.is_none() && topics.len() > 1).map(|span| Topic { span, topics, node: n })
        };
        let labels: Option<Vec<Topic>> = self.outline.children(index).map(topic).collect();
        labels.filter(|labels| labels.len() > 1).unwrap_or_default()
    }

    /// The items with ordinals below a section, each with those below it; a paragraph may stand before them that says so.
    fn items(&self, index: usize) -> Vec<Topic> {
        let has_ordinal = |n: &usize| self.outline.nodes[*n].marker.is_some();
        // What bears the title of a programme elsewhere is read for itself.
        let words = |n: usize| self.outline.nodes[n].title.map_or("", |title| title.of(self.text));
        let bears_title = |n: &usize| self.outline.nodes[*n].of.is_some_and(|of| words(*n).starts_with(words(of)));
        let own = || self.outline.children(index).filter(|n| !bears_title(n));
        let items: Vec<Topic> = own().filter(has_ordinal).filter_map(|n| self.item(n)).flat_map(|item| self.parted(item)).collect();
        if !items.is_empty() {
            return items;
        }
        let lists_itself = |n: &usize| self.outline.nodes[*n].class == Some("fields");
        own().filter(|n| !has_ordinal(n) && !lists_itself(n)).flat_map(|n| self.items(n)).collect()
    }

    fn item(&self, index: usize) -> Option<Topic> {
        let node = &self.outline.nodes[index];
        let span = self.without_note(node.title.unwrap_or_else(|| self.trimmed(node.body)));
        if span.is_empty() || span.of(self.text).chars().count() > 2 * LONGEST {
            return None;
        }
        let mut topics = self.items(index);
        if topics.is_empty() && node.title.is_some() {
            let texts = self.outline.children(index).map(|n| self.outline.nodes[n].span);
            topics = std::iter::once(node.body).chain(texts).flat_map(|span| self.enumeration(span, index)).collect();
            topics = if topics.is_empty() { self.phrases(node.body, index, COMMA) } else { topics };
            topics = if topics.is_empty() { self.names(node, index) } else { topics };
        }
        Some(Topic { span, topics, node: index })
    }

    /// A field, or the several that semicolons part in the cell of a table.
    fn parted(&self, topic: Topic) -> Vec<Topic> {
        let parts = self.split(topic.span, ';');
        let is_name =
            |part: &Span<Normal>| part.of(self.text).chars().nth(LONGEST).is_none() && !part.of(self.text).contains([STOP, ':', COMMA]);
        if parts.len() < 2 || !topic.topics.is_empty() || !parts.iter().all(is_name) {
            return vec![topic];
        }
        parts.into_iter().map(|span| Topic { span, ..topic.clone() }).collect()
    }

    /// The fields that stand behind the colon of a title.
    fn names(&self, node: &Node, index: usize) -> Vec<Topic> {
        let behind_colon = node.title.is_some_and(|title| self.text[title.end..].starts_with(':'));
        behind_colon.then(|| self.list(node.body, index)).filter(|names| names.len() > 1).unwrap_or_default()
    }

    /// Titles parted by semicolons, with no sentence among them.
    fn enumeration(&self, span: Span<Normal>, node: usize) -> Vec<Topic> {
        if !span.of(self.text).contains(';') {
            return vec![];
        }
        let parts = self.split(self.trimmed(span), ';');
        let plain = |s: &Span<Normal>| s.of(self.text).chars().count() <= LONGEST && !s.of(self.text).contains([COMMA, STOP]);
        if parts.len() < 3 || !parts.iter().all(plain) {
            return vec![];
        }
        parts.into_iter().map(|span| Topic { span, topics: vec![], node }).collect()
    }

    /// Names parted by one sign and no other: no verb opens one, as it would in a sentence.
    fn phrases(&self, span: Span<Normal>, node: usize, sign: char) -> Vec<Topic> {
        let span = self.trimmed(span);
        let is_other = |c: char| c != sign && matches!(c, STOP | ';' | ':' | COMMA);
        if !span.of(self.text).contains(sign) || span.of(self.text).contains(is_other) {
            return vec![];
        }
        let parts = self.split(span, sign);
        if parts.len() < 2 || !parts.iter().all(|part| self.is_name(*part)) {
            return vec![];
        }
        parts.into_iter().map(|span| Topic { span, topics: vec![], node }).collect()
    }

    /// Short, and no verb opens it, as it would a sentence.
    fn is_name(&self, part: Span<Normal>) -> bool {
        let words = part.of(self.text);
        let mut lists =
            [List::States, List::Verb, List::Focus, List::NoField, List::Does].into_iter().map(|list| self.tables.lexicon.list(list));
        (2..=PHRASE).contains(&words.chars().count()) && !lists.any(|list| list.iter().any(|verb| words.starts_with(verb)))
    }

    /// A section on what is to be done whose items are names of fields: no work is named.
    fn lists_names(&self, index: usize) -> bool {
        let works = self.tables.lexicon.list(List::Work);
        let is_field = |n: usize| {
            let node = &self.outline.nodes[n];
            let title = node.title.filter(|_| node.marker.is_some() && node.body.is_empty());
            title.is_some_and(|title| self.is_name(title) && works.closing(title.of(self.text)).next().is_none())
        };
        let mut items = self.outline.children(index).peekable();
        items.peek().is_some() && items.all(is_field)
    }

    /// A list in one paragraph. What stands behind the colon of a part is its own list.
    fn list(&self, span: Span<Normal>, node: usize) -> Vec<Topic> {
        let (span, mut parts) = self.parts(span);
        let mut behind = vec![vec![]; parts.len()];
        for (part, behind) in parts.iter_mut().zip(&mut behind).filter(|_| span.of(self.text).contains(';')) {
            if let Some(colon) = part.of(self.text).find(':') {
                let (rest, names) = self.parts(Span::new(part.start + colon + 1, part.end));
                *behind = self.named(rest, names, node);
                part.end = if behind.is_empty() { part.end } else { part.start + colon };
            }
        }
        let mut topics = self.named(span, parts, node);
        topics.iter_mut().zip(behind).for_each(|(topic, behind)| topic.topics = behind);
        topics
    }

    /// The parts of a list: at ; where there is one, else at 、.
    fn parts(&self, span: Span<Normal>) -> (Span<Normal>, Vec<Span<Normal>>) {
        let span = self.without_closing(self.trimmed(span));
        let separator = if span.of(self.text).contains(';') { ';' } else { PAUSE };
        (span, self.split(span, separator))
    }

    /// The parts as fields; none where one of them is no name of a field.
    fn named(&self, span: Span<Normal>, parts: Vec<Span<Normal>>, node: usize) -> Vec<Topic> {
        let plain = |s: &Span<Normal>| {
            let words = s.of(self.text);
            (2..=LONGEST).contains(&words.chars().count()) && !words.contains([STOP, ':']) && comma_outside_brackets(words).is_none()
        };
        let opens_wrong = self.tables.lexicon.list(List::NoField).iter().any(|w| span.of(self.text).starts_with(w.as_str()));
        let ends_wrong = self.tables.lexicon.list(List::NoFieldEnd).closing(span.of(self.text)).next().is_some();
        let is_place = |part: &Span<Normal>| self.tables.lexicon.is_place(part.of(self.text));
        if span.is_empty() || opens_wrong || ends_wrong || !parts.iter().all(plain) || parts.first().is_some_and(is_place) {
            return vec![];
        }
        self.last_in_two(parts).into_iter().map(|span| Topic { span, topics: vec![], node }).collect()
    }

    /// The last of several parts may join two by a conjunction (…、信息技术及农业食品科技).
    fn last_in_two(&self, mut parts: Vec<Span<Normal>>) -> Vec<Span<Normal>> {
        let joins = self.tables.lexicon.list(List::ListJoin);
        let Some(last) = parts.last().copied().filter(|_| parts.len() > 2) else { return parts };
        let words = last.of(self.text);
        let cut = joins.iter().find_map(|join| words.find(join.as_str()).map(|at| (at, join.len())));
        let long = |s: &str| s.chars().count() >= 3;
        if let Some((at, length)) = cut.filter(|(at, length)| long(&words[..*at]) && long(&words[at + length..])) {
            parts.pop();
            parts.push(Span::new(last.start, last.start + at));
            parts.push(Span::new(last.start + at + length, last.end));
        }
        parts
    }

    /// Lists inside the sentences of a piece, by the rows of the tables.
    fn in_sentences(&self, index: usize, mentions: &[super::Mention]) -> Vec<Topic> {
        let mut out = Vec::new();
        let first = self.sentences.partition_point(|(section, _)| *section < index);
        for &(_, sentence) in self.sentences[first..].iter().take_while(|(section, _)| *section == index) {
            let is_under = |class: &String| self.outline.classes(index).any(|held| held == class);
            let held = |row: &&crate::table::Line| row.under.is_empty() || row.under.iter().any(is_under);
            let near = self.segmented.near_words(sentence);
            let mut rows = self.tables.topics.among(&near).map(|(_, row)| row).filter(held).peekable();
            if rows.peek().is_none() {
                continue;
            }
            let mut masks = Masks::default();
            let masked = masks.add(self.text, sentence, super::mentions_in(mentions, sentence), false);
            let view = masks.reading(masked, None);
            for row in rows {
                let Some(list) = row.captures(view.text).and_then(|c| c.name("list").map(|m| m.range())) else { continue };
                out.extend(self.list(view.back(list), index));
                break;
            }
        }
        out
    }

    fn trimmed(&self, span: Span<Normal>) -> Span<Normal> {
        let words = span.of(self.text);
        let sign = |c: char| matches!(c, STOP | ';' | COMMA | ':' | ' ' | PAUSE);
        let start = span.start + (words.len() - words.trim_start_matches(sign).len());
        Span::new(start, start + words.trim_matches(sign).len())
    }

    /// Without an ordinal at its start: （1）生命健康；（2）新材料.
    fn without_ordinal(&self, span: Span<Normal>) -> Span<Normal> {
        let words = span.of(self.text);
        let number = self.tables.ordinals.first(words).and_then(|row| Some(row.pattern.captures_at(words, 0)?.name("number")?.end()));
        number.map_or(span, |end| self.trimmed(Span::new(span.start + end, span.end)))
    }

    /// Without a note at its end that speaks of codes, in brackets or behind a comma: 海洋环境（申请代码1选择D06）.
    fn without_note(&self, span: Span<Normal>) -> Span<Normal> {
        let words = span.of(self.text);
        let in_brackets = words.ends_with(')').then(|| words.rfind('(')).flatten();
        let notes = self.tables.lexicon.list(List::Note);
        let is_note = |at: &usize| *at > 0 && notes.iter().any(|note| words[*at..].contains(note.as_str()));
        let note = in_brackets.filter(is_note).or_else(|| comma_outside_brackets(words).filter(is_note));
        note.map_or(span, |at| Span::new(span.start, span.start + at))
    }

    /// What stands before the first full stop: the list, where other statements go on in its paragraph.
    fn first_sentence(&self, span: Span<Normal>) -> Span<Normal> {
        span.of(self.text).find(STOP).map_or(span, |at| Span::new(span.start, span.start + at))
    }

    /// Without `等前沿领域`, `等`, `领域` at the end.
    fn without_closing(&self, span: Span<Normal>) -> Span<Normal> {
        let words = span.of(self.text);
        let kinds = self.tables.lexicon.list(List::KindOfField);
        let is_end = |at: &usize| words[*at..].chars().nth(CLOSING).is_none() && kinds.closing(&words[*at..]).next().is_some();
        if let Some(at) = self.tables.lexicon.list(List::AndOthers).iter().find_map(|others| words.rfind(others.as_str()).filter(is_end)) {
            return Span::new(span.start, span.start + at);
        }
        let endings = self.tables.lexicon.list(List::ListEnd);
        let ending = endings.iter().filter(|e| words.ends_with(e.as_str())).map(|e| e.len()).max().unwrap_or(0);
        Span::new(span.start, span.end - ending)
    }

    /// Parts at `separator` outside brackets, trimmed.
    fn split(&self, span: Span<Normal>, separator: char) -> Vec<Span<Normal>> {
        let (mut depth, mut start, mut out) = (0i32, span.start, Vec::new());
        for (at, c) in span.of(self.text).char_indices() {
            match c {
                '(' | OPEN_QUOTE | OPEN_TITLE => depth += 1,
                ')' | CLOSE_QUOTE | CLOSE_TITLE => depth -= 1,
                c if c == separator && depth <= 0 => {
                    out.push(Span::new(start, span.start + at));
                    start = span.start + at + c.len_utf8();
                }
                _ => {}
            }
        }
        out.push(Span::new(start, span.end));
        out.into_iter().map(|s| self.without_ordinal(self.trimmed(s))).filter(|s| !s.is_empty()).collect()
    }
}

fn comma_outside_brackets(words: &str) -> Option<usize> {
    let mut depth = 0i32;
    words.find(|c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth <= 0 && c == COMMA
    })
}
