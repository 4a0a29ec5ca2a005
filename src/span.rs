//! Positions. A `Span<Raw>` counts code points of the decoded source, a `Span<Normal>` bytes of the repaired text;
//! the two never mix, and only `normalise` turns one into the other.

use std::marker::PhantomData;
use std::ops::Range;

/// Marks offsets in Unicode code points of the decoded source text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Raw;

/// Marks offsets in bytes of the normalised text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Normal;

/// A half-open interval `[start, end)` in the text that `T` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span<T> {
    pub start: usize,
    pub end: usize,
    text: PhantomData<T>,
}

impl<T> Span<T> {
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "span {start}..{end}");
        Span { start, end, text: PhantomData }
    }

    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    pub fn contains(&self, other: &Span<T>) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    pub fn overlaps(&self, other: &Span<T>) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The smallest span over both.
    pub fn cover(&self, other: &Span<T>) -> Span<T> {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }
}

impl Span<Normal> {
    pub fn of<'a>(&self, text: &'a str) -> &'a str {
        &text[self.range()]
    }
}

/// `range` of a piece that starts at byte `base` of the whole.
pub fn within(base: usize, range: Range<usize>) -> Span<Normal> {
    Span::new(base + range.start, base + range.end)
}

/// The first `count` characters of `text`, or all of it.
pub fn head(text: &str, count: usize) -> &str {
    let mut rest = text.chars();
    if let Some(last) = count.checked_sub(1) {
        rest.nth(last);
    }
    &text[..text.len() - rest.as_str().len()]
}

/// The place `reach` bytes before byte `at`, or a little more, where a character begins.
pub fn before(text: &str, at: usize, reach: usize) -> usize {
    let mut start = at.saturating_sub(reach);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    start
}
