//! The integration tests: one binary, one file for each concern.

mod batch;
mod checks;
mod cli;
mod gold;
mod laws;
mod support;
mod rows_of_tables;
mod tables;
