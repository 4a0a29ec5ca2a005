//! Sentences, and a sentence as the rules see it: each mention is one private-use character that tells its kind.

use std::ops::Range;

use super::Mention;
use crate::sign::{COMMA, PAUSE, ends_sentence};
use crate::span::{Normal, Span};
use crate::table::{Slot, slot_chars};

/// Bytes after which a sentence is cut at a comma, after twice as many at a lesser sign, after four times anywhere: what is so long is a list, and reading it whole costs its square.
const LONGEST: usize = 3000;

/// The sentences of `span`, in order; none is empty, and none ends inside a mention (an address may hold a ?).
pub fn sentences(text: &str, span: Span<Normal>, mentions: &[Mention]) -> Vec<Span<Normal>> {
    let inside_mention = |at: usize| {
        let next = mentions.partition_point(|m| m.core.end <= at);
        mentions.get(next).is_some_and(|m| m.core.start < at)
    };
    let mut out = Vec::new();
    let (mut start, mut at) = (span.start, span.start);
    while at < span.end {
        // As far as a sentence is not too long, only what ends one matters.
        let plain = text.floor_char_boundary(start + LONGEST).clamp(at, span.end);
        let stop = text[at..plain].find(ends_sentence).map_or(plain, |stop| at + stop);
        let Some(c) = text[stop..span.end].chars().next() else { break };
        at = stop + c.len_utf8();
        let length = at - start;
        let too_long = length > LONGEST && (c == COMMA || length > 2 * LONGEST && matches!(c, PAUSE | ' ') || length > 4 * LONGEST);
        if (ends_sentence(c) || too_long) && !inside_mention(at) && at < span.end {
            out.push(Span::new(start, at));
            start = at;
        }
    }
    out.push(Span::new(start, span.end));
    out.retain(|sentence| !sentence.of(text).trim().is_empty());
    out
}

/// A sentence with its mentions masked, and the way back to the text.
pub struct Masked {
    pub text: String,
    /// Where the mention stands that is read.
    pub current: Option<usize>,
    steps: Vec<Step>,
}

/// From byte `masked` of the sentence on, the text is that from byte `whole` on; a mention is one character for many.
struct Step {
    masked: usize,
    whole: usize,
    mention: bool,
}

impl Masked {
    /// `current` is the mention that `{slot}` stands for; the others are `{any_slot}`. Places stay words unless one is read.
    pub fn around(whole: &str, sentence: Span<Normal>, inside: &[Mention], current: Option<usize>) -> Masked {
        let reads_place = current.is_none_or(|i| inside[i].slot.is_place());
        let mut masked = Masked { text: String::with_capacity(sentence.end - sentence.start), current: None, steps: vec![] };
        let mut at = sentence.start;
        for (i, mention) in inside.iter().enumerate() {
            if mention.slot.is_place() && !reads_place || mention.core.end > sentence.end {
                continue;
            }
            let span = masked_span(mention);
            masked.copy(whole, at.min(span.start)..span.start);
            masked.steps.push(Step { masked: masked.text.len(), whole: span.start, mention: true });
            let (other, this) = slot_chars(mention.slot);
            if current == Some(i) {
                masked.current = Some(masked.text.len());
            }
            masked.text.push(if current == Some(i) { this } else { other });
            at = if mention.slot == Slot::Title { span.start } else { span.end };
        }
        masked.copy(whole, at..sentence.end);
        masked.steps.push(Step { masked: masked.text.len(), whole: sentence.end, mention: false });
        masked
    }

    fn copy(&mut self, whole: &str, range: Range<usize>) {
        self.steps.push(Step { masked: self.text.len(), whole: range.start, mention: false });
        self.text.push_str(&whole[range]);
    }

    /// The span of the whole text that `range` of the masked text stands for.
    pub fn back(&self, range: Range<usize>) -> Span<Normal> {
        let start = self.place(range.start, false);
        Span::new(start, self.place(range.end, true).max(start))
    }

    fn place(&self, byte: usize, end: bool) -> usize {
        let passed = |step: &Step| if end { step.masked < byte } else { step.masked <= byte };
        let next = self.steps.partition_point(passed);
        let step = &self.steps[next.saturating_sub(1)];
        match self.steps.get(next) {
            Some(after) if step.mention && end => after.whole,
            _ => step.whole + (byte - step.masked.min(byte)),
        }
    }
}

/// Bound words before the number stay in the sentence for the rules to read; those after it go with it.
fn masked_span(mention: &Mention) -> Span<Normal> {
    Span::new(mention.core.start, mention.span.end)
}
