//! Which of many expressions can match a text at all. Every match of an expression holds certain words (those of `支持.{0,9}万元` both
//! 支持 and 万元): one pass of an automaton over the text finds the words of all expressions, and only an expression whose words are
//! all there is tried. The words are read off the syntax, as the prefilters of RE2 are. Never leaves out one that would match.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::mem::{replace, take};
use std::ops::Range;
use std::rc::Rc;

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder};
use regex_syntax::hir::{Class, Hir, HirKind, Look};

use super::compiled::{SLOTS, is_slot_char};
use crate::sign::{COMMA, PAUSE, STOP};

/// From the first character to the last.
type Chars = (char, char);
/// Words of which every match holds one.
type OneOf = Vec<String>;

/// What every match of an expression holds.
#[derive(Debug, Clone, Default)]
pub struct Needs {
    /// One word of each list; at most `LISTS` lists.
    lists: Vec<OneOf>,
    /// It begins where the text begins, with one of these characters.
    first: Option<Vec<Chars>>,
    /// So many digits in a row.
    digits: usize,
}

/// So many lists of an expression are asked for, those that fewest texts hold; a row has as many bits in `Near`.
const LISTS: usize = 4;
/// A list of more words is in any text.
const MANY: usize = 400;
/// A larger class of characters is no list of words.
const CLASS: usize = 40;

impl Needs {
    pub fn of(hir: &Hir) -> Needs {
        let mut lists = Held::of(hir).lists();
        lists.sort_by_key(|list| std::cmp::Reverse(worth(list)));
        lists.dedup();
        lists.truncate(LISTS);
        let is_anchored = hir.properties().look_set_prefix().contains(Look::Start);
        let opens = is_anchored.then(|| first(hir)).and_then(|(chars, may_be_empty)| chars.filter(|_| !may_be_empty));
        // What a mention stands for in the masked text begins with any character of the text itself.
        let reads_mention = |chars: &Vec<Chars>| chars.iter().any(|(from, to)| *from <= SLOTS.1 && SLOTS.0 <= *to);
        Needs { lists, first: opens.filter(|chars| !reads_mention(chars)).map(in_order), digits: digits(hir) }
    }

    /// Words of which every match holds one, the rarest that are known; none where every text may match.
    pub fn words(&self) -> &[String] {
        self.lists.first().map_or(&[], Vec::as_slice)
    }

    /// Whether `text` holds as many digits in a row as every match does. So many never stand between two of the places that are looked at.
    pub fn has_digits(&self, text: &str) -> bool {
        let (text, is_digit) = (text.as_bytes(), u8::is_ascii_digit);
        let in_a_row = |at: usize| {
            let before = text[..at].iter().rev().take_while(|byte| is_digit(byte)).count();
            before + text[at..].iter().take_while(|byte| is_digit(byte)).count()
        };
        self.digits == 0 || (self.digits - 1..text.len()).step_by(self.digits).any(|at| is_digit(&text[at]) && in_a_row(at) >= self.digits)
    }

    /// The characters of which one is the start of the text, and of every match; `None` where it may begin otherwise.
    pub fn first(&self) -> Option<&[Chars]> {
        self.first.as_deref()
    }

    /// Whether `text` begins as it must.
    pub fn opens(&self, text: &str) -> bool {
        self.first.as_ref().is_none_or(|chars| text.chars().next().is_some_and(|c| holds(chars, c)))
    }
}

/// Ranges that do not overlap, by their characters.
fn in_order(mut chars: Vec<Chars>) -> Vec<Chars> {
    chars.sort_unstable();
    chars.dedup_by(|next, last| {
        let joins = next.0 <= last.1;
        last.1 = last.1.max(if joins { next.1 } else { last.1 });
        joins
    });
    chars
}

/// Longer words are rarer, and fewer of them.
fn worth(list: &OneOf) -> isize {
    let shortest = list.iter().map(|word| word.chars().count()).min().unwrap_or(0);
    100 * shortest.min(4) as isize - list.len() as isize
}

/// What the matches of a part of an expression are: each is one of the words of `exact`, or holds a word of each of `lists`.
#[derive(Default)]
struct Held {
    exact: Option<OneOf>,
    lists: Vec<OneOf>,
}

impl Held {
    fn of(hir: &Hir) -> Held {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Held::exactly(vec![String::new()]),
            HirKind::Literal(literal) => {
                str::from_utf8(&literal.0).map_or_else(|_| Held::default(), |word| Held::exactly(vec![word.into()]))
            }
            HirKind::Class(class) => characters(class).map_or_else(Held::default, Held::exactly),
            HirKind::Capture(group) => Held::of(&group.sub),
            HirKind::Repetition(repetition) => match (repetition.min, repetition.max, Held::of(&repetition.sub)) {
                (1, Some(1), sub) => sub,
                (0, Some(1), Held { exact: Some(words), .. }) => Held::exactly(words.into_iter().chain([String::new()]).collect()),
                (0, ..) => Held::default(),
                (_, _, sub) => Held { exact: None, lists: sub.lists() },
            },
            HirKind::Concat(parts) => Held::all(parts.iter().map(Held::of)),
            HirKind::Alternation(parts) => Held::any(parts.iter().map(Held::of).collect()),
        }
    }

    fn exactly(words: OneOf) -> Held {
        Held { exact: Some(words), lists: vec![] }
    }

    /// Parts one after the other: words that stand side by side are longer words.
    fn all(parts: impl Iterator<Item = Held>) -> Held {
        let (mut lists, mut run, mut is_exact) = (vec![], vec![String::new()], true);
        for part in parts {
            match part.exact {
                Some(words) if run.len() * words.len() <= MANY => {
                    run = run.iter().flat_map(|left| words.iter().map(move |right| format!("{left}{right}"))).collect();
                }
                exact => {
                    is_exact = false;
                    lists.extend(one_of(replace(&mut run, exact.unwrap_or_else(|| vec![String::new()]))));
                    lists.extend(part.lists);
                }
            }
        }
        if is_exact { Held::exactly(run) } else { Held { exact: None, lists: lists.into_iter().chain(one_of(run)).collect() } }
    }

    fn any(mut parts: Vec<Held>) -> Held {
        if parts.iter().all(|part| part.exact.is_some()) {
            let words: OneOf = parts.iter_mut().filter_map(|part| take(&mut part.exact)).flatten().collect();
            return if words.len() <= MANY {
                Held::exactly(words)
            } else {
                Held { exact: None, lists: one_of(words).into_iter().collect() }
            };
        }
        let mut parts: Vec<Vec<OneOf>> = parts.into_iter().map(Held::lists).collect();
        parts.iter_mut().for_each(|lists| lists.sort_by_key(|list| std::cmp::Reverse(worth(list))));
        // Of each part the best list, then of each the next best, or again its last.
        let most = if parts.iter().any(Vec::is_empty) { 0 } else { parts.iter().map(Vec::len).max().unwrap_or(0) };
        let nth = |n: usize| parts.iter().flat_map(move |lists| lists[n.min(lists.len() - 1)].iter().cloned()).collect();
        Held { exact: None, lists: (0..most).filter_map(|n| one_of(nth(n))).collect() }
    }

    fn lists(self) -> Vec<OneOf> {
        self.lists.into_iter().chain(self.exact.and_then(one_of)).collect()
    }
}

/// The word that is the only match.
pub fn literal(hir: &Hir) -> Option<String> {
    let HirKind::Literal(literal) = hir.kind() else { return None };
    str::from_utf8(&literal.0).ok().map(str::to_string)
}

/// Whether every match holds one of `chars`, and none of a larger class.
pub fn always_holds(hir: &Hir, chars: &[char]) -> bool {
    match hir.kind() {
        HirKind::Literal(literal) => str::from_utf8(&literal.0).is_ok_and(|word| word.contains(chars)),
        HirKind::Class(Class::Unicode(class)) => class.iter().flat_map(|range| range.start()..=range.end()).all(|c| chars.contains(&c)),
        HirKind::Capture(group) => always_holds(&group.sub, chars),
        HirKind::Repetition(repetition) => repetition.min > 0 && always_holds(&repetition.sub, chars),
        HirKind::Concat(parts) => parts.iter().any(|part| always_holds(part, chars)),
        HirKind::Alternation(parts) => parts.iter().all(|part| always_holds(part, chars)),
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(_) => false,
    }
}

/// How many digits of ASCII stand in a row in every match, at the least that is known.
fn digits(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => class.iter().all(|range| '0' <= range.start() && range.end() <= '9').into(),
        HirKind::Capture(group) => digits(&group.sub),
        HirKind::Repetition(repetition) => {
            let in_a_row = if matches!(repetition.sub.kind(), HirKind::Class(_)) { repetition.min } else { repetition.min.min(1) };
            in_a_row as usize * digits(&repetition.sub)
        }
        HirKind::Concat(parts) => parts.iter().map(digits).max().unwrap_or(0),
        HirKind::Alternation(parts) => parts.iter().map(digits).min().unwrap_or(0),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) => 0,
    }
}

/// The words to look for, `None` where that says nothing: a comma, a pause or a stop is in nearly every sentence. A character that stands
/// for a mention is none of the text, so it parts words.
fn one_of(words: OneOf) -> Option<OneOf> {
    let longest = |word: &String| word.split(is_slot_char).max_by_key(|part| part.len()).map(str::to_string);
    let mut words: OneOf = words.iter().filter_map(longest).collect();
    words.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    words.dedup();
    let mut kept = OneOf::new();
    for word in words {
        if !kept.iter().any(|shorter| word.contains(shorter.as_str())) {
            kept.push(word);
        }
    }
    let single = kept.iter().filter(|word| word.chars().nth(1).is_none()).count();
    let is_common = |word: &String| [COMMA, PAUSE, STOP].into_iter().any(|sign| word.chars().eq([sign]));
    (kept.len() <= MANY && single <= CLASS && !kept.iter().any(is_common) && kept.first().is_some_and(|word| !word.is_empty()))
        .then_some(kept)
}

fn characters(class: &Class) -> Option<OneOf> {
    let Class::Unicode(class) = class else { return None };
    let count: usize = class.iter().map(|range| range.end() as usize - range.start() as usize + 1).sum();
    (count <= MANY).then(|| class.iter().flat_map(|range| range.start()..=range.end()).map(String::from).collect())
}

/// The characters with which a match begins, `None` for any; and whether one may be empty.
fn first(hir: &Hir) -> (Option<Vec<Chars>>, bool) {
    let several = |parts: &[Hir], until_one: bool| {
        let (mut all, mut may_be_empty) = (Some(vec![]), until_one);
        for part in parts {
            let (chars, empty) = first(part);
            all = all.zip(chars).map(|(all, chars)| [all, chars].concat());
            may_be_empty = if until_one { empty } else { may_be_empty || empty };
            if until_one && !empty {
                break;
            }
        }
        (all, may_be_empty)
    };
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => (Some(vec![]), true),
        HirKind::Literal(literal) => (str::from_utf8(&literal.0).ok().and_then(|word| word.chars().next()).map(|c| vec![(c, c)]), false),
        HirKind::Class(Class::Unicode(class)) => (Some(class.iter().map(|range| (range.start(), range.end())).collect()), false),
        HirKind::Class(_) => (None, false),
        HirKind::Capture(group) => first(&group.sub),
        HirKind::Repetition(repetition) => {
            let (chars, empty) = first(&repetition.sub);
            (chars, empty || repetition.min == 0)
        }
        HirKind::Concat(parts) => several(parts, true),
        HirKind::Alternation(parts) => several(parts, false),
    }
}

/// The automaton over the words of all expressions of a list.
pub struct Sieve {
    /// `None` where no expression needs a word.
    finder: Option<CharwiseDoubleArrayAhoCorasick<u32>>,
    /// What words are in: the lists of a word stand together, and words that are in the same ones share them.
    lists: Vec<Bits>,
    /// Where those are that some words are in.
    places: Vec<Lists>,
    /// Which of `places` is that of each word.
    of_words: Vec<u16>,
    /// Which of the lists that are sought each word is in, as bits.
    sought: Vec<u8>,
    /// Lists that no expression has, and so are never missed.
    given: Vec<u32>,
    openings: Openings,
}

/// Which expressions a text of some first character may match; as bits of `Near`, all those of an expression or none.
struct Openings {
    /// Where the stretches of characters begin that are alike, and the place in `rows` of what those of each leave.
    stretches: Vec<(char, usize)>,
    rows: Vec<Vec<u32>>,
    /// What is left of a text without a character: the expressions that may begin anywhere.
    anywhere: Vec<u32>,
}

impl Openings {
    fn new(count: usize, firsts: &[(usize, &[Chars])]) -> Openings {
        let bits = |row: usize| ((1 << LISTS) - 1) << (row % ROWS * LISTS);
        let after = |c: char| (c as u32 + 1..=char::MAX as u32).find_map(char::from_u32);
        let ranges = || firsts.iter().flat_map(|(_, chars)| chars.iter());
        let starts: BTreeSet<char> =
            ranges().map(|range| range.0).chain(ranges().filter_map(|range| after(range.1))).chain(['\0']).collect();
        let mut all = vec![0; count.div_ceil(ROWS)];
        (0..count).for_each(|row| all[row / ROWS] |= bits(row));
        let (mut stretches, mut rows, mut known) = (vec![], vec![], BTreeMap::new());
        for start in starts {
            let mut left = all.clone();
            firsts.iter().filter(|(_, chars)| !holds(chars, start)).for_each(|(row, _)| left[row / ROWS] &= !bits(*row));
            let place = *known.entry(left).or_insert_with_key(|left| {
                rows.push(left.clone());
                rows.len() - 1
            });
            stretches.push((start, place));
        }
        let mut anywhere = all;
        firsts.iter().for_each(|(row, _)| anywhere[row / ROWS] &= !bits(*row));
        Openings { stretches, rows, anywhere }
    }

    fn of(&self, text: &str) -> &[u32] {
        let Some(first) = text.chars().next() else { return &self.anywhere };
        &self.rows[self.stretches[self.stretches.partition_point(|(start, _)| *start <= first) - 1].1]
    }
}

/// Bits of the word at a place of `Near`.
type Bits = (u32, u32);
/// From which place to which in `Sieve::lists`.
type Lists = (u32, u32);

/// Expressions of a list, or of its first part, that may match a text: `LISTS` bits for each, all set.
#[derive(Clone)]
pub struct Near(Rc<[u32]>);

/// So many expressions fill a word of `Near`.
const ROWS: usize = u32::BITS as usize / LISTS;

/// Where a text holds words of a sieve, by where they end; those of the lists that are sought once more, each with its lists.
#[derive(Debug)]
pub struct Marks {
    all: Vec<Mark>,
    sought: Vec<(Range<usize>, u8)>,
}

/// A word: where it ends and how long it is, in bytes, and which of `Sieve::places` is its own. No text is longer than such a number
/// counts (`source::Limits`). There are three for four characters, so each is small.
#[derive(Debug)]
struct Mark {
    end: u32,
    length: u16,
    place: u16,
}

/// What the words of a new sieve are in.
#[derive(Default)]
struct Word {
    /// `Bits`, by their places.
    lists: BTreeMap<usize, u32>,
    sought: u8,
}

impl fmt::Debug for Sieve {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Sieve").field("words", &self.of_words.len()).finish_non_exhaustive()
    }
}

impl Sieve {
    pub fn new<'n>(needs: impl Iterator<Item = &'n Needs>) -> Sieve {
        Sieve::seeking(&[], needs)
    }

    /// One that can say where words of the lists `sought` are, too.
    pub fn seeking<'n>(sought: &[&'n [String]], needs: impl Iterator<Item = &'n Needs>) -> Sieve {
        let mut words: BTreeMap<&str, Word> = BTreeMap::new();
        for (list, place) in sought.iter().zip(0..) {
            list.iter().for_each(|word| words.entry(word).or_default().sought |= 1 << place);
        }
        let (mut given, mut firsts, mut rows) = (vec![], vec![], 0);
        for (row, needs) in needs.enumerate() {
            rows += 1;
            if row % ROWS == 0 {
                given.push(0);
            }
            for place in 0..LISTS {
                let (at, bit) = (row / ROWS, 1 << (row % ROWS * LISTS + place));
                match needs.lists.get(place) {
                    Some(list) => list.iter().for_each(|word| *words.entry(word).or_default().lists.entry(at).or_default() |= bit),
                    None => given[at] |= bit,
                }
            }
            firsts.extend(needs.first().map(|chars| (row, chars)));
        }
        // Its prefilter is a table of 64 KiB: for short texts, the time it takes to come into the cache is more than it saves.
        let builder = CharwiseDoubleArrayAhoCorasickBuilder::new().use_prefilter(false);
        let finder = (!words.is_empty()).then(|| builder.build(words.keys()).unwrap_or_else(|e| unreachable!("a few thousand words: {e}")));
        let sought = words.values().map(|word| word.sought).collect();
        let (mut lists, mut places, mut known): (Vec<Bits>, Vec<Lists>, BTreeMap<_, u16>) = (vec![], vec![], BTreeMap::new());
        let mut place = |of_word: BTreeMap<usize, u32>| {
            *known.entry(of_word).or_insert_with_key(|of_word| {
                let from = lists.len() as u32;
                lists.extend(of_word.iter().map(|(at, bits)| (*at as u32, *bits)));
                places.push((from, lists.len() as u32));
                u16::try_from(places.len() - 1).unwrap_or_else(|_| unreachable!("a few thousand words"))
            })
        };
        let of_words = words.into_values().map(|word| place(word.lists)).collect();
        Sieve { finder, lists, places, of_words, sought, given, openings: Openings::new(rows, &firsts) }
    }

    /// The expressions that may match `text`.
    pub fn near(&self, text: &str) -> Near {
        self.holding(text, self.given.len(), |hold| {
            if let Some(finder) = &self.finder {
                finder.find_overlapping_iter(text).for_each(|hit| hold(self.place(self.of_words[hit.value() as usize])));
            }
        })
    }

    /// The words of `text`, for questions about its parts.
    pub fn marks(&self, text: &str) -> Marks {
        let mut marks = Marks { all: Vec::with_capacity(text.len() / 3), sought: vec![] };
        let Some(finder) = &self.finder else { return marks };
        finder.find_overlapping_iter(text).for_each(|hit| {
            let length = (hit.end() - hit.start()) as u16;
            marks.all.push(Mark { end: hit.end() as u32, length, place: self.of_words[hit.value() as usize] });
            let sought = self.sought[hit.value() as usize];
            if sought != 0 {
                marks.sought.push((hit.start()..hit.end(), sought));
            }
        });
        marks
    }

    /// Those of the first `count` expressions that may match the part `range` of `text`, which has these marks.
    pub fn near_part(&self, text: &str, marks: &Marks, range: Range<usize>, count: usize) -> Near {
        let (first, last) = (range.start as u32, range.end as u32);
        let ended = |at: u32| marks.all.partition_point(|mark| mark.end <= at);
        let inside = &marks.all[ended(first)..ended(last)];
        self.holding(&text[range], count.div_ceil(ROWS), |hold| {
            let whole = inside.iter().filter(|mark| mark.end - u32::from(mark.length) >= first);
            whole.for_each(|mark| hold(self.place(mark.place)))
        })
    }

    fn place(&self, place: u16) -> Lists {
        self.places[usize::from(place)]
    }

    /// Where the text that has these marks holds words of the list `sought`, by where they end.
    pub fn sought(&self, marks: &Marks, sought: usize) -> impl Iterator<Item = Range<usize>> {
        marks.sought.iter().filter(move |(_, lists)| lists >> sought & 1 == 1).map(|(range, _)| range.clone())
    }

    /// The expressions of the first `words` words of `Near` that may match `text`, whose words `visit` gives.
    fn holding(&self, text: &str, words: usize, visit: impl FnOnce(&mut dyn FnMut(Lists))) -> Near {
        let mut near: Rc<[u32]> = self.given[..words].into();
        let bits = Rc::make_mut(&mut near);
        visit(&mut |(from, to)| {
            // The lists of a word are in order.
            for (at, list) in &self.lists[from as usize..to as usize] {
                let Some(bits) = bits.get_mut(*at as usize) else { break };
                *bits |= list;
            }
        });
        bits.iter_mut().zip(self.openings.of(text)).for_each(|(bits, rows)| *bits &= rows);
        Near(near)
    }
}

/// Whether `c` is one of `chars`, which are in order.
fn holds(chars: &[Chars], c: char) -> bool {
    chars.get(chars.partition_point(|(_, to)| *to < c)).is_some_and(|(from, _)| *from <= c)
}

impl Near {
    /// Their places in the part `range` of the list, in order, counted from where the part begins.
    pub fn rows(&self, range: Range<usize>) -> impl Iterator<Item = usize> {
        places(&*self.0, range)
    }

    pub fn into_rows(self) -> impl Iterator<Item = usize> {
        let all = 0..self.0.len() * ROWS;
        places(self.0, all)
    }
}

/// The rows of `range` of which all bits are set, counted from its start.
fn places(words: impl AsRef<[u32]>, range: Range<usize>) -> impl Iterator<Item = usize> {
    const FIRST: u32 = 0x1111_1111;
    let set = move |at: usize| words.as_ref().get(at).map_or(0, |bits| bits & bits >> 1 & bits >> 2 & bits >> 3 & FIRST);
    let mut at = range.start / ROWS;
    let mut rows = set(at) & u32::MAX << (range.start % ROWS * LISTS);
    std::iter::from_fn(move || {
        while rows == 0 {
            at += 1;
            if at * ROWS >= range.end {
                return None;
            }
            rows = set(at);
        }
        let row = at * ROWS + rows.trailing_zeros() as usize / LISTS;
        rows &= rows - 1;
        (row < range.end).then(|| row - range.start)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Tables;

    fn needs(source: &str) -> Vec<OneOf> {
        Needs::of(&regex_syntax::parse(source).unwrap()).lists
    }

    fn near(source: &str, text: &str) -> bool {
        let needs = Needs::of(&regex_syntax::parse(source).unwrap());
        Sieve::new([&needs].into_iter()).near(text).into_rows().next().is_some()
    }

    #[test]
    fn words_of_an_expression() {
        assert_eq!(needs("支持.{0,9}万元"), [["支持"], ["万元"]].map(|list| list.map(String::from).to_vec()));
        assert_eq!(needs("(?:国际|省级)?(?P<what>项|课题)经费"), [vec!["项经费", "课题经费"]]);
        assert_eq!(needs("(?:给予|予以)+奖励?"), [vec!["予以", "给予"], vec!["奖"]]);
        assert_eq!(needs("a|[^b]c?"), Vec::<OneOf>::new());
        assert_eq!(needs("支持[^。]*[，。;]"), [vec!["支持"]], "what nearly every sentence holds tells nothing");
    }

    #[test]
    fn digits_in_a_row() {
        let has = |source: &str, text: &str| Needs::of(&regex_syntax::parse(source).unwrap()).has_digits(text);
        assert!(has("电话:(?:[0-9]{8}|[0-9]{7})", "拨打5550100号") && !has("电话:(?:[0-9]{8}|[0-9]{7})", "555010、5550年"));
        assert!(has("(?:[0-9]{3}-)+", "1-100") && has("[0-9]{0,3}年", "年"));
    }

    #[test]
    fn an_expression_is_near_where_all_its_words_are() {
        assert!(near("支持.{0,9}(?:万元|美元)", "美元支持"));
        assert!(!near("支持.{0,9}(?:万元|美元)", "支持经费"));
        assert!(near("^[一二]、", "二、经费") && !near("^[一二]、", "经费、二、"));
        assert!(near("^\u{E030}经费", "六十万元经费"), "what the mention hides may open the text");
    }

    /// Every line of the seeds, and every example of every row.
    fn texts(tables: &Tables) -> Vec<String> {
        let examples = tables
            .lines()
            .flat_map(|row| row.take.iter().map(|take| take.text.clone()).chain(row.leave.iter().map(|leave| leave.text.clone())));
        let seeds = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/seeds")).unwrap();
        let seeds = seeds.map(|seed| std::fs::read_to_string(seed.unwrap().path()).unwrap());
        let lines: Vec<String> = seeds.flat_map(|seed| seed.lines().map(str::to_string).collect::<Vec<_>>()).collect();
        examples.chain(lines).collect()
    }

    #[test]
    fn no_row_that_matches_is_left_out() {
        let tables = Tables::built_in().unwrap();
        let mut matches = 0;
        for text in texts(tables) {
            for rows in [&tables.furniture, &tables.ordinals, &tables.attributes, &tables.sentences, &tables.metrics, &tables.unclaimed] {
                let near: Vec<&str> = rows.near(&text).map(|row| row.id.as_str()).collect();
                for row in rows.iter().filter(|row| row.is_match(&text)) {
                    assert!(near.contains(&row.id.as_str()), "{} matches {text}", row.id);
                    matches += 1;
                }
            }
        }
        assert!(matches > 1000, "{matches}");
    }

    /// The words of a whole text tell as much of each part as those of the part alone.
    #[test]
    fn a_part_of_a_text_is_as_near_as_the_part_alone() {
        let tables = Tables::built_in().unwrap();
        let text = texts(tables).join("\n");
        let marks = tables.marks(&text);
        let mut at = 0;
        for line in text.split('\n') {
            let part = tables.near(&text, &marks, at..at + line.len());
            let among: Vec<usize> = tables.documents.among(&part).map(|(row, _)| row).collect();
            let words = tables.near_words(&text, &marks, at..at + line.len());
            assert!(tables.rules.reading(None, &words).map(|(row, _)| row).eq(tables.rules.reading(None, &part).map(|(row, _)| row)));
            let alone: Vec<&str> = tables.documents.near(line).map(|row| row.id.as_str()).collect();
            assert_eq!(among.iter().map(|row| tables.documents[*row].id.as_str()).collect::<Vec<_>>(), alone, "{line}");
            at += line.len() + 1;
        }
    }

    #[test]
    fn a_mention_stands_in_a_line_that_is_near_its_row() {
        let tables = Tables::built_in().unwrap();
        let texts = texts(tables);
        let mut found = 0;
        for line in texts.iter().flat_map(|text| text.lines()) {
            let near = tables.near_words(line, &tables.marks(line), 0..line.len());
            let near: Vec<usize> = tables.mentions.among(&near).map(|(row, _)| row).collect();
            for (i, row) in tables.mentions.iter().enumerate() {
                let mentions = row.pattern.captures_from(line, 0).len();
                assert!(mentions == 0 || near.contains(&i), "{} finds {mentions} in {line}", row.id);
                found += mentions;
            }
        }
        assert!(found > 200, "{found}");
    }
}
