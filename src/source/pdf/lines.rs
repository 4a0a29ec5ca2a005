//! Glyphs -> pieces of printed lines. In: the glyphs of one region, in any order. Out: `Piece`s: glyphs of one base line without a wide
//! gap, raised and lowered figures put in their place. Never loses a glyph but the second drawing of one (bold by overprinting).

use super::content::Glyph;

/// A gap wider than this many ems ends a piece: it may be the space between two columns.
const GAP: f32 = 1.2;

/// A stretch of one printed line.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub x0: f32,
    pub x1: f32,
    /// The base line.
    pub y: f32,
    pub size: f32,
    /// By place; with the white space that the page draws.
    pub glyphs: Vec<Glyph>,
}

impl Piece {
    fn new(glyphs: Vec<Glyph>) -> Option<Self> {
        let inked = || glyphs.iter().filter(|glyph| !glyph.c.is_whitespace());
        let size = inked().map(|glyph| glyph.size).fold(0.0, f32::max);
        let y = inked().find(|glyph| glyph.size >= size).map(|glyph| glyph.y)?;
        let (x0, x1) = inked().fold((f32::MAX, f32::MIN), |(x0, x1), glyph| (x0.min(glyph.x0), x1.max(glyph.x1)));
        Some(Piece { x0, x1, y, size, glyphs })
    }

    pub(super) fn top(&self) -> f32 {
        self.y - 0.85 * self.size
    }

    pub(super) fn bottom(&self) -> f32 {
        self.y + 0.15 * self.size
    }
}

/// The pieces of lines that `glyphs` make, from the top down.
pub(super) fn pieces(mut glyphs: Vec<Glyph>) -> Vec<Piece> {
    glyphs.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut out: Vec<Piece> = Vec::new();
    let mut line: Vec<Glyph> = Vec::new();
    for glyph in glyphs {
        if line.last().is_some_and(|first| glyph.y - line[0].y > 0.2 * first.size.max(glyph.size)) {
            split(std::mem::take(&mut line), &mut out);
        }
        line.push(glyph);
    }
    split(line, &mut out);
    let joined = attach_scripts(out);
    let mut out = Vec::new();
    joined.into_iter().for_each(|piece| split(piece.glyphs, &mut out));
    out
}

/// Parts the glyphs of one line at its wide gaps.
fn split(mut line: Vec<Glyph>, out: &mut Vec<Piece>) {
    line.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    drop_overprints(&mut line);
    let mut piece: Vec<Glyph> = Vec::new();
    let mut end = f32::MAX;
    for glyph in line {
        if !glyph.c.is_whitespace() {
            if glyph.x0 - end > GAP * glyph.size {
                out.extend(Piece::new(std::mem::take(&mut piece)));
                end = f32::MIN;
            }
            end = if end == f32::MAX { glyph.x1 } else { end.max(glyph.x1) };
        }
        piece.push(glyph);
    }
    out.extend(Piece::new(piece));
}

/// The same character drawn again at nearly the same place is one character.
fn drop_overprints(line: &mut Vec<Glyph>) {
    let mut kept: Vec<Glyph> = Vec::with_capacity(line.len());
    for glyph in line.drain(..) {
        let again = |other: &&Glyph| other.c == glyph.c && (other.x0 - glyph.x0).abs() < 0.12 * glyph.size && other.size == glyph.size;
        if !kept.iter().rev().take(4).any(|other| again(&other)) {
            kept.push(glyph);
        }
    }
    *line = kept;
}

/// Puts small pieces that stand beside a larger one and overlap its height into it.
fn attach_scripts(mut pieces: Vec<Piece>) -> Vec<Piece> {
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for (i, small) in pieces.iter().enumerate() {
        let host = |other: &Piece| {
            let is_near = (other.y - small.y).abs() < 0.7 * other.size && small.size < 0.85 * other.size;
            is_near && small.x0 > other.x0 && small.x0 < other.x1 + 0.4 * other.size && small.x1 - small.x0 < 8.0 * other.size
        };
        let around = i.saturating_sub(40)..(i + 40).min(pieces.len());
        if let Some(host) = around.filter(|j| *j != i).find(|j| host(&pieces[*j])) {
            taken.push((i, host));
        }
    }
    for (small, host) in taken.iter().rev() {
        let glyphs = std::mem::take(&mut pieces[*small].glyphs);
        pieces[*host].glyphs.extend(glyphs);
    }
    pieces.retain(|piece| !piece.glyphs.is_empty());
    rejoin(pieces)
}

/// Joins pieces of one base line between which a raised figure stands.
fn rejoin(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    for piece in pieces {
        let Some(piece) = Piece::new(piece.glyphs) else { continue };
        match out.last_mut() {
            Some(last) if (last.y - piece.y).abs() < 0.1 && piece.x0 > last.x0 && piece.x0 - last.x1 < GAP * piece.size => {
                last.glyphs.extend(piece.glyphs);
                last.x1 = last.x1.max(piece.x1);
            }
            _ => out.push(piece),
        }
    }
    out
}

/// Characters that are set without spaces between them.
pub(super) fn is_wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{A4CF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

/// The text of glyphs that stand on one line, by place.
pub(super) fn text(glyphs: &[Glyph]) -> String {
    let inked: Vec<(Glyph, bool)> = {
        let mut space = false;
        let mut out = Vec::with_capacity(glyphs.len());
        for glyph in glyphs {
            if glyph.c.is_whitespace() {
                space = true;
            } else {
                out.push((*glyph, std::mem::take(&mut space)));
            }
        }
        out
    };
    let spread = Spread::of(&inked);
    let mut text = String::with_capacity(glyphs.len() * 3);
    for (i, (glyph, space)) in inked.iter().enumerate() {
        if let Some((before, _)) = i.checked_sub(1).and_then(|i| inked.get(i))
            && spread.is_space(before, glyph, *space)
        {
            text.push(' ');
        }
        if !glyph.c.is_control() {
            text.push(glyph.c);
        }
    }
    text
}

/// How far apart a line sets its letters: a line set wide has wide gaps that are no spaces.
struct Spread {
    /// Usual gap between letters, in ems.
    letters: f32,
    /// The Chinese characters stand evenly apart.
    is_even: bool,
}

impl Spread {
    fn of(inked: &[(Glyph, bool)]) -> Self {
        let gaps = |wide: bool| {
            let pairs = inked.windows(2).filter(move |pair| (is_wide(pair[0].0.c) && is_wide(pair[1].0.c)) == wide);
            let mut gaps: Vec<f32> = pairs.map(|pair| gap(&pair[0].0, &pair[1].0)).collect();
            gaps.sort_by(f32::total_cmp);
            gaps
        };
        let (latin, wide) = (gaps(false), gaps(true));
        let letters = latin.get(latin.len() / 4).copied().filter(|_| latin.len() > 4).unwrap_or(0.0).clamp(0.0, 0.5);
        let is_even = matches!(wide.as_slice(), [least, .., most] if wide.len() > 2 && *least > 0.6 * most);
        Spread { letters, is_even }
    }

    fn is_space(&self, before: &Glyph, glyph: &Glyph, drawn: bool) -> bool {
        let gap = gap(before, glyph) - self.letters;
        match (is_wide(before.c), is_wide(glyph.c)) {
            (true, true) => gap > 0.9 && !self.is_even || drawn && gap > 0.2,
            (false, false) => gap > 0.16 || drawn && gap > 0.04,
            _ => gap > 0.6 || drawn && gap > 0.15,
        }
    }
}

fn gap(before: &Glyph, glyph: &Glyph) -> f32 {
    (glyph.x0 - before.x1) / before.size.min(glyph.size).max(0.1)
}
