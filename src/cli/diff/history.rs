//! `zhinan diff --series`: the history of each line of calls as a table by year. In: `Line`s. Out: the table for a terminal, as
//! JSON, Markdown or HTML, there with a plot of the money over the years.

use serde_json::{Value as Json, json};

use super::html::{escaped as html, page};
use super::json::generator;
use super::markdown::escaped as markdown;
use super::speech::Speech;
use crate::cli::table::{cut, moment, padded, width};
use crate::diff::{Line, Row, SCHEMA_VERSION, Value};
use crate::value::{Decimal, json_number};

const HEADINGS: [&str; 9] = ["year", "grant", "total", "projects", "period", "deadline", "countries", "KPIs", "file"];

/// Columns of the widest cell on a terminal.
const CELL: usize = 40;

/// The cells of one call.
fn cells(row: &Row, speech: &Speech) -> [String; 9] {
    let yuan = |amount: Decimal| speech.money(amount, "CNY");
    let range = |least: String, most: String| if least == most { least } else { format!("{least}–{most}") };
    let number = |n: Option<Decimal>| n.map_or_else(String::new, |n| n.normalize().to_string());
    let targets = row.targets.iter().map(|fact| format!("{} {}", fact.what.replace('_', " "), speech.value(fact)));
    let of_projects = (row.project_targets > 0).then(|| format!("{} of projects", row.project_targets));
    [
        row.year.map_or_else(String::new, |year| year.to_string()),
        row.grant.map_or_else(String::new, |(least, most)| range(yuan(least), yuan(most))),
        row.total.map_or_else(String::new, yuan),
        number(row.projects),
        row.months.map_or_else(String::new, |months| speech.length(&months, &[])),
        row.deadline.map_or_else(String::new, |(first, last)| range(moment(first), moment(last))),
        row.countries.join(" "),
        targets.chain(of_projects).collect::<Vec<_>>().join(", "),
        row.file.to_string(),
    ]
}

fn name(line: &Line) -> String {
    let issuers = line.issuers.join(" ");
    let gap = if issuers.is_empty() { "" } else { ": " };
    format!("{issuers}{gap}{}", if line.title.is_empty() { "(no title)" } else { &line.title })
}

pub fn terminal(lines: &[Line], speech: &Speech) -> String {
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        out += &format!("{}{}\n", if at > 0 { "\n" } else { "" }, name(line));
        let rows = line.rows.iter().map(|row| cells(row, speech).map(|cell| cut(&cell, CELL)));
        let rows: Vec<[String; 9]> = std::iter::once(HEADINGS.map(String::from)).chain(rows).collect();
        let widths: [usize; 9] = std::array::from_fn(|column| rows.iter().map(|row| width(&row[column])).max().unwrap_or(0));
        for row in &rows {
            let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| padded(cell, width)).collect();
            out += &format!("  {}\n", cells.join("  ").trim_end());
        }
    }
    out
}

pub fn json(lines: &[Line], speech: &Speech) -> Json {
    let decimal = |n: Option<Decimal>| n.map_or(Json::Null, json_number);
    let row = |row: &Row| {
        let targets = row.targets.iter().map(|fact| {
            let (min, max) = match &fact.value {
                Value::Amount { interval, .. } => (interval.min, interval.max),
                _ => (None, None),
            };
            json!({"metric": fact.what, "label": fact.label, "min": decimal(min), "max": decimal(max), "text": speech.value(fact)})
        });
        json!({
            "year": row.year,
            "file": row.file,
            "title": row.title,
            "grant_min_yuan": decimal(row.grant.map(|(least, _)| least)),
            "grant_max_yuan": decimal(row.grant.map(|(_, most)| most)),
            "total_yuan": decimal(row.total),
            "projects": decimal(row.projects),
            "months_min": decimal(row.months.and_then(|m| m.min)),
            "months_max": decimal(row.months.and_then(|m| m.max)),
            "application_close": row.deadline.map(|(_, last)| last),
            "countries": row.countries,
            "targets": targets.collect::<Vec<_>>(),
            "project_targets": row.project_targets,
        })
    };
    let lines: Vec<Json> = lines
        .iter()
        .map(|line| json!({"issuers": line.issuers, "title": line.title, "years": line.rows.iter().map(row).collect::<Vec<_>>()}))
        .collect();
    json!({"schema_version": SCHEMA_VERSION, "generator": generator(), "lines": lines})
}

pub fn markdown_tables(lines: &[Line], speech: &Speech) -> String {
    let mut out = String::new();
    for line in lines {
        out += &format!("## {}\n\n| {} |\n|{}\n", markdown(&name(line)), HEADINGS.join(" | "), "---|".repeat(HEADINGS.len()));
        for row in &line.rows {
            out += &format!("| {} |\n", cells(row, speech).map(|cell| markdown(&cell)).join(" | "));
        }
        out += "\n";
    }
    out
}

pub fn html_page(lines: &[Line], speech: &Speech) -> String {
    let mut body = String::new();
    for line in lines {
        let heads: String = HEADINGS.iter().map(|heading| format!("<th>{heading}</th>")).collect();
        let row = |row: &Row| {
            let cells: String = cells(row, speech).iter().map(|cell| format!("<td>{}</td>", html(cell))).collect();
            format!("<tr>{cells}</tr>\n")
        };
        let rows: String = line.rows.iter().map(row).collect();
        body += &format!("<h2>{}</h2>\n{}<table>\n<tr>{heads}</tr>\n{rows}</table>\n", html(&name(line)), plot(line, speech));
    }
    page("Calls by year", &body)
}

/// The money of a line over the years, one curve for the total and one for the most that a project can get, each to a scale of its
/// own; nothing where fewer than two years state money.
fn plot(line: &Line, speech: &Speech) -> String {
    let total = points(line, |row| row.total);
    let grant = points(line, |row| row.grant.map(|(_, most)| most));
    let curves: String = [(&total, "total", "#b3261e", 0), (&grant, "grant", "#00697a", 1)]
        .into_iter()
        .filter(|(points, ..)| points.len() > 1)
        .map(|(points, what, colour, place)| curve(points, what, colour, place, speech))
        .collect();
    if curves.is_empty() {
        return String::new();
    }
    format!(
        "<svg role=\"img\" aria-label=\"money by year\" viewBox=\"0 0 {WIDTH} {}\" width=\"{WIDTH}\" height=\"{}\">\n{curves}</svg>\n",
        2 * HEIGHT,
        2 * HEIGHT
    )
}

const WIDTH: i64 = 640;
const HEIGHT: i64 = 150;
const MARGIN: i64 = 40;

fn points(line: &Line, amount: impl Fn(&Row) -> Option<Decimal>) -> Vec<(i32, Decimal)> {
    line.rows.iter().filter_map(|row| row.year.zip(amount(row))).collect()
}

/// One curve with a dot, a year and an amount for each point.
fn curve(points: &[(i32, Decimal)], what: &str, colour: &str, place: i64, speech: &Speech) -> String {
    use rust_decimal::prelude::ToPrimitive;
    let (Some((first, _)), Some((last, _))) = (points.first(), points.last()) else { return String::new() };
    let most = points.iter().map(|(_, amount)| *amount).max().unwrap_or_default();
    let years = i64::from((last - first).max(1));
    let dot = |(year, amount): &(i32, Decimal)| {
        let x = MARGIN + i64::from(year - first) * (WIDTH - 2 * MARGIN) / years;
        let share = amount.checked_div(most).unwrap_or_default();
        let rise = (share * Decimal::from(HEIGHT - 2 * MARGIN)).round().to_i64().unwrap_or(0);
        (x, place * HEIGHT + HEIGHT - MARGIN - rise)
    };
    let path: Vec<String> = points.iter().map(dot).map(|(x, y)| format!("{x},{y}")).collect();
    let mut out = format!("<text x=\"4\" y=\"{}\" font-size=\"12\" fill=\"{colour}\">{what}</text>\n", place * HEIGHT + 14);
    out += &format!("<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n", path.join(" "));
    for point in points {
        let (x, y) = dot(point);
        let amount = html(&speech.money(point.1, "CNY"));
        let below = place * HEIGHT + HEIGHT - MARGIN + 18;
        out += &format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"3\" fill=\"{colour}\"/>");
        out += &format!("<text x=\"{x}\" y=\"{}\" font-size=\"12\" text-anchor=\"middle\">{amount}</text>", y - 8);
        out += &format!("<text x=\"{x}\" y=\"{below}\" font-size=\"12\" text-anchor=\"middle\">{}</text>\n", point.0);
    }
    out
}
