//! Which part of a page is its document. In: `Tree`. Out: `Content`: the element that holds the document, and the nodes that are left
//! out. By structure alone: how much text stands outside links, where sentences end, and what the page's own names say. In doubt a
//! part stays: a line too many is known later by its words, a lost table is lost.

use super::tree::{Id, Tree};
use crate::sign::{STOP, is_han};

pub struct Content {
    pub root: Id,
    /// For each node, whether it is left out with all below it.
    pub skip: Vec<bool>,
}

/// Elements that hold no text of a document.
const SILENT: [&str; 24] = [
    "script", "style", "noscript", "noframes", "template", "head", "title", "select", "datalist", "button", "textarea", "iframe", "canvas",
    "svg", "math", "object", "audio", "video", "map", "input", "link", "meta", "rp", "rt",
];

/// All of the text.
fn whole(tree: &Tree, hidden: bool) -> Content {
    let skip = (0..tree.nodes.len()).map(|id| SILENT.contains(&tree.name(id)) || hidden && is_hidden(tree, id)).collect();
    Content { root: 0, skip }
}

/// A part of a page, as somebody cut it out: all of it but a frame that names itself so.
pub fn part(tree: &Tree, hidden: bool) -> Content {
    let Content { root, mut skip } = whole(tree, hidden);
    let weights = Weights::of(tree, &skip);
    drop_furniture(tree, root, &mut skip, &weights, weights.at(root).mass());
    Content { root, skip }
}

/// The document of a page.
pub fn choose(tree: &Tree, hidden: bool) -> Content {
    let Content { mut skip, .. } = whole(tree, hidden);
    let body = tree.first("body").unwrap_or(0);
    let weights = Weights::of(tree, &skip);
    drop_furniture(tree, body, &mut skip, &weights, weights.at(body).mass());
    let weights = Weights::of(tree, &skip);
    let dense = densest(tree, body, &skip, &weights);
    drop_link_lists(tree, body, dense, &mut skip, &weights);
    drop_script_links(tree, body, &mut skip, &weights);
    Content { root: widened(tree, dense, body, &skip, &weights), skip }
}

fn is_hidden(tree: &Tree, id: Id) -> bool {
    if tree.attribute(id, "hidden").is_some() {
        return true;
    }
    let Some(style) = tree.attribute(id, "style").filter(|style| style.len() < 2_000) else { return false };
    let style: String = style.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect();
    ["display:none", "visibility:hidden", "text-indent:-999"].iter().any(|words| style.contains(words))
}

/// What the text below a node is made of.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    /// Characters of Chinese writing, letters and digits outside links.
    free: usize,
    linked: usize,
    links: usize,
    /// Full stops outside links.
    stops: usize,
    /// Links to files.
    files: usize,
}

impl Weight {
    /// How much of a document this is: sentences count more than words.
    fn mass(self) -> usize {
        self.free + 20 * self.stops
    }

    /// Mostly links, and no sentence.
    fn is_link_list(self) -> bool {
        self.links >= 3 && self.linked * 10 >= (self.free + self.linked) * 6 && self.stops == 0 && self.files == 0
    }
}

struct Weights(Vec<Weight>);

impl Weights {
    fn of(tree: &Tree, skip: &[bool]) -> Weights {
        let mut weights = vec![Weight::default(); tree.nodes.len()];
        let mut order = Vec::with_capacity(tree.nodes.len());
        let mut open = vec![(0, false)];
        while let Some((id, in_link)) = open.pop() {
            if skip[id] {
                continue;
            }
            order.push(id);
            let href = (tree.name(id) == "a").then(|| tree.attribute(id, "href")).flatten();
            weights[id] = own(tree.text(id).unwrap_or_default(), in_link, href);
            open.extend(tree.children(id).iter().map(|child| (*child, in_link || href.is_some())));
        }
        for id in order.into_iter().rev() {
            let Some(parent) = tree.nodes[id].parent else { continue };
            let from = weights[id];
            let to = &mut weights[parent];
            to.free += from.free;
            to.linked += from.linked;
            to.links += from.links;
            to.stops += from.stops;
            to.files += from.files;
        }
        Weights(weights)
    }

    fn at(&self, id: Id) -> Weight {
        self.0[id]
    }
}

fn own(text: &str, in_link: bool, href: Option<&str>) -> Weight {
    let count = text.chars().filter(|c| c.is_alphanumeric()).count();
    let stops = if in_link { 0 } else { text.chars().filter(|c| *c == STOP).count() };
    let (free, linked) = if in_link { (0, count) } else { (count, 0) };
    Weight { free, linked, links: usize::from(href.is_some()), stops, files: usize::from(href.is_some_and(is_file)) }
}

/// The target of a link is a document to fetch.
fn is_file(href: &str) -> bool {
    const ENDS: [&str; 15] =
        [".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".pdf", ".wps", ".et", ".ofd", ".zip", ".rar", ".7z", ".txt", ".csv"];
    let href = href.trim().to_ascii_lowercase();
    let path = href.split(['?', '#']).next().unwrap_or_default();
    ENDS.iter().any(|end| path.ends_with(end)) || ["download", "attach", "uploadfile"].iter().any(|word| href.contains(word))
}

/// Leaves out the parts that the page itself names as its frame, unless much of the text is in one of them.
fn drop_furniture(tree: &Tree, body: Id, skip: &mut [bool], weights: &Weights, total: usize) {
    let mut open = vec![body];
    while let Some(id) = open.pop() {
        let Some(kind) = (!skip[id]).then(|| frame(tree, id)) else { continue };
        let weight = weights.at(id);
        let is_small = weight.mass() * 10 <= total * 3 && weight.files == 0;
        if is_small && (kind == Frame::Sure || kind == Frame::Maybe && !has_fields(tree, id, skip)) {
            skip[id] = true;
        } else {
            open.extend(tree.children(id));
        }
    }
}

#[derive(PartialEq)]
enum Frame {
    No,
    /// A head or foot: of the page, or of the document with its title and date.
    Maybe,
    Sure,
}

fn frame(tree: &Tree, id: Id) -> Frame {
    const SURE: [&str; 49] = [
        "nav",
        "navbar",
        "navigation",
        "mainnav",
        "menu",
        "menus",
        "submenu",
        "footer",
        "foot",
        "crumb",
        "crumbs",
        "breadcrumb",
        "breadcrumbs",
        "bread",
        "share",
        "bdsharebuttonbox",
        "sharebox",
        "print",
        "sidebar",
        "search",
        "searchbox",
        "login",
        "qrcode",
        "ewm",
        "erweima",
        "copyright",
        "friendlink",
        "friendlinks",
        "yqlj",
        "related",
        "recommend",
        "comments",
        "pager",
        "pagination",
        "prevnext",
        "setfont",
        "fontsize",
        "logo",
        "wza",
        "slh",
        "toolbar",
        "langs",
        "language",
        "dqwz",
        "weizhi",
        "curpos",
        "banner",
        "sitemap",
        "visits",
    ];
    const MAYBE: [&str; 12] =
        ["header", "head", "top", "topbar", "bottom", "side", "aside", "location", "position", "tools", "tool", "hot"];
    match tree.name(id) {
        "nav" | "footer" => return Frame::Sure,
        "header" | "aside" => return Frame::Maybe,
        "body" | "html" | "main" | "article" | "form" | "p" | "a" | "td" | "tr" | "tbody" | "" => return Frame::No,
        _ => {}
    }
    let role = tree.attribute(id, "role").unwrap_or_default();
    if ["navigation", "banner", "contentinfo", "search"].contains(&role) {
        return Frame::Sure;
    }
    let names = [tree.attribute(id, "class"), tree.attribute(id, "id")];
    let words: Vec<String> = names.into_iter().flatten().filter(|name| name.len() < 300).flat_map(words).collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if has(&["content", "article", "zoom", "editor", "ueditor", "title", "detail"]) {
        return Frame::No;
    }
    match (has(&SURE), has(&MAYBE)) {
        (true, _) => Frame::Sure,
        (_, true) => Frame::Maybe,
        _ => Frame::No,
    }
}

/// The words of a class or an id: `article-head`, `mainNav`, `foot_2`.
fn words(name: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut small = false;
    for c in name.chars() {
        if !c.is_ascii_alphabetic() || c.is_ascii_uppercase() && small {
            out.push(String::new());
        }
        small = c.is_ascii_lowercase();
        if let Some(last) = out.last_mut().filter(|_| c.is_ascii_alphabetic()) {
            last.push(c.to_ascii_lowercase());
        }
    }
    out.retain(|word| !word.is_empty());
    out
}

/// A heading, a date or a document number, outside links.
fn has_fields(tree: &Tree, id: Id, skip: &[bool]) -> bool {
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        if skip[id] || tree.name(id) == "a" {
            continue;
        }
        let is_field = tree.text(id).is_some_and(|text| text.chars().count() < 400 && has_date(text));
        if is_field || is_heading(tree, id) {
            return true;
        }
        open.extend(tree.children(id));
    }
    false
}

/// A heading of at least eight characters outside links.
fn is_heading(tree: &Tree, id: Id) -> bool {
    let is_text = |node: &Id| tree.above(*node).take_while(|above| *above != id).all(|above| tree.name(above) != "a");
    let count = |text: &str| text.chars().filter(|c| is_han(*c)).count();
    matches!(tree.name(id), "h1" | "h2" | "h3")
        && tree.below(id).filter(is_text).filter_map(|node| tree.text(node)).map(count).sum::<usize>() >= 8
}

/// Year, month and day in digits, or a year in the brackets of a document number.
fn has_date(text: &str) -> bool {
    let mut parts = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).map(str::len).collect::<Vec<_>>();
    parts.push(0);
    let bracketed = |open: char, close: char| {
        text.split(open)
            .skip(1)
            .any(|rest| rest.get(..4).is_some_and(|y| y.bytes().all(|b| b.is_ascii_digit())) && rest[4..].starts_with(close))
    };
    parts.windows(3).any(|three| matches!(three, [4, 1 | 2, 1 | 2])) || bracketed('\u{3014}', '\u{3015}') || bracketed('[', ']')
}

/// The deepest element that holds nearly all of the text that is no link.
fn densest(tree: &Tree, body: Id, skip: &[bool], weights: &Weights) -> Id {
    let mut at = body;
    let total = weights.at(body).mass();
    loop {
        let heavy =
            tree.children(at).iter().copied().find(|id| !skip[*id] && is_box(tree, *id) && weights.at(*id).mass() * 100 >= total * 80);
        match heavy {
            Some(child) if total > 0 => at = child,
            _ => return at,
        }
    }
}

/// An element that may hold a document; a paragraph may not.
fn is_box(tree: &Tree, id: Id) -> bool {
    !matches!(tree.name(id), "" | "p" | "a" | "span" | "h1" | "h2" | "h3" | "h4" | "li" | "pre" | "tr" | "tbody" | "table")
        || is_layout_path(tree, id)
}

/// Rows and cells are passed only where the table has one heavy cell, which a table of data has not.
fn is_layout_path(tree: &Tree, id: Id) -> bool {
    matches!(tree.name(id), "table" | "tbody" | "tr")
        && tree.below(id).filter(|node| matches!(tree.name(*node), "p" | "div" | "table" | "br")).nth(4).is_some()
}

/// Leaves out menus and lists of other pages outside the densest part.
fn drop_link_lists(tree: &Tree, body: Id, dense: Id, skip: &mut [bool], weights: &Weights) {
    let mut keep = vec![false; tree.nodes.len()];
    tree.above(dense).for_each(|id| keep[id] = true);
    let mut open = vec![body];
    while let Some(id) = open.pop() {
        if skip[id] || id == dense {
            continue;
        }
        if !keep[id] && weights.at(id).is_link_list() {
            skip[id] = true;
        } else {
            open.extend(tree.children(id));
        }
    }
}

/// Leaves out short links that only run a script: print, close, larger type.
fn drop_script_links(tree: &Tree, body: Id, skip: &mut [bool], weights: &Weights) {
    for id in tree.below(body).filter(|id| tree.name(*id) == "a") {
        let href = tree.attribute(id, "href").unwrap_or_default().trim().to_ascii_lowercase();
        if (href.starts_with("javascript:") || href == "#") && weights.at(id).linked <= 4 {
            skip[id] = true;
        }
    }
}

/// The widest element around `dense` that adds something of a document: a heading, a date, a sentence, a file, a table.
fn widened(tree: &Tree, dense: Id, body: Id, skip: &[bool], weights: &Weights) -> Id {
    let (mut root, mut inner, mut useful) = (dense, dense, false);
    if dense == body {
        return body;
    }
    for outer in tree.above(dense) {
        let mut beside = tree.children(outer).iter().copied().filter(|id| *id != inner && !skip[*id]);
        useful |= beside.any(|id| is_useful(tree, id, skip, weights));
        let linked = weights.at(outer).linked - weights.at(root).linked;
        if useful && linked <= 200 + weights.at(root).free / 2 {
            (root, useful) = (outer, false);
        }
        inner = outer;
        if outer == body {
            break;
        }
    }
    root
}

fn is_useful(tree: &Tree, id: Id, skip: &[bool], weights: &Weights) -> bool {
    let weight = weights.at(id);
    let is_data = |id: Id| tree.name(id) == "table" && super::table::Grid::read(tree, id, skip).is_some();
    weight.stops > 0
        || weight.files > 0
        || has_fields(tree, id, skip)
        || weight.free > 0 && tree.below(id).any(|id| !skip[id] && is_data(id))
}
