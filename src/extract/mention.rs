//! What the text mentions: addresses, titles, dates, amounts with their bounds, places. In: `Segmented`. Out: `Vec<Mention>` in
//! text order, none overlapping another. Knows how amounts are built, not what they are for.

use std::cmp::Reverse;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind, StartKind};
use unicode_normalization::UnicodeNormalization;

use super::amount;
use super::bound;
use super::dates;
use crate::segment::Segmented;
use crate::sign::{CLOSE_QUOTE, OPEN_QUOTE, ends_clause};
use crate::span::{Normal, Span, within};
use crate::table::{Captured, Line, List, Place, Side, Slot, Sought, Tables, UnitKind};
use crate::value::{Date, Decimal, Interval, Precision};

/// A stretch of text with a value.
#[derive(Debug, Clone)]
pub struct Mention {
    pub slot: Slot,
    /// Bound words, number and unit.
    pub span: Span<Normal>,
    /// Number and unit, or the name.
    pub core: Span<Normal>,
    pub value: Value,
    /// The unit as facts give it; empty for what has none.
    pub unit: &'static str,
    /// How many months one unit of a length is.
    pub months: Option<Decimal>,
    pub approximate: bool,
    pub in_principle: bool,
    /// What a percentage is of, where it stands between bound and number.
    pub base: Option<Span<Normal>>,
    /// The row that found it.
    pub rule: &'static str,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Amount { interval: Interval, choices: Vec<Decimal> },
    Date(Date),
    Period(Date, Date),
    Place(&'static Place),
    Words,
}

impl Value {
    /// Whether a date, or both ends of a range, are that precise; other values are.
    pub fn is_precise_to(&self, precision: Precision) -> bool {
        match self {
            Value::Date(date) => date.precision() >= precision,
            Value::Period(start, end) => start.precision() >= precision && end.precision() >= precision,
            _ => true,
        }
    }

    pub fn interval(&self) -> Interval {
        match self {
            Value::Amount { interval, .. } => *interval,
            _ => Interval::default(),
        }
    }
}

/// The unit of `1:1`.
pub const RATIO: &str = "ratio";

/// The automata that find mentions; built once from the tables.
pub struct Lexer {
    pub before: AhoCorasick,
    /// Finds what the text begins with.
    pub after: AhoCorasick,
}

impl Lexer {
    pub fn new(tables: &Tables) -> Lexer {
        let side = |side: Side| tables.lexicon.bounds.iter().map(move |b| if b.side == side { b.word.as_str() } else { "\u{0}" });
        Lexer { before: automaton(side(Side::Before), StartKind::Unanchored), after: automaton(side(Side::After), StartKind::Anchored) }
    }
}

fn automaton<'a>(words: impl Iterator<Item = &'a str>, start: StartKind) -> AhoCorasick {
    let builder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).start_kind(start).build(words);
    builder.unwrap_or_else(|e| unreachable!("a word list: {e}"))
}

/// Finds every mention of `text`.
pub fn mentions(text: &Segmented, tables: &'static Tables, lexer: &Lexer) -> Vec<Mention> {
    // Hardly a text has more than one mention in so many bytes.
    const BETWEEN: usize = 64;
    let mut found = Found { list: Vec::with_capacity(text.text().len() / BETWEEN), taken: vec![false; text.text().len()] };
    let mut lines: Vec<Vec<Range<usize>>> = vec![vec![]; tables.mentions.len()];
    let paragraphs: Vec<Span<Normal>> = text.normalised.paragraphs().collect();
    for paragraph in &paragraphs {
        let near = text.near_words(*paragraph);
        let held = tables.mentions.among(&near).filter(|(_, row)| row.pattern.needs().has_digits(paragraph.of(text.text())));
        held.for_each(|(row, _)| lines[row].push(paragraph.range()));
    }
    for (row, lines) in tables.mentions.iter().zip(lines) {
        for captures in row.pattern.in_lines(text.text(), &lines) {
            for span in stretches(&captures) {
                if found.is_free(span) {
                    found.take(read_row(row, span, &captures, text.text(), tables), span);
                }
            }
        }
    }
    dates::inherit(&mut found.list, text.text());
    merge_periods(&mut found, text.text(), tables);
    amounts(text, &paragraphs, tables, &mut found);
    places(text, tables, &mut found);
    found.list.sort_by_cached_key(|m| m.core.start);
    let others: Vec<Span<Normal>> = found.list.iter().filter(|m| !m.slot.is_place()).map(|m| m.core).collect();
    for mention in found.list.iter_mut().filter(|m| matches!(m.value, Value::Amount { .. })) {
        let at = others.partition_point(|other| other.start < mention.core.start);
        let left = at.checked_sub(1).map_or(0, |before| others[before].end);
        let right = others.get(at + 1).map_or(text.text().len(), |after| after.start);
        bound::read(mention, left..right, text, tables, lexer);
    }
    found.list
}

struct Found {
    list: Vec<Mention>,
    /// Which bytes of the text are taken.
    taken: Vec<bool>,
}

impl Found {
    fn is_free(&self, span: Span<Normal>) -> bool {
        !self.taken[span.range()].contains(&true)
    }

    /// Where the first stretch ends that reaches into `span`.
    fn first_in(&self, span: Span<Normal>) -> Option<usize> {
        let start = span.start + self.taken[span.range()].iter().position(|taken| *taken)?;
        let end = self.taken[start..].iter().position(|taken| !taken);
        Some(end.map_or(self.taken.len(), |length| start + length))
    }

    fn take(&mut self, mention: Option<Mention>, span: Span<Normal>) {
        let Some(mention) = mention else { return };
        self.taken[span.range()].fill(true);
        self.list.push(mention);
    }
}

impl Mention {
    fn new(slot: Slot, span: Span<Normal>, value: Value, rule: &'static str) -> Mention {
        Mention { slot, span, core: span, value, unit: "", months: None, approximate: false, in_principle: false, base: None, rule }
    }
}

/// What a row finds: its value or code, and each character of its list; the whole match where it has none of them.
fn stretches(captures: &Captured) -> impl Iterator<Item = Span<Normal>> {
    let (one, list) = (captures.name("value").or_else(|| captures.name("code")), captures.name("list"));
    let one = one.or_else(|| captures.get(0).filter(|_| list.is_none()));
    let listed = list.into_iter().flat_map(|list| {
        let (start, characters) = (list.start(), list.as_str().char_indices());
        characters.map(move |(at, c)| within(start, at..at + c.len_utf8()))
    });
    one.map(|one| within(0, one.range())).into_iter().chain(listed)
}

fn read_row(row: &'static Line, span: Span<Normal>, captures: &Captured, text: &str, tables: &'static Tables) -> Option<Mention> {
    let rule = row.id.as_str();
    match row.class.as_str() {
        "length" => {
            let number = |name: &str| captures.name(name).map_or(Some(Decimal::ZERO), |n| tables.lexicon.numerals.parse(n.as_str()));
            let extra: Decimal = row.gives.min.as_ref()?.parse().ok()?;
            let months = number("n")? * Decimal::from(12) + number("m")? + extra;
            let mut mention = Mention::new(Slot::Duration, span, exactly(months), rule);
            let month = tables.lexicon.units.iter().find(|unit| unit.months == Some(Decimal::ONE))?;
            mention.unit = &month.name;
            mention.months = month.months;
            Some(mention)
        }
        "date" => dates::date(captures, &tables.lexicon.numerals).map(|d| Mention::new(Slot::Date, span, Value::Date(d), rule)),
        "period" => dates::period(captures).map(|(a, b)| Mention::new(Slot::Period, span, Value::Period(a, b), rule)),
        "ratio" => {
            let part = |name: &str| captures.name(name)?.as_str().parse::<Decimal>().ok();
            let value = part("n")?.checked_div(part("d")?)?;
            let mut mention = Mention::new(Slot::Quantity, span, exactly(value), rule);
            mention.unit = RATIO;
            Some(mention)
        }
        "scientific" => {
            let (number, power) = (captures.name("n")?, captures.name("d")?);
            let power: String = power.as_str().nfkc().map(|c| if c.is_ascii_digit() { c } else { '-' }).collect();
            let value = Decimal::from_scientific(&format!("{}e{power}", number.as_str())).ok()?;
            let mut mention = Mention::new(Slot::Quantity, span, exactly(value), rule);
            let unit = captures.name("unit").and_then(|unit| tables.lexicon.unit(unit.as_str()));
            mention.unit = unit.map_or("", |unit| &unit.name);
            Some(mention)
        }
        "percent" => {
            let stated = captures.name("n").and_then(|n| tables.lexicon.numerals.parse(n.as_str()));
            let value = stated.or_else(|| row.gives.min.as_ref()?.parse().ok())?;
            let mut mention = Mention::new(Slot::Percent, span, exactly(value), rule);
            mention.unit = "%";
            Some(mention)
        }
        "short" => {
            let name = span.of(text);
            let short = tables.lexicon.short.iter().find(|(short, _)| short == name).map(|(_, place)| place);
            let place = short.or_else(|| tables.lexicon.place(name))?;
            Some(Mention::new(slot_of(place), span, Value::Place(place), rule))
        }
        slot => Some(Mention::new(Slot::named(slot)?, span, Value::Words, rule)),
    }
}

fn exactly(value: Decimal) -> Value {
    Value::Amount { interval: Interval::exactly(value), choices: vec![] }
}

/// Two dates with nothing but a dash or 至 between them are a period. The mentions are in order.
fn merge_periods(found: &mut Found, text: &str, tables: &Tables) {
    let mut merged: Vec<Mention> = Vec::with_capacity(found.list.len());
    for mention in found.list.drain(..) {
        let previous = merged.last().filter(|p| tables.range.is_match_at(&text[p.core.end..mention.core.start.max(p.core.end)], 0));
        let ends = previous.map(|p| (&p.value, &mention.value));
        if let Some((Value::Date(start), Value::Date(end))) = ends
            && start <= end
        {
            let (span, value) = (merged[merged.len() - 1].core.cover(&mention.core), Value::Period(*start, *end));
            merged.pop();
            merged.push(Mention::new(Slot::Period, span, value, mention.rule));
        } else {
            merged.push(mention);
        }
    }
    found.list = merged;
}

fn amounts(text: &Segmented, paragraphs: &[Span<Normal>], tables: &'static Tables, found: &mut Found) {
    let whole = text.text();
    tables.amount.visit(whole, |range| {
        let span = within(0, range);
        let first = span.start + whole[span.start..].chars().next().map_or(1, char::len_utf8);
        if let Some(free_from) = found.first_in(span) {
            return whole.ceil_char_boundary(free_from.max(first));
        }
        if is_idiom(span.of(whole), tables) {
            found.take(Some(Mention::new(Slot::Word, span, Value::Words, "idiom")), span);
        } else if stands_alone(text, span, tables) {
            let mention = amount(span.of(whole), span, tables).map(|m| signed(m, whole, tables));
            let taken = mention.as_ref().map_or(span, |m| m.core);
            found.take(mention, taken);
        } else {
            let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            return if whole[..first].ends_with(|c: char| c.is_ascii_digit()) { first + digits(&whole[first..]) } else { first };
        }
        span.end
    });
    // What holds no such word but in other mentions, or none before a number, has no number to take.
    let lines_with = |what: Sought, is_open: &dyn Fn(&Span<Normal>) -> bool| {
        let Some(words) = text.sought(what) else { return paragraphs.iter().map(Span::range).collect() };
        let line = |at: usize| paragraphs.get(paragraphs.partition_point(|line| line.end < at)).map(Span::range);
        let mut lines: Vec<Range<usize>> = words.filter(is_open).filter_map(|word| line(word.end)).collect();
        lines.dedup();
        lines
    };
    let powers = lines_with(Sought::Powers, &|word| !found.taken[word.start]);
    for captures in tables.bare_amount.in_lines(whole, &powers) {
        let span = within(0, captures.range());
        if found.is_free(span) && stands_alone(text, span, tables) && speaks_of_money(whole, span, tables) {
            found.take(bare_money(&captures, span, tables), span);
        }
    }
    // A word that is looked for may be the beginning of a longer bound.
    let longest = tables.lexicon.bounds.iter().map(|bound| bound.word.len() + 1).max().unwrap_or(0);
    let is_free_digit = |at: usize| whole.as_bytes()[at].is_ascii_digit() && !found.taken[at];
    let signs = lines_with(Sought::Signs, &|word| (word.end..whole.len()).take(longest).any(is_free_digit));
    for captures in tables.signed_number.in_lines(whole, &signs) {
        let span = captures.name("value").map(|number| within(0, number.range())).filter(|span| found.is_free(*span));
        let value = span.and_then(|span| tables.lexicon.numerals.parse(span.of(whole)));
        if let Some((span, value)) = span.zip(value) {
            found.take(Some(Mention::new(Slot::Quantity, span, exactly(value), "amount")), span);
        }
    }
}

/// The number is no part of a name (CO2, 第二) and a Chinese numeral is a word of its own.
fn stands_alone(text: &Segmented, span: Span<Normal>, tables: &Tables) -> bool {
    let whole = text.text();
    let before = whole[..span.start].chars().next_back();
    if before.is_some_and(|c| c.is_ascii_alphabetic() || c == '.' && whole[..span.start - 1].ends_with(|c: char| c.is_ascii_alphanumeric()))
    {
        return false;
    }
    let words = span.of(whole);
    let glued = words.ends_with(|c: char| c.is_ascii_alphabetic()) && whole[span.end..].starts_with(|c: char| c.is_ascii_alphanumeric());
    if glued {
        return false;
    }
    if tables.lexicon.list(List::OrdinalSign).closing(&whole[..span.start]).any(|sign| text.is_boundary(span.start - sign.len())) {
        return false;
    }
    let hyphen =
        whole[..span.start].ends_with('-') && whole[..span.start].trim_end_matches('-').ends_with(|c: char| c.is_ascii_alphanumeric());
    if words.starts_with(|c: char| c.is_ascii_digit()) {
        return !hyphen && !before.is_some_and(|c| c.is_ascii_digit());
    }
    let follows = || tables.lexicon.list(List::BeforeNumeral).closing(&whole[..span.start]).next().is_some();
    !tables.lexicon.list(List::Idiom).hold(whole, span.range()) && (follows() || text.is_boundary(span.start)) && text.is_boundary(span.end)
}

/// A minus before the lower end of a temperature belongs to it; elsewhere it is a dash.
fn signed(mut mention: Mention, whole: &str, tables: &Tables) -> Mention {
    let before = whole[..mention.core.start].strip_suffix(['-', '\u{2212}']);
    let free = before.is_some_and(|b| !b.ends_with(|c: char| c.is_ascii_alphanumeric()));
    let is_signed = free && tables.lexicon.list(List::SignedUnit).iter().any(|unit| unit == mention.unit);
    if let (Some(before), true, Value::Amount { interval, .. }) = (before, is_signed, &mut mention.value) {
        let single = interval.single().is_some();
        interval.min = interval.min.map(|v| -v);
        interval.max = if single { interval.min } else { interval.max };
        mention.core = Span::new(before.len(), mention.core.end);
        mention.span = mention.core;
    }
    mention
}

/// A number word that counts nothing: one of the list, or powers of ten alone (千家, 万种).
fn is_idiom(words: &str, tables: &Tables) -> bool {
    let powers = &tables.lexicon.numerals.powers;
    let large = |c: char| powers.iter().any(|(p, power)| *p == c && *power > 1);
    let listed = tables.lexicon.list(List::Idiom).opening(words).any(|idiom| idiom == words);
    listed || words.starts_with(large) && words.chars().filter(|c| large(*c)).count() == words.chars().count() - 1
}

fn amount(words: &str, span: Span<Normal>, tables: &'static Tables) -> Option<Mention> {
    let amount::Said { unit, interval, choices, approximate } = amount::said(words, tables)?;
    let slot = match unit.kind {
        UnitKind::Money => Slot::Money,
        UnitKind::Percent => Slot::Percent,
        UnitKind::Duration => Slot::Duration,
        UnitKind::Quantity => Slot::Quantity,
    };
    let mut mention = Mention::new(slot, span, Value::Amount { interval, choices }, "amount");
    mention.unit = unit.currency.as_ref().unwrap_or(&unit.name);
    mention.months = unit.months;
    mention.approximate = approximate;
    Some(mention)
}

/// `50万` without 元, in a clause about money.
fn bare_money(captures: &Captured, span: Span<Normal>, tables: &'static Tables) -> Option<Mention> {
    let numerals = &tables.lexicon.numerals;
    let scale = numerals.scale(captures.name("scale")?.as_str())?;
    let lo = numerals.parse(captures.name("lo")?.as_str())?.checked_mul(scale)?;
    let hi = captures.name("hi").map_or(Some(lo), |hi| numerals.parse(hi.as_str())?.checked_mul(scale))?;
    let value = Value::Amount { interval: Interval::between(lo.min(hi), lo.max(hi)), choices: vec![] };
    let mut mention = Mention::new(Slot::Money, span, value, "amount");
    mention.unit = tables.lexicon.units.iter().find_map(|u| u.currency.as_deref())?;
    Some(mention)
}

fn speaks_of_money(whole: &str, span: Span<Normal>, tables: &Tables) -> bool {
    let clause = clause_before(whole, span.start, 24);
    let next_is_word = whole[span.end..].starts_with(crate::sign::is_han);
    let lists = [List::Grant, List::Award, List::MoneyNoun];
    !next_is_word && lists.into_iter().flat_map(|list| tables.lexicon.list(list).iter()).any(|w| clause.contains(w.as_str()))
}

/// A name of so many bytes (three Chinese characters) is never part of two words by chance.
const LONG_NAME: usize = 9;

fn places(text: &Segmented, tables: &'static Tables, found: &mut Found) {
    let mut names: Vec<Span<Normal>> = text.sought(Sought::Places).into_iter().flatten().collect();
    // The first, and the longest of those that begin there.
    names.sort_by_key(|name| (name.start, Reverse(name.end)));
    let mut end = 0;
    names.retain(|name| {
        name.start >= end && {
            end = name.end;
            true
        }
    });
    for span in names {
        let name = span.of(text.text());
        let Some(place) = tables.lexicon.place(name).filter(|_| found.is_free(span)) else { continue };
        let is_long = name.len() >= LONG_NAME || name.contains([OPEN_QUOTE, CLOSE_QUOTE]);
        let ends = || text.is_boundary(span.end) || has_suffix(text, span, tables);
        if is_long || text.is_boundary(span.start) && ends() {
            found.take(Some(Mention::new(slot_of(place), span, Value::Place(place), "place")), span);
        }
    }
}

/// The dictionary has a word of the country and something said of it: 韩国政府.
fn has_suffix(text: &Segmented, span: Span<Normal>, tables: &Tables) -> bool {
    let word = text.word_at(span.start);
    let rest = text.text().get(span.end..word.end.max(span.end)).unwrap_or("");
    tables.lexicon.list(List::PlaceSuffix).opening(rest).any(|suffix| suffix == rest)
}

/// Parts of China are told apart from partners abroad: they stand everywhere in names of offices.
fn slot_of(place: &Place) -> Slot {
    let domestic = place.codes.iter().any(|(code, _)| code.starts_with("CN-"));
    if domestic { Slot::Province } else { Slot::Country }
}

/// The text of the clause before byte `at`, at most `reach` characters of it.
pub fn clause_before(whole: &str, at: usize, reach: usize) -> &str {
    let stop = |c: char| ends_clause(c) || matches!(c, '(' | ')');
    let start = whole[..at].char_indices().rev().take(reach).take_while(|(_, c)| !stop(*c)).last().map_or(at, |(i, _)| i);
    &whole[start..at]
}
