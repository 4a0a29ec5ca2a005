//! A part of the tree -> lines of text, as a browser would lay them out. In: `Tree` and the nodes left out. Out: one line for each
//! paragraph and each row of a table. Never a tab outside a row, nor an empty line.

use super::table::Grid;
use super::tree::{Id, Tree};
use crate::sign::is_han;
use crate::source::{CELL, CELL_LINE};

/// The lines of `root`. `skip` names nodes that are left out with all below them.
pub fn lines(tree: &Tree, root: Id, skip: &[bool]) -> Vec<String> {
    let mut writer = Writer { tree, skip, lines: vec![], line: String::new(), space: None, prefix: None, preformatted: false };
    writer.node(root);
    writer.end_line();
    writer.lines
}

/// White space that has been read and not yet written.
#[derive(Clone, Copy, PartialEq)]
enum Space {
    /// Between words.
    Plain,
    /// With a line end of the markup: its layout, as far as Chinese text goes.
    Wrapped,
}

struct Writer<'t> {
    tree: &'t Tree,
    skip: &'t [bool],
    lines: Vec<String>,
    line: String,
    space: Option<Space>,
    /// The number of the list item that begins here.
    prefix: Option<String>,
    preformatted: bool,
}

impl Writer<'_> {
    fn node(&mut self, id: Id) {
        if self.skip[id] {
            return;
        }
        if let Some(text) = self.tree.text(id) {
            return if self.preformatted { self.preformatted_text(text) } else { self.text(id, text) };
        }
        match self.tree.name(id) {
            "br" | "hr" => self.end_line(),
            "table" => self.table(id),
            "ol" => self.block(id, Self::numbered),
            "pre" | "listing" | "xmp" | "plaintext" => {
                let before = std::mem::replace(&mut self.preformatted, true);
                self.block(id, Self::children);
                self.preformatted = before;
            }
            name if is_inline(name) => self.children(id),
            _ => self.block(id, Self::children),
        }
    }

    fn children(&mut self, id: Id) {
        for child in self.tree.children(id) {
            self.node(*child);
        }
    }

    fn block(&mut self, id: Id, content: fn(&mut Self, Id)) {
        self.end_line();
        content(self, id);
        self.end_line();
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let line = if self.preformatted { line.trim_end_matches(is_blank) } else { line.trim_matches(is_blank) };
        if line.chars().any(|c| !is_blank(c)) {
            self.lines.push(line.to_string());
        }
        self.space = None;
    }

    fn text(&mut self, id: Id, text: &str) {
        let parts = self.between_links(id);
        let end = text.trim_end().len();
        let (mut started, mut line_ended) = (false, false);
        for (at, c) in text.char_indices() {
            if !is_collapsible(c) {
                self.put(c);
                (started, line_ended) = (true, false);
                continue;
            }
            if c == '\n' && std::mem::replace(&mut line_ended, true) && started && at < end {
                // Typed text: whoever leaves a line blank ends a paragraph, though a browser would not show it.
                self.end_line();
            }
            let wrapped = !matches!(c, ' ' | '\t') && !parts || self.space == Some(Space::Wrapped);
            self.space = Some(if wrapped { Space::Wrapped } else { Space::Plain });
        }
    }

    /// White space between two links parts them, even in Chinese.
    fn between_links(&self, id: Id) -> bool {
        let siblings = self.tree.above(id).next().map(|parent| self.tree.children(parent)).unwrap_or_default();
        let Ok(at) = siblings.binary_search(&id) else { return false };
        let is_link = |at: Option<&Id>| at.is_some_and(|id| self.tree.name(*id) == "a");
        at > 0 && is_link(siblings.get(at - 1)) && is_link(siblings.get(at + 1))
    }

    fn put(&mut self, c: char) {
        if let Some(prefix) = self.prefix.take() {
            self.line.push_str(&prefix);
        }
        let space = self.space.take();
        if let (Some(space), Some(last)) = (space, self.line.chars().next_back()) {
            let joined = space == Space::Wrapped && (is_wide(last) || is_wide(c));
            if !joined && !is_blank(last) && !is_blank(c) {
                self.line.push(' ');
            }
        }
        self.line.push(c);
    }

    fn preformatted_text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\n' => self.end_line(),
                '\r' => {}
                CELL | CELL_LINE | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2029}' => self.line.push(' '),
                c => self.put(c),
            }
        }
    }

    /// The items of a list that numbers them.
    fn numbered(&mut self, id: Id) {
        let mut number = self.tree.attribute(id, "start").and_then(|n| n.trim().parse().ok()).unwrap_or(1i64);
        let bare = self.tree.attribute(id, "style").is_some_and(|style| style.contains("none"));
        for &child in self.tree.children(id) {
            if self.tree.name(child) == "li" && !self.skip[child] {
                number = self.tree.attribute(child, "value").and_then(|n| n.trim().parse().ok()).unwrap_or(number);
                let has_own = has_ordinal(&first_words(self.tree, child));
                self.prefix = (!bare && !has_own).then(|| ordinal(number, self.tree.attribute(id, "type").unwrap_or("1")));
                number = number.saturating_add(1);
            }
            self.node(child);
            self.prefix = None;
        }
    }

    fn table(&mut self, id: Id) {
        self.end_line();
        match Grid::read(self.tree, id, self.skip) {
            Some(grid) => self.lines.extend(grid.lines()),
            None => self.block(id, Self::children),
        }
    }
}

fn is_inline(name: &str) -> bool {
    const INLINE: [&str; 34] = [
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img", "ins", "kbd",
        "label", "mark", "nobr", "q", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
    ];
    // Elements of Word and the like (o:p, st1:chmetcnv) stand inside lines.
    INLINE.contains(&name) || name.contains(':')
}

/// White space of the markup, which a browser takes for one space; also what would be mistaken for the signs of tables and pages.
fn is_collapsible(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}' | '\u{FEFF}')
}

/// A character as wide as a Han character.
fn is_wide(c: char) -> bool {
    is_han(c) || matches!(c, '\u{2014}' | '\u{2018}'..='\u{201D}' | '\u{2026}' | '\u{3000}'..='\u{303F}' | '\u{FF01}'..='\u{FF60}')
}

fn first_words(tree: &Tree, id: Id) -> String {
    let text = tree.below(id).filter_map(|node| tree.text(node)).find(|text| !text.trim().is_empty());
    text.unwrap_or_default().trim().chars().take(8).collect()
}

/// The item bears its number in its own text.
fn has_ordinal(words: &str) -> bool {
    let rest = words.trim_start_matches(|c: char| c.is_ascii_digit());
    let signs = ['.', ')', '\u{3001}', '\u{FF0E}', '\u{FF09}'];
    words.starts_with(['(', '\u{FF08}']) || rest.len() < words.len() && rest.starts_with(signs)
}

/// `1. ` in the numerals that `kind` asks for.
fn ordinal(number: i64, kind: &str) -> String {
    let letters = |base: u8| match u8::try_from(number) {
        Ok(n @ 1..=26) => Some(char::from(base + n - 1).to_string()),
        _ => None,
    };
    let text = match kind {
        "a" => letters(b'a'),
        "A" => letters(b'A'),
        "i" => roman(number).map(|text| text.to_lowercase()),
        "I" => roman(number),
        _ => None,
    };
    format!("{}. ", text.unwrap_or_else(|| number.to_string()))
}

fn roman(number: i64) -> Option<String> {
    const SIGNS: [(i64, &str); 9] = [(100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")];
    let mut rest = (1..400).contains(&number).then_some(number)?;
    let mut out = String::new();
    for (value, sign) in SIGNS {
        while rest >= value {
            out.push_str(sign);
            rest -= value;
        }
    }
    Some(out)
}
