//! Tables -> one line a row, as `Decoded` says. What a table only lays out (a frame of one column, a table within a table, long running
//! text beside a label) is written as the paragraphs that it is.

use super::body::{Body, Lines, contents};
use super::style::switch;
use super::xml::Element;
use crate::source::{CELL, CELL_LINE};

/// Word knows no more columns.
const COLUMNS: usize = 63;
/// From so many paragraphs and characters on, a cell is running text.
const RUNNING: (usize, usize) = (4, 200);

enum Row {
    /// A line, and how many columns it has.
    Line(String, usize),
    Paragraphs(Vec<String>),
}

/// The cells of a row, each with its lines and the columns that it spans.
struct Cell {
    lines: Vec<String>,
    columns: usize,
}

impl<'d> Body<'d> {
    /// Adds the rows of a table.
    pub(super) fn table(&mut self, e: Element<'d>, lines: &mut Lines) -> Result<(), String> {
        let rows = contents(e).into_iter().filter(|row| row.is("tr") && shown(*row));
        let rows: Vec<(Element, Vec<Element>)> =
            rows.map(|row| (row, contents(row).into_iter().filter(|cell| cell.is("tc")).collect())).collect();
        let frame = rows.iter().all(|(_, cells)| cells.len() < 2);
        let mut out = Vec::new();
        for (row, cells) in &rows {
            out.push(self.row(*row, cells, frame)?);
        }
        let line = |row: &Row| if let Row::Line(_, columns) = row { Some(*columns) } else { None };
        let width = out.iter().filter_map(line).max().unwrap_or(0);
        for row in out {
            match row {
                Row::Paragraphs(paragraphs) => lines.done.extend(paragraphs),
                Row::Line(text, columns) => {
                    let missing = width - columns;
                    self.spend(missing)?;
                    lines.done.push(text + &CELL.to_string().repeat(missing));
                }
            }
        }
        Ok(())
    }

    fn row(&mut self, row: Element<'d>, cells: &[Element<'d>], frame: bool) -> Result<Row, String> {
        let nested = cells.iter().any(|cell| contents(*cell).iter().any(|e| e.is("tbl")));
        let mut read = Vec::new();
        for cell in cells {
            read.push(self.cell(*cell)?);
        }
        if frame || nested || is_running(&read) {
            let filled = read.into_iter().filter(|cell| !cell.is_blank());
            return Ok(Row::Paragraphs(filled.flat_map(|cell| cell.lines).collect()));
        }
        let outside = |name: &str| row.child("trPr").map_or(0, |properties| columns(properties, name, 0));
        let mut line = String::new();
        let mut count = outside("gridBefore");
        self.spend(count)?;
        line.extend(std::iter::repeat_n(CELL, count));
        for (at, cell) in read.iter().enumerate() {
            if at > 0 {
                line.push(CELL);
            }
            line.push_str(&cell.line());
            line.extend(std::iter::repeat_n(CELL, cell.columns - 1));
            count += cell.columns;
            self.spend(cell.columns)?;
        }
        let after = outside("gridAfter");
        self.spend(after)?;
        line.extend(std::iter::repeat_n(CELL, after));
        Ok(Row::Line(line, count + after))
    }

    fn cell(&mut self, e: Element<'d>) -> Result<Cell, String> {
        let properties = e.child("tcPr");
        let continues = |name: &str| {
            let merge = properties.and_then(|p| p.child(name));
            merge.is_some_and(|merge| merge.attribute("val").is_none_or(|v| v != "restart"))
        };
        let gone = properties.is_some_and(|p| p.child("cellDel").is_some());
        let mut lines = Lines::default();
        if !(gone || continues("vMerge") || continues("hMerge")) {
            self.blocks(e, &mut lines)?;
        }
        Ok(Cell { lines: lines.done, columns: properties.map_or(1, |p| columns(p, "gridSpan", 1)) })
    }
}

impl Cell {
    fn is_blank(&self) -> bool {
        self.lines.iter().all(|line| line.trim().is_empty())
    }

    /// The paragraphs of the cell on one line; empty ones at its ends are only room.
    fn line(&self) -> String {
        let text = self.lines.join("\n");
        text.trim().replace(CELL, " ").replace('\n', &CELL_LINE.to_string())
    }
}

/// Whether the row is text with at most a label beside it.
fn is_running(cells: &[Cell]) -> bool {
    let filled: Vec<&Cell> = cells.iter().filter(|cell| !cell.is_blank()).collect();
    let paragraphs = |cell: &Cell| cell.lines.iter().filter(|line| !line.trim().is_empty()).count();
    let long = |cell: &Cell| paragraphs(cell) >= RUNNING.0 && cell.lines.iter().map(|l| l.chars().count()).sum::<usize>() >= RUNNING.1;
    match filled.as_slice() {
        [only] if cells.len() == 1 => paragraphs(only) > 1,
        filled => filled.len() < 3 && filled.iter().any(|cell| long(cell)),
    }
}

/// Rows that are deleted or hidden are not on the page.
fn shown(row: Element) -> bool {
    let properties = row.child("trPr");
    properties.is_none_or(|p| p.child("del").is_none()) && switch(properties, "hidden") != Some(true)
}

fn columns(properties: Element, name: &str, least: usize) -> usize {
    properties.value(name).and_then(|v| v.trim().parse::<usize>().ok()).unwrap_or(least).clamp(least, COLUMNS)
}
