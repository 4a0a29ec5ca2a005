//! The content of one page: operators -> glyphs with their places, and the lines drawn. In: a page. Out: `Drawn`, in the page's own
//! coordinates: points from the upper left corner, y downwards, the page turned as it is shown. Never lays out.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::time::Instant;

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{Dict, Name, Number, Object, ObjectIdentifier, String as Bytes};
use hayro_syntax::page::{Page, Resources};

use super::font::Font;
use super::guard::decoded;

/// One character where it is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Glyph {
    pub c: char,
    /// Start and end along the writing direction.
    pub x0: f32,
    pub x1: f32,
    /// The base line.
    pub y: f32,
    /// Height of an em.
    pub size: f32,
}

/// A straight line that is drawn, upright or level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rule {
    pub x0: f32,
    pub y0: f32,
    pub x1: f32,
    pub y1: f32,
}

/// What a page shows.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    /// Glyphs by their writing direction in degrees (0: to the right, 90: downwards), in the coordinates of a page turned so that they
    /// run to the right.
    pub glyphs: BTreeMap<i32, Vec<Glyph>>,
    pub rules: Vec<Rule>,
    /// Share of the page that its largest picture covers.
    pub picture: f32,
    /// Whether anything was painted that is no text.
    pub painted: bool,
    /// Fonts whose characters had no way to Unicode, and how many.
    pub unknown: BTreeMap<String, usize>,
    /// The content is there in name only: missing, broken, or too large unpacked.
    pub unreadable: bool,
    /// The deadline or a bound came before the end.
    pub unfinished: bool,
}

type Matrix = [f64; 6];

const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
/// Forms in forms, more than any producer writes.
const DEPTH: usize = 12;
/// Marked content in marked content.
const MARKED: usize = 4096;
/// Lines on one page.
const RULES: usize = 1 << 16;
/// Characters on one page, more than any page holds.
const GLYPHS: usize = 1 << 20;

/// The fonts of a document, each read once.
pub(super) type Fonts<'a> = HashMap<ObjectIdentifier, Rc<Font<'a>>>;

#[derive(Clone)]
struct State<'a> {
    ctm: Matrix,
    font: Option<Rc<Font<'a>>>,
    size: f64,
    char_space: f64,
    word_space: f64,
    scale: f64,
    leading: f64,
    rise: f64,
}

/// Open marked content: the text that replaces it, and how many glyphs stood before it in each direction.
struct Marked {
    text: String,
    before: BTreeMap<i32, usize>,
}

struct Reader<'r, 'a> {
    drawn: Drawn,
    fonts: &'r mut Fonts<'a>,
    deadline: Instant,
    area: f64,
    /// Pieces of the current path: start and end of each straight line, in page coordinates.
    path: Vec<[f64; 4]>,
    at: (f64, f64),
    start: (f64, f64),
    curved: bool,
    marked: Vec<Option<Marked>>,
    glyphs: usize,
    operators: usize,
}

/// Reads the content of `page`.
pub(super) fn read<'a>(page: &Page<'a>, fonts: &mut Fonts<'a>, deadline: Instant) -> Drawn {
    let (width, height) = page.render_dimensions();
    let mut reader = Reader {
        drawn: Drawn::default(),
        fonts,
        deadline,
        area: f64::from(width) * f64::from(height),
        path: vec![],
        at: (0.0, 0.0),
        start: (0.0, 0.0),
        curved: false,
        marked: vec![],
        glyphs: 0,
        operators: 0,
    };
    let state = State {
        ctm: page.initial_transform(true).as_coeffs(),
        font: None,
        size: 0.0,
        char_space: 0.0,
        word_space: 0.0,
        scale: 1.0,
        leading: 0.0,
        rise: 0.0,
    };
    match content(page) {
        Some(content) => reader.run(&content, page.resources(), state, 0),
        None => reader.drawn.unreadable = page.raw().contains_key("Contents"),
    }
    reader.drawn
}

/// The unpacked content streams of a page, one after the other.
fn content(page: &Page) -> Option<Vec<u8>> {
    use hayro_syntax::object::{Array, Stream};
    if let Some(stream) = page.raw().get::<Stream>("Contents") {
        return decoded(&stream);
    }
    let streams = page.raw().get::<Array>("Contents")?;
    let mut all = Vec::new();
    for content in streams.iter::<Stream>().filter_map(|stream| decoded(&stream)) {
        all.extend(content);
        all.push(b'\n');
    }
    (!all.is_empty() || streams.raw_iter().next().is_none()).then_some(all)
}

fn numbers<const N: usize>(numbers: [Number; N]) -> [f64; N] {
    numbers.map(|number| Some(number.as_f64()).filter(|n| n.is_finite()).unwrap_or(0.0))
}

/// `a` after `b`: first `a`, then `b`.
fn then(a: Matrix, b: Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

fn apply(m: Matrix, x: f64, y: f64) -> (f64, f64) {
    (m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5])
}

impl<'a> Reader<'_, 'a> {
    fn run(&mut self, content: &[u8], resources: &Resources<'a>, mut state: State<'a>, depth: usize) {
        let (mut tm, mut line) = (IDENTITY, IDENTITY);
        let mut stack: Vec<State<'a>> = Vec::new();
        let mut operators = TypedIter::new(content);
        while let Some(operator) = operators.next() {
            self.operators += 1;
            if self.drawn.unfinished || self.operators.is_multiple_of(1024) && Instant::now() > self.deadline || self.glyphs > GLYPHS {
                self.drawn.unfinished = true;
                return;
            }
            match operator {
                Op::SaveState(_) if stack.len() < 512 => stack.push(state.clone()),
                Op::RestoreState(_) => state = stack.pop().unwrap_or(state),
                Op::Transform(m) => state.ctm = then(numbers([m.0, m.1, m.2, m.3, m.4, m.5]), state.ctm),
                Op::BeginText(_) => (tm, line) = (IDENTITY, IDENTITY),
                Op::CharacterSpacing(n) => state.char_space = n.0.as_f64(),
                Op::WordSpacing(n) => state.word_space = n.0.as_f64(),
                Op::HorizontalScaling(n) => state.scale = n.0.as_f64() / 100.0,
                Op::TextLeading(n) => state.leading = n.0.as_f64(),
                Op::TextRise(n) => state.rise = n.0.as_f64(),
                Op::TextFont(font) => {
                    state.font = self.font(resources, font.0);
                    state.size = font.1.as_f64();
                }
                Op::SetGraphicsState(name) => self.graphics_state(resources, name.0, &mut state),
                Op::NextLine(by) => {
                    line = then([1.0, 0.0, 0.0, 1.0, by.0.as_f64(), by.1.as_f64()], line);
                    tm = line;
                }
                Op::NextLineAndSetLeading(by) => {
                    state.leading = -by.1.as_f64();
                    line = then([1.0, 0.0, 0.0, 1.0, by.0.as_f64(), by.1.as_f64()], line);
                    tm = line;
                }
                Op::SetTextMatrix(m) => {
                    line = numbers([m.0, m.1, m.2, m.3, m.4, m.5]);
                    tm = line;
                }
                Op::NextLineUsingLeading(_) => {
                    line = then([1.0, 0.0, 0.0, 1.0, 0.0, -state.leading], line);
                    tm = line;
                }
                Op::ShowText(text) => self.show(text.0.as_bytes(), &state, &mut tm),
                Op::NextLineAndShowText(text) => {
                    line = then([1.0, 0.0, 0.0, 1.0, 0.0, -state.leading], line);
                    tm = line;
                    self.show(text.0.as_bytes(), &state, &mut tm);
                }
                Op::ShowTextWithParameters(text) => {
                    (state.word_space, state.char_space) = (text.0.as_f64(), text.1.as_f64());
                    line = then([1.0, 0.0, 0.0, 1.0, 0.0, -state.leading], line);
                    tm = line;
                    self.show(text.2.as_bytes(), &state, &mut tm);
                }
                Op::ShowTexts(parts) => {
                    for part in parts.0.iter::<Object>() {
                        match part {
                            Object::String(text) => self.show(text.as_bytes(), &state, &mut tm),
                            Object::Number(by) => advance(&mut tm, &state, -by.as_f64() / 1000.0 * state.size),
                            _ => {}
                        }
                    }
                }
                Op::BeginMarkedContent(_) if self.marked.len() < MARKED => self.marked.push(None),
                Op::BeginMarkedContentWithProperties(mark) => self.begin_marked(resources, mark.1),
                Op::EndMarkedContent(_) => self.end_marked(),
                Op::XObject(name) => self.x_object(resources, name.0, &state, depth),
                Op::InlineImage(_) => self.picture(&state),
                Op::Shading(_) => self.drawn.painted = true,
                operator => self.draw(&operator, &state),
            }
        }
    }

    fn font(&mut self, resources: &Resources<'a>, name: &Name) -> Option<Rc<Font<'a>>> {
        let id = resources.fonts.get_ref(name.as_ref()).map(ObjectIdentifier::from);
        if let Some(font) = id.and_then(|id| self.fonts.get(&id)) {
            return Some(font.clone());
        }
        let font = Rc::new(Font::read(&resources.fonts.get::<Dict>(name.as_ref())?));
        if let Some(id) = id {
            self.fonts.insert(id, font.clone());
        }
        Some(font)
    }

    fn graphics_state(&mut self, resources: &Resources<'a>, name: &Name, state: &mut State<'a>) {
        let font = resources.ext_g_states.get::<Dict>(name.as_ref()).and_then(|dict| dict.get::<hayro_syntax::object::Array>("Font"));
        let mut parts = font.iter().flat_map(|font| font.iter::<Object>());
        if let (Some(Object::Dict(font)), Some(Object::Number(size))) = (parts.next(), parts.next()) {
            state.font = Some(Rc::new(Font::read(&font)));
            state.size = size.as_f64();
        }
    }

    fn show(&mut self, bytes: &[u8], state: &State<'a>, tm: &mut Matrix) {
        let Some(font) = state.font.clone() else { return };
        font.show(bytes, |shown| {
            let width = f64::from(shown.advance) / 1000.0 * state.size;
            self.place(&shown.text, width, &font, state, *tm);
            if shown.text.as_ref() == "\u{FFFD}" {
                *self.drawn.unknown.entry(font.name.clone()).or_default() += 1;
            }
            let word = if shown.is_space_code { state.word_space } else { 0.0 };
            let by = if font.vertical { -(width - state.char_space - word) } else { width + state.char_space + word };
            advance(tm, state, by);
        });
    }

    /// Puts the characters of one code on the page, side by side in its width.
    fn place(&mut self, text: &str, width: f64, font: &Font, state: &State, tm: Matrix) {
        let m = then(tm, state.ctm);
        let (ox, oy) = apply(m, 0.0, state.rise);
        let (ex, ey) = if font.vertical { apply(m, 0.0, state.rise - width) } else { apply(m, width * state.scale, state.rise) };
        let (dx, dy) = if font.vertical { (-m[2], -m[3]) } else { (m[0], m[1]) };
        let size = (m[2].hypot(m[3]) * state.size.abs() * f64::from(font.em)) as f32;
        let sign = if state.size < 0.0 { -1.0 } else { 1.0 };
        let turn = (dy * sign).atan2(dx * sign).to_degrees().round();
        if !(ox.is_finite() && oy.is_finite() && ex.is_finite() && ey.is_finite() && turn.is_finite() && size > 0.0) {
            return;
        }
        let turn = if turn < -179.0 { 180 } else { turn as i32 };
        let ((x0, y), (x1, _)) = (turned(ox, oy, turn), turned(ex, ey, turn));
        let count = text.chars().count().max(1) as f32;
        let list = self.drawn.glyphs.entry(turn).or_default();
        let step = (x1 - x0) / count;
        for (i, c) in text.chars().enumerate() {
            list.push(Glyph { c, x0: x0 + step * i as f32, x1: x0 + step * (i + 1) as f32, y, size });
        }
        self.glyphs += text.len().max(1);
    }

    fn begin_marked(&mut self, resources: &Resources<'a>, properties: &Object) {
        let text = |dict: &Dict| dict.get::<Bytes>("ActualText").map(|text| text_string(text.as_bytes()));
        let text = match properties {
            Object::Dict(dict) => text(dict),
            Object::Name(name) => resources.properties.get::<Dict>(name.as_ref()).and_then(|dict| text(&dict)),
            _ => None,
        };
        let before = || self.drawn.glyphs.iter().map(|(turn, glyphs)| (*turn, glyphs.len())).collect();
        let mark = text.map(|text| Marked { text, before: before() });
        if self.marked.len() < MARKED {
            self.marked.push(mark);
        }
    }

    /// The glyphs of marked content that stand on one line give way to its text.
    fn end_marked(&mut self) {
        let Some(Some(Marked { text, before })) = self.marked.pop() else { return };
        for (turn, glyphs) in &mut self.drawn.glyphs {
            let from = before.get(turn).copied().unwrap_or(0);
            let Some([first, ..]) = glyphs.get(from..) else { continue };
            let first = *first;
            let last = glyphs.last().copied().unwrap_or(first);
            let on_one_line = glyphs[from..].iter().all(|glyph| (glyph.y - first.y).abs() < first.size / 2.0);
            if !on_one_line || last.x1 < first.x0 {
                continue;
            }
            glyphs.truncate(from);
            let chars: Vec<char> = text.chars().filter(|c| !c.is_control()).collect();
            let step = (last.x1 - first.x0) / chars.len().max(1) as f32;
            let at = |i: usize| first.x0 + step * i as f32;
            glyphs.extend(chars.iter().enumerate().map(|(i, c)| Glyph { c: *c, x0: at(i), x1: at(i + 1), ..first }));
            return;
        }
    }

    fn x_object(&mut self, resources: &Resources<'a>, name: &Name, state: &State<'a>, depth: usize) {
        let Some(stream) = resources.get_x_object(name) else { return };
        let dict = stream.dict();
        if dict.get::<Name>("Subtype").is_some_and(|name| name.as_ref() == b"Image") {
            return self.picture(state);
        }
        let Some(content) = (depth < DEPTH).then(|| decoded(&stream)).flatten() else { return };
        let matrix = dict.get::<[f64; 6]>("Matrix").unwrap_or(IDENTITY);
        let own = dict.get::<Dict>("Resources").map(Resources::new);
        let state = State { ctm: then(matrix, state.ctm), ..state.clone() };
        self.run(&content, own.as_ref().unwrap_or(resources), state, depth + 1);
    }

    /// A picture fills the unit square.
    fn picture(&mut self, state: &State) {
        let m = state.ctm;
        let share = (m[0] * m[3] - m[1] * m[2]).abs() / self.area.max(1.0);
        self.drawn.picture = self.drawn.picture.max(share as f32);
        self.drawn.painted = true;
    }

    fn draw(&mut self, operator: &Op, state: &State) {
        match operator {
            Op::MoveTo(to) => {
                self.at = apply(state.ctm, to.0.as_f64(), to.1.as_f64());
                self.start = self.at;
            }
            Op::LineTo(to) => self.line_to(apply(state.ctm, to.0.as_f64(), to.1.as_f64())),
            Op::ClosePath(_) => self.line_to(self.start),
            Op::RectPath(rect) => {
                let [x, y, w, h] = numbers([rect.0, rect.1, rect.2, rect.3]);
                self.at = apply(state.ctm, x, y);
                self.start = self.at;
                for (x, y) in [(x + w, y), (x + w, y + h), (x, y + h), (x, y)] {
                    self.line_to(apply(state.ctm, x, y));
                }
            }
            Op::CubicTo(_) | Op::CubicStartTo(_) | Op::CubicEndTo(_) => self.curved = true,
            Op::StrokePath(_) | Op::CloseAndStrokePath(_) => self.paint(true),
            Op::FillPathNonZero(_) | Op::FillPathNonZeroCompatibility(_) | Op::FillPathEvenOdd(_) => self.paint(false),
            Op::FillAndStrokeNonZero(_) | Op::FillAndStrokeEvenOdd(_) => self.paint(true),
            Op::CloseFillAndStrokeNonZero(_) | Op::CloseFillAndStrokeEvenOdd(_) => self.paint(true),
            Op::EndPath(_) => self.forget_path(),
            _ => {}
        }
    }

    fn line_to(&mut self, to: (f64, f64)) {
        if self.path.len() < 1 << 16 {
            self.path.push([self.at.0, self.at.1, to.0, to.1]);
        }
        self.at = to;
    }

    fn forget_path(&mut self) {
        self.path.clear();
        self.curved = false;
    }

    /// Stroked lines, and filled areas so thin that they are lines.
    fn paint(&mut self, stroked: bool) {
        const THIN: f32 = 3.0;
        self.drawn.painted |= self.curved || !self.path.is_empty();
        if self.drawn.rules.len() > RULES {
            return self.forget_path();
        }
        let lines: Vec<Rule> = self.path.iter().map(|[ax, ay, bx, by]| rule(*ax, *ay, *bx, *by)).collect();
        if stroked {
            let level = |rule: &&Rule| (rule.x1 - rule.x0).min(rule.y1 - rule.y0) < 1.0 && (rule.x1 - rule.x0).max(rule.y1 - rule.y0) > 2.0;
            self.drawn.rules.extend(lines.iter().filter(level));
        } else if !self.curved {
            for area in lines.chunks(4) {
                let bounds = area.iter().copied().reduce(|a, b| Rule {
                    x0: a.x0.min(b.x0),
                    y0: a.y0.min(b.y0),
                    x1: a.x1.max(b.x1),
                    y1: a.y1.max(b.y1),
                });
                self.drawn.rules.extend(bounds.and_then(|b| thin(b, THIN)));
            }
        }
        self.forget_path();
    }
}

/// The middle line of an area that is thin one way and long the other.
fn thin(b: Rule, most: f32) -> Option<Rule> {
    let (width, height, x, y) = (b.x1 - b.x0, b.y1 - b.y0, (b.x0 + b.x1) / 2.0, (b.y0 + b.y1) / 2.0);
    if height <= most && width > 2.0 * height.max(1.0) {
        Some(Rule { y0: y, y1: y, ..b })
    } else if width <= most && height > 2.0 * width.max(1.0) {
        Some(Rule { x0: x, x1: x, ..b })
    } else {
        None
    }
}

fn rule(ax: f64, ay: f64, bx: f64, by: f64) -> Rule {
    Rule { x0: ax.min(bx) as f32, y0: ay.min(by) as f32, x1: ax.max(bx) as f32, y1: ay.max(by) as f32 }
}

/// A point in the coordinates of the page turned by `degrees` against the writing.
pub(super) fn turned(x: f64, y: f64, degrees: i32) -> (f32, f32) {
    let (sin, cos) = match degrees {
        0 => (0.0, 1.0),
        90 => (1.0, 0.0),
        180 => (0.0, -1.0),
        -90 => (-1.0, 0.0),
        degrees => f64::from(degrees).to_radians().sin_cos(),
    };
    ((x * cos + y * sin) as f32, (y * cos - x * sin) as f32)
}

fn advance(tm: &mut Matrix, state: &State, by: f64) {
    let vertical = state.font.as_ref().is_some_and(|font| font.vertical);
    let (x, y) = if vertical { (0.0, by) } else { (by * state.scale, 0.0) };
    *tm = then([1.0, 0.0, 0.0, 1.0, x, y], *tm);
}

/// A text string of the file's own structures: UTF-16 with a mark, UTF-8 with a mark, or Latin.
fn text_string(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}
