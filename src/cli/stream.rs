//! `zhinan batch --stdin`: JSON Lines in, JSON Lines out, for engines that drive many processes.

use std::io::{self, BufRead};
use std::num::NonZeroUsize;

use super::{Exit, Host};
use crate::batch::{answer, in_order};
use crate::error::{Error, Result};
use crate::pipeline::Reader;

/// Answers each line of standard input, in the order of the lines and as soon as can be.
pub fn run(reader: &Reader, jobs: Option<NonZeroUsize>, host: &mut Host) -> Result<Exit> {
    let mut exit = Exit::Fine;
    let one = |(number, line): (usize, io::Result<Vec<u8>>)| {
        let line = line.map_err(Error::io("standard input", "read"))?;
        let answer = answer(reader, number, &line);
        Ok((answer.line(), answer.is_error()))
    };
    in_order(jobs, lines(), one, |answered: Result<(String, bool)>| {
        let (line, failed) = answered?;
        exit = exit.max(if failed { Exit::Failed } else { Exit::Fine });
        host.print(&line).and_then(|()| host.flush())
    })?;
    Ok(exit)
}

/// The lines of standard input that hold anything, numbered from 1. A line that cannot be read is the last.
fn lines() -> impl Iterator<Item = (usize, io::Result<Vec<u8>>)> + Send {
    let mut broken = false;
    let line = move || {
        let mut line = Vec::new();
        let read = io::stdin().lock().read_until(b'\n', &mut line);
        match read {
            _ if broken => None,
            Ok(0) => None,
            Ok(_) => Some(Ok(line)),
            Err(error) => {
                broken = true;
                Some(Err(error))
            }
        }
    };
    let numbered = (1..).zip(std::iter::from_fn(line));
    numbered.filter(|(_, line)| line.as_ref().map_or(true, |line| !line.trim_ascii().is_empty()))
}
