//! What stands around a fact and belongs to it: whom it is said of, what is left out, whether it is one of a choice or only
//! preferred. In: a fact in its sentence. Out: the fact, completed by the rows of the tables.

use super::{Context, Fact};
use crate::sign::{OPEN_HEADING, STOP};
use crate::span::{Normal, Span, before, within};
use crate::table::{FactKind, Line, List, Near};

/// How far back a sentence is read, in bytes; what goes on longer without a full stop is a list.
const REACH: usize = 12_000;

/// Fills in subject, exceptions, choice and preference; `inside` are the rows that may match the sentence.
pub fn complete(fact: &mut Fact, context: Context, inside: &Near) {
    let text = context.text.text();
    let counts = matches!(fact.kind, FactKind::Kpis | FactKind::Conditions | FactKind::Quotas);
    if fact.subject.is_none() && fact.kind != FactKind::Quotas {
        let from = before(text, fact.core.start, REACH).max(first(context)).min(fact.core.start);
        let start = text[from..fact.core.start].rfind('\n').map_or(from, |i| from + i + 1);
        let start = text[start..fact.core.start].rfind(STOP).map_or(start, |i| start + i + STOP.len_utf8());
        let before = Span::new(start, fact.core.start);
        let clause = Span::new(context.sentence.start.max(before.start).min(before.end), before.end);
        let party = if counts { last(context, "subject", inside, clause) } else { None };
        let paid = matches!(fact.kind, FactKind::Funding | FactKind::Conditions);
        let tier = || respective(fact, context, inside).or_else(|| last(context, "tier", inside, clause));
        let case = || last(context, "case", &near(context, inside, before), before);
        fact.subject = party.or_else(|| if paid { tier() } else { None }).or_else(case);
    }
    if !counts {
        return;
    }
    let after = Span::new(fact.core.end, context.sentence.end.max(fact.core.end));
    if let Some(span) = rows(context, "except", inside).find_map(|row| group(row, after.of(text), after.start)) {
        fact.except.push(span.of(text).to_string());
    }
    let clause = Span::new(context.sentence.start.min(fact.core.start), fact.core.start);
    if rows(context, "preferred", inside).any(|row| row.is_match(clause.of(text))) {
        fact.force = Some("preferred");
    }
    fact.any_of = choice(context, inside);
}

/// The rows that may match `span`. What reaches into the sentence is asked for up to its end, so that its facts ask the same; `inside`
/// are those of the sentence.
fn near(context: Context, inside: &Near, span: Span<Normal>) -> Near {
    let end = if span.end > context.sentence.start { span.end.max(context.sentence.end) } else { span.end };
    if context.sentence.contains(&span) { inside.clone() } else { context.text.near_words(Span::new(span.start, end)) }
}

/// Those of `class` among them.
fn rows<'t>(context: Context<'t>, class: &'static str, near: &Near) -> impl Iterator<Item = &'t Line> {
    context.tables.contexts.among(near).map(|(_, row)| row).filter(move |row| row.class == class)
}

/// Where the words of the section begin, after its ordinal, and after a label in brackets.
pub fn first(context: Context) -> usize {
    let node = &context.outline.nodes[context.node];
    let start = node.marker.as_ref().map_or(node.span.start, |marker| marker.number.end);
    let label = node.class.filter(|_| context.text.text()[start..].starts_with(OPEN_HEADING));
    label.map_or(start, |_| node.body.start)
}

fn group(row: &Line, words: &str, base: usize) -> Option<Span<Normal>> {
    let found = row.captures(words)?;
    let group = ["subject", "except", "what"].iter().find_map(|name| found.name(name))?;
    Some(within(base, group.range()))
}

/// The last match before the fact: a subject holds until the next one.
fn last(context: Context, class: &'static str, near: &Near, before: Span<Normal>) -> Option<Span<Normal>> {
    let words = before.of(context.text.text());
    let all =
        rows(context, class, near).flat_map(|row| row.pattern.captures_from(words, 0)).filter_map(|c| c.name("subject").map(|m| m.range()));
    all.max_by_key(|range| range.end).map(|range| within(before.start, range))
}

/// Of tiers that are named first and then paid respectively, the one at the place of this fact.
fn respective(fact: &Fact, context: Context, near: &Near) -> Option<Span<Normal>> {
    let text = context.text.text();
    let words = context.sentence.of(text);
    let found = rows(context, "respective", near).find_map(|row| row.captures(words))?;
    let (list, end) = (found.name("list")?, context.sentence.start + found.get(0)?.end());
    let same_kind = context.inside.iter().find(|m| m.core == fact.core)?.slot;
    let place = context.inside.iter().filter(|m| m.slot == same_kind && m.core.start >= end && m.core.start < fact.core.start).count();
    let tiers = context.tables.lexicon.list(List::Tier);
    let here =
        |at: usize| tiers.iter().map(String::as_str).filter(|tier| list.as_str()[at..].starts_with(tier)).max_by_key(|tier| tier.len());
    let mut named = list.as_str().char_indices().filter_map(|(at, _)| Some(within(list.start(), at..at + here(at)?.len())));
    let part = named.nth(place).filter(|_| fact.core.start >= end)?;
    Some(within(context.sentence.start, part.range()))
}

/// The words of the section above that open a choice (以下至少1项任务).
fn choice(context: Context, inside: &Near) -> Option<String> {
    let above = context.outline.nodes[context.node].parent;
    let span = context.outline.nodes[above].span;
    if above == 0 {
        return None;
    }
    let text = context.text.text();
    rows(context, "any_of", &near(context, inside, span))
        .find_map(|row| group(row, span.of(text), span.start))
        .map(|span| span.of(text).to_string())
}
