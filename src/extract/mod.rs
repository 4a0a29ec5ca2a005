//! Stage 4: the engine that runs the tables. In: `Outline`, mentions, `Tables`. Out: `Vec<Fact>`, and the numbers that a row
//! explains as no fact. It knows no subject, and looks at one sentence of one section at a time.

mod bound;
mod context;
mod dates;
mod label;
mod mention;
mod merge;
mod sentence;
mod topics;

pub use mention::{Lexer, Mention, Value, mentions};
pub use merge::merge;
pub use sentence::{Masked, Views, sentences};
pub use topics::{Topic, topics};

use std::cell::LazyCell;

use crate::outline::{Outline, Titles};
use crate::segment::Segmented;
use crate::sign::{COMMA, PAUSE};
use crate::span::{Normal, Span, within};
use crate::table::{Captured, FactKind, Near, Rows, Rule, Slot, Slots, Strength, Tables};
use crate::value::{Date, Decimal, Interval, Precision, clock};

/// One statement, before it is linked to its programme.
#[derive(Debug, Clone)]
pub struct Fact {
    pub kind: FactKind,
    /// Its row, and what the row gives beside the kind unless the text says otherwise.
    pub rule: &'static Rule,
    pub role: Option<&'static str>,
    pub scope: Option<&'static str>,
    pub bound: Option<&'static str>,
    /// The words that state it.
    pub span: Span<Normal>,
    /// Where the number or name itself stands.
    pub core: Span<Normal>,
    pub value: Value,
    /// The unit or currency, as facts give it.
    pub unit: &'static str,
    /// How many months one unit of a length is.
    pub months: Option<Decimal>,
    pub approximate: bool,
    pub in_principle: bool,
    /// A share that stands beside an amount, or alone.
    pub rate: Option<Interval>,
    /// What the share is of.
    pub base: String,
    /// By what it is paid.
    pub per: String,
    /// The words counted.
    pub label: Option<Span<Normal>>,
    pub metric: &'static str,
    pub subject: Option<Span<Normal>>,
    pub applies_to: Option<String>,
    pub force: Option<&'static str>,
    pub except: Vec<String>,
    pub any_of: Option<String>,
    pub of: Vec<Fact>,
    /// The start and the end that go with a length.
    pub window: (Option<Date>, Option<Date>),
    /// The section that states it.
    pub node: usize,
    /// Another reading that competes, in words.
    pub rival: Option<String>,
    /// The node of its programme (0 is the call itself), and why it stands there; filled by `link`.
    pub programme: usize,
    pub why: &'static str,
}

/// A number that a row explains as no fact.
#[derive(Debug, Clone)]
pub struct Explained {
    pub span: Span<Normal>,
    pub reason: &'static str,
    pub rule: &'static str,
}

/// What the document says of itself, to be checked against what was found.
#[derive(Debug, Clone)]
pub struct Declared {
    pub kind: &'static str,
    pub span: Span<Normal>,
    pub value: Value,
    pub rule: &'static str,
}

#[derive(Debug, Default)]
pub struct Extracted {
    pub facts: Vec<Fact>,
    pub explained: Vec<Explained>,
    pub declared: Vec<Declared>,
    /// The sentences of each piece, in order.
    pub sentences: Vec<Vec<Span<Normal>>>,
}

/// A place that bears the title of a programme of so many characters is its name, and its numbers are no facts.
const NAME: usize = 6;

/// Runs every rule over every section. `title` is where the document's own title stands, `published` its date of issue.
pub fn extract(
    outline: &Outline,
    text: &Segmented,
    mentions: &[Mention],
    title: Option<Span<Normal>>,
    published: Option<Span<Normal>>,
    titles: &Titles,
    tables: &'static Tables,
) -> Extracted {
    let mut out = Extracted { facts: Vec::with_capacity(mentions.len()), ..Extracted::default() };
    let names = titles.apart(NAME);
    let all: Vec<Vec<Span<Normal>>> = outline.nodes.iter().map(|node| sentences(text.text(), node.span, mentions)).collect();
    for (index, node) in outline.nodes.iter().enumerate().skip(1) {
        let own_title = node.title.filter(|_| node.programme);
        let special = |span: &Span<Normal>| {
            let is_in = |title: Option<Span<Normal>>| title.is_some_and(|title| title.contains(span));
            if published.is_some_and(|date| date.overlaps(span)) {
                return Some("published");
            }
            let next = names.partition_point(|name| name.end < span.end);
            let in_name = names.get(next).is_some_and(|name| name.contains(span));
            match (is_in(title), is_in(own_title)) {
                (true, _) => Some("call_title"),
                (_, true) => Some("title"),
                _ => in_name.then_some("name"),
            }
        };
        section(outline, index, text, mentions, &all[index], &outline.classes(index), &special, tables, &mut out);
    }
    Extracted { sentences: all, ..out }
}

/// Runs the rules over one section as if it were of the classes `classes`; for the proof of the tables.
pub fn extract_section(
    outline: &Outline,
    index: usize,
    text: &Segmented,
    mentions: &[Mention],
    classes: &[&str],
    tables: &'static Tables,
) -> Extracted {
    let (mut out, sentences) = (Extracted::default(), sentences(text.text(), outline.nodes[index].span, mentions));
    section(outline, index, text, mentions, &sentences, classes, &|_| None, tables, &mut out);
    out
}

#[allow(clippy::too_many_arguments)]
fn section(
    outline: &Outline,
    index: usize,
    text: &Segmented,
    mentions: &[Mention],
    sentences: &[Span<Normal>],
    classes: &[&str],
    special: &dyn Fn(&Span<Normal>) -> Option<&'static str>,
    tables: &'static Tables,
    out: &mut Extracted,
) {
    let number = outline.nodes[index].marker.as_ref().map(|marker| marker.number);
    for &sentence in sentences {
        let inside = mentions_in(mentions, sentence);
        let near = text.near(sentence);
        let held = inside.iter().map(|mention| mention.slot).collect();
        let context = Context { outline, text, sentence, inside, held, node: index, section: classes, tables, near: &near };
        let mut views = Views::new(text.text(), sentence, inside);
        for (i, mention) in inside.iter().enumerate().filter(|(_, m)| number.is_none_or(|n| !n.overlaps(&m.core))) {
            let own = special(&mention.core).map(|class| [&[class], classes].concat());
            read_mention(Context { section: own.as_deref().unwrap_or(classes), ..context }, i, &mut views, out);
        }
        read_words(context, &mut views, out);
    }
}

/// Everything that a rule may look at.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub outline: &'a Outline,
    pub text: &'a Segmented<'a>,
    pub sentence: Span<Normal>,
    pub inside: &'a [Mention],
    /// Their kinds.
    pub held: Slots,
    pub node: usize,
    pub section: &'a [&'a str],
    pub tables: &'static Tables,
    /// The rows that may match the sentence.
    pub near: &'a Near,
}

impl<'a> Context<'a> {
    /// The rules that read mentions of `slot`, or words alone, of which the sentence and its section hold what they ask for.
    fn rules(self, rules: &'static Rows<Rule>, slot: Option<Slot>) -> impl Iterator<Item = &'static Rule> {
        let is_in = move |class: &String| self.section.contains(&class.as_str());
        let stands_right = move |rule: &Rule| (rule.under.is_empty() || rule.under.iter().any(is_in)) && !rule.outside.iter().any(is_in);
        rules.reading(slot, self.near).filter(move |rule| rule.beside.are_in(self.held) && stands_right(rule))
    }
}

fn mentions_in(mentions: &[Mention], span: Span<Normal>) -> &[Mention] {
    let from = mentions.partition_point(|m| m.core.start < span.start);
    let to = mentions.partition_point(|m| m.core.start < span.end);
    &mentions[from..to]
}

/// The first rule that takes the mention makes its fact; a second one that would make another is its rival.
fn read_mention(context: Context, index: usize, views: &mut Views, out: &mut Extracted) {
    let mention = &context.inside[index];
    let masked = LazyCell::new(|| views.reading(Some(mention)));
    for rule in context.rules(&context.tables.checks, Some(mention.slot)) {
        if taken(rule, &masked).is_some() {
            let kind = rule.gives.check.as_deref().unwrap_or_default();
            out.declared.push(Declared { kind, span: mention.span, value: mention.value.clone(), rule: &rule.id });
            return;
        }
    }
    let noun = LazyCell::new(|| label::noun(context, index));
    if context.section.first() == Some(&"published") {
        return;
    }
    let fits = |rule: &&Rule| {
        (rule.units.is_empty() || rule.units.iter().any(|unit| unit == mention.unit))
            && (rule.gives.fact != Some(FactKind::Deadlines) || mention.value.is_precise_to(Precision::Day))
            && (rule.gives.fact != Some(FactKind::Period) || mention.value.is_precise_to(Precision::Month))
            && (!rule.bounded || mention.value.interval().single().is_none())
    };
    let knows = |rule: &Rule| rule.gives.counts.as_deref() != Some(KNOWN) || noun.metric().is_some();
    let takes = |rule| taken(rule, &masked).filter(|_| knows(rule));
    let mut rules = context.rules(&context.tables.rules, Some(mention.slot)).filter(fits);
    let first = rules.find_map(|rule| Some((rule, takes(rule)?)));
    let Some((rule, found)) = first else { return };
    if let Some(reason) = &rule.gives.unclaimed {
        out.explained.push(Explained { span: mention.span, reason, rule: &rule.id });
        return;
    }
    let mut fact = from_mention(context, index, rule);
    for (group, span) in found.groups() {
        set_group(&mut fact, group, span, context);
    }
    if may_have_rival(rule) {
        fact.rival = rules.find(|other| rivals(rule, other) && takes(other).is_some()).map(name_of);
    }
    if let Some(start) = context.outline.nodes[context.node].marker.as_ref().map(|marker| marker.number.end) {
        for span in [&mut fact.label, &mut fact.subject].into_iter().flatten() {
            *span = Span::new(span.start.max(start).min(span.end), span.end);
        }
    }
    if matches!(fact.kind, FactKind::Kpis | FactKind::Conditions | FactKind::Quotas) {
        count(&mut fact, &noun, mention);
    }
    if fact.scope.is_none() && context.section.contains(&"overall") {
        fact.scope = Some("programme");
    }
    context::complete(&mut fact, context);
    out.facts.extend(opening(&mut fact));
    out.facts.push(fact);
}

/// A window in which one may apply is two days: this makes the fact the last one and gives the first.
fn opening(fact: &mut Fact) -> Option<Fact> {
    let (Value::Period(start, end), FactKind::Deadlines) = (&fact.value, fact.kind) else { return None };
    let (start, end) = (*start, *end);
    let mut open = fact.clone();
    open.value = Value::Date(start);
    open.role = Some("application_open");
    fact.value = Value::Date(end);
    fact.role = Some("application_close");
    Some(open)
}

/// The metric that a rule gives where it wants the counted noun to be one that the tables know.
const KNOWN: &str = "known";

/// Puts the counted noun into a fact that counts, and widens its words over a noun that stands beside the number.
fn count(fact: &mut Fact, noun: &label::Noun, mention: &Mention) {
    if matches!(fact.metric, KNOWN | "") {
        fact.metric = noun.metric().unwrap_or("other");
    }
    if let Some(span) = noun.span.filter(|_| fact.label.is_none()) {
        fact.label = Some(span);
        fact.span = mention.span.cover(&span);
    }
}

/// Two rules of one table with different roles compete; rows of other tables stand behind by their order.
fn rivals(rule: &Rule, other: &Rule) -> bool {
    rule.gives.fact == other.gives.fact
        && other.gives.role.is_some()
        && rule.gives.role != other.gives.role
        && other.strength != Some(Strength::Weak)
        && rule.place.0 == other.place.0
}

fn may_have_rival(rule: &Rule) -> bool {
    rule.gives.fact.is_some() && rule.gives.role.is_some() && rule.strength != Some(Strength::Strong)
}

fn name_of(rule: &Rule) -> String {
    let role = rule.gives.role.as_deref().or(rule.gives.counts.as_deref()).unwrap_or("");
    format!("{} ({role}) reads it too", rule.id)
}

/// What a rule takes of a sentence.
struct Taken<'m> {
    masked: &'m Masked,
    /// `None` for a mention whose rule has no groups: they cost more than the match, which is not asked for then.
    captures: Option<Captured<'m>>,
}

impl Taken<'_> {
    fn groups(&self) -> impl Iterator<Item = (&str, Span<Normal>)> {
        self.captures.iter().flat_map(Captured::named).map(|(name, range)| (name, self.masked.back(range)))
    }

    fn group(&self, name: &str) -> Option<Span<Normal>> {
        Some(self.masked.back(self.captures.as_ref()?.name(name)?.range()))
    }

    fn whole(&self) -> Option<Span<Normal>> {
        Some(self.masked.back(self.captures.as_ref()?.range()))
    }
}

fn taken<'m>(rule: &'m Rule, masked: &LazyCell<&'m Masked, impl FnOnce() -> &'m Masked>) -> Option<Taken<'m>> {
    let masked: &'m Masked = masked;
    let (text, at) = rule.reach.window(&masked.text, masked.current());
    let captures = if rule.slot.is_none() || rule.pattern.has_groups() {
        Some(rule.pattern.captures_at(text, at)?)
    } else if rule.pattern.is_match_at(text, at) {
        None
    } else {
        return None;
    };
    (!rule.is_left(&masked.text, masked.current())).then_some(Taken { masked, captures })
}

fn from_mention(context: Context, index: usize, rule: &'static Rule) -> Fact {
    let mention = &context.inside[index];
    let base = mention.base.map(|span| span.of(context.text.text()).to_string()).unwrap_or_default();
    let value = match (&mention.value, rule.gives.fact) {
        (Value::Amount { interval, choices }, Some(FactKind::Quotas)) if interval.single().is_some() => {
            Value::Amount { interval: interval.ceiling(interval.exclusive), choices: choices.clone() }
        }
        (value, _) => value.clone(),
    };
    Fact {
        unit: mention.unit,
        months: mention.months,
        approximate: mention.approximate,
        in_principle: mention.in_principle,
        base,
        ..fact(rule, mention.span, mention.core, value, context.node)
    }
}

fn fact(rule: &'static Rule, span: Span<Normal>, core: Span<Normal>, value: Value, node: usize) -> Fact {
    let gives = &rule.gives;
    Fact {
        kind: gives.fact.unwrap_or(FactKind::Kpis),
        rule,
        role: gives.role.as_deref(),
        scope: gives.scope.as_deref(),
        bound: gives.bound.as_deref(),
        span,
        core,
        value,
        unit: "",
        months: None,
        approximate: false,
        in_principle: false,
        rate: None,
        base: String::new(),
        per: String::new(),
        label: None,
        metric: gives.counts.as_deref().unwrap_or_default(),
        subject: None,
        applies_to: None,
        force: None,
        except: vec![],
        any_of: None,
        of: vec![],
        window: (None, None),
        node,
        rival: None,
        programme: 0,
        why: "",
    }
}

fn set_group(fact: &mut Fact, group: &str, span: Span<Normal>, context: Context) {
    let text = context.text.text();
    match group {
        "subject" => fact.subject = Some(span),
        "base" => fact.base = span.of(text).to_string(),
        "per" => fact.per = span.of(text).to_string(),
        "label" | "title" => fact.label = Some(span),
        "except" => fact.except.push(span.of(text).trim().to_string()),
        "what" => fact.span = fact.span.cover(&span),
        "clock" => set_clock(fact, context.tables.lexicon.zone(span.of(text))),
        _ => {}
    }
}

/// The time of day is by the clock of `zone`; by one that no table knows, nothing but the day is sure.
fn set_clock(fact: &mut Fact, zone: Option<&str>) {
    if let Value::Date(date) = &mut fact.value {
        *date = zone.and_then(|zone| clock::offset(zone, date)).map_or(date.day(), |offset| date.by_clock(offset));
    }
}

/// The parts of a list of names.
fn parts(list: Span<Normal>, text: &str) -> Vec<Span<Normal>> {
    let words = list.of(text);
    let sign = |c: char| matches!(c, ' ' | ',' | PAUSE | COMMA);
    words
        .split(sign)
        .filter(|part| !part.is_empty())
        .map(|part| within(list.start, offset(words, part)..offset(words, part) + part.len()))
        .collect()
}

/// Where `part`, a slice of `whole`, begins in it.
fn offset(whole: &str, part: &str) -> usize {
    part.as_ptr() as usize - whole.as_ptr() as usize
}

/// Rules on words alone: every match of the sentence is a fact, its words those of group `what`.
fn read_words(context: Context, views: &mut Views, out: &mut Extracted) {
    let masked = LazyCell::new(|| views.reading(None));
    for rule in context.rules(&context.tables.rules, None) {
        let Some(found) = taken(rule, &masked) else { continue };
        let Some(what) = found.group("what").or_else(|| found.whole()) else { continue };
        let least = rule.gives.min.as_ref().and_then(|min| min.parse().ok());
        let value = least.map_or(Value::Words, |min| Value::Amount { interval: Interval::exactly(min).floor(false), choices: vec![] });
        let mut fact = fact(rule, what, what, value, context.node);
        fact.unit = rule.gives.unit.as_deref().unwrap_or_default();
        for (group, span) in found.groups() {
            set_group(&mut fact, group, span, context);
        }
        for span in found.group("list").map_or(vec![what], |list| parts(list, context.text.text())) {
            let is_known = |other: &Fact| (other.kind, other.role, other.core) == (fact.kind, fact.role, span);
            if !out.facts.iter().rev().take_while(|other| other.core.start >= context.sentence.start).any(is_known) {
                out.facts.push(Fact { span, core: span, ..fact.clone() });
            }
        }
    }
}
