//! The gate that each page passes: has it a text layer, and can that be trusted? In: what pages draw. Out: findings, one of a kind, with the
//! pages as ranges; an error where no page has text.

use std::collections::BTreeMap;

use super::content::Drawn;
use crate::finding::{Finding, FindingKind};

/// A page with fewer characters than this under a picture is a scan with a page number.
const FEW: usize = 12;
/// Share of doubtful characters from which on a page is not to be trusted.
const DOUBTFUL: f32 = 0.05;

const OCR: &str = "run OCR, for instance ocrmypdf -l chi_sim IN OUT";

#[derive(Default)]
pub(super) struct Gate {
    without_text: Vec<usize>,
    with_text: usize,
    /// Pages with characters that have no way to Unicode, and how many of how many.
    lost: Vec<usize>,
    lost_count: (usize, usize),
    fonts: BTreeMap<String, usize>,
    doubtful: Vec<usize>,
    doubtful_count: (usize, usize),
    unfinished: Vec<usize>,
    unreadable: Vec<usize>,
}

impl Gate {
    /// Takes note of page `number`, counted from 1.
    pub(super) fn judge(&mut self, number: usize, drawn: &Drawn) {
        let chars = || drawn.glyphs.values().flatten().map(|glyph| glyph.c).filter(|c| !c.is_whitespace());
        let all = chars().count();
        if drawn.unfinished {
            self.unfinished.push(number);
        }
        if drawn.unreadable {
            self.unreadable.push(number);
        }
        if all == 0 && drawn.painted || all < FEW && drawn.picture > 0.5 {
            self.without_text.push(number);
        }
        if all == 0 {
            return;
        }
        self.with_text += 1;
        let lost = chars().filter(|c| *c == '\u{FFFD}').count();
        let odd = chars().filter(|c| is_doubtful(*c)).count();
        if lost > 0 {
            self.lost.push(number);
            self.lost_count = (self.lost_count.0 + lost, self.lost_count.1 + all);
            drawn.unknown.iter().for_each(|(font, count)| *self.fonts.entry(font.clone()).or_default() += count);
        }
        if odd as f32 > DOUBTFUL * all as f32 && odd > 4 {
            self.doubtful.push(number);
            self.doubtful_count = (self.doubtful_count.0 + odd, self.doubtful_count.1 + all);
        }
    }

    pub(super) fn check_any_text(&self, pages: usize) -> Result<(), String> {
        match (self.with_text, self.without_text.len()) {
            (0, 0) if !self.unreadable.is_empty() => {
                Err(format!("a broken PDF file: the content of {} is missing, broken or too large", ranges(&self.unreadable)))
            }
            (0, 0) => Err(format!("a PDF file without any text or picture on its {pages} pages")),
            (0, _) => Err(format!("no text layer on {}; {OCR}", ranges(&self.without_text))),
            (with_text, without) if with_text == without && without == pages => {
                Err(format!("no text layer but page numbers on {}; {OCR}", ranges(&self.without_text)))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn findings(&self) -> Vec<Finding> {
        let mut out = Vec::new();
        if !self.without_text.is_empty() {
            out.push(Finding::new(FindingKind::NoTextLayer, format!("no text layer on {}; {OCR}", ranges(&self.without_text))));
        }
        if !self.lost.is_empty() {
            let fonts: Vec<&str> = self.fonts.keys().map(|name| if name.is_empty() { "unnamed" } else { name }).take(8).collect();
            let message = format!(
                "{}: {} of the characters have no way to Unicode (fonts {}); the text there is not to be trusted",
                ranges(&self.lost),
                percent(self.lost_count),
                fonts.join(", ")
            );
            out.push(Finding::new(FindingKind::Illegible, message));
        }
        if !self.doubtful.is_empty() {
            let message = format!(
                "{}: {} of the characters are private or of scripts that Chinese texts do not use; the text there is not to be trusted",
                ranges(&self.doubtful),
                percent(self.doubtful_count)
            );
            out.push(Finding::new(FindingKind::Illegible, message));
        }
        let not_read = |pages: &[usize], why: &str| {
            (!pages.is_empty()).then(|| Finding::new(FindingKind::NotRead, format!("{} {why}", ranges(pages))))
        };
        out.extend(not_read(&self.unfinished, "not read to the end: too much is drawn there"));
        out.extend(not_read(&self.unreadable, "not read: the content is missing, broken or too large"));
        out
    }
}

/// Private characters, and what Chinese text read with the wrong table looks like: accented Latin letters, controls, far scripts.
fn is_doubtful(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{80}'..='\u{A6}' | '\u{A8}'..='\u{AF}' | '\u{B2}'..='\u{B6}' | '\u{B8}'..='\u{D6}' | '\u{D8}'..='\u{F6}'
        | '\u{F8}'..='\u{24F}' | '\u{500}'..='\u{1FFF}' | '\u{A000}'..='\u{F8FF}' | '\u{20000}'..='\u{10FFFF}')
}

fn percent((part, all): (usize, usize)) -> String {
    format!("{:.0}%", (part as f32 * 100.0 / all.max(1) as f32).max(1.0))
}

/// `page 3`, `pages 1–4, 7`.
pub(super) fn ranges(pages: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for page in pages {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *page => *last = *page,
            _ => runs.push((*page, *page)),
        }
    }
    let runs: Vec<String> = runs.iter().map(|(a, b)| if a == b { a.to_string() } else { format!("{a}–{b}") }).collect();
    format!("{} {}", if pages.len() == 1 { "page" } else { "pages" }, runs.join(", "))
}
