//! A definition as a table for people: a line per programme, then the checks and the findings. In: `Definition`. Out: text.
//! Widths count what a terminal shows, where a Chinese character takes two columns.

use std::collections::BTreeMap;

use serde_json::Value;

use super::notation::{decimal, one_line};
use crate::programme::{Definition, Programme, Remark};
use crate::value::Decimal;

/// 万元, the unit in which such grants are spoken of.
const TEN_THOUSAND_YUAN: &str = "\u{4E07}\u{5143}";
const NO_TITLE: &str = "(no title)";
/// Columns of the title.
const TITLE: usize = 46;
/// Columns of the countries.
const COUNTRIES: usize = 24;

/// The whole table, with a line for the document above it.
pub fn table(definition: &Definition) -> String {
    let mut out = heading(definition);
    let rows: Vec<[String; 8]> = std::iter::once(header()).chain(tree(definition).into_iter().map(|(depth, p)| row(depth, p))).collect();
    out += &laid_out(&rows);
    out += &checks(definition);
    out += &findings(definition);
    out
}

fn heading(definition: &Definition) -> String {
    let issuers = definition.issuers.iter().map(|issuer| issuer.name.clone());
    let known = [definition.document_number.clone(), definition.published_on.clone()];
    let facts: Vec<String> = issuers.chain(known.into_iter().flatten()).collect();
    let title = definition.title.as_deref().unwrap_or(NO_TITLE);
    let mut out = format!("{}: {title}\n", definition.source.file);
    if !facts.is_empty() {
        out += &format!("  {}\n", facts.join(", "));
    }
    out
}

fn header() -> [String; 8] {
    let money = |what: &str| format!("{what} {TEN_THOUSAND_YUAN}");
    let words = ["months", "deadline", "countries", "KPIs"].map(String::from);
    let [months, deadline, countries, kpis] = words;
    ["programme".into(), money("grant"), money("total"), "projects".into(), months, deadline, countries, kpis]
}

fn row(depth: usize, programme: &Programme) -> [String; 8] {
    let summary = &programme.summary;
    let indent = "  ".repeat(depth);
    let title = if programme.title.is_empty() { NO_TITLE } else { &programme.title };
    let number = programme.number.as_ref().map_or_else(String::new, |number| format!("{number} "));
    [
        cut(&format!("{indent}{number}{title}"), TITLE),
        ten_thousands(&summary.grant_max_yuan),
        ten_thousands(&summary.total_yuan),
        decimal(&summary.projects_max).map_or_else(String::new, |n| n.to_string()),
        months(&summary.months_min, &summary.months_max),
        summary.application_close.as_deref().map_or_else(String::new, moment),
        cut(&summary.partner_codes.join(" "), COUNTRIES),
        if programme.kpis.is_empty() { String::new() } else { programme.kpis.len().to_string() },
    ]
}

/// Every programme behind the one that it is part of, with how many stand above it. What an annex tells of a programme stands far behind
/// it in the text.
fn tree(definition: &Definition) -> Vec<(usize, &Programme)> {
    let (mut places, mut tops): (BTreeMap<&str, usize>, Vec<usize>) = Default::default();
    let mut below: Vec<Vec<usize>> = vec![vec![]; definition.programmes.len()];
    for (i, programme) in definition.programmes.iter().enumerate() {
        let above = programme.parent.as_ref().and_then(|parent| places.get(parent.as_str()));
        above.map_or(&mut tops, |above| &mut below[*above]).push(i);
        places.entry(&programme.id).or_insert(i);
    }
    let mut left: Vec<(usize, usize)> = tops.into_iter().rev().map(|top| (0, top)).collect();
    let mut out = Vec::with_capacity(below.len());
    while let Some((depth, i)) = left.pop() {
        out.push((depth, &definition.programmes[i]));
        left.extend(below[i].iter().rev().map(|child| (depth + 1, *child)));
    }
    out
}

fn ten_thousands(yuan: &Value) -> String {
    let amount = decimal(yuan).and_then(|yuan| yuan.checked_div(Decimal::from(10_000)));
    amount.map_or_else(String::new, |amount| amount.normalize().to_string())
}

fn months(min: &Value, max: &Value) -> String {
    match (decimal(min), decimal(max)) {
        (None, None) => String::new(),
        (Some(min), Some(max)) if min == max => min.to_string(),
        (Some(min), Some(max)) => format!("{min}-{max}"),
        (Some(min), None) => format!("≥{min}"),
        (None, Some(max)) => format!("≤{max}"),
    }
}

/// `2026-05-18 17:30` of the ISO form: the clock is China's in all such documents.
pub fn moment(at: &str) -> String {
    at.trim_end_matches("+08:00").replace('T', " ")
}

/// Columns beside each other; words to the left, numbers to the right.
fn laid_out(rows: &[[String; 8]]) -> String {
    let widths: [usize; 8] = std::array::from_fn(|column| rows.iter().map(|row| width(&row[column])).max().unwrap_or(0));
    let mut out = String::new();
    for row in rows {
        let cell = |column: usize| {
            let words = matches!(column, 0 | 5 | 6);
            let gap = || " ".repeat(widths[column] - width(&row[column]));
            if words { padded(&row[column], widths[column]) } else { gap() + &row[column] }
        };
        let cells: Vec<String> = (0..8).map(cell).collect();
        out += &format!("  {}\n", cells.join("  ").trim_end());
    }
    out
}

/// The checks: those that hold by kind, those that fail by what is wrong.
fn checks(definition: &Definition) -> String {
    let mut out = String::new();
    let held = counted(definition.checks.iter().filter(|c| c.ok).map(|c| &*c.kind));
    if !held.is_empty() {
        out += &format!("  checks ok: {held}\n");
    }
    for (what, programmes) in failures(definition) {
        out += &format!("  check failed: {what} ({})\n", some_of(&programmes));
    }
    out
}

/// Failed checks by kind and detail, each with the titles of its programmes, in the order of the definition.
fn failures(definition: &Definition) -> Vec<(String, Vec<&str>)> {
    let mut out: Vec<(String, Vec<&str>)> = Vec::new();
    for check in definition.checks.iter().filter(|c| !c.ok) {
        let what = format!("{}: {}", check.kind, check.detail);
        let programme = title(definition, &check.programme);
        match out.iter_mut().find(|(seen, _)| *seen == what) {
            Some((_, programmes)) => programmes.push(programme),
            None => out.push((what, vec![programme])),
        }
    }
    out
}

/// The title of the programme with this id; the call itself has none here, for it is long.
fn title<'d>(definition: &'d Definition, id: &'d str) -> &'d str {
    let named = definition.programmes.iter().find(|programme| programme.id == id && programme.parent.is_some());
    named.map_or(id, |programme| &programme.title)
}

/// The first names of a list, and how many more there are.
pub fn some_of(names: &[&str]) -> String {
    const SHOWN: usize = 3;
    let more = names.len().saturating_sub(SHOWN);
    let shown = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

/// `numbering 2, period 1`, in the order of the alphabet.
pub fn counted<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    words.for_each(|word| *counts.entry(word).or_default() += 1);
    counts.iter().map(|(word, count)| format!("{word} {count}")).collect::<Vec<_>>().join(", ")
}

fn findings(definition: &Definition) -> String {
    // A failed check is shown above.
    let shown = definition.findings.iter().filter(|finding| finding.kind != "check");
    shown.map(|finding| format!("  finding: {}\n", remark(definition, finding))).collect()
}

fn remark(definition: &Definition, finding: &Remark) -> String {
    let mut out = format!("{}: {}", finding.kind, finding.message);
    if let Some((text, start)) = finding.text.as_deref().zip(finding.start) {
        out += &format!(", “{}” at {start}", one_line(text));
    }
    if let Some(programme) = &finding.programme {
        out += &format!(", on {}", title(definition, programme));
    }
    out
}

/// `text` in at most `columns`, an ellipsis where something was cut off.
pub fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_string();
    }
    let mut used = 0;
    let fits = |c: &char| {
        used += columns_of(*c);
        used < columns
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

/// `text` and blanks up to `columns`.
pub fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

pub fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// Two columns for the wide and full-width blocks of UAX #11, none for marks that combine.
fn columns_of(c: char) -> usize {
    match c as u32 {
        0x0300..=0x036F | 0x200B..=0x200F | 0xFE00..=0xFE0F => 0,
        0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F => 2,
        0xFF01..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF | 0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn titles_are_cut_by_columns() {
        for (text, columns, shown) in [
            ("国际合作", 8, "国际合作"),
            ("国际合作", 7, "国际合…"),
            ("国际合作", 6, "国际…"),
            ("a国际", 4, "a国…"),
            ("plain", 5, "plain"),
            ("plainer", 5, "plai…"),
        ] {
            assert_eq!(cut(text, columns), shown);
            assert!(width(shown) <= columns, "{shown}");
        }
    }

    #[test]
    fn values_read_as_people_write_them() {
        for (yuan, shown) in [(json!(600_000), "60"), (json!(411_400_000), "41140"), (json!(12_345.5), "1.23455"), (json!(null), "")] {
            assert_eq!(ten_thousands(&yuan), shown);
        }
        for (min, max, shown) in [
            (json!(24), json!(24), "24"),
            (json!(24), json!(36), "24-36"),
            (json!(null), json!(36), "≤36"),
            (json!(12), json!(null), "≥12"),
            (json!(null), json!(null), ""),
        ] {
            assert_eq!(months(&min, &max), shown);
        }
        assert_eq!(moment("2026-05-18T17:30+08:00"), "2026-05-18 17:30");
        assert_eq!(moment("2026-05-18"), "2026-05-18");
    }

    #[test]
    fn lists_are_short() {
        assert_eq!(some_of(&["/a", "/b"]), "/a, /b");
        assert_eq!(some_of(&["/a", "/b", "/c", "/d", "/e"]), "/a, /b, /c and 2 more");
        assert_eq!(counted(["period", "numbering", "period"].into_iter()), "numbering 1, period 2");
    }
}
