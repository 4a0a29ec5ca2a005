//! The comparison of two calls: the whole truth of one real pair, and what each part of the output and the command line does.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};
use zhinan::diff::SCHEMA;

use crate::cli::{code, err, out};
use crate::support::root;

const OLD: &str = "extracted/001_5dc6a2f46d4571d8.json";
const NEW: &str = "extracted/000_4ebe0496e858fcfb.json";

#[derive(Deserialize)]
struct Truth {
    old: String,
    new: String,
    programme: Vec<TruePair>,
    change: Vec<TrueChange>,
}

#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct TruePair {
    kinds: Vec<String>,
    #[serde(default)]
    outside: bool,
    old: Vec<String>,
    new: Vec<String>,
}

#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct TrueChange {
    at: String,
    severity: String,
    text: String,
}

fn diff(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zhinan"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).arg("diff").args(args).output().expect("the program starts")
}

fn as_json(args: &[&str]) -> Value {
    let output = diff(&[args, &["--format", "json"]].concat());
    serde_json::from_str(out(&output)).unwrap_or_else(|e| panic!("{args:?}: {e}: {}", err(&output)))
}

fn load(path: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(root(path)).expect(path)).expect("JSON")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a temporary path is UTF-8")
}

/// A folder with a definition and a changed copy of it.
fn changed(path: &str, change: impl Fn(&mut Value)) -> (TempDir, [String; 2]) {
    let folder = tempdir().expect("a folder");
    let mut definition = load(path);
    let paths = ["old.json", "new.json"].map(|name| folder.path().join(name));
    fs::write(&paths[0], definition.to_string()).unwrap();
    change(&mut definition);
    fs::write(&paths[1], definition.to_string()).unwrap();
    let names = paths.map(|path| text(&path).to_string());
    (folder, names)
}

fn strings<'v>(list: &'v Value, key: &str) -> Vec<&'v str> {
    list.as_array().expect("a list").iter().map(|item| item[key].as_str().expect(key)).collect()
}

fn listed(value: &Value) -> Vec<String> {
    value.as_array().expect("a list").iter().map(|item| item.as_str().expect("a word").to_string()).collect()
}

#[test]
fn the_whole_truth_of_a_real_pair() {
    let file = fs::read_to_string(root("tests/data/diff/2024-2026.toml")).expect("the truth");
    let truth: Truth = toml::from_str(&file).expect("the truth is TOML");
    let found = as_json(&[&truth.old, &truth.new, "--wording"]);
    let compared = &found["comparisons"][0];
    let title = |path: &str, id: &Value| -> Option<String> {
        let definition = load(path);
        let programmes = definition["programmes"].as_array()?.clone();
        programmes.iter().find(|p| p["id"] == *id).map(|p| p["title"].as_str().unwrap_or_default().to_string())
    };
    let changes = compared["changes"].as_array().expect("changes").iter().map(|change| TrueChange {
        at: title(&truth.new, &change["programme"]["new"]).or_else(|| title(&truth.old, &change["programme"]["old"])).expect("a programme"),
        severity: change["severity"].as_str().expect("a severity").into(),
        text: change["text"].as_str().expect("a text").into(),
    });
    let (found, wanted): (BTreeSet<TrueChange>, BTreeSet<TrueChange>) = (changes.collect(), truth.change.into_iter().collect());
    assert_eq!(found.difference(&wanted).collect::<Vec<_>>(), Vec::<&TrueChange>::new(), "told, and not so");
    assert_eq!(wanted.difference(&found).collect::<Vec<_>>(), Vec::<&TrueChange>::new(), "so, and not told");
    let pairs = compared["programmes"].as_array().expect("programmes").iter().map(|pair| TruePair {
        kinds: listed(&pair["kinds"]),
        outside: pair["outside"] == true,
        old: listed(&pair["old"]),
        new: listed(&pair["new"]),
    });
    let mut pairs: Vec<TruePair> = pairs.collect();
    let mut wanted = truth.programme;
    pairs.sort();
    wanted.sort();
    assert_eq!(pairs, wanted);
}

/// What did not change is known, and shown when asked for.
#[test]
fn what_stayed_the_same_is_shown_when_asked_for() {
    let output = diff(&[OLD, NEW, "--unchanged"]);
    assert!(out(&output).lines().any(|line| line.trim() == "=          technologies 40"), "{}", out(&output));
    assert!(!out(&diff(&[OLD, NEW])).contains("technologies 40"));
}

#[test]
fn every_output_obeys_the_published_schema() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("the schema is a schema");
    let committed = fs::read_to_string(root("extracted/schema/diff-1.0.json")).expect("the schema beside the definitions");
    assert_eq!(committed, SCHEMA, "run: cargo run -- schema diff -o extracted/schema/diff-1.0.json");
    let printed = Command::new(env!("CARGO_BIN_EXE_zhinan")).args(["schema", "diff"]).output().expect("the program starts");
    assert_eq!(out(&printed), SCHEMA);
    for args in [&[OLD, NEW, "--wording", "--unchanged"][..], &[OLD, OLD], &["extracted", "extracted"], &["--series", "extracted"]] {
        let found = as_json(args);
        let errors: Vec<String> = validator.iter_errors(&found).map(|e| format!("{}: {e}", e.instance_path)).collect();
        assert!(errors.is_empty(), "{args:?}: {errors:#?}");
    }
    for wrong in [json!({}), json!({"schema_version": "1.0.0", "comparisons": []})] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
}

#[test]
fn exit_codes_are_those_of_diff() {
    let folder = tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        text_of(&path)
    };
    fn text_of(path: &Path) -> String {
        path.to_str().unwrap().to_string()
    }
    let newer = file("newer.json", r#"{"schema_version": "2.1.0", "programmes": 7}"#);
    let none = file("none.json", "[]");
    let accept = file("accept.toml", "[[accept]]\nfingerprint = \"0123456789abcdef\"\n");
    for (args, exit, words) in [
        (&[OLD, OLD][..], 0, ""),
        (&[OLD, NEW], 1, ""),
        (&[OLD, NEW, "--fail-on", "extraction"], 0, ""),
        (&[OLD, NEW, "--fail-on", "calendar,policy"], 1, ""),
        (&[OLD, NEW, "--severity", "extraction"], 0, ""),
        (&["extracted", "extracted"], 0, ""),
        (&["--series", "extracted"], 0, ""),
        (&[OLD], 2, "required"),
        (&[OLD, NEW, "--severity", "loud"], 2, "invalid value"),
        (&[OLD, "extracted"], 2, "a folder is compared with a folder"),
        (&[OLD, "gone.json"], 2, "gone.json: cannot read: "),
        (&[OLD, &none], 2, "none.json: no definition"),
        (&[OLD, &newer], 2, "newer.json: schema 2.1.0 is of a newer major version than 1.0.0"),
        (&[OLD, NEW, "--accept", &accept], 2, "accept.toml:1: accept: 0123456789abcdef is accepted without a reason"),
        (&[OLD, NEW, "--match", "a=b"], 2, "two ids that begin with /"),
        (&[OLD, NEW, "--match", "/区域创新=/"], 2, "no programme of the old call is called /区域创新; near ones: /区域创新合作,"),
        (&["extracted", "extracted", "--match", "/=/"], 2, "not for folders"),
    ] {
        let output = diff(args);
        assert_eq!(code(&output), exit, "{args:?}: {}", err(&output));
        assert!(err(&output).contains(words), "{args:?}: {}", err(&output));
    }
}

#[test]
fn severities_are_filtered() {
    let all = as_json(&[OLD, NEW]);
    let only = as_json(&[OLD, NEW, "--severity", "calendar"]);
    let changes = &only["comparisons"][0]["changes"];
    assert_eq!(strings(changes, "severity"), ["calendar", "calendar"]);
    assert_eq!(strings(changes, "field"), ["year", "period"]);
    assert_eq!(only["comparisons"][0]["counts"], all["comparisons"][0]["counts"], "what is hidden is counted");
}

#[test]
fn a_reviewed_change_is_silent_until_it_goes_stale() {
    let found = as_json(&[OLD, NEW, "--severity", "calendar"]);
    let prints = strings(&found["comparisons"][0]["changes"], "fingerprint").into_iter().map(String::from).collect::<Vec<_>>();
    let folder = tempdir().unwrap();
    let path = folder.path().join("accept.jsonl");
    let entry = |print: &str| json!({"fingerprint": print, "reason": "the plan of the year"}).to_string() + "\n";
    let file: String = prints.iter().map(|print| entry(print)).collect::<String>() + &entry("00000000000000ff");
    fs::write(&path, file).unwrap();
    let output = diff(&[OLD, NEW, "--severity", "calendar", "--accept", text(&path)]);
    assert_eq!(code(&output), 0, "{}", out(&output));
    assert!(out(&output).contains("2 accepted"), "{}", out(&output));
    assert!(err(&output).contains("stale: no change has the accepted fingerprint 00000000000000ff (the plan of the year)"));
    let found = as_json(&[OLD, NEW, "--accept", text(&path)]);
    assert_eq!(found["stale"], json!([{"fingerprint": "00000000000000ff", "reason": "the plan of the year"}]));
    assert_eq!(found["comparisons"][0]["accepted"], 2);
}

/// Other tables, another program, other offsets: the same fingerprints.
#[test]
fn fingerprints_last() {
    let (_folder, [_, new]) = changed(NEW, |definition| {
        definition["generator"]["version"] = json!("9.9.9");
        definition["generator"]["patterns"] = json!("other");
        definition["digest"] = json!("other");
        for programme in definition["programmes"].as_array_mut().unwrap() {
            for list in ["funding", "period", "kpis", "conditions", "countries", "contacts", "topics"] {
                for fact in programme[list].as_array_mut().unwrap() {
                    fact["evidence"]["start"] = json!(fact["evidence"]["start"].as_u64().unwrap() + 7);
                    fact["evidence"]["end"] = json!(fact["evidence"]["end"].as_u64().unwrap() + 7);
                    if fact.get("rule").is_some() {
                        fact["rule"] = json!("other/rule");
                    }
                }
            }
        }
    });
    let prints = |new: &str| -> BTreeSet<String> {
        let found = as_json(&[OLD, new, "--severity", "policy,calendar,structure,extraction"]);
        strings(&found["comparisons"][0]["changes"], "fingerprint").into_iter().map(String::from).collect()
    };
    let (before, after) = (prints(NEW), prints(&new));
    assert_eq!(before.len(), 34);
    assert_eq!(before, after);
}

/// The same source read by other tables: our reading changed, not the policy.
#[test]
fn a_corrected_reading_is_no_policy() {
    let grant = |definition: &mut Value| definition["programmes"][7]["funding"][0]["max"] = json!(990000);
    let severities = |paths: &[String; 2]| {
        let found = as_json(&[&paths[0], &paths[1]]);
        strings(&found["comparisons"][0]["changes"], "severity").into_iter().map(String::from).collect::<Vec<_>>()
    };
    let (_one, by_hand) = changed(NEW, grant);
    assert_eq!(severities(&by_hand), ["policy"]);
    let (_two, other_tables) = changed(NEW, |definition| {
        grant(definition);
        definition["generator"]["patterns"] = json!("other");
    });
    assert_eq!(severities(&other_tables), ["extraction"]);
    // Another source with the same words, other tables.
    let (_three, other_source) = changed(NEW, |definition| {
        grant(definition);
        definition["generator"]["patterns"] = json!("other");
        definition["source"]["sha256"] = json!("other");
    });
    assert_eq!(severities(&other_source), ["extraction"]);
    // Another source with other words, other tables.
    let (_four, policy) = changed(NEW, |definition| {
        grant(definition);
        definition["programmes"][7]["funding"][0]["evidence"]["text"] = json!("不超过99万元");
        definition["generator"]["patterns"] = json!("other");
        definition["source"]["sha256"] = json!("other");
    });
    assert_eq!(severities(&policy), ["policy"]);
    // The same words, but what they leave out stands around them: without the texts nobody can tell.
    let (_five, terms) = changed(NEW, |definition| {
        definition["programmes"][7]["funding"][0]["except"] = json!(["小型项目除外"]);
        definition["generator"]["patterns"] = json!("other");
        definition["source"]["sha256"] = json!("other");
    });
    assert_eq!(severities(&terms), ["policy"]);
}

#[test]
fn a_match_can_be_forced() {
    let (old, new) = ("/区域创新合作", "/外资企业联合研发项目");
    let found = as_json(&[OLD, NEW, "--match", &format!("{old}={new}")]);
    let pairs = found["comparisons"][0]["programmes"].as_array().unwrap();
    let pair = pairs.iter().find(|pair| pair["new"] == json!([new])).expect("the pair");
    assert_eq!((&pair["old"], &pair["kinds"]), (&json!([old]), &json!(["renamed", "moved", "changed"])));
    let twice = ["--match", &format!("{old}={new}"), "--match", "/省院省校科技合作重点研发=/外资企业联合研发项目"];
    let found = as_json(&[&[OLD, NEW][..], &twice].concat());
    let pairs = found["comparisons"][0]["programmes"].as_array().unwrap();
    let pair = pairs.iter().find(|pair| pair["new"] == json!([new])).expect("the pair");
    assert_eq!(pair["old"], json!([old, "/省院省校科技合作重点研发"]));
    assert_eq!(pair["kinds"][0], "merged");
}

#[test]
fn older_minor_versions_are_read() {
    let (_folder, [old, new]) = changed(NEW, |definition| {
        for key in ["findings", "unclaimed", "checks", "evidence", "published_on", "document_number"] {
            definition.as_object_mut().unwrap().remove(key);
        }
        definition["schema_version"] = json!("1.7.3");
        definition["later_field"] = json!({"a": 1});
        for programme in definition["programmes"].as_array_mut().unwrap() {
            programme.as_object_mut().unwrap().remove("agreements");
            programme.as_object_mut().unwrap().remove("summary");
        }
    });
    let output = diff(&[&old, &new, "--wording"]);
    assert_eq!((code(&output), err(&output)), (0, ""), "{}", out(&output));
}

#[test]
fn sources_are_read_and_compared() {
    let found = as_json(&["seeds/001_5dc6a2f46d4571d8.txt", NEW]);
    let wanted = as_json(&[OLD, NEW]);
    assert_eq!(found["comparisons"][0]["changes"], wanted["comparisons"][0]["changes"]);
}

#[test]
fn folders_are_paired_by_line_then_by_name() {
    let (old, new) = (tempdir().unwrap(), tempdir().unwrap());
    let put = |folder: &TempDir, name: &str, title: &str, issuer: &str, year: i32| {
        let mut definition = load(NEW);
        definition["title"] = json!(title);
        definition["programmes"][0]["title"] = json!(title);
        definition["issuers"] = json!([{"name": issuer, "region": null}]);
        definition["year"] = json!(year);
        fs::write(folder.path().join(name), definition.to_string()).unwrap();
    };
    put(&old, "a.json", "2024年度国际科技合作项目申报指南", "甲省科技厅", 2024);
    put(&new, "z.json", "关于发布2025年度第二批国际科技合作项目申报指南的通知", "甲省科技厅", 2025);
    put(&old, "b.json", "2024年度国际科技合作项目申报指南", "乙市科技局", 2024);
    put(&new, "y.json", "2025年度国际科技合作项目申报指南", "乙市科技局", 2025);
    put(&old, "same.json", "农业专项", "丙厅", 2024);
    put(&new, "same.json", "乡村振兴计划", "丙厅", 2025);
    put(&old, "gone.json", "文化专项", "丁厅", 2024);
    put(&old, "lost.json", "体育专项", "丁厅", 2024);
    fs::write(old.path().join("index.json"), "[]").unwrap();
    fs::write(old.path().join("broken.json"), "{").unwrap();
    let output = diff(&[text(old.path()), text(new.path()), "--format", "json"]);
    assert_eq!(code(&output), 2, "the broken file is trouble");
    assert!(err(&output).contains("broken.json: not JSON"), "{}", err(&output));
    let found: Value = serde_json::from_str(out(&output)).expect("JSON");
    let pairs = found["comparisons"].as_array().unwrap().iter().map(|c| (c["old"]["file"].clone(), c["new"]["file"].clone()));
    let wanted = [("a.json", "z.json"), ("b.json", "y.json"), ("same.json", "same.json")];
    assert_eq!(pairs.collect::<Vec<_>>(), wanted.map(|(o, n)| (json!(o), json!(n))));
    assert_eq!(found["unpaired"], json!({"old": ["gone.json", "lost.json"], "new": []}));
}

#[test]
fn markdown_and_html_show_both_sides() {
    let markdown = diff(&[OLD, NEW, "--format", "markdown"]);
    let row = "| policy | 重点项目: per-project grant (−62.5%) | at most 80万元 | exactly 30万元 | `";
    assert!(out(&markdown).lines().any(|line| line.starts_with(row)), "{}", out(&markdown));
    let folder = tempdir().unwrap();
    let path = folder.path().join("changes.html");
    let output = diff(&[OLD, NEW, "--format", "html", "--sources", "seeds", "-o", text(&path)]);
    assert_eq!((code(&output), out(&output)), (1, ""));
    let html = fs::read_to_string(&path).unwrap();
    let row = html.lines().skip_while(|line| !line.contains("重点项目: per-project grant")).nth(1).expect("the passages");
    for words in ["每项支持经费<mark>不超过 80 万元</mark>，面上项目", "国际科技创新合作项目每项支持经费<mark>30万元</mark>"]
    {
        assert!(row.contains(words), "{words}: {row}");
    }
    assert!(!html.contains("src=") && !html.contains("href=") && !html.contains("<script"), "the file needs no other");
}

#[test]
fn words_of_a_document_are_no_markup() {
    let (_folder, [old, new]) = changed(NEW, |definition| definition["programmes"][7]["title"] = json!("<script>alert('1')</script>|*x*"));
    let html = diff(&[&old, &new, "--format", "html"]);
    assert!(!out(&html).contains("<script") && out(&html).contains("&lt;script&gt;alert(&#39;1&#39;)"), "{}", out(&html));
    let markdown = diff(&[&old, &new, "--format", "markdown"]);
    assert!(out(&markdown).contains(r"\<script\>alert('1')\</script\>\|\*x\*"), "{}", out(&markdown));
}

#[test]
fn colour_is_asked_for_or_not_there() {
    assert!(!out(&diff(&[OLD, NEW])).contains('\x1b'), "a pipe gets no colour");
    assert!(out(&diff(&[OLD, NEW, "--color", "always"])).contains("\x1b[31mpolicy"));
}

#[test]
fn the_history_of_a_line() {
    let folder = tempdir().unwrap();
    for (name, year, total, grant) in
        [("a.json", 2024, 10_000_000, 800_000), ("b.json", 2025, 15_000_000, 800_000), ("c.json", 2026, 12_000_000, 600_000)]
    {
        let mut definition = load(NEW);
        let title = format!("{year}年度国际科技创新合作项目申报指南");
        definition["year"] = json!(year);
        definition["title"] = json!(title);
        definition["programmes"].as_array_mut().unwrap().truncate(1);
        let call = &mut definition["programmes"][0];
        call["title"] = json!(title);
        let money = |role: &str, max: i64| json!({"role": role, "min": null, "max": max, "currency": "CNY"});
        call["funding"] = json!([money("per_project", grant), money("total", total)]);
        call["deadlines"] = json!([{"role": "application_close", "at": format!("{year}-05-18T17:30+08:00")}]);
        fs::write(folder.path().join(name), definition.to_string()).unwrap();
    }
    fs::copy(root("extracted/002_13e0d3101035d3a0.json"), folder.path().join("other.json")).unwrap();
    let found = as_json(&["--series", text(folder.path())]);
    let lines = found["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 2);
    let years = lines.iter().find(|line| line["years"].as_array().is_some_and(|y| y.len() == 3)).expect("the line");
    let row =
        |row: &Value| (row["year"].clone(), row["total_yuan"].clone(), row["grant_max_yuan"].clone(), row["application_close"].clone());
    let rows: Vec<_> = years["years"].as_array().unwrap().iter().map(row).collect();
    let wanted = [(2024, 10_000_000, 800_000), (2025, 15_000_000, 800_000), (2026, 12_000_000, 600_000)];
    let wanted = wanted.map(|(y, t, g)| (json!(y), json!(t), json!(g), json!(format!("{y}-05-18T17:30+08:00"))));
    assert_eq!(rows, wanted);
    let table = diff(&["--series", text(folder.path())]);
    let line = out(&table).lines().find(|line| line.trim_start().starts_with("2025")).expect("a row").to_string();
    for cell in ["80万元", "1500万元", "2年", "2025-05-18 17:30", "香港 澳门 台湾", "technologies 40"] {
        assert!(line.contains(cell), "{cell}: {line}");
    }
    let html = diff(&["--series", text(folder.path()), "--format", "html"]);
    assert_eq!(out(&html).matches("<svg").count(), 1);
    assert!(out(&html).contains("points=\"40,") && out(&html).contains(">1500万元</text>"), "{}", out(&html));
    let markdown = diff(&["--series", text(folder.path()), "--format", "markdown"]);
    assert!(out(&markdown).contains("| 2026 | 60万元 | 1200万元 |"), "{}", out(&markdown));
}

/// The report that the README shows is what the program prints.
#[test]
fn the_readme_shows_what_the_program_prints() {
    let readme = fs::read_to_string(root("README.md")).expect("README.md");
    let output = diff(&[OLD, NEW]);
    let at = out(&output).find("\n国际科技创新合作项目  merged").expect("the programme") + 1;
    let part = out(&output)[at..].split("\n\n").next().expect("its lines");
    assert!(part.lines().count() > 5 && readme.contains(part), "{part}");
}

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    says: String,
    years: Option<[i32; 2]>,
    old: Vec<toml::Table>,
    new: Vec<toml::Table>,
    changes: Vec<String>,
}

/// A definition with these programmes.
fn made(programmes: &[toml::Table], year: Option<i32>) -> Value {
    let title = |programme: &toml::Table| programme["title"].as_str().expect("a title").to_string();
    let id = |name: &str| format!("/{name}");
    let made = programmes.iter().enumerate().map(|(at, fields)| {
        let mut programme = serde_json::to_value(fields).expect("JSON");
        let below = fields.get("below").and_then(toml::Value::as_str).map(id).unwrap_or_else(|| "/".into());
        programme["id"] = if at == 0 { json!("/") } else { json!(id(&title(fields))) };
        programme["parent"] = if at == 0 { Value::Null } else { json!(below) };
        for list in ["funding", "kpis", "conditions", "quotas", "projects"] {
            for fact in programme[list].as_array_mut().into_iter().flatten() {
                let fields = fact.as_object_mut().expect("a fact");
                fields.entry("min").or_insert(Value::Null);
                fields.entry("max").or_insert(Value::Null);
            }
        }
        programme.as_object_mut().expect("a programme").retain(|_, value| !value.is_null());
        programme
    });
    json!({"schema_version": "1.0.0", "title": title(&programmes[0]), "year": year, "programmes": made.collect::<Vec<_>>()})
}

#[test]
fn small_pairs_are_told_wholly() {
    let cases: Cases = toml::from_str(&fs::read_to_string(root("tests/data/diff/cases.toml")).expect("the cases")).expect("TOML");
    let folder = tempdir().unwrap();
    let paths = ["old.json", "new.json"].map(|name| folder.path().join(name));
    let mut wrong = Vec::new();
    for case in cases.case {
        let year = |side: usize| case.years.map(|years| years[side]);
        fs::write(&paths[0], made(&case.old, year(0)).to_string()).unwrap();
        fs::write(&paths[1], made(&case.new, year(1)).to_string()).unwrap();
        let found = as_json(&[text(&paths[0]), text(&paths[1])]);
        let changes = found["comparisons"][0]["changes"].as_array().expect("changes").clone();
        let word = |change: &Value, key: &str| change[key].as_str().expect(key).to_string();
        let told: Vec<String> = changes.iter().map(|c| format!("{}: {}", word(c, "severity"), word(c, "text"))).collect();
        if told != case.changes {
            wrong.push(format!("{}\n  told   {told:#?}\n  wanted {:#?}", case.says, case.changes));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
