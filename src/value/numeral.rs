//! Numerals to exact numbers. Which characters are digits, powers and separators is data (lexicon/numeral.toml);
//! a character that the table does not hold makes no number, never a zero.

use rust_decimal::Decimal;

/// The numeral characters of the table, each with its value.
#[derive(Debug, Clone, Default)]
pub struct Numerals {
    /// Characters 0 to 9, several for one value.
    pub digits: Vec<(char, u32)>,
    /// Powers of ten: the small ones multiply the digit before them, those of four and more all that stands before.
    pub powers: Vec<(char, u32)>,
}

impl Numerals {
    /// Reads `1,080`, `4.114`, or the table's characters (`二十五`, `二〇二六`, `一百零五`), the two mixed (`3千`).
    pub fn parse(&self, text: &str) -> Option<Decimal> {
        let split = text.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').unwrap_or(text.len());
        let (arabic, rest) = text.split_at(split);
        if arabic.is_empty() {
            return self.characters(rest);
        }
        let number = if arabic.contains(',') { arabic.replace(',', "").parse() } else { arabic.parse::<Decimal>() }.ok()?;
        rest.chars().try_fold(number, |n, c| n.checked_mul(ten_to(self.power(c)?)))
    }

    /// The numbers that `text` begins with, the longest first: all digits with their separators, or any row of the table's characters.
    pub fn opening<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        let is_numeral = |c: char| self.digit(c).is_some() || self.power(c).is_some();
        let characters = || text.char_indices().take_while(|(_, c)| is_numeral(*c)).map(|(at, c)| at + c.len_utf8());
        let ends = match arabic(text) {
            0 => characters().collect(),
            end => vec![end],
        };
        ends.into_iter().rev().map(|end| &text[..end])
    }

    /// Ten to the power that the characters of `text` add up to: `百万` is 10^6.
    pub fn scale(&self, text: &str) -> Option<Decimal> {
        text.chars().try_fold(Decimal::ONE, |n, c| n.checked_mul(ten_to(self.power(c)?)))
    }

    fn characters(&self, text: &str) -> Option<Decimal> {
        if text.is_empty() {
            return None;
        }
        if text.chars().count() > 1 && text.chars().all(|c| self.digit(c).is_some()) {
            return self.positional(text);
        }
        let (mut total, mut section, mut digit) = (Decimal::ZERO, Decimal::ZERO, None);
        for c in text.chars() {
            if let Some(value) = self.digit(c) {
                digit = Some(Decimal::from(value));
                continue;
            }
            let power = self.power(c)?;
            if power < 4 {
                section += digit.take().unwrap_or(Decimal::ONE) * ten_to(power);
            } else {
                let before = section + digit.take().unwrap_or(Decimal::ZERO);
                let before = if before.is_zero() && total.is_zero() { Decimal::ONE } else { before };
                total = (total + before).checked_mul(ten_to(power))?;
                section = Decimal::ZERO;
            }
        }
        Some(total + section + digit.unwrap_or(Decimal::ZERO))
    }

    /// Digit by digit, as years are written: 二〇二六.
    fn positional(&self, text: &str) -> Option<Decimal> {
        text.chars().try_fold(Decimal::ZERO, |n, c| n.checked_mul(Decimal::TEN)?.checked_add(Decimal::from(self.digit(c)?)))
    }

    fn digit(&self, c: char) -> Option<u32> {
        self.digits.iter().find(|(d, _)| *d == c).map(|(_, v)| *v)
    }

    fn power(&self, c: char) -> Option<u32> {
        self.powers.iter().find(|(p, _)| *p == c).map(|(_, v)| *v)
    }
}

/// How long the number is that `text` begins with, in digits, thousands parted by commas: `1,080.5`.
fn arabic(text: &str) -> usize {
    let digits = |from: usize| text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut end = digits(0);
    while end > 0 && text[end..].starts_with(',') && digits(end + 1) >= 3 {
        end += 4;
    }
    let decimals = if end > 0 && text[end..].starts_with('.') { digits(end + 1) } else { 0 };
    if decimals > 0 { end + 1 + decimals } else { end }
}

fn ten_to(power: u32) -> Decimal {
    Decimal::from(10u64.pow(power.min(18)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Numerals {
        let digits = "零〇一二三四五六七八九".chars().zip([0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        Numerals { digits: digits.chain([('两', 2)]).collect(), powers: vec![('十', 1), ('百', 2), ('千', 3), ('万', 4), ('亿', 8)] }
    }

    #[test]
    fn numerals_have_exact_values() {
        for (text, value) in [
            ("十", "10"),
            ("十五", "15"),
            ("五十", "50"),
            ("一百零五", "105"),
            ("二〇二六", "2026"),
            ("两", "2"),
            ("一万二千", "12000"),
            ("三百万", "3000000"),
            ("1,080", "1080"),
            ("4.114", "4.114"),
            ("3千", "3000"),
            ("4.114亿", "411400000"),
        ] {
            assert_eq!(table().parse(text).map(|v| v.normalize().to_string()).as_deref(), Some(value), "{text}");
        }
    }

    #[test]
    fn an_unknown_character_is_no_zero() {
        assert_eq!(table().parse("廿五"), None);
        assert_eq!(table().parse(""), None);
    }
}
