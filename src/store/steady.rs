//! Files that may change while they are looked at. In: a path. Out: bytes that were the file's at one moment, and its stamp: what
//! the system says of a file without its content. Never gives half of a change.

use std::fs::{self, File, Metadata};
use std::io::Read;
use std::path::Path;
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

use super::Fingerprint;
use crate::error::{Error, Result};

/// Size and times of a file. Two that differ are of two states of the file; that two are equal proves nothing where the file is
/// no older than the clock is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    len: u64,
    modified: Option<SystemTime>,
    /// Time of the last change of any kind, which no program can set, and the number of the file.
    system: (i64, i64, u64),
}

/// No clock of a file system is coarser.
const COARSEST: Duration = Duration::from_secs(2);

impl Stamp {
    fn of(meta: &Metadata) -> Stamp {
        Stamp { len: meta.len(), modified: meta.modified().ok(), system: system(meta) }
    }

    /// Whether any later change would have given the file another stamp, `now` being the time of the file system.
    pub fn is_settled(&self, now: SystemTime) -> bool {
        let changed = u64::try_from(self.system.0).map(|seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        let settled = |time: SystemTime| time + COARSEST < now;
        self.modified.is_some_and(settled) && changed.is_ok_and(settled)
    }
}

#[cfg(unix)]
fn system(meta: &Metadata) -> (i64, i64, u64) {
    use std::os::unix::fs::MetadataExt;
    (meta.ctime(), meta.ctime_nsec(), meta.ino())
}

#[cfg(not(unix))]
fn system(_: &Metadata) -> (i64, i64, u64) {
    (0, 0, 0)
}

/// The stamp of a file; `None` where there is none.
pub fn stamp(path: &Path) -> Option<Stamp> {
    fs::metadata(path).ok().filter(Metadata::is_file).map(|meta| Stamp::of(&meta))
}

/// SHA-256 of a file, read piece by piece; `None` where it cannot be read.
pub fn sha256(path: &Path) -> Option<Fingerprint> {
    let (mut file, mut hash, mut piece) = (File::open(path).ok()?, Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut piece).ok()? {
            0 => return Some(Fingerprint(hash.finalize().into())),
            read => hash.update(&piece[..read]),
        }
    }
}

/// How often a file that changes is read again.
const TRIES: usize = 3;

/// The bytes of a document and their stamp.
///
/// # Errors
/// Where it cannot be read, is of more than `most` bytes, or changes each time that it is read.
pub fn read_steady(path: &Path, most: usize) -> Result<(Vec<u8>, Stamp)> {
    if stamp(path).is_some_and(|stamp| stamp.len > most as u64) {
        return Err(super::too_large(path, most));
    }
    let once = || {
        let mut file = File::open(path)?;
        let (before, mut bytes) = (Stamp::of(&file.metadata()?), Vec::new());
        file.read_to_end(&mut bytes)?;
        Ok((before, bytes, Stamp::of(&file.metadata()?)))
    };
    let seen = steady(once).map_err(Error::io(path, "read"))?;
    let why = "changes while it is read; run again when whoever writes it is done";
    seen.ok_or_else(|| Error::Unreadable { path: path.into(), why: why.into() })
}

/// The first reading before and after which the file was the same.
fn steady(mut once: impl FnMut() -> std::io::Result<(Stamp, Vec<u8>, Stamp)>) -> std::io::Result<Option<(Vec<u8>, Stamp)>> {
    for _ in 0..TRIES {
        let (before, bytes, after) = once()?;
        if before == after && after.len == bytes.len() as u64 {
            return Ok(Some((bytes, after)));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(len: u64, seconds: u64) -> Stamp {
        let modified = Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        Stamp { len, modified, system: (seconds as i64, 0, 1) }
    }

    #[test]
    fn a_file_that_changes_is_read_again_and_then_refused() {
        let changing = (at(1, 1), b"a".to_vec(), at(2, 2));
        let grown = (at(1, 1), b"ab".to_vec(), at(1, 1));
        let quiet = (at(2, 3), b"ab".to_vec(), at(2, 3));
        for (readings, wanted) in [
            (vec![quiet.clone()], Some((b"ab".to_vec(), at(2, 3)))),
            (vec![changing.clone(), grown.clone(), quiet], Some((b"ab".to_vec(), at(2, 3)))),
            (vec![changing.clone(), grown, changing], None),
        ] {
            let mut readings = readings.into_iter();
            assert_eq!(steady(|| Ok(readings.next().unwrap())).unwrap(), wanted);
        }
    }

    #[test]
    fn a_stamp_is_settled_once_the_clock_has_moved_on() {
        let time = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        assert!(at(1, 10).is_settled(time(13)));
        assert!(!at(1, 10).is_settled(time(12)));
        assert!(!Stamp { modified: Some(time(1)), ..at(1, 10) }.is_settled(time(12)), "an old time that was set just now");
    }

    #[test]
    fn a_file_is_hashed_as_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let bytes = vec![7; 200_000];
        fs::write(&path, &bytes).unwrap();
        assert_eq!(sha256(&path), Some(Fingerprint::of(&bytes)));
        assert_eq!(sha256(&folder.path().join("gone")), None);
        assert_eq!(read_steady(&path, bytes.len()).unwrap().0, bytes);
        assert!(read_steady(&path, 1000).unwrap_err().to_string().contains("more than the 0 MiB that are read"));
    }
}
