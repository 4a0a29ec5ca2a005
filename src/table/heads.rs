//! Which row of a table matches a line or a heading. The expressions that match at its start alone are one automaton, which few
//! characters bring to its end, and which tells the first of them; for the others, their words are sought.

use aho_corasick::packed::Searcher;
use regex_automata::meta::Regex;
use regex_automata::{Anchored, Input};
use regex_syntax::hir::Hir;

use super::pattern::Pattern;
use super::sieve::{Near, Sieve};

#[derive(Debug)]
pub struct Heads {
    /// Each row by its number; one that may match behind the start never does.
    opening: Regex,
    /// The others, and what they are looked for by.
    elsewhere: Vec<usize>,
    sieve: Sieve,
    /// Every match of the others holds one of few words; `None` where they are many, or none is known.
    words: Option<Searcher>,
}

impl Heads {
    pub fn new(rows: &[&Pattern]) -> Heads {
        let opens = |row: &&Pattern| row.needs().first().is_some();
        let parsed = |row: &&Pattern| regex_syntax::parse(row.source()).unwrap_or_else(|e| unreachable!("parsed before: {e}"));
        let opening: Vec<Hir> = rows.iter().map(|row| if opens(row) { parsed(row) } else { Hir::fail() }).collect();
        let unlimited = Regex::config().nfa_size_limit(None);
        let others = || rows.iter().filter(|row| !opens(row)).map(|row| row.needs());
        let words: Option<Vec<&[String]>> = others().map(|needs| Some(needs.words()).filter(|words| !words.is_empty())).collect();
        Heads {
            opening: Regex::builder().configure(unlimited).build_many_from_hir(&opening).unwrap_or_else(|e| unreachable!("no limit: {e}")),
            elsewhere: (0..rows.len()).filter(|row| !opens(&rows[*row])).collect(),
            sieve: Sieve::new(others()),
            words: words.and_then(|words| Searcher::new(words.concat())),
        }
    }

    /// The first row that matches at the start of `text`.
    pub fn first(&self, text: &str) -> Option<usize> {
        self.opening.search_half(&Input::new(text).anchored(Anchored::Yes)).map(|found| found.pattern().as_usize())
    }

    /// The rows before this one that may match behind the start of `text`, in order.
    pub fn elsewhere(&self, text: &str, before: usize) -> impl Iterator<Item = usize> {
        let near = self.elsewhere.first().is_some_and(|first| *first < before).then(|| self.sieve.near(text));
        near.into_iter().flat_map(Near::into_rows).map(|row| self.elsewhere[row]).take_while(move |row| *row < before)
    }

    /// Whether any row may match `text`.
    pub fn any(&self, text: &str) -> bool {
        let elsewhere =
            || self.words.as_ref().map_or_else(|| self.elsewhere(text, usize::MAX).next().is_some(), |words| words.find(text).is_some());
        self.first(text).is_some() || elsewhere()
    }
}

#[cfg(test)]
mod tests {
    use crate::table::{Line, Tables, lines_of_seeds};

    #[test]
    fn the_first_row_is_the_first_that_matches() {
        let tables = Tables::built_in().unwrap();
        let examples = tables.lines().flat_map(|row| row.take.iter().map(|take| take.text.clone()));
        let (mut found, mut none) = (0, 0);
        for text in lines_of_seeds().into_iter().chain(examples) {
            for rows in [&tables.ordinals, &tables.attributes, &tables.furniture] {
                let first = rows.iter().find(|row| row.is_match(&text));
                let id = |row: Option<&Line>| row.map(|row| row.id.clone());
                assert_eq!(id(rows.first(&text)), id(first), "{text}");
                assert!(first.is_none() || rows.any_near(&text), "{text}");
                *(if first.is_some() { &mut found } else { &mut none }) += 1;
            }
        }
        assert!(found > 200 && none > 200, "{found} found, {none} not");
    }
}
