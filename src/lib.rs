//! Reads Chinese policy guidelines (calls for research projects) and writes versioned JSON programme definitions in which
//! every number is accounted for and every fact quotes the words that it came from.

pub mod span;
pub mod sign;
pub mod error;
pub mod finding;
pub mod value;
pub mod table;
pub mod source;
pub mod normalise;
pub mod segment;
pub mod outline;
pub mod extract;
pub mod link;
pub mod programme;
pub mod pipeline;
pub mod eval;
pub mod store;
pub mod batch;
pub mod cli;

pub(crate) use table::hex as table_hex;
