//! Stage 4: the engine that runs the tables. In: `Outline`, mentions, `Tables`. Out: `Vec<Fact>`, and the numbers that a row
//! explains as no fact. It knows no subject, and looks at one sentence of one section at a time.

mod amount;
mod bound;
mod context;
mod dates;
mod label;
mod mention;
mod merge;
mod sentence;
mod topics;

pub use mention::{Lexer, Mention, RATIO, Value, mentions};
pub use merge::merge;
pub use sentence::{Masks, View, sentences};
pub use topics::{Topic, topics};

use std::cell::OnceCell;
use std::mem::replace;

use self::label::Noun;
use crate::outline::{Node, Outline, Titles};
use crate::segment::Segmented;
use crate::sign::{COMMA, PAUSE};
use crate::span::{Normal, Span, within};
use crate::table::{Classes, FactKind, Near, Rule, Slots, Strength, Tables, group_name};
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
    /// The sentences that may hold lists of fields, in order, each with its section.
    pub sentences: Vec<(usize, Span<Normal>)>,
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
    let names = titles.apart(NAME);
    let (mut all, mut listing) = (Vec::with_capacity(2 * outline.nodes.len()), vec![]);
    let end_of = |node: &Node| {
        sentences(text.text(), node.span, mentions, &mut all);
        all.len()
    };
    let ends: Vec<usize> = outline.nodes.iter().map(end_of).collect();
    let mut trials = Trials::for_about(mentions.len(), outline.nodes.len(), text.text().len());
    for (index, node) in outline.nodes.iter().enumerate().skip(1) {
        let section = tables.classes(outline.classes(index));
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
        for &sentence in &all[ends[index - 1]..ends[index]] {
            let inside = mentions_in(mentions, sentence);
            let near = if inside.is_empty() { text.near_words(sentence) } else { text.near(sentence) };
            trials.add(Context { outline, text, sentence, inside, node: index, section, tables }, &near, &special);
            listing.extend(tables.topics.among(&near).next().map(|_| (index, sentence)));
        }
    }
    Extracted { sentences: listing, ..trials.run(tables) }
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
    let (mut trials, mut all) = (Trials::default(), vec![]);
    sentences(text.text(), outline.nodes[index].span, mentions, &mut all);
    for sentence in all {
        let inside = mentions_in(mentions, sentence);
        let section = tables.classes(classes.iter().copied());
        let context = Context { outline, text, sentence, inside, node: index, section, tables };
        trials.add(context, &text.near(sentence), &|_| None);
    }
    trials.run(tables)
}

/// Everything that a rule may look at.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub outline: &'a Outline,
    pub text: &'a Segmented<'a>,
    pub sentence: Span<Normal>,
    pub inside: &'a [Mention],
    pub node: usize,
    /// The classes of its section.
    pub section: Classes,
    pub tables: &'static Tables,
}

fn mentions_in(mentions: &[Mention], span: Span<Normal>) -> &[Mention] {
    let from = mentions.partition_point(|m| m.core.start < span.start);
    let to = mentions.partition_point(|m| m.core.start < span.end);
    &mentions[from..to]
}

/// What is to be tried on a text. All of it is gathered, tried rule by rule and made into facts in turn: the code of each step and
/// the automata of a rule stay in the cache.
#[derive(Default)]
struct Trials<'a> {
    subjects: Vec<Subject<'a>>,
    /// The sentences as rules see them.
    masks: Masks,
    /// The places of rules among all rows, and the subjects that they may take.
    trials: Vec<(u32, u32)>,
}

/// A mention that rules may take, or a sentence whose words one may.
struct Subject<'a> {
    context: Context<'a>,
    /// Which mention of the sentence it is; `None` for its words.
    index: Option<usize>,
    /// The rows that may match the sentence.
    near: Near,
    view: usize,
    noun: OnceCell<Noun>,
    taken: Option<Taken>,
}

/// What a rule takes of a subject.
struct Taken {
    rule: &'static Rule,
    /// The words that it matches, and its groups; none for a mention whose rule has no groups.
    whole: Option<Span<Normal>>,
    groups: Vec<(&'static str, Span<Normal>)>,
    rival: Option<&'static Rule>,
}

impl<'a> Trials<'a> {
    /// With room for what so many mentions and sections of a text of so many bytes mostly are tried for.
    fn for_about(mentions: usize, sections: usize, bytes: usize) -> Self {
        Trials {
            subjects: Vec::with_capacity(mentions + mentions / 4),
            masks: Masks::for_about(sections, bytes),
            trials: Vec::with_capacity(5 * mentions),
        }
    }

    /// Gathers what there is to be tried on a sentence, which the rows `near` may match; `special` gives a class that a mention has of
    /// its own.
    fn add(&mut self, context: Context<'a>, near: &Near, special: &dyn Fn(&Span<Normal>) -> Option<&'static str>) {
        let Context { inside, section, tables, .. } = context;
        let number = context.outline.nodes[context.node].marker.as_ref().map(|marker| marker.number);
        let held: Slots = inside.iter().map(|mention| mention.slot).collect();
        let mut views = [None; 2];
        let is_own = |mention: &Mention| !context.text.normalised.is_borrowed(mention.core);
        let may_read = |mention: &Mention| number.is_none_or(|number| !number.overlaps(&mention.core)) && is_own(mention);
        for (index, mention) in inside.iter().enumerate().filter(|(_, mention)| may_read(mention)) {
            let (classes, from) = (section.and(tables.classes(special(&mention.core))), self.trials.len());
            let may_take = |rule: &Rule| rule.beside.are_in(held) && rule.reads(classes) && fits(rule, mention);
            let rules = (!classes.meet(Classes::PUBLISHED)).then_some(&tables.rules);
            for rows in [Some(&tables.checks), rules].into_iter().flatten() {
                for (row, _) in rows.reading(Some(mention.slot), near).filter(|(_, rule)| may_take(rule)) {
                    self.trials.push((row as u32, self.subjects.len() as u32));
                }
            }
            if self.trials.len() > from {
                self.subject(context, Some(index), near, &mut views);
            }
        }
        for (row, _) in tables.rules.reading(None, near).filter(|(_, rule)| rule.beside.are_in(held) && rule.reads(section)) {
            self.trials.push((row as u32, self.subjects.len() as u32));
            self.subject(context, None, near, &mut views);
        }
    }

    /// To rules that read a mention that is no place, places are words.
    fn subject(&mut self, context: Context<'a>, index: Option<usize>, near: &Near, views: &mut [Option<usize>; 2]) {
        let places = index.is_none_or(|index| context.inside[index].slot.is_place());
        let view = *views[usize::from(places)]
            .get_or_insert_with(|| self.masks.add(context.text.text(), context.sentence, context.inside, places));
        self.subjects.push(Subject { context, index, near: near.clone(), view, noun: OnceCell::new(), taken: None });
    }

    /// Tries all rules, and makes facts of what they take.
    fn run(mut self, tables: &'static Tables) -> Extracted {
        for (row, subject) in by_row(&self.trials) {
            let subject = &mut self.subjects[subject as usize];
            subject.try_rule(tables.rule(row as usize), &mut self.masks);
        }
        let mut out = Extracted { facts: Vec::with_capacity(self.subjects.len()), ..Extracted::default() };
        for subject in &self.subjects {
            match (&subject.taken, subject.index) {
                (Some(taken), Some(index)) => read_mention(subject, index, taken, &mut out),
                (Some(taken), None) => read_words(subject.context, taken, &mut out),
                (None, _) => {}
            }
        }
        out
    }
}

/// Trials by their rows, those of a row in their order: counted, each then has its place.
fn by_row(trials: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let rows = trials.iter().map(|(row, _)| *row as usize + 1).max().unwrap_or(0);
    let mut next = vec![0; rows];
    trials.iter().for_each(|(row, _)| next[*row as usize] += 1);
    let mut before = 0;
    next.iter_mut().for_each(|place| before += replace(place, before));
    let mut sorted = vec![(0, 0); trials.len()];
    for trial in trials {
        let place = &mut next[trial.0 as usize];
        sorted[*place] = *trial;
        *place += 1;
    }
    sorted
}

impl Subject<'_> {
    /// The first rule that takes a mention makes its fact; a second one that would make another is its rival.
    fn try_rule(&mut self, rule: &'static Rule, masks: &mut Masks) {
        let mention = self.index.map(|index| &self.context.inside[index]);
        match &self.taken {
            None => self.taken = taken(rule, &masks.reading(self.view, mention)).filter(|_| self.knows(rule)),
            Some(first) if first.rival.is_none() && rivals(first.rule, rule) => {
                let is_rival = takes(rule, &masks.reading(self.view, mention)) && self.knows(rule);
                if let (true, Some(first)) = (is_rival, &mut self.taken) {
                    first.rival = Some(rule);
                }
            }
            Some(_) => {}
        }
    }

    fn knows(&self, rule: &Rule) -> bool {
        rule.gives.counts.as_deref() != Some(KNOWN) || self.noun().metric().is_some()
    }

    /// What a mention counts.
    fn noun(&self) -> &Noun {
        self.noun.get_or_init(|| self.index.map(|index| label::noun(self.context, index)).unwrap_or_default())
    }
}

/// Whether a rule asks for nothing that the mention is not.
fn fits(rule: &Rule, mention: &Mention) -> bool {
    (rule.units.is_empty() || rule.units.iter().any(|unit| unit == mention.unit))
        && (rule.gives.fact != Some(FactKind::Deadlines) || mention.value.is_precise_to(Precision::Day))
        && (rule.gives.fact != Some(FactKind::Period) || mention.value.is_precise_to(Precision::Month))
        && (rule.gives.fact != Some(FactKind::Projects) || mention.value.interval().counts())
        && (!rule.bounded || mention.value.interval().single().is_none())
}

/// What the rule that takes a mention makes of it.
fn read_mention(subject: &Subject, index: usize, taken: &Taken, out: &mut Extracted) {
    let (context, rule, mention) = (subject.context, taken.rule, &subject.context.inside[index]);
    if let Some(kind) = &rule.gives.check {
        out.declared.push(Declared { kind, span: mention.span, value: mention.value.clone(), rule: &rule.id });
        return;
    }
    if let Some(reason) = &rule.gives.unclaimed {
        out.explained.push(Explained { span: mention.span, reason, rule: &rule.id });
        return;
    }
    let mut fact = from_mention(context, index, rule);
    for (group, span) in &taken.groups {
        set_group(&mut fact, group, *span, context);
    }
    fact.rival = taken.rival.map(name_of);
    if let Some(start) = context.outline.nodes[context.node].marker.as_ref().map(|marker| marker.number.end) {
        for span in [&mut fact.label, &mut fact.subject].into_iter().flatten() {
            *span = Span::new(span.start.max(start).min(span.end), span.end);
        }
    }
    if matches!(fact.kind, FactKind::Kpis | FactKind::Conditions | FactKind::Quotas) {
        count(&mut fact, subject, mention);
        fact.label = fact.label.map(|span| label::without_copula(context, span));
    }
    if fact.scope.is_none() && context.section.meet(Classes::OVERALL) {
        fact.scope = Some("programme");
    }
    context::complete(&mut fact, context, &subject.near);
    if let Some(open) = opening(&mut fact) {
        out.facts.push(open);
    }
    out.facts.push(fact);
}

/// A window in which one may apply (recommend, hand in papers), or in which something was done, is two days: this makes the fact the last
/// one and gives the first. The contract has a role for the day from which one may apply alone.
fn opening(fact: &mut Fact) -> Option<Fact> {
    let Value::Period(start, end) = fact.value else { return None };
    let mut open = fact.clone();
    match fact.kind {
        FactKind::Deadlines if fact.role == Some("application_close") => open.role = Some("application_open"),
        FactKind::Deadlines => open.role = Some("other"),
        FactKind::Conditions => open.bound = Some("not_before"),
        _ => return None,
    }
    (open.value, fact.value) = (Value::Date(start), Value::Date(end));
    Some(open)
}

/// The metric that a rule gives where it wants the counted noun to be one that the tables know.
const KNOWN: &str = "known";

/// Puts the counted noun into a fact that counts, and widens its words over a noun that stands beside the number.
fn count(fact: &mut Fact, subject: &Subject, mention: &Mention) {
    if matches!(fact.metric, KNOWN | "") {
        fact.metric = subject.noun().metric().unwrap_or("other");
    }
    let Context { outline, node, .. } = subject.context;
    let row = outline.row_of(node).filter(|_| fact.kind == FactKind::Quotas);
    if let Some(entity) = row.and_then(|row| outline.nodes[row].title) {
        // Whom the row of a table limits is its name.
        fact.label = Some(entity);
    } else if fact.label.is_none() {
        fact.label = subject.noun().span;
        fact.span = fact.label.map_or(fact.span, |label| mention.span.cover(&label));
    }
}

/// Two rules of one table with different roles compete; rows of other tables stand behind by their order.
fn rivals(rule: &Rule, other: &Rule) -> bool {
    rule.gives.fact.is_some()
        && rule.gives.role.is_some()
        && rule.strength != Some(Strength::Strong)
        && rule.gives.fact == other.gives.fact
        && other.gives.role.is_some()
        && rule.gives.role != other.gives.role
        && other.strength != Some(Strength::Weak)
        && rule.place.0 == other.place.0
}

fn name_of(rule: &Rule) -> String {
    let role = rule.gives.role.as_deref().or(rule.gives.counts.as_deref()).unwrap_or("");
    format!("{} ({role}) reads it too", rule.id)
}

/// Whether a rule takes a sentence.
fn takes(rule: &Rule, view: &View) -> bool {
    let (text, at) = rule.reach.window(view.text, view.current);
    rule.pattern.is_match_at(text, at) && !rule.is_left(view.text, view.current)
}

/// What a rule takes of a sentence: its groups are asked for only where it has some, since they cost more than the match.
fn taken(rule: &'static Rule, view: &View) -> Option<Taken> {
    if rule.slot.is_some() && !rule.pattern.has_groups() {
        return takes(rule, view).then_some(Taken { rule, whole: None, groups: vec![], rival: None });
    }
    let (text, at) = rule.reach.window(view.text, view.current);
    let captures = rule.pattern.captures_at(text, at).filter(|_| !rule.is_left(view.text, view.current))?;
    let groups = captures.named().filter_map(|(name, range)| Some((group_name(name)?, view.back(range)))).collect();
    Some(Taken { rule, whole: Some(view.back(captures.range())), groups, rival: None })
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
fn read_words(context: Context, taken: &Taken, out: &mut Extracted) {
    let (rule, text) = (taken.rule, context.text.text());
    let group = |name: &str| taken.groups.iter().find(|(group, _)| *group == name).map(|(_, span)| *span);
    let Some(what) = group("what").or(taken.whole) else { return };
    let least = rule.gives.min.as_ref().and_then(|min| min.parse().ok());
    let value = least.map_or(Value::Words, |min| Value::Amount { interval: Interval::exactly(min).floor(false), choices: vec![] });
    let mut fact = fact(rule, what, what, value, context.node);
    fact.unit = rule.gives.unit.as_deref().unwrap_or_default();
    for (group, span) in &taken.groups {
        set_group(&mut fact, group, *span, context);
    }
    for span in group("list").map_or(vec![what], |list| parts(list, text)) {
        let is_known = |other: &Fact| (other.kind, other.role, other.core) == (fact.kind, fact.role, span);
        if !out.facts.iter().rev().take_while(|other| other.core.start >= context.sentence.start).any(is_known) {
            out.facts.push(Fact { span, core: span, ..fact.clone() });
        }
    }
}
