//! The tables as the engine uses them: fragments put in, expressions checked, rows sorted by what they give.
//! An expression is compiled when it is first used; `Tables::load` proves beforehand that it can be.

use std::ops::{Deref, Range};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use once_cell::sync::OnceCell;
use regex_syntax::hir::Hir;
use sha2::{Digest, Sha256};

use super::FILES;
use super::fragments::Fragments;
use super::heads::Heads;
use super::letters::{Alphabet, Sets};
use super::lexicon::Lexicon;
use super::pattern::{Captured, Pattern};
use super::reach::Reach;
use super::sieve::{Marks, Near, Needs, Sieve, always_holds};
use super::written::{self, Example, FactKind, Gives, Leave, Slot, Slots, Strength};
use crate::error::{Error, Result};

/// Rows of one kind, in the order of the tables.
#[derive(Debug)]
pub struct Rows<R> {
    rows: Vec<R>,
    sieve: OnceCell<Sieve>,
    heads: OnceCell<Heads>,
    /// Where they begin among all that are asked about parts of a text.
    offset: usize,
    /// Where those begin that read nothing but words, and those that read mentions of each kind; the last is the end.
    kinds: Vec<usize>,
}

impl<R> Default for Rows<R> {
    fn default() -> Self {
        Rows { rows: vec![], sieve: OnceCell::new(), heads: OnceCell::new(), offset: 0, kinds: vec![] }
    }
}

impl<R> Deref for Rows<R> {
    type Target = [R];

    fn deref(&self) -> &[R] {
        &self.rows
    }
}

impl<R: AsRef<Pattern>> Rows<R> {
    /// The rows that may match `text`; the others do not.
    pub fn near(&self, text: &str) -> impl Iterator<Item = &R> {
        let near = self.sieve.get_or_init(|| Sieve::new(self.needs())).near(text);
        near.into_rows().map(|row| &self.rows[row])
    }

    /// Whether any row may match `text`: a quicker look than one for each.
    pub fn any_near(&self, text: &str) -> bool {
        self.heads().any(text)
    }

    fn heads(&self) -> &Heads {
        self.heads.get_or_init(|| Heads::new(&self.rows.iter().map(AsRef::as_ref).collect::<Vec<_>>()))
    }

    /// Those of `near`, each with its place in the table.
    pub fn among(&self, near: &Near) -> impl Iterator<Item = (usize, &R)> {
        near.rows(self.offset..self.offset + self.len()).map(|row| (row, &self.rows[row]))
    }

    fn needs(&self) -> impl Iterator<Item = &Needs> {
        self.rows.iter().map(|row| row.as_ref().needs())
    }
}

impl Rows<Line> {
    /// The first row that takes `text`.
    pub fn first(&self, text: &str) -> Option<&Line> {
        let heads = self.heads();
        let opening = heads.first(text).unwrap_or(self.len());
        let before = heads.elsewhere(text, opening).find(|row| self.rows[*row].is_match(text));
        // What the row leaves may be for one behind it.
        let takes = |row: &usize| if *row == opening { self.rows[*row].fires(text) } else { self.rows[*row].is_match(text) };
        before.or_else(|| (opening..self.len()).find(takes)).map(|row| &self.rows[row])
    }
}

impl Rows<Rule> {
    /// Those of `near` that read mentions of `slot`, in the order of the tables, each with its place among all rows; those on words
    /// alone for `None`.
    pub fn reading(&self, slot: Option<Slot>, near: &Near) -> impl Iterator<Item = (usize, &Rule)> {
        let kind = slot.map_or(0, |slot| slot as usize + 1);
        let (from, to) = (self.kinds[kind], self.kinds[kind + 1]);
        near.rows(self.offset + from..self.offset + to).map(move |row| (self.offset + from + row, &self.rows[from + row]))
    }

    fn by_kind(&mut self) {
        self.rows.sort_by_key(|rule| rule.slot);
        let kinds = std::iter::once(None).chain(Slot::ALL.map(Some));
        self.kinds = kinds.map(|kind| self.rows.partition_point(|rule| rule.slot < kind)).chain([self.rows.len()]).collect();
    }
}

/// A row that classifies a piece of text by one expression.
#[derive(Debug)]
pub struct Line {
    pub id: String,
    /// The value of its key in `gives`: a series, a class, a metric, a field.
    pub class: String,
    pub pattern: Pattern,
    pub unless: Option<Pattern>,
    pub under: Vec<String>,
    pub gives: Gives,
    pub take: Vec<Example>,
    pub leave: Vec<Leave>,
    pub place: (String, usize),
    fired: AtomicUsize,
}

impl AsRef<Pattern> for Line {
    fn as_ref(&self) -> &Pattern {
        &self.pattern
    }
}

impl Line {
    pub fn captures<'t>(&'t self, text: &'t str) -> Option<Captured<'t>> {
        self.pattern.captures_at(text, 0).filter(|_| self.fires(text))
    }

    /// Where the row matches: cheaper than its groups.
    pub fn find(&self, text: &str) -> Option<Range<usize>> {
        self.pattern.find_at(text, 0).filter(|_| self.fires(text))
    }

    /// The last of the matches that follow each other.
    pub fn find_last(&self, text: &str) -> Option<Range<usize>> {
        self.pattern.find_all(text).pop().filter(|_| self.fires(text))
    }

    pub fn is_match(&self, text: &str) -> bool {
        self.pattern.is_match_at(text, 0) && self.fires(text)
    }

    /// Whether the row takes a text that its expression matches.
    fn fires(&self, text: &str) -> bool {
        let fires = !self.unless.as_ref().is_some_and(|unless| unless.is_match_at(text, 0));
        self.fired.fetch_add(fires.into(), Ordering::Relaxed);
        fires
    }

    /// How often the row has matched since the tables were loaded; for the coverage of a corpus.
    pub fn fired(&self) -> usize {
        self.fired.load(Ordering::Relaxed)
    }
}

/// A set of classes of sections: those that rules ask for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Classes(u64);

impl Classes {
    /// The date of issue, which is no fact.
    pub const PUBLISHED: Classes = Classes(1);
    /// What a section speaks of the call as a whole.
    pub const OVERALL: Classes = Classes(2);
    const NAMED: [&str; 2] = ["published", "overall"];

    pub fn meet(self, other: Classes) -> bool {
        self.0 & other.0 != 0
    }

    pub fn and(self, other: Classes) -> Classes {
        Classes(self.0 | other.0)
    }
}

/// A row that makes a fact, or an explanation, of one mention in its sentence.
#[derive(Debug)]
pub struct Rule {
    pub id: String,
    pub says: String,
    /// The mention that it reads; `None` for a rule on words alone.
    pub slot: Option<Slot>,
    pub pattern: Pattern,
    pub unless: Option<Pattern>,
    /// Its section is of one of these classes, if there are any, and of none of those.
    pub under: Vec<String>,
    pub outside: Vec<String>,
    sections: Option<Classes>,
    others: Classes,
    pub units: Vec<String>,
    pub bounded: bool,
    /// How far a match reaches from the mention that it reads, and one of `unless`.
    pub reach: Reach,
    reach_unless: Reach,
    /// Of these every match holds a mention.
    pub beside: Slots,
    pub strength: Option<Strength>,
    pub gives: Gives,
    pub take: Vec<Example>,
    pub leave: Vec<Leave>,
    pub place: (String, usize),
}

impl AsRef<Pattern> for Rule {
    fn as_ref(&self) -> &Pattern {
        &self.pattern
    }
}

impl Rule {
    /// Whether it may read a section of these classes.
    pub fn reads(&self, classes: Classes) -> bool {
        self.sections.is_none_or(|sections| sections.meet(classes)) && !self.others.meet(classes)
    }

    /// Whether `unless` matches where the mention that is read stands at byte `mention`.
    pub fn is_left(&self, text: &str, mention: Option<usize>) -> bool {
        let (text, from) = self.reach_unless.window(text, mention);
        self.unless.as_ref().is_some_and(|unless| unless.is_match_at(text, from))
    }
}

/// Words that are found with those of the rows.
#[derive(Debug, Clone, Copy)]
pub enum Sought {
    /// Names of places.
    Places,
    /// What `Tables::signed_number` cannot do without, and `Tables::bare_amount`.
    Signs,
    Powers,
}

impl Sought {
    const ALL: [Sought; 3] = [Sought::Places, Sought::Signs, Sought::Powers];
}

/// All tables. One value serves any number of documents and threads.
#[derive(Debug)]
pub struct Tables {
    pub lexicon: Lexicon,
    pub furniture: Rows<Line>,
    pub columns: Rows<Line>,
    pub ordinals: Rows<Line>,
    pub attributes: Rows<Line>,
    pub programmes: Rows<Line>,
    pub sentences: Rows<Line>,
    pub strips: Rows<Line>,
    pub documents: Rows<Line>,
    pub mentions: Rows<Line>,
    pub metrics: Rows<Line>,
    pub topics: Rows<Line>,
    pub contexts: Rows<Line>,
    pub unclaimed: Rows<Line>,
    pub checks: Rows<Rule>,
    pub rules: Rows<Rule>,
    /// A range of two, or a number with its unit; groups as in `two_amounts`, and `one more scale unit`.
    pub amount: Pattern,
    /// A range of two; groups `lo los lou but or hi his hiu but_hi`.
    pub two_amounts: Pattern,
    /// A number, or a range of two, with a power and no unit; groups `lo hi scale`.
    pub bare_amount: Pattern,
    /// A number without a unit behind the sign of a bound; group `value`.
    pub signed_number: Pattern,
    /// What stands between the ends of a range, and nothing more.
    pub range: Pattern,
    /// SHA-256 over all files, in their order.
    pub digest: String,
    /// The classes of sections that rules ask for, in the order of their bits.
    classes: Vec<String>,
    /// The names of places.
    places: Vec<String>,
    /// Over the rows that are asked about parts of a text, and what is `Sought`.
    sieve: OnceCell<Sieve>,
}

static BUILT_IN: OnceCell<Tables> = OnceCell::new();

impl Tables {
    /// The tables that are built into the program.
    pub fn built_in() -> Result<&'static Tables> {
        BUILT_IN.get_or_try_init(|| Tables::load(FILES.iter().map(|(name, text)| (*name, text.to_string()))))
    }

    /// The digest of the tables that are built in, without reading them.
    pub fn built_in_digest() -> String {
        let mut hash = Sha256::new();
        FILES.iter().for_each(|(name, text)| add_to_digest(&mut hash, name, text));
        hex(&hash.finalize())
    }

    /// The tables of a folder, which must hold every file of the built-in ones.
    /// `read` is how files are read; the errors name the file and line.
    pub fn from_folder(folder: &Path, read: impl Fn(&Path) -> Result<String>) -> Result<Tables> {
        let files: Result<Vec<_>> = FILES.iter().map(|(name, _)| Ok((*name, read(&folder.join(name))?))).collect();
        let tables = Tables::load(files?.into_iter())?;
        tables.compile_all()?;
        Ok(tables)
    }

    fn load(files: impl Iterator<Item = (&'static str, String)>) -> Result<Tables> {
        let mut hash = Sha256::new();
        let mut parsed = Vec::new();
        for (name, text) in files {
            add_to_digest(&mut hash, name, &text);
            let file: written::File = toml::from_str(&text).map_err(|e| {
                let line = e.span().map_or(0, |span| text[..span.start].matches('\n').count() + 1);
                Error::table(name, line, "file", e.message())
            })?;
            parsed.push((name, text, file));
        }
        let mut lexicon = Lexicon::default();
        for (name, text, file) in &parsed {
            lexicon.add(name, text, file)?;
        }
        let mut reader = RowReader { fragments: Fragments::new(&lexicon, &parsed)?, sets: Sets::default(), alphabet: Arc::default() };
        let mut whole = |source: &str| {
            let wrong = |why| Error::table("fragment.toml", 0, source, why);
            Ok(reader.pattern(source).map_err(wrong)?.0)
        };
        let amounts = [
            whole("{two_amounts}|{one_amount}")?,
            whole("{two_amounts}")?,
            whole("{bare_amount}")?,
            whole("{signed_number}")?,
            whole("{range}")?,
        ];
        let mut tables = Tables::empty(hex(&hash.finalize()), lexicon, amounts);
        for (name, text, file) in parsed {
            for rule in file.rule {
                let line = text[..rule.id.span().start].matches('\n').count() + 1;
                tables.add(name, line, rule, &mut reader)?;
            }
        }
        tables.number();
        reader.alphabet.get_or_init(|| Alphabet::new(reader.sets));
        Ok(tables)
    }

    /// Gives the rows that are asked about parts of a text their places in one sieve; rules that read mentions of one kind side by side.
    fn number(&mut self) {
        self.checks.by_kind();
        self.rules.by_kind();
        let lines = [&mut self.mentions, &mut self.documents, &mut self.programmes, &mut self.topics, &mut self.contexts];
        let mut offset = 0;
        for rows in lines {
            (rows.offset, offset) = (offset, offset + rows.len());
        }
        for rows in [&mut self.checks, &mut self.rules] {
            (rows.offset, offset) = (offset, offset + rows.len());
        }
    }

    fn sieve(&self) -> &Sieve {
        let lines = || [&self.mentions, &self.documents, &self.programmes, &self.topics, &self.contexts].into_iter().flat_map(Rows::needs);
        let rules = || [&self.checks, &self.rules].into_iter().flat_map(Rows::needs);
        self.sieve.get_or_init(|| Sieve::seeking(&Sought::ALL.map(|what| self.words(what)), lines().chain(rules())))
    }

    fn words(&self, what: Sought) -> &[String] {
        match what {
            Sought::Places => &self.places,
            Sought::Signs => self.signed_number.needs().words(),
            Sought::Powers => self.bare_amount.needs().words(),
        }
    }

    /// Those of `names` that rules ask for.
    pub fn classes<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Classes {
        let places = names.into_iter().filter_map(|name| self.classes.iter().position(|class| class == name));
        places.fold(Classes::default(), |all, place| all.and(Classes(1 << place)))
    }

    /// The rule or check that has this place among all rows.
    pub fn rule(&self, row: usize) -> &Rule {
        row.checked_sub(self.rules.offset).map_or_else(|| &self.checks[row - self.checks.offset], |row| &self.rules[row])
    }

    /// Where `text` holds words that rows need.
    pub fn marks(&self, text: &str) -> Marks {
        self.sieve().marks(text)
    }

    /// The rows that may match the part `range` of `text`, for `Rows::among`; a rule may match it once its mentions are masked.
    pub fn near(&self, text: &str, marks: &Marks, range: Range<usize>) -> Near {
        self.sieve().near_part(text, marks, range, self.rules.offset + self.rules.len())
    }

    /// Those that may match it and read no mention, or are checks: they come first.
    pub fn near_words(&self, text: &str, marks: &Marks, range: Range<usize>) -> Near {
        self.sieve().near_part(text, marks, range, self.rules.offset + self.rules.kinds[1])
    }

    /// Where the text with these marks holds words of one kind; `None` where nothing is known of them, and they may be anywhere.
    pub fn sought(&self, what: Sought, marks: &Marks) -> Option<impl Iterator<Item = Range<usize>>> {
        (!self.words(what).is_empty()).then(|| self.sieve().sought(marks, what as usize))
    }

    fn empty(digest: String, lexicon: Lexicon, amounts: [Pattern; 5]) -> Tables {
        let [amount, two_amounts, bare_amount, signed_number, range] = amounts;
        Tables {
            places: lexicon.places.iter().map(|(name, _)| name.clone()).collect(),
            lexicon,
            amount,
            two_amounts,
            bare_amount,
            signed_number,
            range,
            furniture: Rows::default(),
            columns: Rows::default(),
            ordinals: Rows::default(),
            attributes: Rows::default(),
            programmes: Rows::default(),
            sentences: Rows::default(),
            strips: Rows::default(),
            documents: Rows::default(),
            mentions: Rows::default(),
            metrics: Rows::default(),
            topics: Rows::default(),
            contexts: Rows::default(),
            unclaimed: Rows::default(),
            checks: Rows::default(),
            rules: Rows::default(),
            digest,
            classes: Classes::NAMED.map(String::from).to_vec(),
            sieve: OnceCell::new(),
        }
    }

    fn add(&mut self, file: &str, line: usize, row: written::Rule, reader: &mut RowReader) -> Result<()> {
        let id = row.id.get_ref().clone();
        let wrong = |why: String| Error::table(file, line, &id, why);
        if row.take.is_empty() {
            return Err(wrong("a row needs at least one example in `take`".into()));
        }
        let source = row.r#match.source();
        let (pattern, hir) = reader.pattern(&source).map_err(&wrong)?;
        check_groups(pattern.source()).map_err(&wrong)?;
        let unless = row.unless.as_ref().map(|unless| reader.pattern(&unless.source())).transpose().map_err(&wrong)?;
        let (unless, hir_unless) = unless.unzip();
        let slot = slot_of(&source).map_err(&wrong)?;
        let place = (file.to_string(), line);
        let classes = classes(&row.gives);
        let [(key, class)] = classes.as_slice() else {
            return Err(wrong(format!("`gives` must say exactly one thing, not {}", classes.len())));
        };
        let (key, class) = (*key, class.clone());
        if key == "fact" || key == "check" || (key == "unclaimed" && slot.is_some()) {
            for class in row.under.iter().chain(&row.outside) {
                if !self.classes.contains(class) {
                    self.classes.push(class.clone());
                }
            }
            if self.classes.len() > u64::BITS as usize {
                return Err(wrong(format!("rules ask for {} classes of sections; {} are the most", self.classes.len(), u64::BITS)));
            }
            let classes = |names: &[String]| self.classes(names.iter().map(String::as_str));
            let rule = Rule {
                sections: (!row.under.is_empty()).then(|| classes(&row.under)),
                others: classes(&row.outside),
                reach: slot.map_or_else(Reach::default, |slot| Reach::of(&hir, slot_chars(slot).1)),
                reach_unless: slot.zip(hir_unless).map_or_else(Reach::default, |(slot, hir)| Reach::of(&hir, slot_chars(slot).1)),
                beside: Slot::ALL.into_iter().filter(|slot| always_holds(&hir, &<[char; 2]>::from(slot_chars(*slot)))).collect(),
                id,
                says: row.says,
                slot,
                pattern,
                unless,
                under: row.under,
                outside: row.outside,
                units: row.units,
                bounded: row.bounded,
                strength: row.strength,
                gives: row.gives,
                take: row.take,
                leave: row.leave,
                place,
            };
            if key == "check" { &mut self.checks } else { &mut self.rules }.rows.push(rule);
            return Ok(());
        }
        let made = Line {
            id,
            class,
            pattern,
            unless,
            under: row.under,
            gives: row.gives,
            take: row.take,
            leave: row.leave,
            place,
            fired: AtomicUsize::new(0),
        };
        match key {
            "furniture" => &mut self.furniture,
            "column" => &mut self.columns,
            "ordinal" => &mut self.ordinals,
            "attribute" => &mut self.attributes,
            "programme" => &mut self.programmes,
            "sentence" => &mut self.sentences,
            "strip" => &mut self.strips,
            "document" => &mut self.documents,
            "mention" => &mut self.mentions,
            "metric" => &mut self.metrics,
            "topics" => &mut self.topics,
            "context" => &mut self.contexts,
            _ => &mut self.unclaimed,
        }
        .rows
        .push(made);
        Ok(())
    }

    /// Every row, for the proof and for the listing: id, place, and how many examples.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        [
            &self.furniture,
            &self.columns,
            &self.ordinals,
            &self.attributes,
            &self.programmes,
            &self.sentences,
            &self.strips,
            &self.documents,
            &self.mentions,
            &self.metrics,
            &self.topics,
            &self.contexts,
            &self.unclaimed,
        ]
        .into_iter()
        .flat_map(|rows| rows.iter())
    }

    /// Compiles expressions that most documents need, in the order in which reading comes to them, until `enough` says so.
    pub fn warm_up(&self, enough: impl Fn() -> bool) {
        let lines = self.lines().map(|line| &line.pattern);
        let rules = self.checks.iter().chain(self.rules.iter()).map(|rule| &rule.pattern);
        let unless = self.lines().filter_map(|line| line.unless.as_ref());
        for pattern in lines.chain(rules).chain(unless) {
            if enough() {
                return;
            }
            pattern.compile();
        }
    }

    /// Compiles every expression now, so that one that is too big is an error and not a surprise.
    pub fn compile_all(&self) -> Result<()> {
        let lines = self.lines().map(|l| (&l.id, &l.place, &l.pattern, &l.unless));
        let rules = self.rules.iter().chain(self.checks.iter()).map(|r| (&r.id, &r.place, &r.pattern, &r.unless));
        for (id, (file, line), pattern, unless) in lines.chain(rules) {
            for pattern in std::iter::once(pattern).chain(unless) {
                pattern.check().map_err(|e| Error::table(file, *line, id, e))?;
            }
        }
        Ok(())
    }
}

/// What expressions are made with while the tables are read.
struct RowReader {
    fragments: Fragments,
    sets: Sets,
    alphabet: Arc<OnceCell<Alphabet>>,
}

impl RowReader {
    /// The expression `source` with its fragments put in; what is wrong with it, in words.
    fn pattern(&mut self, source: &str) -> std::result::Result<(Pattern, Hir), String> {
        let source = self.fragments.expand(source)?;
        let hir = regex_syntax::parse(&source).map_err(|e| e.to_string())?;
        self.sets.add(&hir);
        Ok((Pattern::new(source, &hir, &self.alphabet), hir))
    }
}

fn add_to_digest(hash: &mut Sha256, name: &str, text: &str) {
    hash.update(name.as_bytes());
    hash.update([0]);
    hash.update(text.as_bytes());
}

/// The private-use characters that stand for a mention of `slot`: any other, and the one being read.
pub fn slot_chars(slot: Slot) -> (char, char) {
    let at = |base: u32| char::from_u32(base + slot as u32).unwrap_or('\u{E000}');
    (at(0xE010), at(0xE030))
}

/// The first and the last of these characters.
pub const SLOTS: (char, char) = ('\u{E010}', '\u{E04F}');

pub fn is_slot_char(c: char) -> bool {
    (SLOTS.0..=SLOTS.1).contains(&c)
}

fn slot_of(source: &str) -> std::result::Result<Option<Slot>, String> {
    let named: Vec<Slot> = Slot::ALL.into_iter().filter(|slot| source.contains(&format!("{{{}}}", slot.name()))).collect();
    match named.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(*one)),
        more => Err(format!("a rule reads one slot, not {more:?}; write {{any_…}} for the others")),
    }
}

/// The named groups that the engine knows; another name is a slip of the pen.
const GROUPS: &[&str] = &[
    "n", "d", "label", "title", "name", "number", "value", "list", "subject", "base", "per", "except", "what", "y", "m", "h", "min", "y2",
    "m2", "d2", "h2", "min2", "code", "later", "clock", "unit",
];

/// The name of a group as the engine knows it.
pub fn group_name(name: &str) -> Option<&'static str> {
    GROUPS.iter().copied().find(|known| *known == name)
}

fn check_groups(source: &str) -> std::result::Result<(), String> {
    let mut rest = source;
    while let Some(at) = rest.find("(?P<").map(|i| i + 4).or_else(|| rest.find("(?<").map(|i| i + 3)) {
        let end = rest[at..].find('>').map_or(rest.len(), |e| at + e);
        let name = &rest[at..end];
        if group_name(name).is_none() {
            return Err(format!("no group is called {name:?}; the engine knows {GROUPS:?}"));
        }
        rest = &rest[end..];
    }
    Ok(())
}

fn classes(gives: &Gives) -> Vec<(&'static str, String)> {
    let given = [
        ("fact", gives.fact.map(|f: FactKind| f.name().to_string())),
        ("mention", gives.mention.clone()),
        ("furniture", gives.furniture.clone()),
        ("column", gives.column.clone()),
        ("ordinal", gives.ordinal.clone()),
        ("attribute", gives.attribute.clone()),
        ("programme", gives.programme.clone()),
        ("sentence", gives.sentence.clone()),
        ("strip", gives.strip.clone()),
        ("document", gives.document.clone()),
        ("metric", gives.metric.clone()),
        ("topics", gives.topics.clone()),
        ("context", gives.context.clone()),
        ("check", gives.check.clone()),
        ("unclaimed", gives.unclaimed.clone()),
    ];
    given.into_iter().filter_map(|(key, class)| class.map(|c| (key, c))).collect()
}

pub fn hex(bytes: &[u8]) -> String {
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    halves.filter_map(|half| char::from_digit(half.into(), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::before;
    use crate::table::lines_of_seeds;

    /// Every line of the seeds, with the mention that the rule reads put into it.
    #[test]
    fn a_rule_finds_in_its_reach_what_it_finds_in_the_whole() {
        let tables = Tables::built_in().unwrap();
        let lines = lines_of_seeds();
        let (mut found, mut tried) = (0, 0);
        for rule in tables.rules.iter() {
            let Some(this) = rule.slot.map(|slot| slot_chars(slot).1) else { continue };
            for line in lines.iter().filter(|line| !line.is_empty()).step_by(5) {
                let at = before(line, line.len() * 2 / 3, 0);
                let text = format!("{}{this}{}", &line[..at], &line[at..]);
                for (pattern, reach) in [(Some(&rule.pattern), rule.reach), (rule.unless.as_ref(), rule.reach_unless)] {
                    let whole = pattern.and_then(|pattern| pattern.find_at(&text, 0));
                    let (window, from) = reach.window(&text, Some(at));
                    assert_eq!(pattern.and_then(|pattern| pattern.find_at(window, from)), whole, "{}: {text}", rule.id);
                    found += usize::from(whole.is_some());
                    tried += 1;
                }
            }
        }
        assert!(found > 1000 && found < tried, "{found} of {tried}");
    }
}
