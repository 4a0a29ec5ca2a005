//! Dates and date ranges from the groups of their rows, and the year of a date that is written without one.

use std::cell::LazyCell;

use super::mention::{Mention, Value};
use crate::table::Captured;
use crate::value::{Date, Numerals};

/// The first year of the text that is written in full, 0 where there is none.
fn first_year(text: &str) -> i32 {
    let bytes = text.as_bytes();
    let year = |i: usize| text.get(i..i + 4).filter(|y| y.starts_with("20")).and_then(|y| y.parse::<i32>().ok());
    let stands_alone = |i: usize| i == 0 || !bytes[i - 1].is_ascii_digit();
    let mut years = (0..bytes.len().saturating_sub(4)).filter(|i| bytes[*i] == b'2' && stands_alone(*i)).filter_map(year);
    years.next().unwrap_or(0)
}

const UNKNOWN: i32 = 1900;

/// What was before is a birth, and no other date is of its year.
const LATE: i32 = 2000;

/// The date of groups `y m d h min later`; without `y` the year stays open for `inherit`.
pub fn date(captures: &Captured, numerals: &Numerals) -> Option<Date> {
    let number = |name: &str| captures.name(name).map(|m| numerals.parse(m.as_str()).and_then(|v| i32::try_from(v).ok()));
    let either = |a: &str, b: &str| match number(a).or_else(|| number(b)) {
        None => Some(0),
        Some(value) => value.map(|v| v as u32),
    };
    let year = number("y").unwrap_or(Some(UNKNOWN))?;
    let time = match number("h") {
        None => None,
        Some(hour) => {
            let minute = number("min").map_or(Some(0), |m| m.or(Some(30)))? as u32;
            Some((hour? as u32 + afternoon(captures, hour? as u32), minute))
        }
    };
    Date::new(year, either("m", "m2")?, either("d", "d2")?, time)
}

/// Twelve hours more where the words say afternoon and the clock has twelve hours.
fn afternoon(captures: &Captured, hour: u32) -> u32 {
    if captures.name("later").is_some() && hour < 12 { 12 } else { 0 }
}

/// The range of groups `y m m2` (months of a year), `y y2` (years) or `y m d d2` (days of a month).
pub fn period(captures: &Captured) -> Option<(Date, Date)> {
    let number = |name: &str| captures.name(name)?.as_str().parse::<i32>().ok();
    let part = |name: &str, else_name: &str| number(name).or_else(|| number(else_name)).unwrap_or(0);
    let date = |y: &str, m: &str, d: &str| Date::new(part(y, "y"), part(m, "m") as u32, part(d, "d") as u32, None);
    let (start, end) = (date("y", "m", "d")?, date("y2", "m2", "d2")?);
    (start <= end).then_some((start, end))
}

/// Gives dates without a year that of the date before them, unless that is of another paragraph and no year of what was issued on
/// the day which stands alone on its line: then the year in which they follow that day. Else the first year of the text; what has
/// neither is dropped.
pub fn inherit(mentions: &mut Vec<Mention>, text: &str) {
    mentions.sort_by_cached_key(|m| m.core.start);
    let issued = mentions.iter().find_map(|mention| match mention.value {
        Value::Date(date) if date.year >= LATE && date.day > 0 && stands_alone(mention, text) => Some(date.day()),
        _ => None,
    });
    let (mut last, first) = (None, LazyCell::new(|| first_year(text)));
    for mention in mentions.iter_mut() {
        let start = mention.core.start;
        let date = match &mut mention.value {
            Value::Date(date) | Value::Period(_, date) => date,
            _ => continue,
        };
        if date.year == UNKNOWN {
            let before = last.map(|(year, _): (i32, usize)| year);
            let is_near = || last.is_some_and(|(_, end)| !text[end..start].contains('\n'));
            date.year = match issued.filter(|issued| before.is_some_and(|year| !(issued.year..=issued.year + 1).contains(&year))) {
                Some(issued) if !is_near() => issued.year + i32::from((date.month, date.day) < (issued.month, issued.day)),
                _ => before.unwrap_or_else(|| *first),
            };
        }
        if date.month > 0 && date.year >= LATE {
            last = Some((date.year, mention.core.end));
        }
    }
    mentions.retain(|m| !matches!(m.value, Value::Date(Date { year: UNKNOWN | 0, .. })));
}

/// Whether nothing else stands on the line.
fn stands_alone(mention: &Mention, text: &str) -> bool {
    let (before, after) = (&text[..mention.core.start], &text[mention.core.end..]);
    (before.is_empty() || before.ends_with('\n')) && (after.is_empty() || after.starts_with('\n'))
}
