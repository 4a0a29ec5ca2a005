//! The report as one HTML file that needs no other: both passages of the sources beside each change. In: `Report`. Out: text.
//! Every word of a document is escaped.

use super::report::{Document, Entry, Report};
use crate::programme::Evidence;

/// How many characters of the source stand on either side of the words that a fact quotes.
const AROUND: usize = 60;

const STYLE: &str = "\
body{font:15px/1.6 system-ui,'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif;margin:2em auto;max-width:76em;padding:0 1em;color:#1c1e21}
h1{font-size:1.4em}h2{font-size:1.15em;margin:2em 0 .3em}h3{font-size:1em;margin:1.4em 0 .3em}
table{border-collapse:collapse;width:100%}td,th{border:1px solid #d5d9de;padding:.35em .6em;vertical-align:top;text-align:left}
th{background:#f3f5f7}.change td{border-top:2px solid #aab2bb}.passage td{width:50%;color:#444}mark{background:#ffe58a}
.sev{font-weight:600;white-space:nowrap}.policy{color:#b3261e}.calendar{color:#00697a}.structure{color:#8a5a00}.wording{color:#666}.extraction{color:#7a2e8e}
.quiet,code{color:#777;font-size:.85em}";

pub fn report(report: &Report) -> String {
    let body: String = report.documents.iter().map(document).collect();
    let alone: String = [(&report.only_old, "only in the old folder"), (&report.only_new, "only in the new folder")]
        .into_iter()
        .flat_map(|(files, words)| files.iter().map(move |file| format!("<p>{}: {words}</p>\n", escaped(file))))
        .collect();
    page("Changes", &(body + &alone))
}

/// A whole page around a body that is markup already.
pub fn page(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"zh\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{}</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>\n{body}</body>\n</html>\n",
        escaped(title)
    )
}

fn document(document: &Document) -> String {
    let mut out = format!(
        "<h1>{} → {}</h1>\n<p class=\"quiet\">{} → {}</p>\n<p>{}</p>\n",
        escaped(&document.heading(0)),
        escaped(&document.heading(1)),
        escaped(document.files[0]),
        escaped(document.files[1]),
        escaped(&document.sum())
    );
    for at in 0..document.comparison.pairs.len() {
        let entries: Vec<&Entry> = document.entries.iter().filter(|entry| entry.change.pair == at).collect();
        if entries.is_empty() {
            continue;
        }
        let (title, before) = document.titles(at);
        let before = if before.is_empty() { String::new() } else { format!(" <span class=\"quiet\">← {}</span>", escaped(&before)) };
        out += &format!("<h2>{}{before} <span class=\"quiet\">{}</span></h2>\n<table>\n", escaped(&title), document.fates(at));
        out += &entries.iter().map(|entry| row(document, entry)).collect::<String>();
        out += "</table>\n";
    }
    out
}

/// A change, and below it the passages of the two sources.
fn row(document: &Document, entry: &Entry) -> String {
    let severity = entry.change.severity.name();
    let mut out = format!(
        "<tr class=\"change\"><td colspan=\"2\"><span class=\"sev {severity}\">{severity}</span> {} <code>{}</code></td></tr>\n",
        escaped(&entry.said.text),
        entry.change.fingerprint
    );
    let sides = [0, 1].map(|side| passages(&document.texts[side], document.quotes(entry.change, side)));
    if sides.iter().any(|side| !side.is_empty()) {
        out += &format!("<tr class=\"passage\"><td>{}</td><td>{}</td></tr>\n", sides[0], sides[1]);
    }
    out
}

/// The words that facts quote, marked, with those around them where the text is at hand; passages that meet are one.
fn passages(text: &Option<Vec<char>>, quotes: Vec<Evidence>) -> String {
    let mut quotes: Vec<(usize, usize, String)> = quotes.into_iter().map(|e| (e.start, e.end, e.text)).collect();
    quotes.sort_unstable();
    quotes.dedup();
    let Some(text) = text else {
        return quotes.iter().map(|(start, _, words)| passage(*start, &format!("<mark>{}</mark>", escaped(&tight(words))))).collect();
    };
    let mut out = String::new();
    let mut rest = quotes.as_slice();
    while let Some(((start, end, _), more)) = rest.split_first() {
        let mut marks = vec![(*start, *end)];
        let mut last = *end;
        let mut next = more;
        while let Some(((s, e, _), after)) = next.split_first()
            && *s <= last + AROUND
        {
            if *s >= last {
                marks.push((*s, *e));
            }
            last = last.max(*e);
            next = after;
        }
        out += &passage(*start, &marked(text, &marks));
        rest = next;
    }
    out
}

fn passage(start: usize, words: &str) -> String {
    format!("<div>{words} <span class=\"quiet\">at {start}</span></div>")
}

/// The text around some marks that follow each other.
fn marked(text: &[char], marks: &[(usize, usize)]) -> String {
    let words =
        |from: usize, to: usize| escaped(&tight(&text.get(from..to.min(text.len())).unwrap_or_default().iter().collect::<String>()));
    let (Some((first, _)), Some((_, last))) = (marks.first(), marks.last()) else { return String::new() };
    let mut at = first.saturating_sub(AROUND);
    let mut out = if at > 0 { "…".to_string() } else { String::new() };
    for (start, end) in marks {
        out += &format!("{}<mark>{}</mark>", words(at, *start), words(*start, *end));
        at = *end;
    }
    let end = (last + AROUND).min(text.len());
    out + &words(at, end) + if end < text.len() { "…" } else { "" }
}

/// Lines of the layout joined.
fn tight(text: &str) -> String {
    text.split(['\n', '\r', '\u{c}']).map(str::trim).collect()
}

/// Text in which HTML sees no markup, inside an attribute either.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&#39;",
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_taken_for_markup() {
        assert_eq!(escaped("<b>\"a\" & 'b'</b>"), "&lt;b&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/b&gt;");
    }

    #[test]
    fn words_are_marked_where_they_stand() {
        let text: Vec<char> = "ab<c>de".chars().collect();
        assert_eq!(marked(&text, &[(1, 2), (4, 5)]), "a<mark>b</mark>&lt;c<mark>&gt;</mark>de");
    }
}
