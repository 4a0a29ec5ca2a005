//! Sentences, and a sentence as the rules see it: each mention is one private-use character that tells its kind.

use std::ops::Range;

use super::Mention;
use crate::sign::{COMMA, PAUSE, end_of_sentence, ends_sentence};
use crate::span::{Normal, Span};
use crate::table::{Slot, slot_chars};

/// Bytes after which a sentence is cut at a comma, after twice as many at a lesser sign, after four times anywhere: what is so long is a list, and reading it whole costs its square.
const LONGEST: usize = 3000;

/// The sentences of `span`, in order; none is empty, and none ends inside a mention (an address may hold a ?) or its bound words.
pub fn sentences(text: &str, span: Span<Normal>, mentions: &[Mention]) -> Vec<Span<Normal>> {
    let inside_mention = |at: usize| {
        let next = mentions.partition_point(|m| m.span.end <= at);
        mentions.get(next).is_some_and(|m| m.span.start < at)
    };
    let mut out = Vec::new();
    let (mut start, mut at) = (span.start, span.start);
    while at < span.end {
        // As far as a sentence is not too long, only what ends one matters.
        let plain = text.floor_char_boundary(start + LONGEST).clamp(at, span.end);
        let stop = at + end_of_sentence(&text[at..plain]);
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
    steps: Vec<Step>,
    /// The step of the mention that is read.
    reading: Option<usize>,
}

/// From byte `masked` of the sentence on, the text is that from byte `whole` on; a mention is one character for many.
struct Step {
    masked: usize,
    whole: usize,
    mention: Option<Slot>,
}

impl Masked {
    /// Every mention is `{any_slot}`; places are words, or mentions like others.
    pub fn of(whole: &str, sentence: Span<Normal>, inside: &[Mention], places: bool) -> Masked {
        let text = String::with_capacity(sentence.end - sentence.start);
        let mut masked = Masked { text, steps: Vec::with_capacity(2 * inside.len() + 2), reading: None };
        let mut at = sentence.start;
        for mention in inside {
            if mention.slot.is_place() && !places || mention.core.end > sentence.end {
                continue;
            }
            let span = masked_span(mention, sentence);
            masked.copy(whole, at.min(span.start)..span.start);
            masked.steps.push(Step { masked: masked.text.len(), whole: span.start, mention: Some(mention.slot) });
            masked.text.push(slot_chars(mention.slot).0);
            at = if mention.slot == Slot::Title { span.start } else { span.end };
        }
        masked.copy(whole, at..sentence.end);
        masked.steps.push(Step { masked: masked.text.len(), whole: sentence.end, mention: None });
        masked
    }

    /// The sentence as rules see it that read `mention`: `{slot}` stands for this one, and for no other.
    pub fn reading(&mut self, mention: Option<&Mention>) -> &Masked {
        let start = mention.map_or(usize::MAX, |mention| mention.core.start);
        let from = self.steps.partition_point(|step| step.whole < start);
        let mut there = self.steps[from..].iter().take_while(|step| step.whole == start);
        let next = there.position(|step| step.mention.is_some()).map(|i| from + i);
        if self.reading == next {
            return self;
        }
        let last = std::mem::replace(&mut self.reading, next);
        for (step, is_read) in [(last, false), (next, true)] {
            let Some((at, slot)) = step.and_then(|i| Some((self.steps[i].masked, self.steps[i].mention?))) else { continue };
            let (other, this) = slot_chars(slot);
            let c = if is_read { this } else { other };
            self.text.replace_range(at..at + c.len_utf8(), c.encode_utf8(&mut [0; 4]));
        }
        self
    }

    /// Where the mention stands that is read.
    pub fn current(&self) -> Option<usize> {
        self.reading.map(|step| self.steps[step].masked)
    }

    fn copy(&mut self, whole: &str, range: Range<usize>) {
        self.steps.push(Step { masked: self.text.len(), whole: range.start, mention: None });
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
            Some(after) if step.mention.is_some() && end => after.whole,
            _ => step.whole + (byte - step.masked.min(byte)),
        }
    }
}

/// Bound words before the number stay in the sentence for the rules to read; those after it go with it, as far as they are in it.
fn masked_span(mention: &Mention, sentence: Span<Normal>) -> Span<Normal> {
    Span::new(mention.core.start, mention.span.end.min(sentence.end))
}
