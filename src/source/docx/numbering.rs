//! Automatic numbering: the lists of a document and their counters -> the number in front of each paragraph, as the page shows it.
//! A list shares its counters with all that have the same definition; an override of the start counts anew where it is first met.

use std::collections::{BTreeMap, BTreeSet};

use super::style::{ListRef, Styles, switch};
use super::xml::{Element, Ns, Tree};
use crate::sign::is_han;
use crate::table::Notation;
use crate::value::NumberFormat;

const LEVELS: usize = 9;
/// More than this of a level's text is no number.
const LABEL: usize = 256;
const BULLET: char = '\u{2022}';

pub struct Numbering<'n> {
    notation: &'n Notation,
    definitions: BTreeMap<String, Definition>,
    lists: BTreeMap<String, List>,
    counters: BTreeMap<String, [Option<u32>; LEVELS]>,
    /// Levels of lists whose start is already overridden.
    begun: BTreeSet<(String, usize)>,
    /// Formats that no table knows.
    pub unknown: BTreeSet<String>,
}

/// `abstractNum`: the levels of a list.
#[derive(Default)]
struct Definition {
    levels: [Option<Level>; LEVELS],
    /// The numbering style that really holds the levels.
    held_by: Option<String>,
}

/// `num`: a list in use.
#[derive(Default)]
struct List {
    definition: String,
    starts: [Option<u32>; LEVELS],
    levels: [Option<Level>; LEVELS],
}

struct Level {
    start: u32,
    format: Format,
    /// With %1 to %9 for the numbers of the levels.
    text: String,
    /// Nothing stands between number and text.
    tight: bool,
    /// 0: the level never begins again; n: only where level n or one above it was counted on.
    restart: Option<usize>,
    /// All numbers in Arabic digits.
    legal: bool,
    hidden: bool,
    /// The paragraph style that this level numbers.
    style: Option<String>,
}

enum Format {
    Nothing,
    Bullet,
    Number(NumberFormat),
}

impl<'n> Numbering<'n> {
    pub fn new(tree: Option<&Tree>, styles: &Styles, notation: &'n Notation) -> Self {
        let mut out = Numbering {
            notation,
            definitions: BTreeMap::new(),
            lists: BTreeMap::new(),
            counters: BTreeMap::new(),
            begun: BTreeSet::new(),
            unknown: BTreeSet::new(),
        };
        let Some(root) = tree.map(Tree::root) else { return out };
        for e in root.children() {
            match e.name() {
                (Ns::Word, "abstractNum") => out.add_definition(e),
                (Ns::Word, "num") => out.add_list(e),
                _ => {}
            }
        }
        out.follow_styles(styles);
        out
    }

    fn add_definition(&mut self, e: Element) {
        let Some(id) = e.attribute("abstractNumId") else { return };
        let mut definition = Definition { held_by: e.value("numStyleLink").map(|style| style.into_owned()), ..Default::default() };
        for child in e.children().filter(|child| child.is("lvl")) {
            self.add_level(child, &mut definition.levels);
        }
        self.definitions.insert(id.trim().to_string(), definition);
    }

    fn add_list(&mut self, e: Element) {
        let Some(id) = e.attribute("numId") else { return };
        let definition = e.value("abstractNumId").map(|id| id.trim().to_string()).unwrap_or_default();
        let mut list = List { definition, ..Default::default() };
        for over in e.children().filter(|child| child.is("lvlOverride")) {
            let start = over.value("startOverride").and_then(|start| start.trim().parse().ok());
            if let Some(place) = level_of(over).and_then(|at| list.starts.get_mut(at)) {
                *place = start;
            }
            if let Some(level) = over.child("lvl") {
                self.add_level(level, &mut list.levels);
            }
        }
        self.lists.insert(id.trim().to_string(), list);
    }

    fn add_level(&mut self, e: Element, levels: &mut [Option<Level>; LEVELS]) {
        let number = |name: &str| e.value(name).and_then(|v| v.trim().parse::<u32>().ok());
        let text = self.text(e);
        let level = Level {
            start: number("start").unwrap_or(0),
            format: self.format(e),
            text,
            tight: e.value("suff").is_some_and(|suffix| suffix == "nothing"),
            restart: number("lvlRestart").map(|level| level as usize),
            legal: switch(Some(e), "isLgl") == Some(true),
            hidden: switch(e.child("rPr"), "vanish") == Some(true),
            style: e.value("pStyle").map(|style| style.into_owned()),
        };
        if let Some(place) = level_of(e).and_then(|at| levels.get_mut(at)) {
            *place = Some(level);
        }
    }

    /// The text of a level, with the signs of symbol fonts as the page shows them and no private character.
    fn text(&self, e: Element) -> String {
        let fonts = e.child("rPr").and_then(|p| p.child("rFonts"));
        let font = fonts.and_then(|f| f.attribute("ascii").or_else(|| f.attribute("hAnsi"))).unwrap_or_default();
        let seen = |c: char| match c {
            '\u{E000}'..='\u{F8FF}' => self.notation.symbol(&font, c.into()).unwrap_or(BULLET),
            c if c.is_control() => ' ',
            c => c,
        };
        e.value("lvlText").unwrap_or_default().chars().take(LABEL).map(seen).collect()
    }

    /// The format of a level. A newer one stands beside one for older programs.
    fn format(&mut self, e: Element) -> Format {
        let newer = e.children().find(|child| child.name() == (Ns::Compatibility, "AlternateContent"));
        let branches = newer.into_iter().flat_map(|alternative| alternative.children());
        let tried = branches.chain([e]).filter_map(|branch| branch.child("numFmt"));
        let mut names = Vec::new();
        for format in tried {
            let name = format.attribute("val").unwrap_or_default();
            let pattern = format.attribute("format").unwrap_or_default();
            match name.as_ref() {
                "none" => return Format::Nothing,
                "bullet" => return Format::Bullet,
                "custom" => {
                    if let Some(format) = self.notation.custom_format(&pattern).cloned().or_else(|| padded(&pattern)) {
                        return Format::Number(format);
                    }
                    names.push(format!("custom {pattern}"));
                }
                name => match self.notation.format(name) {
                    Some(format) => return Format::Number(format.clone()),
                    None => names.push(name.to_string()),
                },
            }
        }
        self.unknown.extend(names.into_iter().next());
        Format::Number(NumberFormat::decimal(1))
    }

    /// A definition that names a numbering style has the levels of the list of that style.
    fn follow_styles(&mut self, styles: &Styles) {
        let held_by = |d: &Definition| self.lists.get(styles.list(Some(d.held_by.as_deref()?))?).map(|list| list.definition.clone());
        let links: BTreeMap<String, String> = self.definitions.iter().filter_map(|(id, d)| Some((id.clone(), held_by(d)?))).collect();
        for list in self.lists.values_mut() {
            if let Some(target) = links.get(&list.definition) {
                list.definition.clone_from(target);
            }
        }
    }

    /// Counts a paragraph and gives what stands before its text; `None` where no list numbers it.
    pub fn count(&mut self, own: ListRef, style: Option<&str>, styles: &Styles) -> Option<String> {
        let direct = own.list.is_some();
        let id = own.list.or_else(|| styles.list(style).map(str::to_string)).filter(|id| id != "0")?;
        let list = self.lists.get(&id)?;
        let by_style = || styles.chain(style).find_map(|style| self.level_for(list, style).or_else(|| styles.level(style)));
        let at = own.level.or_else(|| if direct { None } else { by_style() }).unwrap_or(0).min(LEVELS - 1);
        let level = self.level(list, at)?;
        let restart = list.starts[at].filter(|_| !self.begun.contains(&(id.clone(), at)));
        let mut counters = self.counters.get(&list.definition).copied().unwrap_or_default();
        counters[at] = match (restart, counters[at]) {
            (Some(start), _) => Some(start),
            (None, None) => Some(list.starts[at].unwrap_or(level.start)),
            (None, Some(count)) => Some(count.saturating_add(1)),
        };
        for (deeper, counter) in counters.iter_mut().enumerate().skip(at + 1) {
            let restarts = self.level(list, deeper).and_then(|level| level.restart).is_none_or(|level| level > at);
            counter.take_if(|_| restarts);
        }
        let label = self.label(list, level, at, &counters);
        let key = list.definition.clone();
        self.counters.insert(key, counters);
        self.begun.insert((id, at));
        Some(label)
    }

    fn level<'l>(&'l self, list: &'l List, at: usize) -> Option<&'l Level> {
        let own = list.levels.get(at)?.as_ref();
        own.or_else(|| self.definitions.get(&list.definition)?.levels.get(at)?.as_ref())
    }

    /// The level of the list that numbers the style.
    fn level_for(&self, list: &List, style: &str) -> Option<usize> {
        (0..LEVELS).find(|at| self.level(list, *at).is_some_and(|level| level.style.as_deref() == Some(style)))
    }

    fn label(&self, list: &List, level: &Level, at: usize, counters: &[Option<u32>; LEVELS]) -> String {
        if level.hidden {
            return String::new();
        }
        let mut out = String::new();
        let mut chars = level.text.chars().peekable();
        while let Some(c) = chars.next() {
            match chars.peek().and_then(|digit| digit.to_digit(10)).filter(|digit| c == '%' && *digit > 0) {
                None => out.push(c),
                Some(digit) => {
                    chars.next();
                    out.push_str(&self.number(list, level, at, digit as usize - 1, counters));
                }
            }
        }
        if !level.tight && !out.is_empty() && !out.ends_with(' ') && !out.ends_with(is_wide) {
            out.push(' ');
        }
        out
    }

    /// The number of the level `of` inside the label of the level `at`.
    fn number(&self, list: &List, level: &Level, at: usize, of: usize, counters: &[Option<u32>; LEVELS]) -> String {
        let Some(counted) = self.level(list, of).filter(|_| of <= at) else { return String::new() };
        let number = counters.get(of).copied().flatten().unwrap_or(counted.start);
        match &counted.format {
            Format::Nothing | Format::Bullet => String::new(),
            Format::Number(_) if level.legal => number.to_string(),
            Format::Number(format) => format.write(number),
        }
    }
}

fn level_of(e: Element) -> Option<usize> {
    e.attribute("ilvl")?.trim().parse().ok()
}

/// A custom format such as `001, 002, 003, ...`: digits filled up with zeros.
fn padded(pattern: &str) -> Option<NumberFormat> {
    let first = pattern.split(',').next()?.trim();
    let digits = (1..=9).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| NumberFormat::decimal(first.len()))
}

/// A character of full width, after which no space is written.
fn is_wide(c: char) -> bool {
    is_han(c) || matches!(c, '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FF60}')
}
