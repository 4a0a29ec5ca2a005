//! A table of the tree -> rows of text. In: `Tree` and the place of a table. Out: its rows, where it holds data. Never a table that
//! only lays the page out: that one is read as paragraphs.

use super::text::lines;
use super::tree::{Id, Tree};
use crate::source::{CELL, CELL_LINE};

/// The most columns that a row may ask for by merging.
const COLUMNS: usize = 256;

/// The rows of a table, each with as many cells as the widest.
pub struct Grid {
    captions: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// A cell of the markup.
struct Cell {
    id: Id,
    columns: usize,
    rows: usize,
}

impl Grid {
    /// `None` for a table that lays out: one column, another table of columns inside, or one cell that holds a running text.
    pub fn read(tree: &Tree, table: Id, skip: &[bool]) -> Option<Grid> {
        let rows = rows(tree, table, skip);
        let is_narrow = rows.iter().all(|row| row.len() < 2);
        if is_narrow || tree.attribute(table, "role") == Some("presentation") || has_inner(tree, table, skip) {
            return None;
        }
        let texts: Vec<Vec<Vec<String>>> =
            rows.iter().map(|row| row.iter().map(|cell| cell_lines(tree, cell.id, skip)).collect()).collect();
        if has_running_text(&texts) {
            return None;
        }
        let captions = tree.children(table).iter().filter(|id| tree.name(**id) == "caption").flat_map(|id| lines(tree, *id, skip));
        Some(Grid { captions: captions.collect(), rows: spread(&rows, texts) })
    }

    /// The captions, then a line for each row that has text. A table of labels with their values gives a line for each pair.
    pub fn lines(self) -> Vec<String> {
        let mut out = self.captions;
        let pairs = is_form(&self.rows);
        for row in self.rows.iter().filter(|row| row.iter().any(|cell| !cell.is_empty())) {
            if pairs {
                let filled: Vec<&str> = row.iter().filter(|cell| !cell.is_empty()).map(String::as_str).collect();
                out.extend(pairs_of(&filled));
            } else {
                out.push(row.join(&CELL.to_string()));
            }
        }
        out
    }
}

/// Cells by row; those of nested tables are not among them. The foot stands last, wherever it is written.
fn rows(tree: &Tree, table: Id, skip: &[bool]) -> Vec<Vec<Cell>> {
    let shown = |id: &Id| !skip[*id];
    let named =
        |id: Id, names: &'static [&str]| tree.children(id).iter().copied().filter(shown).filter(move |c| names.contains(&tree.name(*c)));
    let bodies = named(table, &["thead", "tbody"]).chain(named(table, &["tfoot"]));
    let span = |id, name| tree.attribute(id, name).and_then(|n| n.trim().parse::<usize>().ok());
    let cell = |id| {
        let rows = span(id, "rowspan").map_or(1, |n| if n == 0 { usize::MAX } else { n });
        Cell { id, columns: span(id, "colspan").unwrap_or(1).clamp(1, COLUMNS), rows }
    };
    bodies.flat_map(|body| named(body, &["tr"])).map(|row| named(row, &["td", "th"]).map(cell).collect()).collect()
}

/// Another table below, one with a row of several cells.
fn has_inner(tree: &Tree, table: Id, skip: &[bool]) -> bool {
    let inner = tree.below(table).skip(1).filter(|id| tree.name(*id) == "table" && !skip[*id]);
    inner.into_iter().any(|id| rows(tree, id, skip).iter().any(|row| row.len() > 1))
}

fn cell_lines(tree: &Tree, cell: Id, skip: &[bool]) -> Vec<String> {
    lines(tree, cell, skip).into_iter().map(|line| line.replace(CELL, " ")).collect()
}

/// One cell holds most of the text, in many paragraphs.
fn has_running_text(texts: &[Vec<Vec<String>>]) -> bool {
    let length = |cell: &Vec<String>| cell.iter().map(|line| line.chars().count()).sum::<usize>();
    let cells = || texts.iter().flatten();
    let all: usize = cells().map(length).sum();
    cells().any(|cell| cell.len() >= 12 && length(cell) >= 500 && length(cell) * 10 >= all * 6)
}

/// Puts each cell in its column; where cells are merged, the first place has the text and the others are empty.
fn spread(rows: &[Vec<Cell>], texts: Vec<Vec<Vec<String>>>) -> Vec<Vec<String>> {
    // For each column, how many more rows a cell from above takes.
    let mut taken: Vec<usize> = Vec::new();
    let mut out: Vec<Vec<String>> = Vec::new();
    for (row, texts) in rows.iter().zip(texts) {
        let mut line: Vec<String> = Vec::new();
        let mut next = vec![0; taken.len()];
        let mut pass = |line: &mut Vec<String>, next: &mut Vec<usize>| {
            while let Some(left) = taken.get_mut(line.len()).filter(|left| **left > 0) {
                next[line.len()] = *left - 1;
                *left = 0;
                line.push(String::new());
            }
        };
        for (cell, text) in row.iter().zip(texts) {
            pass(&mut line, &mut next);
            let mut text = Some(text.join(&CELL_LINE.to_string()));
            for _ in 0..cell.columns.min(COLUMNS.saturating_sub(line.len()).max(1)) {
                next.resize(next.len().max(line.len() + 1), 0);
                next[line.len()] = cell.rows - 1;
                line.push(text.take().unwrap_or_default());
            }
        }
        for column in line.len()..taken.len() {
            next[column] = taken[column].saturating_sub(1);
        }
        taken = next;
        out.push(line);
    }
    let width = out.iter().map(Vec::len).max().unwrap_or_default();
    out.iter_mut().for_each(|row| row.resize(width, String::new()));
    out
}

/// A colon ends every label.
const COLONS: [char; 2] = [':', '\u{FF1A}'];

/// Every row is labels with colons, each before its value.
fn is_form(rows: &[Vec<String>]) -> bool {
    let mut some = false;
    let fits = rows.iter().all(|row| {
        let filled: Vec<&str> = row.iter().filter(|cell| !cell.is_empty()).map(String::as_str).collect();
        some |= !filled.is_empty();
        filled.is_empty()
            || is_label(filled[0])
                && filled.windows(2).all(|two| is_label(two[0]) || is_label(two[1]))
                && !filled.iter().any(|cell| cell.contains(CELL_LINE))
    });
    some && fits
}

/// A label alone, or a label with its value in the same cell.
fn is_label(cell: &str) -> bool {
    let is_short = |label: &str| label.chars().filter(|c| !c.is_whitespace()).count() <= 8;
    !cell.starts_with(|c: char| c.is_ascii_digit()) && cell.split_once(COLONS).is_some_and(|(label, _)| is_short(label))
}

fn pairs_of(cells: &[&str]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for cell in cells {
        match out.last_mut() {
            Some(open) if open.ends_with(COLONS) && !is_label(cell) => open.push_str(cell),
            _ => out.push(cell.to_string()),
        }
    }
    out
}
