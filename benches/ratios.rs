//! What is fast enough, as ratios: `cargo bench --bench ratios`. Each pair is measured in turns in one run, so that what else the
//! machine does falls on both. `cargo bench --bench ratios -- corpus DIR COUNT` writes the corpus alone, `… -- long FILE BYTES` one
//! long document; `… -- 1000` measures with so many documents in place of 10,000, `… -- pipeline`, `… -- memory` and `… -- growth` a part; `… -- read ROUNDS`
//! reads the seeds for a profiler to watch.

use std::cell::Cell;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use jieba_rs::Jieba;
use zhinan::pipeline::Reader;
use zhinan::table::Tables;

mod corpus;

const DOCUMENTS: usize = 10_000;
/// So many rounds take some ten seconds: of 40, which take one, the ratio moves by a tenth from run to run.
const PIPELINE: usize = 400;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        // The other side of the start-up: a process that builds the dictionary and ends.
        ["jieba"] => drop(black_box(Jieba::new())),
        ["corpus", folder, count] => corpus::write(Path::new(folder), count.parse().expect("a number")),
        ["long", file, bytes] => fs::write(file, corpus::long(bytes.parse().expect("a number"))).expect("a file"),
        ["growth"] => growth(),
        ["memory"] => memory(tempfile::tempdir().expect("a folder").path(), DOCUMENTS),
        ["pipeline"] => pipeline_against_cut(),
        // What a profiler is to watch: the seeds read again and again.
        ["read", rounds] => read_again(rounds.parse().expect("a number")),
        [] => all(DOCUMENTS),
        [count] => all(count.parse().expect("a number of documents, corpus, long or growth")),
        other => panic!("what is {other:?}?"),
    }
}

fn all(documents: usize) {
    // Before the files of the other measurements fill the memory that the system has for files.
    growth();
    println!("\n{:44} {:>12} {:>12} {:>8} {:>10}", "", "this", "against", "ratio", "goal");
    pipeline_against_cut();
    start_up_against_dictionary();
    let scratch = tempfile::tempdir().expect("a folder");
    let source = scratch.path().join("documents");
    corpus::write(&source, documents);
    two_threads_against_one(scratch.path(), &source, documents);
    nothing_to_do_against_sha256sum(scratch.path(), &source);
    memory(scratch.path(), documents);
}

fn row(what: &str, this: String, against: String, ratio: f64, goal: &str) {
    println!("{what:44} {this:>12} {against:>12} {ratio:>8.2} {goal:>10}");
}

/// Runs both in turns and gives the median of each.
fn in_turns(rounds: usize, mut one: impl FnMut(), mut other: impl FnMut()) -> (Duration, Duration) {
    let time = |work: &mut dyn FnMut()| {
        let begun = Instant::now();
        work();
        begun.elapsed()
    };
    let (mut ones, mut others) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        ones.push(time(&mut one));
        others.push(time(&mut other));
    }
    (median(ones), median(others))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn pipeline_against_cut() {
    let seeds = corpus::seeds();
    let bytes: usize = seeds.iter().map(|(_, text)| text.len()).sum();
    let (reader, jieba) = (Reader::new(Tables::built_in().expect("tables")), Jieba::new());
    let pipeline = || read(&seeds, &reader);
    pipeline();
    let rate = |time: Duration| format!("{:.2} MB/s", bytes as f64 / 1e6 / time.as_secs_f64());
    for (hmm, how) in [(false, ""), (true, " with HMM")] {
        let cut = || seeds.iter().for_each(|(_, text)| drop(black_box(jieba.cut(text, hmm))));
        let (pipeline, cut) = in_turns(PIPELINE, pipeline, cut);
        let what = format!("one core: pipeline : jieba cut{how}");
        row(&what, rate(pipeline), rate(cut), cut.as_secs_f64() / pipeline.as_secs_f64(), ">= 0.50");
    }
}

fn read_again(rounds: usize) {
    let (seeds, reader) = (corpus::seeds(), Reader::new(Tables::built_in().expect("tables")));
    read(&seeds, &reader);
    (0..rounds).for_each(|_| watched(&seeds, &reader));
}

/// All seeds, after everything is compiled: for `valgrind --tool=callgrind --toggle-collect=*watched*`.
#[inline(never)]
fn watched(seeds: &[(PathBuf, String)], reader: &Reader) {
    read(seeds, reader);
}

fn read(seeds: &[(PathBuf, String)], reader: &Reader) {
    for (path, text) in seeds {
        black_box(reader.read(path, text.as_bytes()).expect("a definition").json);
    }
}

fn zhinan(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zhinan"));
    command.args(args).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn run(mut command: Command) {
    assert!(command.status().expect("it starts").success());
}

fn start_up_against_dictionary() {
    let (seed, _) = &corpus::seeds()[0];
    let this = std::env::current_exe().expect("a program");
    let ingest = || run(zhinan(&["ingest", &seed.to_string_lossy()]));
    let jieba = || {
        let mut command = Command::new(&this);
        command.arg("jieba");
        run(command);
    };
    let (ingest, jieba) = in_turns(40, ingest, jieba);
    let ms = |time: Duration| format!("{:.0} ms", time.as_secs_f64() * 1e3);
    row("start-up, process: ingest : Jieba::new()", ms(ingest), ms(jieba), ingest.as_secs_f64() / jieba.as_secs_f64(), "<= 1.50");
}

fn two_threads_against_one(scratch: &Path, source: &Path, documents: usize) {
    // Each into a folder of its own: ext4 steps over the inodes of files that were removed some seconds ago, so a batch would pay
    // for the folder that was removed to make room for it.
    let runs = Cell::new(0);
    let fresh = |jobs| {
        let out = scratch.join(format!("out{}", runs.replace(runs.get() + 1)));
        run(zhinan(&["batch", &source.to_string_lossy(), &out.to_string_lossy(), "--jobs", jobs]));
    };
    let (two, one) = in_turns(3, || fresh("2"), || fresh("1"));
    let s = |time: Duration| format!("{:.1} s", time.as_secs_f64());
    let what = format!("{documents} documents: two threads : one (faster by)");
    row(&what, s(two), s(one), one.as_secs_f64() / two.as_secs_f64(), ">= 1.80");
}

fn nothing_to_do_against_sha256sum(scratch: &Path, source: &Path) {
    let out = scratch.join("out0");
    let nothing = || run(zhinan(&["batch", &source.to_string_lossy(), &out.to_string_lossy()]));
    let hashed = || {
        let script = "find \"$1\" -type f -print0 | xargs -0 sha256sum > /dev/null";
        let mut command = Command::new("sh");
        command.args(["-c", script, "sh", &source.to_string_lossy()]);
        run(command);
    };
    nothing();
    let (nothing, hashed) = in_turns(20, nothing, hashed);
    let ms = |time: Duration| format!("{:.0} ms", time.as_secs_f64() * 1e3);
    row("unchanged documents: batch : sha256sum", ms(nothing), ms(hashed), nothing.as_secs_f64() / hashed.as_secs_f64(), "<= 1.00");
}

fn memory(scratch: &Path, documents: usize) {
    let peak_of = |count: usize| {
        let (source, out) = (scratch.join(format!("{count}")), scratch.join(format!("out-memory-{count}")));
        corpus::write(&source, count);
        peak(zhinan(&["batch", &source.to_string_lossy(), &out.to_string_lossy()]))
    };
    let (many, few) = (peak_of(documents), peak_of(documents / 10));
    let mb = |peak: f64| format!("{peak:.0} MB");
    row(&format!("peak memory: {documents} documents : {}", documents / 10), mb(many), mb(few), many / few, "<= 1.10");
}

/// The most memory that a command held, in MB, asked of the system while it runs.
fn peak(mut command: Command) -> f64 {
    let mut child = command.spawn().expect("it starts");
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut peak = 0.0;
    while child.try_wait().expect("it runs").is_none() {
        let held = fs::read_to_string(&status).unwrap_or_default();
        let kb = held.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok());
        peak = kb.map_or(peak, |kb| kb / 1e3);
        std::thread::sleep(Duration::from_millis(5));
    }
    peak
}

/// Seconds for each MB of one document; a straight line is the same number in each row.
fn growth() {
    println!("{:44} {:>12} {:>12} {:>12}", "one document", "seconds", "s per MB", "peak memory");
    let scratch = tempfile::tempdir().expect("a folder");
    let file = scratch.path().join("long.txt");
    let measure = |what: &str, text: String| {
        fs::write(&file, &text).expect("a file");
        let megabytes = text.len() as f64 / 1e6;
        drop(text);
        let begun = Instant::now();
        let peak = peak(zhinan(&["ingest", &file.to_string_lossy()]));
        let seconds = begun.elapsed().as_secs_f64();
        println!("{what:44} {seconds:>12.2} {:>12.3} {:>9.0} MB", seconds / megabytes, peak);
    };
    for megabytes in [1, 10, 100] {
        measure(&format!("{megabytes} MB"), corpus::long(megabytes * 1_000_000));
    }
    measure("10 MB in one paragraph", corpus::paragraph(10_000_000));
}
