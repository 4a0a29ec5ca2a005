//! The score on the gold: it never falls below the floor that is committed, and it is counted as the reference counts.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use zhinan::eval::{Level, Row, Scores, score, table};

use crate::support::{json as definition, read, root};

const FLOOR: &str = "tests/gold/floor.json";

fn load(path: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(root(path)).expect(path)).expect(path)
}

fn scores() -> Scores {
    let mut total = Scores::default();
    for name in ["000_4ebe0496e858fcfb", "002_13e0d3101035d3a0", "004_5e11297212fef05d"] {
        let predicted = definition(&read(&root(&format!("seeds/{name}.txt"))));
        total.add(&score(&predicted, &load(&format!("tests/gold/{name}.json")), name, &mut vec![]));
    }
    total
}

fn rows(scores: &Scores) -> BTreeMap<&'static str, Row> {
    scores.kinds().chain([("core", scores.core()), ("all", scores.all())]).collect()
}

fn digits(value: f64) -> f64 {
    (value * 1000.0).floor() / 1000.0
}

/// `RAISE_FLOOR=1 cargo test --test it floor` writes the scores of today into the floor file.
#[test]
fn no_kind_falls_below_the_floor() {
    let scores = scores();
    let now: BTreeMap<&str, Value> = rows(&scores)
        .into_iter()
        .map(|(kind, row)| (kind, Level::ALL.iter().map(|l| (l.name().to_string(), json!(digits(row.f1(*l))))).collect()))
        .collect();
    if std::env::var_os("RAISE_FLOOR").is_some() {
        let text = serde_json::to_string_pretty(&now).expect("JSON") + "\n";
        std::fs::write(root(FLOOR), text).expect("the floor file can be written");
    }
    let floor = load(FLOOR);
    for (kind, row) in rows(&scores) {
        for level in Level::ALL {
            let least = floor[kind][level.name()].as_f64().unwrap_or_else(|| panic!("{FLOOR} has no {kind} {}", level.name()));
            let f1 = row.f1(level);
            assert!(f1 + 1e-9 >= least, "{kind} at {}: {f1:.3} is below {least:.3}\n{}", level.name(), table(&scores));
        }
    }
}

/// The counts and F1 of the reference script on one prediction full of mistakes, as it printed them.
#[test]
fn the_score_is_that_of_the_reference() {
    let expected = load("tests/data/eval/reference.json");
    let scores = score(&load("tests/data/eval/prediction.json"), &load("tests/gold/000_4ebe0496e858fcfb.json"), "000", &mut vec![]);
    for (kind, row) in rows(&scores) {
        let reference = &expected[kind];
        assert_eq!((json!(row.gold), json!(row.pred)), (reference["gold"].clone(), reference["pred"].clone()), "{kind}");
        for level in Level::ALL {
            assert_eq!(format!("{:.3}", row.f1(level)), reference[level.name()].as_str().unwrap_or(""), "{kind} at {}", level.name());
        }
    }
}

/// Issuers are no part of the score.
#[test]
fn the_issuers_are_those_of_the_gold() {
    for name in ["000_4ebe0496e858fcfb", "002_13e0d3101035d3a0", "004_5e11297212fef05d"] {
        let predicted = definition(&read(&root(&format!("seeds/{name}.txt"))));
        assert_eq!(predicted["issuers"], load(&format!("tests/gold/{name}.json"))["issuers"], "{name}");
    }
}
