//! The words that a number counts. In: a mention in its sentence. Out: the counted noun, and the metric that a row of the
//! tables sees in it. Chinese puts the noun after the number (2场国际会议) or before it (申请专利200项).

use super::{Context, Mention, context};
use crate::sign::{CLOSE_NAME, CLOSE_QUOTE, CLOSE_TITLE, COMMA, OPEN_QUOTE, OPEN_TITLE, PAUSE, STOP, is_han};
use crate::span::{Normal, Span};
use crate::table::{Line, Slot};

/// The counted noun of a mention, and what it is counted as.
#[derive(Debug, Clone, Default)]
pub struct Noun<'t> {
    pub span: Option<Span<Normal>>,
    pub row: Option<&'t Line>,
}

impl Noun<'_> {
    pub fn metric(&self) -> Option<&str> {
        self.row.map(|row| row.class.as_str())
    }
}

/// Finds the noun that mention `index` counts: after the number where a noun follows, else before it.
pub fn noun<'t>(context: Context<'t>, index: usize) -> Noun<'t> {
    let mention = &context.inside[index];
    let candidates = [after(context, index), before(context, index)];
    let spans: Vec<Span<Normal>> = candidates.into_iter().flatten().collect();
    let known = |by_noun: bool| spans.iter().find_map(|span| Some((*span, metric(context, *span, mention, by_noun)?)));
    match known(true).or_else(|| known(false)) {
        Some((span, row)) => Noun { span: Some(span), row: Some(row) },
        None => Noun { span: spans.first().copied(), row: None },
    }
}

/// The row that knows what is counted. Its expression sees `noun|unit`, brackets left out; the head of a Chinese noun stands last,
/// so the match that ends last decides. `by_noun`: only rows that match words of the noun, not those that match the unit alone.
fn metric<'t>(context: Context<'t>, noun: Span<Normal>, mention: &Mention, by_noun: bool) -> Option<&'t Line> {
    let words = crate::sign::without_brackets(noun.of(context.text.text()));
    let seen = format!("{words}|{}", mention.unit);
    let end = |row: &Line| {
        let found = row.find(&seen)?;
        (!by_noun || found.start < words.len()).then_some(found.end.min(words.len()))
    };
    let mut best: Option<(usize, &Line)> = None;
    for row in context.tables.metrics.near(&seen) {
        if let Some(at) = end(row).filter(|at| best.is_none_or(|(b, _)| *at > b)) {
            best = Some((at, row));
        }
    }
    best.map(|(_, row)| row)
}

/// The noun that follows the unit, up to a sign or to a word that goes on with the sentence.
fn after(context: Context, index: usize) -> Option<Span<Normal>> {
    let text = context.text.text();
    let mut start = context.inside[index].span.end.min(context.sentence.end);
    let attached = |at: usize| context.inside[index + 1..].iter().find(|next| next.span.start == at);
    while let Some(next) = attached(start) {
        start = next.span.end.min(context.sentence.end);
    }
    let rest = &text[start..context.sentence.end];
    let signs = context.tables.lexicon.list("of_sign");
    let sign = signs.iter().filter(|sign| rest.starts_with(sign.as_str())).map(|sign| sign.len()).max().unwrap_or(0);
    start += sign;
    let end = start + noun_end(context, start).min(next_start(context, start).saturating_sub(start));
    let words = text[start..end].trim_end();
    let opens = words.starts_with(|c: char| is_han(c) || c == OPEN_QUOTE || c.is_ascii_alphabetic());
    let connects = context.tables.lexicon.list("connector").iter().any(|w| words.starts_with(w.as_str()));
    (opens && !connects && words.chars().count() >= 2).then(|| Span::new(start, start + words.len()))
}

/// Where the noun that begins at `start` ends, counted from there.
fn noun_end(context: Context, start: usize) -> usize {
    let rest = &context.text.text()[start..context.sentence.end];
    let stops = context.tables.lexicon.list("goes_on");
    let mut depth = 0i32;
    for (at, c) in rest.char_indices() {
        match c {
            '(' | OPEN_TITLE | OPEN_QUOTE => depth += 1,
            ')' | CLOSE_TITLE | CLOSE_QUOTE => {
                depth -= 1;
                if depth < 0 {
                    return at;
                }
            }
            COMMA | PAUSE | STOP | ';' | ':' | '\n' if depth <= 0 => return at,
            _ => {}
        }
        let whole_word = |w: &str| context.text.is_boundary(start + at) && context.text.is_boundary(start + at + w.len());
        let goes_on = || stops.iter().any(|w| rest[at..].starts_with(w.as_str()) && whole_word(w));
        if at > 0 && depth <= 0 && goes_on() {
            return at;
        }
    }
    rest.len()
}

fn next_start(context: Context, from: usize) -> usize {
    context.inside.iter().find(|m| m.span.start >= from && !m.slot.is_place()).map_or(context.sentence.end, |next| next.span.start)
}

/// The noun before the number: back to the verb, to a sign, or to the mention before.
fn before(context: Context, index: usize) -> Option<Span<Normal>> {
    let text = context.text.text();
    let mention = &context.inside[index];
    let numbers = |m: &&Mention| !m.slot.is_place() && m.slot != Slot::Word;
    let mut end = past_bracket(text, context.sentence.start, mention.span.start);
    let previous = context.inside[..index].iter().rev().filter(numbers).find(|p| p.core.end <= end);
    let own = context::first(context).max(context.sentence.start);
    let from = previous.map_or(own, |p| p.span.end).max(own).min(end);
    end -= text[from..end].len() - text[from..end].trim_end_matches([COMMA, ' ', ':']).len();
    let start = noun_start(&text[from..end]) + from;
    let start = end - text[start..end].trim_start_matches([PAUSE, ' ', ')']).len();
    let start = skip_verbs(context, start, end);
    (end > start && text[start..end].chars().count() >= 2).then(|| Span::new(start, end))
}

/// The start of a bracket that closes right before `end`: 青年学者（40岁以下）不少于5人.
fn past_bracket(text: &str, start: usize, end: usize) -> usize {
    let words = text[start..end.max(start)].trim_end();
    let open = words.ends_with(')').then(|| words.rfind('(')).flatten();
    open.map_or(end, |at| start + at)
}

/// Where the last noun of `words` begins: after the last sign outside brackets; 、 joins nouns and stays.
fn noun_start(words: &str) -> usize {
    let mut depth = 0i32;
    for (at, c) in words.char_indices().rev() {
        match c {
            ')' | CLOSE_TITLE | CLOSE_QUOTE => depth += 1,
            '(' | OPEN_TITLE | OPEN_QUOTE => {
                depth -= 1;
                if depth < 0 {
                    return at + c.len_utf8();
                }
            }
            COMMA | STOP | CLOSE_NAME | ';' | ':' | '\n' if depth <= 0 => return at + c.len_utf8(),
            _ => {}
        }
    }
    0
}

fn skip_verbs(context: Context, mut start: usize, end: usize) -> usize {
    let text = context.text.text();
    let signs = context.tables.lexicon.list("of_sign");
    let verbs = context.tables.lexicon.list("verb");
    loop {
        let rest = &text[start..end];
        let verb = verbs
            .iter()
            .chain(signs)
            .map(String::as_str)
            .chain([" "])
            .filter(|v| !v.is_empty() && rest.starts_with(v) && context.text.is_boundary(start + v.len()))
            .max_by_key(|v| v.len());
        match verb {
            Some(verb) if rest.len() > verb.len() => start += verb.len(),
            _ => return start,
        }
    }
}
