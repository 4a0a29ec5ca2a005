//! The tables as a person writes them: what serde reads from TOML. An unknown key or value is refused here.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// One file of `patterns/`. Every part is optional, so that a file may hold any of them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct File {
    pub fragment: BTreeMap<String, Spanned<String>>,
    pub rule: Vec<Rule>,
    pub digit: Vec<Numeral>,
    pub power: Vec<Numeral>,
    pub unit: Vec<Unit>,
    pub bound: Vec<Bound>,
    pub words: Vec<Words>,
    pub country: Vec<Country>,
    pub group: Vec<Group>,
    pub union: Vec<Union>,
    pub trap: Vec<Trap>,
    pub region: Vec<Region>,
    pub clock: Vec<Clock>,
    pub number_format: Vec<NumberFormat>,
    pub symbol: Vec<Symbol>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What the row shows; never reused.
    pub id: Spanned<String>,
    /// What it reads, in plain words.
    pub says: String,
    /// A regular expression with `{fragment}`s, or a list of alternatives; a fact rule names one slot (`{money}`).
    pub r#match: Expression,
    /// Where this expression matches too, the row does not apply.
    pub unless: Option<Expression>,
    /// Classes of the section, one of which must hold.
    #[serde(default)]
    pub under: Vec<String>,
    /// Classes of the section, none of which may hold.
    #[serde(default)]
    pub outside: Vec<String>,
    /// Units, one of which the amount must have.
    #[serde(default)]
    pub units: Vec<String>,
    /// The amount must have a bound.
    #[serde(default)]
    pub bounded: bool,
    /// `strong`: no row after it competes; `weak`: it competes with no row before it.
    pub strength: Option<Strength>,
    pub gives: Gives,
    pub take: Vec<Example>,
    #[serde(default)]
    pub leave: Vec<Leave>,
}

/// One expression, or several of which any may match.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Expression {
    One(String),
    AnyOf(Vec<String>),
}

impl Expression {
    /// As one regular expression.
    pub fn source(&self) -> String {
        match self {
            Expression::One(source) => source.clone(),
            Expression::AnyOf(sources) => sources.iter().map(|s| format!("(?:{s})")).collect::<Vec<_>>().join("|"),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    Strong,
    Weak,
}

/// What must be taken, and as what value.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    pub text: String,
    pub value: Option<String>,
    /// Class of the section that the text is imagined in.
    pub under: Option<String>,
}

/// What must be left, and why.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leave {
    pub text: String,
    pub why: String,
    pub under: Option<String>,
}

/// What a row makes of its match. Exactly one of the first group is given.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Gives {
    /// A fact of the definition.
    pub fact: Option<FactKind>,
    /// A stretch of text that is lexed before all numbers (url, date …).
    pub mention: Option<String>,
    /// A line that belongs to the page, or a mark inside a line.
    pub furniture: Option<String>,
    /// A word of a table: the head of a column, the unit in it, a cell that needs a unit.
    pub column: Option<String>,
    /// An ordinal at the start of a paragraph; the value names its series.
    pub ordinal: Option<String>,
    /// A heading or label that names an attribute; the value is its class.
    pub attribute: Option<String>,
    /// A heading that names a programme.
    pub programme: Option<String>,
    /// Words that make a would-be heading a sentence.
    pub sentence: Option<String>,
    /// Words taken off a heading: label, name, article, note, year.
    pub strip: Option<String>,
    /// A field of the document: title, issuer, number, year, published, genre.
    pub document: Option<String>,
    /// The metric that a counted noun stands for.
    pub metric: Option<String>,
    /// A list of supported fields in running text.
    pub topics: Option<String>,
    /// What stands around a fact and belongs to it: subject, except, any_of, preferred; `all` opens what is said of several parts.
    pub context: Option<String>,
    /// What the document says of itself, to be checked.
    pub check: Option<String>,
    /// The number is explained and is no fact.
    pub unclaimed: Option<String>,

    pub role: Option<String>,
    pub counts: Option<String>,
    pub scope: Option<String>,
    pub status: Option<String>,
    pub bound: Option<String>,
    /// The least number, for a rule on words alone.
    pub min: Option<String>,
    pub unit: Option<String>,
    pub within: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FactKind {
    Funding,
    Projects,
    Period,
    Deadlines,
    Countries,
    Kpis,
    Conditions,
    Quotas,
    Contacts,
    Agreements,
}

impl FactKind {
    /// The name of the array that holds such facts.
    pub fn name(self) -> &'static str {
        match self {
            FactKind::Funding => "funding",
            FactKind::Projects => "projects",
            FactKind::Period => "period",
            FactKind::Deadlines => "deadlines",
            FactKind::Countries => "countries",
            FactKind::Kpis => "kpis",
            FactKind::Conditions => "conditions",
            FactKind::Quotas => "quotas",
            FactKind::Contacts => "contacts",
            FactKind::Agreements => "agreements",
        }
    }
}

/// The kinds of mention that a fact rule may ask for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    Money,
    Percent,
    Quantity,
    Duration,
    Date,
    Period,
    Country,
    Province,
    Url,
    Email,
    Phone,
    Title,
    Reference,
    /// A number word that counts nothing; no rule reads it.
    Word,
}

/// A set of such kinds.
#[derive(Debug, Clone, Copy)]
pub struct Slots(u16);

impl FromIterator<Slot> for Slots {
    fn from_iter<I: IntoIterator<Item = Slot>>(slots: I) -> Slots {
        Slots(slots.into_iter().fold(0, |bits, slot| bits | 1 << slot as u16))
    }
}

impl Slots {
    /// Whether all of them are among `others`.
    pub fn are_in(self, others: Slots) -> bool {
        self.0 & !others.0 == 0
    }
}

impl Slot {
    pub const ALL: [Slot; 14] = [
        Slot::Money,
        Slot::Percent,
        Slot::Quantity,
        Slot::Duration,
        Slot::Date,
        Slot::Period,
        Slot::Country,
        Slot::Province,
        Slot::Url,
        Slot::Email,
        Slot::Phone,
        Slot::Title,
        Slot::Reference,
        Slot::Word,
    ];

    /// Parts of China are told apart from partners abroad, and are places like them.
    pub fn is_place(self) -> bool {
        matches!(self, Slot::Country | Slot::Province)
    }

    pub fn name(self) -> &'static str {
        match self {
            Slot::Money => "money",
            Slot::Percent => "percent",
            Slot::Quantity => "quantity",
            Slot::Duration => "duration",
            Slot::Date => "date",
            Slot::Period => "period",
            Slot::Country => "country",
            Slot::Province => "province",
            Slot::Url => "url",
            Slot::Email => "email",
            Slot::Phone => "phone",
            Slot::Title => "title",
            Slot::Reference => "reference",
            Slot::Word => "word",
        }
    }

    pub fn named(name: &str) -> Option<Slot> {
        Slot::ALL.into_iter().find(|slot| slot.name() == name)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numeral {
    pub chars: Spanned<String>,
    pub value: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    pub kind: Spanned<String>,
    pub words: Vec<String>,
    pub currency: Option<String>,
    pub months: Option<String>,
    /// So many of `name` are one of the words.
    pub times: Option<String>,
    /// The unit that facts give for these words, where it is not the word itself.
    pub name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    pub words: Spanned<Vec<String>>,
    pub side: String,
    pub gives: String,
    #[serde(default)]
    pub exclusive: bool,
    /// How many characters may stand between the word and its number.
    #[serde(default)]
    pub reach: usize,
}

/// A closed list, and a fragment of the same name for the expressions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub name: Spanned<String>,
    pub words: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Country {
    pub code: Spanned<String>,
    pub names: Vec<String>,
    #[serde(default)]
    pub short: Vec<String>,
    pub of: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub id: Spanned<String>,
    pub names: Vec<String>,
    #[serde(default)]
    pub short: Vec<String>,
    #[serde(default)]
    pub members: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Union {
    pub names: Spanned<Vec<String>>,
    pub codes: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trap {
    pub text: Spanned<String>,
    pub why: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    pub code: Spanned<String>,
    pub names: Vec<String>,
}

/// A clock that a text names beside a time of day.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Its zone in the IANA time zone database.
    pub zone: Spanned<String>,
    pub names: Vec<String>,
}

/// How a list writes numbers; the keys are explained in patterns/lexicon/number-format.toml.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberFormat {
    pub names: Spanned<Vec<String>>,
    pub kind: String,
    #[serde(default)]
    pub signs: String,
    #[serde(default)]
    pub powers: String,
    pub positional_from: Option<u32>,
    pub one: Option<String>,
    #[serde(default)]
    pub zero: bool,
    #[serde(default)]
    pub width: usize,
    #[serde(default)]
    pub around: (String, String),
    pub custom: Option<String>,
    pub take: Vec<Numbered>,
}

/// A number and its text in a format.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbered {
    pub number: u32,
    pub text: String,
}

/// The signs of fonts with a coding of their own: code in hexadecimal, a space, the character.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Symbol {
    pub fonts: Spanned<Vec<String>>,
    pub signs: Vec<String>,
}
