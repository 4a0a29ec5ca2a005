//! An expression of a row, compiled when it is first used, and what it finds. Only this file, `automata` and `heads` name the engine.

use std::cell::Cell;
use std::ops::Range;
use std::sync::Arc;

use once_cell::sync::OnceCell;
use regex_automata::util::captures::GroupInfo;
use regex_automata::util::iter::Searcher;
use regex_automata::util::primitives::NonMaxUsize;
use regex_automata::{Anchored, Input, PatternID};
use regex_syntax::hir::{Hir, Look};

use super::automata::{Automata, Search};
use super::letters::{Alphabet, Letters};
use super::sieve::{Needs, literal};
use crate::span::before;

/// A regular expression that is compiled at its first use.
#[derive(Debug)]
pub struct Pattern {
    source: String,
    needs: Needs,
    longest: Option<usize>,
    /// A match is the start of the text, and no longer than so many bytes.
    head: Option<usize>,
    /// A match is the whole text.
    is_whole: bool,
    has_groups: bool,
    /// It is a word and nothing more.
    word: Option<String>,
    alphabet: Arc<OnceCell<Alphabet>>,
    engine: OnceCell<Engine>,
}

/// Automata, and the letters that they are over; over bytes where there are none.
#[derive(Debug)]
struct Engine {
    letters: Option<Letters>,
    automata: Automata,
}

/// So many bytes are kept for the next search; more were for a very long text.
const KEPT: usize = 1 << 20;

thread_local! {
    /// Begins with the text in letters, and is as long as the longest text.
    static SPELLED: Cell<Vec<u8>> = const { Cell::new(vec![]) };
}

/// `text` without what no match sees that ends at byte `end` or before: the match, and the character behind it, are there.
pub fn upto(text: &str, end: usize) -> &str {
    &text[..text.ceil_char_boundary(text.len().min(end + 1))]
}

impl Pattern {
    /// The expression `source`, which is parsed as `hir`. It is searched over letters if `alphabet` is there when it is first asked.
    pub fn new(source: String, hir: &Hir, alphabet: &Arc<OnceCell<Alphabet>>) -> Self {
        let properties = hir.properties();
        let opens_text = properties.look_set_prefix().contains(Look::Start);
        Pattern {
            source,
            needs: Needs::of(hir),
            longest: properties.maximum_len(),
            head: properties.maximum_len().filter(|_| opens_text),
            is_whole: opens_text && properties.look_set_suffix().contains(Look::End),
            has_groups: properties.explicit_captures_len() > 0,
            word: literal(hir),
            alphabet: alphabet.clone(),
            engine: OnceCell::new(),
        }
    }

    pub fn source(&self) -> &str {
        &self.source
    }

    pub fn needs(&self) -> &Needs {
        &self.needs
    }

    /// No match is longer, in bytes; `None` where one may be of any length.
    pub fn longest(&self) -> Option<usize> {
        self.longest
    }

    pub fn has_groups(&self) -> bool {
        self.has_groups
    }

    /// Compiles the expression now.
    pub fn compile(&self) {
        self.engine();
    }

    /// Whether the expression can be compiled.
    ///
    /// # Errors
    /// It is too big, in the words of the engine.
    pub fn check(&self) -> Result<(), String> {
        self.build().map(drop)
    }

    /// `Tables::load` has parsed every source; one that is too big matches nothing.
    fn engine(&self) -> &Engine {
        self.engine.get_or_init(|| {
            let nothing = || Automata::over_bytes(&Hir::fail()).unwrap_or_else(|e| unreachable!("an empty class: {e}"));
            self.build().unwrap_or_else(|_| Engine { letters: None, automata: nothing() })
        })
    }

    fn build(&self) -> Result<Engine, String> {
        let hir = regex_syntax::parse(&self.source).unwrap_or_else(|e| unreachable!("parsed before: {e}"));
        Ok(match self.alphabet.get().and_then(|alphabet| Letters::of(&hir, alphabet)) {
            Some((letters, hir)) => Engine { letters: Some(letters), automata: Automata::over_letters(&hir)? },
            None => Engine { letters: None, automata: Automata::over_bytes(&hir)? },
        })
    }

    /// Whether a look at the length and the first character leaves a match in `text` from byte `from` on possible.
    fn may_match(&self, text: &str, from: usize) -> bool {
        let fits = !self.is_whole || self.longest.is_none_or(|longest| text.len() <= longest);
        fits && self.needs.opens(&text[from..])
    }

    /// Opens a search of `text` from byte `from` on.
    fn search<'s, T>(&'s self, text: &str, from: usize, run: impl FnOnce(Search<'s>, Input, Back) -> T) -> T {
        let Engine { letters, automata } = self.engine();
        let text = self.head.map_or(text, |head| upto(text, head.max(from)));
        let Some((letters, alphabet)) = letters.as_ref().zip(self.alphabet.get()) else {
            return run(automata.open(), Input::new(text).range(from..), Back::Bytes);
        };
        let mut spelled = SPELLED.take();
        // The character before is spelled too: the start of the search is not that of the text, nor of a word.
        let (start, before) = (before(text, from, 1), usize::from(from > 0));
        // A text has no more characters than bytes.
        spelled.resize(spelled.len().max(text.len() - start), 0);
        let end = letters.spell(&text[start..], alphabet, &mut spelled);
        let input = Input::new(&spelled[..end]).range(before..);
        let found = run(automata.open(), input, Back::Letters { text, letter: before, byte: from });
        if spelled.capacity() <= KEPT {
            SPELLED.set(spelled);
        }
        found
    }

    /// Whether there is a match in `text` that begins at byte `from` or behind it.
    pub fn is_match_at(&self, text: &str, from: usize) -> bool {
        let by_engine = || self.may_match(text, from) && self.search(text, from, |mut search, input, _| search.is_match(&input));
        self.word.as_ref().map_or_else(by_engine, |word| text[from..].contains(word.as_str()))
    }

    /// The first match in `text` that begins at byte `from` or behind it.
    pub fn find_at(&self, text: &str, from: usize) -> Option<Range<usize>> {
        if !self.may_match(text, from) {
            return None;
        }
        self.search(text, from, |mut search, input, mut back| search.find(&input).map(|found| back.range(found.range())))
    }

    /// All matches in `text`.
    pub fn find_all(&self, text: &str) -> Vec<Range<usize>> {
        self.search(text, 0, |mut search, input, mut back| {
            let mut places = Searcher::new(input);
            std::iter::from_fn(|| places.advance(|input| Ok(search.find(input)))).map(|found| back.range(found.range())).collect()
        })
    }

    /// The first match in `text` that begins at byte `from` or behind it, with its groups.
    pub fn captures_at<'t>(&'t self, text: &'t str, from: usize) -> Option<Captured<'t>> {
        if !self.may_match(text, from) {
            return None;
        }
        self.search(text, from, |mut search, input, mut back| search.groups(&input).map(|_| Captured::new(text, &search, &mut back)))
    }

    /// The match that is the whole of `text`, with its groups: of those that begin where it begins, the first.
    pub fn captures_whole<'t>(&'t self, text: &'t str) -> Option<Captured<'t>> {
        let found = self.search(text, 0, |mut search, input, mut back| {
            search.groups(&input.anchored(Anchored::Yes)).map(|_| Captured::new(text, &search, &mut back))
        });
        found.filter(|found| found.range() == (0..text.len()))
    }

    /// All matches in `text` from byte `from` on, with their groups.
    pub fn captures_from<'t>(&'t self, text: &'t str, from: usize) -> Vec<Captured<'t>> {
        self.search(text, from, |mut search, input, mut back| {
            let (mut places, mut found) = (Searcher::new(input), vec![]);
            while places.advance(|input| Ok(search.groups(input))).is_some() {
                found.push(Captured::new(text, &search, &mut back));
            }
            found
        })
    }

    /// Visits matches in `text` from the first on; `visit` says from which byte on the next one is sought.
    pub fn visit(&self, text: &str, mut visit: impl FnMut(Range<usize>) -> usize) {
        self.search(text, 0, |mut search, mut input, mut back| {
            while let Some(found) = search.find(&input) {
                let next = visit(back.range(found.range()));
                input.set_start(back.place(next));
            }
        });
    }

    /// All matches in the `lines` of `text`, with their groups; each line is a text of its own.
    pub fn in_lines<'t>(&'t self, text: &'t str, lines: &[Range<usize>]) -> Vec<Captured<'t>> {
        let inside = |line: &Range<usize>| self.captures_from(&text[line.clone()], 0).into_iter();
        lines.iter().flat_map(|line| inside(line).map(|found| found.within(text, line.start))).collect()
    }
}

/// The way from a place in what is searched to the byte of the text.
enum Back<'t> {
    Bytes,
    /// From here on: the places asked for mostly follow each other.
    Letters {
        text: &'t str,
        letter: usize,
        byte: usize,
    },
}

impl Back<'_> {
    fn range(&mut self, range: Range<usize>) -> Range<usize> {
        let start = self.byte(range.start);
        start..self.byte(range.end)
    }

    fn byte(&mut self, at: usize) -> usize {
        let Back::Letters { text, letter, byte } = self else { return at };
        if at > *letter {
            let mut rest = text[*byte..].chars();
            rest.nth(at - *letter - 1);
            *byte = text.len() - rest.as_str().len();
        } else if at < *letter {
            let mut rest = text[..*byte].chars();
            rest.nth_back(*letter - at - 1);
            *byte = rest.as_str().len();
        }
        *letter = at;
        *byte
    }

    /// The way forward: the place of byte `at`.
    fn place(&mut self, at: usize) -> usize {
        let Back::Letters { text, letter, byte } = self else { return at };
        let between = |from: usize, to: usize| text[from..to].chars().count();
        *letter = if at >= *byte { *letter + between(*byte, at) } else { *letter - between(at, *byte) };
        *byte = at;
        *letter
    }
}

/// A match and its groups.
#[derive(Debug)]
pub struct Captured<'t> {
    text: &'t str,
    groups: Vec<Option<Range<usize>>>,
    names: &'t GroupInfo,
}

/// What a group has taken.
#[derive(Debug, Clone)]
pub struct Group<'t> {
    text: &'t str,
    range: Range<usize>,
}

impl<'t> Captured<'t> {
    /// The match that `search` has found in `text`.
    fn new(text: &'t str, search: &Search<'t>, back: &mut Back) -> Captured<'t> {
        let mut place = |slots: &[Option<NonMaxUsize>]| Some(back.range(slots[0]?.get()..slots[1]?.get()));
        Captured { text, groups: search.slots().chunks_exact(2).map(&mut place).collect(), names: search.names() }
    }

    /// The same match in `whole`, of which the text that was searched is the part from byte `start` on.
    fn within(mut self, whole: &'t str, start: usize) -> Captured<'t> {
        self.text = whole;
        self.groups.iter_mut().flatten().for_each(|range| *range = start + range.start..start + range.end);
        self
    }

    /// The group of this number, the whole match being 0.
    pub fn get(&self, group: usize) -> Option<Group<'t>> {
        Some(Group { text: self.text, range: self.groups.get(group)?.clone()? })
    }

    pub fn name(&self, name: &str) -> Option<Group<'t>> {
        // There are few: a look at each is faster than a hash.
        self.get(self.names.pattern_names(PatternID::ZERO).position(|group| group == Some(name))?)
    }

    /// The named groups that have taken something.
    pub fn named(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        self.names.pattern_names(PatternID::ZERO).zip(&self.groups).filter_map(|(name, range)| Some((name?, range.clone()?)))
    }

    /// The whole match.
    pub fn range(&self) -> Range<usize> {
        self.groups.first().cloned().flatten().unwrap_or_default()
    }
}

impl<'t> Group<'t> {
    pub fn as_str(&self) -> &'t str {
        &self.text[self.range()]
    }

    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    pub fn start(&self) -> usize {
        self.range.start
    }

    pub fn end(&self) -> usize {
        self.range.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::letters::Sets;
    use crate::table::{Tables, lines_of_seeds};

    fn patterns(tables: &Tables) -> Vec<&Pattern> {
        let lines = tables.lines().flat_map(|row| [Some(&row.pattern), row.unless.as_ref()]);
        let rules = tables.rules.iter().chain(tables.checks.iter()).flat_map(|row| [Some(&row.pattern), row.unless.as_ref()]);
        lines.chain(rules).flatten().collect()
    }

    /// What `regex` finds in the text from byte `from` on.
    fn by_regex(regex: &regex::Regex, text: &str, from: usize) -> Option<Vec<Option<Range<usize>>>> {
        regex.captures_at(text, from).map(|found| found.iter().map(|group| group.map(|group| group.range())).collect())
    }

    #[test]
    fn letters_find_what_bytes_find() {
        let tables = Tables::built_in().unwrap();
        let mentions = "\u{E010}\u{E031}"; // what stands for mentions in the text of rules
        let (mut found, mut tried) = (0, 0);
        for pattern in patterns(tables) {
            let regex = regex::Regex::new(pattern.source()).unwrap();
            for line in lines_of_seeds().iter().filter(|line| !line.is_empty()).step_by(9) {
                let middle = crate::span::before(line, line.len() / 2, 0);
                let text = format!("{}{mentions}{}", &line[..middle], &line[middle..]);
                for from in [0, crate::span::before(&text, text.len() / 3, 0)] {
                    let expected = by_regex(&regex, &text, from);
                    assert_eq!(pattern.captures_at(&text, from).map(|found| found.groups), expected, "{} in {text}", pattern.source());
                    let whole = expected.as_ref().and_then(|groups| groups[0].clone());
                    assert_eq!(pattern.find_at(&text, from), whole);
                    assert_eq!(pattern.is_match_at(&text, from), whole.is_some());
                    (found, tried) = (found + usize::from(whole.is_some()), tried + 1);
                }
                let whole = by_regex(&regex, line, 0).filter(|groups| groups[0] == Some(0..line.len()));
                assert_eq!(pattern.captures_whole(line).map(|found| found.groups), whole, "{} in {line}", pattern.source());
                let all: Vec<Range<usize>> = regex.find_iter(&text).map(|found| found.range()).collect();
                assert_eq!(pattern.find_all(&text), all);
                assert_eq!(pattern.captures_from(&text, 0).iter().map(Captured::range).collect::<Vec<_>>(), all);
            }
        }
        assert!(found > 1000 && found < tried, "{found} of {tried}");
    }

    #[test]
    fn expressions_are_spelled_unless_they_look_at_words() {
        let tables = Tables::built_in().unwrap();
        for pattern in patterns(tables).into_iter().filter(|pattern| pattern.engine().letters.is_none()) {
            let looks = regex_syntax::parse(pattern.source()).unwrap().properties().look_set();
            assert!(looks.contains_word_unicode(), "tells apart more characters than a byte has values: {}", pattern.source());
        }
    }

    #[test]
    fn groups_of_a_very_long_match_are_found() {
        let source = "(?P<name>.*)一(?P<list>.*)";
        let hir = regex_syntax::parse(source).unwrap();
        let mut sets = Sets::default();
        sets.add(&hir);
        let pattern = Pattern::new(source.into(), &hir, &Arc::new(OnceCell::with_value(Alphabet::new(sets))));
        assert!(pattern.engine().letters.is_some());
        let text = format!("{}一三", "二".repeat(400_000));
        assert_eq!(pattern.captures_at(&text, 0).unwrap().name("list").unwrap().as_str(), "三");
    }

    #[test]
    fn an_expression_that_the_alphabet_does_not_know_is_searched_as_bytes() {
        let (source, alphabet) = ("[一-三]年", OnceCell::with_value(Alphabet::new(Default::default())));
        let pattern = Pattern::new(source.into(), &regex_syntax::parse(source).unwrap(), &Arc::new(alphabet));
        assert_eq!(pattern.find_at("为期三年", 0), Some(6..12));
        assert!(pattern.engine().letters.is_none());
    }
}
