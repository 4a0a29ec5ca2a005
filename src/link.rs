//! Stage 5: which programme and subject each fact belongs to. In: `Outline`, `Vec<Fact>`. Out: the facts, each with the index of
//! its programme's node and the reason. Never drops a fact; where two places compete, the fact says so.

use aho_corasick::AhoCorasick;

use crate::extract::Fact;
use crate::outline::Outline;
use crate::sign::{PAUSE, STOP};
use crate::span::{Normal, Span, within};
use crate::table::Tables;

/// A fact and the node of the programme that it stands on (0 is the call itself).
#[derive(Debug, Clone)]
pub struct Linked {
    pub programme: usize,
    pub fact: Fact,
}

/// Gives every fact its programme.
pub fn link(outline: &Outline, facts: Vec<Fact>, text: &str, tables: &Tables) -> Vec<Linked> {
    let linker = Linker { outline, text, tables, named: named(outline, text) };
    facts.into_iter().map(|fact| linker.place(fact)).collect()
}

struct Linker<'a> {
    outline: &'a Outline,
    text: &'a str,
    tables: &'a Tables,
    /// Every place of the text that bears the title of a programme, by where it begins.
    named: Vec<Named>,
}

/// A stretch of text that names a programme.
#[derive(Clone, Copy)]
struct Named {
    node: usize,
    span: Span<Normal>,
}

/// Titles of fewer characters are ordinary words.
const TITLE: usize = 4;

fn named(outline: &Outline, text: &str) -> Vec<Named> {
    let title = |(node, n): (usize, &crate::outline::Node)| Some((node, n.title.filter(|_| n.programme)?.of(text)));
    let titles: Vec<(usize, &str)> =
        outline.nodes.iter().enumerate().filter_map(title).filter(|(_, t)| t.chars().count() >= TITLE).collect();
    let Ok(finder) = AhoCorasick::new(titles.iter().map(|(_, title)| title)) else { return vec![] };
    let found = finder.find_overlapping_iter(text);
    let mut named: Vec<Named> = found.map(|hit| Named { node: titles[hit.pattern().as_usize()].0, span: within(0, hit.range()) }).collect();
    named.sort_by_key(|n| (n.span.start, std::cmp::Reverse(n.span.end), n.node));
    named
}

/// A subject of so few characters that ends in a word for money names the money and no one.
const SHORT: usize = 8;

impl Linker<'_> {
    fn place(&self, mut fact: Fact) -> Linked {
        let home = self.outline.programme_of(fact.node);
        if let Some(programme) = self.by_row(home, fact.node) {
            fact.why = "its row names the programme".into();
            return Linked { programme, fact };
        }
        let by_subject = fact.subject.and_then(|subject| self.by_subject(home, subject));
        if let Some(node) = by_subject {
            let (other, _) = self.by_name(home, &mut fact.clone());
            if other != node && other != home && !self.outline.chain(node).any(|n| n == other) {
                fact.rival = Some(format!("the sentence names {} too", self.title_of(other)));
            }
            fact.why = "its subject is the programme's title".into();
            return Linked { programme: node, fact };
        }
        fact.applies_to = fact.applies_to.take().or_else(|| fact.subject.and_then(|s| self.subject_words(s)));
        let (programme, why) = self.by_name(home, &mut fact);
        fact.why = why;
        Linked { programme, fact }
    }

    /// The programme whose title the row of a table bears.
    fn by_row(&self, home: usize, node: usize) -> Option<usize> {
        let title = self.outline.nodes[self.outline.row_of(node)?].title?;
        let named = self.named.iter().find(|named| named.span == title)?;
        self.outline.chain(named.node).any(|above| above == home).then_some(named.node)
    }

    fn title_of(&self, node: usize) -> &str {
        self.outline.nodes[node].title.map_or("", |title| title.of(self.text))
    }

    /// The programme below `home` that the subject's words name.
    fn by_subject(&self, home: usize, subject: Span<Normal>) -> Option<usize> {
        self.named_in(home, subject).last().map(|named| named.node)
    }

    /// The subject as written, unless it names no one in particular.
    fn subject_words(&self, subject: Span<Normal>) -> Option<String> {
        let words = subject.of(self.text).trim_matches(|c: char| c.is_whitespace() || c == ':' || c == PAUSE);
        let listed = self.tables.lexicon.list("generic").iter().any(|w| w == words);
        let ends = || self.tables.lexicon.list("generic_end").iter().any(|w| words.ends_with(w.as_str()));
        let generic = listed || words.chars().count() <= SHORT && ends();
        (!generic && words.chars().filter(|c| c.is_alphanumeric()).count() >= 2).then(|| words.to_string())
    }

    /// The nearest programme below `home` that the sentence, else the head of the paragraph, names.
    fn by_name(&self, home: usize, fact: &mut Fact) -> (usize, String) {
        let node = &self.outline.nodes[fact.node];
        let start =
            self.text[node.span.start..fact.core.start].rfind(STOP).map_or(node.span.start, |i| node.span.start + i + STOP.len_utf8());
        let named = self.named_in(home, Span::new(start, fact.core.start));
        let named = self.last_list(named);
        match named.as_slice() {
            [] => {}
            [one] => return (one.node, "the sentence names the programme".into()),
            several => {
                let words = Span::new(several[0].span.start, several[several.len() - 1].span.end);
                let common = self.common(home, several);
                if !self.are_all_below(common, several) {
                    fact.applies_to.get_or_insert_with(|| words.of(self.text).to_string());
                }
                return (common, "the sentence names several programmes; this is their common parent".into());
            }
        }
        let body = node.body.start.max(node.span.start);
        let head = self.text[body..node.span.end].char_indices().nth(24).map_or(node.span.end, |(i, _)| body + i);
        if fact.core.start > head && node.title.is_none() {
            let named = self.named_in(home, Span::new(body, self.clause_end(head, node.span.end)));
            if let [one] = named.as_slice()
                && self.text[body..one.span.start].chars().count() <= 6
            {
                return (one.node, "the paragraph opens with the programme".into());
            }
        }
        let why = if home == 0 { "said of the call as a whole" } else { "stands in the programme's section" };
        (home, why.into())
    }

    fn clause_end(&self, from: usize, end: usize) -> usize {
        self.text[from..end].char_indices().find(|(_, c)| *c == STOP).map_or(end, |(i, _)| from + i)
    }

    /// Titles of programmes below `home` in `span`, in text order; a longer title hides the shorter ones inside it, and of a
    /// programme and its child named together the child stays.
    fn named_in(&self, home: usize, span: Span<Normal>) -> Vec<Named> {
        let from = self.named.partition_point(|n| n.span.start < span.start);
        let below = |node: usize| node != home && self.outline.chain(node).any(|n| n == home);
        let inside = self.named[from..].iter().take_while(|n| n.span.start < span.end).filter(|n| n.span.end <= span.end && below(n.node));
        let mut all: Vec<Named> = inside.copied().collect();
        all.sort_by_key(|n| (std::cmp::Reverse(n.span.end - n.span.start), n.node));
        let mut found: Vec<Named> = Vec::new();
        for named in all {
            if found.iter().all(|f| !f.span.overlaps(&named.span)) {
                found.push(named);
            }
        }
        found.sort_by_key(|f| f.span.start);
        let above = |a: usize, b: usize| a != b && self.outline.chain(b).any(|n| n == a);
        let nodes: Vec<usize> = found.iter().map(|f| f.node).collect();
        found.retain(|f| !nodes.iter().any(|other| above(f.node, *other)));
        found
    }

    /// The last enumeration of programmes: those joined by nothing but a few characters.
    fn last_list(&self, mut named: Vec<Named>) -> Vec<Named> {
        let mut from = named.len().saturating_sub(1);
        while from > 0 && self.text[named[from - 1].span.end..named[from].span.start].chars().count() <= 2 {
            from -= 1;
        }
        named.drain(..from);
        named.dedup_by_key(|n| n.node);
        named
    }

    /// Whether `named` are all the programmes right below `node`: then the fact is said of the whole.
    fn are_all_below(&self, node: usize, named: &[Named]) -> bool {
        let programmes = self.outline.below(node).filter(|n| self.outline.nodes[*n].programme);
        let below = programmes.filter(|n| self.outline.programme_of(self.outline.nodes[*n].parent) == node);
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
