//! What a page says of itself -> lines of its text. In: `Tree`, the lines of the document. Out: the lines, with the title once at their
//! head and the date of the page where they give none. Never words that the page does not hold.

use super::text;
use super::tree::{Id, Tree};
use crate::sign::is_han;

/// How many lines from the start are looked through for the title.
const TOP: usize = 40;

/// Puts the title first where the lines lack it, and takes it out where it stands twice.
pub fn with_title(tree: &Tree, root: Id, skip: &[bool], mut lines: Vec<String>) -> Vec<String> {
    let Some(title) = title(tree, root, skip) else { return lines };
    let wanted = key(&title);
    let from = |lines: &[String], start: usize| key(&lines[start.min(lines.len())..lines.len().min(TOP)].concat());
    if let Some(first) = lines.iter().take(TOP).position(|line| key(line) == wanted) {
        if from(&lines, first + 1).contains(&wanted) {
            lines.remove(first);
        }
        return lines;
    }
    let is_much = |line: &String| {
        let line = key(line);
        line.chars().count() * 10 >= wanted.chars().count() * 7 && wanted.contains(&line)
    };
    if !from(&lines, 0).contains(&wanted) && !lines.iter().take(TOP).any(is_much) {
        lines.insert(0, title);
    }
    lines
}

/// Letters and digits alone, to compare by.
fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The title of the document: what the page declares, else its heading, else the title of the page without the name of the site.
fn title(tree: &Tree, root: Id, skip: &[bool]) -> Option<String> {
    let long = |text: &String| text.chars().filter(|c| is_han(*c)).count() >= 6;
    let heading = || {
        let shown = tree.below(root).find(|id| tree.name(*id) == "h1" && !skip[*id])?;
        Some(text::lines(tree, shown, skip).concat())
    };
    let named = || without_site(&tree.below(tree.first("title")?).filter_map(|id| tree.text(id)).collect::<String>());
    let declared = |names: &[&str]| meta(tree, names).map(one_line);
    declared(&["articletitle"])
        .filter(long)
        .or_else(|| heading().filter(long))
        .or_else(|| declared(&["og:title"]).and_then(|title| without_site(&title)).filter(long))
        .or_else(|| named().filter(|title| title.chars().filter(|c| is_han(*c)).count() >= 8))
        .filter(|title| meta(tree, &["sitename", "og:site_name"]).is_none_or(|site| key(site) != key(title)))
}

/// The content of the first `<meta>` of one of these names.
fn meta<'t>(tree: &'t Tree, names: &[&str]) -> Option<&'t str> {
    let metas = tree.below(0).filter(|id| tree.name(*id) == "meta");
    let is_named = |id: &Id| {
        let name = tree.attribute(*id, "name").or_else(|| tree.attribute(*id, "property")).unwrap_or_default().to_ascii_lowercase();
        names.contains(&name.as_str())
    };
    metas.filter(is_named).find_map(|id| tree.attribute(id, "content").filter(|content| !content.trim().is_empty()))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first part of `title - site`, `title_column_site`, `title | site`; a hyphen between digits or letters parts nothing.
fn without_site(title: &str) -> Option<String> {
    let title = one_line(title);
    let chars: Vec<(usize, char)> = title.char_indices().collect();
    let is_word = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|(_, c)| c.is_ascii_alphanumeric());
    let parts = |at: usize| match chars[at].1 {
        '_' | '|' => true,
        '-' | '\u{2013}' => !(is_word(at.checked_sub(1)) && is_word(Some(at + 1))),
        _ => false,
    };
    let end = (1..chars.len()).find(|at| parts(*at)).map_or(title.len(), |at| chars[at].0);
    let first = title[..end].trim().trim_end_matches(['.', '\u{2026}']);
    (!first.is_empty()).then(|| first.to_string())
}

/// A line with the date of the page, in the words of its `<meta>`, where no line gives that day.
pub fn date(tree: &Tree, lines: &[String]) -> Option<String> {
    let declared = meta(tree, &["pubdate", "publishdate", "article:published_time"])?;
    let day = numbers(declared).into_iter().take(3).collect::<Vec<_>>();
    let &[year @ 1900..=2200, month @ 1..=12, date @ 1..=31] = day.as_slice() else { return None };
    let given = lines.iter().any(|line| numbers(line).windows(3).any(|three| three == day));
    (!given).then(|| format!("PubDate: {year}-{month:02}-{date:02}"))
}

/// The runs of digits of a text as numbers; longer ones than a date has are none.
fn numbers(text: &str) -> Vec<u32> {
    let runs = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
    runs.map(|run| if run.len() <= 4 { run.parse().unwrap_or_default() } else { 0 }).collect()
}
