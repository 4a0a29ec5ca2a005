//! Where a text names its programmes. In: `Outline`. Out: every place that bears the title of one.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Outline;
use crate::span::{Normal, Span};

/// Titles of fewer characters are ordinary words.
const TITLE: usize = 4;

/// The titles of programmes, and every place of the text that bears one.
pub struct Titles<'a> {
    /// Each title with the nodes that bear it, in text order.
    titles: Vec<(&'a str, Vec<usize>)>,
    /// The places by where they begin, the longer first; the number is that of the title.
    pub named: Vec<(Span<Normal>, usize)>,
}

impl<'a> Titles<'a> {
    pub fn of(outline: &Outline, text: &'a str) -> Titles<'a> {
        let mut nodes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (node, n) in outline.nodes.iter().enumerate().filter(|(_, n)| n.programme) {
            let title = n.title.map(|title| title.of(text)).filter(|title| title.chars().count() >= TITLE);
            title.into_iter().for_each(|title| nodes.entry(title).or_default().push(node));
        }
        let titles: Vec<(&str, Vec<usize>)> = nodes.into_iter().collect();
        let named = places(&titles, text);
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

/// Few characters begin a title, so one look at most of a text is enough: an automaton takes longer to build than this to run.
fn places(titles: &[(&str, Vec<usize>)], text: &str) -> Vec<(Span<Normal>, usize)> {
    let mut begins: BTreeMap<char, Vec<usize>> = BTreeMap::new();
    let mut may_begin = [false; 256];
    for (i, (title, _)) in titles.iter().enumerate() {
        let first = title.chars().next().unwrap_or_default();
        begins.entry(first).or_default().push(i);
        may_begin[first as usize % 256] = true;
    }
    begins.values_mut().for_each(|titles_of| titles_of.sort_by_key(|i| Reverse(titles[*i].0.len())));
    let mut out = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| may_begin[*c as usize % 256]) {
        let here = begins.get(&c).into_iter().flatten().filter(|i| text[at..].starts_with(titles[**i].0));
        out.extend(here.map(|i| (Span::new(at, at + titles[*i].0.len()), *i)));
    }
    out
}
