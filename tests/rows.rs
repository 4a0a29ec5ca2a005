//! The proof of the pattern tables, one named test for each row.

use std::collections::BTreeMap;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use zhinan::pipeline::Reader;
use zhinan::proof;
use zhinan::table::Tables;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let tables = match Tables::built_in().and_then(|tables| tables.compile_all().map(|()| tables)) {
        Ok(tables) => tables,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let mut failures: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for failure in proof::check(&Reader::new(tables)) {
        let (file, line) = &failure.place;
        failures.entry(failure.id).or_default().push(format!("patterns/{file}:{line}: {}", failure.what));
    }
    let mut ids = proof::ids(tables);
    ids.extend(failures.keys().filter(|id| !ids.contains(id)).cloned().collect::<Vec<_>>());
    ids.sort();
    ids.dedup();
    let trials = ids.into_iter().map(|id| {
        let failed = failures.remove(&id);
        Trial::test(format!("row::{id}"), move || failed.map_or(Ok(()), |what| Err(Failed::from(what.join("\n")))))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}
