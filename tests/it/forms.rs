//! One call in many forms: what is read does not depend on the form that it came in. The files of `tests/data/forms` are made from
//! the seeds by the script beside them.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::support::{READER, json, read, root, seeds};

/// Everything that a definition states, evidence and rules left out, and how often it is said.
type Stated = BTreeMap<String, usize>;

fn stated(definition: &Value) -> Stated {
    let mut out = Stated::new();
    let mut say = |words: String| *out.entry(words).or_default() += 1;
    for field in ["title", "issuers", "document_number", "year", "published_on"] {
        say(format!("{field} {}", definition[field]));
    }
    for programme in definition["programmes"].as_array().expect("programmes") {
        say(format!("programme {} {}", programme["id"], programme["number"]));
        for (array, facts) in programme.as_object().expect("an object") {
            for fact in facts.as_array().into_iter().flatten() {
                say(format!("{} {array} {}", programme["id"], bare(fact)));
            }
        }
    }
    out
}

/// A fact without where it stands. White space may be where a line ended.
fn bare(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(key, _)| !matches!(key.as_str(), "evidence" | "rule"));
            Value::Object(kept.map(|(key, value)| (key.clone(), bare(value))).collect())
        }
        Value::Array(items) => items.iter().map(bare).collect(),
        Value::String(words) => words.chars().filter(|c| !c.is_whitespace()).collect::<String>().into(),
        other => other.clone(),
    }
}

/// The share of what either states that both state, and what only one of them does.
fn agreement(one: &Stated, other: &Stated) -> (f64, Vec<String>) {
    let count = |stated: &Stated| stated.values().sum::<usize>();
    let both: usize = one.iter().map(|(words, n)| *n.min(other.get(words).unwrap_or(&0))).sum();
    let differs = |(words, n): &(&String, &usize)| one.get(*words) != other.get(*words) && **n > 0;
    let apart = one.iter().chain(other).filter(differs).map(|(words, _)| words.clone()).collect();
    (both as f64 / count(one).max(count(other)) as f64, apart)
}

fn is_the_same(seed: &Path, form: &str, bytes: &[u8]) {
    let reading = READER.read(Path::new(form), bytes).unwrap_or_else(|e| panic!("{}: {e}", seed.display()));
    let (_, apart) = agreement(&stated(&json(&read(seed))), &stated(&json(&reading)));
    assert!(apart.is_empty(), "{} as {form}: {apart:#?}", seed.display());
}

fn text(seed: &Path) -> String {
    std::fs::read_to_string(seed).expect("UTF-8")
}

#[test]
fn line_ends_gaps_widths_and_encodings_change_nothing() {
    for seed in seeds() {
        let text = text(&seed);
        is_the_same(&seed, "crlf.txt", text.replace('\n', "\r\n").as_bytes());
        is_the_same(&seed, "doubled.txt", text.replace('\n', "\n\n").as_bytes());
        let blank_lines_doubled: String =
            text.split_inclusive('\n').map(|l| if l.trim().is_empty() { l.repeat(2) } else { l.into() }).collect();
        is_the_same(&seed, "blank.txt", blank_lines_doubled.as_bytes());
        let wide = |c: char| if c.is_ascii_digit() { char::from_u32(c as u32 + 0xFEE0).unwrap_or(c) } else { c };
        is_the_same(&seed, "wide.txt", text.chars().map(wide).collect::<String>().as_bytes());
        is_the_same(&seed, "gb18030.txt", &encoding_rs::GB18030.encode(&text).0);
        is_the_same(&seed, "mark.txt", format!("\u{FEFF}{text}").as_bytes());
        let utf_16: Vec<u8> = std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        is_the_same(&seed, "utf-16.txt", &utf_16);
    }
}

/// The paragraphs as the program sees them, wrapped after so many characters, or not at all.
#[test]
fn wrapping_changes_nothing() {
    for seed in seeds() {
        let reading = read(&seed);
        let paragraphs: Vec<String> = reading.normalised.paragraphs().map(|p| reading.normalised.words(p)).collect();
        let plain = READER.read(Path::new("plain.txt"), paragraphs.join("\n").as_bytes()).expect("text");
        let plain = stated(&json(&plain));
        for width in [30, 38, 45, usize::MAX] {
            let wrapped: Vec<String> = paragraphs.iter().map(|p| wrap(p, width)).collect();
            let reading = READER.read(Path::new("wrapped.txt"), wrapped.join("\n").as_bytes()).expect("text");
            let (share, apart) = agreement(&plain, &stated(&json(&reading)));
            assert!(share >= 0.99, "{} at {width}: {share} {apart:#?}", seed.display());
        }
    }
}

fn wrap(paragraph: &str, width: usize) -> String {
    let chars: Vec<char> = paragraph.chars().collect();
    chars.chunks(width.min(chars.len().max(1))).map(|line| line.iter().collect::<String>()).collect::<Vec<_>>().join("\n")
}

#[test]
fn word_pdf_and_web_page_say_what_the_text_says() {
    for seed in seeds() {
        let name = seed.file_stem().expect("a name").to_string_lossy().into_owned();
        let number = name.split('_').next().expect("a number").to_string();
        let wanted = stated(&json(&read(&seed)));
        for form in ["docx", "pdf", "html"] {
            let path = root(&format!("tests/data/forms/{number}.{form}"));
            let reading = read(&path);
            let definition = json(&reading);
            let (share, apart) = agreement(&wanted, &stated(&definition));
            assert!(share >= 0.99, "{}: {share} {apart:#?}", path.display());
            let text: Vec<char> = reading.text.as_ref().expect("the text of a layout").chars().collect();
            is_grounded(&definition, &text, form == "pdf");
        }
    }
}

/// Every evidence is the decoded text between its offsets, and has a page where there are pages.
fn is_grounded(value: &Value, text: &[char], has_pages: bool) {
    if let (Some(start), Some(end), Some(words)) = (value["start"].as_u64(), value["end"].as_u64(), value["text"].as_str()) {
        assert_eq!(text[start as usize..end as usize].iter().collect::<String>(), words);
        let breaks = text[..start as usize].iter().filter(|c| **c == '\u{c}').count() as u64;
        let is_evidence = value.get("reason").is_none() && value.get("kind").is_none();
        assert_eq!(value["page"].as_u64(), (has_pages && is_evidence).then_some(breaks + 1), "{words}");
    }
    let inside: Vec<&Value> = match value {
        Value::Object(fields) => fields.values().collect(),
        Value::Array(items) => items.iter().collect(),
        _ => vec![],
    };
    inside.into_iter().for_each(|value| is_grounded(value, text, has_pages));
}
