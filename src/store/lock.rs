//! One batch at a time. In: the folder of definitions. Out: a lock that the system gives back when the process ends, however it
//! ends. Beside the lock, in a folder of its own that git leaves alone, a batch keeps what need not be kept.

use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::error::{Error, Result};

/// The folder, below that of the definitions, of what a batch needs for itself.
pub const OWN: &str = ".zhinan";

/// The right to write to a folder of definitions, for as long as the value lives.
#[derive(Debug)]
pub struct Lock {
    /// When the lock was taken, by the clock of the file system.
    pub taken: SystemTime,
    _file: File,
}

/// Takes the lock of `out`, which is made where it is not there.
///
/// # Errors
/// `Error::Busy` where another process holds it.
pub fn lock(out: &Path) -> Result<Lock> {
    let own = out.join(OWN);
    fs::create_dir_all(&own).map_err(Error::io(&own, "create the folder"))?;
    let path = own.join("lock");
    let cannot = |doing: &'static str| Error::io(&path, doing);
    let mut file = File::options().create(true).truncate(false).write(true).open(&path).map_err(cannot("write"))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(Error::Busy { path: out.into() }),
        Err(TryLockError::Error(error)) => return Err(cannot("lock")(error)),
    }
    // Written, so that its time is that of the file system now.
    file.set_len(0).and_then(|()| file.write_all(b"held while a batch runs\n")).map_err(cannot("write"))?;
    let taken = file.metadata().and_then(|meta| meta.modified()).map_err(cannot("read"))?;
    let ignore = own.join(".gitignore");
    if !ignore.exists() {
        fs::write(&ignore, "*\n").map_err(Error::io(&ignore, "write"))?;
    }
    Ok(Lock { taken, _file: file })
}

/// What killed runs left behind below `folder`: temporary files that took no place.
pub fn leftovers(folder: &Path) -> Vec<PathBuf> {
    let files = walkdir::WalkDir::new(folder).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    let temporary = files.filter(|entry| entry.file_name().to_string_lossy().starts_with(super::TEMPORARY));
    temporary.map(walkdir::DirEntry::into_path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_lock_is_refused_until_the_first_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let first = lock(folder.path()).unwrap();
        let refused = lock(folder.path()).unwrap_err().to_string();
        assert!(refused.contains("another batch is at work there"), "{refused}");
        drop(first);
        assert!(lock(folder.path()).is_ok());
    }

    #[test]
    fn leftovers_are_found_by_their_name() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a/.zhinan-Ab12cd", "a/b.json", ".zhinan/cache"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        assert_eq!(leftovers(folder.path()), [folder.path().join("a/.zhinan-Ab12cd")]);
    }
}
