//! Programmes that no word of their heading gives away: a heading whose labels speak of research, money and time; a country
//! line; a measure that pays; a group of programmes. In: the tree. Out: the tree with more of its headings marked.

use std::collections::{BTreeMap, BTreeSet};

use super::titles::TITLE;
use super::{BRACKET, Node, Outline, attribute, inside_list, rows, tells_in_line};
use crate::segment::Segmented;
use crate::sign::{COMMA, PAUSE, STOP};
use crate::span::{Normal, Span};
use crate::table::{List, Tables};

/// A heading whose own labels speak of at least two of these is something one can apply for.
pub const SPEAKS: &[&str] =
    &["research", "kpi", "funding", "period", "projects", "total", "fields", "subject", "goal", "overall", "countries"];

/// One of these is enough for a heading inside a programme, where a text of its own stands under it.
const AIMS: &[&str] = &["kpi", "goal"];

/// Fewer characters are no text of its own.
const TEXT: usize = 30;

/// Marks the headings that their section shows to be programmes.
pub fn by_structure(outline: &mut Outline, text: &Segmented, tables: &Tables) {
    // A bit for each class of `SPEAKS`.
    let mut held = vec![0u32; outline.nodes.len()];
    let mut told = vec![false; outline.nodes.len()];
    for (i, node) in outline.nodes.iter().enumerate().skip(1) {
        told[heading_of(outline, i)] |= node.body.of(text.text()).chars().nth(TEXT - 1).is_some();
    }
    let is_label = |series: &str| matches!(series, "dash" | BRACKET) || series.starts_with("article");
    let aims = AIMS.iter().map(|class| bit(class)).sum::<u32>();
    for (i, node) in outline.nodes.iter().enumerate().skip(1).filter(|(_, node)| node.marker.as_ref().is_none_or(|m| is_label(&m.series))) {
        // Directions that are told in the label's own line are fields.
        let are_fields = node.class == Some("directions") && tells_in_line(&outline.nodes, i);
        let class = node.class.map_or(0, |class| bit(if are_fields { "fields" } else { class }));
        held[node.parent] |= class;
        told[node.parent] |= told[i] && class & aims != 0;
    }
    for (i, classes) in held.into_iter().enumerate().skip(1) {
        let is_name = |title: &Span<Normal>| title.of(text.text()).contains(char::is_alphabetic);
        let Some(title) = outline.nodes[i].title.filter(is_name).filter(|_| can_be(&outline.nodes[i])) else { continue };
        let parent = outline.nodes[i].parent;
        let is_direction = told[i] && outline.nodes[parent].programme && classes & aims != 0;
        // What is paid may differ from country to country.
        let in_funding = || outline.chain(parent).any(|n| outline.nodes[n].class == Some("funding"));
        let is_place = || tables.lexicon.is_place(title.of(text.text())) && !inside_list(parent, &outline.nodes, false) && !in_funding();
        if classes.count_ones() >= 2 || is_direction || is_place() {
            outline.nodes[i].programme = true;
        }
    }
    let pays = |span: Span<Normal>| {
        let near = text.near_words(span);
        tables.programmes.among(&near).any(|(_, row)| row.class == "paying" && row.is_match(span.of(text.text())))
    };
    kinds(outline, text.text(), tables, &told);
    paying(outline, &pays);
    lists(outline);
    siblings(outline);
    directions(outline, text.text(), &told);
    groups(outline);
    named_again(outline, text.text());
    let of_this = |span: Span<Normal>| tables.lexicon.list(List::This).opening(span.of(text.text())).next().is_some();
    said_of_all(outline, &pays, &of_this);
}

/// The bit of a class of `SPEAKS`; none for another.
fn bit(class: &str) -> u32 {
    SPEAKS.iter().position(|speaks| *speaks == class).map_or(0, |at| 1 << at)
}

/// The node that the text of node `i` is of: itself, or the one above where it is plain.
fn heading_of(outline: &Outline, i: usize) -> usize {
    let node = &outline.nodes[i];
    if node.marker.is_none() && node.title.is_none() { node.parent } else { i }
}

/// A heading with an ordinal, which names no attribute, and of which nobody knows yet that it is a programme.
fn can_be(node: &Node) -> bool {
    !node.programme && node.marker.is_some() && node.title.is_some() && node.class.is_none()
}

/// A heading whose own text, or that below it on what is paid, pays something is a measure that one can apply for.
fn paying(outline: &mut Outline, pays: &dyn Fn(Span<Normal>) -> bool) {
    let mut paid = vec![false; outline.nodes.len()];
    for i in 1..outline.nodes.len() {
        let at = payer(&outline.nodes, i);
        paid[at] = paid[at] || can_be(&outline.nodes[at]) && !outline.nodes[i].body.is_empty() && pays(outline.nodes[i].body);
    }
    let is_way = |i: usize| outline.nodes[outline.nodes[i].parent].class == Some("funding");
    let known = outline.nodes.iter().any(|node| node.programme);
    // Where programmes are known, a section on what is paid tells how.
    for i in (1..outline.nodes.len()).filter(|i| paid[*i] && !(known && is_way(*i))).collect::<Vec<_>>() {
        if !inside_list(outline.nodes[i].parent, &outline.nodes, false) {
            outline.nodes[i].programme = true;
        }
    }
}

/// The headings below one that names kinds of projects are these kinds, where each has a text of its own.
fn kinds(outline: &mut Outline, text: &str, tables: &Tables, told: &[bool]) {
    let words = tables.lexicon.list(List::Kind);
    let is_kinds = |node: &Node| {
        let ends = |title: Span<Normal>| words.iter().any(|word| title.of(text).ends_with(word.as_str()));
        node.class == Some("directions") && node.title.is_some_and(ends)
    };
    let all: Vec<usize> = (1..outline.nodes.len()).filter(|i| is_kinds(&outline.nodes[*i])).collect();
    for kinds in all {
        let below: Vec<usize> = outline.children(kinds).filter(|i| outline.nodes[*i].marker.is_some()).collect();
        if below.len() > 1 && below.iter().all(|i| told[*i] && (can_be(&outline.nodes[*i]) || outline.nodes[*i].programme)) {
            below.into_iter().for_each(|i| outline.nodes[i].programme = true);
        }
    }
}

/// The heading of which node `i` says what is paid: past a heading on funding, and its items that are no headings.
fn payer(nodes: &[Node], i: usize) -> usize {
    let is_funding = |node: &Node| node.class == Some("funding");
    let is_item = |node: &Node| node.title.is_none() && is_funding(&nodes[node.parent]);
    let nearest = if nodes[i].marker.is_none() { nodes[i].parent } else { i };
    let mut above = std::iter::successors(Some(nearest), |i| Some(nodes[*i].parent).filter(|_| *i != 0));
    above.find(|i| !is_funding(&nodes[*i]) && !is_item(&nodes[*i])).unwrap_or(0)
}

/// The smallest number that is a code by which one applies.
const CODE: u32 = 1000;

/// What is numbered with a word or by codes, and holds nothing but titles, lists fields: codes those of the programme above, directions
/// with items those of a call that has programmes elsewhere.
fn lists(outline: &mut Outline) {
    let nodes = &outline.nodes;
    let holds = holding(nodes);
    let mut programmes: Vec<usize> = nodes.iter().map(|node| usize::from(node.programme)).collect();
    for i in (1..nodes.len()).rev() {
        programmes[nodes[i].parent] += programmes[i];
    }
    let mut below: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let is_named = |node: &Node| node.programme && node.marker.as_ref().is_some_and(|m| m.series.starts_with("named"));
    for (i, node) in nodes.iter().enumerate().filter(|(_, node)| is_named(node)) {
        below.entry(node.parent).or_default().push(i);
    }
    let is_code = |i: usize| nodes[i].marker.as_ref().is_some_and(|m| m.value.is_some_and(|n| n >= CODE));
    let in_programme = |i: usize| outline.chain(nodes[i].parent).any(|n| nodes[n].programme);
    let elsewhere = |i: usize| programmes[nodes[i].parent] < programmes[0];
    let has_items = |i: usize| outline.children(i).nth(1).is_some();
    let is_list = |i: &usize| !holds[*i] && if is_code(*i) { in_programme(*i) } else { has_items(*i) };
    below.retain(|_, named| named.len() > 1 && named.iter().all(is_list) && (is_code(named[0]) || elsewhere(named[0])));
    below.into_values().flatten().for_each(|i| outline.nodes[i].programme = false);
}

/// Whether each node, or one below it, has a text, a class, or no title.
fn holding(nodes: &[Node]) -> Vec<bool> {
    let mut holds: Vec<bool> = nodes.iter().map(|node| !node.body.is_empty() || node.class.is_some() || node.title.is_none()).collect();
    for i in (1..nodes.len()).rev() {
        holds[nodes[i].parent] |= holds[i];
    }
    holds
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

/// The shortest title of a direction, in characters, and that of one beside a programme.
const DIRECTION: usize = 8;
const BESIDE: usize = 6;

/// Headings right below a programme that all have a text of their own, and none of which names an attribute, are its directions.
fn directions(outline: &mut Outline, text: &str, told: &[bool]) {
    let nodes = &outline.nodes;
    let is_heading = |node: &Node| node.title.is_some() || node.marker.is_some();
    // Directions may stand in groups.
    let is_group = |n: usize| can_be(&nodes[n]) && nodes[n].body.is_empty() && nodes[nodes[n].parent].programme;
    let mut has_programme = vec![false; nodes.len()];
    nodes.iter().filter(|node| node.programme).for_each(|node| has_programme[node.parent] = true);
    let is_direction = |i: usize| {
        let node = &nodes[i];
        let shortest = if has_programme[node.parent] { BESIDE } else { DIRECTION };
        let is_title = |title: Span<Normal>| title.of(text).chars().nth(shortest - 1).is_some();
        (can_be(node) || node.programme) && told[i] && node.title.is_some_and(is_title)
    };
    // How many headings stand below each, and how many of them are directions.
    let mut below = vec![(0, 0); nodes.len()];
    for (i, node) in nodes.iter().enumerate().filter(|(_, node)| node.parent != 0 && is_heading(node)) {
        if nodes[node.parent].programme || is_group(node.parent) {
            let (all, directions) = &mut below[node.parent];
            (*all, *directions) = (*all + 1, *directions + usize::from(is_direction(i)));
        }
    }
    for node in outline.nodes.iter_mut().filter(|node| is_heading(node)) {
        let (all, directions) = below[node.parent];
        node.programme |= all > 1 && directions == all;
    }
}

/// A heading right above programmes, which names no attribute, is a group of them.
fn groups(outline: &mut Outline) {
    for i in (1..outline.nodes.len()).rev() {
        let above = outline.nodes[i].parent;
        let (node, parent) = (&outline.nodes[i], &outline.nodes[above]);
        let is_group = above != 0 && parent.marker.is_some() && parent.title.is_some() && parent.class.is_none();
        if node.programme && node.marker.is_some() && is_group && !inside_list(parent.parent, &outline.nodes, true) {
            outline.nodes[above].programme = true;
        }
    }
}

/// Finds the headings, the titles of annexes, the lines above tables of limits, and the paragraphs that lead to items, that open with the
/// title of a programme elsewhere: 重点项目申报条件, 重点项目：, 重点项目须完成：. Their sections, or the items, speak of it, and what
/// follows the title of a heading may name an attribute.
pub fn spoken_of(outline: &mut Outline, text: &str, tables: &'static Tables) {
    let is_long = |title: &&str| title.chars().nth(TITLE - 1).is_some();
    let programmes = outline.nodes.iter().enumerate().filter(|(_, node)| node.programme);
    let titled = programmes.filter_map(|(i, node)| Some((node.title?.of(text), i)));
    let mut titles: Vec<(&str, usize)> =
        titled.filter(|(title, _)| is_long(title)).chain(outline.short_names.iter().map(|(end, of)| (end.of(text), *of))).collect();
    titles.sort_unstable();
    // Of a title that several bear, the first.
    titles.dedup_by_key(|(title, _)| *title);
    for i in 1..outline.nodes.len() {
        let node = &outline.nodes[i];
        let leads = node.opens && node.title.is_none();
        let heading = match rows::limits(outline, i) {
            true => Some(outline.nodes[i - 1].span),
            false => node.title.or(Some(node.body).filter(|_| leads)).or_else(|| title_of_annex(outline, i, text)),
        };
        let Some(heading) = heading.filter(|_| !node.programme).map(|title| title.of(text)) else { continue };
        let Some((title, programme)) = opening(&titles, heading) else { continue };
        let is_inside = |one: usize, other: usize| outline.chain(one).any(|n| n == other);
        let rest = &heading[title.len()..];
        let goes_on = rest.starts_with(PAUSE) || tables.lexicon.list(List::ListJoin).opening(rest).next().is_some();
        let names_others = titles.iter().any(|(title, _)| rest.contains(title));
        if goes_on || names_others || is_inside(i, programme) || is_inside(programme, i) || outline.row_of(i).is_some() {
            continue;
        }
        if leads && node.marker.is_none() {
            let parent = node.parent;
            let is_item = |node: &Node| node.parent == parent && node.marker.is_some() && !node.programme;
            // What stands below an item goes with it.
            let goes_on = |node: &&mut Node| node.parent > i || is_item(node);
            outline.nodes[i + 1..].iter_mut().take_while(goes_on).filter(|node| is_item(node)).for_each(|item| item.of = Some(programme));
            continue;
        }
        let of_sign = tables.lexicon.list(List::OfSign).opening(rest).map(str::len).max().unwrap_or(0);
        // 先进制造领域： is what it is called, and no attribute.
        let is_kind = || rest.is_empty() || node.marker.is_none() && tables.lexicon.list(List::Numbered).iter().any(|word| word == rest);
        let class = node.class.or_else(|| attribute(rest[of_sign..].trim_end_matches(':'), tables).filter(|_| !is_kind()));
        let node = &mut outline.nodes[i];
        (node.of, node.class) = (Some(programme), class);
    }
}

/// The longest title of an annex, in characters.
const OF_ANNEX: usize = 40;

/// The line right behind the ordinal of an annex, where it is no sentence.
fn title_of_annex(outline: &Outline, annex: usize, text: &str) -> Option<Span<Normal>> {
    let is_annex = outline.nodes[annex].marker.as_ref().is_some_and(|marker| marker.series.starts_with("annex"));
    let line = outline.nodes.get(annex + 1).filter(|line| is_annex && line.parent == annex && line.marker.is_none() && !line.programme)?;
    let words = line.span.of(text);
    (words.chars().nth(OF_ANNEX).is_none() && !words.contains([STOP, COMMA, ';', ':'])).then_some(line.span)
}

/// The longest of the sorted `titles` that `heading` begins with.
fn opening<'t>(titles: &[(&'t str, usize)], heading: &str) -> Option<(&'t str, usize)> {
    let mut words = heading;
    loop {
        let (title, programme) = titles[..titles.partition_point(|(title, _)| *title <= words)].last()?;
        if words.starts_with(title) {
            return Some((title, *programme));
        }
        // A shorter one begins with no more than the two have in common.
        let common = words.char_indices().zip(title.chars()).find(|((_, one), other)| one != other).map(|((at, _), _)| at);
        words = &words[..common.unwrap_or(0)];
    }
}

/// Sections that say of the programmes above what they are given.
const GIVES: &[&str] = &["total", "funding", "projects", "period", "quota"];

/// A heading with the title of a programme above, in a section on what each is given, speaks of that programme.
fn named_again(outline: &mut Outline, text: &str) {
    let gives = |outline: &Outline, node: &Node| outline.nodes[node.parent].class.is_some_and(|class| GIVES.contains(&class));
    if !outline.nodes.iter().any(|node| node.programme && gives(outline, node)) {
        return;
    }
    let mut titles: BTreeSet<&str> = BTreeSet::new();
    for i in 1..outline.nodes.len() {
        let node = &outline.nodes[i];
        let Some(title) = node.title.filter(|_| node.programme) else { continue };
        if !titles.insert(title.of(text)) && gives(outline, node) {
            outline.nodes[i].programme = false;
        }
    }
}

/// Behind the last of several programmes that stand beside each other, and none of which before it is told what it is given, labels of
/// that kind speak of all: they hang beside it. Before them the last has no labels but such as the others have; none says “this”.
fn said_of_all(outline: &mut Outline, pays: &dyn Fn(Span<Normal>) -> bool, of_this: &dyn Fn(Span<Normal>) -> bool) {
    let nodes = &outline.nodes;
    let is_label = |i: usize| nodes[i].marker.is_none() && nodes[i].class.is_some();
    let gives = |i: usize| nodes[i].class.is_some_and(|class| GIVES.contains(&class));
    let spoken =
        |labels: &mut dyn Iterator<Item = usize>| labels.filter(|i| is_label(*i)).fold(0, |all, i| all | nodes[i].class.map_or(0, bit));
    let is_given = |programme: usize| outline.below(programme).any(|i| gives(i) || pays(nodes[i].span)) || pays(nodes[programme].body);
    let mut beside: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    nodes.iter().enumerate().filter(|(_, node)| node.programme).for_each(|(i, node)| beside.entry(node.parent).or_default().push(i));
    let mut moved = vec![];
    for (parent, programmes) in beside {
        let Some((last, before)) = programmes.split_last() else { continue };
        let Some(first) = outline.children(*last).find(|i| is_label(*i) && gives(*i)) else { continue };
        let labels: Vec<usize> = outline.children(*last).filter(|i| *i >= first).collect();
        let of_last = spoken(&mut outline.children(*last).take_while(|i| *i < first));
        let of_others = spoken(&mut before.iter().flat_map(|i| outline.children(*i)));
        let is_alike = of_last != 0 && of_last & !of_others == 0;
        if is_alike && labels.iter().all(|i| is_label(*i) && !of_this(nodes[*i].body)) && !before.iter().any(|i| is_given(*i)) {
            moved.extend(labels.into_iter().map(|label| (label, parent)));
        }
    }
    moved.into_iter().for_each(|(label, parent)| outline.nodes[label].parent = parent);
}
