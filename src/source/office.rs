//! Old office formats (.doc, .wps, .rtf, .odt), read by an office suite where one is installed. In: the bytes. Out: the bytes of
//! a DOCX file. The only stage that starts another program: it runs apart, with a home of its own, and is ended when its time is over.

use std::fs;
use std::io;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::Limits;

/// The names that LibreOffice goes by.
const PROGRAMS: &[&str] = &["soffice", "libreoffice"];

/// Turns a file of the kind `extension` into DOCX.
///
/// # Errors
/// In words: no office suite is installed, it took too long, or it could not read the file.
pub fn to_docx(bytes: &[u8], extension: &str, limits: &Limits) -> Result<Vec<u8>, String> {
    let world = |doing: &str| {
        let doing = doing.to_string();
        move |e: io::Error| format!("an old office file; cannot {doing}: {e}")
    };
    let folder = tempfile::tempdir().map_err(world("make a folder for its copy"))?;
    let source = folder.path().join(format!("document.{extension}"));
    fs::write(&source, bytes).map_err(world("write its copy"))?;
    let command = |program: &str| {
        Command::new(program)
            .arg(format!("-env:UserInstallation=file://{}", folder.path().join("home").display()))
            .args(["--headless", "--norestore", "--convert-to", "docx", "--outdir"])
            .arg(folder.path())
            .arg(&source)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
    };
    let child = PROGRAMS.iter().find_map(|program| match command(program) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => None,
        started => Some(started),
    });
    let Some(child) = child else {
        return Err(format!("an old office file (.{extension}); install LibreOffice, which then reads it, or save it as DOCX"));
    };
    let status = wait(child.map_err(world("start LibreOffice"))?, limits)?;
    let made = fs::read(folder.path().join("document.docx"));
    made.map_err(|_| format!("an old office file (.{extension}) that LibreOffice could not read ({status}); save it as DOCX"))
}

fn wait(mut child: Child, limits: &Limits) -> Result<ExitStatus, String> {
    let started = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if started.elapsed() < Duration::from_secs(limits.seconds) => sleep(Duration::from_millis(20)),
            other => {
                let _ = child.kill();
                let _ = child.wait();
                let why = other.err().map_or_else(|| format!("took more than {} seconds", limits.seconds), |e| e.to_string());
                return Err(format!("an old office file; LibreOffice failed: {why}"));
            }
        }
    }
}
