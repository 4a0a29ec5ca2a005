//! Throughput of the stages on the seeds, one core: `cargo bench --bench throughput`. For the ratios see `ratios.rs`.

use std::path::Path;
use std::sync::LazyLock;

use divan::{Bencher, counter::BytesCount};
use jieba_rs::Jieba;
use zhinan::pipeline::Reader;
use zhinan::table::Tables;

#[allow(dead_code)]
mod corpus;

static READER: LazyLock<Reader> = LazyLock::new(|| Reader::new(Tables::built_in().expect("tables")));
static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);

fn main() {
    divan::main();
}

fn names() -> Vec<String> {
    corpus::seeds().into_iter().map(|(path, _)| path.to_string_lossy().into_owned()).collect()
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(name).expect("a seed")
}

/// Text in, JSON out.
#[divan::bench(args = names())]
fn pipeline(bencher: Bencher, name: &str) {
    let bytes = bytes(name);
    LazyLock::force(&READER);
    bencher.counter(BytesCount::of_slice(&bytes)).bench(|| READER.read(Path::new(name), &bytes).expect("a definition").json);
}

/// The words of the same text.
#[divan::bench(args = names())]
fn jieba_cut(bencher: Bencher, name: &str) {
    let text = String::from_utf8(bytes(name)).expect("UTF-8");
    LazyLock::force(&JIEBA);
    bencher.counter(BytesCount::of_str(&text)).bench(|| JIEBA.cut(&text, false).len());
}
