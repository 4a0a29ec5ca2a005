//! OUT/index.json: what each definition was made from, and what was made. In: the file, or nothing. Out: the same file, a line for
//! each document, sorted. Never holds a time or a path of the machine: the same documents and program give the same bytes.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::source::Limits;
use crate::store::{self, Fingerprint};
use crate::table::hex;

/// Its name in the folder of definitions.
pub const INDEX: &str = "index.json";

/// The form of the file.
const VERSION: u32 = 1;

/// The whole index.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    zhinan_index: u32,
    /// By their digest, those that some entry names.
    pub made_by: BTreeMap<String, MadeBy>,
    /// By the path of the document below SRC, with `/`.
    /// Boxed, since a tree that grows in order stays half empty.
    pub documents: BTreeMap<String, Box<Entry>>,
}

/// Everything but the document that decides a definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeBy {
    program: String,
    /// Digest of the sources of the program.
    code: String,
    schema: String,
    tables: String,
    dictionary: String,
    options: String,
}

/// One document and what was made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Of the bytes of the document.
    pub sha256: Fingerprint,
    pub made_by: String,
    /// The SHA-256 of each file, by its path below OUT.
    pub outputs: Few<Fingerprint>,
    /// How many of each kind.
    pub findings: Few<usize>,
    pub checks_ok: usize,
    pub checks_failed: Few<usize>,
}

/// A map of a handful of fields, which the index holds three times for each document: a tree keeps room for eleven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Few<V>(Box<[(String, V)]>);

impl<V> Few<V> {
    pub fn iter(&self) -> impl Iterator<Item = (&String, &V)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.0.iter().map(|(name, _)| name)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<V> From<BTreeMap<String, V>> for Few<V> {
    fn from(fields: BTreeMap<String, V>) -> Few<V> {
        Few(fields.into_iter().collect())
    }
}

impl<V: Serialize> Serialize for Few<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Few<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Few<V>, D::Error> {
        BTreeMap::deserialize(deserializer).map(Few::from)
    }
}

impl MadeBy {
    /// This program with the tables of this digest, and limits.
    pub fn this(tables: &str, limits: &Limits) -> MadeBy {
        MadeBy {
            program: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).into(),
            code: env!("ZHINAN_CODE").into(),
            schema: crate::programme::SCHEMA_VERSION.into(),
            tables: tables.into(),
            dictionary: env!("ZHINAN_DICTIONARY").into(),
            options: format!("{limits:?}"),
        }
    }

    /// Names of the parts with their values.
    pub fn parts(&self) -> [(&'static str, &str); 6] {
        [
            ("program", &self.program),
            ("code of the program", &self.code),
            ("schema", &self.schema),
            ("tables", &self.tables),
            ("dictionary", &self.dictionary),
            ("options", &self.options),
        ]
    }

    /// What an entry names it by.
    pub fn id(&self) -> String {
        hex(&Sha256::digest(json(self)))[..16].to_string()
    }
}

/// An index that could not be used, in words, and whether the file may be somebody's own.
#[derive(Debug, PartialEq, Eq)]
pub struct Unusable {
    pub why: String,
    pub foreign: bool,
}

impl Index {
    /// Reads the index of a folder.
    ///
    /// # Errors
    /// Where the file is there and the system refuses it.
    pub fn read(out: &Path) -> Result<std::result::Result<Index, Unusable>> {
        let path = path(out);
        match store::read(&path) {
            Ok(bytes) => Ok(Index::parse(&bytes)),
            Err(Error::Io { source, .. }) if source.kind() == ErrorKind::NotFound => {
                Ok(Err(Unusable { why: "there is no index".into(), foreign: false }))
            }
            Err(error) => Err(error),
        }
    }

    fn parse(bytes: &[u8]) -> std::result::Result<Index, Unusable> {
        let broken = |why: String| Unusable { why, foreign: is_foreign(bytes) };
        let index: Index = serde_json::from_slice(bytes).map_err(|e| broken(format!("the index is broken ({e})")))?;
        if index.zhinan_index != VERSION {
            return Err(broken(format!("the index has form {}, not {VERSION}", index.zhinan_index)));
        }
        match index.documents.iter().find(|(_, entry)| !index.made_by.contains_key(&entry.made_by)) {
            Some((name, _)) => Err(broken(format!("the index is broken ({name} was made by nobody)"))),
            None => Ok(index),
        }
    }

    /// Writes the index, without what no entry names; `false` where the file holds it already.
    pub fn write(&self, out: &Path) -> Result<bool> {
        store::write_by(&path(out), &|file| self.put(file))
    }

    /// Whether the file of the folder is this index.
    pub fn is_written(&self, out: &Path) -> bool {
        store::holds_by(&path(out), &|file| self.put(file))
    }

    fn put(&self, file: &mut dyn Write) -> io::Result<()> {
        let mut named: Vec<&String> = self.documents.values().map(|entry| &entry.made_by).collect();
        named.sort_unstable();
        named.dedup();
        let made_by = named.iter().filter_map(|id| Some((*id, self.made_by.get(*id)?)));
        write!(file, "{{\n\"zhinan_index\": {VERSION},\n\"made_by\": ")?;
        lines(file, made_by)?;
        file.write_all(b",\n\"documents\": ")?;
        lines(file, self.documents.iter())?;
        file.write_all(b"\n}\n")
    }
}

/// The place of the index of a folder.
pub fn path(out: &Path) -> PathBuf {
    out.join(INDEX)
}

/// JSON of somebody else, in a place that is ours by name only.
fn is_foreign(bytes: &[u8]) -> bool {
    let holds = |value: serde_json::Value| match value {
        serde_json::Value::Object(fields) => !fields.is_empty() && !fields.contains_key("zhinan_index"),
        serde_json::Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    serde_json::from_slice(bytes).is_ok_and(holds)
}

/// Adds an object, each field on its line.
fn lines<'a, T: Serialize + 'a>(file: &mut dyn Write, fields: impl Iterator<Item = (&'a String, &'a T)>) -> io::Result<()> {
    let mut sign = '{';
    for (name, value) in fields {
        write!(file, "{sign}\n{}: {}", json(name), json(value))?;
        sign = ',';
    }
    file.write_all(if sign == '{' { b"{\n}" } else { b"\n}" })
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// A path as the index writes it: with `/`, and what is no UTF-8, or would read like that, as `\xE9`.
pub fn name(path: &Path) -> String {
    let parts = path.components().map(|part| escape(part.as_os_str()));
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(unix)]
fn escape(part: &std::ffi::OsStr) -> String {
    use std::os::unix::ffi::OsStrExt;
    let chunks = part.as_bytes().utf8_chunks();
    let chunk = |chunk: std::str::Utf8Chunk| {
        let invalid: String = chunk.invalid().iter().map(|byte| format!("\\x{byte:02X}")).collect();
        chunk.valid().replace('\\', "\\\\") + &invalid
    };
    chunks.map(chunk).collect()
}

/// The path that has this name.
#[cfg(unix)]
pub fn place(name: &str) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    let (mut bytes, mut rest) = (Vec::with_capacity(name.len()), name);
    while let Some((before, after)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        let byte = after.strip_prefix('x').and_then(|hex| u8::from_str_radix(hex.get(..2)?, 16).ok());
        bytes.push(byte.unwrap_or(b'\\'));
        rest = after.get(if byte.is_some() { 3 } else { 1 }..).unwrap_or_default();
    }
    bytes.extend_from_slice(rest.as_bytes());
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
pub fn place(name: &str) -> PathBuf {
    name.into()
}

#[cfg(not(unix))]
fn escape(part: &std::ffi::OsStr) -> String {
    part.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(made_by: &str) -> Entry {
        Entry {
            sha256: Fingerprint::of(b"a"),
            made_by: made_by.into(),
            outputs: BTreeMap::from([("a.json".into(), Fingerprint::of(b"b"))]).into(),
            findings: BTreeMap::from([("check".into(), 2)]).into(),
            checks_ok: 3,
            checks_failed: BTreeMap::new().into(),
        }
    }

    fn index() -> Index {
        let this = MadeBy::this("tables", &Limits::default());
        let made_by = BTreeMap::from([(this.id(), this.clone()), ("unused".into(), this.clone())]);
        Index { zhinan_index: VERSION, made_by, documents: BTreeMap::from([("a.txt".into(), Box::new(entry(&this.id())))]) }
    }

    fn text(index: &Index) -> String {
        let mut bytes = vec![];
        index.put(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn an_index_is_read_as_it_was_written() {
        let text = text(&index());
        let read = Index::parse(text.as_bytes()).unwrap();
        assert_eq!(self::text(&read), text);
        assert_eq!(read.documents["a.txt"], index().documents["a.txt"]);
        assert_eq!(read.made_by.len(), 1, "what no entry names is not written");
        let start = format!("\n\"a.txt\": {{\"sha256\":\"{}\",", Fingerprint::of(b"a"));
        assert!(text.contains(&start), "{text}");
    }

    #[test]
    fn an_index_that_cannot_be_used_says_why() {
        let text = text(&index());
        let other = text.replace("\"zhinan_index\": 1", "\"zhinan_index\": 9");
        let nobody = text.replacen(&MadeBy::this("tables", &Limits::default()).id(), "0123456789abcdef", 1);
        for (text, words, foreign) in [
            ("", "broken (EOF", false),
            ("{}", "broken (missing field", false),
            (&text[..text.len() / 2], "broken (EOF", false),
            (&other, "has form 9, not 1", false),
            (&nobody, "a.txt was made by nobody", false),
            ("[{\"stem\": \"a\"}]", "broken (invalid type", true),
            ("{\"pages\": []}", "broken (unknown field", true),
        ] {
            let unusable = Index::parse(text.as_bytes()).unwrap_err();
            assert!(unusable.why.contains(words), "{}", unusable.why);
            assert_eq!(unusable.foreign, foreign, "{text}");
        }
    }

    #[test]
    fn what_decides_has_another_id() {
        let this = MadeBy::this("a", &Limits::default());
        assert_eq!(this.id(), MadeBy::this("a", &Limits::default()).id());
        assert_ne!(this.id(), MadeBy::this("b", &Limits::default()).id());
        assert_ne!(this.id(), MadeBy { code: "x".into(), ..this.clone() }.id());
    }

    #[test]
    #[cfg(unix)]
    fn names_that_are_no_utf8_stay_apart() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        for (bytes, wanted) in [(&b"a/b.txt"[..], "a/b.txt"), (b"\xD6\xD0.txt", r"\xD6\xD0.txt"), (br"\xD6.txt", r"\\xD6.txt")] {
            let path = Path::new(OsStr::from_bytes(bytes));
            assert_eq!(name(path), wanted);
            assert_eq!(place(wanted), path);
        }
    }
}
