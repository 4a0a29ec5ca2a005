//! What kind of file the bytes are, by their content and never by a name. In: the bytes. Out: `Format`.

use super::{html, zip};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Text,
    Html,
    Pdf,
    Docx,
    /// A file that an office suite can turn into DOCX; the extension is what the suite goes by.
    Office {
        extension: &'static str,
        media_type: &'static str,
    },
    Zip,
    Rar,
    /// What this program does not read, in words.
    Other(&'static str),
}

const DOC: Format = Format::Office { extension: "doc", media_type: "application/msword" };
const RTF: Format = Format::Office { extension: "rtf", media_type: "application/rtf" };
const ODT: Format = Format::Office { extension: "odt", media_type: "application/vnd.oasis.opendocument.text" };

/// The first bytes of formats that are no text.
const MAGIC: &[(&[u8], Format)] = &[
    (b"PK\x03\x04", Format::Zip),
    (b"PK\x05\x06", Format::Zip),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", DOC),
    (b"{\\rtf", RTF),
    (b"Rar!\x1A\x07", Format::Rar),
    (b"7z\xBC\xAF\x27\x1C", Format::Other("a 7z archive; unpack it first")),
    (b"\x1F\x8B", Format::Other("a gzip file; unpack it first")),
    (b"\x89PNG", Format::Other("a PNG picture; its words are only painted, so run OCR first, for instance tesseract -l chi_sim")),
    (b"\xFF\xD8\xFF", Format::Other("a JPEG picture; its words are only painted, so run OCR first, for instance tesseract -l chi_sim")),
    (b"\x7FELF", Format::Other("a program")),
    (b"MZ", Format::Other("a program")),
];

/// Members of a ZIP archive that tell what it is.
const PACKAGES: &[(&str, Format)] = &[
    ("word/", Format::Docx),
    ("xl/", Format::Other("an Excel workbook; save the sheet as a web page or as text")),
    ("ppt/", Format::Other("a PowerPoint file; save it as PDF")),
    ("OFD.xml", Format::Other("an OFD document; save it as PDF")),
    ("content.xml", ODT),
];

/// Streams of an old Office file that tell what it is.
const STREAMS: &[(&str, Format)] = &[
    ("EncryptedPackage", Format::Other("an Office file that needs a password; save an unprotected copy")),
    ("WordDocument", DOC),
    ("Workbook", Format::Other("an old Excel workbook; save the sheet as a web page or as text")),
    ("PowerPoint Document", Format::Other("an old PowerPoint file; save it as PDF")),
];

/// How far into a file the header of a PDF may stand (ISO 32000-1, annex H, note 13).
const PDF_HEAD: usize = 1024;

impl Format {
    pub fn of(bytes: &[u8]) -> Format {
        let head = &bytes[..bytes.len().min(PDF_HEAD)];
        if head.windows(5).any(|five| five == b"%PDF-") {
            return Format::Pdf;
        }
        match MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, format)| *format) {
            Some(Format::Zip) => package(bytes),
            Some(DOC) => compound(bytes),
            Some(format) => format,
            None if html::is_html(bytes) => Format::Html,
            None => Format::Text,
        }
    }
}

fn package(bytes: &[u8]) -> Format {
    let Ok(archive) = zip::Archive::open(bytes, 0) else { return Format::Zip };
    let holds = |start: &str| archive.names().any(|name| name.starts_with(start.as_bytes()));
    let is_open_xml = holds("[Content_Types].xml");
    let found = PACKAGES.iter().find(|(start, _)| holds(start) && (is_open_xml || !start.ends_with('/')));
    found.map_or(Format::Zip, |(_, format)| *format)
}

/// A compound file names its streams in UTF-16 (MS-CFB, 2.6.1).
fn compound(bytes: &[u8]) -> Format {
    let holds = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(bytes, &name).is_some()
    };
    STREAMS.iter().find(|(name, _)| holds(name)).map_or(DOC, |(_, format)| *format)
}
