//! How fast two calls are compared: 1,000 pairs of calls with 20 programmes each on all cores, beside the parsing of the same
//! files, and one pair of 200 programmes. `cargo bench --bench diff`.

use divan::{Bencher, black_box};
use rayon::prelude::*;
use serde_json::{Value, json};
use zhinan::diff::{Call, Options, TitleWords, compare};
use zhinan::table::Tables;

fn main() {
    divan::main();
}

const PAIRS: usize = 1000;

fn words() -> TitleWords {
    let lexicon = &Tables::built_in().expect("the tables load").lexicon;
    TitleWords::new(&lexicon.numerals, |name| lexicon.named(name)).expect("the lists make expressions")
}

/// A real definition with 20 programmes, and itself a year later: titles, money and targets moved.
fn files() -> (String, String) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/extracted/003_aa41eca821352809.json");
    let old: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("a definition")).expect("JSON");
    let mut new = old.clone();
    new["year"] = json!(2027);
    let programmes = new["programmes"].as_array_mut().expect("programmes");
    assert_eq!(programmes.len(), 20);
    for (at, programme) in programmes.iter_mut().enumerate() {
        if at % 3 == 0 {
            programme["title"] = json!(format!("{}新", programme["title"].as_str().unwrap_or_default()));
        }
        for fact in programme["kpis"].as_array_mut().into_iter().flatten().step_by(2) {
            fact["min"] = json!(at + 7);
        }
    }
    (old.to_string(), new.to_string())
}

fn calls() -> Vec<(Call, Call)> {
    let (old, new) = files();
    (0..PAIRS).map(|_| (Call::read(&old).expect("a call"), Call::read(&new).expect("a call"))).collect()
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn compare_1000_pairs_of_20(bencher: Bencher) {
    let (words, calls) = (words(), calls());
    bencher.bench_local(|| {
        let count = |(old, new): &(Call, Call)| {
            let found = compare(old, new, &Options { words: &words, forced: &[], texts: (None, None) });
            found.map_or(0, |found| found.changes.len())
        };
        black_box(calls.par_iter().map(count).sum::<usize>())
    });
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn read_and_compare_1000_pairs_of_20(bencher: Bencher) {
    let (words, (old, new)) = (words(), files());
    bencher.bench_local(|| {
        let count = |_| {
            let (old, new) = (Call::read(&old).expect("a call"), Call::read(&new).expect("a call"));
            let found = compare(&old, &new, &Options { words: &words, forced: &[], texts: (None, None) });
            found.map_or(0, |found| found.changes.len())
        };
        black_box((0..PAIRS).into_par_iter().map(count).sum::<usize>())
    });
}

/// The measure: the same files, parsed and nothing else.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn reference_parse_the_same_2000_files(bencher: Bencher) {
    let (old, new) = files();
    bencher.bench_local(|| {
        let parse = |_| {
            let files = [&old, &new].map(|text| serde_json::from_str::<Value>(text).expect("JSON"));
            files.iter().map(|file| file["programmes"].as_array().map_or(0, Vec::len)).sum::<usize>()
        };
        black_box((0..PAIRS).into_par_iter().map(parse).sum::<usize>())
    });
}

/// Two hundred programmes on each side, all of them with other titles.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn compare_one_pair_of_200(bencher: Bencher) {
    let words = words();
    let made = |suffix: &str| {
        let programme = |at: usize| {
            let title = format!("方向{at}：{}关键技术{suffix}", ["稻麦", "港桥", "药械", "星海"][at % 4].repeat(1 + at % 3));
            let grant = json!({"role": "per_project", "min": null, "max": 100_000 * (1 + at % 7), "currency": "CNY"});
            json!({"id": format!("/{title}"), "parent": "/", "title": title, "funding": [grant]})
        };
        let programmes: Vec<Value> = std::iter::once(json!({"id": "/", "title": "专项"})).chain((0..200).map(programme)).collect();
        Call::read(&json!({"schema_version": "1.0.0", "programmes": programmes}).to_string()).expect("a call")
    };
    let (old, new) = (made("研究"), made("研发与应用"));
    bencher.bench_local(|| {
        compare(black_box(&old), &new, &Options { words: &words, forced: &[], texts: (None, None) }).map(|f| f.pairs.len())
    });
}
