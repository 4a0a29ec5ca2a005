//! The automata of an expression: whether it matches, where, and what its groups take. Those over letters are the parts of
//! `meta::Regex` that such an expression needs, and no more: of a short text the search is brief, and what `meta` looks at before it
//! is seldom in the cache.

use regex_automata::dfa::onepass;
use regex_automata::hybrid::dfa::Builder;
use regex_automata::hybrid::{dfa, regex as lazy};
use regex_automata::nfa::thompson::backtrack::{self, BoundedBacktracker};
use regex_automata::nfa::thompson::pikevm::PikeVM;
use regex_automata::nfa::thompson::{Compiler, Config, NFA, WhichCaptures};
use regex_automata::util::captures::GroupInfo;
use regex_automata::util::pool::{Pool, PoolGuard};
use regex_automata::util::primitives::NonMaxUsize;
use regex_automata::{Anchored, Input, Match, MatchError, MatchKind, PatternID, meta};
use regex_syntax::hir::Hir;

/// The most memory that an expression and an automaton made of it may take, in bytes; the limits of the crate `regex`.
const EXPRESSION: usize = 10 << 20;
const AUTOMATON: usize = 2 << 20;
const ONE_PASS: usize = 1 << 20;

#[derive(Debug)]
pub enum Automata {
    Letters(Box<Letters>),
    Bytes(meta::Regex),
}

#[derive(Debug)]
pub struct Letters {
    /// Finds the end of a match, and from there its start.
    ends: lazy::Regex,
    /// What finds the groups of a match that is known; `None` where there are none.
    groups: Option<Groups>,
    nfa: NFA,
    room: Pool<Option<Room>, fn() -> Option<Room>>,
}

#[derive(Debug)]
enum Groups {
    OnePass(Box<onepass::DFA>),
    Backtrack(BoundedBacktracker),
}

/// What the searches of one thread have learnt, and room for them.
#[derive(Debug)]
pub struct Room {
    ends: lazy::Cache,
    one_pass: Option<onepass::Cache>,
    backtrack: Option<backtrack::Cache>,
    slots: Slots,
}

/// Where each group begins and ends.
type Slots = Vec<Option<NonMaxUsize>>;

impl Automata {
    /// # Errors
    /// The expression is too big, in the words of the engine.
    pub fn over_letters(hir: &Hir) -> Result<Automata, String> {
        Letters::new(hir).map(|letters| Automata::Letters(Box::new(letters)))
    }

    /// # Errors
    /// The expression is too big, in the words of the engine.
    pub fn over_bytes(hir: &Hir) -> Result<Automata, String> {
        let config = meta::Regex::config().nfa_size_limit(Some(EXPRESSION)).hybrid_cache_capacity(AUTOMATON);
        meta::Regex::builder().configure(config).build_from_hir(hir).map(Automata::Bytes).map_err(|e| e.to_string())
    }

    /// Opens a search.
    pub fn open(&self) -> Search<'_> {
        match self {
            Automata::Letters(letters) => Search::Letters(letters, letters.room.get()),
            Automata::Bytes(regex) => Search::Bytes(regex, vec![]),
        }
    }
}

impl Letters {
    fn new(hir: &Hir) -> Result<Letters, String> {
        let compile = |config: Config| {
            let config = config.utf8(false).nfa_size_limit(Some(EXPRESSION));
            Compiler::new().configure(config).build_from_hir(hir).map_err(|e| e.to_string())
        };
        let lazy = |nfa: &NFA, kind| {
            let config = dfa::Config::new().match_kind(kind).cache_capacity(AUTOMATON).skip_cache_capacity_check(true);
            Builder::new().configure(config).build_from_nfa(nfa.clone()).map_err(|e| e.to_string())
        };
        let nfa = compile(Config::new())?;
        let reverse = compile(Config::new().reverse(true).which_captures(WhichCaptures::None))?;
        let ends = lazy::Builder::new().build_from_dfas(lazy(&nfa, MatchKind::LeftmostFirst)?, lazy(&reverse, MatchKind::All)?);
        let groups = (nfa.group_info().explicit_slot_len() > 0).then(|| Groups::new(&nfa)).transpose()?;
        Ok(Letters { ends, groups, nfa, room: Pool::new(|| None) })
    }

    fn room(&self) -> Room {
        let slots = vec![None; self.nfa.group_info().slot_len()];
        Room { ends: self.ends.create_cache(), one_pass: None, backtrack: None, slots }
    }

    fn is_match(&self, room: &mut Room, input: &Input) -> bool {
        let found = self.ends.forward().try_search_fwd(room.ends.as_parts_mut().0, &input.clone().earliest(true));
        found.unwrap_or_else(never).is_some()
    }

    fn find(&self, room: &mut Room, input: &Input) -> Option<Match> {
        self.ends.try_search(&mut room.ends, input).unwrap_or_else(never)
    }

    fn groups(&self, room: &mut Room, input: &Input) -> Option<Match> {
        let Some(groups) = &self.groups else {
            let found = self.find(room, input)?;
            room.slots.copy_from_slice(&[NonMaxUsize::new(found.start()), NonMaxUsize::new(found.end())]);
            return Some(found);
        };
        let is_at_start = || matches!(groups, Groups::OnePass(_)) && self.nfa.is_always_start_anchored();
        let input = if input.get_anchored().is_anchored() || is_at_start() {
            input.clone()
        } else {
            input.clone().span(self.find(room, input)?.range()).anchored(Anchored::Yes)
        };
        let found = match groups {
            Groups::OnePass(dfa) => {
                let cache = room.one_pass.get_or_insert_with(|| dfa.create_cache());
                dfa.try_search_slots(cache, &input, &mut room.slots).unwrap_or_else(never)
            }
            Groups::Backtrack(automaton) => {
                let cache = room.backtrack.get_or_insert_with(|| automaton.create_cache());
                // It notes where it has been, and has no room for a long match.
                automaton.try_search_slots(cache, &input, &mut room.slots).unwrap_or_else(|_| {
                    let automaton = PikeVM::new_from_nfa(self.nfa.clone()).unwrap_or_else(|e| unreachable!("no edges of words: {e}"));
                    automaton.search_slots(&mut automaton.create_cache(), &input, &mut room.slots)
                })
            }
        };
        whole(found?, &room.slots)
    }
}

impl Groups {
    fn new(nfa: &NFA) -> Result<Groups, String> {
        let config = onepass::Config::new().size_limit(Some(ONE_PASS));
        let one_pass = onepass::Builder::new().configure(config).build_from_nfa(nfa.clone());
        let backtrack = || BoundedBacktracker::new_from_nfa(nfa.clone()).map(Groups::Backtrack).map_err(|e| e.to_string());
        one_pass.map(|dfa| Groups::OnePass(Box::new(dfa))).or_else(|_| backtrack())
    }
}

fn whole(pattern: PatternID, slots: &[Option<NonMaxUsize>]) -> Option<Match> {
    Some(Match::new(pattern, slots[0]?.get()..slots[1]?.get()))
}

/// Nothing is set that an automaton over letters would give up for.
fn never<T>(why: MatchError) -> T {
    unreachable!("an automaton over letters: {why}")
}

/// A search that is open.
pub enum Search<'s> {
    Letters(&'s Letters, PoolGuard<'s, Option<Room>, fn() -> Option<Room>>),
    Bytes(&'s meta::Regex, Slots),
}

impl<'s> Search<'s> {
    pub fn is_match(&mut self, input: &Input) -> bool {
        match self {
            Search::Letters(letters, room) => letters.is_match(room.get_or_insert_with(|| letters.room()), input),
            Search::Bytes(regex, _) => regex.is_match(input.clone()),
        }
    }

    /// The first match of `input`.
    pub fn find(&mut self, input: &Input) -> Option<Match> {
        match self {
            Search::Letters(letters, room) => letters.find(room.get_or_insert_with(|| letters.room()), input),
            Search::Bytes(regex, _) => regex.search(input),
        }
    }

    /// The first match of `input`; where its groups are is left in `slots`. An anchored search is one that mostly finds something.
    pub fn groups(&mut self, input: &Input) -> Option<Match> {
        match self {
            Search::Letters(letters, room) => letters.groups(room.get_or_insert_with(|| letters.room()), input),
            Search::Bytes(regex, slots) => {
                slots.resize(regex.group_info().slot_len(), None);
                let found = regex.search_slots(input, slots)?;
                whole(found, slots)
            }
        }
    }

    pub fn slots(&self) -> &[Option<NonMaxUsize>] {
        match self {
            Search::Letters(_, room) => room.as_ref().map_or(&[], |room| &room.slots),
            Search::Bytes(_, slots) => slots,
        }
    }

    pub fn names(&self) -> &'s GroupInfo {
        match self {
            Search::Letters(letters, _) => letters.nfa.group_info(),
            Search::Bytes(regex, _) => regex.group_info(),
        }
    }
}
