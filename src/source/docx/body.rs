//! The running text: blocks -> lines. In: the parts of a package. Out: one line a paragraph (with line ends of its own where the text has
//! breaks) and one a table row. Never reads a part twice; gives up where more text would come out than is allowed.

use std::collections::{BTreeMap, BTreeSet};

use super::math;
use super::numbering::Numbering;
use super::package::Parts;
use super::style::{ListRef, Styles, switch};
use super::xml::{Element, Ns, Tree};
use crate::table::Notation;

/// Newer drawings and their kin, which a document writes once more for older programs.
const KNOWN: [&str; 9] = ["wps", "wpg", "wpc", "wpi", "wp14", "w14", "w15", "a14", "am3d"];
/// More fields within one another than in any real document.
const FIELDS: usize = 64;

pub(super) struct Body<'d> {
    styles: &'d Styles,
    numbering: Numbering<'d>,
    notation: &'d Notation,
    allowed: usize,
    left: usize,
    /// The open fields; true while in the code of one, which is no text.
    fields: Vec<bool>,
    /// Text boxes that hang on the paragraph that is read.
    boxes: Vec<Element<'d>>,
    notes: Vec<(Note, String)>,
    remarks: BTreeSet<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Note {
    Foot,
    End,
}

/// Lines that are done, and the beginning of the next one where a paragraph has lost its end.
#[derive(Default)]
pub(super) struct Lines {
    pub done: Vec<String>,
    open: Option<Joined>,
}

struct Joined {
    text: String,
    numbered: bool,
}

/// Reads all text of a document: its lines, and remarks on what could not be read. `allowed` bytes of text may come out.
///
/// # Errors
/// More text than is allowed.
pub fn read(parts: &Parts, notation: &Notation, allowed: usize) -> Result<(Vec<String>, Vec<String>), String> {
    let styles = Styles::new(parts.styles.as_ref());
    let numbering = Numbering::new(parts.numbering.as_ref(), &styles, notation);
    let (fields, boxes, notes, remarks) = (vec![], vec![], vec![], BTreeSet::new());
    let mut body = Body { styles: &styles, numbering, notation, allowed, left: allowed, fields, boxes, notes, remarks };
    let mut lines = Lines::default();
    for part in parts.document.root().children().filter(|e| e.is("body")) {
        body.blocks(part, &mut lines)?;
    }
    body.notes(parts, &mut lines)?;
    let unknown = body.numbering.unknown.iter().map(|name| format!("numbers in the format {name:?} are written in Arabic digits"));
    let remarks = unknown.chain(body.remarks).collect();
    Ok((lines.done, remarks))
}

/// The children of `e` that are in the text: what is wrapped is unwrapped, what is deleted is gone.
pub(super) fn contents(e: Element) -> Vec<Element> {
    let mut out = Vec::new();
    unwrap(e, &mut out);
    out
}

fn unwrap<'t>(e: Element<'t>, out: &mut Vec<Element<'t>>) {
    for child in e.children() {
        match child.name() {
            (Ns::Word, "del" | "moveFrom") => {}
            (Ns::Word, "sdt") if switch(child.child("sdtPr"), "showingPlcHdr") == Some(true) => {}
            (Ns::Word, "sdt") => child.child("sdtContent").into_iter().for_each(|inner| unwrap(inner, out)),
            (Ns::Word, "ins" | "moveTo" | "customXml" | "smartTag" | "hyperlink" | "fldSimple" | "dir" | "bdo") => unwrap(child, out),
            (Ns::Compatibility, "AlternateContent") => branch(child).into_iter().for_each(|inner| unwrap(inner, out)),
            _ => out.push(child),
        }
    }
}

/// The branch of an alternative that is read: the newer one where it is known, else the one for older programs.
fn branch(e: Element) -> Option<Element> {
    let choice = |child: &Element| child.name() == (Ns::Compatibility, "Choice");
    let known = |child: &Element| child.attribute("Requires").is_some_and(|r| r.split_whitespace().all(|name| KNOWN.contains(&name)));
    let known = e.children().find(|child| choice(child) && known(child));
    known.or_else(|| e.children().find(|child| child.name() == (Ns::Compatibility, "Fallback"))).or_else(|| e.children().find(choice))
}

impl<'d> Body<'d> {
    /// Takes `bytes` from what may still come out.
    pub(super) fn spend(&mut self, bytes: usize) -> Result<(), String> {
        self.left = self.left.checked_sub(bytes).ok_or_else(|| format!("more than {} MiB of text; it is not read", self.allowed >> 20))?;
        Ok(())
    }

    /// The paragraphs and tables in `parent`.
    pub(super) fn blocks(&mut self, parent: Element<'d>, lines: &mut Lines) -> Result<(), String> {
        for e in contents(parent) {
            match e.name() {
                (Ns::Word, "p") => self.paragraph(e, lines)?,
                (Ns::Word, "tbl") => {
                    self.finish(lines)?;
                    self.table(e, lines)?;
                }
                (Ns::Math, "oMath" | "oMathPara") => lines.done.push(math::text(e)),
                (Ns::Word, "altChunk") => drop(self.remarks.insert("a document embedded in this one is left out".into())),
                _ => {}
            }
        }
        self.finish(lines)
    }

    /// Ends a line that still waits for its end.
    fn finish(&mut self, lines: &mut Lines) -> Result<(), String> {
        lines.done.extend(lines.open.take().map(|joined| joined.text));
        for held in std::mem::take(&mut self.boxes) {
            self.blocks(held, lines)?;
        }
        Ok(())
    }

    fn paragraph(&mut self, e: Element<'d>, lines: &mut Lines) -> Result<(), String> {
        let properties = e.child("pPr");
        let (mark, named) = (properties.and_then(|p| p.child("rPr")), properties.and_then(|p| p.value("pStyle")));
        let style = self.styles.paragraph(named.as_deref());
        let mut text = String::new();
        self.inline(e, style, &mut text);
        self.fields.retain(|code| !code);
        self.spend(text.len() + 1)?;

        let deleted = mark.is_some_and(|mark| mark.child("del").is_some() || mark.child("moveFrom").is_some());
        let hidden = self.styles.hidden(mark, style);
        if hidden && text.is_empty() {
            return Ok(());
        }
        let mut line = lines.open.take().unwrap_or(Joined { text: String::new(), numbered: false });
        if !deleted && !line.numbered {
            let label = self.numbering.count(ListRef::of(properties), style, self.styles).unwrap_or_default();
            self.spend(label.len())?;
            line.text.insert_str(0, &label);
            line.numbered = true;
        }
        line.text += &text;
        lines.open = Some(line);
        if deleted || hidden { Ok(()) } else { self.finish(lines) }
    }

    /// What stands in a paragraph, or in another holder of runs.
    fn inline(&mut self, e: Element<'d>, style: Option<&str>, out: &mut String) {
        for child in contents(e) {
            match child.name() {
                (Ns::Word, "r") => self.run(child, style, out),
                (Ns::Math, "oMath" | "oMathPara") if !self.in_code() => out.push_str(&math::text(child)),
                _ => {}
            }
        }
    }

    fn run(&mut self, e: Element<'d>, style: Option<&str>, out: &mut String) {
        let properties = e.child("rPr");
        let hidden = self.styles.hidden(properties, style);
        let font = properties.and_then(|p| p.child("rFonts")).and_then(|f| f.attribute("ascii").or_else(|| f.attribute("hAnsi")));
        for child in contents(e) {
            let (ns, name) = child.name();
            match (ns, name) {
                (Ns::Word, "fldChar") => self.field(child, hidden, out),
                _ if hidden || self.in_code() || ns != Ns::Word => {}
                (_, "t") => self.text(child, font.as_deref().unwrap_or_default(), out),
                (_, "tab" | "ptab") => out.push(' '),
                (_, "br" | "cr") => out.push('\n'),
                (_, "noBreakHyphen") => out.push('-'),
                (_, "sym") => self.symbol(child, out),
                (_, "ruby") => child.child("rubyBase").into_iter().for_each(|base| self.inline(base, style, out)),
                (_, "footnoteReference" | "endnoteReference") => {
                    let note = if name == "footnoteReference" { Note::Foot } else { Note::End };
                    self.notes.extend(child.attribute("id").map(|id| (note, id.into_owned())));
                    if child.attribute("customMarkFollows").is_some_and(|v| matches!(v.as_ref(), "1" | "true" | "on")) {
                        break;
                    }
                }
                (_, "drawing" | "pict" | "object") => find_boxes(child, &mut self.boxes),
                _ => {}
            }
        }
    }

    fn in_code(&self) -> bool {
        self.fields.contains(&true)
    }

    /// A field begins, its code ends, or it ends. A box to tick shows as what it is.
    fn field(&mut self, e: Element, hidden: bool, out: &mut String) {
        match e.attribute("fldCharType").as_deref() {
            Some("begin") => {
                if let Some(tick) = e.child("ffData").and_then(|data| data.child("checkBox")).filter(|_| !hidden && !self.in_code()) {
                    let on = switch(Some(tick), "checked").or_else(|| switch(Some(tick), "default")) == Some(true);
                    out.push(if on { '\u{2611}' } else { '\u{25A1}' });
                }
                if self.fields.len() < FIELDS {
                    self.fields.push(true);
                }
            }
            Some("separate") => self.fields.last_mut().into_iter().for_each(|code| *code = false),
            Some("end") => drop(self.fields.pop()),
            _ => {}
        }
    }

    fn text(&mut self, e: Element, font: &str, out: &mut String) {
        let text = e.text();
        let kept = e.attribute("space").is_some_and(|space| space == "preserve");
        let text = if kept { text.as_str() } else { text.trim_matches([' ', '\t', '\r', '\n']) };
        for c in text.chars() {
            match c {
                '\t' | '\r' | '\n' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push(' '),
                '\u{F000}'..='\u{F0FF}' => self.sign(font, c.into(), out),
                c if c.is_control() || c == '\u{AD}' => {}
                c => out.push(c),
            }
        }
    }

    fn symbol(&mut self, e: Element, out: &mut String) {
        let code = e.attribute("char").and_then(|code| u32::from_str_radix(code.trim(), 16).ok());
        if let Some(code) = code {
            self.sign(&e.attribute("font").unwrap_or_default(), code, out);
        }
    }

    /// A sign of a font that has a coding of its own.
    fn sign(&mut self, font: &str, code: u32, out: &mut String) {
        let private = |c: &char| matches!(c, '\u{E000}'..='\u{F8FF}') || c.is_control();
        match self.notation.symbol(font, code).or_else(|| char::from_u32(code).filter(|c| !private(c))) {
            Some(c) => out.push(c),
            None => drop(self.remarks.insert(format!("the sign {code:04X} of the font {font:?} is not known and left out"))),
        }
    }

    /// The notes that the text refers to, in its order, footnotes first.
    fn notes(&mut self, parts: &'d Parts, lines: &mut Lines) -> Result<(), String> {
        for (kind, tree) in [(Note::Foot, &parts.footnotes), (Note::End, &parts.endnotes)] {
            let all = tree.iter().flat_map(|tree: &Tree| tree.root().children());
            let mut held: BTreeMap<String, Element> = all.filter_map(|e| Some((e.attribute("id")?.into_owned(), e))).collect();
            let wanted: Vec<String> = self.notes.iter().filter(|(note, _)| *note == kind).map(|(_, id)| id.clone()).collect();
            for note in wanted.iter().filter_map(|id| held.remove(id)).collect::<Vec<_>>() {
                let mut own = Lines::default();
                self.blocks(note, &mut own)?;
                lines.done.extend(own.done.iter().map(|line| line.trim_start_matches(' ').to_string()));
            }
        }
        Ok(())
    }
}

/// The text boxes in a drawing, in their order; not those inside a text box.
fn find_boxes<'t>(e: Element<'t>, out: &mut Vec<Element<'t>>) {
    for child in contents(e) {
        if child.is("txbxContent") { out.push(child) } else { find_boxes(child, out) }
    }
}
