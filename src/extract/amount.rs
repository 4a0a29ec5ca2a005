//! What an amount says: the words that `{one_amount}|{two_amounts}` of the tables finds. In: those words. Out: `Said`.

use crate::table::{Captured, Lexicon, List, Tables, Unit};
use crate::value::{Decimal, Interval};

/// An amount, read.
pub struct Said<'t> {
    pub unit: &'t Unit,
    pub interval: Interval,
    /// The ends, where it is one of the two and nothing between.
    pub choices: Vec<Decimal>,
    /// It is only about so much.
    pub approximate: bool,
}

/// Reads an amount of one number, else a range of two.
pub fn said<'t>(words: &str, tables: &'t Tables) -> Option<Said<'t>> {
    let said = match one(words, &tables.lexicon) {
        Some(One { number, more, powers, unit }) => {
            let numerals = &tables.lexicon.numerals;
            let value = numerals.parse(number)?.checked_mul(numerals.scale(powers)?)?;
            Said { unit, interval: Interval::exactly(value), choices: vec![], approximate: more }
        }
        None => two(&tables.two_amounts.captures_whole(words)?, &tables.lexicon)?,
    };
    let Some(times) = said.unit.times else { return Some(said) };
    let choices = said.choices.iter().map(|choice| choice.checked_mul(times)).collect::<Option<_>>()?;
    Some(Said { interval: said.interval.times(times)?, choices, ..said })
}

/// The parts of `{one_amount}`.
struct One<'w, 't> {
    number: &'w str,
    more: bool,
    powers: &'w str,
    unit: &'t Unit,
}

/// The parts of an amount of one number, as `{one_amount}` takes them: as much for the number as there can be, then as few powers, the unit
/// being known. Read here since an expression would try all units one by one.
fn one<'w, 't>(words: &'w str, lexicon: &'t Lexicon) -> Option<One<'w, 't>> {
    let skip_space = |text: &'w str| text.strip_prefix(' ').unwrap_or(text);
    let without_more = |text: &'w str| lexicon.list(List::More).opening(text).map(str::len).max().map(|length| &text[length..]);
    let is_power = |c: char| lexicon.numerals.powers.iter().any(|(power, _)| *power == c);
    let unit = |text: &'w str| lexicon.unit(skip_space(text));
    let behind = |number: &'w str, text: &'w str, more: bool| {
        let powers = text.char_indices().take_while(|(_, c)| is_power(*c)).map(|(at, c)| at + c.len_utf8());
        std::iter::once(0).chain(powers).map(|end| text.split_at(end)).find_map(|(powers, rest)| {
            let unit = without_more(rest).and_then(unit).or_else(|| unit(rest))?;
            Some(One { number, more, powers, unit })
        })
    };
    lexicon.numerals.opening(words).find_map(|number| {
        let rest = skip_space(&words[number.len()..]);
        without_more(rest).and_then(|rest| behind(number, rest, true)).or_else(|| behind(number, rest, false))
    })
}

fn two<'t>(captures: &Captured, lexicon: &'t Lexicon) -> Option<Said<'t>> {
    let group = |name: &str| captures.name(name).map_or("", |m| m.as_str());
    let (numerals, unit) = (&lexicon.numerals, lexicon.unit(group("hiu"))?);
    let (lo, hi) = (numerals.parse(group("lo"))?, numerals.parse(group("hi"))?);
    let his = numerals.scale(group("his"))?;
    let los = if group("los").is_empty() && group("lou").is_empty() { his } else { numerals.scale(group("los"))? };
    if lexicon.unit(group("lou")).is_some_and(|lou| lou.kind != unit.kind || lou.months != unit.months) {
        return None;
    }
    let (lo, hi) = (lo.checked_mul(los)?, hi.checked_mul(his)?);
    let is_choice = captures.name("or").is_some() && lo != hi;
    let exclusive = ["but", "but_hi"].iter().any(|name| captures.name(name).is_some());
    let interval = Interval { exclusive, ..Interval::between(lo.min(hi), lo.max(hi)) };
    Some(Said { unit, interval, choices: if is_choice { vec![lo, hi] } else { vec![] }, approximate: false })
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;
    use crate::table::lines_of_seeds;

    fn read(words: &str) -> Option<String> {
        let One { number, more, powers, unit } = one(words, &Tables::built_in().unwrap().lexicon)?;
        Some(format!("{number}|{}|{powers}|{}", if more { "more" } else { "" }, unit.word))
    }

    #[test]
    fn parts_of_an_amount() {
        let parts = |words: &str| read(words).unwrap();
        assert_eq!(parts("1,080.5万元"), "1,080.5||万|元");
        assert_eq!(parts("五十万元"), "五十万|||元");
        assert_eq!(parts("五千卡"), "五|||千卡", "as much for the number as leaves a unit");
        assert_eq!(parts("100 余家"), "100|more||家");
        assert_eq!(parts("3百万 美元"), "3||百万|美元");
        assert_eq!((read("100至200万元"), read("3某某"), read("")), (None, None, None));
    }

    /// What the expression takes, with all units in it.
    #[test]
    fn parts_are_those_of_the_expression() {
        let tables = Tables::built_in().unwrap();
        let mut found = 0;
        for line in lines_of_seeds() {
            let line: String = line.nfkc().collect();
            for words in tables.amount.find_all(&line).into_iter().map(|range| &line[range]) {
                let captures = tables.amount.captures_whole(words).unwrap();
                let group = |name: &str| captures.name(name).map(|m| m.as_str());
                let more = if group("more").is_some() { "more" } else { "" };
                let expected = group("one").map(|one| format!("{one}|{more}|{}|{}", group("scale").unwrap(), group("unit").unwrap()));
                assert_eq!(read(words), expected, "{words}");
                found += 1;
            }
        }
        assert!(found > 100, "{found}");
    }
}
