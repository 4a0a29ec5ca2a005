//! The words that a number counts. In: a mention in its sentence. Out: the counted noun, and the metric that a row of the
//! tables sees in it. Chinese puts the noun after the number (2场国际会议) or before it (申请专利200项).

use super::{Context, Mention, context};
use crate::sign::{CLOSE_HEADING, CLOSE_QUOTE, CLOSE_TITLE, COMMA, OPEN_QUOTE, OPEN_TITLE, PAUSE, STOP, is_han};
use crate::span::{Normal, Span};
use crate::table::{Line, List, Slot};

/// The counted noun of a mention, and what it is counted as.
#[derive(Debug, Clone, Default)]
pub struct Noun {
    pub span: Option<Span<Normal>>,
    pub row: Option<&'static Line>,
}

impl Noun {
    pub fn metric(&self) -> Option<&'static str> {
        self.row.map(|row| row.class.as_str())
    }
}

/// Finds the noun that mention `index` counts: after the number where a noun follows, else before it.
pub fn noun(context: Context, index: usize) -> Noun {
    let mut best = Noun::default();
    for find in [after, before] {
        let Some(span) = find(context, index) else { continue };
        let [by_noun, by_any] = metric(context, span, &context.inside[index]);
        if by_noun.is_some() {
            return Noun { span: Some(span), row: by_noun };
        }
        if best.span.is_none() || best.row.is_none() && by_any.is_some() {
            best = Noun { span: Some(span), row: by_any };
        }
    }
    best
}

/// The row that knows what is counted: of those that match words of the noun, and of all, be it by the unit alone. Its expression
/// sees `noun|unit`, brackets left out; the head of a Chinese noun stands last, so the match that ends last decides.
fn metric(context: Context, noun: Span<Normal>, mention: &Mention) -> [Option<&'static Line>; 2] {
    let words = crate::sign::without_brackets(noun.of(context.text.text()));
    let seen = [&words, "|", mention.unit].concat();
    let mut best: [Option<(usize, &Line)>; 2] = [None, None];
    for row in context.tables.metrics.near(&seen) {
        let Some(found) = row.find_last(&seen) else { continue };
        let end = found.end.min(words.len());
        for (best, counts) in best.iter_mut().zip([found.start < words.len(), true]) {
            if counts && best.is_none_or(|(last, _)| end > last) {
                *best = Some((end, row));
            }
        }
    }
    best.map(|best| best.map(|(_, row)| row))
}

/// The noun that follows the unit, up to a sign or to a word that goes on with the sentence.
fn after(context: Context, index: usize) -> Option<Span<Normal>> {
    let text = context.text.text();
    let mut start = context.inside[index].span.end.min(context.sentence.end);
    let mut behind = context.inside[index + 1..].iter();
    while let Some(next) = behind.find(|next| next.span.start >= start).filter(|next| next.span.start == start) {
        start = next.span.end.min(context.sentence.end);
    }
    let rest = &text[start..context.sentence.end];
    let signs = context.tables.lexicon.list(List::OfSign);
    start += signs.opening(rest).map(str::len).max().unwrap_or(0);
    let end = start + noun_end(context, start).min(next_start(context, start).saturating_sub(start));
    let words = text[start..end].trim_end();
    let opens = words.starts_with(|c: char| is_han(c) || c == OPEN_QUOTE || c.is_ascii_alphabetic());
    let connects = context.tables.lexicon.list(List::Connector).opening(words).next().is_some();
    (opens && !connects && words.chars().count() >= 2).then(|| Span::new(start, start + words.len()))
}

/// Where the noun that begins at `start` ends, counted from there.
fn noun_end(context: Context, start: usize) -> usize {
    let rest = &context.text.text()[start..context.sentence.end];
    let stops = context.tables.lexicon.list(List::GoesOn);
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
        if at > 0 && depth <= 0 && stops.opening(&rest[at..]).any(whole_word) {
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
    let is_number = |m: &Mention| !m.slot.is_place() && m.slot != Slot::Word;
    let mut end = past_bracket(text, context.sentence.start, mention.span.start);
    let previous = context.inside[..index].iter().rposition(|m| is_number(m) && m.core.end <= end);
    let own = context::first(context).max(context.sentence.start);
    let from = previous.map_or(own, |at| context.inside[at].span.end).max(own).min(end);
    end -= text[from..end].len() - text[from..end].trim_end_matches([COMMA, ' ', ':']).len();
    let start = noun_start(&text[from..end]) + from;
    // Of what a thing holds, the part that is counted, where it is one.
    let parts =
        context.tables.lexicon.list(List::Including).iter().filter_map(|word| Some(start + text[start..end].rfind(word)? + word.len()));
    let start = parts.max().filter(|part| !text[*part..end].contains(PAUSE)).unwrap_or(start);
    let start = end - text[start..end].trim_start_matches([PAUSE, ' ', ')']).len();
    let start = skip_verbs(context, start, end);
    let words = &text[start..end.max(start)];
    let changed = without_end(context, List::Reaching, words).and_then(|words| without_end(context, List::Change, words));
    match (changed, previous) {
        // From where it starts (密度由300提高到400), whose noun it is too.
        (Some(""), Some(previous)) => {
            let noun = before(context, previous)?;
            let words = noun.of(text);
            let words = without_end(context, List::Starting, words).unwrap_or(words);
            Some(Span::new(noun.start, noun.start + words.len()))
        }
        (changed, _) => {
            let words = changed.unwrap_or(words);
            (words.chars().count() >= 2).then(|| Span::new(start, start + words.len()))
        }
    }
}

/// `words` without the longest word of `list` that they end in; `None` where they end in none.
fn without_end<'t>(context: Context, list: List, words: &'t str) -> Option<&'t str> {
    context.tables.lexicon.list(list).closing(words).map(|word| &words[..words.len() - word.len()]).min_by_key(|rest| rest.len())
}

/// A label without what joins it to its number: 项目负责人应为, 协议签署日期不早于.
pub fn without_copula(context: Context, label: Span<Normal>) -> Span<Normal> {
    let mut end = label.end;
    while let Some(rest) = without_end(context, List::Copula, &context.text.text()[label.start..end]) {
        if rest.chars().count() < 2 || !context.text.is_boundary(label.start + rest.len()) {
            break;
        }
        end = label.start + rest.trim_end().len();
    }
    Span::new(label.start, end)
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
            COMMA | STOP | CLOSE_HEADING | ';' | ':' | '\n' if depth <= 0 => return at + c.len_utf8(),
            _ => {}
        }
    }
    0
}

fn skip_verbs(context: Context, mut start: usize, end: usize) -> usize {
    let text = context.text.text();
    let signs = context.tables.lexicon.list(List::OfSign);
    let verbs = context.tables.lexicon.list(List::Verb);
    let joins = |at: usize| context.tables.lexicon.list(List::Compound).opening(&text[at..end]).next().is_some();
    loop {
        let rest = &text[start..end];
        let space = rest.starts_with(' ').then_some(" ");
        let verbs = verbs.opening(rest).filter(|verb| !joins(start + verb.len()));
        let joining = context.tables.lexicon.list(List::Joining).opening(rest);
        let opening = verbs.chain(signs.opening(rest)).chain(joining).chain(space).map(str::len);
        match opening.filter(|length| context.text.is_boundary(start + length)).max() {
            Some(length) if rest.len() > length => start += length,
            _ => return start,
        }
    }
}
