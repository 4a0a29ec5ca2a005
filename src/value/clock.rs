//! The clocks of other places. In: a time zone by its name in the IANA database, and a date with a time of day there. Out: the offset
//! of that clock from UTC. The database is built in, so that no machine gives another answer.

use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::Date;

/// Minutes east of UTC of the clock in `zone` at this date and time; `None` for a zone that is not there.
pub fn offset(zone: &str, date: &Date) -> Option<i32> {
    let part = |number: u32| i8::try_from(number).ok();
    let (hour, minute) = date.time.unwrap_or_default();
    // 24:00 is the end of the day, and no time of the next one.
    let (hour, minute) = if hour == 24 { (23, 59) } else { (hour, minute) };
    let local =
        jiff::civil::DateTime::new(i16::try_from(date.year).ok()?, part(date.month)?, part(date.day)?, part(hour)?, part(minute)?, 0, 0);
    let zoned = local.ok()?.to_zoned_datetime(find(zone)?).ok()?;
    Some(zoned.offset().seconds() / 60)
}

/// Whether the database has a zone of this name.
pub fn is_zone(zone: &str) -> bool {
    find(zone).is_some()
}

fn find(zone: &str) -> Option<TimeZone> {
    TimeZoneDatabase::bundled().get(zone).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summer_time_is_that_of_the_place() {
        let at = |zone, month, time| Date::new(2026, month, 20, Some(time)).and_then(|date| offset(zone, &date));
        assert_eq!(at("Europe/Vienna", 7, (12, 0)), Some(120));
        assert_eq!(at("Europe/Vienna", 12, (24, 0)), Some(60));
        assert_eq!(at("America/New_York", 12, (17, 0)), Some(-300));
        assert_eq!(at("Asia/Kolkata", 1, (9, 30)), Some(330));
        assert_eq!(at("Europe/Nowhere", 1, (9, 30)), None);
    }
}
