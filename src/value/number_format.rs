//! How a number is written by an automatic list: a number -> its text. In: one of the formats that patterns/lexicon lists.
//! Never fails: what a format has no sign for is written in Arabic digits, as word processors do.

/// The last number that a word processor counts to; greater ones are written in Arabic digits.
const LAST: u32 = 32_767;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberKind {
    /// One sign a digit, zero first; there are as many signs as the base.
    Positional,
    /// Ten digits and the powers of ten: 一百二十三.
    Counting,
    /// One sign a number, then Arabic digits.
    Listed,
    /// One sign a number, and again from the first.
    Cyclic,
    /// One sign a number, then each twice, then thrice.
    Repeated,
    /// The words of one to nine, and (as powers) those of ten to ninety.
    Spoken,
    /// The seven signs of one, five, ten to thousand.
    Roman,
    /// Arabic digits with the English ending: 1st.
    Ordinal,
}

/// When a one is written before a power of ten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OneBefore {
    Always,
    /// Not where the number begins with ten: 十一, but 一百一十.
    NotFirstTen,
    Never,
}

/// A format of numbers. `signs` are as `kind` says; `powers` those of 10, 100, 1 000, 10 000 and 100 000 000.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberFormat {
    pub kind: NumberKind,
    pub signs: Vec<String>,
    pub powers: Vec<String>,
    /// From this number on a counting format is written digit by digit.
    pub positional_from: Option<u32>,
    pub one: OneBefore,
    /// Whether a gap in the digits is spoken: 一百零一.
    pub zero: bool,
    /// Least number of digits of a positional format.
    pub width: usize,
    /// What stands before and after the number.
    pub around: (String, String),
}

impl NumberFormat {
    /// Arabic digits, at least `width` of them.
    pub fn decimal(width: usize) -> Self {
        NumberFormat {
            kind: NumberKind::Positional,
            signs: ('0'..='9').map(String::from).collect(),
            powers: vec![],
            positional_from: None,
            one: OneBefore::Always,
            zero: false,
            width,
            around: Default::default(),
        }
    }

    /// Why the format cannot work; `None` where it can.
    pub fn wrong(&self) -> Option<&'static str> {
        let (signs, powers) = (self.signs.len(), self.powers.len());
        match self.kind {
            NumberKind::Positional if signs < 2 => Some("a positional format has two signs or more"),
            NumberKind::Counting if signs != 10 || powers < 2 && self.positional_from.is_none() || powers == 0 => {
                Some("a counting format has ten signs, and powers of ten")
            }
            NumberKind::Spoken if signs != 9 || powers != 9 => Some("a spoken format has nine signs and nine powers"),
            NumberKind::Roman if signs != 7 => Some("a roman format has seven signs"),
            NumberKind::Listed | NumberKind::Cyclic | NumberKind::Repeated if signs == 0 => Some("no signs"),
            _ => None,
        }
    }

    /// `number` as the format writes it.
    pub fn write(&self, number: u32) -> String {
        let written = if number > LAST { None } else { self.bare(number) };
        let bare = written.unwrap_or_else(|| format!("{number:0>width$}", width = self.width));
        format!("{}{bare}{}", self.around.0, self.around.1)
    }

    /// Without what stands around; `None` where the format has no sign for the number.
    fn bare(&self, number: u32) -> Option<String> {
        let place = number.checked_sub(1).map(|n| n as usize);
        let count = self.signs.len().max(1);
        match self.kind {
            NumberKind::Positional => self.positional(number),
            NumberKind::Counting if self.positional_from.is_some_and(|from| number >= from) => self.positional(number),
            NumberKind::Counting => self.counting(number),
            NumberKind::Listed => self.signs.get(place?).cloned(),
            NumberKind::Cyclic => self.signs.get(place? % count).cloned(),
            NumberKind::Repeated => Some(self.signs.get(place? % count)?.repeat(place? / count + 1)),
            NumberKind::Spoken => self.spoken(number),
            NumberKind::Roman => self.roman(number),
            NumberKind::Ordinal => Some(format!("{number}{}", ending(number))),
        }
    }

    fn sign(&self, digit: u32) -> Option<&str> {
        self.signs.get(digit as usize).map(String::as_str)
    }

    fn positional(&self, number: u32) -> Option<String> {
        let base = u32::try_from(self.signs.len()).ok()?;
        let mut digits = Vec::new();
        let mut rest = number;
        while rest > 0 || digits.len() < self.width.max(1) {
            digits.push(self.sign(rest.checked_rem(base)?)?);
            rest /= base;
        }
        Some(digits.into_iter().rev().collect())
    }

    fn counting(&self, number: u32) -> Option<String> {
        if number == 0 {
            return self.sign(0).map(str::to_string);
        }
        let mut out = String::new();
        let (myriads, rest) = (number / 10_000, number % 10_000);
        if myriads > 0 {
            if !(myriads == 1 && self.one == OneBefore::Never) {
                self.thousands(myriads, &mut out)?;
            }
            out.push_str(self.powers.get(3)?);
        }
        if myriads > 0 && self.zero && (1..1000).contains(&rest) {
            out.push_str(self.sign(0)?);
        }
        self.thousands(rest, &mut out)?;
        Some(out)
    }

    /// Up to four digits with their powers.
    fn thousands(&self, number: u32, out: &mut String) -> Option<()> {
        let (first, mut gap) = (out.is_empty(), false);
        for power in (0..4).rev() {
            let digit = number / 10u32.pow(power) % 10;
            let begun = number / 10u32.pow(power + 1) > 0;
            if digit == 0 {
                gap = begun;
                continue;
            }
            if std::mem::take(&mut gap) && self.zero {
                out.push_str(self.sign(0)?);
            }
            let silent = match self.one {
                OneBefore::Always => false,
                OneBefore::NotFirstTen => power == 1 && first && !begun,
                OneBefore::Never => power > 0,
            };
            if !(digit == 1 && silent) {
                out.push_str(self.sign(digit)?);
            }
            if let Some(power) = power.checked_sub(1) {
                out.push_str(self.powers.get(power as usize)?);
            }
        }
        Some(())
    }

    fn spoken(&self, number: u32) -> Option<String> {
        let word = |words: &[String], digit: u32| match digit.checked_sub(1) {
            None => Some(String::new()),
            Some(at) => words.get(at as usize).cloned(),
        };
        (number > 0).then(|| Some(word(&self.powers, number / 10)? + &word(&self.signs, number % 10)?))?
    }

    fn roman(&self, number: u32) -> Option<String> {
        let mut out = self.sign(6)?.repeat((number / 1000) as usize);
        for (at, power) in [(4, 100), (2, 10), (0, 1)] {
            let (one, five, ten) = (self.sign(at)?, self.sign(at + 1)?, self.sign(at + 2)?);
            out += &match number / power % 10 {
                9 => format!("{one}{ten}"),
                4 => format!("{one}{five}"),
                digit if digit >= 5 => format!("{five}{}", one.repeat(digit as usize - 5)),
                digit => one.repeat(digit as usize),
            };
        }
        (number > 0).then_some(out)
    }
}

fn ending(number: u32) -> &'static str {
    match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}
