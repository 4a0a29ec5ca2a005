//! Styles: what a paragraph or a run takes from its style, through `basedOn`, of the few properties that decide what is read: whether text is
//! hidden, and which list numbers a paragraph.

use std::collections::BTreeMap;

use super::xml::{Element, Tree};

/// How far `basedOn` is followed; a circle ends there.
const CHAIN: usize = 16;

#[derive(Debug, Default)]
pub struct Styles {
    styles: BTreeMap<String, Style>,
    /// The paragraph style of a paragraph that names none.
    default: Option<String>,
    hidden: bool,
}

#[derive(Debug, Default)]
struct Style {
    based_on: Option<String>,
    hidden: Option<bool>,
    list: ListRef,
}

/// The list of a paragraph as `numPr` gives it; either part may be missing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ListRef {
    pub list: Option<String>,
    pub level: Option<usize>,
}

impl ListRef {
    /// Of the properties of a paragraph.
    pub fn of(properties: Option<Element>) -> ListRef {
        let Some(numbers) = properties.and_then(|p| p.child("numPr")) else { return ListRef::default() };
        let level = numbers.value("ilvl").and_then(|level| level.trim().parse().ok());
        ListRef { list: numbers.value("numId").map(|id| id.trim().to_string()), level }
    }
}

/// A property that is on or off: on where it stands without a value.
pub fn switch(properties: Option<Element>, name: &str) -> Option<bool> {
    let value = properties?.child(name)?.attribute("val");
    Some(value.is_none_or(|v| !matches!(v.as_ref(), "0" | "false" | "off")))
}

impl Styles {
    pub fn new(tree: Option<&Tree>) -> Styles {
        let mut out = Styles::default();
        let Some(root) = tree.map(Tree::root) else { return out };
        let defaults = root.child("docDefaults").and_then(|d| d.child("rPrDefault")).and_then(|d| d.child("rPr"));
        out.hidden = switch(defaults, "vanish") == Some(true);
        for e in root.children().filter(|e| e.is("style")) {
            let Some(id) = e.attribute("styleId") else { continue };
            let is_default = e.attribute("default").is_some_and(|v| matches!(v.as_ref(), "1" | "true" | "on"));
            if is_default && e.attribute("type").is_none_or(|kind| kind == "paragraph") {
                out.default.get_or_insert(id.to_string());
            }
            let based_on = e.value("basedOn").map(|id| id.to_string());
            let style = Style { based_on, hidden: switch(e.child("rPr"), "vanish"), list: ListRef::of(e.child("pPr")) };
            out.styles.entry(id.into_owned()).or_insert(style);
        }
        out
    }

    /// The style of a paragraph: the one that it names, else the default.
    pub fn paragraph<'s>(&'s self, named: Option<&'s str>) -> Option<&'s str> {
        named.filter(|id| self.styles.contains_key(*id)).or(self.default.as_deref())
    }

    /// The style and those that it is based on, itself first.
    pub fn chain<'s>(&'s self, style: Option<&'s str>) -> impl Iterator<Item = &'s str> {
        let first = style.filter(|id| self.styles.contains_key(*id));
        std::iter::successors(first, |id| self.styles.get(*id)?.based_on.as_deref().filter(|id| self.styles.contains_key(*id))).take(CHAIN)
    }

    /// The list of the nearest style of the chain that has one.
    pub fn list(&self, style: Option<&str>) -> Option<&str> {
        self.chain(style).find_map(|id| self.styles.get(id)?.list.list.as_deref())
    }

    /// The level that the style itself names.
    pub fn level(&self, style: &str) -> Option<usize> {
        self.styles.get(style)?.list.level
    }

    /// Whether a run is hidden: by its own word, else by the styles of paragraph and run, which switch each other off.
    pub fn hidden(&self, run: Option<Element>, paragraph: Option<&str>) -> bool {
        if let Some(own) = switch(run, "vanish") {
            return own;
        }
        let of = |style: Option<&str>| self.chain(style).find_map(|id| self.styles.get(id)?.hidden) == Some(true);
        let style = run.and_then(|run| run.value("rStyle"));
        self.hidden || of(paragraph) != of(style.as_deref())
    }
}
