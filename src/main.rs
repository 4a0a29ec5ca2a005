//! The program: parses the arguments, lends the command its streams and its clock, and turns the result into an exit code.

use std::io::{self, BufWriter, IsTerminal};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use clap::Parser;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
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
        stop_on_signal: &stop_on_signal,
    };
    ExitCode::from(run(cli, &mut host) as u8)
}

/// A flag that Ctrl-C, or a request to end, sets; the second one ends the process at once.
fn stop_on_signal() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // Without a handler the signal ends the process, which does no harm either: every file is whole at any moment.
        let _ = flag::register_conditional_default(signal, Arc::clone(&stop));
        let _ = flag::register(signal, Arc::clone(&stop));
    }
    stop
}
