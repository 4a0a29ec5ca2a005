//! The one way from bytes to definition: calls the stages in order and has no logic of its own.

use std::path::Path;

use crate::error::Result;
use crate::extract::{self, Explained, Fact, Lexer};
use crate::finding::{Finding, FindingKind};
use crate::link::link;
use crate::normalise::{Normalised, normalise};
use crate::outline::{Outline, Titles, outline};
use crate::programme::{self, Definition, Document, Parts};
use crate::segment::{Dictionary, Segmenter, segment};
use crate::source::{self, Limits, Source};
use crate::table::Tables;

/// Everything that reading needs; built once, shared by all documents and threads.
pub struct Reader {
    pub tables: &'static Tables,
    pub lexer: Lexer,
    pub limits: Limits,
    segmenter: Segmenter,
}

/// The definition, and the steps that led to it, for `explain`.
pub struct Reading {
    pub definition: Definition,
    /// The definition as its file holds it.
    pub json: Vec<u8>,
    /// The decoded text, where it stands in no file: it is written beside the definition.
    pub text: Option<String>,
    pub normalised: Normalised,
    pub outline: Outline,
    pub facts: Vec<Fact>,
    pub explained: Vec<Explained>,
}

impl Reader {
    /// A reader for these tables.
    pub fn new(tables: &'static Tables) -> Reader {
        let segmenter = Segmenter::new(tables, Dictionary::load());
        Reader { tables, lexer: Lexer::new(tables), limits: Limits::default(), segmenter }
    }

    /// Like `new`, while the dictionary loads in a thread of its own; until it is there, expressions are compiled that reading will use.
    ///
    /// # Errors
    /// Those of `tables`.
    pub fn load(tables: impl FnOnce() -> Result<&'static Tables>, limits: Limits) -> Result<Reader> {
        std::thread::scope(|threads| {
            let dictionary = threads.spawn(Dictionary::load);
            let tables = tables()?;
            let lexer = Lexer::new(tables);
            tables.warm_up(|| dictionary.is_finished());
            let dictionary = dictionary.join().unwrap_or_else(|_| Dictionary::load());
            Ok(Reader { tables, lexer, limits, segmenter: Segmenter::new(tables, dictionary) })
        })
    }

    pub fn segmenter(&self) -> &Segmenter {
        &self.segmenter
    }

    /// Reads one document.
    ///
    /// # Errors
    /// Those of `source::read`: bytes that are no document.
    pub fn read(&self, path: &Path, bytes: &[u8]) -> Result<Reading> {
        let source = source::read(path, bytes, &self.limits, || Ok(self.tables))?;
        let text = source.layout_text().map(str::to_string);
        Ok(Reading { text, ..self.interpret(&source) })
    }

    /// Stages 1 to 6 on a decoded text.
    pub fn interpret(&self, source: &Source) -> Reading {
        let tables = self.tables;
        let normalised = normalise(&source.text, tables);
        let segmented = segment(&normalised, &self.segmenter, tables);
        let outline = outline(&segmented, tables);
        let document = programme::document(&outline, &segmented, tables);
        let mut findings = source.findings.clone();
        if !document.is_guideline {
            findings.push(Finding::new(FindingKind::NoGuideline, "none of the marks of a policy guideline; no fact was read"));
            return self.empty(source, normalised, findings);
        }
        let mentions = extract::mentions(&segmented, tables, &self.lexer);
        let titles = Titles::of(&outline, segmented.text(), tables);
        let published = document.published.map(|(_, span)| span);
        let mut extracted = extract::extract(&outline, &segmented, &mentions, document.title, published, &titles, tables);
        let topics = extract::topics(&outline, &segmented, &mentions, &extracted, tables);
        extract::merge(&mut extracted.facts, segmented.text(), tables);
        link(&outline, &mut extracted.facts, &titles, segmented.text(), tables);
        let parts = Parts {
            source,
            normalised: &normalised,
            outline: &outline,
            document: &document,
            mentions: &mentions,
            explained: &extracted.explained,
            declared: &extracted.declared,
            topics: &topics,
            facts: &extracted.facts,
            tables,
        };
        let mut definition = programme::build(&parts, findings);
        let json = programme::sign(&mut definition);
        Reading { definition, json, text: None, normalised, outline, facts: extracted.facts, explained: extracted.explained }
    }

    fn empty(&self, source: &Source, normalised: Normalised, findings: Vec<Finding>) -> Reading {
        let outline = Outline::empty();
        let parts = Parts {
            source,
            normalised: &normalised,
            outline: &outline,
            document: &Document::default(),
            mentions: &[],
            explained: &[],
            declared: &[],
            topics: &[],
            facts: &[],
            tables: self.tables,
        };
        let mut definition = programme::build(&parts, findings);
        definition.findings.retain(|f| f.kind != FindingKind::Unknown.name());
        let json = programme::sign(&mut definition);
        Reading { definition, json, text: None, normalised, outline, facts: vec![], explained: vec![] }
    }
}
