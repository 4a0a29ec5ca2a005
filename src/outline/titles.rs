//! Where a text names its programmes. In: `Outline`. Out: every place that bears the title of one.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder};

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

fn places(titles: &[(&str, Vec<usize>)], text: &str) -> Vec<(Span<Normal>, usize)> {
    let builder = CharwiseDoubleArrayAhoCorasickBuilder::new().use_prefilter(false);
    let finder: Option<CharwiseDoubleArrayAhoCorasick<usize>> = builder.build(titles.iter().map(|(title, _)| title)).ok();
    let hits = finder.iter().flat_map(|finder| finder.find_overlapping_iter(text));
    let mut out: Vec<_> = hits.map(|hit| (Span::new(hit.start(), hit.end()), hit.value())).collect();
    out.sort_by_key(|(span, _)| (span.start, Reverse(span.end)));
    out
}
