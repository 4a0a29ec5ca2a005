//! The nightly batch: what it does again and why, what it leaves alone, and what it leaves behind when it is stopped.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};

use crate::cli::{code, command, copy_of_tables, err, ok, out, read, text, with_stdin, written, zhinan};

/// A call whose grant is `grant` times ten thousand yuan.
fn call(grant: usize) -> String {
    format!(
        "2026年度省国际合作计划项目申报指南\n一、支持方式\n每项支持经费不超过{grant}万元，企业、高校和科研单位均可申报。\n二、实施周期\n项目执行期2年。\n"
    )
}

/// A folder of calls, one for each name.
fn calls(names: &[&str]) -> TempDir {
    let folder = tempdir().unwrap();
    for (i, name) in names.iter().enumerate() {
        put(&folder.path().join(name), &call(i + 10));
    }
    folder
}

fn put(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn batch(source: &Path, target: &Path, options: &[&str]) -> Output {
    zhinan(&[&["batch", text(source), text(target)], options].concat())
}

/// The sum without the findings and what follows.
fn sum(output: &Output) -> String {
    err(output).lines().last().unwrap().split(", findings").next().unwrap().to_string()
}

/// The definitions and the index.
fn all(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = written(folder);
    all.push(("index.json".into(), fs::read(folder.join("index.json")).unwrap()));
    all
}

fn grant(definition: &Path) -> u64 {
    let definition: Value = serde_json::from_str(&read(definition)).unwrap();
    definition["programmes"][0]["funding"][0]["max"].as_u64().unwrap()
}

#[test]
fn only_what_changed_is_made_again() {
    let (source, target) = (calls(&["a.txt", "d/b.txt"]), tempdir().unwrap());
    let run = || sum(&ok(batch(source.path(), target.path(), &[])));
    assert_eq!(run(), "made 2, unchanged 0, failed 0");
    let first = all(target.path());
    assert_eq!(run(), "made 0, unchanged 2, failed 0");
    let a = source.path().join("a.txt");
    let modified = fs::metadata(&a).unwrap().modified().unwrap();
    File::open(&a).unwrap().set_modified(modified + Duration::from_secs(9)).unwrap();
    assert_eq!(run(), "made 0, unchanged 2, failed 0", "another time is no change");
    assert!(all(target.path()) == first);
    put(&a, &call(99));
    File::open(&a).unwrap().set_modified(modified).unwrap();
    assert_eq!(run(), "made 1, unchanged 1, failed 0", "other bytes of the same length and time are a change");
    assert_eq!(grant(&target.path().join("a.json")), 990_000);
    put(&target.path().join("d/b.json"), "{}");
    assert_eq!(run(), "made 1, unchanged 1, failed 0", "a definition that was edited is made again");
    fs::remove_file(target.path().join("d/b.json")).unwrap();
    assert_eq!(run(), "made 1, unchanged 1, failed 0", "and one that is missing");
    put(&a, &call(10));
    assert_eq!(run(), "made 1, unchanged 1, failed 0");
    assert!(all(target.path()) == first, "the same documents give the same files, the index among them");
}

/// Two hashes decide where a token of the cache is not believed.
#[test]
fn the_cache_decides_nothing() {
    let (source, target) = (calls(&["a.txt", "b.txt"]), tempdir().unwrap());
    ok(batch(source.path(), target.path(), &[]));
    let first = all(target.path());
    for spoil in [Some(&b"not a cache"[..]), Some(&[0; 64]), None] {
        let cache = target.path().join(".zhinan/cache");
        spoil.map_or_else(|| fs::remove_file(&cache).unwrap(), |bytes| fs::write(&cache, bytes).unwrap());
        assert_eq!(sum(&ok(batch(source.path(), target.path(), &[]))), "made 0, unchanged 2, failed 0");
    }
    assert_eq!(sum(&ok(batch(source.path(), target.path(), &["--rehash"]))), "made 0, unchanged 2, failed 0");
    assert!(all(target.path()) == first);
}

#[test]
fn every_reason_is_told() {
    let (source, target, tables) = (calls(&["a.txt"]), tempdir().unwrap(), copy_of_tables());
    let file = source.path().join("a.txt");
    let why = |options: &[&str]| out(&ok(batch(source.path(), target.path(), &[&["--why", text(&file)], options].concat()))).to_string();
    let definition = target.path().join("a.json");
    let name = file.display();
    assert_eq!(why(&[]), format!("{name}: made again: there is no index\n"));
    ok(batch(source.path(), target.path(), &[]));
    let as_it_was = format!("{name}: not made again: document, program, tables and definition are as they were\n");
    assert_eq!(why(&[]), as_it_was);
    let money = tables.path().join("money.toml");
    fs::write(&money, read(&money) + "# another\n").unwrap();
    let other = why(&["--patterns", text(tables.path())]);
    assert!(other.starts_with(&format!("{name}: made again: the tables changed (")), "{other}");
    assert_eq!(other.lines().count(), 1);
    put(&file, &call(77));
    assert!(why(&[]).starts_with(&format!("{name}: made again: the document has other bytes (SHA-256 ")), "{}", why(&[]));
    put(&file, &call(10));
    assert_eq!(why(&[]), as_it_was);
    put(&definition, "{}");
    assert_eq!(why(&[]), format!("{name}: made again: a.json is not as it was written\n"));
    fs::remove_file(&definition).unwrap();
    assert_eq!(why(&[]), format!("{name}: made again: a.json is not there\n"));
    let index = target.path().join("index.json");
    fs::write(&index, read(&index).replace("a.txt", "other.txt")).unwrap();
    assert_eq!(why(&[]), format!("{name}: made again: the document is new\n"));
    let stranger = batch(source.path(), target.path(), &["--why", "Cargo.toml"]);
    assert_eq!(code(&stranger), 2);
    assert!(err(&stranger).contains("Cargo.toml: no document below"));
    assert!(!definition.exists(), "nothing was done");
}

/// Every part of what decides is in the index, and another value of it makes all again.
#[test]
fn all_that_decides_is_in_the_index() {
    let (source, target) = (calls(&["a.txt"]), tempdir().unwrap());
    ok(batch(source.path(), target.path(), &[]));
    let index = target.path().join("index.json");
    let parsed: Value = serde_json::from_str(&read(&index)).unwrap();
    let (id, made_by) = parsed["made_by"].as_object().unwrap().iter().next().unwrap();
    for key in ["program", "code", "schema", "tables", "dictionary", "options"] {
        let value = made_by[key].to_string();
        fs::write(&index, read(&index).replace(&value, "\"another\"").replace(id, "another")).unwrap();
        let why = ok(batch(source.path(), target.path(), &["--why", text(&source.path().join("a.txt"))]));
        assert!(out(&why).contains(&format!("the {key}")) && out(&why).contains("was another)"), "{key}: {}", out(&why));
        let log = ok(batch(source.path(), target.path(), &["--log", "json"]));
        assert!(out(&log).contains("was another)"), "{key}: {}", out(&log));
        assert_eq!(serde_json::from_str::<Value>(&read(&index)).unwrap(), parsed);
    }
}

#[test]
fn a_check_names_what_would_change_and_writes_nothing() {
    let (source, target) = (calls(&["a.txt", "b.txt", "c.txt"]), tempdir().unwrap());
    let fresh = target.path().join("fresh");
    let check = batch(source.path(), &fresh, &["--check"]);
    assert_eq!((code(&check), fresh.exists()), (1, false));
    let out_path = target.path().join("out");
    ok(batch(source.path(), &out_path, &[]));
    let clean = batch(source.path(), &out_path, &["--check"]);
    assert_eq!((code(&clean), out(&clean), sum(&clean).as_str()), (0, "", "would make 0, unchanged 3, failed 0"));
    put(&source.path().join("a.txt"), &call(99));
    put(&out_path.join("b.json"), "{}");
    fs::remove_file(source.path().join("c.txt")).unwrap();
    let snapshot = |folder: &Path| {
        let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
        files.map(|e| (e.path().to_path_buf(), e.metadata().unwrap().modified().unwrap())).collect::<Vec<_>>()
    };
    let before = snapshot(&out_path);
    let check = batch(source.path(), &out_path, &["--check"]);
    assert_eq!(code(&check), 1);
    let names: Vec<&str> = out(&check).lines().filter_map(|line| line.split(": ").nth(1)).collect();
    assert_eq!(names, ["a.json", "b.json", "index.json"]);
    assert!(err(&check).contains("c.json: its document is gone; --prune removes it"), "{}", err(&check));
    let check = batch(source.path(), &out_path, &["--check", "--prune"]);
    let names: Vec<&str> = out(&check).lines().filter_map(|line| line.split(": ").nth(1)).collect();
    assert_eq!(names, ["a.json", "b.json", "c.json", "index.json"]);
    assert_eq!(snapshot(&out_path), before);
}

#[test]
fn a_lost_index_is_told_of_and_all_is_read_again() {
    let (source, target) = (calls(&["a.txt", "b.txt"]), tempdir().unwrap());
    ok(batch(source.path(), target.path(), &[]));
    let first = all(target.path());
    let index = target.path().join("index.json");
    let text = read(&index);
    for (spoiled, words) in [
        (None, "there is no index"),
        (Some(""), "the index is broken (EOF"),
        (Some(&text[..text.len() / 2]), "the index is broken (EOF"),
        (Some("{}"), "the index is broken (missing field"),
        (Some("\0\0\0"), "the index is broken (expected value"),
    ] {
        spoiled.map_or_else(|| fs::remove_file(&index).unwrap(), |text| fs::write(&index, text).unwrap());
        let run = ok(batch(source.path(), target.path(), &["--log", "json"]));
        assert!(err(&run).contains(words) && err(&run).contains("every document is read"), "{}", err(&run));
        assert_eq!(
            out(&run).matches("\"status\":\"unchanged\",\"why\":[\"there is no index\"]").count(),
            if spoiled.is_none() { 2 } else { 0 }
        );
        assert_eq!(out(&run).matches(words.split(" (").next().unwrap()).count(), 2, "both were made again: {}", out(&run));
        assert!(all(target.path()) == first);
    }
    fs::write(&index, "[{\"issuer\": \"somebody else\"}]").unwrap();
    let run = ok(batch(source.path(), target.path(), &[]));
    assert!(err(&run).contains("what stood there is kept as"), "{}", err(&run));
    assert_eq!(read(&target.path().join("index.json.old")), "[{\"issuer\": \"somebody else\"}]");
}

#[test]
fn definitions_without_a_document_are_told_of_and_pruned() {
    let (source, target) = (calls(&["a.txt", "d/b.txt", "c.txt"]), tempdir().unwrap());
    ok(batch(source.path(), target.path(), &[]));
    put(&target.path().join("notes.json"), "{\"mine\": true}");
    fs::copy(target.path().join("a.json"), target.path().join("copy.json")).unwrap();
    fs::remove_file(source.path().join("d/b.txt")).unwrap();
    let run = ok(batch(source.path(), target.path(), &[]));
    for name in ["d/b.json", "copy.json"] {
        assert!(err(&run).contains(&format!("{name}: its document is gone; --prune removes it")), "{}", err(&run));
    }
    assert!(err(&run).contains("unchanged 2, failed 0, findings 0, orphans 2, "), "{}", err(&run));
    assert!(target.path().join("d/b.json").exists());
    let one = ok(batch(&source.path().join("a.txt"), target.path(), &["--prune"]));
    assert!(err(&one).contains("nothing is removed"), "one document says nothing of the others: {}", err(&one));
    let empty = tempdir().unwrap();
    let none = ok(batch(empty.path(), target.path(), &["--prune"]));
    assert!(err(&none).contains("nothing is removed"), "a folder that is not mounted removes nothing: {}", err(&none));
    let run = ok(batch(source.path(), target.path(), &["--prune"]));
    assert!(err(&run).contains("d/b.json: its document is gone; removed"), "{}", err(&run));
    let names: Vec<PathBuf> = written(target.path()).into_iter().map(|(path, _)| path).collect();
    assert_eq!(names, ["a.json", "c.json", "notes.json"].map(PathBuf::from));
    assert!(!target.path().join("d").exists());
    let fresh = tempdir().unwrap();
    ok(batch(source.path(), fresh.path(), &[]));
    assert_eq!(read(&target.path().join("index.json")), read(&fresh.path().join("index.json")));
}

/// A web page gives two files, and both are kept as they should be.
#[test]
fn the_text_of_a_layout_is_kept_like_its_definition() {
    let (source, target) = (tempdir().unwrap(), tempdir().unwrap());
    let lines: String = call(10).lines().map(|line| format!("<p>{line}</p>\n")).collect();
    put(&source.path().join("a.html"), &format!("<!DOCTYPE html><html><body>{lines}</body></html>"));
    let log = ok(batch(source.path(), target.path(), &["--log", "json"]));
    let line: Value = serde_json::from_str(out(&log)).unwrap();
    assert_eq!(line["outputs"], json!(["a.json", "a.txt"]));
    let first = all(target.path());
    for spoil in [Some("other"), None] {
        let beside = target.path().join("a.txt");
        spoil.map_or_else(|| fs::remove_file(&beside).unwrap(), |text| put(&beside, text));
        assert_eq!(sum(&ok(batch(source.path(), target.path(), &[]))), "made 1, unchanged 0, failed 0");
        assert!(all(target.path()) == first);
    }
    fs::rename(source.path().join("a.html"), source.path().join("b.html")).unwrap();
    ok(batch(source.path(), target.path(), &["--prune"]));
    let names: Vec<PathBuf> = written(target.path()).into_iter().map(|(path, _)| path).collect();
    assert_eq!(names, ["b.json", "b.txt"].map(PathBuf::from));
}

#[test]
fn a_document_that_fails_leaves_its_earlier_definition() {
    let (source, target) = (calls(&["a.txt", "b.txt"]), tempdir().unwrap());
    ok(batch(source.path(), target.path(), &[]));
    let first = written(target.path());
    fs::write(source.path().join("a.txt"), b"\x7FELF\x02").unwrap();
    for _ in 0..2 {
        let run = batch(source.path(), target.path(), &["--prune"]);
        assert_eq!((code(&run), sum(&run).as_str()), (3, "made 0, unchanged 1, failed 1"));
        assert!(err(&run).contains("  a.json: left as an earlier batch made it"), "{}", err(&run));
        assert!(written(target.path()) == first);
    }
    put(&source.path().join("a.txt"), &call(10));
    assert_eq!(sum(&ok(batch(source.path(), target.path(), &[]))), "made 0, unchanged 2, failed 0");
}

#[test]
fn each_document_has_a_line_in_the_log() {
    let (source, target) = (calls(&["a.txt", "d/b.txt"]), tempdir().unwrap());
    fs::write(source.path().join("c.txt"), b"\x7FELF\x02").unwrap();
    let log = batch(source.path(), target.path(), &["--log", "json"]);
    let lines: Vec<Value> = out(&log).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let field = |key: &str| lines.iter().map(|line| line[key].clone()).collect::<Vec<_>>();
    assert_eq!(field("document"), ["a.txt", "c.txt", "d/b.txt"]);
    assert_eq!(field("status"), ["made", "failed", "made"]);
    assert_eq!(field("outputs"), [json!(["a.json"]), Value::Null, json!(["d/b.json"])]);
    assert!(lines[1]["error"].as_str().unwrap().contains("c.txt: a program"));
    assert_eq!(err(&log).lines().filter(|line| line.contains("checks")).count(), 0, "the log has it: {}", err(&log));
}

/// A run without changes says what the first one said.
#[test]
fn findings_count_on_every_run() {
    let (source, target) = (tempdir().unwrap(), tempdir().unwrap());
    put(&source.path().join("novel.txt"), "从前有座山，山里有座庙。\n");
    for _ in 0..2 {
        let run = batch(source.path(), target.path(), &["--strict"]);
        assert_eq!(code(&run), 1);
        assert!(err(&run).contains("novel.txt: ") && err(&run).contains("findings: no_guideline 1"), "{}", err(&run));
        assert!(err(&run).contains("findings 1, "), "{}", err(&run));
    }
}

#[test]
fn two_batches_never_write_to_one_folder() {
    let (source, target) = (calls(&["a.txt"]), tempdir().unwrap());
    ok(batch(source.path(), target.path(), &[]));
    let first = File::options().write(true).open(target.path().join(".zhinan/lock")).unwrap();
    first.lock().unwrap();
    let second = batch(source.path(), target.path(), &[]);
    assert_eq!(code(&second), 3);
    assert!(err(&second).contains("another batch is at work there; run again when it is done"), "{}", err(&second));
    assert_eq!(code(&batch(source.path(), target.path(), &["--check"])), 0, "a look is no batch");
    drop(first);
    ok(batch(source.path(), target.path(), &[]));
}

#[test]
fn definitions_below_the_documents_are_no_documents() {
    let source = calls(&["a.txt", "out/left.txt"]);
    let run = ok(batch(source.path(), &source.path().join("out"), &[]));
    assert_eq!(sum(&run), "made 1, unchanged 0, failed 0");
}

#[test]
#[cfg(unix)]
fn a_name_that_is_no_utf8_is_a_name() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let (source, target) = (calls(&["a.txt"]), tempdir().unwrap());
    for name in [&b"\xD6\xD0.txt"[..], b"\xC4\xCF.txt"] {
        fs::write(source.path().join(OsStr::from_bytes(name)), call(50)).unwrap();
    }
    let log = ok(batch(source.path(), target.path(), &["--log", "json"]));
    let document = |line: &str| serde_json::from_str::<Value>(line).unwrap()["document"].as_str().unwrap().to_string();
    assert_eq!(out(&log).lines().map(document).collect::<Vec<_>>(), ["a.txt", r"\xC4\xCF.txt", r"\xD6\xD0.txt"]);
    assert!(err(&log).contains(r"\xC4\xCF.txt: the name is no UTF-8"), "{}", err(&log));
    assert_eq!(grant(&target.path().join(OsStr::from_bytes(b"\xC4\xCF.json"))), 500_000);
    assert_eq!(sum(&ok(batch(source.path(), target.path(), &[]))), "made 0, unchanged 3, failed 0");
    fs::remove_file(source.path().join(OsStr::from_bytes(b"\xD6\xD0.txt"))).unwrap();
    ok(batch(source.path(), target.path(), &["--prune"]));
    assert!(!target.path().join(OsStr::from_bytes(b"\xD6\xD0.json")).exists());
}

/// A file may not grow over 4 kB here, which fails as a full disk does.
#[test]
#[cfg(unix)]
fn a_full_disk_is_told_of_and_loses_nothing() {
    let (source, target) = (calls(&["a.txt"]), tempdir().unwrap());
    ok(batch(source.path(), target.path(), &[]));
    let first = all(target.path());
    put(&source.path().join("a.txt"), &call(20));
    put(&source.path().join("b.txt"), &call(20).repeat(40));
    let limited = format!("trap '' XFSZ; ulimit -f 8; exec {} batch \"$1\" \"$2\"", env!("CARGO_BIN_EXE_zhinan"));
    let shell =
        |source: &Path| Command::new("sh").args(["-c", &limited, "sh", text(source), text(target.path())]).output().expect("a shell");
    let run = shell(source.path());
    assert_eq!(code(&run), 3, "{}", err(&run));
    assert!(err(&run).contains("b.json: cannot write: File too large"), "{}", err(&run));
    assert_eq!(fs::read_dir(target.path()).unwrap().count(), 3, "a.json, index.json and .zhinan, and no half of b.json");
    fs::remove_file(source.path().join("b.txt")).unwrap();
    put(&source.path().join("a.txt"), &call(10));
    ok(batch(source.path(), target.path(), &[]));
    assert!(all(target.path()) == first);
}

/// Root may write anywhere; so root becomes nobody here.
#[test]
#[cfg(unix)]
fn a_folder_that_cannot_be_written_is_told_of() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    let (source, target) = (calls(&["a.txt"]), tempdir().unwrap());
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    mode(source.path(), 0o755);
    let program = target.path().join("program");
    fs::copy(env!("CARGO_BIN_EXE_zhinan"), &program).unwrap();
    let folder = target.path().join("out");
    fs::create_dir(&folder).unwrap();
    let run = |extra: &str| {
        let mut run = Command::new(&program);
        run.current_dir("/").args(["batch", text(source.path()), text(&folder.join(extra))]);
        if fs::metadata(target.path()).unwrap().uid() == 0 {
            run.uid(65534).gid(65534);
        }
        run.output().unwrap()
    };
    mode(target.path(), 0o755);
    mode(&folder, 0o555);
    let refused = run("");
    assert_eq!(code(&refused), 3);
    assert!(err(&refused).contains("cannot create the folder: Permission denied"), "{}", err(&refused));
    mode(&folder, 0o777);
    ok(run(""));
    let first = all(&folder);
    put(&source.path().join("a.txt"), &call(11));
    mode(&folder, 0o555);
    let refused = run("");
    assert_eq!((code(&refused), sum(&refused).as_str()), (3, "made 0, unchanged 0, failed 1"));
    assert!(err(&refused).contains("a.json: cannot write: Permission denied"), "{}", err(&refused));
    assert!(all(&folder) == first);
    mode(&folder, 0o777);
}

/// Random numbers that are the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit.max(1)
    }
}

/// Puts the calls of turn `turn` where they are read.
fn turn(source: &Path, turn: usize) {
    for i in 0..24 {
        put(&source.join(format!("{}/{i}.txt", i % 3)), &call(100 * (turn % 2) + i));
    }
}

/// Killed at any moment, every file is one that an undisturbed batch writes, and the next batch ends as if nothing had been.
#[test]
fn a_batch_that_is_killed_leaves_whole_files() {
    let (source, target) = (tempdir().unwrap(), tempdir().unwrap());
    let whole = [0, 1].map(|n| {
        let fresh = tempdir().unwrap();
        turn(source.path(), n);
        let begun = Instant::now();
        ok(batch(source.path(), fresh.path(), &[]));
        (all(fresh.path()), begun.elapsed())
    });
    let mut dice = Dice(20_261_121);
    for round in 0..16 {
        turn(source.path(), round);
        let (wanted, time) = &whole[round % 2];
        let mut child = command(&["batch", text(source.path()), text(target.path())]).stderr(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_micros(dice.below(time.as_micros() as u64)));
        child.kill().unwrap();
        child.wait().unwrap();
        for (path, bytes) in written(target.path()) {
            let is_whole = whole.iter().any(|(files, _)| files.contains(&(path.clone(), bytes.clone())));
            assert!(is_whole, "round {round}: {} is no whole definition", path.display());
        }
        if target.path().join("index.json").exists() {
            let index = fs::read(target.path().join("index.json")).unwrap();
            assert!(serde_json::from_slice::<Value>(&index).is_ok(), "round {round}: the index is half");
        }
        ok(batch(source.path(), target.path(), &["--jobs", "2"]));
        assert!(all(target.path()) == *wanted, "round {round}: the next batch ends otherwise");
        let left = walkdir::WalkDir::new(target.path()).into_iter().map(Result::unwrap);
        let left: Vec<_> = left.filter(|e| e.file_name().to_string_lossy().starts_with(".zhinan-")).collect();
        assert!(left.is_empty(), "round {round}: {left:?}");
    }
}

/// What a killed batch leaves behind is removed by the next, and by no look.
#[test]
fn leftovers_are_removed() {
    let (source, target) = (calls(&["a.txt"]), tempdir().unwrap());
    ok(batch(source.path(), target.path(), &[]));
    let left = target.path().join(".zhinan-Ab12Cd");
    fs::write(&left, "half").unwrap();
    ok(batch(source.path(), target.path(), &["--check"]));
    assert!(left.exists());
    let run = ok(batch(source.path(), target.path(), &[]));
    assert!(err(&run).contains("removed 1 temporary files that a killed batch left behind") && !left.exists());
}

#[test]
#[cfg(unix)]
fn a_batch_that_is_interrupted_keeps_what_is_done() {
    for signal in ["INT", "TERM"] {
        let (source, target) = (tempdir().unwrap(), tempdir().unwrap());
        for i in 0..400 {
            put(&source.path().join(format!("{i:03}.txt")), &call(i + 1).repeat(20));
        }
        let args = ["batch", text(source.path()), text(target.path()), "--jobs", "1"];
        let mut child = command(&args).stderr(Stdio::piped()).spawn().unwrap();
        while !target.path().join("000.json").exists() {
            assert_eq!(child.try_wait().unwrap(), None, "it ended before it began");
            sleep(Duration::from_millis(1));
        }
        assert!(Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap().success());
        let mut told = String::new();
        std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut told).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(130), "{told}");
        assert!(told.contains("interrupted; what is done stays done"), "{told}");
        let index: Value = serde_json::from_str(&read(&target.path().join("index.json"))).unwrap();
        let (done, made) = (index["documents"].as_object().unwrap().len(), written(target.path()).len());
        assert!(done == made && (1..400).contains(&done), "{done} of {made}");
        let rest = ok(batch(source.path(), target.path(), &[]));
        assert_eq!(sum(&rest), format!("made {}, unchanged {done}, failed 0", 400 - done));
    }
}

#[test]
fn lines_of_json_are_answered_in_order() {
    let file = tempdir().unwrap();
    let path = file.path().join("on-disk.txt");
    put(&path, &call(70));
    let mut input = String::new();
    for i in 0..60 {
        input += &json!({ "id": i, "text": call(i + 1) }).to_string();
        input.push('\n');
    }
    input += &format!("\n{}\n", json!({ "id": {"key": ["a"]}, "path": path }));
    input += "{\"id\": \"both\", \"text\": \"a\", \"path\": \"b\"}\n{\"id\": \"neither\"}\n{\"id\": \"odd\", \"txt\": 1}\nnot JSON\n";
    input += &format!("{}\n{{\"text\": \"无编号\"}}", json!({ "id": "gone", "path": "gone.txt" }));
    for jobs in ["1", "2"] {
        let answered = with_stdin(&["batch", "--stdin", "--jobs", jobs], input.as_bytes());
        assert_eq!(code(&answered), 3, "{}", err(&answered));
        let lines: Vec<Value> = out(&answered).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 67);
        for (i, line) in lines[..60].iter().enumerate() {
            assert_eq!((&line["id"], line.get("error")), (&json!(i), None));
            assert_eq!(line["definition"]["programmes"][0]["funding"][0]["max"], 10_000 * (i + 1));
            assert_eq!(line["definition"]["source"]["file"], i.to_string());
        }
        assert_eq!((&lines[60]["id"], &lines[60]["definition"]["source"]["file"]), (&json!({"key": ["a"]}), &json!("on-disk.txt")));
        for (line, id, words) in [
            (61, json!("both"), "line 63: wanted one of \"text\" and \"path\""),
            (62, json!("neither"), "line 64: wanted one of"),
            (63, json!("odd"), "line 65: unknown field `txt`"),
            (64, Value::Null, "line 66: expected"),
            (65, json!("gone"), "line 67: gone.txt: cannot read: "),
        ] {
            assert_eq!((&lines[line]["id"], lines[line].get("definition")), (&id, None));
            assert!(lines[line]["error"].as_str().unwrap().starts_with(words), "{}", lines[line]);
        }
        assert_eq!(lines[66]["definition"]["findings"][0]["kind"], "no_guideline");
    }
}

/// A worker that waits for each answer before it asks again is not kept waiting.
#[test]
fn an_answer_does_not_wait_for_the_next_question() {
    let mut child = command(&["batch", "--stdin"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut ask, mut answers) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    for id in ["first", "second"] {
        writeln!(ask, "{}", json!({ "id": id, "text": call(10) })).unwrap();
        let mut answer = String::new();
        answers.read_line(&mut answer).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&answer).unwrap()["id"], id);
    }
    drop(ask);
    assert!(child.wait().unwrap().success());
}
