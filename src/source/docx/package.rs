//! The package of a Word document: ZIP bytes -> the XML parts that hold text. Parts are found through the relationships, as the
//! standard wants it, and by their usual names where those are missing. Never unpacks pictures or other members.

use super::xml::{self, Tree};
use crate::source::zip::Archive;

/// The parts that the reader looks at. All but the document may be missing.
pub struct Parts {
    pub document: Tree,
    pub styles: Option<Tree>,
    pub numbering: Option<Tree>,
    pub footnotes: Option<Tree>,
    pub endnotes: Option<Tree>,
}

/// A relationship: the last word of its type, and the member that it leads to.
struct Relation {
    kind: String,
    target: String,
}

/// Opens the package; at most `allowed` bytes are unpacked.
///
/// # Errors
/// Says what is wrong where the archive is broken, has no Word document, or a part is no XML.
pub fn open(bytes: &[u8], allowed: usize) -> Result<Parts, String> {
    let mut archive = Archive::open(bytes, allowed)?;
    let relations = relations(&mut archive, "_rels/.rels", "")?;
    let main = relations.into_iter().find(|r| r.kind == "officeDocument").map_or("word/document.xml".into(), |r| r.target);
    let document = part(&mut archive, &main)?.ok_or_else(|| no_document(&archive, &main))?;
    if !document.root().is("document") {
        return Err(format!("no Word document: its main part is a <{}>", document.root().name().1));
    }
    let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
    let relations = self::relations(&mut archive, &format!("{folder}/_rels/{file}.rels"), folder)?;
    let mut related = |kind: &str| match relations.iter().find(|r| r.kind == kind) {
        Some(relation) => part(&mut archive, &relation.target),
        None if relations.is_empty() => part(&mut archive, &format!("{folder}/{kind}.xml")),
        None => Ok(None),
    };
    let [styles, numbering, footnotes, endnotes] = ["styles", "numbering", "footnotes", "endnotes"].map(&mut related);
    Ok(Parts { document, styles: styles?, numbering: numbering?, footnotes: footnotes?, endnotes: endnotes? })
}

fn no_document(archive: &Archive, main: &str) -> String {
    let has = |name: &str| archive.find(name).is_some();
    let what = if has("xl/workbook.xml") {
        "an Excel workbook"
    } else if has("ppt/presentation.xml") {
        "a PowerPoint presentation"
    } else {
        "a ZIP file"
    };
    format!("{what}, no Word document: it has no {main}")
}

/// The part called `name`, or `None` where the archive has none.
fn part(archive: &mut Archive, name: &str) -> Result<Option<Tree>, String> {
    let Some(at) = archive.find(name).or_else(|| archive.find(&name.replace('/', "\\"))) else { return Ok(None) };
    xml::parse(archive.read(at)?).map(Some).map_err(|why| format!("{name} of the Word document: {why}"))
}

/// The relationships of the part `name`, whose targets count from `folder`.
fn relations(archive: &mut Archive, name: &str, folder: &str) -> Result<Vec<Relation>, String> {
    let Some(tree) = part(archive, name.trim_start_matches('/'))? else { return Ok(vec![]) };
    let inside = tree.root().children().filter(|e| e.attribute("TargetMode").is_none_or(|mode| mode != "External"));
    let relation = |e: xml::Element| {
        let kind = e.attribute("Type")?.rsplit('/').next()?.to_string();
        Some(Relation { kind, target: resolve(folder, &e.attribute("Target")?) })
    };
    Ok(inside.filter_map(relation).collect())
}

/// A target as a member's name: from the root where it begins with a slash, else from `folder`.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let base = if target.starts_with('/') { "" } else { folder };
    let mut path: Vec<&str> = base.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn targets_are_members() {
        for (folder, target, member) in [
            ("word", "styles.xml", "word/styles.xml"),
            ("word", "/word/numbering.xml", "word/numbering.xml"),
            ("word", "../customXml/item1.xml", "customXml/item1.xml"),
            ("", "word\\document.xml", "word/document.xml"),
            ("word", "../../../x.xml", "x.xml"),
        ] {
            assert_eq!(resolve(folder, target), member);
        }
    }
}
