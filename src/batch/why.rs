//! Why a document is made again. In: its entry in the index, the digest of its bytes, what would make it now, the files that were
//! made. Out: every reason there is, none where the definition is what it would be. Never by time alone.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use super::index::{Entry, MadeBy, place};
use crate::store::{self, Fingerprint};

/// One reason to make a definition again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// There is no index, or it cannot be used.
    Index(String),
    New,
    /// The bytes of the document, by their digests.
    Document {
        was: Fingerprint,
        is: Fingerprint,
    },
    /// A part of what decides a definition.
    Maker {
        part: &'static str,
        was: String,
        is: String,
    },
    /// A file that was made is not there, or cannot be read.
    Missing(String),
    /// A file that was made has other bytes now.
    Edited(String),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Index(why) => f.write_str(why),
            Why::New => f.write_str("the document is new"),
            Why::Document { was, is } => {
                write!(f, "the document has other bytes (SHA-256 {}, was {})", short(&is.to_string()), short(&was.to_string()))
            }
            Why::Maker { part, was, is } => write!(f, "the {part} changed ({}, was {})", short(is), short(was)),
            Why::Missing(name) => write!(f, "{name} is not there"),
            Why::Edited(name) => write!(f, "{name} is not as it was written"),
        }
    }
}

/// A digest is known by its first digits; anything else is shown whole.
fn short(value: &str) -> &str {
    let is_digest = value.len() == 64 && value.bytes().all(|b| b.is_ascii_hexdigit());
    if is_digest { &value[..12] } else { value }
}

/// All reasons to make the document with bytes of digest `sha256` again; every file that was made is read.
pub fn reasons(known: Option<&Entry>, makers: &BTreeMap<String, MadeBy>, sha256: Fingerprint, this: &MadeBy, out: &Path) -> Vec<Why> {
    let Some(known) = known else { return vec![Why::New] };
    let document = (known.sha256 != sha256).then_some(Why::Document { was: known.sha256, is: sha256 });
    let maker = makers.get(&known.made_by).filter(|maker| *maker != this);
    let parts = maker.into_iter().flat_map(|maker| maker.parts().into_iter().zip(this.parts()));
    let changed = parts.filter(|(was, is)| was != is);
    let changed = changed.map(|((part, was), (_, is))| Why::Maker { part, was: was.into(), is: is.into() });
    document.into_iter().chain(changed).chain(outputs(known, out)).collect()
}

fn outputs<'e>(known: &'e Entry, out: &'e Path) -> impl Iterator<Item = Why> + 'e {
    known.outputs.iter().filter_map(|(name, wanted)| match store::sha256(&out.join(place(name))) {
        None => Some(Why::Missing(name.clone())),
        Some(found) => (found != *wanted).then(|| Why::Edited(name.clone())),
    })
}
