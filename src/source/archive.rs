//! Archives of attachments. In: the bytes of one. Out: what is inside: names for the message that refuses it, or the members of a
//! ZIP archive as documents.

use super::{Limits, rar, zip};

/// One member of an archive.
pub struct Member {
    /// Its path in the archive, `/` between folders.
    pub name: String,
    pub bytes: Result<Vec<u8>, String>,
}

/// How many names a message lists.
const LISTED: usize = 20;

/// The message that refuses a ZIP archive.
pub fn refuse_zip(bytes: &[u8]) -> String {
    match zip::Archive::open(bytes, 0) {
        Err(why) => why,
        Ok(archive) => {
            let names: Vec<String> = archive.names().map(name).filter(|name| is_document(name)).collect();
            format!("a ZIP archive of {}; `zhinan ingest --unpack` reads them", listed(&names))
        }
    }
}

/// The message that refuses a RAR archive.
pub fn refuse_rar(bytes: &[u8]) -> String {
    let names = rar::names(bytes, 1_000);
    let inside = if names.is_empty() { "members whose names cannot be read".into() } else { listed(&names) };
    format!("a RAR archive of {inside}; unpack it first")
}

fn listed(names: &[String]) -> String {
    let more = names.len().saturating_sub(LISTED);
    let listed = names[..names.len() - more].join(", ");
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{} documents ({listed}{more})", names.len())
}

/// The documents in a ZIP archive, in the order of their names. What is wrong with one stops no other; together they may hold
/// `limits.text` bytes.
///
/// # Errors
/// Where the archive itself cannot be read.
pub fn members(bytes: &[u8], limits: &Limits) -> Result<Vec<Member>, String> {
    let mut archive = zip::Archive::open(bytes, limits.text)?;
    let mut names: Vec<(String, usize)> = archive.names().map(name).enumerate().map(|(at, name)| (name, at)).collect();
    names.retain(|(name, _)| is_document(name));
    names.sort();
    Ok(names.into_iter().map(|(name, at)| Member { bytes: archive.read(at), name }).collect())
}

/// No folder, no hidden file, none of the files that an archiver adds, and no way out of the folder that it is unpacked to.
fn is_document(name: &str) -> bool {
    !name.ends_with('/') && name.split('/').all(|step| !step.is_empty() && !step.starts_with('.') && step != "__MACOSX")
}

/// A name without the mark for UTF-8 is in the encoding of the machine that packed it: in China GB18030.
pub fn name(bytes: &[u8]) -> String {
    let name = match std::str::from_utf8(bytes) {
        Ok(name) => name.to_string(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(bytes).0.into_owned(),
    };
    name.replace('\\', "/").chars().filter(|c| !c.is_control() && *c != ':').collect()
}
