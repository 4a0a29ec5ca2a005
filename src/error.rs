//! Failures of the world or of a table: each says where, what was expected and what was found.
//! Odd text is never an error; it is a `Finding`.

use std::fmt;
use std::path::PathBuf;

#[derive(Debug)]
pub enum Error {
    /// The file system refused.
    Io { path: PathBuf, doing: &'static str, source: std::io::Error },
    /// The bytes are no text that this program reads.
    Unreadable { path: PathBuf, why: String },
    /// A pattern table is wrong. `line` counts from 1; 0 where the whole file is meant.
    Table { file: String, line: usize, row: String, why: String },
    /// A definition file is not what it should be.
    Definition { path: PathBuf, why: String },
    /// Another process writes to this folder.
    Busy { path: PathBuf },
    /// The command line asks for something that is not there.
    Usage(String),
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn table(file: &str, line: usize, row: &str, why: impl Into<String>) -> Self {
        Error::Table { file: file.into(), line, row: row.into(), why: why.into() }
    }

    pub fn io(path: impl Into<PathBuf>, doing: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Error::Io { path, doing, source }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Io { path, doing, source } => write!(f, "{}: cannot {doing}: {source}", path.display()),
            Error::Unreadable { path, why } => write!(f, "{}: {why}", path.display()),
            Error::Table { file, line, row, why } => write!(f, "{file}:{line}: {row}: {why}"),
            Error::Definition { path, why } => write!(f, "{}: {why}", path.display()),
            Error::Busy { path } => write!(f, "{}: another batch is at work there; run again when it is done", path.display()),
            Error::Usage(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
