//! What holds for every definition, whatever the document.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use zhinan::batch::MadeBy;
use zhinan::programme::SCHEMA;
use zhinan::source::Limits;
use zhinan::table::Tables;

use crate::support::{Lot, json, read, read_text, root, seeds};

/// Every evidence in a JSON value.
fn evidences<'v>(value: &'v Value, out: &mut Vec<&'v Value>) {
    match value {
        Value::Object(fields) => {
            if fields.contains_key("start") && fields.contains_key("text") {
                out.push(value);
            }
            fields.values().for_each(|v| evidences(v, out));
        }
        Value::Array(items) => items.iter().for_each(|v| evidences(v, out)),
        _ => {}
    }
}

fn span(evidence: &Value) -> (usize, usize) {
    let at = |key: &str| evidence[key].as_u64().expect("an offset") as usize;
    (at("start"), at("end"))
}

/// The code points of a seed and its definition.
fn both(seed: &Path) -> (Vec<char>, Value) {
    (std::fs::read_to_string(seed).expect("UTF-8").chars().collect(), json(&read(seed)))
}

/// Evidence is the source between its offsets. Gives how much there is.
fn is_grounded(text: &[char], definition: &Value) -> usize {
    let mut found = Vec::new();
    evidences(definition, &mut found);
    for evidence in &found {
        let (start, end) = span(evidence);
        let source: String = text[start..end].iter().collect();
        assert_eq!(evidence["text"].as_str(), Some(source.as_str()));
    }
    found.len()
}

/// Every Arabic digit is claimed or listed, and no number is listed twice.
fn accounts_for_digits(text: &[char], definition: &Value) {
    let mut found = Vec::new();
    evidences(definition, &mut found);
    let mut covered = vec![false; text.len()];
    for evidence in found {
        let (start, end) = span(evidence);
        covered[start..end].iter_mut().for_each(|c| *c = true);
    }
    let lost: Vec<usize> = (0..text.len()).filter(|i| text[*i].is_ascii_digit() && !covered[*i]).collect();
    let words: Vec<String> = lost.iter().map(|i| text[i.saturating_sub(8)..(i + 8).min(text.len())].iter().collect()).collect();
    assert!(lost.is_empty(), "{words:?}");
    let listed: Vec<(usize, usize)> = definition["unclaimed"].as_array().expect("a list").iter().map(span).collect();
    assert!(listed.windows(2).all(|two| two[0].1 < two[1].1), "{listed:?}");
}

#[test]
fn evidence_is_the_source_between_its_offsets() {
    for seed in seeds() {
        let (text, definition) = both(&seed);
        assert!(is_grounded(&text, &definition) > 100, "{}", seed.display());
    }
}

#[test]
fn every_arabic_digit_is_claimed_or_listed() {
    seeds().iter().map(|seed| both(seed)).for_each(|(text, definition)| accounts_for_digits(&text, &definition));
}

/// Lines of the seeds and examples of the tables in any order, with signs put in and words taken out: what nobody wrote.
fn damaged(lot: &mut Lot, lines: &[String]) -> String {
    const SIGNS: [&str; 24] = [
        "，", "。", "；", "：", "、", "（", "）", "《", "》", "“", "\n", "\n\n", "\t", " ", "　", "①", "一、", "1.", "2", "0", "-", "%",
        "|", "\u{c}",
    ];
    let mut text = "2025年度科技计划项目申报指南\n".to_string();
    for _ in 0..3 + lot.below(50) {
        let mut line: Vec<char> = lot.of(lines).chars().collect();
        for _ in 0..lot.below(4) {
            let at = lot.below(line.len());
            let end = (at + lot.below(8)).min(line.len());
            match lot.below(3) {
                0 => drop(line.drain(at..end)),
                1 => drop(line.splice(at..at, lot.of(&SIGNS).chars())),
                _ => line.extend_from_within(at..end),
            }
        }
        text.extend(line);
        let end = if lot.below(6) == 0 { *lot.of(&SIGNS) } else { "\n" };
        text.push_str(end);
    }
    text
}

#[test]
fn laws_hold_for_texts_that_nobody_wrote() {
    let tables = Tables::built_in().expect("the built-in tables load");
    let examples = tables.lines().flat_map(|row| row.take.iter()).chain(tables.rules.iter().flat_map(|rule| rule.take.iter()));
    let mut lines: Vec<String> = examples.map(|example| example.text.clone()).collect();
    for seed in seeds() {
        lines.extend(std::fs::read_to_string(seed).expect("UTF-8").lines().filter(|line| !line.is_empty()).map(str::to_string));
    }
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("the schema is a schema");
    let mut lot = Lot(1);
    for _ in 0..TEXTS {
        let text = damaged(&mut lot, &lines);
        // Shown where one of them breaks a law.
        println!("{text}\u{c}");
        let (chars, definition): (Vec<char>, Value) = (text.chars().collect(), json(&read_text(&text)));
        is_grounded(&chars, &definition);
        accounts_for_digits(&chars, &definition);
        let errors: Vec<String> = validator.iter_errors(&definition).map(|e| format!("{}: {e}", e.instance_path)).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let programmes = definition["programmes"].as_array().expect("programmes");
        let ids: BTreeSet<&str> = programmes.iter().map(|p| p["id"].as_str().expect("an id")).collect();
        assert_eq!(ids.len(), programmes.len());
        assert!(programmes.iter().all(|p| p["parent"].as_str().map_or(p["id"] == "/", |parent| ids.contains(parent))));
    }
}

/// So many texts are drawn.
const TEXTS: usize = 400;

/// A sentence that is cut for its length is cut beside no number, nor between a number and the word that bounds it.
#[test]
fn a_sentence_without_end_is_read() {
    for words in ["3年内", "不超过3万元", "2026年5月1日前", "50%以上"] {
        let text = format!("2025年度科技计划项目申报指南\n一、申报要求\n{}\n", words.repeat(4000));
        accounts_for_digits(&text.chars().collect::<Vec<_>>(), &json(&read_text(&text)));
    }
}

#[test]
fn a_number_beside_another_is_listed() {
    let head = "2025年度科技计划项目申报指南\n企业和单位均可申报科研项目。\n";
    for (body, listed) in [
        ("附件：1．2025年度项目指南", ["1", "2025年度"].as_slice()),
        ("发布时间：2025-05-19 15:24:36", &["15:24:36"]),
        ("序号\t代码\t项目名称\t经费（万元）\n1\t1101\t人工智能\t50\n合计\t2\t3\t50", &["1101", "2", "3"]),
    ] {
        let text = format!("{head}{body}\n");
        let definition = json(&read_text(&text));
        accounts_for_digits(&text.chars().collect::<Vec<_>>(), &definition);
        let unclaimed = definition["unclaimed"].as_array().expect("a list").iter();
        let numbers: Vec<&str> = unclaimed.filter_map(|number| number["text"].as_str()).collect();
        assert_eq!(numbers, listed, "{body}");
    }
}

#[test]
fn no_number_of_a_seed_is_unknown() {
    for seed in seeds() {
        let definition = read(&seed).definition;
        let unknown: Vec<_> = definition.unclaimed.iter().filter(|u| u.reason == "unknown").collect();
        assert!(unknown.is_empty(), "{}: {unknown:?}", seed.display());
    }
}

#[test]
fn definitions_obey_the_published_schema() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("the schema is a schema");
    let novel = read_text("从前有座山，山里有座庙。").definition;
    let definitions = seeds().iter().map(|seed| json(&read(seed))).chain([serde_json::to_value(novel).expect("JSON")]).collect::<Vec<_>>();
    for definition in definitions {
        let errors: Vec<String> = validator.iter_errors(&definition).map(|e| format!("{}: {e}", e.instance_path)).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", definition["source"]["file"]);
    }
    let committed =
        std::fs::read_to_string(root("extracted/schema/programme-definition-1.0.json")).expect("the schema beside the definitions");
    assert_eq!(committed, SCHEMA, "run: cargo run -- schema -o extracted/schema/programme-definition-1.0.json");
}

#[test]
fn the_committed_definitions_are_those_of_this_program() {
    for seed in seeds() {
        let name = seed.file_stem().expect("a name").to_string_lossy().into_owned();
        let committed = std::fs::read(root(&format!("extracted/{name}.json"))).expect("a committed definition");
        assert!(committed == read(&seed).json, "extracted/{name}.json is stale; run: cargo run --release -- batch seeds extracted");
    }
}

/// So that a batch on a fresh checkout changes nothing.
#[test]
fn the_committed_index_is_that_of_this_program() {
    let index: Value = serde_json::from_str(&std::fs::read_to_string(root("extracted/index.json")).expect("an index")).expect("JSON");
    let this = serde_json::to_value(MadeBy::this(&Tables::built_in_digest(), &Limits::default())).expect("JSON");
    let made_by: Vec<&Value> = index["made_by"].as_object().expect("an object").values().collect();
    assert!(made_by == [&this], "extracted/index.json is stale; run: cargo run --release -- batch seeds extracted");
    let hash = |path: &Path| zhinan::store::sha256(path).expect("a file").to_string();
    for seed in seeds() {
        let name = seed.file_name().expect("a name").to_string_lossy().into_owned();
        let entry = &index["documents"][&name];
        assert_eq!(entry["sha256"], hash(&seed), "{name}");
        for (output, sha256) in entry["outputs"].as_object().expect("an object") {
            assert_eq!(*sha256, hash(&root("extracted").join(output)), "{output}");
        }
    }
}

#[test]
fn the_digest_does_not_depend_on_the_program() {
    let definition = read_text("2026年度项目申报指南\n每项支持经费不超过60万元，企业和单位均可申报科研项目。").definition;
    let mut other = definition.clone();
    other.generator.version = "9.9.9".into();
    assert_eq!(zhinan::programme::digest(&definition), zhinan::programme::digest(&other));
    other.year = Some(1999);
    assert_ne!(zhinan::programme::digest(&definition), zhinan::programme::digest(&other));
}

/// Other line ends and other forms of the same characters change no fact.
#[test]
fn layout_changes_no_value() {
    let plain = "2026年度项目申报指南\n一、资金支持方式\n国际合作项目每项支持经费不超过60万元，企业、高校和科研单位均可申报。\n二、实施周期\n项目执行期2年。\n";
    let values = |text: &str| {
        let definition = json(&read_text(text));
        let root = definition["programmes"][0].clone();
        (root["funding"][0]["max"].clone(), root["period"][0]["max_months"].clone(), definition["title"].clone())
    };
    let expected = values(plain);
    assert_eq!(expected.0, 600000);
    for changed in [
        plain.replace('\n', "\r\n"),
        plain.replace("60", "６０").replace("2年", "２年"),
        plain.replace('\n', "\n\n"),
        plain.replace("60", " 60 "),
    ] {
        let (grant, months, _) = values(&changed);
        assert_eq!((grant, months), (expected.0.clone(), expected.1.clone()), "{changed}");
    }
}

#[test]
fn what_is_no_guideline_gives_no_fact() {
    let novel = "那一年冬天，他花了三百元买了两张票，坐了二十个小时的火车回到四川老家。\n门口的树有五米高，他想起1985年的事。\n".repeat(20);
    let english = "This page lists 12 recipes. Mix 200 g of flour with 3 eggs and bake for 45 minutes at 180 degrees.\n".repeat(20);
    for text in ["\n\n", &novel, &english] {
        let definition = read_text(text).definition;
        assert_eq!(definition.programmes.len(), 1, "{text:.40}");
        assert!(definition.programmes[0].facts().iter().all(|(_, facts)| facts.is_empty()), "{text:.40}");
        assert_eq!(definition.findings[0].kind, "no_guideline", "{text:.40}");
    }
}

/// Knowledge is in the tables: no Chinese character in the code, outside comments and tests.
#[test]
fn code_holds_no_chinese() {
    for entry in walkdir::WalkDir::new(root("src")).into_iter().map(|e| e.expect("an entry")) {
        if entry.path().extension().is_none_or(|e| e != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).expect("UTF-8");
        let code = text.split("#[cfg(test)]").next().unwrap_or("");
        for (number, line) in code.lines().enumerate() {
            let line = line.split("//").next().unwrap_or("");
            let chinese = line.chars().any(|c| matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{FF00}'..='\u{FFEF}'));
            // Nor one in disguise: an escape in a stage is a word of a table; the ends of a range are not, nor is help text.
            let escapes = line.split("\\u{").skip(1).filter_map(|rest| u32::from_str_radix(rest.split('}').next()?, 16).ok());
            let disguised = !line.contains("..=") && escapes.filter_map(char::from_u32).any(zhinan::sign::is_han);
            let chinese = chinese || disguised && !entry.path().starts_with(root("src/cli"));
            assert!(!chinese, "{}:{}: {line}", entry.path().display(), number + 1);
        }
    }
}

/// The list of tables in the program is the folder.
#[test]
fn every_table_is_built_in() {
    let mut files: Vec<String> = walkdir::WalkDir::new(root("patterns"))
        .into_iter()
        .map(|e| e.expect("an entry"))
        .filter(|e| e.file_type().is_file())
        .map(|e| e.path().strip_prefix(root("patterns")).expect("below").to_string_lossy().replace('\\', "/"))
        .collect();
    files.sort();
    let mut built_in: Vec<String> = zhinan::table::FILES.iter().map(|(name, _)| name.to_string()).collect();
    built_in.sort();
    assert_eq!(files, built_in);
}

/// The example of the README is what the program gives.
#[test]
fn the_readme_shows_what_the_program_gives() {
    let readme = std::fs::read_to_string(root("README.md")).expect("README.md");
    let block = |kind: &str| {
        let (_, rest) = readme.split_once(&format!("```{kind}\n")).expect("a block");
        rest.split_once("```").expect("its end").0.to_string()
    };
    let shown: Value = serde_json::from_str(&block("json")).expect("the block is JSON");
    let call = json(&read_text(&block("text")))["programmes"][0].clone();
    assert_eq!((&call["funding"], &call["period"]), (&shown["funding"], &shown["period"]));
}
