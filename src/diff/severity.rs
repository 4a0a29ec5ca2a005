//! How much a change matters. In: the changes. Out: a severity on each.
//!
//! | severity | what |
//! |---|---|
//! | policy | money, numbers of projects, length, partners, targets, conditions, quotas, topics; a date rule; a programme that came or went |
//! | calendar | a date or window that follows the year of the call: moved by as many years, give or take 31 days (deadlines are set by weekdays and holidays); year, number and date of the document |
//! | structure | where it stands: renamed, moved, merged, split, numbered anew; issuers and contacts; what stands beside the part that is compared |
//! | wording | the same in other words; an ordinal that follows from what came, went or moved |
//! | extraction | our reading, not the policy: the program or its tables are others, and the source is the same file, or the words are the same at both places |

use super::call::Call;
use super::changes::{Change, Held, Kind, Work};
use super::fact::{Field, Value};
use super::words::fold;
use crate::value::Date;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Policy,
    Calendar,
    Structure,
    Wording,
    Extraction,
}

impl Severity {
    pub const ALL: [Severity; 5] = [Severity::Policy, Severity::Calendar, Severity::Structure, Severity::Wording, Severity::Extraction];

    pub fn name(self) -> &'static str {
        match self {
            Severity::Policy => "policy",
            Severity::Calendar => "calendar",
            Severity::Structure => "structure",
            Severity::Wording => "wording",
            Severity::Extraction => "extraction",
        }
    }
}

/// As far as a date may stray from the same day of its year, in days.
const SLACK: i64 = 31;

/// How many characters before and after a fact decide its terms: whom it is said of, what is left out.
const BEFORE: usize = 12;
const AFTER: usize = 30;

/// How few characters of a source may stand in another by chance.
const BY_CHANCE: usize = 8;

/// Judges every change; a set of which only a part comes from our reading is told in two changes.
pub fn judge(work: &mut Work, texts: (Option<&str>, Option<&str>)) {
    let years = year_shift(work.old, work.new);
    let reading = Reading::new(work.old, work.new, texts);
    let mut out = Vec::with_capacity(work.changes.len());
    for mut change in std::mem::take(&mut work.changes) {
        change.severity = of(&change, work.pairs[change.pair].outside, years);
        let read = reading.as_ref().and_then(|reading| reading.take(&mut change));
        let emptied = change.field.is_set() && change.old.is_empty() && change.new.is_empty();
        out.extend((!emptied).then_some(change));
        out.extend(read);
    }
    work.changes = out;
}

fn of(change: &Change, outside: bool, years: i32) -> Severity {
    match (change.field, change.kind) {
        (_, Kind::Reworded) => Severity::Wording,
        (Field::Year | Field::DocumentNumber | Field::PublishedOn, _) | (Field::Title, Kind::Moved) => Severity::Calendar,
        (_, Kind::Moved | Kind::Merged | Kind::Split) => Severity::Structure,
        (Field::Programme, _) if outside => Severity::Structure,
        (Field::Title | Field::Place | Field::Order | Field::Number | Field::Issuers | Field::Contacts, _) => Severity::Structure,
        _ => match (change.old.as_slice(), change.new.as_slice()) {
            ([old], [new]) if follows(old, new, years) => Severity::Calendar,
            _ => Severity::Policy,
        },
    }
}

/// By how many years the new call is later; where one of them tells no year, by as many as its window for projects moved.
pub fn year_shift(old: &Call, new: &Call) -> i32 {
    if let Some((old, new)) = old.year().zip(new.year()) {
        return new.saturating_sub(old);
    }
    let starts = |call: &Call| -> Vec<String> {
        let facts = call.programmes.iter().flat_map(|p| &p.facts);
        let starts = facts.filter_map(|fact| match &fact.value {
            Value::Length { start, .. } if fact.what == "project" && !start.is_empty() => Some(start.clone()),
            _ => None,
        });
        starts.collect()
    };
    let year = |iso: &String| iso.get(..4).and_then(|year| year.parse::<i32>().ok());
    let (old, new) = (starts(old), starts(new));
    let years = old.first().and_then(year).zip(new.first().and_then(year));
    years.map_or(0, |(old, new)| new.saturating_sub(old))
}

/// Whether nothing but dates changed, and each by the years between the calls.
fn follows(old: &Held, new: &Held, years: i32) -> bool {
    let shifted = |a: &str, b: &str| a == b || moved_by(a, b, years);
    let (mut plain, same) = (old.fact.clone(), new.fact);
    let dates = match (&old.fact.value, &same.value) {
        (Value::Length { months, choices, start, end }, Value::Length { months: m, choices: c, start: s, end: e }) => {
            // A window that comes or goes beside the same length tells no other rule.
            let gone = |a: &str, b: &str| a.is_empty() || b.is_empty();
            let no_length = months.min.is_none() && months.max.is_none();
            (months, choices) == (m, c) && [(start, s), (end, e)].iter().all(|(a, b)| !no_length && gone(a, b) || shifted(a, b))
        }
        (Value::Moment { at, bound }, Value::Moment { at: a, bound: b }) => bound == b && shifted(at, a),
        _ => false,
    };
    plain.value = same.value.clone();
    dates && plain.same_terms(same) && fold(&plain.applies_to) == fold(&same.applies_to)
}

/// Whether `new` is the day of `old`, `years` later, give or take a month. Without a step of years nothing follows.
pub fn moved_by(old: &str, new: &str, years: i32) -> bool {
    let day = |iso: &str, years: i32| {
        let part = |range: std::ops::Range<usize>| iso.get(range).and_then(|digits| digits.parse::<u32>().ok());
        let year = i32::try_from(part(0..4)?).ok()?.checked_add(years)?;
        let date = Date::new(year, part(5..7).unwrap_or(0), part(8..10).unwrap_or(0), None);
        // 29 February has no twin in most years.
        date.or_else(|| Date::new(year, part(5..7)?, 28, None)).map(|date| date.day_number())
    };
    years != 0 && day(old, years).zip(day(new, 0)).is_some_and(|(old, new)| (new - old).abs() <= SLACK)
}

/// What tells our reading from the policy; there is none where one program with one set of tables read both.
struct Reading {
    same_source: bool,
    old: Words,
    new: Words,
}

/// The words of a source: all of them where the text is at hand, else those that facts quote.
struct Words {
    text: Option<String>,
    quoted: Vec<String>,
    raw: Option<Vec<char>>,
}

impl Reading {
    fn new(old: &Call, new: &Call, texts: (Option<&str>, Option<&str>)) -> Option<Reading> {
        let by = |call: &Call| (call.generator.name.clone(), call.generator.version.clone(), call.generator.patterns.clone());
        if by(old) == by(new) {
            return None;
        }
        let same_source = !old.source.sha256.is_empty() && old.source.sha256 == new.source.sha256;
        Some(Reading { same_source, old: Words::new(old, texts.0), new: Words::new(new, texts.1) })
    }

    /// Marks a change that comes from our reading; of a set, takes out and gives back the part that does.
    fn take<'a>(&self, change: &mut Change<'a>) -> Option<Change<'a>> {
        let said_there = |held: &Held, here: &Words, there: &Words| here.around(held).is_some_and(|words| there.hold(&words));
        let is_fact = !change.field.is_set() && change.field > Field::PublishedOn;
        let read = |change: &Change| match (change.old.as_slice(), change.new.as_slice()) {
            _ if self.same_source => true,
            ([old], [new]) if is_fact => self.same_words(old, new),
            ([old], []) if is_fact => said_there(old, &self.old, &self.new),
            ([], [new]) if is_fact => said_there(new, &self.new, &self.old),
            _ => false,
        };
        if read(change) {
            change.severity = Severity::Extraction;
        }
        if !change.field.is_set() || change.severity == Severity::Extraction {
            return None;
        }
        let (gone, old) = std::mem::take(&mut change.old).into_iter().partition(|held| said_there(held, &self.old, &self.new));
        let (come, new) = std::mem::take(&mut change.new).into_iter().partition(|held| said_there(held, &self.new, &self.old));
        (change.old, change.new) = (old, new);
        let part = Change { severity: Severity::Extraction, ..Change::of(change.pair, change.kind, change.field, gone, come) };
        (!part.old.is_empty() || !part.new.is_empty()).then_some(part)
    }
}

impl Reading {
    /// Whether both sides were read from the same words: those that a fact quotes decide its value, those around it its terms.
    fn same_words(&self, old: &Held, new: &Held) -> bool {
        let quoted = !old.fact.words().is_empty() && old.fact.words() == new.fact.words();
        let around = || self.old.in_text(old).is_some_and(|words| Some(words) == self.new.in_text(new));
        quoted && (!old.fact.value.same(&new.fact.value) || around())
    }
}

impl Words {
    fn new(call: &Call, text: Option<&str>) -> Words {
        let quoted = call.programmes.iter().flat_map(|p| &p.facts).map(super::Fact::words);
        Words { text: text.map(fold), quoted: quoted.collect(), raw: text.map(|text| text.chars().collect()) }
    }

    /// The words of a fact, with those around it where the text is at hand; none where they are too few to tell.
    fn around(&self, held: &Held) -> Option<String> {
        let words = self.in_text(held).unwrap_or_else(|| held.fact.words());
        (words.chars().count() >= BY_CHANCE).then_some(words)
    }

    /// The words of a fact and those around it, in the text.
    fn in_text(&self, held: &Held) -> Option<String> {
        let evidence = held.fact.evidence.as_ref()?;
        let raw = self.raw.as_ref()?;
        let words = raw.get(evidence.start.saturating_sub(BEFORE)..(evidence.end + AFTER).min(raw.len()))?;
        Some(fold(&words.iter().collect::<String>()))
    }

    fn hold(&self, words: &str) -> bool {
        match &self.text {
            Some(text) => text.contains(words),
            None => self.quoted.iter().any(|quoted| quoted.contains(words)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::moved_by;

    #[test]
    fn what_follows_the_calendar() {
        for (old, new, years, follows) in [
            ("2024-01", "2026-01", 2, true),
            ("2024-05-05", "2026-05-18", 2, true),
            ("2024-05-05T17:00+08:00", "2025-05-18T17:30+08:00", 1, true),
            ("2024-05-05", "2026-06-05", 2, true),
            ("2024-05-05", "2026-06-06", 2, false),
            ("2024-12-20", "2027-01-05", 2, true),
            ("2024-05-05", "2024-05-18", 0, false),
            ("2024-05-05", "2025-05-05", 2, false),
            ("2024-02-29", "2025-02-28", 1, true),
            ("1985-01-01", "1987-01-01", 2, true),
            ("", "2026-05-18", 2, false),
        ] {
            assert_eq!(moved_by(old, new, years), follows, "{old} {new} {years}");
        }
    }
}
