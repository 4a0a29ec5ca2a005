//! A text whose code points are counted. In: the decoded text. Out: the text between any two code points.

use std::ops::Range;

#[derive(Debug)]
pub struct Points {
    text: String,
    /// The byte at which each character begins whose number is a multiple of `STRETCH`, but for the last few.
    starts: Vec<u32>,
    count: usize,
}

const STRETCH: usize = 16;

impl Points {
    pub fn new(text: &str) -> Points {
        let begun = |bytes: &[u8]| usize::from(bytes.iter().map(|byte| u8::from(begins(*byte))).sum::<u8>());
        let (stretches, rest) = text.as_bytes().as_chunks::<STRETCH>();
        let (mut starts, mut count) = (Vec::with_capacity(text.len() / STRETCH + 1), 0);
        for (i, bytes) in stretches.iter().enumerate() {
            let (first, begun) = (count, begun(bytes));
            count += begun;
            // So many bytes hold no more characters.
            let wanted = starts.len() * STRETCH;
            let place = || (0..STRETCH).filter(|at| begins(bytes[*at])).nth(wanted - first);
            if let Some(at) = (wanted < count).then(place).flatten() {
                starts.push((i * STRETCH + at) as u32);
            }
        }
        Points { text: text.to_string(), starts, count: count + begun(rest) }
    }

    pub fn count(&self) -> usize {
        self.count
    }

    /// The text between two code points, or as much of it as there is.
    pub fn between(&self, range: Range<usize>) -> &str {
        let start = self.byte(range.start);
        &self.text[start..self.byte(range.end).max(start)]
    }

    /// The text from a code point on.
    pub fn from(&self, at: usize) -> &str {
        &self.text[self.byte(at)..]
    }

    fn byte(&self, at: usize) -> usize {
        let at = at.min(self.count);
        let stretch = (at / STRETCH).min(self.starts.len().saturating_sub(1));
        let start = self.starts.get(stretch).map_or(0, |start| *start as usize);
        // The first byte of a character that is longer than one opens with so many ones.
        (stretch * STRETCH..at).fold(start, |byte, _| byte + self.text.as_bytes()[byte].leading_ones().max(1) as usize)
    }
}

/// Whether a character of UTF-8 begins with this byte.
fn begins(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_found_by_its_code_points() {
        let text = "国际a合作é𠮷".repeat(30);
        let (points, chars): (Points, Vec<char>) = (Points::new(&text), text.chars().collect());
        assert_eq!(points.count(), chars.len());
        for from in 0..=chars.len() + 1 {
            assert_eq!(points.from(from), chars[from.min(chars.len())..].iter().collect::<String>());
            let to = (from + 7).min(chars.len());
            assert_eq!(points.between(from..from + 7), chars[from.min(to)..to].iter().collect::<String>());
        }
        assert_eq!(Points::new("").between(0..1), "");
    }
}
