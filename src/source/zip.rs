//! ZIP archives: bytes -> members. Never unpacks more than it was allowed, whatever sizes the archive declares, and never writes a file.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

/// An archive in memory. `read` takes from one allowance for all members.
pub struct Archive<'b> {
    zip: ZipArchive<Cursor<&'b [u8]>>,
    allowed: usize,
    left: usize,
}

impl<'b> Archive<'b> {
    /// Opens the archive; `allowed` bytes may be unpacked from it in all.
    ///
    /// # Errors
    /// Says what is broken where the bytes are no whole archive.
    pub fn open(bytes: &'b [u8], allowed: usize) -> Result<Self, String> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| format!("a broken or cut-off ZIP file ({e}); get it again"))?;
        Ok(Archive { zip, allowed, left: allowed })
    }

    /// The names as the archive holds them, in its order: UTF-8, or the encoding of the machine that packed it (often GBK). A folder ends
    /// in a slash. The place in this list is what `read` takes.
    pub fn names(&self) -> impl Iterator<Item = &[u8]> {
        self.zip.file_names_raw()
    }

    /// Where the member called `name` stands, in letters of either case.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.names().position(|held| held.eq_ignore_ascii_case(name.as_bytes()))
    }

    /// Unpacks the member at this place.
    ///
    /// # Errors
    /// The member is encrypted, packed in an unknown way or broken, or more would be unpacked than is allowed.
    pub fn read(&mut self, at: usize) -> Result<Vec<u8>, String> {
        let name = String::from_utf8_lossy(self.names().nth(at).unwrap_or_default()).into_owned();
        let member = self.zip.by_index(at).map_err(|e| refusal(&name, &e))?;
        let mut out = Vec::new();
        let allowed = u64::try_from(self.left).unwrap_or(u64::MAX).saturating_add(1);
        member.take(allowed).read_to_end(&mut out).map_err(|e| format!("{name} in the ZIP file is broken ({e}); get the file again"))?;
        let left = self.left.checked_sub(out.len());
        self.left = left.ok_or_else(|| format!("the ZIP file unpacks to more than {} MiB; it is not read", self.allowed >> 20))?;
        Ok(out)
    }
}

fn refusal(name: &str, error: &ZipError) -> String {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            format!("{name} in the ZIP file is protected by a password; unpack it with the password first")
        }
        ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_) => {
            format!("{name} is packed in a way that is not read ({error}); pack it again as a plain ZIP file")
        }
        _ => format!("{name} in the ZIP file is broken ({error}); get the file again"),
    }
}
