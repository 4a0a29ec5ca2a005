//! Stage 5: which programme and subject each fact belongs to. In: `Outline`, the facts. Out: in each the index of its programme's
//! node and the reason. Never drops a fact; where two places compete, the fact says so.

use std::collections::{BTreeMap, BTreeSet};

use crate::extract::Fact;
use crate::outline::{BEGINNING, Outline, Titles, without_bracket};
use crate::sign::{COMMA, PAUSE, STOP};
use crate::span::{Normal, Span, before};
use crate::table::{FactKind, Line, List, Tables};

/// Gives every fact its programme.
pub fn link(outline: &Outline, facts: &mut [Fact], titles: &Titles, text: &str, tables: &Tables) {
    let programmes = (1..outline.nodes.len()).filter(|n| outline.nodes[*n].programme);
    let programmes = Some(programmes.take(MANY + 1).collect::<Vec<_>>()).filter(|all| all.len() <= MANY).unwrap_or_default();
    let linker = Linker { outline, text, tables, titles, ends: ends(outline), numbers: numbers(outline), programmes };
    for facts in facts.chunk_by_mut(|one, next| one.node == next.node) {
        let home = linker.home(facts[0].node);
        let sums_up = facts.iter().any(|fact| matches!(fact.role, Some("total" | "topic_total")));
        let home = if sums_up { linker.home_of_sum(home, facts[0].node) } else { home };
        let mut periods = facts.iter().filter(|fact| fact.kind == FactKind::Period);
        let only = periods.next().filter(|_| periods.next().is_none()).map(|period| period.core);
        for fact in facts {
            let is_only = only == Some(fact.core);
            (fact.programme, fact.why) = linker.place(home, fact, is_only);
        }
    }
}

struct Linker<'a> {
    outline: &'a Outline,
    text: &'a str,
    tables: &'a Tables,
    titles: &'a Titles<'a>,
    /// The node after the last one below each node.
    ends: Vec<usize>,
    /// The programmes by their numbers of several parts.
    numbers: BTreeMap<&'a [u32], Vec<usize>>,
    /// The programmes; none where they are too many for short names to tell them apart.
    programmes: Vec<usize>,
}

/// A stretch of text that names a programme.
#[derive(Clone, Copy)]
struct Named {
    node: usize,
    span: Span<Normal>,
}

/// How far back a sentence is read, in bytes; what goes on longer without a full stop is a list.
const REACH: usize = 12_000;

/// Of more programmes short names tell none.
const MANY: usize = 64;
/// Fewer characters are no name of a programme, in short.
const SHORT_NAME: usize = 4;

fn ends(outline: &Outline) -> Vec<usize> {
    let mut ends: Vec<usize> = (1..=outline.nodes.len()).collect();
    for node in (1..ends.len()).rev() {
        let parent = outline.nodes[node].parent;
        ends[parent] = ends[parent].max(ends[node]);
    }
    ends
}

fn numbers(outline: &Outline) -> BTreeMap<&[u32], Vec<usize>> {
    let mut numbers: BTreeMap<&[u32], Vec<usize>> = BTreeMap::new();
    for (node, piece) in outline.nodes.iter().enumerate().filter(|(_, piece)| piece.programme) {
        let parts = piece.marker.as_ref().map(|marker| marker.parts.as_slice()).filter(|parts| parts.len() > 1);
        parts.into_iter().for_each(|parts| numbers.entry(parts).or_default().push(node));
    }
    numbers
}

fn distinct(mut named: Vec<Named>) -> Vec<Named> {
    named.dedup_by_key(|named| named.node);
    named
}

/// A subject of so few characters that ends in a word for money names the money and no one.
const SHORT: usize = 8;

impl Linker<'_> {
    /// The programme of a fact, and why it is the one; `is_only` of the only period of its paragraph.
    fn place(&self, home: usize, fact: &mut Fact, is_only: bool) -> (usize, &'static str) {
        if let Some(programme) = self.by_row(fact.node) {
            return (programme, "its row names the programme");
        }
        let by_subject = fact.subject.and_then(|subject| self.by_subject(home, subject));
        if let Some(node) = by_subject {
            let (other, _) = self.by_name(home, &mut fact.clone(), false);
            if other != node && other != home && !self.outline.chain(node).any(|n| n == other) {
                fact.rival = Some(format!("the sentence names {} too", self.title_of(other)));
            }
            // Its part of the whole is all of its own.
            fact.role = fact.role.map(|role| if role == "topic_total" { "total" } else { role });
            return (node, "its subject is the programme's title");
        }
        fact.applies_to = fact.applies_to.take().or_else(|| fact.subject.and_then(|s| self.subject_words(s)));
        let (programme, why) = self.by_name(home, fact, is_only);
        if programme != home {
            return (programme, why);
        }
        if let Some(node) = self.by_label(home, fact.node) {
            return (node, "its label is a short name of the programme");
        }
        let spoken_of = self.outline.programme_of(fact.node);
        if home == self.outline.inside(fact.node) && spoken_of != home {
            return (spoken_of, "the heading of its section opens with the programme's title");
        }
        fact.applies_to = fact.applies_to.take().or_else(|| self.column(fact));
        (home, why)
    }

    /// What the column of a table limits, where its head says more than that it limits.
    fn column(&self, fact: &Fact) -> Option<String> {
        let row = self.outline.row_of(fact.node).filter(|_| fact.kind == FactKind::Quotas)?;
        let label = self.outline.chain(fact.node).find_map(|n| self.outline.nodes[n].title)?.of(self.text);
        let head = label.strip_suffix(self.outline.nodes[row].title?.of(self.text))?.trim_end();
        (!head.is_empty() && self.tables.attributes.first(head).is_none()).then(|| head.to_string())
    }

    /// The one programme below `home` of which the nearest label is a short name: the end of its title, its title and the word of a series,
    /// or without it. In the row of a table such a name is the head of a column and opens the label of its cell.
    fn by_label(&self, home: usize, node: usize) -> Option<usize> {
        let label = self.outline.chain(node).take_while(|n| *n != home).find(|n| self.outline.nodes[*n].title.is_some())?;
        let label = Some(&self.outline.nodes[label]).filter(|label| label.marker.is_none() && label.class.is_none())?.title?.of(self.text);
        let series = self.tables.lexicon.list(List::Numbered);
        let is_long = |name: &str| name.chars().count() >= SHORT_NAME;
        let row = self.outline.row_of(node);
        let opens = |name: &str| is_long(name) && if row.is_some() { label.starts_with(name) } else { label == name };
        // Behind the head of its column stands the name of the row.
        let label = row.and_then(|row| label.strip_suffix(self.title_of(row))).map_or(label, str::trim_end);
        let is_short_for = |title: &str| {
            title == label
                || title.ends_with(label) && is_long(label)
                || label.strip_prefix(title).is_some_and(|rest| series.iter().any(|word| word == rest))
                || series.iter().any(|word| title.strip_suffix(word.as_str()).is_some_and(opens))
        };
        let below = self.programmes.iter().filter(|n| (home + 1..self.ends[home]).contains(*n));
        let mut called = below.copied().filter(|n| is_short_for(self.title_of(*n)));
        called.next().filter(|_| called.next().is_none())
    }

    /// The programme in whose section a node stands; a paragraph that opens with all of those that are beside each other speaks of the one
    /// above them, one that opens with “this” and the word of a series of the nearest one that is numbered so, and one that opens with the
    /// title of a programme above of that one.
    fn home(&self, node: usize) -> usize {
        let (home, piece) = (self.outline.inside(node), &self.outline.nodes[node]);
        if let Some(of_kind) = self.this_one(home, piece.span) {
            return of_kind;
        }
        if let Some(above) = self.titled_above(home, piece.span).filter(|_| piece.marker.is_none()) {
            return above;
        }
        // A paragraph, or the label that it stands under.
        let pieces = || self.outline.chain(node).take_while(|n| *n != home).map(|n| &self.outline.nodes[n]);
        let plain = || pieces().filter(|piece| piece.marker.is_none()).flat_map(|piece| [piece.span, piece.body]);
        let opens = |row: &Line| row.class == "all" && plain().any(|span| row.is_match(span.of(self.text)));
        let of_all = home != 0 && self.tables.contexts.iter().any(opens);
        if of_all { self.outline.inside(self.outline.nodes[home].parent) } else { home }
    }

    /// The programme of a paragraph that tells a sum: where it names one beside its own, it speaks of the one above.
    fn home_of_sum(&self, home: usize, node: usize) -> usize {
        let piece = &self.outline.nodes[node];
        let above = self.outline.inside(self.outline.nodes[home].parent);
        let is_plain = home != 0 && piece.parent == home && piece.marker.is_none() && piece.title.is_none();
        let names_other = |named: &Named| !self.outline.chain(named.node).any(|n| n == home);
        if is_plain && self.named_in(above, piece.span).iter().any(names_other) { above } else { home }
    }

    fn titled_above(&self, home: usize, piece: Span<Normal>) -> Option<usize> {
        let (_, title) = self.titles_in(piece).next().filter(|(named, _)| named.start == piece.start)?;
        self.outline.chain(home).skip(1).find(|n| self.titles.nodes(*title).contains(n))
    }

    fn this_one(&self, home: usize, piece: Span<Normal>) -> Option<usize> {
        let (words, lexicon) = (piece.of(self.text), &self.tables.lexicon);
        let rest = lexicon.list(List::This).iter().find_map(|this| words.strip_prefix(this.as_str()))?;
        let kind = lexicon.list(List::Numbered).iter().filter(|kind| rest.starts_with(kind.as_str())).max_by_key(|kind| kind.len())?;
        let is_of_kind =
            |n: &usize| self.outline.nodes[*n].marker.as_ref().is_some_and(|marker| marker.number.of(self.text).contains(kind.as_str()));
        self.outline.chain(home).filter(|n| self.outline.nodes[*n].programme).find(is_of_kind)
    }

    /// The programme whose title, or the beginning of it that no other has, or number of several parts the row of a table bears; the table may
    /// stand behind the last of them, in its section.
    fn by_row(&self, node: usize) -> Option<usize> {
        let title = self.outline.nodes[self.outline.row_of(node)?].title?;
        if let Some((_, named)) = self.titles_in(title).find(|(span, _)| *span == title) {
            return self.titles.nodes(*named).first().copied();
        }
        let name = title.of(self.text);
        let name = without_bracket(name).map_or(name, |(bare, _)| bare);
        if name.chars().nth(BEGINNING - 1).is_some() {
            let mut called = self.programmes.iter().filter(|n| self.title_of(**n).starts_with(name));
            if let (Some(one), None) = (called.next(), called.next()) {
                return Some(*one);
            }
        }
        let number = name.split('.').map(|part| part.parse().ok()).collect::<Option<Vec<u32>>>()?;
        match self.numbers.get(number.as_slice())?.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    fn title_of(&self, node: usize) -> &str {
        self.outline.nodes[node].title.map_or("", |title| title.of(self.text))
    }

    /// The programme below `home` that the subject's words name; of an enumeration none is the one.
    fn by_subject(&self, home: usize, subject: Span<Normal>) -> Option<usize> {
        match self.last_list(self.named_in(home, subject)).as_slice() {
            [one] => Some(one.node),
            _ => None,
        }
    }

    /// The subject as written, unless it names no one in particular.
    fn subject_words(&self, subject: Span<Normal>) -> Option<String> {
        let words = subject.of(self.text).trim_matches(|c: char| c.is_whitespace() || c == ':' || c == PAUSE);
        let listed = self.tables.lexicon.list(List::Generic).iter().any(|w| w == words);
        let ends = || self.tables.lexicon.list(List::GenericEnd).closing(words).next().is_some();
        let generic = listed || words.chars().count() <= SHORT && ends();
        (!generic && words.chars().filter(|c| c.is_alphanumeric()).nth(1).is_some()).then(|| words.to_string())
    }

    /// The nearest programme below `home` that the sentence, else the head of the paragraph, names.
    fn by_name(&self, home: usize, fact: &mut Fact, is_only: bool) -> (usize, &'static str) {
        let node = &self.outline.nodes[fact.node];
        let in_section = (home, if home == 0 { "said of the call as a whole" } else { "stands in the programme's section" });
        if self.titles_in(node.span).next().is_none() {
            return in_section;
        }
        let from = before(self.text, fact.core.start, REACH).max(node.span.start);
        let start = self.text[from..fact.core.start].rfind(STOP).map_or(from, |i| from + i + STOP.len_utf8());
        let part = self.text[start..fact.core.start].rfind(';').map_or(start, |i| start + i + 1);
        let of_anyone = fact.kind == FactKind::Quotas && self.opens(part, List::Anyone);
        let start = if of_anyone { part } else { start };
        let mut named = self.named_in(home, Span::new(start, fact.core.start));
        named.retain(|named| named.span.start >= part || !self.stands_behind(named, List::Among));
        let sums_up = |from: usize| {
            self.tables.lexicon.list(List::SumsUp).iter().any(|word| self.text[from..fact.core.start].contains(word.as_str()))
        };
        // Of a target of the whole, what is counted is no one it is said of.
        let is_of_whole = fact.kind == FactKind::Kpis && fact.scope == Some("programme");
        let is_counted = |named: &Named| is_of_whole && self.text[named.span.end..].starts_with(|c: char| c.is_ascii_digit());
        named.retain(|named| !sums_up(named.span.end) && !is_counted(named));
        // One period behind several that each are given something is that of all.
        let clause = self.text[..fact.core.start].rfind(COMMA).filter(|comma| is_only && *comma > part);
        let is_of_all = clause.is_some_and(|clause| named.iter().all(|named| (part..clause).contains(&named.span.start)));
        let named = if is_of_all { distinct(named) } else { self.last_list(named) };
        match named.as_slice() {
            [] => {}
            [first, ..] if self.is_left_out(first) => {}
            [one] if self.is_among_things(one) => {}
            [one] => return (one.node, "the sentence names the programme"),
            several => {
                let words = Span::new(several[0].span.start, several[several.len() - 1].span.end);
                let common = self.common(home, several);
                if !self.are_all_below(common, several) {
                    fact.applies_to.get_or_insert_with(|| words.of(self.text).to_string());
                }
                return (common, "the sentence names several programmes; this is their common parent");
            }
        }
        let body = node.body.start.max(node.span.start);
        let head = self.text[body..node.span.end].char_indices().nth(24).map_or(node.span.end, |(i, _)| body + i);
        if fact.core.start > head && node.title.is_none() {
            let named = self.named_in(home, Span::new(body, self.clause_end(head, node.span.end).min(fact.core.start)));
            let is_of_all =
                |one: &Named| self.named_in(home, Span::new(one.span.end, fact.core.start)).iter().all(|other| other.node == one.node);
            if let [one] = named.as_slice()
                && !self.is_left_out(one)
                && !is_counted(one)
                && is_of_all(one)
                && self.text[body..one.span.start].chars().count() <= 6
            {
                return (one.node, "the paragraph opens with the programme");
            }
        }
        in_section
    }

    /// It is named as what the sentence does not speak of.
    fn is_left_out(&self, named: &Named) -> bool {
        self.stands_behind(named, List::LeavesOut) || self.opens(named.span.end, List::LeftOut)
    }

    /// It is named as one of several things that are no programmes, and of which nothing is counted on the way.
    fn is_among_things(&self, named: &Named) -> bool {
        let before = self.text[..named.span.start].strip_suffix(PAUSE);
        let thing = before.and_then(|before| before.rsplit([PAUSE, COMMA, STOP, ';', ':']).next());
        let follows = self.text[named.span.end..].starts_with(PAUSE) || self.opens(named.span.end, List::ListJoin);
        follows || thing.is_some_and(|thing| !thing.contains(|c: char| c.is_ascii_digit()))
    }

    /// A word of the list stands right before the name.
    fn stands_behind(&self, named: &Named, list: List) -> bool {
        self.tables.lexicon.list(list).closing(&self.text[..named.span.start]).next().is_some()
    }

    /// A word of the list stands at byte `at`.
    fn opens(&self, at: usize, list: List) -> bool {
        self.tables.lexicon.list(list).opening(&self.text[at..]).next().is_some()
    }

    fn clause_end(&self, from: usize, end: usize) -> usize {
        let end = before(self.text, end, end.saturating_sub(from + REACH));
        self.text[from..end].find(STOP).map_or(end, |i| from + i)
    }

    /// The places that bear a title and begin in `span`.
    fn titles_in(&self, span: Span<Normal>) -> impl Iterator<Item = &(Span<Normal>, usize)> {
        let from = self.titles.named.partition_point(|(named, _)| named.start < span.start);
        self.titles.named[from..].iter().take_while(move |(named, _)| named.start < span.end)
    }

    /// Titles of programmes below `home` in `span`, in text order; a longer title hides the shorter ones inside it, and of a
    /// programme and its child named together the child stays.
    fn named_in(&self, home: usize, span: Span<Normal>) -> Vec<Named> {
        let inside = self.titles_in(span).filter(|(named, _)| named.end <= span.end);
        let mut all: Vec<Named> =
            inside.filter_map(|(span, title)| Some(Named { node: self.first_below(home, *title)?, span: *span })).collect();
        if all.len() < 2 {
            return all;
        }
        all.sort_by_key(|n| (std::cmp::Reverse(n.span.end - n.span.start), n.node));
        let mut found: BTreeMap<usize, Named> = BTreeMap::new();
        for named in all {
            let last = found.range(..named.span.end).next_back();
            if last.is_none_or(|(_, last)| !last.span.overlaps(&named.span)) {
                found.insert(named.span.start, named);
            }
        }
        let above: BTreeSet<usize> = found.values().flat_map(|named| self.outline.chain(named.node).skip(1)).collect();
        found.into_values().filter(|named| !above.contains(&named.node)).collect()
    }

    /// The first node below `home` with that title.
    fn first_below(&self, home: usize, title: usize) -> Option<usize> {
        let nodes = self.titles.nodes(title);
        nodes.get(nodes.partition_point(|node| *node <= home)).copied().filter(|node| *node < self.ends[home])
    }

    /// The last enumeration of programmes: those joined by nothing but a few characters.
    fn last_list(&self, mut named: Vec<Named>) -> Vec<Named> {
        let mut from = named.len().saturating_sub(1);
        while from > 0 && self.text[named[from - 1].span.end..named[from].span.start].chars().count() <= 2 {
            from -= 1;
        }
        named.drain(..from);
        distinct(named)
    }

    /// Whether `named` are all the programmes right below `node`: then the fact is said of the whole.
    fn are_all_below(&self, node: usize, named: &[Named]) -> bool {
        let programmes = self.outline.below(node).filter(|n| self.outline.nodes[*n].programme);
        let below = programmes.filter(|n| self.outline.inside(self.outline.nodes[*n].parent) == node);
        let mut below = below.peekable();
        below.peek().is_some() && below.all(|n| named.iter().any(|other| other.node == n))
    }

    /// The nearest section that holds all of them.
    fn common(&self, home: usize, named: &[Named]) -> usize {
        let holds_all = |node: &usize| named.iter().all(|n| self.outline.chain(n.node).any(|a| a == *node));
        let above = self.outline.chain(named[0].node).filter(|n| *n == 0 || self.outline.nodes[*n].programme);
        above.into_iter().find(holds_all).unwrap_or(home)
    }
}
