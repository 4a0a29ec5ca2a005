//! patterns/ -> tables: as written (`written`) and as compiled (`compiled`). The proof of each row is in `proof`, above the pipeline.
//! A table that is wrong in any way refuses to load, with file, line and row.

mod automata;
mod compiled;
mod embedded;
mod fragments;
mod heads;
mod letters;
mod lexicon;
mod notation;
mod pattern;
mod reach;
mod sieve;
mod written;

pub use compiled::{Classes, Line, Rows, Rule, Sought, Tables, group_name, hex, slot_chars};
pub use embedded::FILES;
pub use lexicon::{Bound, Lexicon, List, Place, Side, Unit, UnitKind, Way, Words};
pub use notation::{Notation, NumberFormatRow};
pub use pattern::{Captured, Pattern};
pub use sieve::{Marks, Near};
pub use written::{Example, FactKind, Gives, Leave, Numbered, Slot, Slots, Strength};

/// What the tests of the tables read.
#[cfg(test)]
pub(crate) fn lines_of_seeds() -> Vec<String> {
    let seeds = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/seeds")).unwrap();
    let seeds = seeds.map(|seed| std::fs::read_to_string(seed.unwrap().path()).unwrap());
    seeds.flat_map(|seed| seed.lines().map(str::to_string).collect::<Vec<_>>()).collect()
}
