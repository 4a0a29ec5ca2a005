//! The command line: what it prints, what it writes, and how it exits.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};

const SEED: &str = "seeds/004_5e11297212fef05d.txt";
const ENGLISH: &str = "Call me Ishmael. Some years ago - never mind how long precisely - having little or no money in my \
    purse, and nothing particular to interest me on shore, I thought I would sail about a little.\n";

pub fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zhinan"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(args);
    command
}

pub fn zhinan(args: &[&str]) -> Output {
    command(args).output().expect("the program starts")
}

pub fn with_stdin(args: &[&str], stdin: &[u8]) -> Output {
    let mut child = command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    child.stdin.take().expect("a pipe").write_all(stdin).expect("it reads");
    child.wait_with_output().expect("it ends")
}

pub fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("UTF-8")
}

pub fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).expect("UTF-8")
}

pub fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

#[track_caller]
pub fn ok(output: Output) -> Output {
    assert_eq!(code(&output), 0, "{}", err(&output));
    output
}

pub fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

pub fn text(path: &Path) -> &str {
    path.to_str().expect("a temporary path is UTF-8")
}

/// A folder with one document of each sort.
fn mixed() -> TempDir {
    let folder = tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name);
    fs::create_dir(file("deep")).unwrap();
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(SEED), file("deep/call.txt")).unwrap();
    fs::write(file("binary.bin"), b"\x7FELF\x02\x01\x01\0\0").unwrap();
    fs::write(file("empty.txt"), b"").unwrap();
    fs::write(file("english.txt"), ENGLISH).unwrap();
    fs::write(file("gbk.txt"), b"2026\xC4\xEA\xB6\xC8\xD6\xB8\xC4\xCF").unwrap();
    folder
}

/// Every file below a folder but the index and what is hidden: its path and bytes.
pub fn written(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let shown =
        |e: &walkdir::DirEntry| e.depth() == 0 || !e.file_name().to_string_lossy().starts_with('.') && e.file_name() != "index.json";
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(shown).flatten();
    let files = files.filter(|e| e.file_type().is_file());
    files.map(|e| (e.path().strip_prefix(folder).unwrap().into(), fs::read(e.path()).unwrap())).collect()
}

#[test]
fn usage_is_explained() {
    for (args, exit, words) in [
        (&["--help"][..], 0, "zhinan batch seeds extracted"),
        (&["ingest", "--help"], 0, "stdin.json"),
        (&["batch", "--help"], 0, "made 5, unchanged 0, failed 0"),
        (&["try", "--help"], 0, "a phrase per line"),
        (&["patterns", "check", "--help"], 0, "file:line"),
        (&["patterns", "coverage", "--help"], 0, "unknown"),
        (&["--version"], 0, env!("CARGO_PKG_VERSION")),
    ] {
        let output = zhinan(args);
        assert_eq!(code(&output), exit, "{args:?}");
        assert!(out(&output).contains(words), "{args:?}: {}", out(&output));
    }
}

#[test]
fn exit_codes_tell_what_went_wrong() {
    let folder = tempdir().unwrap();
    let english = folder.path().join("english.txt");
    fs::write(&english, ENGLISH).unwrap();
    for (args, exit, words) in [
        (&[][..], 2, "Usage"),
        (&["ingest"], 2, "required"),
        (&["frobnicate"], 2, "unrecognized"),
        (&["ingest", "-", "-"], 2, "only once"),
        (&["batch", "seeds", "out", "--jobs", "0"], 2, "invalid value"),
        (&["ingest", "gone.txt"], 3, "error: gone.txt: cannot read: "),
        (&["ingest", "seeds"], 3, "error: seeds: a folder; `zhinan batch` reads those"),
        (&["batch", "gone", "out"], 3, "error: gone: cannot read: "),
        (&["show", SEED], 3, "not JSON"),
        (&["explain", "gone.txt"], 3, "gone.txt"),
        (&["explain", SEED, "--programme", "/gone"], 2, "no programme is called /gone"),
        (&["ingest", "--patterns", "gone", SEED], 3, "gone"),
        (&["eval", "gone", "tests/gold"], 3, "gone"),
        (&["ingest", text(&english)], 0, ""),
        (&["ingest", text(&english), "--strict"], 1, ""),
        (&["ingest", text(&english), "gone.txt", "--strict"], 3, "gone.txt"),
    ] {
        let output = with_stdin(args, b"");
        assert_eq!(code(&output), exit, "{args:?}: {}", err(&output));
        assert!(err(&output).contains(words), "{args:?}: {}", err(&output));
    }
}

#[test]
fn one_bad_file_stops_no_other() {
    let (source, target) = (mixed(), tempdir().unwrap());
    let output = zhinan(&["batch", text(source.path()), text(target.path())]);
    assert_eq!(code(&output), 3);
    let messages = err(&output);
    for words in ["binary.bin: a program", "empty.txt: an empty file", "made 3, unchanged 0, failed 2, findings "] {
        assert!(messages.contains(words), "{words}: {messages}");
    }
    for line in ["english.txt: findings: no_guideline 1", "gbk.txt: findings: broken_text 1, no_guideline 1"] {
        assert!(messages.lines().any(|told| told.ends_with(line)), "{line}: {messages}");
    }
    let names: Vec<PathBuf> = written(target.path()).into_iter().map(|(path, _)| path).collect();
    assert_eq!(names, ["deep/call.json", "english.json", "gbk.json"].map(PathBuf::from));
    let english: Value = serde_json::from_str(&read(&target.path().join("english.json"))).unwrap();
    assert_eq!(english["findings"][0]["kind"], "no_guideline");
    let facts = |p: &Value| p.as_object().unwrap().values().filter_map(Value::as_array).map(Vec::len).sum::<usize>();
    assert_eq!(english["programmes"].as_array().unwrap().iter().map(facts).sum::<usize>(), 0);
}

#[test]
fn the_same_bytes_on_any_number_of_threads() {
    let [one, two] = ["1", "2"].map(|jobs| {
        let target = tempdir().unwrap();
        ok(zhinan(&["batch", "seeds", text(target.path()), "--jobs", jobs]));
        target
    });
    let (one, two) = (written(one.path()), written(two.path()));
    assert_eq!(one.len(), 5);
    assert!(one == two, "the definitions differ");
}

#[test]
fn what_is_written_already_is_left_alone() {
    let target = tempdir().unwrap();
    let batch = || ok(zhinan(&["batch", SEED, text(target.path())]));
    assert!(err(&batch()).contains("made 1, unchanged 0, failed 0"));
    let path = target.path().join("004_5e11297212fef05d.json");
    let modified = || fs::metadata(&path).unwrap().modified().unwrap();
    let before = modified();
    assert!(err(&batch()).contains("made 0, unchanged 1, failed 0"));
    assert_eq!(modified(), before);
    fs::write(&path, "{}").unwrap();
    assert!(err(&batch()).contains("made 1, unchanged 0, failed 0"));
    assert!(read(&path).len() > 1000);
}

#[test]
fn two_sources_never_share_a_name() {
    let (source, target) = (tempdir().unwrap(), tempdir().unwrap());
    for name in ["call.txt", "call.text", "other.txt"] {
        fs::write(source.path().join(name), ENGLISH).unwrap();
    }
    let output = zhinan(&["batch", text(source.path()), text(target.path())]);
    assert_eq!(code(&output), 3);
    for name in ["call.txt: would be written to ", "call.text: would be written to "] {
        assert!(err(&output).contains(name), "{}", err(&output));
    }
    assert_eq!(written(target.path()).len(), 1);
    let files = ["call.txt", "call.text"].map(|name| source.path().join(name));
    let output = zhinan(&["ingest", text(&files[0]), text(&files[1]), "-o", text(target.path())]);
    assert_eq!((code(&output), written(target.path()).len()), (3, 1));
}

#[test]
fn standard_input_is_a_file_without_a_name() {
    let bytes = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(SEED)).unwrap();
    let [file, stdin] = [ok(zhinan(&["ingest", SEED])), ok(with_stdin(&["ingest", "-"], &bytes))].map(|output| {
        let mut json: Value = serde_json::from_str(out(&output)).unwrap();
        json.as_object_mut().unwrap().remove("digest");
        json
    });
    assert_eq!(stdin["source"]["file"], "-");
    let mut renamed = stdin;
    renamed["source"]["file"] = json!("004_5e11297212fef05d.txt");
    assert_eq!(renamed, file);
    let target = tempdir().unwrap();
    ok(with_stdin(&["ingest", "-", "-o", text(target.path())], &bytes));
    assert!(target.path().join("stdin.json").is_file());
}

#[test]
fn ingest_goes_on_after_a_failure() {
    let target = tempdir().unwrap();
    let output = zhinan(&["ingest", "gone.txt", SEED, "-o", text(target.path()), "--table"]);
    assert_eq!((code(&output), out(&output)), (3, ""));
    assert!(err(&output).contains("gone.txt: cannot read"));
    let definition = target.path().join("004_5e11297212fef05d.json");
    let shown = ok(zhinan(&["show", text(&definition)]));
    assert!(err(&output).ends_with(out(&shown)), "the table of ingest is that of show");
    let printed = ok(zhinan(&["ingest", SEED]));
    assert_eq!(out(&printed), read(&definition));
    assert_eq!(err(&printed), "", "no table where standard error is no terminal");
}

/// What an annex tells of a programme stands below it in the table, and where it stands in the list of the definition.
#[test]
fn the_table_shows_the_tree() {
    let text = "某省科技计划2026年度项目申报指南\n\n各有关单位：\n现组织申报科技计划项目，企业、高校均可申报。\n\n一、支持类别\n\
                （一）重点研发项目。每项支持100万元，执行期3年。\n（二）国际合作项目。每项支持50万元，执行期2年。\n\n附件1\n\n\
                重点研发项目领域表\n\n序号\t领域\t拟支持项目数（项）\n1\t人工智能\t12\n2\t轨道交通\t6\n";
    let json = ok(with_stdin(&["ingest", "-"], text.as_bytes()));
    let definition: Value = serde_json::from_slice(&json.stdout).expect("JSON");
    let last = definition["programmes"].as_array().and_then(|all| all.last()).expect("programmes");
    assert_eq!(last["id"], "/重点研发项目/轨道交通");
    let shown = ok(with_stdin(&["show", "-"], &json.stdout));
    let line = |title: &str| out(&shown).lines().position(|line| line.contains(title)).expect("a line");
    let lines = ["重点研发项目", "人工智能", "轨道交通", "国际合作项目"].map(line);
    assert!(lines.is_sorted(), "{}", out(&shown));
}

#[test]
fn the_table_shows_each_programme() {
    let json = ok(zhinan(&["ingest", SEED]));
    let shown = ok(with_stdin(&["show", "-"], &json.stdout));
    for row in [
        &["专题五 港澳台科技合作项目", " 80 ", "2026-05-18 17:30", "HK MO TW"][..],
        &["方向1 国际大科学计划推进项目", " 300 "],
        &["grant 万元", "months", "deadline", "KPIs"],
        &["checks ok:", "numbering 1"],
    ] {
        let held = out(&shown).lines().any(|line| row.iter().all(|cell| line.contains(cell)));
        assert!(held, "{row:?} in\n{}", out(&shown));
    }
}

/// Each fact is explained by kind, line and rule.
#[test]
fn every_fact_is_explained() {
    let definition: Value = serde_json::from_str(out(&ok(zhinan(&["ingest", SEED])))).unwrap();
    let explained = ok(zhinan(&["explain", SEED]));
    let lines: BTreeSet<&str> = out(&explained).lines().collect();
    let source: Vec<char> = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(SEED)).chars().collect();
    for programme in definition["programmes"].as_array().unwrap() {
        assert!(lines.contains(programme["id"].as_str().unwrap()));
        for kind in ["funding", "deadlines", "countries", "kpis", "conditions", "quotas", "contacts"] {
            for fact in programme[kind].as_array().unwrap() {
                let start = fact["evidence"]["start"].as_u64().unwrap() as usize;
                let line = source[..start].iter().filter(|c| **c == '\n').count() + 1;
                let (head, rule) = (format!("  line {line} {kind}: "), fact["rule"].as_str().unwrap());
                assert!(lines.iter().any(|l| l.starts_with(&head)), "{head}");
                assert!(lines.iter().any(|l| l.starts_with(&format!("      rule {rule}; "))), "{rule} has a reason");
            }
        }
    }
    assert!(lines.contains("numbers that no fact claims"));
}

#[test]
fn one_programme_is_explained_alone() {
    let id = "/港澳台科技合作项目";
    let explained = ok(zhinan(&["explain", SEED, "--programme", id]));
    assert!(out(&explained).starts_with(&format!("{id}\n")));
    assert_eq!(out(&explained).lines().filter(|line| line.starts_with('/')).count(), 1);
    let by_title = ok(zhinan(&["explain", SEED, "--programme", &id[1..]]));
    assert_eq!(out(&by_title), out(&explained));
}

#[test]
fn phrases_have_exact_values() {
    let cases: &[(&str, &[&str])] = &[
        ("不超过300万元", &[r#"{"kind": "money", "start": 0, "end": 8, "min": null, "max": 3000000, "currency": "CNY"}"#]),
        ("300万元以上", &[r#"{"kind": "money", "start": 0, "end": 7, "min": 3000000, "max": null, "currency": "CNY"}"#]),
        ("100～300万元", &[r#"{"kind": "money", "start": 0, "end": 9, "min": 1000000, "max": 3000000, "currency": "CNY"}"#]),
        ("500万元（含）至2000万元", &[r#"{"kind": "money", "start": 0, "end": 15, "min": 5000000, "max": 20000000, "currency": "CNY"}"#]),
        (
            "1000万元（不含）至2亿元",
            &[r#"{"kind": "money", "start": 0, "end": 14, "min": 10000000, "max": 200000000, "currency": "CNY", "exclusive": true}"#],
        ),
        ("样机1台（套、件）以上", &[r#"{"kind": "quantity", "start": 2, "end": 11, "min": 1, "max": null, "unit": "台"}"#]),
        (
            "二百余万元",
            &[r#"{"kind": "money", "start": 0, "end": 5, "min": 2000000, "max": 2000000, "currency": "CNY", "approximate": true}"#],
        ),
        (
            "约1.5亿元",
            &[r#"{"kind": "money", "start": 0, "end": 6, "min": 150000000, "max": 150000000, "currency": "CNY", "approximate": true}"#],
        ),
        ("2年或3年", &[r#"{"kind": "duration", "start": 0, "end": 5, "min_months": 24, "max_months": 36, "choices": [24, 36]}"#]),
        ("36个月", &[r#"{"kind": "duration", "start": 0, "end": 4, "min_months": 36, "max_months": 36}"#]),
        ("2026年5月18日17:30", &[r#"{"kind": "date", "start": 0, "end": 15, "at": "2026-05-18T17:30+08:00"}"#]),
        ("2026年1月—2027年12月", &[r#"{"kind": "period", "text_start": 0, "text_end": 16, "start": "2026-01", "end": "2027-12"}"#]),
        ("法国", &[r#"{"kind": "country", "start": 0, "end": 2, "code": "FR", "name": "法国"}"#]),
        ("依法国有", &[]),
        ("", &[]),
        ("不低于30%", &[r#"{"kind": "percent", "start": 0, "end": 6, "min": 30, "max": null}"#]),
        (
            "超过50人的会议原则上不少于2次",
            &[
                r#"{"kind": "quantity", "start": 0, "end": 5, "min": 50, "max": null, "unit": "人", "exclusive": true}"#,
                r#"{"kind": "quantity", "start": 8, "end": 16, "min": 2, "max": null, "unit": "次", "force": "in_principle"}"#,
            ],
        ),
    ];
    let phrases: Vec<&str> = cases.iter().map(|(phrase, _)| *phrase).collect();
    let output = ok(with_stdin(&["try", "-", "--format", "json"], phrases.join("\n").as_bytes()));
    let mut seen: Vec<Vec<Value>> = vec![vec![]; cases.len()];
    for line in out(&output).lines() {
        let mut mention: Value = serde_json::from_str(line).unwrap();
        let fields = mention.as_object_mut().unwrap();
        let at = fields.remove("line").unwrap().as_u64().unwrap() as usize;
        assert!(fields.remove("rule").unwrap().as_str().is_some_and(|rule| !rule.is_empty()));
        let words = fields.remove("text").unwrap();
        let end = |name: &str| fields.get(name).and_then(Value::as_u64).map(|end| end as usize);
        let (start, end) = end("text_start").zip(end("text_end")).or(end("start").zip(end("end"))).unwrap();
        assert_eq!(words, json!(phrases[at - 1].chars().skip(start).take(end - start).collect::<String>()));
        seen[at - 1].push(mention);
    }
    for ((phrase, wanted), seen) in cases.iter().zip(&seen) {
        let wanted: Vec<Value> = wanted.iter().map(|json| serde_json::from_str(json).unwrap()).collect();
        assert_eq!(seen, &wanted, "{phrase}");
    }
}

#[test]
fn a_phrase_is_shown_with_its_reading() {
    let output = ok(zhinan(&["try", "每项支持经费不超过60万元"]));
    let lines: Vec<&str> = out(&output).lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].contains("money     ..=600000 CNY") && lines[0].contains("6..13    不超过60万元"), "{lines:?}");
    assert!(lines[1].contains("-> funding per_project, rule "), "{lines:?}");
}

#[test]
fn the_schema_is_json() {
    let printed = ok(zhinan(&["schema"]));
    let schema: Value = serde_json::from_str(out(&printed)).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let folder = tempdir().unwrap();
    let file = folder.path().join("schema/programme-definition-1.0.json");
    ok(zhinan(&["schema", "-o", text(&file)]));
    assert_eq!(read(&file), out(&printed));
}

#[test]
fn definitions_are_scored_against_gold() {
    let target = tempdir().unwrap();
    ok(zhinan(&["batch", "seeds", text(target.path())]));
    let table = ok(zhinan(&["eval", text(target.path()), "tests/gold"]));
    for kind in ["document", "programmes", "funding", "core", "all"] {
        assert!(out(&table).lines().any(|line| line.starts_with(kind)), "{kind} in\n{}", out(&table));
    }
    let scores = ok(zhinan(&["eval", text(target.path()), "tests/gold", "--format", "json"]));
    let scores: Value = serde_json::from_str(out(&scores)).unwrap();
    assert!(scores["core"]["value"]["f1"].as_f64().is_some_and(|f1| f1 > 0.85), "{}", scores["core"]);
    assert_eq!(scores["misses"], json!([]));
}

#[test]
fn a_missing_definition_misses_everything() {
    let folder = tempdir().unwrap();
    fs::copy("tests/gold/004_5e11297212fef05d.json", folder.path().join("004_5e11297212fef05d.json")).unwrap();
    let output = zhinan(&["eval", text(folder.path()), "tests/gold", "--format", "json", "--errors"]);
    assert_eq!(code(&output), 3);
    assert!(err(&output).contains("002_13e0d3101035d3a0.json: cannot read"));
    let scores: Value = serde_json::from_str(out(&output)).unwrap();
    let missed = |document: &str| {
        let misses = scores["misses"].as_array().unwrap().iter();
        misses.filter(|m| m["document"] == document && m["kind"] == "funding" && m["what"] == "missed").count()
    };
    assert!(missed("002_13e0d3101035d3a0") > 0);
    assert_eq!(missed("004_5e11297212fef05d"), 0);
}

pub fn copy_of_tables() -> TempDir {
    let folder = tempdir().unwrap();
    for (path, bytes) in written(Path::new("patterns")) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

#[test]
fn a_folder_of_tables_takes_the_place_of_the_built_in_ones() {
    let tables = copy_of_tables();
    let with = ok(zhinan(&["ingest", SEED, "--patterns", text(tables.path())]));
    assert_eq!(out(&with), out(&ok(zhinan(&["ingest", SEED]))));
    let money = tables.path().join("money.toml");
    fs::write(
        &money,
        read(&money)
            + "\n[[rule]]\nid = \"x/y\"\nsays = \"z\"\nmatch = '{nowhere}'\ngives = { fact = \"funding\" }\ntake = [{ text = \"a\" }]\n",
    )
    .unwrap();
    let check = zhinan(&["patterns", "check", "--patterns", text(tables.path())]);
    assert_eq!(code(&check), 1, "{}", err(&check));
    let place = format!("money.toml:{}: x/y: ", read(&money).lines().position(|l| l.contains("x/y")).unwrap() + 1);
    assert!(out(&check).starts_with(&place), "{} {}", out(&check), err(&check));
    let ingest = zhinan(&["ingest", SEED, "--patterns", text(tables.path())]);
    assert_eq!((code(&ingest), out(&ingest)), (3, ""));
    assert!(err(&ingest).contains(&place));
}

#[test]
fn coverage_counts_rules_and_unknown_numbers() {
    let output = ok(zhinan(&["patterns", "coverage", "seeds"]));
    let parts: Vec<&str> = out(&output).split("\n\n").collect();
    assert_eq!(parts.len(), 4);
    assert!(parts[0].starts_with("rules that fired in 5 documents"));
    assert!(parts[1].starts_with("rows of the other tables (times matched)"));
    assert!(parts[2].starts_with("rules that never fired ("));
    assert!(parts[3].starts_with("unknown numbers by the words around them ("));
    let fired: BTreeSet<&str> = parts[0].lines().skip(1).filter_map(|line| line.split_whitespace().nth(2)).collect();
    let definition: Value = serde_json::from_str(out(&ok(zhinan(&["ingest", SEED])))).unwrap();
    for fact in definition["programmes"].as_array().unwrap().iter().flat_map(|p| p["funding"].as_array().unwrap()) {
        assert!(fired.contains(fact["rule"].as_str().unwrap()));
    }
    assert!(parts[2].lines().skip(1).all(|line| !fired.contains(line.split(": ").nth(1).unwrap())));
}

#[test]
fn a_reader_who_has_seen_enough_is_no_error() {
    let mut child = command(&["ingest", "seeds/002_13e0d3101035d3a0.txt", "seeds/000_4ebe0496e858fcfb.txt"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((code(&output), err(&output)), (0, ""));
}
