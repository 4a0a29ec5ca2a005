//! Stage 6: linked facts -> the definition, then bytes. Types as in the contract, the schema, canonical JSON, checks, and the
//! ledger of numbers. Never invents a field; never depends on map order.

mod build;
mod canonical;
mod checks;
mod document;
mod fact;
mod json;
mod ledger;
mod types;

pub use build::{Parts, build};
pub use canonical::{digest, sign};
pub use document::{Document, document};
pub use types::*;

/// The JSON Schema (draft 2020-12) of the definition.
pub const SCHEMA: &str = include_str!("schema.json");
