//! Stage 2: words over the same text. In: `Normalised`. Out: `Segmented`, which knows where words begin and end. Never changes a
//! character. The only file that names jieba_rs. Words are cut where somebody asks: most of a text holds nothing that they decide.

use std::cell::RefCell;
use std::collections::BTreeMap;

use jieba_rs::Jieba;

use crate::normalise::Normalised;
use crate::span::{Normal, Span, within};
use crate::table::{List, Marks, Near, Sought, Tables};

/// The dictionary of jieba-rs and the project's own words.
pub struct Segmenter {
    jieba: Jieba,
    /// No word has more characters.
    longest: usize,
}

/// The words that everybody knows, not yet those of the tables: what takes long to load.
pub struct Dictionary(Jieba);

impl Dictionary {
    pub fn load() -> Dictionary {
        Dictionary(Jieba::new())
    }
}

impl Segmenter {
    /// The default dictionary with the words of `tables` added.
    pub fn new(tables: &Tables, Dictionary(mut jieba): Dictionary) -> Segmenter {
        let places = tables.lexicon.places.iter().filter(|(_, place)| place.is_some()).map(|(name, _)| name);
        let mut longest = LONGEST_WORD;
        for word in places.chain(tables.lexicon.list(List::Jieba).iter()) {
            jieba.add_word(word, None, None);
            longest = longest.max(word.chars().count());
        }
        Segmenter { jieba, longest }
    }
}

/// A span, and the rows near it.
type Answer = (Span<Normal>, Near);

/// An answer of `Segmented::near_words` is kept in a place that its span gives: so many for all, one for so many bytes.
const NEARS: usize = 1 << 12;
const NEAR: usize = 1 << 5;

/// No word of the dictionary of jieba-rs 0.8 has more characters.
const LONGEST_WORD: usize = 16;

/// A text and its words.
pub struct Segmented<'n> {
    pub normalised: &'n Normalised,
    segmenter: &'n Segmenter,
    tables: &'n Tables,
    /// Where the words stand that rows of the tables need.
    marks: Marks,
    /// Spans that were asked for, since the stages ask for the same ones; not for all those of a very long text.
    nears: RefCell<Vec<Option<Answer>>>,
    /// The runs that were cut, by where they begin.
    cut: RefCell<BTreeMap<usize, Run>>,
}

/// A run of characters that words are made of.
struct Run {
    end: usize,
    /// Where its words begin, the first left out.
    starts: Vec<usize>,
}

/// The words of a text.
pub fn segment<'n>(normalised: &'n Normalised, segmenter: &'n Segmenter, tables: &'n Tables) -> Segmented<'n> {
    let marks = tables.marks(normalised.text());
    let nears = (normalised.text().len() / NEAR).clamp(1, NEARS);
    Segmented { normalised, segmenter, tables, marks, nears: RefCell::new(vec![None; nears]), cut: RefCell::default() }
}

/// Characters that stand in words of several; any other is a word of its own. These are the runs that jieba cuts one by one.
fn joins(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{2A6DF}')
        || matches!(c, '\u{2A700}'..='\u{2EBEF}' | '\u{2F800}'..='\u{2FA1F}')
        || c.is_ascii_alphanumeric()
        || matches!(c, '+' | '#' | '&' | '.' | '_' | '%' | '-')
}

impl Segmented<'_> {
    pub fn text(&self) -> &str {
        self.normalised.text()
    }

    /// The rows of the tables that may match `span`.
    pub fn near(&self, span: Span<Normal>) -> Near {
        self.tables.near(self.text(), &self.marks, span.range())
    }

    /// Those that read no mention, or are checks.
    pub fn near_words(&self, span: Span<Normal>) -> Near {
        let mut nears = self.nears.borrow_mut();
        let place = (31 * span.start + span.end) % nears.len();
        let kept = nears[place].take().filter(|(kept, _)| *kept == span);
        let (_, near) = kept.unwrap_or_else(|| (span, self.tables.near_words(self.text(), &self.marks, span.range())));
        nears[place].insert((span, near)).1.clone()
    }

    /// Words of one kind by where they end, be they parts of longer ones; `None` where they may be anywhere.
    pub fn sought(&self, what: Sought) -> Option<impl Iterator<Item = Span<Normal>>> {
        Some(self.tables.sought(what, &self.marks)?.map(|range| within(0, range)))
    }

    /// Whether a word begins or ends at byte `at`.
    pub fn is_boundary(&self, at: usize) -> bool {
        let Some((before, after)) = self.text().split_at_checked(at) else { return false };
        let inside = before.chars().next_back().is_some_and(joins) && after.chars().next().is_some_and(joins);
        !inside || self.no_word_holds(at) || self.run_from(at, |_, run| run.starts.binary_search(&at).is_ok())
    }

    /// Whether no word of the dictionary could stand over byte `at`, which is inside a run: then the run is parted there, however it is
    /// cut. Not asked of a run that is cut already, nor between letters and digits, which stand together without a word.
    fn no_word_holds(&self, at: usize) -> bool {
        let (before, after) = self.text().split_at(at);
        let stick = before.ends_with(|c: char| c.is_ascii_alphanumeric()) && after.starts_with(|c: char| c.is_ascii_alphanumeric());
        if stick || self.known(at).is_some() {
            return false;
        }
        let (inside, longest) = (|(_, c): &(usize, char)| joins(*c), self.segmenter.longest - 1);
        let starts = before.char_indices().rev().take_while(inside).take(longest).map(|(start, _)| start);
        let mut ends = Vec::with_capacity(longest);
        ends.extend(after.char_indices().take_while(inside).take(longest).map(|(end, c)| at + end + c.len_utf8()));
        let is_word = |start: usize, end: &usize| self.segmenter.jieba.has_word(&self.text()[start..*end]);
        !starts.zip((0..=longest).rev()).any(|(start, right)| ends.iter().take(right).any(|end| is_word(start, end)))
    }

    /// The word that holds byte `at`, where a character begins.
    pub fn word_at(&self, at: usize) -> Span<Normal> {
        let Some(c) = self.text().get(at..).and_then(|rest| rest.chars().next()) else { return Span::new(at, at) };
        if !joins(c) {
            return Span::new(at, at + c.len_utf8());
        }
        self.run_from(at, |start, run| {
            let next = run.starts.partition_point(|word| *word <= at);
            let word = next.checked_sub(1).map_or(start, |i| run.starts[i]);
            Span::new(word, run.starts.get(next).copied().unwrap_or(run.end))
        })
    }

    /// Asks the run that holds the character at byte `at`, which is cut at the first question.
    fn run_from<T>(&self, at: usize, ask: impl FnOnce(usize, &Run) -> T) -> T {
        let start = self.known(at).unwrap_or_else(|| self.run_around(at).start);
        ask(start, self.cut.borrow_mut().entry(start).or_insert_with(|| self.cut(self.run_around(at))))
    }

    /// Where the run begins that holds the character at byte `at`, if it is cut.
    fn known(&self, at: usize) -> Option<usize> {
        self.cut.borrow().range(..=at).next_back().filter(|(_, run)| run.end > at).map(|(start, _)| *start)
    }

    /// The run that holds the character at byte `at`.
    fn run_around(&self, at: usize) -> Span<Normal> {
        let (before, after) = self.text().split_at(at);
        let start = before.rfind(|c| !joins(c)).map_or(0, |last| self.text().ceil_char_boundary(last + 1));
        Span::new(start, after.find(|c| !joins(c)).map_or(self.text().len(), |end| at + end))
    }

    fn cut(&self, run: Span<Normal>) -> Run {
        let mut at = run.start;
        let ends = self.segmenter.jieba.cut(run.of(self.text()), false).into_iter().map(|word| {
            at += word.len();
            at
        });
        let mut starts: Vec<usize> = ends.collect();
        starts.pop();
        Run { end: run.end, starts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::normalise;

    /// Cut here and there, or all at once: the same words.
    #[test]
    fn words_are_those_of_the_whole_paragraph() {
        let tables = Tables::built_in().unwrap();
        let segmenter = Segmenter::new(tables, Dictionary::load());
        let text = "国际合作项目每项支持经费不超过60万元，与法国、Université de Paris-3开展C++与A&B研究（TRL≥6.5）。\n依法国有100%控股，𠮷林省！\n";
        let text = normalise(text, tables);
        let segmented = segment(&text, &segmenter, tables);
        let mut starts: Vec<usize> = vec![];
        for paragraph in text.paragraphs() {
            let mut at = paragraph.start;
            for word in segmenter.jieba.cut(paragraph.of(text.text()), false) {
                assert_eq!(segmented.word_at(at), Span::new(at, at + word.len()), "{word}");
                starts.push(at);
                at += word.len();
            }
            starts.push(at);
        }
        // Each place is the first that is asked for, before its run is cut.
        let found: Vec<usize> = (0..=text.text().len()).filter(|at| segment(&text, &segmenter, tables).is_boundary(*at)).collect();
        starts.dedup();
        assert_eq!(found, starts);
    }
}
