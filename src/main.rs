//! The program: parses the arguments, lends the command its streams and its clock, and turns the result into an exit code.

use std::io::{self, BufWriter, IsTerminal};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use zhinan::cli::{Cli, Host, run};

fn main() -> ExitCode {
    let started = Instant::now();
    let cli = Cli::parse();
    let mut host = Host {
        out: &mut BufWriter::new(io::stdout().lock()),
        // Not locked: a thread that reports a failure of its own must not wait for this one.
        err: &mut io::stderr(),
        out_is_terminal: io::stdout().is_terminal(),
        err_is_terminal: io::stderr().is_terminal(),
        no_color: std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
        elapsed: &|| started.elapsed(),
    };
    ExitCode::from(run(cli, &mut host) as u8)
}
