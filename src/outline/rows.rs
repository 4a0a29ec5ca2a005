//! The rows of a table in the tree: the head is a section, each row one below it, and the cells of a row hang under the row. In: the
//! parts that `normalise` has marked. Out: their nodes.

use std::collections::BTreeSet;

use super::titles::without_bracket;
use super::{LABEL, Marker, Node, Open, Outline, has_word, inside_list, marker, parts, skip};
use crate::normalise::Part;
use crate::span::{Normal, Span};
use crate::table::{List, Tables};

const TABLE: &str = "table";
const ROW: &str = "row";

/// Closes the table before where this paragraph is no part of it; whether a row is open for this one.
pub fn enter(part: Option<&Part>, stack: &mut Vec<Open>) -> bool {
    let table = stack.iter().position(|open| open.series == TABLE);
    if part.is_none()
        && let Some(depth) = table
    {
        stack.truncate(depth);
    }
    if let Some(Part::Sum { level }) = part {
        let rows = (*level..stack.len()).filter_map(|level| stack.iter().position(|open| open.series == format!("{ROW}{level}")));
        stack.truncate(rows.min().unwrap_or(stack.len()));
    }
    part.is_some() && table.is_some()
}

/// Whether a paragraph opens a table or a row.
pub fn opens(part: &Part) -> bool {
    matches!(part, Part::Head { .. } | Part::Row { .. })
}

/// Opens the table or the row that a paragraph is the head of; `false` where it is a cell or stands in no table.
pub fn open(
    part: Option<&Part>,
    span: Span<Normal>,
    text: &str,
    tables: &'static Tables,
    nodes: &mut Vec<Node>,
    stack: &mut Vec<Open>,
) -> bool {
    let (node, series) = match part {
        Some(Part::Head { class, offers }) => {
            // What is given is no part of what a label before the table speaks of.
            while *offers && stack.last().is_some_and(|open| open.series == LABEL) {
                stack.pop();
            }
            let class = class.or_else(|| fields_above(nodes, stack)).filter(|_| !offers);
            (Node { span, title: Some(span), body: Span::new(span.end, span.end), class, ..Node::root() }, TABLE.into())
        }
        Some(Part::Row { level, number, offers }) => (row(span, *number, *offers, text, tables), format!("{ROW}{level}").into()),
        Some(Part::Cell | Part::Sum { .. }) | None => return false,
    };
    let depth = stack.iter().position(|open| open.series == series).unwrap_or(stack.len());
    stack.truncate(depth);
    let value = node.marker.as_ref().and_then(|marker| marker.value);
    let offers = node.programme;
    hang(node, parent(stack), nodes);
    nodes.last_mut().into_iter().for_each(|row| row.programme = offers);
    stack.push(Open { node: nodes.len() - 1, series, value });
    true
}

/// The section that is open: in a table, the row.
pub fn parent(stack: &[Open]) -> usize {
    stack.last().map_or(0, |open| open.node)
}

/// Hangs a node under `parent`.
pub fn hang(mut node: Node, parent: usize, nodes: &mut Vec<Node>) {
    node.parent = parent;
    node.programme = node.programme && !inside_list(parent, nodes, false);
    nodes.push(node);
}

/// The class of a section that lists fields, where the table stands right in it.
fn fields_above(nodes: &[Node], stack: &[Open]) -> Option<&'static str> {
    nodes[stack.last()?.node].class.filter(|class| matches!(*class, "fields" | "directions"))
}

fn row(span: Span<Normal>, number: usize, offers: bool, text: &str, tables: &'static Tables) -> Node {
    let mut number = Span::new(span.start, span.start + number);
    let mut title = Span::new(skip(text, number.end, span.end), span.end);
    let parts = parts(number.of(text).trim_end_matches('.'), &tables.lexicon.numerals);
    // The name may open with an ordinal of its own.
    if let Some(named) = marker(text, title, tables).filter(|marker| has_word(&marker.series)) {
        number = named.number;
        title = Span::new(skip(text, number.end, span.end), span.end);
    }
    // A number alone names what stands elsewhere.
    let offers = offers && title.of(text).contains(char::is_alphabetic);
    let is_tier = tables.lexicon.list(List::TierOfRow).iter().any(|tier| tier == title.of(text));
    let class = is_tier.then_some("subject");
    let marker = Marker { number, series: ROW.into(), value: parts.last().copied(), parts };
    Node {
        span,
        marker: Some(marker),
        title: Some(title),
        body: Span::new(span.end, span.end),
        programme: offers && !is_tier,
        class,
        ..Node::root()
    }
}

/// The row that `node` stands in, where that row is no programme of its own.
pub fn row_of(outline: &Outline, node: usize) -> Option<usize> {
    outline.chain(node).take_while(|n| *n != 0 && !outline.nodes[*n].programme).find(|n| is_row(&outline.nodes[*n]))
}

/// The shortest beginning of a title, in characters, by which a row bears it.
pub const BEGINNING: usize = 4;

fn is_row(node: &Node) -> bool {
    node.marker.as_ref().is_some_and(|marker| marker.series == ROW)
}

/// Whether `node` is the head of a table that limits how many apply.
pub fn limits(outline: &Outline, node: usize) -> bool {
    let is_own = |row: &Node| is_row(row) && row.parent == node;
    outline.nodes[node].class == Some("quota") && outline.nodes.get(node + 1).is_some_and(is_own)
}

/// A row that says what is given shows that a section with its title is a programme.
pub fn show_sections(outline: &mut Outline, text: &str) {
    let nodes = &mut outline.nodes;
    let given = nodes.iter().filter(|node| node.programme && is_row(node));
    let given: BTreeSet<&str> = given.filter_map(|node| Some(node.title?.of(text))).collect();
    for i in 1..nodes.len() {
        let node = &nodes[i];
        let is_section = node.marker.is_some() && node.class.is_none() && !is_row(node);
        if is_section && node.title.is_some_and(|title| given.contains(title.of(text))) && !inside_list(node.parent, nodes, true) {
            nodes[i].programme = true;
        }
    }
}

/// A row that bears the title, or the number, of a section is that section's programme said again; so is one with the kind in the brackets
/// behind the title, and one with the beginning of one title alone, be its own kind in brackets behind that.
pub fn name_sections(outline: &mut Outline, text: &str) {
    if !outline.nodes.iter().any(is_row) {
        return;
    }
    let programmes = outline.nodes.iter().filter(|node| node.programme && !is_row(node));
    let names = |node: &Node| {
        let title = node.title.map(|title| title.of(text));
        let kind = title.and_then(without_bracket).map(|(_, kind)| kind);
        [title, kind, node.marker.as_ref().map(|marker| marker.number.of(text))]
    };
    let titles: BTreeSet<&str> = programmes.flat_map(names).flatten().map(str::trim).collect();
    let begins_one = |name: &str| {
        let name = without_bracket(name).map_or(name, |(bare, _)| bare);
        let mut begun = titles.range(name..).take_while(|title| title.starts_with(name));
        name.chars().nth(BEGINNING - 1).is_some() && begun.next().is_some() && begun.next().is_none()
    };
    for node in outline.nodes.iter_mut().filter(|node| is_row(node)) {
        node.programme &= !node.title.map(|title| title.of(text)).is_some_and(|title| titles.contains(title) || begins_one(title));
    }
}
