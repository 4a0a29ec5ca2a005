//! The repair of odd texts: exact texts, and where they stand in the source.

use zhinan::normalise::normalise;
use zhinan::span::Span;
use zhinan::table::Tables;

fn tables() -> &'static Tables {
    Tables::built_in().expect("the built-in tables load")
}

#[test]
fn marks_go_also_those_that_another_hid() {
    let text = "## # 一[bookmark: a]、总[bookmark: 甲]体目标";
    let normalised = normalise(text, tables());
    assert_eq!(normalised.text(), "一、总体目标");
    assert_eq!(normalised.furniture, [(0, 3), (3, 4), (6, 19), (21, 34)].map(|(start, end)| Span::new(start, end)));
    assert_eq!(normalised.raw(Span::new(0, normalised.text().len())), Span::new(5, 37));
}

/// Filled up to the longest row, this table would have 10 000 000 000 cells.
#[test]
fn a_long_row_over_many_short_ones_does_not_fill_the_memory() {
    let text = format!("{}\n{}", "甲\t".repeat(100_000), "乙\t丙\n".repeat(100_000));
    let normalised = normalise(&text, tables());
    let count = |sign: char| normalised.text().chars().filter(|c| *c == sign).count();
    assert_eq!((count('甲'), count('乙'), count('丙')), (100_000, 100_000, 100_000));
}
