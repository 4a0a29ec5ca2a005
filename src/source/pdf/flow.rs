//! The order in which a page is read. In: what a page draws. Out: its text, one printed line a line, columns one after the other, a blank
//! line where the page leaves room, a table row a line. Never moves what stands at the head or foot of the page.

use super::content::{Drawn, Glyph, Rule, turned};
use super::grid::{Table, tables};
use super::lines::{self, Piece};

/// Pieces of a line or a table, placed.
struct Item {
    x0: f32,
    x1: f32,
    top: f32,
    bottom: f32,
    /// The base line; of a table its lower edge.
    y: f32,
    size: f32,
    content: Content,
}

enum Content {
    Piece(Piece),
    Table(String),
}

/// The items of one base line, from left to right.
type Row = Vec<Item>;

/// The text of a page.
pub(super) fn text(drawn: &mut Drawn) -> String {
    let Some(main) = drawn.glyphs.iter().max_by_key(|(_, glyphs)| glyphs.len()).map(|(turn, _)| *turn) else { return String::new() };
    let rules: Vec<Rule> = drawn.rules.iter().map(|rule| turned_rule(rule, main)).collect();
    let mut out = String::new();
    region(drawn.glyphs.remove(&main).unwrap_or_default(), &rules, &mut out);
    for glyphs in std::mem::take(&mut drawn.glyphs).into_values() {
        region(glyphs, &[], &mut out);
    }
    out
}

fn turned_rule(rule: &Rule, turn: i32) -> Rule {
    let (ax, ay) = turned(rule.x0.into(), rule.y0.into(), turn);
    let (bx, by) = turned(rule.x1.into(), rule.y1.into(), turn);
    Rule { x0: ax.min(bx), y0: ay.min(by), x1: ax.max(bx), y1: ay.max(by) }
}

/// Lays out the glyphs of one writing direction.
fn region(mut glyphs: Vec<Glyph>, rules: &[Rule], out: &mut String) {
    let tables = if rules.len() > 3 { tables(rules, &mut glyphs) } else { vec![] };
    let mut items: Vec<Item> =
        tables.into_iter().map(Item::from_table).chain(lines::pieces(glyphs).into_iter().map(Item::from_piece)).collect();
    items.sort_by(|a, b| a.y.total_cmp(&b.y));
    flow(rows(items), 8, out);
}

impl Item {
    fn from_piece(piece: Piece) -> Self {
        let (top, bottom) = (piece.top(), piece.bottom());
        Item { x0: piece.x0, x1: piece.x1, top, bottom, y: piece.y, size: piece.size, content: Content::Piece(piece) }
    }

    fn from_table(table: Table) -> Self {
        let Table { x0, x1, top, bottom, text } = table;
        Item { x0, x1, top, bottom, y: bottom, size: 0.0, content: Content::Table(text) }
    }

    fn is_table(&self) -> bool {
        matches!(self.content, Content::Table(_))
    }
}

/// Gathers items on one base line. A table is a row of its own.
fn rows(items: Vec<Item>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for item in items {
        let same = |first: &Item| !first.is_table() && !item.is_table() && item.y - first.y < 0.35 * item.size.max(first.size);
        match rows.last_mut() {
            Some(row) if row.first().is_some_and(same) => row.push(item),
            _ => rows.push(vec![item]),
        }
    }
    rows.iter_mut().for_each(|row| row.sort_by(|a, b| a.x0.total_cmp(&b.x0)));
    rows
}

/// Writes rows; where some stand in columns, what is above them first, then column by column, then what is below.
fn flow(rows: Vec<Row>, depth: usize, out: &mut String) {
    match (depth > 0 && rows.len() < MOST_ROWS).then(|| columns(&rows)).flatten() {
        Some(Columns { from, to, at }) => {
            let (mut above, mut left, mut right, mut below) = (vec![], vec![], vec![], vec![]);
            for (i, row) in rows.into_iter().enumerate() {
                if i < from {
                    above.push(row);
                } else if i >= to {
                    below.push(row);
                } else {
                    let (l, r): (Row, Row) = row.into_iter().partition(|item| item.x0 < at);
                    left.extend((!l.is_empty()).then_some(l));
                    right.extend((!r.is_empty()).then_some(r));
                }
            }
            let before = is_apart(&above, &[&left, &right]);
            let after = is_apart(&left, &[&below]) && is_apart(&right, &[&below]);
            for (part, is_apart) in [(above, false), (left, before), (right, false), (below, after)] {
                out.push_str(if is_apart { "\n" } else { "" });
                flow(part, depth - 1, out);
            }
        }
        None => write(&rows, out),
    }
}

/// Whether room is left free between the last of `above` and the first of each of `below`.
fn is_apart(above: &[Row], below: &[&[Row]]) -> bool {
    let Some(last) = above.last().and_then(|row| row.first()) else { return false };
    let first = below.iter().filter_map(|rows| rows.first()?.first()).min_by(|a, b| a.y.total_cmp(&b.y));
    first.is_some_and(|first| first.y - last.y > ROOM * first.size.max(last.size))
}

/// Rows `from..to` stand in two columns parted at `at`.
struct Columns {
    from: usize,
    to: usize,
    at: f32,
}

/// A page with more rows than this has no columns that one could read.
const MOST_ROWS: usize = 1_000;
/// From one line to the next it is at most this many ems; more is room left free.
const ROOM: f32 = 2.6;

/// The longest run of rows that an empty strip parts into two columns of running text.
fn columns(rows: &[Row]) -> Option<Columns> {
    let mut best: Option<Columns> = None;
    let mut places: Vec<i32> = rows.iter().flatten().map(|item| (item.x1 + 2.0) as i32 / 2).collect();
    places.sort_unstable();
    places.dedup();
    for place in places.into_iter().take(400) {
        let at = place as f32 * 2.0;
        let mut from = 0;
        for to in 0..=rows.len() {
            let crosses = rows.get(to).is_none_or(|row| row.iter().any(|item| item.x0 < at && at < item.x1));
            let hangs_together = to == from || step(rows, to - 1) < ROOM * size(rows, to - 1).max(size(rows, to));
            if !crosses && hangs_together {
                continue;
            }
            if let Some(found) = column_run(rows, from, to, at)
                && best.as_ref().is_none_or(|best| found.to - found.from > best.to - best.from)
            {
                best = Some(found);
            }
            from = if crosses { to + 1 } else { to };
        }
    }
    best
}

/// Rows of a column: where they begin, their left and right ends.
struct Side {
    first: usize,
    last: usize,
    lines: Vec<(f32, f32)>,
}

impl Side {
    fn of(rows: &[Row], from: usize, is_left: bool, at: f32) -> Option<Self> {
        let here = |item: &&Item| (item.x0 < at) == is_left;
        let mut side = Side { first: usize::MAX, last: 0, lines: vec![] };
        for (i, row) in rows.iter().enumerate() {
            let ends = row.iter().filter(here).fold((f32::MAX, f32::MIN), |(x0, x1), item| (x0.min(item.x0), x1.max(item.x1)));
            if ends.0 <= ends.1 {
                side.first = side.first.min(from + i);
                side.last = from + i;
                side.lines.push(ends);
            }
        }
        (side.lines.len() >= 4).then_some(side)
    }

    fn ends(&self) -> (f32, f32) {
        self.lines.iter().fold((f32::MAX, f32::MIN), |(x0, x1), line| (x0.min(line.0), x1.max(line.1)))
    }

    /// Whether most lines fill the column, as running text does and the cells of a list do not.
    fn is_full(&self) -> bool {
        let (x0, x1) = self.ends();
        let full = self.lines.iter().filter(|line| line.1 - line.0 > 0.75 * (x1 - x0)).count();
        full * 10 >= self.lines.len() * 6
    }
}

fn column_run(rows: &[Row], from: usize, to: usize, at: f32) -> Option<Columns> {
    let run = rows.get(from..to).filter(|run| run.len() >= 4)?;
    let size = run.iter().flatten().map(|item| item.size).fold(0.0, f32::max);
    let (left, right) = (Side::of(run, from, true, at)?, Side::of(run, from, false, at)?);
    let ((l0, l1), (r0, r1)) = (left.ends(), right.ends());
    let (narrow, wide) = ((l1 - l0).min(r1 - r0), (l1 - l0).max(r1 - r0));
    let overlap = left.last.min(right.last).saturating_sub(left.first.max(right.first)) + 1;
    let is_text = left.is_full() && right.is_full() && narrow > 7.0 * size && narrow * 3.0 > wide;
    if !is_text || r0 - l1 < 0.5 * size || overlap < 4 {
        return None;
    }
    let near = usual_step(rows) * 1.4;
    let (mut first, mut last) = (left.first.max(right.first), left.last.min(right.last));
    // Rows of one side that hang together with the first or last row of both.
    while first > from && step(rows, first - 1) < near {
        first -= 1;
    }
    while last + 1 < to && step(rows, last) < near {
        last += 1;
    }
    Some(Columns { from: first, to: last + 1, at })
}

/// From the base line of row `i` to the next.
fn step(rows: &[Row], i: usize) -> f32 {
    let y = |i: usize| rows.get(i).and_then(|row| row.first()).map_or(f32::MAX, |item| item.y);
    y(i + 1) - y(i)
}

/// The largest letters of row `i`.
fn size(rows: &[Row], i: usize) -> f32 {
    rows.get(i).into_iter().flatten().map(|item| item.size).fold(0.0, f32::max)
}

fn usual_step(rows: &[Row]) -> f32 {
    let mut steps: Vec<f32> = (0..rows.len().saturating_sub(1)).map(|i| step(rows, i)).filter(|step| *step > 1.0).collect();
    steps.sort_by(f32::total_cmp);
    steps.get(steps.len().saturating_sub(1) / 2).copied().unwrap_or(f32::MAX)
}

fn write(rows: &[Row], out: &mut String) {
    let usual = usual_step(rows);
    for (i, row) in rows.iter().enumerate() {
        let room = |before: &Row| {
            let (above, below) =
                (before.iter().map(|item| item.bottom).fold(f32::MIN, f32::max), row.iter().map(|item| item.top).fold(f32::MAX, f32::min));
            let size = row.iter().chain(before).map(|item| item.size).fold(0.0, f32::max);
            below - above > (usual.min(ROOM * size) * 1.5 - size).max(0.9 * size)
        };
        if i.checked_sub(1).and_then(|i| rows.get(i)).is_some_and(room) {
            out.push('\n');
        }
        let mut glyphs: Vec<Glyph> = Vec::new();
        for item in row {
            match &item.content {
                Content::Table(text) => out.push_str(text),
                Content::Piece(piece) => glyphs.extend(&piece.glyphs),
            }
        }
        out.push_str(&lines::text(&glyphs));
        out.push('\n');
    }
}
