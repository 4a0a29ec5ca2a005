//! The closed lists of patterns/lexicon, joined from all files: numerals, units, bounds, words, places.

use std::ops::{Deref, Range};

use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde::de::IntoDeserializer;

use super::notation::Notation;
use super::written;
use crate::error::{Error, Result};
use crate::span::before;
use crate::value::{Decimal, Numerals};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnitKind {
    Money,
    Percent,
    Duration,
    Quantity,
}

/// A word that turns a number into an amount.
#[derive(Debug, Clone)]
pub struct Unit {
    pub word: String,
    pub kind: UnitKind,
    /// ISO 4217, for money.
    pub currency: Option<String>,
    /// How many months one unit is, for durations.
    pub months: Option<Decimal>,
    /// How many of the unit that facts give it is, where it is not one.
    pub times: Option<Decimal>,
    /// The unit as facts give it.
    pub name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Before,
    After,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Ceiling,
    Floor,
    /// How far a limit goes for some: a ceiling, but of a ratio of what is to be paid, a floor.
    Eased,
    About,
    InPrinciple,
    /// A name that begins as a bound does: 一般项目.
    Nothing,
}

#[derive(Debug, Clone)]
pub struct Bound {
    pub word: String,
    pub side: Side,
    pub way: Way,
    pub exclusive: bool,
    pub reach: usize,
}

/// What a name on the map stands for: one or several codes, or a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// ISO 3166-1 alpha-2 or ISO 3166-2, each with its usual name.
    pub codes: Vec<(String, String)>,
    pub group: Option<String>,
}

/// The words of a list, in its order. Which of them stand at a place is told by one look at the character there.
#[derive(Debug, Default)]
pub struct Words {
    words: Vec<String>,
    /// The first character of each word, in order, and which word it is; and the last.
    firsts: Vec<(char, usize)>,
    lasts: Vec<(char, usize)>,
    /// The length of the longest, in bytes.
    longest: usize,
}

impl Deref for Words {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.words
    }
}

impl Words {
    fn new(words: Vec<String>) -> Words {
        let by = |end: fn(&str) -> Option<char>| {
            let mut ends: Vec<(char, usize)> = words.iter().enumerate().filter_map(|(i, word)| Some((end(word)?, i))).collect();
            ends.sort_unstable();
            ends
        };
        let (firsts, lasts) = (by(|word| word.chars().next()), by(|word| word.chars().next_back()));
        Words { firsts, lasts, longest: words.iter().map(String::len).max().unwrap_or(0), words }
    }

    /// The words that `text` begins with.
    pub fn opening(&self, text: &str) -> impl Iterator<Item = &str> {
        self.places_opening(text).map(|place| self.words[place].as_str())
    }

    /// Their places in the list.
    fn places_opening(&self, text: &str) -> impl Iterator<Item = usize> {
        alike(&self.firsts, text.chars().next()).filter(move |place| text.starts_with(self.words[*place].as_str()))
    }

    /// The words that `text` ends with.
    pub fn closing(&self, text: &str) -> impl Iterator<Item = &str> {
        alike(&self.lasts, text.chars().next_back()).map(|place| self.words[place].as_str()).filter(move |word| text.ends_with(word))
    }

    /// Whether one of the words stands in `text` and holds the part `range` of it.
    pub fn hold(&self, text: &str, range: Range<usize>) -> bool {
        let mut starts = (before(text, range.end, self.longest)..=range.start).filter(|start| text.is_char_boundary(*start));
        starts.any(|start| self.opening(&text[start..]).any(|word| start + word.len() >= range.end))
    }
}

/// Which words have this character at that end.
fn alike(ends: &[(char, usize)], c: Option<char>) -> impl Iterator<Item = usize> {
    let c = c.unwrap_or_default();
    let from = ends.partition_point(|(other, _)| *other < c);
    ends[from..].iter().take_while(move |(other, _)| *other == c).map(|(_, place)| *place)
}

static NO_WORDS: Words = Words { words: vec![], firsts: vec![], lasts: vec![], longest: 0 };

/// The word lists that the program asks for; the tables call them by these names, in small letters (`and_others`).
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum List {
    Among,
    AndOthers,
    Anyone,
    Asks,
    Award,
    BeforeNumeral,
    BetweenBounds,
    Called,
    Change,
    Compound,
    Connector,
    Copula,
    Does,
    Each,
    Focus,
    Generic,
    GenericEnd,
    GoesOn,
    Grant,
    Idiom,
    InShort,
    Including,
    Jieba,
    Joining,
    Kind,
    KindOfField,
    LeadsToFields,
    LeavesOut,
    LeftOut,
    ListEnd,
    ListJoin,
    MoneyNoun,
    More,
    NameJoin,
    National,
    NoField,
    NoFieldEnd,
    Note,
    NoteOfPage,
    Numbered,
    OfSign,
    OrdinalSign,
    Pays,
    PlaceSuffix,
    Reaching,
    SignedUnit,
    Starting,
    States,
    SumsUp,
    This,
    Tier,
    TierOfRow,
    TitleOpens,
    Verb,
    Work,
}

#[derive(Debug, Default)]
pub struct Lexicon {
    pub numerals: Numerals,
    pub units: Vec<Unit>,
    /// The place in `units` of each word.
    unit_of: FxHashMap<String, usize>,
    pub bounds: Vec<Bound>,
    /// The words of every list, by its name.
    pub words: FxHashMap<String, Vec<String>>,
    /// Those that the program asks for, each in the place of its `List`.
    lists: Vec<Words>,
    /// Name and what it stands for; a trap stands for nothing.
    pub places: Vec<(String, Option<Place>)>,
    /// The place in `places` of each name.
    place_of: FxHashMap<String, usize>,
    /// One-character forms (after 中, before 方) and bare names of regions (in a list), and their places.
    pub short: Vec<(String, Place)>,
    /// Place names in names of offices, and the region of the office by each.
    places_of_offices: Words,
    regions: Vec<String>,
    /// Names of clocks, each with its zone in the IANA database.
    pub clocks: Vec<(String, String)>,
    /// How word processors write numbers and signs.
    pub notation: Notation,
}

impl Lexicon {
    /// Adds what `file` holds; `name` is for the messages.
    pub fn add(&mut self, name: &str, text: &str, file: &written::File) -> Result<()> {
        let line = |at: usize| text[..at].matches('\n').count() + 1;
        for (rows, into) in [(&file.digit, &mut self.numerals.digits), (&file.power, &mut self.numerals.powers)] {
            for row in rows {
                into.extend(row.chars.get_ref().chars().map(|c| (c, row.value)));
            }
        }
        for row in &file.unit {
            self.add_unit(row).map_err(|why| Error::table(name, line(row.kind.span().start), "unit", why))?;
        }
        for row in &file.bound {
            self.add_bound(row).map_err(|why| Error::table(name, line(row.words.span().start), "bound", why))?;
        }
        for row in &file.words {
            let at = line(row.name.span().start);
            if row.words.is_empty() || self.words.contains_key(row.name.get_ref()) {
                return Err(Error::table(name, at, row.name.get_ref(), "an empty list, or a second one of this name"));
            }
            let name = row.name.get_ref();
            let asked_for: std::result::Result<List, serde::de::value::Error> = List::deserialize(name.as_str().into_deserializer());
            if let Ok(list) = asked_for {
                self.lists.resize_with(self.lists.len().max(list as usize + 1), Words::default);
                self.lists[list as usize] = Words::new(row.words.clone());
            }
            self.words.insert(name.clone(), row.words.clone());
        }
        for row in &file.clock {
            let zone = row.zone.get_ref();
            if row.names.is_empty() {
                return Err(Error::table(name, line(row.zone.span().start), zone, "no name"));
            }
            self.clocks.extend(row.names.iter().map(|name| (name.clone(), zone.clone())));
        }
        self.notation.add(text, file).map_err(|(at, row, why)| Error::table(name, line(at), &row, why))?;
        self.add_places(file).map_err(|(at, row, why)| Error::table(name, line(at), &row, why))
    }

    fn add_unit(&mut self, row: &written::Unit) -> std::result::Result<(), String> {
        let kind = match row.kind.get_ref().as_str() {
            "money" => UnitKind::Money,
            "percent" => UnitKind::Percent,
            "duration" => UnitKind::Duration,
            "quantity" => UnitKind::Quantity,
            other => return Err(format!("kind is money, percent, duration or quantity, not {other:?}")),
        };
        if (kind == UnitKind::Money) != row.currency.is_some() || (kind == UnitKind::Duration) != row.months.is_some() {
            return Err("money needs a currency, a duration its months, and nothing else has them".into());
        }
        let factor = |written: &Option<String>| written.as_ref().map(|text| text.parse::<Decimal>()).transpose().map_err(|e| e.to_string());
        let (months, times) = (factor(&row.months)?, factor(&row.times)?);
        if row.words.is_empty() {
            return Err("an empty list".into());
        }
        for word in &row.words {
            let name = row.name.clone().unwrap_or_else(|| word.clone());
            self.unit_of.entry(word.clone()).or_insert(self.units.len());
            self.units.push(Unit { word: word.clone(), kind, currency: row.currency.clone(), months, times, name });
        }
        Ok(())
    }

    fn add_bound(&mut self, row: &written::Bound) -> std::result::Result<(), String> {
        let side = match row.side.as_str() {
            "before" => Side::Before,
            "after" => Side::After,
            other => return Err(format!("side is before or after, not {other:?}")),
        };
        let way = match row.gives.as_str() {
            "ceiling" => Way::Ceiling,
            "floor" => Way::Floor,
            "eased" => Way::Eased,
            "about" => Way::About,
            "in_principle" => Way::InPrinciple,
            "nothing" => Way::Nothing,
            other => return Err(format!("gives is ceiling, floor, eased, about, in_principle or nothing, not {other:?}")),
        };
        if row.words.get_ref().is_empty() {
            return Err("an empty list".into());
        }
        for word in row.words.get_ref() {
            self.bounds.push(Bound { word: word.clone(), side, way, exclusive: row.exclusive, reach: row.reach });
        }
        Ok(())
    }

    fn add_places(&mut self, file: &written::File) -> std::result::Result<(), (usize, String, String)> {
        let known = self.places.len();
        for row in &file.country {
            let code = row.code.get_ref();
            let Some(usual) = row.names.first() else {
                return Err((row.code.span().start, code.clone(), "no name".into()));
            };
            let place = Place { codes: vec![(code.clone(), usual.clone())], group: None };
            self.places.extend(row.names.iter().map(|name| (name.clone(), Some(place.clone()))));
            self.short.extend(row.short.iter().map(|name| (name.clone(), place.clone())));
        }
        for row in &file.group {
            if row.names.is_empty() {
                return Err((row.id.span().start, row.id.get_ref().clone(), "no name".into()));
            }
            let place = Place { codes: vec![], group: Some(row.id.get_ref().clone()) };
            self.places.extend(row.names.iter().map(|name| (name.clone(), Some(place.clone()))));
            self.short.extend(row.short.iter().map(|name| (name.clone(), place.clone())));
        }
        for row in &file.union {
            let code = |code: &String| self.usual(code).map(|name| (code.clone(), name));
            let codes: Option<Vec<_>> = row.codes.iter().map(code).collect();
            let Some(codes) = codes else {
                return Err((row.names.span().start, "union".into(), "a code that no country row has".into()));
            };
            let place = Place { codes, group: None };
            self.places.extend(row.names.get_ref().iter().map(|name| (name.clone(), Some(place.clone()))));
        }
        self.places.extend(file.trap.iter().map(|row| (row.text.get_ref().clone(), None)));
        for (at, (name, _)) in self.places.iter().enumerate().skip(known) {
            self.place_of.entry(name.clone()).or_insert(at);
        }
        let regions = file.region.iter().flat_map(|row| row.names.iter().map(|name| (name.clone(), row.code.get_ref().clone())));
        let (names, codes): (Vec<String>, Vec<String>) = regions.unzip();
        if !codes.is_empty() {
            self.regions.extend(codes);
            self.places_of_offices = Words::new(self.places_of_offices.iter().cloned().chain(names).collect());
        }
        Ok(())
    }

    fn usual(&self, code: &str) -> Option<String> {
        let places = self.places.iter().filter_map(|(_, place)| place.as_ref());
        places.flat_map(|place| &place.codes).find(|(c, _)| c == code).map(|(_, name)| name.clone())
    }

    /// The unit that this word is.
    pub fn unit(&self, word: &str) -> Option<&Unit> {
        self.unit_of.get(word).map(|place| &self.units[*place])
    }

    /// The place of this name.
    pub fn place(&self, name: &str) -> Option<&Place> {
        self.places[*self.place_of.get(name)?].1.as_ref()
    }

    /// Whether this is the name of a place.
    pub fn is_place(&self, name: &str) -> bool {
        self.place(name).is_some()
    }

    /// The zone of the clock of this name.
    pub fn zone(&self, clock: &str) -> Option<&str> {
        self.clocks.iter().find(|(name, _)| name == clock).map(|(_, zone)| zone.as_str())
    }

    /// The words of the list of this name; none where no table has the list.
    pub fn named(&self, name: &str) -> &[String] {
        self.words.get(name).map_or(&[], Vec::as_slice)
    }

    /// The words of a list; none where no table has the list.
    pub fn list(&self, list: List) -> &Words {
        self.lists.get(list as usize).unwrap_or(&NO_WORDS)
    }

    /// The region of the office called `name`: that of the longest place name in it.
    pub fn region(&self, name: &str) -> Option<&str> {
        let held = name.char_indices().flat_map(|(at, _)| self.places_of_offices.places_opening(&name[at..]));
        let longest = held.max_by_key(|place| (self.places_of_offices[*place].len(), *place))?;
        Some(&self.regions[longest])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Tables;

    /// A list that the tables call by another name would be empty, and nobody would see it.
    #[test]
    fn the_tables_have_every_list_that_the_program_asks_for() {
        let lexicon = &Tables::built_in().unwrap().lexicon;
        assert_eq!(lexicon.lists.len(), List::Work as usize + 1, "the last one");
        assert!(lexicon.lists.iter().all(|list| !list.is_empty()));
    }
}
