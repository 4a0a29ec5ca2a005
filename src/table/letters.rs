//! Expressions over letters. The engines of `regex` read bytes: a Chinese character is three of them, and a class like `[^。;]` an
//! automaton of dozens of states. Here all characters that an expression does not tell apart are one letter of one byte, so that its
//! automata are small, and take one step for a character. What a match is stays as `regex` defines it.

use std::collections::{BTreeMap, BTreeSet};

use regex_syntax::hir::{Capture, Class, ClassBytes, ClassBytesRange, Hir, HirKind, Look, LookSet, Repetition};

/// Ranges of characters, in order.
type Set = Vec<(char, char)>;

/// The sets of characters that expressions name.
#[derive(Debug, Default)]
pub struct Sets(BTreeSet<Set>);

impl Sets {
    pub fn add(&mut self, hir: &Hir) {
        match hir.kind() {
            HirKind::Literal(literal) => {
                let word = str::from_utf8(&literal.0).unwrap_or_default();
                self.0.extend(word.chars().map(|c| vec![(c, c)]));
            }
            HirKind::Class(Class::Unicode(class)) => {
                self.0.insert(class.iter().map(|range| (range.start(), range.end())).collect());
            }
            HirKind::Capture(group) => self.add(&group.sub),
            HirKind::Repetition(repetition) => self.add(&repetition.sub),
            HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().for_each(|part| self.add(part)),
            HirKind::Look(look) if LookSet::singleton(*look).contains_word_ascii() => {
                self.0.insert(WORD.to_vec());
            }
            HirKind::Empty | HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) => {}
        }
    }
}

/// The characters of words of ASCII, at whose edges an expression may look.
const WORD: [(char, char); 4] = [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];

/// What each character is to all expressions: those of one class no expression tells apart.
#[derive(Debug)]
pub struct Alphabet {
    sets: Sets,
    /// Where the stretches of characters begin that are of one class, and which.
    stretches: Vec<(char, u16)>,
    /// The class of each character up to U+FFFF.
    plane: Box<[u16; PLANE]>,
    classes: usize,
}

/// So many characters are told by a look at a table: hardly any text has others.
const PLANE: usize = 1 << 16;

impl Alphabet {
    pub fn new(sets: Sets) -> Alphabet {
        let after = |c: char| (c as u32 + 1..=char::MAX as u32).find_map(char::from_u32);
        let ranges = || sets.0.iter().flatten();
        let starts: BTreeSet<char> =
            ranges().map(|range| range.0).chain(ranges().filter_map(|range| after(range.1))).chain(['\0']).collect();
        let starts: Vec<char> = starts.into_iter().collect();
        let at = |c: char| starts.partition_point(|start| *start <= c) - 1;
        let members = sets.0.iter().map(|set| set.iter().flat_map(|(from, to)| at(*from)..=at(*to)).collect());
        let (of, classes) = refine(starts.len(), members.collect());
        let stretches: Vec<(char, u16)> = starts.iter().copied().zip(of.into_iter().map(|class| class as u16)).collect();
        let mut plane = Box::new([0; PLANE]);
        for (i, (start, class)) in stretches.iter().enumerate() {
            let end = stretches.get(i + 1).map_or(plane.len(), |(next, _)| *next as usize);
            let range = (*start as usize).min(plane.len())..end.min(plane.len());
            plane[range].fill(*class);
        }
        Alphabet { sets, stretches, plane, classes }
    }

    fn class(&self, c: char) -> usize {
        match self.plane.get(c as usize) {
            Some(class) => (*class).into(),
            None => self.rare(c),
        }
    }

    #[cold]
    fn rare(&self, c: char) -> usize {
        self.stretches[self.stretch(c)].1.into()
    }

    /// The stretch that a character is of.
    fn stretch(&self, c: char) -> usize {
        self.stretches.partition_point(|(start, _)| *start <= c) - 1
    }

    /// The classes of the characters of a set, each once.
    fn classes(&self, set: &Set) -> Vec<usize> {
        let mut seen = vec![false; self.classes];
        set.iter().for_each(|(from, to)| {
            self.stretches[self.stretch(*from)..=self.stretch(*to)].iter().for_each(|(_, class)| seen[*class as usize] = true)
        });
        (0..self.classes).filter(|class| seen[*class]).collect()
    }
}

/// The classes of `count` elements that none of `sets` tells apart: that of each, and how many.
fn refine(count: usize, mut sets: Vec<Vec<usize>>) -> (Vec<usize>, usize) {
    // Large ones first, while there are few classes for them to part.
    sets.sort_by_key(|set| std::cmp::Reverse(set.len()));
    let mut of = vec![0; count];
    let mut moved = vec![(usize::MAX, 0)];
    for (this, set) in sets.iter().enumerate() {
        for element in set {
            let class = of[*element];
            if moved[class].0 != this {
                moved[class] = (this, moved.len());
                moved.push((usize::MAX, 0));
            }
            of[*element] = moved[class].1;
        }
    }
    let mut names = vec![usize::MAX; moved.len()];
    let mut classes = 0;
    for class in &mut of {
        if names[*class] == usize::MAX {
            (names[*class], classes) = (classes, classes + 1);
        }
        *class = names[*class];
    }
    (of, classes)
}

/// The letters of one expression: that of each class of the alphabet.
#[derive(Debug)]
pub struct Letters(Vec<u8>);

impl Letters {
    /// The letters of an expression, and the expression over them. `None` where there is no such thing: it tells apart more than a
    /// byte can, or others than the alphabet does, or it looks at words that are not of ASCII.
    pub fn of(hir: &Hir, alphabet: &Alphabet) -> Option<(Letters, Hir)> {
        let mut sets = Sets::default();
        sets.add(hir);
        if !sets.0.is_subset(&alphabet.sets.0) {
            return None;
        }
        let members: Vec<Vec<usize>> = sets.0.iter().map(|set| alphabet.classes(set)).collect();
        let (of, count) = refine(alphabet.classes, members.clone());
        let looks = sets.0.contains(WORD.as_slice());
        let is_word = |c: char| looks && WORD.iter().any(|(from, to)| (*from..=*to).contains(&c));
        // What the engine takes for a character of a word is the letter of one.
        let bytes = |of_words: bool| (0..=u8::MAX).filter(move |byte| is_word(char::from(*byte)) == of_words);
        let (mut inside, mut outside, mut names) = (bytes(true), bytes(false), vec![None; count]);
        for (c, class) in &alphabet.stretches {
            let name = &mut names[of[usize::from(*class)]];
            if name.is_none() {
                *name = Some(if is_word(*c) { inside.next()? } else { outside.next()? });
            }
        }
        let letters = Letters(of.into_iter().map(|letter| names[letter]).collect::<Option<_>>()?);
        let named: BTreeMap<&Set, ClassBytes> = sets.0.iter().zip(&members).map(|(set, classes)| (set, letters.class(classes))).collect();
        let spelled = letters.translate(hir, alphabet, &named)?;
        Some((letters, spelled))
    }

    fn class(&self, classes: &[usize]) -> ClassBytes {
        ClassBytes::new(classes.iter().map(|class| ClassBytesRange::new(self.0[*class], self.0[*class])))
    }

    fn translate(&self, hir: &Hir, alphabet: &Alphabet, named: &BTreeMap<&Set, ClassBytes>) -> Option<Hir> {
        let sub = |hir: &Hir| self.translate(hir, alphabet, named).map(Box::new);
        let all = |parts: &[Hir]| parts.iter().map(|part| self.translate(part, alphabet, named)).collect::<Option<Vec<Hir>>>();
        Some(match hir.kind() {
            HirKind::Empty => Hir::empty(),
            HirKind::Literal(literal) => {
                Hir::literal(str::from_utf8(&literal.0).ok()?.chars().map(|c| self.letter(alphabet, c)).collect::<Vec<u8>>())
            }
            HirKind::Class(Class::Unicode(class)) => {
                let set: Set = class.iter().map(|range| (range.start(), range.end())).collect();
                Hir::class(Class::Bytes(named.get(&set)?.clone()))
            }
            HirKind::Class(Class::Bytes(_)) => return None,
            HirKind::Look(look) => {
                let is_known = matches!(look, Look::Start | Look::End) || LookSet::singleton(*look).contains_word_ascii();
                is_known.then(|| Hir::look(*look))?
            }
            HirKind::Capture(group) => Hir::capture(Capture { sub: sub(&group.sub)?, ..group.clone() }),
            HirKind::Repetition(repetition) => Hir::repetition(Repetition { sub: sub(&repetition.sub)?, ..repetition.clone() }),
            HirKind::Concat(parts) => Hir::concat(all(parts)?),
            HirKind::Alternation(parts) => Hir::alternation(all(parts)?),
        })
    }

    fn letter(&self, alphabet: &Alphabet, c: char) -> u8 {
        self.0[alphabet.class(c)]
    }

    /// Writes the letters of a text to the start of `to`, one for each character, and says how many they are.
    pub fn spell(&self, text: &str, alphabet: &Alphabet, to: &mut [u8]) -> usize {
        to.iter_mut().zip(text.chars()).map(|(letter, c)| *letter = self.letter(alphabet, c)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_told_apart_that_a_set_parts() {
        let (of, classes) = refine(6, vec![vec![1, 2, 3], vec![3, 4], vec![]]);
        assert_eq!((of, classes), (vec![0, 1, 1, 2, 3, 0], 4));
    }

    #[test]
    fn characters_up_to_the_last_have_a_class() {
        let mut sets = Sets::default();
        sets.add(&regex_syntax::parse("[^\u{10FFFF}a]𠮷").unwrap());
        let alphabet = Alphabet::new(sets);
        let classes: Vec<usize> = "a\u{10FFFF}b𠮷\u{10FFFE}".chars().map(|c| alphabet.class(c)).collect();
        assert!(classes[0] == classes[1] && classes[2] == classes[4] && alphabet.classes == 3, "{classes:?}");
    }
}
