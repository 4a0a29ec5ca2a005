//! What the fuzz targets share. In: bytes of libFuzzer. Out: nothing; the run ends where a reader breaks its word.

pub mod promises;

/// libFuzzer's own panic hook ends the process before `catch_unwind` can catch anything. This one lets those panics pass that the PDF
/// reader promises to catch: the ones raised in a library (a path of cargo's registry). A panic in our own code still ends the run.
pub fn let_libraries_panic() {
    let abort = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let in_library = info.location().is_some_and(|at| at.file().contains("/registry/src/"));
        if !in_library {
            abort(info);
        }
    }));
}
