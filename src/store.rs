//! The only reader and writer of files. In: paths and bytes. Out: bytes, and files that are whole or untouched: what is
//! written goes to a temporary file in the same folder first, is forced to the disk, and then takes the place of the old.
//! Never leaves half a file, never rewrites a file whose bytes would be the same.

mod fingerprint;
mod lock;
mod steady;

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::error::{Error, Result};

pub use fingerprint::Fingerprint;
pub use lock::{Lock, OWN, leftovers, lock};
pub use steady::{Stamp, read_steady, sha256, stamp};

/// The name that stands for standard input.
pub const STDIN: &str = "-";

/// The bytes of a file, or of standard input for `-`.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    if path != Path::new(STDIN) {
        return fs::read(path).map_err(Error::io(path, "read"));
    }
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes).map_err(Error::io("standard input", "read"))?;
    Ok(bytes)
}

fn too_large(path: &Path, most: usize) -> Error {
    Error::Unreadable { path: path.into(), why: format!("more than the {} MiB that are read of one document", most >> 20) }
}

/// The bytes of a document, unless there are more than `most`: then nothing is kept of it.
pub fn read_at_most(path: &Path, most: usize) -> Result<Vec<u8>> {
    let refuse = || too_large(path, most);
    let is_large = |meta: fs::Metadata| meta.is_file() && usize::try_from(meta.len()).is_ok_and(|length| length > most);
    if path != Path::new(STDIN) && fs::metadata(path).is_ok_and(is_large) {
        return Err(refuse());
    }
    let mut bytes = Vec::new();
    let limit = most as u64 + 1;
    let read = if path == Path::new(STDIN) {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    read.map_err(Error::io(if path == Path::new(STDIN) { Path::new("standard input") } else { path }, "read"))?;
    if bytes.len() > most { Err(refuse()) } else { Ok(bytes) }
}

/// The text of a file of our own making (tables, definitions, phrases), which is always UTF-8.
pub fn read_text(path: &Path) -> Result<String> {
    let unreadable = |e: std::string::FromUtf8Error| {
        let why = format!("not UTF-8 (offset {})", e.utf8_error().valid_up_to());
        Error::Unreadable { path: path.into(), why }
    };
    String::from_utf8(read(path)?).map_err(unreadable)
}

/// Writes a file and the folders above it; `false` where it holds these bytes already.
pub fn write(path: &Path, bytes: &[u8]) -> Result<bool> {
    let Some(written) = begin(path, bytes)? else { return Ok(false) };
    written.place()?;
    settle(folder_of(path));
    Ok(true)
}

/// A file that is written beside its place, and on its way to the disk.
#[derive(Debug)]
pub struct Written {
    path: PathBuf,
    /// `None` where the place is a device or a pipe, which holds the bytes already.
    file: Option<NamedTempFile>,
}

/// Writes a file beside its place, and the folders above it; `None` where the place holds these bytes already. The system carries the
/// bytes to the disk while the caller does something else.
pub fn begin(path: &Path, bytes: &[u8]) -> Result<Option<Written>> {
    let file = match fs::metadata(path) {
        // A device or a pipe has no place to take; a folder is refused by the system.
        Ok(meta) if !meta.is_file() => fs::write(path, bytes).map(|()| None).map_err(Error::io(path, "write"))?,
        Ok(meta) if meta.len() == bytes.len() as u64 && holds(path, bytes) => return Ok(None),
        _ => Some(write_beside(path, &|file| file.write_all(bytes))?),
    };
    if let Some(file) = &file {
        carry(file.as_file());
    }
    Ok(Some(Written { path: path.into(), file }))
}

/// Asks the system to begin with the writing of a file, and does not wait for it.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn carry(file: &File) {
    // What is not on the disk yet cannot be forgotten, so the advice to forget sets the writing off.
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn carry(_: &File) {}

impl Written {
    /// Waits until the file is on the disk, and puts it in its place. After a loss of power the old file may stand there again (whole),
    /// until its folder is settled.
    pub fn place(self) -> Result<()> {
        let Some(file) = self.file else { return Ok(()) };
        let placed = file.as_file().sync_all().and_then(|()| file.persist(&self.path).map_err(|e| e.error));
        placed.map(drop).map_err(Error::io(&self.path, "write"))
    }
}

/// Whether a file has exactly these bytes.
pub fn holds(path: &Path, bytes: &[u8]) -> bool {
    holds_by(path, &|file| file.write_all(bytes))
}

/// What is written, said again for each who asks: a large file is never in memory as a whole.
pub type Content<'c> = &'c dyn Fn(&mut dyn Write) -> io::Result<()>;

/// Like `write`.
pub fn write_by(path: &Path, content: Content) -> Result<bool> {
    if holds_by(path, content) {
        return Ok(false);
    }
    Written { path: path.into(), file: Some(write_beside(path, content)?) }.place()?;
    settle(folder_of(path));
    Ok(true)
}

/// Like `holds`.
pub fn holds_by(path: &Path, content: Content) -> bool {
    let Ok(mut old) = File::open(path).map(|file| Old(BufReader::new(file))) else { return false };
    content(&mut old).is_ok() && old.0.fill_buf().is_ok_and(<[u8]>::is_empty)
}

/// Takes what an earlier file holds at this place, and refuses anything else.
struct Old(BufReader<File>);

impl Write for Old {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let old = self.0.fill_buf()?;
        let length = old.len().min(bytes.len());
        if length == 0 && !bytes.is_empty() || old[..length] != bytes[..length] {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.0.consume(length);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Forces what was renamed in a folder to the disk. Not every system can; the files are whole either way.
pub fn settle(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

/// The folder that a file stands in.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Removes a file.
pub fn remove(path: &Path) -> Result<()> {
    fs::remove_file(path).map_err(Error::io(path, "remove"))
}

/// Removes a file, and the folders between it and `top` that are empty then.
pub fn remove_below(top: &Path, path: &Path) -> Result<()> {
    remove(path)?;
    let mut folders = path.ancestors().skip(1).take_while(|folder| *folder != top);
    let _ = folders.try_for_each(fs::remove_dir);
    Ok(())
}

/// Gives a file another name.
pub fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(Error::io(from, "rename"))
}

/// How the name of a temporary file begins.
const TEMPORARY: &str = ".zhinan-";

/// A temporary file with this content, in the folder of `path`, which is made where it is not there.
fn write_beside(path: &Path, content: Content) -> Result<NamedTempFile> {
    let folder = folder_of(path);
    fs::create_dir_all(folder).map_err(Error::io(folder, "create the folder"))?;
    let write = || {
        let mut file = readable_by_all(Builder::new().prefix(TEMPORARY)).tempfile_in(folder)?;
        let mut buffered = BufWriter::new(&mut file);
        content(&mut buffered)?;
        buffered.flush()?;
        drop(buffered);
        Ok(file)
    };
    write().map_err(Error::io(path, "write"))
}

/// A temporary file is private by default; this one becomes an ordinary file, as the user's mask allows.
#[cfg(unix)]
fn readable_by_all<'b>(builder: &'b mut Builder<'static, 'static>) -> &'b mut Builder<'static, 'static> {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn readable_by_all<'b>(builder: &'b mut Builder<'static, 'static>) -> &'b mut Builder<'static, 'static> {
    builder
}

/// Whether a path is a folder; an error where nothing is there.
pub fn is_folder(path: &Path) -> Result<bool> {
    Ok(fs::metadata(path).map_err(Error::io(path, "read"))?.is_dir())
}

/// Whether both paths are there and lead to one file or folder.
#[cfg(unix)]
pub fn is_same(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    matches!((fs::metadata(a), fs::metadata(b)), (Ok(a), Ok(b)) if (a.dev(), a.ino()) == (b.dev(), b.ino()))
}

#[cfg(not(unix))]
pub fn is_same(a: &Path, b: &Path) -> bool {
    matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}

/// The files of a folder (not of those below it) with the extension `extension`, sorted by name.
pub fn list(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(Error::io(folder, "list"))?;
    let paths: io::Result<Vec<PathBuf>> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut paths = paths.map_err(Error::io(folder, "list"))?;
    paths.retain(|path| path.extension().is_some_and(|e| e == extension) && path.is_file());
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_once_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/c.json");
        let steps = [("one", true), ("one", false), ("two", true), ("", true)];
        for (text, written) in steps {
            assert_eq!(write(&path, text.as_bytes()).unwrap(), written, "{text}");
            assert_eq!(read_text(&path).unwrap(), text);
            assert!(!holds(&path, format!("{text}x").as_bytes()) && holds(&path, text.as_bytes()));
            assert!(text.is_empty() || !holds(&path, &text.as_bytes()[1..]) && !holds(&path, &text.as_bytes()[..1]));
        }
        assert_eq!(fs::read_dir(folder.path().join("a/b")).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_was_begun_takes_its_place_when_it_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        write(&path, b"old").unwrap();
        assert!(begin(&path, b"old").unwrap().is_none());
        let written = begin(&path, b"new").unwrap().unwrap();
        assert!(holds(&path, b"old") && leftovers(folder.path()).len() == 1);
        written.place().unwrap();
        assert!(holds(&path, b"new") && leftovers(folder.path()).is_empty());
        drop(begin(&path, b"newer").unwrap());
        assert!(holds(&path, b"new") && leftovers(folder.path()).is_empty(), "what is not placed is given up");
    }

    #[test]
    #[cfg(unix)]
    fn others_may_read_what_is_written() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (ours, plain) = (folder.path().join("a"), folder.path().join("b"));
        write(&ours, b"x").unwrap();
        fs::write(&plain, b"x").unwrap();
        let mode = |path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&plain));
    }

    #[test]
    fn failures_name_the_path() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, b"\xC4\xEA").unwrap();
        let below = file.join("below");
        for (result, words) in [
            (read_text(&file).map(|_| ()), "file: not UTF-8 (offset 0)"),
            (read(&below).map(|_| ()), "below: cannot read: "),
            (write(&below, b"x").map(|_| ()), "file: cannot create the folder: "),
            (write(folder.path(), b"x").map(|_| ()), ": cannot write: "),
            (list(&below, "json").map(|_| ()), "below: cannot list: "),
        ] {
            let message = result.unwrap_err().to_string();
            assert!(message.contains(words), "{message}");
        }
    }

    #[test]
    fn lists_are_sorted_and_hold_files_only() {
        let folder = tempfile::tempdir().unwrap();
        ["b.json", "a.json", "c.txt"].iter().for_each(|name| fs::write(folder.path().join(name), b"").unwrap());
        fs::create_dir(folder.path().join("d.json")).unwrap();
        let names = list(folder.path(), "json").unwrap();
        let names: Vec<_> = names.iter().filter_map(|path| path.file_name()?.to_str()).collect();
        assert_eq!(names, ["a.json", "b.json"]);
    }
}
