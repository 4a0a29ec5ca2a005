//! What must hold for any bytes, for each reader of foreign bytes. In: bytes. Out: nothing; a panic where a reader broke its word. The
//! fuzz targets call this with bytes of their own, `tests/it/fuzz.rs` with the committed ones.

use std::io::{Cursor, Write};
use std::path::Path;

use zhinan::normalise::normalise as repaired;
use zhinan::source::format::Format;
use zhinan::source::{self, Limits, archive as archives, docx as word, encoding as encodings, html as web};
use zhinan::table::Tables;

/// Small, so that a reader that keeps them is fast and a reader that breaks them is found soon.
const LIMITS: Limits = Limits { bytes: 1 << 20, pages: 50, seconds: 2, text: 4 << 20 };
/// A PDF page is read whole, and may hold a million characters.
const PDF_PAGE: usize = 16 << 20;

fn tables() -> &'static Tables {
    Tables::built_in().expect("the built-in tables load")
}

pub fn pdf(data: &[u8]) {
    if let Ok(decoded) = source::pdf::read(data, &LIMITS) {
        assert!(decoded.text.len() <= LIMITS.text + PDF_PAGE, "{} bytes of text", decoded.text.len());
    }
}

/// A file that is no ZIP archive is the XML of a document, packed here: changed bytes would only break the checksums of an archive.
pub fn docx(data: &[u8]) {
    let packed = if data.starts_with(b"PK") { data.to_vec() } else { package(data) };
    if let Ok(decoded) = word::read(&packed, &LIMITS, &tables().lexicon.notation) {
        assert!(decoded.text.len() <= 2 * LIMITS.text, "{} bytes of text", decoded.text.len());
    }
}

/// The parts that `data` holds, parted by zero bytes, as a Word package.
fn package(data: &[u8]) -> Vec<u8> {
    const RELATIONS: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
    const OF_DOCUMENT: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="b" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering" Target="numbering.xml"/><Relationship Id="c" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" Target="footnotes.xml"/></Relationships>"#;
    let names = ["word/document.xml", "word/styles.xml", "word/numbering.xml", "word/footnotes.xml"];
    let fixed = [("_rels/.rels", RELATIONS), ("word/_rels/document.xml.rels", OF_DOCUMENT)];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, part) in fixed.into_iter().chain(names.into_iter().zip(data.split(|byte| *byte == 0))) {
        zip.start_file(name, stored).expect("a new name");
        zip.write_all(part).expect("room in memory");
    }
    zip.finish().expect("room in memory").into_inner()
}

pub fn html(data: &[u8]) {
    web::is_html(data);
    if let Ok((decoded, _)) = web::read(data, &LIMITS) {
        assert!(decoded.text.len() <= LIMITS.text, "{} bytes of text", decoded.text.len());
    }
}

pub fn encoding(data: &[u8]) {
    for label in [None, Some("utf-8"), Some("gb2312"), Some("Big5"), Some("utf-16le"), Some("unknown")] {
        let Ok((text, _, findings)) = encodings::decode(data, label) else { continue };
        assert!(!text.contains('\0'), "a NUL character");
        let length = text.chars().count();
        assert!(length <= data.len(), "{length} characters of {} bytes", data.len());
        assert!(findings.iter().filter_map(|finding| finding.span).all(|span| span.start <= span.end && span.end <= length));
    }
}

pub fn archive(data: &[u8]) {
    // A message lists names that stand in the file; each byte is at most three bytes of text.
    for message in [archives::refuse_zip(data), archives::refuse_rar(data)] {
        assert!(message.len() <= 3 * data.len() + 1_000, "a message of {} bytes", message.len());
    }
    let Ok(members) = archives::members(data, &LIMITS) else { return };
    let unpacked: usize = members.iter().filter_map(|member| member.bytes.as_ref().ok()).map(Vec::len).sum();
    assert!(unpacked <= LIMITS.text, "{unpacked} bytes unpacked");
    assert!(members.iter().all(|member| !member.name.starts_with('/') && member.name.split('/').all(|step| step != "..")));
}

/// Detection and the reader that it chooses, but for the formats that an office suite would be started for.
pub fn source(data: &[u8]) {
    if matches!(Format::of(data), Format::Office { .. }) {
        return;
    }
    let Ok(source) = source::read(Path::new("file"), data, &LIMITS, || Ok(tables())) else { return };
    assert!(source.text.len() <= 2 * LIMITS.text + PDF_PAGE, "{} bytes of text", source.text.len());
    let length = source.text.chars().count();
    assert!(source.page(0).is_none_or(|page| page == 1));
    assert!(source.page(length) >= source.page(0));
    assert!(source.findings.iter().filter_map(|finding| finding.span).all(|span| span.start <= span.end && span.end <= length));
}

/// Each paragraph leads back to the source, and nothing that was taken out lies outside it.
pub fn normalise(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let normalised = repaired(&text, tables());
    let length = text.chars().count();
    assert_eq!(normalised.raw_len(), length);
    for span in normalised.paragraphs() {
        let raw = normalised.raw(span);
        assert!(raw.start <= raw.end && raw.end <= length, "{span:?} is {raw:?} of {length}");
        normalised.words(span);
        normalised.part(span.start);
    }
    assert!(normalised.furniture.iter().all(|span| span.start < span.end && span.end <= length));
}
