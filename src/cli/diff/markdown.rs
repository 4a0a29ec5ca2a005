//! The report as Markdown, for the text of a pull request. In: `Report`. Out: text: a table for each programme that changed.

use super::report::{Document, Report};

pub fn report(report: &Report) -> String {
    let mut out: String = report.documents.iter().map(|document| self::document(report, document)).collect();
    for (files, words) in [(&report.only_old, "only in the old folder"), (&report.only_new, "only in the new folder")] {
        out += &files.iter().map(|file| format!("- {}: {words}\n", escaped(file))).collect::<String>();
    }
    out
}

fn document(report: &Report, document: &Document) -> String {
    let mut out = format!("## {} → {}\n\n{}\n\n", escaped(&document.heading(0)), escaped(&document.heading(1)), document.sum());
    for at in 0..document.comparison.pairs.len() {
        let entries: Vec<_> = document.entries.iter().filter(|entry| entry.change.pair == at).collect();
        if entries.is_empty() {
            continue;
        }
        let (title, before) = document.titles(at);
        let before = if before.is_empty() { String::new() } else { format!(" (← {})", escaped(&before)) };
        out += &format!("### {}{before}: {}\n\n", escaped(&title), document.fates(at));
        out += "| severity | change | old | new | fingerprint |\n|---|---|---|---|---|\n";
        for entry in entries {
            let [what, old, new] = match &entry.said.cells {
                Some([what, old, new, note]) => [format!("{what} {note}").trim_end().to_string(), old.clone(), new.clone()],
                None => [entry.said.text.clone(), String::new(), String::new()],
            };
            let cells = [what, old, new].map(|cell| escaped(&cell));
            out += &format!("| {} | {} | `{}` |\n", entry.change.severity.name(), cells.join(" | "), entry.change.fingerprint);
            if report.wanted.evidence {
                let quotes = |side: &[crate::diff::Held]| {
                    let quotes =
                        side.iter().filter_map(|held| held.fact.evidence.as_ref()).map(|e| escaped(&super::speech::tight(&e.text)));
                    quotes.collect::<Vec<_>>().join(" … ")
                };
                out += &format!("| | | {} | {} | |\n", quotes(&entry.change.old), quotes(&entry.change.new));
            }
        }
        out += "\n";
    }
    out
}

/// Text in which Markdown sees no sign of its own.
pub fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' | '|' | '*' | '_' | '`' | '[' | ']' | '<' | '>' | '#' | '~' => out.extend(['\\', c]),
            '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn no_sign_is_taken_for_markup() {
        assert_eq!(escaped("a|b\n<b>*c*_d_`e`"), "a\\|b \\<b\\>\\*c\\*\\_d\\_\\`e\\`");
    }
}
