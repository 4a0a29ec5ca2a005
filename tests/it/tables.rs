//! A table that is wrong in any way refuses to load, and says where and why.

use std::path::Path;

use zhinan::error::{Error, Result};
use zhinan::table::{FILES, Tables};

/// The built-in tables with `change` made to `file`.
fn load(file: &str, change: impl Fn(&str) -> String) -> Result<Tables> {
    let text = |path: &Path| {
        let name = FILES.iter().find(|(name, _)| path.ends_with(name)).expect("a table");
        Ok(if name.0 == file { change(name.1) } else { name.1.to_string() })
    };
    Tables::from_folder(Path::new("tables"), text)
}

fn with_row(row: &str) -> String {
    let error = load("money.toml", |text| format!("{text}\n{row}\n")).expect_err("the row is wrong");
    assert!(matches!(error, Error::Table { ref file, line, .. } if file == "money.toml" && line > 0), "{error}");
    error.to_string()
}

fn row(matches: &str, rest: &str) -> String {
    format!("[[rule]]\nid = \"x/y\"\nsays = \"z\"\nmatch = '{matches}'\n{rest}")
}

const GOOD: &str = "gives = { fact = \"funding\" }\ntake = [{ text = \"a\" }]";

#[test]
fn the_tables_as_they_are_load() {
    load("money.toml", str::to_string).expect("unchanged");
}

#[test]
fn a_wrong_row_is_named_with_its_reason() {
    for (row, reason) in [
        (row("{money}", "colour = 1\ngives = { fact = \"funding\" }\ntake = [{ text = \"a\" }]"), "unknown field `colour`"),
        (row("{nowhere}{money}", GOOD), "no fragment or list is called \"nowhere\""),
        (row("(?P<whose>a){money}", GOOD), "no group is called \"whose\""),
        (row("{money}(", GOOD), "unclosed group"),
        (row("{money}{percent}", GOOD), "a rule reads one slot"),
        (row("{money}", "gives = { fact = \"funding\" }\ntake = []"), "at least one example"),
        (row("{money}", "gives = { }\ntake = [{ text = \"a\" }]"), "exactly one thing, not 0"),
        (row("{money}", "gives = { fact = \"wages\" }\ntake = [{ text = \"a\" }]"), "unknown variant `wages`"),
    ] {
        let message = with_row(&row);
        assert!(message.contains(reason), "{message}");
    }
}

#[test]
fn a_wrong_list_is_named_with_its_reason() {
    for (file, row, reason) in [
        ("lexicon/word.toml", "[[words]]\nname = \"empty\"\nwords = []", "an empty list"),
        ("lexicon/word.toml", "[[words]]\nname = \"verb\"\nwords = [\"a\"]", "a second one of this name"),
        ("lexicon/unit.toml", "[[unit]]\nkind = \"money\"\nwords = [\"a\"]", "money needs a currency"),
        ("lexicon/bound.toml", "[[bound]]\nwords = [\"a\"]\nside = \"above\"\ngives = \"floor\"", "side is before or after"),
        (
            "lexicon/number-format.toml",
            "[[number_format]]\nnames = [\"x\"]\nkind = \"counting\"\nsigns = \"ab\"\ntake = [{ number = 1, text = \"a\" }]",
            "a counting format has ten signs",
        ),
        (
            "lexicon/number-format.toml",
            "[[number_format]]\nnames = [\"decimal\"]\nkind = \"ordinal\"\ntake = [{ number = 1, text = \"1st\" }]",
            "a second format called \"decimal\"",
        ),
        ("lexicon/symbol.toml", "[[symbol]]\nfonts = [\"x\"]\nsigns = [\"zz\"]", "a code, a space and a character"),
        ("lexicon/country.toml", "[[union]]\nnames = [\"a\"]\ncodes = [\"XX\"]", "a code that no country row has"),
    ] {
        let error = load(file, |text| format!("{text}\n{row}\n")).expect_err(row).to_string();
        assert!(error.starts_with(file) && error.contains(reason), "{error}");
    }
}

/// A row may load and still be dead: a metric that the schema lacks, a class that no heading gives, a unit that no list has.
#[test]
fn the_proof_finds_words_of_no_vocabulary() {
    let row = "[[rule]]\nid = \"x/y\"\nsays = \"z\"\nmatch = '{quantity}'\nunder = [\"nowhere\"]\nunits = [\"parsec\"]\ngives = { fact = \"kpis\", counts = \"bogus\" }\ntake = [{ text = \"a\" }]";
    let tables = load("count.toml", |text| format!("{text}\n{row}\n")).expect("the row loads");
    let reader = zhinan::pipeline::Reader::new(Box::leak(Box::new(tables)));
    let failures: Vec<String> = zhinan::proof::check(&reader).into_iter().filter(|f| f.id == "x/y").map(|f| f.what).collect();
    for reason in [
        "no heading row gives the class \"nowhere\"",
        "the lexicon has no unit \"parsec\"",
        "the schema has no word \"bogus\"",
        "does not take",
    ] {
        assert!(failures.iter().any(|what| what.contains(reason)), "{reason}: {failures:?}");
    }
}

#[test]
fn the_proof_finds_a_number_that_is_written_otherwise() {
    let row = "[[number_format]]\nnames = [\"x\"]\nkind = \"ordinal\"\ntake = [{ number = 2, text = \"2th\" }]";
    let tables = load("lexicon/number-format.toml", |text| format!("{text}\n{row}\n")).expect("the row loads");
    let reader = zhinan::pipeline::Reader::new(Box::leak(Box::new(tables)));
    let failures: Vec<String> = zhinan::proof::check(&reader).into_iter().filter(|f| f.id == "x").map(|f| f.what).collect();
    assert_eq!(failures, ["writes 2 as \"2nd\", not as \"2th\""]);
}
