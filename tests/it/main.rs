//! The integration tests: one binary, one file for each concern.

mod checks;
mod cli;
mod encoding;
mod gold;
mod html;
mod laws;
mod support;
mod tables;
