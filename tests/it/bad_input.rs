//! What cannot be read is refused by name, each case with its own words, and nothing is lost or left hanging.

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::{TempDir, tempdir};
use zhinan::source::archive::{members, refuse_rar, refuse_zip};
use zhinan::source::{Limits, read};
use zhinan::table::Tables;

use crate::support::root;

fn refusal(bytes: &[u8]) -> String {
    let tables = Tables::built_in().expect("the built-in tables load");
    match read(Path::new("call"), bytes, &Limits::default(), || Ok(tables)) {
        Err(error) => error.to_string(),
        Ok(source) => format!("read as {}", source.media_type),
    }
}

fn form(name: &str) -> Vec<u8> {
    fs::read(root(&format!("tests/data/forms/{name}"))).expect("a fixture")
}

/// A ZIP archive of stored members.
fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        writer.start_file(*name, options).expect("a member");
        writer.write_all(bytes).expect("its bytes");
    }
    writer.finish().expect("an archive").into_inner()
}

/// The head of an old Office file, and the name of one of its streams.
fn compound(stream: &str) -> Vec<u8> {
    let name = stream.encode_utf16().chain([0]).flat_map(u16::to_le_bytes);
    b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".iter().copied().chain([0; 504]).chain(name).collect()
}

#[test]
fn what_is_no_document_is_named() {
    for (bytes, words) in [
        (vec![], "an empty file"),
        (b"\x89PNG\r\n".to_vec(), "a PNG picture; its words are only painted, so run OCR first"),
        (b"\x7FELF".to_vec(), "a program"),
        (b"7z\xBC\xAF\x27\x1C".to_vec(), "a 7z archive; unpack it first"),
        (b"abc\0def".to_vec(), "NUL"),
        (compound("EncryptedPackage"), "an Office file that needs a password; save an unprotected copy"),
        (compound("Workbook"), "an old Excel workbook"),
        (zip(&[("[Content_Types].xml", b""), ("xl/workbook.xml", b"")]), "an Excel workbook"),
        (zip(&[("OFD.xml", b"")]), "an OFD document; save it as PDF"),
        (b"%PDF-1.7\nnothing else".to_vec(), "PDF"),
        (b"PK\x03\x04cut off".to_vec(), "a broken or cut-off ZIP file"),
    ] {
        let refusal = refusal(&bytes);
        assert!(refusal.contains(words) && !refusal.starts_with("read as"), "{words}: {refusal}");
    }
}

#[test]
fn content_decides_and_not_the_name() {
    for (name, media_type) in [("000.pdf", "application/pdf"), ("000.html", "text/html"), ("000.docx", "application/vnd.openxml")] {
        assert!(refusal(&form(name)).starts_with(&format!("read as {media_type}")), "{name}");
    }
    let held = zip(&[("指南.pdf", &form("000.pdf"))]);
    assert!(refusal(&held).contains("a ZIP archive of 1 documents (指南.pdf); `zhinan ingest --unpack` reads them"), "{}", refusal(&held));
}

/// What is cut off is refused or read with a remark, unless nothing but white space is lost; it never ends the program.
#[test]
fn a_file_cut_off_anywhere_is_told() {
    let tables = Tables::built_in().expect("the built-in tables load");
    for name in ["000.pdf", "000.docx"] {
        let whole = form(name);
        for tenth in 0..10 {
            let cut = &whole[..whole.len() * tenth / 10];
            let told = read(Path::new(name), cut, &Limits::default(), || Ok(tables));
            assert!(told.is_err() || told.is_ok_and(|source| !source.findings.is_empty()), "{name} at {tenth}0%");
        }
    }
    let page = form("000.html");
    for tenth in 1..10 {
        let cut = &page[..page.len() * tenth / 10];
        assert!(read(Path::new("000.html"), cut, &Limits::default(), || Ok(tables)).is_ok(), "the part of a page is read, at {tenth}0%");
    }
}

#[test]
fn archives_tell_what_is_inside() {
    // Names without the mark for UTF-8 are GB18030, as Windows in China packs them.
    let archive = zip(&[("a/1.txt", b"one"), (".hidden", b""), ("__MACOSX/a", b""), ("b.txt", b"two")]);
    let names: Vec<String> = members(&archive, &Limits::default()).expect("members").into_iter().map(|m| m.name).collect();
    assert_eq!(names, ["a/1.txt", "b.txt"]);
    assert!(refuse_zip(&archive).contains("2 documents (a/1.txt, b.txt)"));
    let small = Limits { text: 4, ..Limits::default() };
    let read: Vec<bool> = members(&archive, &small).expect("members").into_iter().map(|m| m.bytes.is_ok()).collect();
    assert_eq!(read, [true, false], "together they may hold four bytes");
    assert_eq!(zhinan::source::archive::name(b"\xD6\xB8\xC4\xCF.txt"), "指南.txt");

    let five = b"Rar!\x1A\x07\x01\x00\0\0\0\0\x03\x01\0\0\0\0\0\0\x0E\x02\x02\x03\0\x03\0\0\0\x05a.pdfDAT\0\0\0\0\x03\x05\0\0";
    assert!(refuse_rar(five).contains("1 documents (a.pdf); unpack it first"), "{}", refuse_rar(five));
    let mut four = b"Rar!\x1A\x07\x00".to_vec();
    let mut head = [0u8; 37];
    (head[2], head[4], head[5], head[7], head[26]) = (0x74, 0x80, 37, 2, 5);
    head[32..37].copy_from_slice(b"b.doc");
    four.extend(head.iter().chain(b"xy"));
    assert!(refuse_rar(&four).contains("1 documents (b.doc)"), "{}", refuse_rar(&four));
    assert!(refuse_rar(b"Rar!\x1A\x07\x01\x00\xFF").contains("cannot be read"));
}

fn zhinan(args: &[&str], path: Option<&Path>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zhinan"));
    command.args(args);
    if let Some(path) = path {
        command.env("PATH", path);
    }
    command.output().expect("the program runs")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A folder with an old Word file in it.
fn old_word() -> (TempDir, PathBuf) {
    let folder = tempdir().expect("a folder");
    let file = folder.path().join("call.doc");
    fs::write(&file, compound("WordDocument")).expect("written");
    (folder, file)
}

#[test]
fn an_old_word_file_without_an_office_suite_says_what_to_install() {
    let (folder, file) = old_word();
    let output = zhinan(&["text", text(&file)], Some(folder.path()));
    assert_eq!(output.status.code(), Some(3));
    assert!(err(&output).contains("call.doc: an old office file (.doc); install LibreOffice, which then reads it, or save it as DOCX"));
}

/// The office suite here is a script that does what LibreOffice would, fails, or never ends.
#[test]
#[cfg(unix)]
fn an_old_word_file_is_read_through_the_office_suite() {
    use std::os::unix::fs::PermissionsExt;
    let docx = root("tests/data/forms/000.docx");
    let copies = format!("/bin/cp '{}' \"$out/document.docx\"", docx.display());
    for (does, seconds, exit, words) in [
        (copies.as_str(), "60", 0, ""),
        ("exit 77", "60", 3, "that LibreOffice could not read (exit status: 77)"),
        ("exec /bin/sleep 600", "1", 3, "LibreOffice failed: took more than 1 seconds"),
    ] {
        let (folder, file) = old_word();
        let suite = folder.path().join("soffice");
        fs::write(&suite, format!("#!/bin/sh\nwhile [ \"$1\" != --outdir ]; do shift; done\nout=$2\n{does}\n")).expect("written");
        fs::set_permissions(&suite, fs::Permissions::from_mode(0o755)).expect("executable");
        let output = zhinan(&["text", "--max-seconds", seconds, text(&file)], Some(folder.path()));
        assert_eq!(output.status.code(), Some(exit), "{}", err(&output));
        assert!(err(&output).contains(words), "{}", err(&output));
        let title = String::from_utf8_lossy(&output.stdout).contains("2026年度国际科技创新/港澳台科技创新合作项目申报指南");
        assert_eq!(title, exit == 0);
    }
}

#[test]
fn a_document_that_is_too_large_is_not_even_read() {
    let folder = tempdir().expect("a folder");
    let path = folder.path().join("line.txt");
    fs::File::create(&path).and_then(|file| file.set_len(200 << 20)).expect("a file of 200 MiB that takes no space");
    let output = zhinan(&["ingest", text(&path)], None);
    assert_eq!(output.status.code(), Some(3));
    assert!(err(&output).contains("line.txt: more than the 128 MiB that are read of one document"), "{}", err(&output));
}

#[test]
#[cfg(unix)]
fn a_loop_of_links_ends() {
    let (source, target) = (tempdir().expect("a folder"), tempdir().expect("a folder"));
    fs::create_dir(source.path().join("a")).expect("made");
    std::os::unix::fs::symlink("..", source.path().join("a/up")).expect("linked");
    fs::write(source.path().join("call.html"), form("000.html")).expect("written");
    let output = zhinan(&["batch", text(source.path()), text(target.path())], None);
    assert_eq!(output.status.code(), Some(3));
    assert!(err(&output).contains("a/up: cannot read: File system loop found"), "{}", err(&output));
    assert!(target.path().join("call.json").exists());
}

/// Permissions do not bind the superuser, so the program is run as nobody where the tests run as that user.
#[test]
#[cfg(unix)]
fn a_file_without_permission_is_named() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    let folder = tempdir().expect("a folder");
    let (program, file) = (folder.path().join("zhinan"), folder.path().join("call.txt"));
    fs::copy(env!("CARGO_BIN_EXE_zhinan"), &program).expect("a copy that anybody may run");
    fs::write(&file, "指南").expect("written");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("open");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).expect("closed");
    let mut command = Command::new(&program);
    command.args(["text", text(&file)]);
    if fs::metadata(folder.path()).expect("a folder").uid() == 0 {
        command.uid(65534);
    }
    let output = command.output().expect("the program runs");
    assert_eq!(output.status.code(), Some(3));
    assert!(err(&output).contains("call.txt: cannot read: Permission denied"), "{}", err(&output));
}

#[test]
fn the_text_is_written_beside_and_never_over_anothers() {
    let folder = tempdir().expect("a folder");
    let (pdf, beside) = (folder.path().join("call.pdf"), folder.path().join("call.txt"));
    fs::write(&pdf, form("000.pdf")).expect("written");
    let ingest = || zhinan(&["ingest", text(&pdf), "-o", text(folder.path())], None);
    assert!(ingest().status.success());
    let decoded = fs::read_to_string(&beside).expect("the text");
    let definition: serde_json::Value = serde_json::from_slice(&fs::read(beside.with_extension("json")).expect("read")).expect("JSON");
    assert_eq!(definition["source"]["chars"], decoded.chars().count());
    assert!(ingest().status.success(), "again, over its own");
    fs::remove_file(beside.with_extension("json")).expect("removed");
    fs::write(&beside, "somebody's notes").expect("written");
    let output = ingest();
    assert_eq!(output.status.code(), Some(3));
    assert!(err(&output).contains("call.txt: is there already and is not from this program"), "{}", err(&output));
    assert_eq!(fs::read_to_string(&beside).expect("read"), "somebody's notes");
}

#[test]
fn members_of_an_archive_have_definitions_of_their_own() {
    let folder = tempdir().expect("a folder");
    let archive = folder.path().join("附件.zip");
    fs::write(&archive, zip(&[("指南.pdf", &form("000.pdf")), ("通知/a.html", &form("004.html")), ("x.png", b"\x89PNG")]))
        .expect("written");
    let output = zhinan(&["ingest", "--unpack", text(&archive), "-o", text(&folder.path().join("out"))], None);
    assert_eq!(output.status.code(), Some(3));
    assert!(err(&output).contains("附件.zip/x.png: a PNG picture"), "{}", err(&output));
    for made in ["指南.pdf.json", "指南.pdf.txt", "通知/a.html.json", "通知/a.html.txt"] {
        assert!(folder.path().join("out/附件").join(made).exists(), "{made}");
    }
}
