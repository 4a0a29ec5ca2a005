//! The ledger of numbers: every number of the source that nothing claims, with the reason. In: the text, its mentions, what is
//! claimed. Out: `Vec<Unclaimed>` in source order.

use std::cmp::Reverse;
use std::ops::Range;

use super::types::Unclaimed;
use crate::extract::{Explained, Mention};
use crate::normalise::Normalised;
use crate::outline::Outline;
use crate::span::{Normal, Raw, Span, within};
use crate::table::{Slot, Tables};

/// The numbers in Arabic digits, a point or comma inside them included, the time of a clock (9:30), and the circled ones.
fn digits(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + opening(&text.as_bytes()[at..])?;
        let c = text[start..].chars().next()?;
        at = start + c.len_utf8();
        if c.is_ascii_digit() {
            while is_digit(at) || matches!(text.as_bytes().get(at), Some(b'.' | b',')) && is_digit(at + 1) {
                at += 1;
            }
            let is_clock = at - start <= 2 && text.as_bytes().get(at) == Some(&b':') && is_digit(at + 1) && is_digit(at + 2);
            at += if is_clock && !is_digit(at + 3) { 3 } else { 0 };
        }
        Some((c, start..at))
    })
    .filter(|(c, _)| c.is_ascii_digit() || ('\u{2460}'..='\u{2473}').contains(c))
    .map(|(_, range)| range)
}

/// The first byte that may begin a number: a digit, or E2, which opens the circled ones. Most begin none, so several are looked at in
/// one go.
fn opening(bytes: &[u8]) -> Option<usize> {
    let opens = |byte: &u8| byte.is_ascii_digit() || *byte == 0xE2;
    let (blocks, _) = bytes.as_chunks::<16>();
    let holds = |block: &[u8; 16]| block.iter().fold(false, |found, byte| found | opens(byte));
    let from = 16 * blocks.iter().position(holds).unwrap_or(blocks.len());
    bytes[from..].iter().position(opens).map(|at| from + at)
}

/// Stretches of text, joined where they overlap, to be asked in logarithmic time.
struct Stretches(Vec<Span<Normal>>);

impl Stretches {
    fn new(mut spans: Vec<Span<Normal>>) -> Self {
        spans.sort();
        let mut joined: Vec<Span<Normal>> = Vec::with_capacity(spans.len());
        for span in spans {
            match joined.last_mut().filter(|last| span.start < last.end) {
                Some(last) => *last = last.cover(&span),
                None => joined.push(span),
            }
        }
        Stretches(joined)
    }

    /// Those that overlap `span`.
    fn over(&self, span: Span<Normal>) -> impl Iterator<Item = &Span<Normal>> + Clone {
        let next = self.0.partition_point(|s| s.end <= span.start);
        self.0[next..].iter().take_while(move |s| s.start < span.end)
    }

    /// What they leave of `span`.
    fn rest(&self, span: Span<Normal>) -> impl Iterator<Item = Span<Normal>> {
        let over = self.over(span);
        let starts = std::iter::once(span.start).chain(over.clone().map(|s| s.end));
        let ends = over.map(|s| s.start).chain([span.end]);
        starts.zip(ends).filter(|(start, end)| start < end).map(|(start, end)| Span::new(start, end))
    }
}

/// How many characters on each side of a number the rows see.
const CONTEXT: usize = 14;

pub struct Ledger<'a> {
    pub normalised: &'a Normalised,
    pub outline: &'a Outline,
    pub mentions: &'a [Mention],
    pub explained: &'a [Explained],
    pub tables: &'static Tables,
}

impl Ledger<'_> {
    /// Lists what no span of `claimed` covers.
    pub fn unclaimed(&self, claimed: Vec<Span<Normal>>) -> Vec<Unclaimed> {
        let explained = Stretches::new(self.explained.iter().map(|e| e.span).collect());
        let longest = self.explained.iter().map(|e| e.span.end - e.span.start).max().unwrap_or(0);
        let mut sorted: Vec<usize> = (0..self.explained.len()).collect();
        sorted.sort_by_key(|e| self.explained[*e].span.start);
        let mut ordinals: Vec<Span<Normal>> = self.outline.nodes.iter().filter_map(|n| n.marker.as_ref()).map(|m| m.number).collect();
        ordinals.sort_unstable();
        let mut out: Vec<Unclaimed> = Vec::new();
        for (span, mention) in self.numbers(claimed) {
            let explained = explained.over(span).next().is_some().then(|| self.explanation(&span, &sorted, longest)).flatten();
            let ordinal = || (mention.is_none() && ordinals.binary_search(&span).is_ok()).then_some("ordinal");
            let reason = explained.or_else(ordinal).unwrap_or_else(|| self.reason(span, mention));
            out.push(self.entry(self.normalised.raw(span), reason));
        }
        let has_digit = |span: &Span<Raw>| self.normalised.source(*span).chars().any(char::is_numeric);
        out.extend(self.normalised.furniture.iter().filter(|s| has_digit(s)).map(|span| self.entry(*span, "page")));
        out.sort_by_key(|entry| (entry.start, Reverse(entry.end)));
        // A name in a table is said again with each of its cells; a mark may stand in a line that is no text.
        out.dedup_by(|next, last| next.end <= last.end);
        out
    }

    fn entry(&self, span: Span<Raw>, reason: &'static str) -> Unclaimed {
        Unclaimed { start: span.start, end: span.end, text: self.normalised.source(span).into(), reason: reason.into() }
    }

    /// Every number that is not claimed: ordinals, mentions that hold one, and the digits outside them.
    fn numbers(&self, claimed: Vec<Span<Normal>>) -> Vec<(Span<Normal>, Option<&Mention>)> {
        let text = self.normalised.text();
        let markers = self.outline.nodes.iter().filter_map(|n| n.marker.as_ref()).filter(|m| m.value.is_some()).map(|m| (m.number, None));
        let mentions = self.mentions.iter().filter(|m| !m.slot.is_place() && self.holds_number(m)).map(|m| (m.core, Some(m)));
        let (mut known, mut out) = (Stretches::new(claimed), vec![]);
        for found in [markers.collect::<Vec<_>>(), mentions.collect()] {
            let first = out.len();
            for (whole, mention) in found {
                // Of a date with a time of which the date is claimed, the time is left.
                let is_number = |rest: &Span<Normal>| *rest == whole || rest.of(text).contains(char::is_numeric);
                let without_space = |rest: Span<Normal>| Span::new(rest.end - rest.of(text).trim_start().len(), rest.end);
                out.extend(known.rest(whole).filter(is_number).map(|rest| (without_space(rest), mention)));
            }
            known = Stretches::new(known.0.into_iter().chain(out[first..].iter().map(|(span, _)| *span)).collect());
        }
        let digits = known.rest(Span::new(0, text.len())).flat_map(|gap| digits(gap.of(text)).map(move |range| within(gap.start, range)));
        out.extend(digits.map(|span| (span, None)));
        out
    }

    fn holds_number(&self, mention: &Mention) -> bool {
        let words = mention.core.of(self.normalised.text());
        !matches!(mention.slot, Slot::Title | Slot::Url | Slot::Email) || words.chars().any(|c| c.is_ascii_digit())
    }

    /// The reason of the first row that explains a number there; `sorted` are all by where they begin, none longer than `longest`.
    fn explanation(&self, span: &Span<Normal>, sorted: &[usize], longest: usize) -> Option<&'static str> {
        let from = sorted.partition_point(|e| self.explained[*e].span.start + longest < span.start);
        let near = sorted[from..].iter().take_while(|e| self.explained[**e].span.start < span.end);
        let first = near.filter(|e| self.explained[**e].span.overlaps(span)).min()?;
        Some(self.explained[*first].reason)
    }

    fn reason(&self, span: Span<Normal>, mention: Option<&Mention>) -> &'static str {
        match mention.map(|m| m.slot) {
            Some(Slot::Reference | Slot::Title) => return "reference",
            Some(Slot::Url | Slot::Email | Slot::Phone) => return "contact",
            _ => {}
        }
        let context = self.context(span);
        if let Some(row) = self.tables.unclaimed.near(&context).find(|row| row.is_match(&context)) {
            return &row.class;
        }
        match mention.map(|m| m.slot) {
            Some(Slot::Date | Slot::Period) => "date",
            _ => "unknown",
        }
    }

    /// The words around a number, the number itself between two marks.
    fn context(&self, span: Span<Normal>) -> String {
        let text = self.normalised.text();
        let (before, after) = (&text[..span.start], &text[span.end..]);
        let start = before.char_indices().rev().take(CONTEXT).take_while(|(_, c)| *c != '\n').last().map_or(span.start, |(i, _)| i);
        let end = after.char_indices().take(CONTEXT).take_while(|(_, c)| *c != '\n').last().map_or(0, |(i, c)| i + c.len_utf8());
        [&text[start..span.start], "\u{E00E}", span.of(text), "\u{E00F}", &after[..end]].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_digits() {
        let text = "第1.2条，③“1,080.5”项…7.，9:30-17:00，1:1，第2:1000";
        let all = ["1.2", "③", "1,080.5", "7", "9:30", "17:00", "1", "1", "2", "1000"];
        assert_eq!(digits(text).map(|range| &text[range]).collect::<Vec<_>>(), all);
    }
}
