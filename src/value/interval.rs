//! An interval over exact numbers. `None` is an open end; ends are included unless `exclusive` says otherwise.

use std::fmt;

use rust_decimal::Decimal;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Interval {
    pub min: Option<Decimal>,
    pub max: Option<Decimal>,
    /// The stated bound itself is left out ("more than 50").
    pub exclusive: bool,
}

impl Interval {
    pub fn exactly(value: Decimal) -> Self {
        Interval { min: Some(value), max: Some(value), exclusive: false }
    }

    pub fn between(min: Decimal, max: Decimal) -> Self {
        Interval { min: Some(min), max: Some(max), exclusive: false }
    }

    /// Only the upper end of `self` stays: "at most".
    pub fn ceiling(self, exclusive: bool) -> Self {
        Interval { min: None, max: self.max.or(self.min), exclusive }
    }

    /// Only the lower end of `self` stays: "at least".
    pub fn floor(self, exclusive: bool) -> Self {
        Interval { min: self.min.or(self.max), max: None, exclusive }
    }

    /// A floor and a ceiling that include their numbers, in either order, as one interval; `None` of anything else.
    pub fn closed_by(self, other: Self) -> Option<Self> {
        let (min, max) = match ((self.min, self.max), (other.min, other.max)) {
            ((Some(min), None), (None, Some(max))) | ((None, Some(max)), (Some(min), None)) => (min, max),
            _ => return None,
        };
        (min <= max && !self.exclusive && !other.exclusive).then(|| Interval::between(min, max))
    }

    /// Both ends times `factor`; `None` where a product does not fit.
    pub fn times(self, factor: Decimal) -> Option<Self> {
        let scale = |end: Option<Decimal>| match end {
            None => Some(None),
            Some(value) => value.checked_mul(factor).map(Some),
        };
        Some(Interval { min: scale(self.min)?, max: scale(self.max)?, exclusive: self.exclusive })
    }

    /// Whether things can be so many: its ends are whole, and not below 0.
    pub fn counts(&self) -> bool {
        [self.min, self.max].into_iter().flatten().all(|end| end.is_integer() && !end.is_sign_negative())
    }

    /// The single value of "exactly n".
    pub fn single(&self) -> Option<Decimal> {
        self.min.filter(|_| self.min == self.max)
    }
}

/// `=2`, `4..=7`, `2..`, `..=2`; an excluded bound reads `2<..` and `..<2`, one of two `4..7`.
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (min, max) = (self.min.map(|v| v.normalize()), self.max.map(|v| v.normalize()));
        match (min, max, self.exclusive) {
            (Some(a), Some(b), _) if a == b => write!(f, "={a}"),
            (Some(a), Some(b), false) => write!(f, "{a}..={b}"),
            (Some(a), Some(b), true) => write!(f, "{a}..{b}"),
            (Some(a), None, false) => write!(f, "{a}.."),
            (Some(a), None, true) => write!(f, "{a}<.."),
            (None, Some(b), false) => write!(f, "..={b}"),
            (None, Some(b), true) => write!(f, "..<{b}"),
            (None, None, _) => f.write_str(".."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_floor_and_a_ceiling_are_one_interval() {
        let (floor, ceiling) = (Interval::exactly(Decimal::ONE).floor(false), Interval::exactly(Decimal::TEN).ceiling(false));
        assert_eq!(floor.closed_by(ceiling), Some(Interval::between(Decimal::ONE, Decimal::TEN)));
        assert_eq!(ceiling.closed_by(floor), floor.closed_by(ceiling));
        assert_eq!(floor.closed_by(Interval::exactly(Decimal::TEN)), None);
        assert_eq!(Interval::exactly(Decimal::TEN).floor(false).closed_by(Interval::exactly(Decimal::ONE).ceiling(false)), None);
    }

    #[test]
    fn ends_and_their_words() {
        let ten = Interval::exactly(Decimal::TEN);
        let range = Interval::between(Decimal::ONE, Decimal::TEN);
        for (interval, words) in [
            (ten, "=10"),
            (ten.floor(false), "10.."),
            (ten.floor(true), "10<.."),
            (ten.ceiling(false), "..=10"),
            (ten.ceiling(true), "..<10"),
            (range, "1..=10"),
            (Interval { exclusive: true, ..range }, "1..10"),
            (range.ceiling(false), "..=10"),
        ] {
            assert_eq!(interval.to_string(), words);
        }
    }

    #[test]
    fn a_product_that_does_not_fit_is_refused() {
        assert_eq!(Interval::exactly(Decimal::MAX).times(Decimal::TEN), None);
    }
}
