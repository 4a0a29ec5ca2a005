//! The integration tests: one binary, one file for each concern.

mod checks;
mod cli;
mod docx;
mod encoding;
mod forms;
mod fuzz;
mod gold;
mod html;
mod laws;
mod normalise;
mod pdf;
mod support;
mod rows_of_tables;
mod tables;
