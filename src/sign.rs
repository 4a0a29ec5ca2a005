//! The punctuation of Chinese text that code must tell apart, by name. Other signs are folded to ASCII by `normalise`.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use memchr::{memchr, memchr2_iter, memchr3};

/// The comma ，, kept apart from the ASCII comma of 1,080.
pub const COMMA: char = '\u{FF0C}';
/// The full stop 。
pub const STOP: char = '\u{3002}';
/// The comma of lists 、
pub const PAUSE: char = '\u{3001}';
pub const OPEN_TITLE: char = '\u{300A}';
pub const CLOSE_TITLE: char = '\u{300B}';
/// 【, which opens a heading or its ordinal.
pub const OPEN_HEADING: char = '\u{3010}';
/// 】, which closes it.
pub const CLOSE_HEADING: char = '\u{3011}';
pub const OPEN_QUOTE: char = '\u{201C}';
pub const CLOSE_QUOTE: char = '\u{201D}';
pub const DASH: char = '\u{2014}';
pub const ELLIPSIS: char = '\u{2026}';

/// A character of Chinese writing, no punctuation.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}')
}

/// The end of a sentence in folded text.
pub fn ends_sentence(c: char) -> bool {
    matches!(c, STOP | ';' | '!' | '?' | '\n')
}

/// Where the first character of `text` stands that ends a sentence, or where the text ends.
pub fn end_of_sentence(text: &str) -> usize {
    static STOPS: LazyLock<Finder> = LazyLock::new(|| Finder::new(STOP.encode_utf8(&mut [0; 4])).into_owned());
    let stop = STOPS.find(text.as_bytes()).unwrap_or(text.len());
    let sign = memchr3(b';', b'!', b'?', &text.as_bytes()[..stop]).unwrap_or(stop);
    memchr(b'\n', &text.as_bytes()[..sign]).unwrap_or(sign)
}

/// The end of a clause in folded text.
pub fn ends_clause(c: char) -> bool {
    ends_sentence(c) || matches!(c, COMMA | ':')
}

/// `text` without what stands in round brackets.
pub fn without_brackets(text: &str) -> Cow<'_, str> {
    let mut brackets = memchr2_iter(b'(', b')', text.as_bytes()).peekable();
    if brackets.peek().is_none() {
        return text.into();
    }
    let (mut depth, mut start, mut out) = (0usize, 0, String::with_capacity(text.len()));
    for at in brackets {
        out.push_str(if depth == 0 { &text[start..at] } else { "" });
        depth = if text[at..].starts_with('(') { depth + 1 } else { depth.saturating_sub(1) };
        start = at + 1;
    }
    out.push_str(if depth == 0 { &text[start..] } else { "" });
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_sentence_is_the_first_character_that_ends_one() {
        for text in ["支持经费；不超过60万元。", "一、二!三?四", "一\n二;", "没有。", "《一》、〔二〕", ""] {
            assert_eq!(end_of_sentence(text), text.find(ends_sentence).unwrap_or(text.len()), "{text}");
        }
    }
}
