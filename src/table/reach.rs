//! How far matches of an expression reach from the mention that it reads: only so much of a sentence is searched.

use regex_syntax::hir::{Hir, HirKind};

use super::pattern::upto;
use super::sieve::always_holds;
use crate::span::before;

/// How many bytes of a match stand before a character that every match holds, and behind it, at most; `None` for any number.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reach {
    before: Option<usize>,
    behind: Option<usize>,
}

impl Reach {
    /// The reach of `hir` from `c`, of which a text holds but one; any where a match may be without it.
    pub fn of(hir: &Hir, c: char) -> Reach {
        if always_holds(hir, &[c]) { reach(hir, c) } else { Reach::default() }
    }

    /// The part of `text` in which a match is that holds the character at byte `at`: to be searched from the byte that is given with it.
    pub fn window<'t>(&self, text: &'t str, at: Option<usize>) -> (&'t str, usize) {
        let Some(at) = at else { return (text, 0) };
        let start = self.before.map_or(0, |reach| before(text, at, reach));
        let end = self.behind.map_or(text.len(), |reach| text.ceil_char_boundary(at + 1) + reach);
        (upto(text, end), start)
    }
}

fn reach(hir: &Hir, c: char) -> Reach {
    let longest = |parts: &[Hir]| parts.iter().try_fold(0, |sum, part| Some(sum + part.properties().maximum_len()?));
    let (before, behind) = match hir.kind() {
        HirKind::Literal(literal) => {
            let at = str::from_utf8(&literal.0).ok().and_then(|word| word.find(c)).unwrap_or_default();
            (Some(at), Some(literal.0.len() - at - c.len_utf8()))
        }
        HirKind::Capture(group) => return reach(&group.sub, c),
        // There is but one: the part stands once.
        HirKind::Repetition(repetition) => return reach(&repetition.sub, c),
        HirKind::Concat(parts) => {
            let place = parts.iter().position(|part| always_holds(part, &[c])).unwrap_or_default();
            let inside = reach(&parts[place], c);
            let add = |own: Option<usize>, others: &[Hir]| Some(own? + longest(others)?);
            (add(inside.before, &parts[..place]), add(inside.behind, &parts[place + 1..]))
        }
        HirKind::Alternation(parts) => {
            let all = |side: fn(Reach) -> Option<usize>| parts.iter().try_fold(0, |most, part| Some(most.max(side(reach(part, c))?)));
            (all(|reach| reach.before), all(|reach| reach.behind))
        }
        HirKind::Class(_) | HirKind::Empty | HirKind::Look(_) => (Some(0), Some(0)),
    };
    Reach { before, behind }
}
