//! Tables inside the text. In: rows whose cells are parted by tabs, bars or wide gaps. Out: lines that say of each cell what its place in the
//! table says: the head of its column, a colon, the cell, the unit that the head names. The head is borrowed: it stands there for
//! the reader of the line, while the offsets of a fact stay those of its own cell. Never loses a cell.

use std::mem::{replace, take};
use std::ops::Range;

use memchr::memmem::Finder;

use super::{Chars, SourceLine, is_line_end, line_of, remove_marks};
use crate::sign::{COMMA, PAUSE, STOP, is_han};
use crate::source::{CELL, CELL_LINE};
use crate::span::{Raw, Span};
use crate::table::{Line, Tables};

/// What a line is in its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The head; the class is that of what the rows are: fields, directions … Some column may say what is given for a row.
    Head { class: Option<&'static str>, offers: bool },
    /// The name of a row, its ordinal first. Names in several columns are nested from left to right.
    Row { level: usize, number: usize, offers: bool },
    /// One cell of the row above.
    Cell,
    /// One cell of a row of sums, which stands for all rows of this level and below.
    Sum { level: usize },
}

/// Words of the source, and the code point at which they begin.
type Place<'t> = (&'t str, usize);

/// Rows that stand together.
#[derive(Default)]
pub struct Block<'t> {
    /// Where it stands, line ends included.
    pub bytes: Range<usize>,
    /// The code points at which it begins and ends.
    pub start: usize,
    pub end: usize,
    rows: Vec<Vec<Place<'t>>>,
    /// Cells of the longest row.
    width: usize,
    /// Its cells are parted by gaps alone, as a printed page is drawn with letters: a table only where its head is one.
    drawn: bool,
}

/// More cells than any table to read has. Rows are filled up to the longest one, so that a long row over many short ones would
/// fill the memory: there a new table begins.
const CELLS: usize = 1 << 20;
/// No name of a row is longer, and no unit; they are said again with each cell.
const NAME: usize = 200;

/// Finds the tables of a text: two rows or more that follow each other, most of them with two cells that hold something; rows that are
/// drawn with gaps have the same number of cells.
pub fn find(text: &str) -> Vec<Block<'_>> {
    let (mut blocks, mut open) = (Vec::new(), Block::default());
    // What may part cells, and where it stands next.
    let signs = [GAP, "\t", "|", "\u{FF5C}"].map(Finder::new);
    let mut signs: Vec<_> = signs.iter().filter_map(|sign| Some((sign, sign.find(text.as_bytes())?))).collect();
    if signs.is_empty() {
        return blocks;
    }
    let (mut start, mut counted, mut at) = (0, 0, 0);
    for end in memchr::memchr3_iter(b'\n', b'\r', b'\x0c', text.as_bytes()).chain([text.len()]) {
        let bytes = replace(&mut start, end + 1)..end;
        if bytes.is_empty() && text[..bytes.start].ends_with('\r') && text[end..].starts_with('\n') {
            continue;
        }
        let may_part = signs.iter_mut().any(|(sign, next)| {
            if *next < bytes.start {
                *next = sign.find(&text.as_bytes()[bytes.start..]).map_or(text.len(), |next| bytes.start + next);
            }
            *next < end
        });
        if !may_part {
            close(&mut open, &mut blocks);
            continue;
        }
        at += text[replace(&mut counted, bytes.start)..bytes.start].chars().count();
        let line = &text[bytes.clone()];
        let (cells, drawn) = cells((line, at));
        if cells.len() < 2 || !open.rows.is_empty() && (drawn != open.drawn || drawn && cells.len() != open.width) {
            close(&mut open, &mut blocks);
        }
        if cells.len() < 2 {
            continue;
        }
        open.drawn = drawn;
        if open.width.max(cells.len()) * (open.rows.len() + 1) > CELLS {
            close(&mut open, &mut blocks);
        }
        if open.rows.is_empty() {
            (open.bytes.start, open.start) = (bytes.start, at);
        }
        open.bytes.end = end;
        open.end = at + line.chars().count();
        open.width = open.width.max(cells.len());
        open.rows.push(cells);
    }
    close(&mut open, &mut blocks);
    blocks
}

fn close<'t>(open: &mut Block<'t>, blocks: &mut Vec<Block<'t>>) {
    if open.rows.is_empty() {
        return;
    }
    let block = take(open);
    let holds = |(words, _): &&Place| !words.trim().is_empty();
    let full = block.rows.iter().filter(|row| row.iter().filter(holds).count() > 1).count();
    if block.rows.len() > 1 && full * 2 > block.rows.len() && (!block.drawn || block.rows.len() > 2) {
        blocks.push(block);
    }
}

/// Between the cells of a row that is drawn with letters.
const GAP: &str = "  ";
/// No drawn cell has more characters.
const DRAWN: usize = 30;

/// The cells of one line, one where it is no row; and whether only gaps part them.
fn cells(line: Place<'_>) -> (Vec<Place<'_>>, bool) {
    const BARS: [char; 2] = ['|', '\u{FF5C}'];
    let (words, at) = line;
    if words.contains(CELL) {
        return (parts(line, |c| c == CELL), false);
    }
    let is_bar = |c: char| BARS.contains(&c);
    let start = words.trim_start();
    let inner = start.trim_end();
    let framed = inner.starts_with(is_bar) && inner.ends_with(is_bar);
    if !framed && words.matches(is_bar).count() < 2 {
        return (drawn(line), true);
    }
    let at = at + words[..words.len() - start.len()].chars().count();
    let inside = inner.strip_prefix(is_bar).and_then(|inner| inner.strip_suffix(is_bar));
    (parts(inside.map_or((inner, at), |inside| (inside, at + 1)), is_bar), false)
}

/// What stands between gaps, where that is short and no sentence; else the line as one.
fn drawn((words, at): Place<'_>) -> Vec<Place<'_>> {
    let (mut cells, mut next): (Vec<Place>, usize) = (vec![], at);
    for part in words.split(GAP) {
        let lead = part.chars().take_while(|c| c.is_whitespace()).count();
        cells.extend(Some(part.trim()).filter(|cell| !cell.is_empty()).map(|cell| (cell, next + lead)));
        next += part.chars().count() + GAP.len();
    }
    let is_cell = |(cell, _): &Place| cell.chars().nth(DRAWN).is_none() && !cell.contains([':', '\u{FF1A}', COMMA, STOP]);
    if cells.len() > 1 && cells.iter().all(is_cell) { cells } else { vec![(words, at)] }
}

fn parts<'t>((words, mut at): Place<'t>, is_end: impl Fn(char) -> bool) -> Vec<Place<'t>> {
    let place = |part: &'t str| {
        let place = (part, at);
        at += part.chars().count() + 1;
        place
    };
    words.split(is_end).map(place).collect()
}

/// A column: what its cells are, and in what unit.
struct Column {
    kind: Kind,
    /// The head without its unit.
    head: Chars,
    class: Option<&'static str>,
    unit: Chars,
}

impl Column {
    fn offers(&self) -> bool {
        self.kind == Kind::Value && self.class.is_some_and(|class| OFFERS.contains(&class))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Name,
    Unit,
    Value,
}

/// Classes of the columns that say what is given: a row that has one is something to apply for.
const OFFERS: &[&str] = &["funding", "total", "projects", "period"];
/// The class of a column that says how many may apply.
const LIMITS: &str = "quota";
/// The class of a column of targets: all that such a table says is one.
const TARGETS: &str = "kpi";
/// Classes of which a name may be one.
const NAMES: &[&str] = &["fields", "directions", "countries", "subject", "research", "other"];

struct Reader<'a> {
    tables: &'static Tables,
    columns: Vec<Column>,
    /// Some column says what is given.
    offers: bool,
    /// Nothing is told of the rows but what is to be reached.
    targets: bool,
    /// What a line above says that limits how many apply: so does each column whose head says nothing else.
    limits: Option<String>,
    /// The unit of all amounts, which a line above names.
    unit: Option<String>,
    /// All cells but the names of the rows are amounts in it, each of its row and column.
    is_grid: bool,
    lines: Vec<SourceLine>,
    /// What is no text: marks of the format.
    furniture: &'a mut Vec<Span<Raw>>,
}

/// Reads one table; `None` where a drawn one has no head. `above` are the lines before it, the nearest first, which may say what it is and
/// name the unit of all amounts.
pub fn read(block: &Block, above: &[String], tables: &'static Tables, furniture: &mut Vec<Span<Raw>>) -> Option<Vec<SourceLine>> {
    let mut reader = Reader {
        tables,
        columns: vec![],
        offers: false,
        targets: false,
        limits: None,
        unit: None,
        is_grid: false,
        lines: vec![],
        furniture,
    };
    reader.limits = above.iter().flat_map(|line| reader.said(line, "caption")).find(|words| reader.class(words) == Some(LIMITS));
    reader.unit = above.first().and_then(|line| reader.said(line, "unit_above").next());
    let mut rows: Vec<Vec<Chars>> = Vec::new();
    for row in &block.rows {
        let mut cells: Vec<Chars> = row.iter().map(|cell| reader.cell(*cell)).collect();
        cells.resize(block.width, vec![]);
        if !cells.iter().flatten().all(|(c, _)| matches!(c, '-' | ':' | ' ')) {
            rows.push(cells);
        }
    }
    let captions = rows.iter().take_while(|row| row.iter().filter(|cell| !cell.is_empty()).count() == 1 && !row[0].is_empty()).count();
    let captions = if captions + 1 < rows.len() { captions } else { 0 };
    for row in rows.drain(..captions) {
        reader.plain(row);
    }
    reader.is_grid = reader.unit.is_some() && rows.iter().skip(1).all(|row| row[1..].iter().all(|cell| reader.is(&words(cell), "bare")));
    let heads = reader.heads(&rows);
    if heads == 0 {
        return (!block.drawn).then(|| {
            reader.without_head(rows);
            reader.lines
        });
    }
    let body = rows.split_off(heads);
    reader.columns(&rows, &body);
    reader.head(&rows);
    body.into_iter().for_each(|row| reader.row(row));
    Some(reader.lines)
}

impl Reader<'_> {
    /// The folded words of one cell. A line end in it stays a mark until the column is known.
    fn cell(&mut self, cell: Place) -> Chars {
        let (mut chars, mut line) = (Chars::new(), SourceLine::default());
        for (part, at) in parts(cell, is_line_end) {
            line_of(part, at, &mut line);
            if let (Some((_, last)), false) = (chars.last(), line.text.is_empty()) {
                chars.push((CELL_LINE, last + 1));
            }
            chars.extend(line.chars());
        }
        let mut line = SourceLine::plain(&chars);
        remove_marks(&mut line, self.tables, self.furniture);
        line.chars()
    }

    /// How many rows are the head: none, one, or two where the second fills the places that the first leaves empty.
    fn heads(&self, rows: &[Vec<Chars>]) -> usize {
        let labels = rows.iter().filter(|row| self.class(&words(&row[0])).is_some()).count();
        let named = rows.iter().filter(|row| !row[0].is_empty()).count();
        let form = rows.first().is_some_and(|row| matches!(row.len(), 2 | 4)) && labels * 2 > named && named > 2;
        let Some(first) = rows.first().filter(|row| rows.len() > 1 && !form && self.is_head(row)) else { return 0 };
        let known = first.iter().filter(|cell| self.kind(&words(cell)) != Kind::Value || self.class(&words(cell)).is_some()).count();
        if self.limits.is_none() && !self.is_grid && (known == 0 || known * 3 < first.iter().filter(|cell| !cell.is_empty()).count()) {
            return 0;
        }
        let second = &rows[1];
        let fills = first.iter().zip(second).any(|(above, below)| above.is_empty() && !below.is_empty());
        let spans = first.iter().zip(second).any(|(above, below)| !above.is_empty() && below.is_empty());
        if rows.len() > 2 && fills && spans && self.is_head(second) { 2 } else { 1 }
    }

    /// Short words, no sentence, and no number but a year, or one digit behind words (申请代码1).
    fn is_head(&self, row: &[Chars]) -> bool {
        let short = |cell: &Chars| {
            let text = words(cell);
            let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
            let is_few = |digits: &str| digits.len() == 4 || digits.len() == 1 && text.ends_with(digits);
            let few_at_most = numbers.next().is_none_or(is_few) && numbers.next().is_none();
            text.chars().count() <= 24 && !text.contains([STOP, ';']) && few_at_most && !text.chars().all(|c| c.is_ascii_digit())
        };
        row.iter().filter(|cell| !cell.is_empty()).count() > 1 && row.iter().filter(|cell| !cell.is_empty()).all(short)
    }

    fn is(&self, text: &str, class: &str) -> bool {
        self.tables.columns.near(text).any(|row| row.class == class && row.is_match(text))
    }

    fn kind(&self, head: &str) -> Kind {
        match () {
            () if self.is(head, "number") => Kind::Number,
            () if self.is(head, "unit_column") => Kind::Unit,
            () if self.is(head, "name") => Kind::Name,
            () => Kind::Value,
        }
    }

    fn class(&self, head: &str) -> Option<&'static str> {
        let bare = crate::sign::without_brackets(head);
        self.tables.attributes.first(&bare).map(|row| row.class.as_str())
    }

    fn columns(&mut self, heads: &[Vec<Chars>], body: &[Vec<Chars>]) {
        let mut above: Chars = vec![];
        for i in 0..heads[0].len() {
            if !heads[0][i].is_empty() {
                above = heads[0][i].clone();
            }
            let below = heads.get(1).map(|row| row[i].clone()).unwrap_or_default();
            let own = if below.is_empty() { heads[0][i].clone() } else { below };
            let (head, unit) = self.unit(&without_line_ends(own, None));
            let text = words(&head);
            let unit = if unit.is_empty() { self.unit(&without_line_ends(above.clone(), None)).1 } else { unit };
            let class = self.class(&text);
            // 单位 is a unit of measure, or who applies.
            let kind = match self.kind(&text) {
                Kind::Unit if !self.are_units(body, i) => Kind::Value,
                kind => kind,
            };
            self.columns.push(Column { kind, unit, head, class });
        }
        if let Some(steps) = self.columns.iter().position(|column| self.is(&words(&column.head), "steps")) {
            self.columns[steps].kind = Kind::Name;
            // A stretch of time is when a step is done, and no project's.
            for i in 0..self.columns.len() {
                let is_when = self.is(&words(&self.columns[i].head), "when");
                self.columns[i].class = if is_when { Some("deadline") } else { self.columns[i].class };
            }
        }
        if self.limits.is_some() {
            // Its first column names the rows; a name at the head of another is that of what is limited.
            let of_row = self.columns.iter().position(|column| column.kind != Kind::Number);
            for column in self.columns.iter_mut().skip(of_row.map_or(0, |first| first + 1)) {
                column.kind = if column.kind == Kind::Name { Kind::Value } else { column.kind };
                column.class = column.class.or(Some(LIMITS));
            }
        }
        self.default_units();
        self.offers = self.columns.iter().any(Column::offers);
        let mut classes = self.columns.iter().filter_map(|column| column.class).peekable();
        self.targets = classes.peek().is_some() && classes.all(|class| class == TARGETS);
        for i in 0..self.columns.len() {
            if self.offers && self.columns[i].kind == Kind::Name && self.describes(i, body) {
                self.columns[i].kind = Kind::Value;
            }
        }
        self.name_column();
    }

    /// Whether most cells of a column that may name the rows say more of them: a list of fields, or whole sentences.
    fn describes(&self, column: usize, body: &[Vec<Chars>]) -> bool {
        let may_list = matches!(self.columns[column].class, Some("fields" | "directions"));
        let says_more = |cell: &&Chars| cell.iter().any(|(c, _)| *c == STOP || may_list && matches!(*c, ';' | PAUSE));
        let cells = || body.iter().map(|row| &row[column]).filter(|cell| !cell.is_empty());
        2 * cells().filter(says_more).count() > cells().count()
    }

    /// Whether most cells of a column are units.
    fn are_units(&self, body: &[Vec<Chars>], column: usize) -> bool {
        let is_power = |c: char| self.tables.lexicon.numerals.powers.iter().any(|(power, _)| *power == c);
        let is_unit = |cell: &&Chars| self.tables.lexicon.unit(words(cell).trim_start_matches(is_power)).is_some();
        let cells = || body.iter().map(|row| &row[column]).filter(|cell| !cell.is_empty());
        2 * cells().filter(is_unit).count() >= cells().count()
    }

    /// The head without the unit in it, and the unit.
    fn unit(&self, head: &Chars) -> (Chars, Chars) {
        let text = words(head);
        let rows = self.tables.columns.iter().filter(|row| row.class == "unit");
        let found = rows.filter_map(|row| row.captures(&text)).next();
        let Some((whole, value)) = found.and_then(|c| Some((c.get(0)?.range(), c.name("value").or_else(|| c.name("name"))?.range())))
        else {
            return (head.clone(), vec![]);
        };
        let at = |byte: usize| text[..byte].chars().count();
        (head[..at(whole.start)].to_vec(), head[at(value.start)..at(value.end)].to_vec())
    }

    /// Units that stand above the table, or that go without saying; they stand at the end of the head.
    fn default_units(&mut self) {
        for i in 0..self.columns.len() {
            let column = &self.columns[i];
            let Some(at) = column.head.last().map(|(_, at)| *at).filter(|_| column.unit.is_empty()) else { continue };
            let text = words(&column.head);
            let implied = |text: &str| self.tables.columns.iter().find(|row| row.class == "implied" && row.is_match(text));
            let limits = || self.limits.as_deref().filter(|_| column.class == Some(LIMITS)).and_then(implied);
            let unit_of = |row: &Line| row.gives.unit.clone();
            let counted = column.class.map_or(self.is_grid, |class| matches!(class, "funding" | "total" | LIMITS));
            let unit =
                implied(&text).and_then(unit_of).or_else(|| self.unit.clone().filter(|_| counted)).or_else(|| limits().and_then(unit_of));
            self.columns[i].unit = unit.iter().flat_map(|unit| unit.chars()).map(|c| (c, at)).collect();
        }
    }

    /// What a line above a table says by the rows of `class`.
    fn said<'l>(&self, line: &'l str, class: &'l str) -> impl Iterator<Item = String> + use<'l> {
        let rows = self.tables.columns.iter().filter(move |row| row.class == class);
        rows.filter_map(|row| row.captures(line)).filter_map(|c| Some(c.name("value")?.as_str().to_string()))
    }

    /// Where no head says that its column names the rows, the first that may does; else that of their numbers.
    fn name_column(&mut self) {
        if self.columns.iter().any(|column| column.kind == Kind::Name) {
            return;
        }
        // Whom to ask is told by what one asks.
        let contacts = self.columns.iter().all(|column| column.class == Some("contact"));
        let first = self.columns.iter_mut().find(|column| column.kind != Kind::Number);
        if let Some(first) = first.filter(|c| contacts || c.class.is_none_or(|class| NAMES.contains(&class))) {
            first.kind = Kind::Name;
        } else if let Some(number) = self.columns.iter_mut().find(|column| column.kind == Kind::Number) {
            number.kind = Kind::Name;
        }
    }

    fn head(&mut self, heads: &[Vec<Chars>]) {
        let name = self.columns.iter().rfind(|column| column.kind == Kind::Name);
        let targets = Some(TARGETS).filter(|_| self.targets);
        let class = name.and_then(|column| column.class).filter(|_| !self.offers).or(self.limits.as_ref().map(|_| LIMITS)).or(targets);
        let cells = heads.iter().flatten().map(|cell| self.unit(&without_line_ends(cell.clone(), None)).0).collect();
        self.push(joined(cells), 0, 0, Part::Head { class, offers: self.offers });
    }

    /// The name of the row, then each of its cells. A row that names nothing goes on with the one above. What stands beside the word for
    /// a sum, and a number that is not the first or stands behind the name, are cells like others.
    fn row(&mut self, row: Vec<Chars>) {
        let names: Vec<usize> = (0..row.len()).filter(|i| self.columns[*i].kind == Kind::Name).collect();
        let last = names.iter().copied().rfind(|i| !row[*i].is_empty());
        let numbered = self.columns[..last.unwrap_or(0)].iter().position(|column| column.kind == Kind::Number);
        let number = numbered.map(|i| row[i].clone()).unwrap_or_default();
        let mut title = last.map(|i| without_line_ends(row[i].clone(), None)).unwrap_or_default();
        title.truncate(NAME);
        let sum = row.iter().position(|cell| self.is(&words(cell), "sum"));
        // Ways and tiers that one programme pays by are no programmes.
        let is_tier = last.is_some_and(|i| self.is(&words(&self.columns[i].head), "tiers"));
        let gives = |(column, cell): (&Column, &Chars)| column.offers() && cell.iter().any(|(c, _)| c.is_alphanumeric());
        let offers = !is_tier && self.columns.iter().zip(&row).any(gives);
        for (level, i) in names.iter().enumerate().filter(|(_, i)| !row[**i].is_empty() && sum.is_none()) {
            let number = if Some(*i) == last { number.clone() } else { vec![] };
            let bytes = words(&number).len();
            let name = number.into_iter().chain(without_line_ends(row[*i].clone(), None)).collect();
            self.push(name, 0, 0, Part::Row { level, number: bytes, offers });
        }
        let unit = self.columns.iter().position(|column| column.kind == Kind::Unit).map(|i| row[i].clone()).unwrap_or_default();
        let sums = row.clone();
        for (i, cell) in row.into_iter().enumerate() {
            let is_told = match self.columns[i].kind {
                Kind::Value => false,
                Kind::Name => sum.is_none_or(|at| at == i),
                Kind::Number => sum == Some(i) || numbered == Some(i) && last.is_some() && sum.is_none(),
                Kind::Unit => !cell.iter().any(|(c, _)| c.is_numeric()),
            };
            if !is_told && cell.iter().any(|(c, _)| c.is_alphanumeric()) {
                let (about, part) = match sum {
                    Some(at) => (sums[at].clone(), Part::Sum { level: names.iter().filter(|n| **n < at).count() }),
                    None => (title.clone(), Part::Cell),
                };
                self.value(i, cell, &about, part, &unit);
            }
        }
    }

    /// One cell as a labelled line. `about` is the name of the row, or the word for a sum.
    fn value(&mut self, column: usize, cell: Chars, about: &Chars, part: Part, unit: &Chars) {
        let column = &self.columns[column];
        let label = self.label(column, about, &part);
        let cell = without_line_ends(cell, Some(';'));
        let unit = if column.unit.is_empty() { unit } else { &column.unit };
        let bare = self.is(&words(&cell), "bare");
        let at = label.last().or(cell.first()).map_or(0, |(_, at)| *at);
        let mut line: Chars = label.into_iter().chain([(':', at)]).collect();
        let lead = line.len();
        line.extend(cell);
        let own = line.len();
        line.extend(unit.iter().take(NAME).filter(|_| bare));
        let tail = line.len() - own;
        self.push(line, lead, tail, part);
    }

    /// What is said before the colon: the head of the column; in a table of targets or of steps, what the row is about.
    fn label(&self, column: &Column, about: &Chars, part: &Part) -> Chars {
        let (head, about) = (column.head.iter(), about.iter());
        match column.class {
            _ if *part != Part::Cell => head.chain(about).copied().collect(),
            Some("deadline") if !self.offers => about.chain(head).copied().collect(),
            None if self.is_grid => about.chain(head).copied().collect(),
            Some(TARGETS) if self.targets && about.len() > 0 => about.copied().collect(),
            None if !self.offers && about.len() > 0 => about.copied().collect(),
            Some(LIMITS) if self.class(&words(&column.head)).is_none() => {
                // Two numerals side by side would be one number.
                let is_numeral = |c: &&(char, usize)| self.tables.lexicon.numerals.digits.iter().any(|(digit, _)| *digit == c.0);
                let (last, first) = (column.head.last().filter(is_numeral), about.clone().next().filter(is_numeral));
                let apart = last.zip(first).map(|((_, at), _)| (' ', *at));
                head.copied().chain(apart).chain(about.copied()).collect()
            }
            _ => head.copied().collect(),
        }
    }

    /// Two columns of names and values, or rows of which nothing is known: each cell is a sentence.
    fn without_head(&mut self, rows: Vec<Vec<Chars>>) {
        let is_key = |cell: &Chars| {
            let text = words(cell);
            (2..=16).contains(&text.chars().count())
                && !text.contains([':', COMMA, STOP, ';'])
                && !text.starts_with(|c: char| c.is_ascii_digit())
        };
        let rows = with_wrapped_cells(rows);
        let paired = |row: &Vec<Chars>| row.len().is_multiple_of(2) && row.chunks(2).all(|pair| pair[0].is_empty() || is_key(&pair[0]));
        let pairs = rows.iter().all(|row| row.len() <= 4) && rows.iter().all(paired);
        for row in rows {
            if !pairs {
                self.plain(row);
                continue;
            }
            for pair in row.chunks(2).filter(|pair| pair.iter().any(|cell| !cell.is_empty())) {
                let (key, unit) = self.unit(&without_line_ends(pair[0].clone(), None));
                let cell = without_line_ends(pair[1].clone(), Some(';'));
                let bare = self.is(&words(&cell), "bare");
                let at = key.last().or(cell.first()).map_or(0, |(_, at)| *at);
                let own = key.len() + 1 + cell.len();
                let line: Chars = key.into_iter().chain([(':', at)]).chain(cell).chain(unit.into_iter().filter(|_| bare)).collect();
                let tail = line.len() - own;
                self.push(line, 0, tail, Part::Cell);
            }
        }
    }

    fn plain(&mut self, row: Vec<Chars>) {
        let cells = row.into_iter().map(|cell| without_line_ends(cell, Some(';'))).collect();
        self.push(joined(cells), 0, 0, Part::Cell);
    }

    fn push(&mut self, chars: Chars, lead: usize, tail: usize, part: Part) {
        if !chars.is_empty() {
            self.lines.push(SourceLine { lead, tail, part: Some(part), ..SourceLine::plain(&chars) });
        }
    }
}

/// Of two columns, a row without the first cell goes on with the cell above it: in its middle, unless an item begins there.
fn with_wrapped_cells(rows: Vec<Vec<Chars>>) -> Vec<Vec<Chars>> {
    let mut out: Vec<Vec<Chars>> = Vec::with_capacity(rows.len());
    for row in rows {
        match (out.last_mut().map(Vec::as_mut_slice), row.as_slice()) {
            (Some([_, above]), [key, cell]) if key.is_empty() && !above.is_empty() => {
                let item = cell.first().is_some_and(|(c, _)| !is_han(*c) && *c != STOP);
                let at = above.last().map_or(0, |(_, at)| at + 1);
                above.extend(item.then_some((CELL_LINE, at)));
                above.extend(cell);
            }
            _ => out.push(row),
        }
    }
    out
}

fn words(cell: &[(char, usize)]) -> String {
    cell.iter().map(|(c, _)| *c).collect()
}

/// The line ends of a cell as `mark`, or gone: after a sign, and where none is asked for.
fn without_line_ends(cell: Chars, mark: Option<char>) -> Chars {
    let mut out: Chars = Vec::with_capacity(cell.len());
    for (c, at) in cell {
        match (c, out.last()) {
            (CELL_LINE, Some((last, _))) if last.is_alphanumeric() || matches!(last, ')' | '%') => out.extend(mark.map(|mark| (mark, at))),
            (CELL_LINE, _) => {}
            _ => out.push((c, at)),
        }
    }
    out
}

/// Cells as the parts of one line: sentences of their own.
fn joined(cells: Vec<Chars>) -> Chars {
    let mut out: Chars = Vec::new();
    for cell in cells.into_iter().filter(|cell| !cell.is_empty()) {
        if let Some((last, at)) = out.last().copied() {
            let open = is_han(last) || last.is_alphanumeric() || last == PAUSE || last == ')';
            out.extend(open.then_some((';', at + 1)));
        }
        out.extend(cell);
    }
    out
}
