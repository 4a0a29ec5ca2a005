//! A text whose code points are counted. In: the decoded text. Out: the text between any two code points.

use std::ops::Range;

#[derive(Debug)]
pub struct Points {
    text: String,
    /// How many characters begin before each stretch of `STRETCH` bytes.
    before: Vec<u32>,
    /// The stretch in which each character begins that stands `STRETCH` behind the one before.
    stretches: Vec<u32>,
    count: usize,
}

const STRETCH: usize = 16;

impl Points {
    pub fn new(text: &str) -> Points {
        let begin = |bytes: &[u8]| u32::from(bytes.iter().map(|byte| u8::from(begins(*byte))).sum::<u8>());
        let (stretches, rest) = text.as_bytes().as_chunks::<STRETCH>();
        let (mut before, mut count) = (Vec::with_capacity(stretches.len() + 1), 0);
        for bytes in stretches {
            before.push(count);
            count += begin(bytes);
        }
        before.push(count);
        let (count, mut stretch) = ((count + begin(rest)) as usize, 0);
        let stretches = (0..=count).step_by(STRETCH).map(|at| {
            stretch += before[stretch + 1..].iter().take_while(|before| **before as usize <= at).count();
            stretch as u32
        });
        Points { text: text.to_string(), stretches: stretches.collect(), before, count }
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
        let at = at.min(self.count) as u32;
        let from = self.stretches[at as usize / STRETCH] as usize;
        let stretch = from + self.before[from + 1..].iter().take_while(|before| **before <= at).count();
        let mut byte = stretch * STRETCH;
        while !self.text.is_char_boundary(byte) {
            byte += 1;
        }
        // The first byte of a character that is longer than one opens with so many ones.
        (self.before[stretch]..at).fold(byte, |byte, _| byte + self.text.as_bytes()[byte].leading_ones().max(1) as usize)
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
