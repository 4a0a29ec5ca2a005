//! patterns/ -> tables: as written (`written`), as compiled (`compiled`), and the proof of each row (`proof`).
//! A table that is wrong in any way refuses to load, with file, line and row.

mod compiled;
mod embedded;
mod lexicon;
pub mod proof;
mod written;

pub use compiled::{Captured, Line, Pattern, Rule, Tables, hex, slot_chars};
pub use embedded::FILES;
pub use lexicon::{Bound, Lexicon, Place, Side, Unit, UnitKind, Way};
pub use written::{Example, FactKind, Gives, Leave, Slot, Strength};
