//! Calendar dates as documents write them: a year, a month or a day, with a time of day where one is given.
//! The calendar is the proleptic Gregorian one of ISO 8601; times are those of China, UTC+08:00, unless a clock is named.

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    Year,
    Month,
    Day,
    Minute,
}

/// `month`, `day` are 0 where the text gives none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    pub year: i32,
    pub month: u32,
    pub day: u32,
    pub time: Option<(u32, u32)>,
    /// Minutes east of UTC of the clock that the time is by, where it is not China's.
    pub offset: Option<i32>,
}

/// Minutes east of UTC.
const CHINA: i32 = 8 * 60;

impl Date {
    /// `None` where the calendar has no such day or the clock no such time (24:00 is one).
    pub fn new(year: i32, month: u32, day: u32, time: Option<(u32, u32)>) -> Option<Self> {
        let day_ok = day == 0 || (month > 0 && day <= days_in(year, month));
        let time_ok = time.is_none_or(|(h, m)| day > 0 && (h < 24 && m < 60 || (h, m) == (24, 0)));
        let ok = (1900..2200).contains(&year) && month <= 12 && day_ok && time_ok;
        ok.then_some(Date { year, month, day, time, offset: None })
    }

    pub fn precision(&self) -> Precision {
        match (self.month, self.day, self.time) {
            (0, ..) => Precision::Year,
            (_, 0, _) => Precision::Month,
            (_, _, None) => Precision::Day,
            _ => Precision::Minute,
        }
    }

    /// The date without its time of day.
    pub fn day(&self) -> Date {
        Date { time: None, offset: None, ..*self }
    }

    /// The date by a clock so many minutes east of UTC.
    pub fn by_clock(&self, offset: i32) -> Date {
        Date { offset: self.time.and(Some(offset)).filter(|offset| *offset != CHINA), ..*self }
    }

    /// Days since 1 January of the year 1; a date without day or month stands for its first.
    pub fn day_number(&self) -> i64 {
        let years = i64::from(self.year) - 1;
        let leap_days = years / 4 - years / 100 + years / 400;
        let months: i64 = (1..self.month).map(|month| i64::from(days_in(self.year, month))).sum();
        years * 365 + leap_days + months + i64::from(self.day.max(1)) - 1
    }

    /// Months from the start of `self`'s month to the end of `end`'s month.
    pub fn months_through(&self, end: &Date) -> Option<i32> {
        (self.month > 0 && end.month > 0).then(|| (end.year - self.year) * 12 + end.month as i32 - self.month as i32 + 1)
    }
}

fn days_in(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// ISO 8601: `2026`, `2026-05`, `2026-05-18`, `2026-05-18T17:30+08:00`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if self.month > 0 {
            write!(f, "-{:02}", self.month)?;
        }
        if self.day > 0 {
            write!(f, "-{:02}", self.day)?;
        }
        match self.time {
            Some((hour, minute)) => {
                let offset = self.offset.unwrap_or(CHINA);
                let (sign, east) = (if offset < 0 { '-' } else { '+' }, offset.abs());
                write!(f, "T{hour:02}:{minute:02}{sign}{:02}:{:02}", east / 60, east % 60)
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar_is_kept() {
        for (y, m, d, time, iso) in [
            (2026, 5, 18, Some((17, 30)), Some("2026-05-18T17:30+08:00")),
            (2024, 2, 29, None, Some("2024-02-29")),
            (2025, 2, 29, None, None),
            (2026, 13, 0, None, None),
            (2026, 12, 31, Some((24, 0)), Some("2026-12-31T24:00+08:00")),
            (2026, 12, 31, Some((24, 1)), None),
            (2026, 5, 0, None, Some("2026-05")),
            (2026, 0, 0, None, Some("2026")),
        ] {
            assert_eq!(Date::new(y, m, d, time).map(|date| date.to_string()).as_deref(), iso);
        }
    }

    #[test]
    fn days_are_counted_over_leap_years() {
        let number = |y, m, d| Date::new(y, m, d, None).map(|date| date.day_number());
        for (from, to, days) in [((2024, 2, 28), (2024, 3, 1), 2), ((2023, 2, 28), (2023, 3, 1), 1), ((1999, 12, 31), (2001, 1, 1), 367)] {
            let (from, to) = (number(from.0, from.1, from.2), number(to.0, to.1, to.2));
            assert_eq!(to.zip(from).map(|(to, from)| to - from), Some(days));
        }
    }

    #[test]
    fn a_window_of_two_years_has_24_months() {
        let (start, end) = (Date::new(2026, 1, 0, None), Date::new(2027, 12, 0, None));
        assert_eq!(start.zip(end).and_then(|(s, e)| s.months_through(&e)), Some(24));
    }
}
