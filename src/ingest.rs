//! One document, from its file to its definition. In: a reader and a path. Out: the reading; the definition in its place, and
//! beside it, as STEM.txt, the text that its offsets count, where the source is no plain text. Never lets a bug of this program end the
//! run, never writes over a text that is not its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::pipeline::{Reader, Reading};
use crate::source::archive::{self, Member};
use crate::store;

/// Reads one document. A panic, which would be a bug of this program, costs this document and no other.
pub fn read(reader: &Reader, path: &Path) -> Result<Reading> {
    read_bytes(reader, path, &bytes(reader, path)?)
}

/// Reads the documents in a ZIP archive, each with its path: that of the archive, then that inside it.
///
/// # Errors
/// Where the archive cannot be read; what is wrong with one member is its own result.
pub fn members(reader: &Reader, path: &Path) -> Result<Vec<(PathBuf, Result<Reading>)>> {
    let unreadable = |path: &Path, why: String| Error::Unreadable { path: path.into(), why };
    let members = archive::members(&bytes(reader, path)?, &reader.limits).map_err(|why| unreadable(path, why))?;
    let each = |Member { name, bytes }: Member| {
        let inside = path.join(name);
        let reading = bytes.map_err(|why| unreadable(&inside, why)).and_then(|bytes| read_bytes(reader, &inside, &bytes));
        (inside, reading)
    };
    Ok(members.into_iter().map(each).collect())
}

fn bytes(reader: &Reader, path: &Path) -> Result<Vec<u8>> {
    store::read_at_most(path, reader.limits.bytes)
}

/// Reads the bytes of one document.
pub fn read_bytes(reader: &Reader, path: &Path, bytes: &[u8]) -> Result<Reading> {
    let bug = |_| Error::Unreadable { path: path.into(), why: "the program failed on this document; please report it".into() };
    catch_unwind(AssertUnwindSafe(|| reader.read(path, bytes))).map_err(bug)?
}

/// Writes a definition, and its text first; `false` where both held the same bytes already.
///
/// # Errors
/// Those of `files`, and those of the file system.
pub fn write(target: &Path, reading: &Reading) -> Result<bool> {
    let files = files(target, reading)?;
    files.iter().try_fold(false, |written, (path, content)| Ok(store::write(path, content)? | written))
}

/// What is to be written for a document: each file with its content, the definition last.
///
/// # Errors
/// Where STEM.txt is there and no earlier run wrote it: somebody's document, or the definition of one.
pub fn files<'r>(target: &Path, reading: &'r Reading) -> Result<Vec<(PathBuf, &'r [u8])>> {
    let mut files = Vec::new();
    if let Some(text) = &reading.text {
        let beside = text_beside(target);
        if !is_ours(target) && store::read(&beside).is_ok_and(|old| old != text.as_bytes()) {
            let why = "is there already and is not from this program; choose another folder for the definitions".into();
            return Err(Error::Unreadable { path: beside, why });
        }
        files.push((beside, text.as_bytes()));
    }
    files.push((target.to_path_buf(), reading.json.as_slice()));
    Ok(files)
}

/// Where the decoded text of a definition stands.
pub fn text_beside(target: &Path) -> PathBuf {
    target.with_extension("txt")
}

/// The definition in this place says that a text belongs to it.
fn is_ours(target: &Path) -> bool {
    let old = store::read(target).ok().and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
    old.is_some_and(|old| old["source"]["text_sha256"].is_string())
}
