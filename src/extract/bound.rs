//! The words that bind an amount, on both sides of it: 不超过 … 以内, 至少, 约, 原则上. In: an amount and the text around it. Out: the
//! amount with its interval opened or closed as the words say, and its span widened over them.

use aho_corasick::{Anchored, Input};

use super::mention::{Lexer, Mention, RATIO, Value, clause_before};
use crate::segment::Segmented;
use crate::sign::{COMMA, PAUSE, ends_clause, is_han};
use crate::span::{Normal, Span};
use crate::table::{Bound, List, Slot, Tables, Way};

/// Reads the bound words beside an amount, and widens its span over them. A word right behind the unit (20日内), or behind what each is
/// paid for (万元/项以内), decides against one before the number (期满后20日内).
pub fn read(mention: &mut Mention, free: std::ops::Range<usize>, text: &Segmented, tables: &Tables, lexer: &Lexer) {
    let Value::Amount { interval, choices } = &mention.value else { return };
    let (mut interval, choices, core) = (*interval, choices.clone(), mention.core);
    let range = interval.single().is_none();
    let window_start = core.start - clause_before(text.text(), core.start, 24).len();
    let window = window_start.max(free.start)..core.start;
    let row = |hit: &aho_corasick::Match| &tables.lexicon.bounds[hit.pattern().as_usize()];
    let mut apply = |row: &Bound| match row.way {
        Way::Eased if !range && mention.unit == RATIO => interval = interval.floor(row.exclusive),
        Way::Ceiling | Way::Eased if !range => interval = interval.ceiling(row.exclusive),
        Way::Floor if !range => interval = interval.floor(row.exclusive),
        Way::About => mention.approximate = true,
        Way::InPrinciple => mention.in_principle = true,
        Way::Ceiling | Way::Floor | Way::Eased | Way::Nothing => {}
    };
    let mut span = core;
    let tail = &text.text()[core.end..free.end.max(core.end)];
    let each = tables.lexicon.list(List::Each).opening(tail).map(str::len).max();
    let behind = each.unwrap_or_else(|| other_unit(tail).max(divisor(tail, tables)));
    let after = lexer.after.find(Input::new(&tail[behind..]).anchored(Anchored::Yes));
    let after = after.filter(|hit| text.is_boundary(core.end + behind + hit.end()));
    if let Some(hit) = &after {
        span = if each.is_none() { Span::new(span.start, core.end + behind + hit.end()) } else { span };
        apply(row(hit));
    }
    let after = after.map(|hit| row(&hit).way);
    let turns = |way: Way| matches!((after, way), (Some(Way::Ceiling), Way::Floor) | (Some(Way::Floor), Way::Ceiling));
    let hits = lexer.before.find_iter(&text.text()[window.clone()]);
    let hits: Vec<_> = hits.filter(|hit| row(hit).way != Way::Nothing).collect();
    let gap = |hit: &aho_corasick::Match| text.text()[window.start + hit.end()..core.start].chars().count();
    // A word of its own, and no part of another (达标排放率).
    let is_word = |hit: &aho_corasick::Match| gap(hit) == 0 || text.is_boundary(window.start + hit.end());
    // What is paid where a bound is reached is not bound by it (期满考核合格的给予50万元).
    let is_paid = |hit: &aho_corasick::Match| {
        let between = &text.text()[window.start + hit.end()..core.start];
        let pays = |behind: &str| tables.lexicon.list(List::Pays).opening(behind).next().is_some();
        // Of so few words, to see that the sign is not there is quicker than to look for it from the end.
        let held = tables.lexicon.list(List::OfSign).iter().filter(|sign| between.contains(sign.as_str()));
        held.filter_map(|sign| between.rsplit_once(sign.as_str())).any(|(_, behind)| pays(behind))
    };
    let near = |hit: &&aho_corasick::Match| gap(hit) <= row(hit).reach && is_word(hit) && !is_paid(hit);
    let first = hits.iter().rev().find(|h| near(h) && row(h).way != Way::InPrinciple && !turns(row(h).way));
    if let Some(hit) = first {
        let start = window.start + hit.start();
        span = Span::new(start, span.end);
        apply(row(hit));
        let between = Span::new(window.start + hit.end(), core.start);
        mention.base = Some(between).filter(|b| mention.slot == Slot::Percent && !b.is_empty());
    }
    if let Some(row) = in_label(text.text(), core, mention.slot, tables, lexer).filter(|_| first.is_none() && after.is_none()) {
        apply(row);
    }
    let principle = hits.iter().rev().find(|h| {
        let to = first.map_or(core.start, |f| window.start + f.start());
        let end = window.start + h.end();
        row(h).way == Way::InPrinciple && end <= to && text.text()[end..to].chars().count() <= row(h).reach
    });
    if let Some(hit) = principle {
        apply(row(hit));
        span = Span::new(window.start + hit.start(), span.end);
    }
    mention.value = Value::Amount { interval, choices };
    mention.span = trim(span, text.text());
}

/// The bound that the label of an amount of money names, right before its colon: 最高资助额, 资助上限.
fn in_label<'t>(text: &str, core: Span<Normal>, slot: Slot, tables: &'t Tables, lexer: &Lexer) -> Option<&'t Bound> {
    const LABEL: usize = 16;
    let before = text[..core.start].trim_end().strip_suffix(':').filter(|_| slot == Slot::Money)?;
    let from = before.char_indices().rev().take(LABEL).take_while(|(_, c)| !ends_clause(*c)).last().map_or(before.len(), |(at, _)| at);
    let rows = lexer.before.find_iter(&before[from..]).map(|hit| &tables.lexicon.bounds[hit.pattern().as_usize()]);
    rows.filter(|row| matches!(row.way, Way::Ceiling | Way::Floor) && !row.exclusive).last()
}

/// How long the brackets are that open `tail` and hold other names of the unit: 台（套）以上, 台（套、件）以上.
fn other_unit(tail: &str) -> usize {
    const LONGEST: usize = 5;
    let inside = tail.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(inside, _)| inside);
    inside
        .filter(|words| words.chars().count() <= LONGEST && words.chars().all(|c| is_han(c) || c == PAUSE))
        .map_or(0, |words| words.len() + 2)
}

/// How long the unit is, its stroke among it, by which the amount is divided: 元/kW以下, 元/吨以内.
fn divisor(tail: &str, tables: &Tables) -> usize {
    const LONGEST: usize = 3;
    let Some(rest) = tail.strip_prefix('/') else { return 0 };
    let latin = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let unit = |chars: usize| rest.char_indices().nth(chars).map_or(rest, |(end, _)| &rest[..end]);
    let chinese = || (1..=LONGEST).rev().map(unit).find(|unit| tables.lexicon.unit(unit).is_some()).map(str::len);
    Some(latin).filter(|length| *length > 0).or_else(chinese).map_or(0, |length| 1 + length)
}

fn trim(span: Span<Normal>, text: &str) -> Span<Normal> {
    let words = span.of(text);
    let start = span.start + (words.len() - words.trim_start_matches([' ', COMMA]).len());
    Span::new(start, span.end)
}
