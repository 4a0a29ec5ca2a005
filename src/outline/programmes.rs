//! Programmes that no word of their heading gives away: a heading whose labels speak of research, money and time; a country
//! line; a measure that pays; a group of programmes. In: the tree. Out: the tree with more of its headings marked.

use std::collections::BTreeSet;

use super::{BRACKET, Node, Outline, inside_list};
use crate::segment::Segmented;
use crate::span::{Normal, Span};
use crate::table::Tables;

/// A heading whose own labels speak of at least two of these is something one can apply for.
pub const SPEAKS: &[&str] =
    &["research", "kpi", "funding", "period", "projects", "total", "fields", "subject", "goal", "overall", "countries"];

/// One of these is enough for a heading inside a programme, where a text of its own stands under it.
const AIMS: &[&str] = &["kpi", "goal"];

/// Fewer characters are no text of its own.
const TEXT: usize = 30;

/// Marks the headings that their section shows to be programmes.
pub fn by_structure(outline: &mut Outline, text: &Segmented, tables: &Tables) {
    let mut held: Vec<Vec<&'static str>> = vec![vec![]; outline.nodes.len()];
    let mut told = vec![false; outline.nodes.len()];
    for (i, node) in outline.nodes.iter().enumerate().skip(1) {
        let at = if node.marker.is_none() && node.title.is_none() { node.parent } else { i };
        told[at] |= node.body.of(text.text()).chars().count() >= TEXT;
    }
    let is_label = |series: &str| matches!(series, "dash" | BRACKET) || series.starts_with("article");
    for node in outline.nodes.iter().skip(1).filter(|node| node.marker.as_ref().is_none_or(|m| is_label(&m.series))) {
        let class = node.class.as_deref().and_then(|class| SPEAKS.iter().find(|s| **s == class));
        held[node.parent].extend(class);
    }
    for (i, mut classes) in held.into_iter().enumerate().skip(1) {
        classes.sort_unstable();
        classes.dedup();
        let node = &outline.nodes[i];
        let Some(title) = node.title.filter(|_| can_be(node)) else { continue };
        let words = title.of(text.text());
        let is_place = || tables.lexicon.places.iter().any(|(name, place)| place.is_some() && name == words);
        let is_direction = told[i] && outline.nodes[node.parent].programme && classes.iter().any(|class| AIMS.contains(class));
        if classes.len() >= 2 || is_direction || (!inside_list(node.parent, &outline.nodes, false) && is_place()) {
            outline.nodes[i].programme = true;
        }
    }
    paying(outline, text, tables);
    siblings(outline);
    groups(outline);
}

/// A heading with an ordinal that is none of a known class, and no programme yet.
fn can_be(node: &Node) -> bool {
    node.marker.is_some() && node.title.is_some() && node.class.is_none() && !node.programme
}

/// A heading whose own text pays something is a measure that one can apply for.
fn paying(outline: &mut Outline, text: &Segmented, tables: &Tables) {
    let pays = |span: Span<Normal>| {
        let near = text.near(span);
        tables.programmes.among(&near).any(|(_, row)| row.class == "paying" && row.is_match(span.of(text.text())))
    };
    let mut paid = vec![false; outline.nodes.len()];
    for i in 1..outline.nodes.len() {
        let node = &outline.nodes[i];
        let plain = node.marker.is_none() && node.title.is_none();
        let at = if plain { node.parent } else { i };
        paid[at] = paid[at] || can_be(&outline.nodes[at]) && pays(node.body);
    }
    for i in (1..outline.nodes.len()).filter(|i| paid[*i]) {
        if !inside_list(outline.nodes[i].parent, &outline.nodes, false) {
            outline.nodes[i].programme = true;
        }
    }
}

/// Of headings numbered 1.1, 1.2 below one programme, all are programmes where one is.
fn siblings(outline: &mut Outline) {
    let is_dotted = |node: &Node| node.marker.as_ref().is_some_and(|m| m.series.starts_with("dotted"));
    let has_one: BTreeSet<usize> = outline.nodes.iter().filter(|node| node.programme && is_dotted(node)).map(|node| node.parent).collect();
    for i in 1..outline.nodes.len() {
        let node = &outline.nodes[i];
        let can_be = is_dotted(node) && node.title.is_some() && node.class.is_none();
        if can_be && has_one.contains(&node.parent) && outline.nodes[node.parent].programme {
            outline.nodes[i].programme = true;
        }
    }
}

/// A heading right above programmes, which names no attribute, is a group of them.
fn groups(outline: &mut Outline) {
    for i in (1..outline.nodes.len()).rev() {
        let above = outline.nodes[i].parent;
        let (node, parent) = (&outline.nodes[i], &outline.nodes[above]);
        let is_group = above != 0 && parent.marker.is_some() && parent.title.is_some() && parent.class.is_none();
        if node.programme && node.marker.is_some() && is_group && !inside_list(parent.parent, &outline.nodes, false) {
            outline.nodes[above].programme = true;
        }
    }
}
