//! What spares the hashing. In: entries of the index and the stamps of their files. Out: OUT/.zhinan/cache, a set of tokens; each
//! says that files with these stamps have the bytes that the entry names. A file that is lost or wrong costs time and nothing else.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::index::{Entry, place};
use crate::error::Result;
use crate::store::{self, OWN, Stamp};

/// Digest of a document's name, its entry, and the stamps of its files.
pub type Token = [u8; 16];

/// The tokens of the last batch, sorted.
#[derive(Debug, Default)]
pub struct Cache(Vec<Token>);

const NAME: &str = "cache";

impl Cache {
    pub fn read(out: &Path) -> Cache {
        let bytes = store::read(&out.join(OWN).join(NAME)).unwrap_or_default();
        let mut tokens: Vec<Token> = bytes.as_chunks().0.to_vec();
        tokens.sort_unstable();
        Cache(tokens)
    }

    pub fn holds(&self, token: &Token) -> bool {
        self.0.binary_search(token).is_ok()
    }
}

/// Writes the tokens for the next batch.
pub fn write(out: &Path, tokens: &[Token]) -> Result<()> {
    store::write(&out.join(OWN).join(NAME), tokens.as_flattened()).map(drop)
}

/// The token of a document whose stamp is `source`; `None` where a file that was made is not there.
pub fn token(name: &str, entry: &Entry, source: &Stamp, out: &Path) -> Option<Token> {
    let mut hash = Sha256::new();
    hash.update(format!("{name}\n{}\n{source:?}", entry.sha256));
    for (output, sha256) in entry.outputs.iter() {
        hash.update(format!("\n{output}\n{sha256}\n{:?}", store::stamp(&out.join(place(output)))?));
    }
    hash.finalize().first_chunk().copied()
}
