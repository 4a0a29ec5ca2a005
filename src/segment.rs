//! Stage 2: words over the same text. In: `Normalised`. Out: `Segmented`, where words begin and end. Never changes a character.
//! The only file that names jieba_rs.

use jieba_rs::Jieba;

use crate::normalise::Normalised;
use crate::span::{Normal, Span};
use crate::table::Tables;

/// The dictionary of jieba-rs and the project's own words.
pub struct Segmenter {
    jieba: Jieba,
}

impl Segmenter {
    /// The default dictionary with the words of `tables` added.
    pub fn new(tables: &Tables) -> Segmenter {
        let mut jieba = Jieba::new();
        let places = tables.lexicon.places.iter().filter(|(_, place)| place.is_some()).map(|(name, _)| name);
        for word in places.chain(tables.lexicon.list("jieba")) {
            jieba.add_word(word, None, None);
        }
        Segmenter { jieba }
    }
}

/// A text and the byte offsets at which its words begin, the end of the text last.
pub struct Segmented<'n> {
    pub normalised: &'n Normalised,
    starts: Vec<usize>,
}

/// Cuts every paragraph into words.
pub fn segment<'n>(normalised: &'n Normalised, segmenter: &Segmenter) -> Segmented<'n> {
    let mut starts = Vec::new();
    for paragraph in normalised.paragraphs() {
        let mut at = paragraph.start;
        for word in segmenter.jieba.cut(paragraph.of(normalised.text()), false) {
            starts.push(at);
            at += word.len();
        }
        starts.push(at);
    }
    starts.dedup();
    Segmented { normalised, starts }
}

impl Segmented<'_> {
    pub fn text(&self) -> &str {
        self.normalised.text()
    }

    /// Whether a word begins or ends at byte `at`.
    pub fn is_boundary(&self, at: usize) -> bool {
        self.starts.binary_search(&at).is_ok()
    }

    /// The word that holds byte `at`.
    pub fn word_at(&self, at: usize) -> Span<Normal> {
        let next = self.starts.partition_point(|start| *start <= at);
        let start = next.checked_sub(1).map_or(0, |i| self.starts[i]);
        Span::new(start, self.starts.get(next).copied().unwrap_or(self.text().len()))
    }
}
