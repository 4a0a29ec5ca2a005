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

/// Most are about as long as each other, but some are longer than any line could be among those that are wrapped by hand.
#[test]
fn paragraphs_of_like_length_are_no_wrapped_lines() {
    let like = |n: usize| "支持方向".repeat(10 + n % 2);
    let long = |n: usize| "申报条件".repeat(25 + n);
    let text = (0..12).map(like).chain((0..2).map(long)).collect::<Vec<_>>().join("\n\n");
    assert_eq!(normalise(&text, tables()).text().lines().count(), 14);
}

#[test]
fn a_heading_that_fills_its_line_ends_before_a_label() {
    let heading = "一、重要病原跨种传播风险早期识别与防控技术研究";
    let line = "研究内容:围绕重要疫病研究病原在野生动物与家畜间";
    let rest = "循环规律及其演化机制与传播风险的早期识别预警方法";
    let text = format!("{heading}\n{line}\n{rest}\n{rest}\n{rest}。\n");
    let normalised = normalise(&text, tables());
    assert_eq!(normalised.text(), format!("{heading}\n{line}{rest}{rest}{rest}。"));
}
