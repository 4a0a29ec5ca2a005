//! The integration tests: one binary, one file for each concern.

mod checks;
mod cli;
mod diff;
mod diff_properties;
mod gold;
mod laws;
mod support;
mod tables;
