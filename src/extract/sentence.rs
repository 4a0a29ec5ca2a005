//! Sentences, and a sentence as the rules see it: each mention is one private-use character that tells its kind.

use std::mem::replace;
use std::ops::Range;

use super::Mention;
use crate::sign::{COMMA, PAUSE, end_of_sentence, ends_sentence};
use crate::span::{Normal, Span};
use crate::table::{Slot, slot_chars};

/// Bytes after which a sentence is cut at a comma, after twice as many at a lesser sign, after four times anywhere: what is so long is a list, and reading it whole costs its square.
const LONGEST: usize = 3000;

/// Adds the sentences of `span` to `out`, in order; none is empty, and none ends inside a mention (an address may hold a ?) or its bound words.
pub fn sentences(text: &str, span: Span<Normal>, mentions: &[Mention], out: &mut Vec<Span<Normal>>) {
    let inside_mention = |at: usize| {
        let next = mentions.partition_point(|m| m.span.end <= at);
        mentions.get(next).is_some_and(|m| m.span.start < at)
    };
    let mut add = |sentence: Span<Normal>| out.extend((!sentence.of(text).trim().is_empty()).then_some(sentence));
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
            add(Span::new(start, at));
            start = at;
        }
    }
    add(Span::new(start, span.end));
}

/// Sentences with their mentions masked, side by side.
#[derive(Default)]
pub struct Masks {
    text: String,
    steps: Vec<Step>,
    sentences: Vec<Masked>,
}

/// Where a sentence and its steps stand in `Masks`.
struct Masked {
    text: Range<usize>,
    steps: Range<usize>,
    /// The step of the mention that is read.
    reading: Option<usize>,
}

/// From byte `masked` of the sentence on, the text is that from byte `whole` on; a mention is one character for many.
struct Step {
    masked: usize,
    whole: usize,
    mention: Option<Slot>,
}

/// A masked sentence, and the way back to the text.
pub struct View<'m> {
    pub text: &'m str,
    /// Where the mention stands that is read.
    pub current: Option<usize>,
    steps: &'m [Step],
}

impl Masks {
    /// With room for so many sentences of a text of so many bytes.
    pub fn for_about(sentences: usize, bytes: usize) -> Masks {
        Masks { text: String::with_capacity(bytes), sentences: Vec::with_capacity(sentences), ..Masks::default() }
    }

    /// Masks a sentence, and gives its number. Every mention is `{any_slot}`; places are words, or mentions like others.
    pub fn add(&mut self, whole: &str, sentence: Span<Normal>, inside: &[Mention], places: bool) -> usize {
        let (text, steps) = (self.text.len(), self.steps.len());
        let step = |masks: &mut Masks, whole: usize, mention: Option<Slot>| {
            masks.steps.push(Step { masked: masks.text.len() - text, whole, mention });
        };
        let mut at = sentence.start;
        for mention in inside {
            if mention.slot.is_place() && !places || mention.core.end > sentence.end {
                continue;
            }
            let span = masked_span(mention, sentence);
            let before = at.min(span.start);
            step(self, before, None);
            self.text.push_str(&whole[before..span.start]);
            step(self, span.start, Some(mention.slot));
            self.text.push(slot_chars(mention.slot).0);
            at = if mention.slot == Slot::Title { span.start } else { span.end };
        }
        step(self, at, None);
        self.text.push_str(&whole[at..sentence.end]);
        step(self, sentence.end, None);
        self.sentences.push(Masked { text: text..self.text.len(), steps: steps..self.steps.len(), reading: None });
        self.sentences.len() - 1
    }

    /// The sentence of this number as rules see it that read `mention`: `{slot}` stands for this one, and for no other.
    pub fn reading(&mut self, sentence: usize, mention: Option<&Mention>) -> View<'_> {
        let Masked { text, steps, reading } = &mut self.sentences[sentence];
        let steps = &self.steps[steps.clone()];
        let start = mention.map_or(usize::MAX, |mention| mention.core.start);
        let from = steps.partition_point(|step| step.whole < start);
        let mut there = steps[from..].iter().take_while(|step| step.whole == start);
        let next = there.position(|step| step.mention.is_some()).map(|i| from + i);
        if *reading != next {
            for (step, is_read) in [(replace(reading, next), false), (next, true)] {
                let Some((at, slot)) = step.and_then(|i| Some((text.start + steps[i].masked, steps[i].mention?))) else { continue };
                let (other, this) = slot_chars(slot);
                let c = if is_read { this } else { other };
                self.text.replace_range(at..at + c.len_utf8(), c.encode_utf8(&mut [0; 4]));
            }
        }
        View { text: &self.text[text.clone()], current: next.map(|step| steps[step].masked), steps }
    }
}

impl View<'_> {
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
