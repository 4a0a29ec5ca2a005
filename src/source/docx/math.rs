//! Formulas (OMML) -> the line of text that a reader would copy by hand: no mark for raised and lowered signs, a slash for fractions.

use super::body::contents;
use super::xml::{Element, Ns};

/// The text of a formula.
pub fn text(e: Element) -> String {
    let mut out = String::new();
    write(e, &mut out);
    out
}

fn write(e: Element, out: &mut String) {
    for child in contents(e) {
        match child.name() {
            (Ns::Math, "t") => out.push_str(&child.text()),
            (Ns::Math, "f") => {
                let part = |name: &str| part(child, name);
                out.push_str(&format!("{}/{}", part("num"), part("den")));
            }
            (Ns::Math, "d") => delimited(child, out),
            (Ns::Math, "rad") => out.push_str(&format!("{}\u{221A}{}", part(child, "deg"), part(child, "e"))),
            (Ns::Math, "nary") => {
                let sign = property(child, "naryPr", "chr").unwrap_or_else(|| "\u{222B}".into());
                out.push_str(&format!("{sign}{}{}{}", part(child, "sub"), part(child, "sup"), part(child, "e")));
            }
            (Ns::Math, "mr") => out.push_str(&format!("{} ", parts(child).join(" "))),
            (Ns::Math, "eqArr") => out.push_str(&parts(child).join(" ")),
            (_, "rPr" | "ctrlPr") => {}
            _ => write(child, out),
        }
    }
}

/// What stands between brackets, with the signs that part it.
fn delimited(e: Element, out: &mut String) {
    let sign = |name: &str, usual: &str| property(e, "dPr", name).unwrap_or_else(|| usual.into());
    out.push_str(&sign("begChr", "("));
    out.push_str(&parts(e).join(&sign("sepChr", "|")));
    out.push_str(&sign("endChr", ")"));
}

fn parts(e: Element) -> Vec<String> {
    e.children().filter(|child| child.name() == (Ns::Math, "e")).map(text).collect()
}

fn part(e: Element, name: &str) -> String {
    e.children().find(|child| child.name() == (Ns::Math, name)).map(text).unwrap_or_default()
}

fn property(e: Element, group: &str, name: &str) -> Option<String> {
    let group = e.children().find(|child| child.name() == (Ns::Math, group))?;
    Some(group.children().find(|child| child.name() == (Ns::Math, name))?.attribute("val")?.into_owned())
}
