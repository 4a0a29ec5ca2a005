//! Ruled tables. In: the lines that a page draws and its glyphs. Out: the tables, with the glyphs of each cell laid out; the other glyphs
//! are left. Never makes a table of a lone frame, of lines that do not cross, or of a grid with text in one cell only.

use super::content::{Glyph, Rule};
use super::lines::{self, Piece, is_wide};
use crate::source::{CELL, CELL_LINE};

/// Lines nearer than this are one line, and meet.
const NEAR: f32 = 3.0;
/// Lines and columns of a grid, more than any page shows.
const MOST: usize = 400;

/// One ruled table.
#[derive(Debug)]
pub(super) struct Table {
    pub x0: f32,
    pub x1: f32,
    pub top: f32,
    pub bottom: f32,
    /// A row a line, cells parted by `CELL`.
    pub text: String,
}

/// Takes the tables out of a page. `glyphs` keeps what stands in none.
pub(super) fn tables(rules: &[Rule], glyphs: &mut Vec<Glyph>) -> Vec<Table> {
    let level = merged(rules.iter().filter(|r| r.x1 - r.x0 > r.y1 - r.y0).map(|r| Line { at: (r.y0 + r.y1) / 2.0, from: r.x0, to: r.x1 }));
    let upright =
        merged(rules.iter().filter(|r| r.y1 - r.y0 > r.x1 - r.x0).map(|r| Line { at: (r.x0 + r.x1) / 2.0, from: r.y0, to: r.y1 }));
    let mut out: Vec<Table> =
        groups(&level, &upright).into_iter().filter_map(|(level, upright)| Grid::new(&level, &upright)?.table(glyphs)).collect();
    out.sort_by(|a, b| a.top.total_cmp(&b.top));
    out
}

/// A line at a place across, from and to along.
#[derive(Debug, Clone, Copy)]
struct Line {
    at: f32,
    from: f32,
    to: f32,
}

/// Joins lines that continue or repeat one another.
fn merged(lines: impl Iterator<Item = Line>) -> Vec<Line> {
    let mut lines: Vec<Line> = lines.take(5_000).collect();
    lines.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut out: Vec<Line> = Vec::new();
    let mut start = 0;
    for end in 1..=lines.len() {
        if lines.get(end).is_some_and(|line| line.at - lines[start].at < NEAR) {
            continue;
        }
        let band = &mut lines[start..end];
        band.sort_by(|a, b| a.from.total_cmp(&b.from));
        let first = out.len();
        for line in band.iter() {
            match out[first..].last_mut() {
                Some(last) if line.from - last.to < NEAR => last.to = last.to.max(line.to),
                _ => out.push(*line),
            }
        }
        start = end;
    }
    out.retain(|line| line.to - line.from > 4.0);
    out
}

/// Lines that hang together by crossing.
fn groups(level: &[Line], upright: &[Line]) -> Vec<(Vec<Line>, Vec<Line>)> {
    let meets = |h: &Line, v: &Line| (h.from - NEAR..=h.to + NEAR).contains(&v.at) && (v.from - NEAR..=v.to + NEAR).contains(&h.at);
    let (mut level_group, mut upright_group) = (vec![usize::MAX; level.len()], vec![usize::MAX; upright.len()]);
    let mut count = 0;
    for first in 0..level.len() {
        if level_group[first] != usize::MAX {
            continue;
        }
        let mut open = vec![first];
        level_group[first] = count;
        while let Some(h) = open.pop() {
            for v in 0..upright.len() {
                if upright_group[v] != usize::MAX || !meets(&level[h], &upright[v]) {
                    continue;
                }
                upright_group[v] = count;
                for (other, group) in level_group.iter_mut().enumerate().filter(|(_, group)| **group == usize::MAX) {
                    if meets(&level[other], &upright[v]) {
                        *group = count;
                        open.push(other);
                    }
                }
            }
        }
        count += 1;
    }
    let pick = |lines: &[Line], groups: &[usize], group| lines.iter().zip(groups).filter(|(_, g)| **g == group).map(|(l, _)| *l).collect();
    (0..count).map(|group| (pick(level, &level_group, group), pick(upright, &upright_group, group))).collect()
}

struct Grid {
    xs: Vec<f32>,
    ys: Vec<f32>,
    /// For each cell, row by row, the first cell that it is one with.
    owner: Vec<usize>,
}

impl Grid {
    fn new(level: &[Line], upright: &[Line]) -> Option<Self> {
        let xs = places(upright, level);
        let ys = places(level, upright);
        if upright.is_empty() || xs.len() < 3 || ys.len() < 2 || xs.len() > MOST || ys.len() > MOST {
            return None;
        }
        let columns = xs.len() - 1;
        let mut owner: Vec<usize> = (0..columns * (ys.len() - 1)).collect();
        for cell in 0..owner.len() {
            let (row, column) = (cell / columns, cell % columns);
            let (x, y) = ((xs[column] + xs[column + 1]) / 2.0, (ys[row] + ys[row + 1]) / 2.0);
            if column + 1 < columns && !covers(upright, xs[column + 1], y) {
                unite(&mut owner, cell, cell + 1);
            }
            if row + 2 < ys.len() && !covers(level, ys[row + 1], x) {
                unite(&mut owner, cell, cell + columns);
            }
        }
        Some(Grid { xs, ys, owner })
    }

    /// The table, unless fewer than two of its cells hold text.
    fn table(&self, glyphs: &mut Vec<Glyph>) -> Option<Table> {
        let mut cells: Vec<Vec<Glyph>> = vec![Vec::new(); self.owner.len()];
        let mut rest = Vec::new();
        for glyph in glyphs.iter() {
            match self.cell((glyph.x0 + glyph.x1) / 2.0, glyph.y - 0.3 * glyph.size) {
                Some(cell) => cells[cell].push(*glyph),
                None => rest.push(*glyph),
            }
        }
        if cells.iter().filter(|cell| cell.iter().any(|glyph| !glyph.c.is_whitespace())).count() < 2 {
            return None;
        }
        *glyphs = rest;
        let columns = self.xs.len() - 1;
        let texts: Vec<String> = cells.into_iter().enumerate().map(|(i, cell)| cell_text(cell, self.right(i))).collect();
        let rows = texts.chunks(columns).filter(|row| row.iter().any(|text| !text.is_empty()));
        let text = rows.map(|row| row.join(&CELL.to_string())).collect::<Vec<_>>().join("\n");
        Some(Table { x0: self.xs[0], x1: *self.xs.last()?, top: self.ys[0], bottom: *self.ys.last()?, text })
    }

    fn cell(&self, x: f32, y: f32) -> Option<usize> {
        let place = |lines: &[f32], at: f32| lines.partition_point(|line| *line <= at).checked_sub(1).filter(|i| i + 1 < lines.len());
        let cell = place(&self.ys, y)? * (self.xs.len() - 1) + place(&self.xs, x)?;
        Some(find(&self.owner, cell))
    }

    /// Where the cell ends on the right, with those that are one with it in its row.
    fn right(&self, cell: usize) -> f32 {
        let columns = self.xs.len() - 1;
        let own = find(&self.owner, cell);
        let last = (cell..(cell / columns + 1) * columns).take_while(|other| find(&self.owner, *other) == own).last().unwrap_or(cell);
        self.xs[last % columns + 1]
    }
}

/// Where the lines of one direction stand; an open side ends where the crossing lines do.
fn places(lines: &[Line], crossing: &[Line]) -> Vec<f32> {
    let mut at: Vec<f32> = lines.iter().map(|line| line.at).collect();
    let (from, to) = crossing.iter().fold((f32::MAX, f32::MIN), |(from, to), line| (from.min(line.from), to.max(line.to)));
    at.sort_by(f32::total_cmp);
    if let (Some(first), Some(last)) = (at.first().copied(), at.last().copied()) {
        at.extend([from].iter().filter(|from| **from < first - 3.0 * NEAR));
        at.extend([to].iter().filter(|to| **to > last + 3.0 * NEAR));
    }
    at.sort_by(f32::total_cmp);
    at.dedup_by(|b, a| *b - *a < NEAR);
    at
}

fn covers(lines: &[Line], at: f32, along: f32) -> bool {
    lines.iter().any(|line| (line.at - at).abs() < NEAR && line.from <= along && along <= line.to)
}

fn find(owner: &[usize], mut cell: usize) -> usize {
    while owner[cell] != cell {
        cell = owner[cell];
    }
    cell
}

fn unite(owner: &mut [usize], a: usize, b: usize) {
    let (a, b) = (find(owner, a), find(owner, b));
    owner[a.max(b)] = a.min(b);
}

/// The lines of a cell in one, `CELL_LINE` between its paragraphs.
fn cell_text(glyphs: Vec<Glyph>, right: f32) -> String {
    let pieces = lines::pieces(glyphs);
    let mut rows: Vec<Vec<Piece>> = Vec::new();
    for piece in pieces {
        match rows.last_mut() {
            Some(row) if piece.y - row[0].y < 0.4 * piece.size.max(row[0].size) => row.push(piece),
            _ => rows.push(vec![piece]),
        }
    }
    let mut text = String::new();
    let mut before: Option<(f32, f32, f32)> = None;
    for mut row in rows {
        row.sort_by(|a, b| a.x0.total_cmp(&b.x0));
        let line = lines::text(&row.iter().flat_map(|piece| piece.glyphs.iter().copied()).collect::<Vec<_>>());
        let (x0, x1, y, size) = (row[0].x0, row.last().map_or(0.0, |p| p.x1), row[0].y, row[0].size);
        if let Some((last_x0, last_x1, last_y)) = before {
            let is_short = right - last_x1 > 3.0 * size && (x0 - last_x0).abs() < 2.5 * size && x1 - x0 > right - last_x1 - 2.0 * size;
            if y - last_y > 2.6 * size || is_short {
                text.push(CELL_LINE);
            } else {
                text.push_str(join(&text, &line));
            }
        }
        before = Some((x0, x1, y));
        text.push_str(&line.replace(CELL, " "));
    }
    text
}

/// What stands between two lines of one paragraph.
fn join(before: &str, after: &str) -> &'static str {
    match (before.chars().next_back(), after.chars().next()) {
        (Some(a), Some(b)) if !is_wide(a) && !is_wide(b) && a.is_alphanumeric() && b.is_alphanumeric() => " ",
        _ => "",
    }
}
