//! The integration tests: one binary, one file for each concern.

mod bad_input;
mod batch;
mod checks;
mod cli;
mod diff;
mod diff_properties;
mod docx;
mod encoding;
mod forms;
mod fuzz;
mod gold;
mod html;
mod laws;
mod normalise;
mod pdf;
mod rows_of_tables;
mod structure;
mod support;
mod tables;
