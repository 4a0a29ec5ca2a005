//! XML text -> a tree of elements. In: one part of a package. Never expands an entity of the document's own, follows no reference,
//! and refuses what is nested or grown beyond any real document, so that walks over the tree may recurse.

use std::borrow::Cow;

use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesRef, Event};
use quick_xml::name::ResolveResult;

/// How deep elements may stand in one another.
const DEPTH: usize = 256;
/// How many elements and texts one part may have.
const NODES: usize = 4_000_000;

/// The vocabularies that are read; each has a transitional and a strict namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ns {
    Word,
    Math,
    /// Markup compatibility: alternatives for older programs.
    Compatibility,
    Other,
}

impl Ns {
    fn of(name: &ResolveResult) -> Ns {
        let ResolveResult::Bound(name) = name else { return Ns::Other };
        match name.0 {
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main" | "http://purl.oclc.org/ooxml/wordprocessingml/main" => Ns::Word,
            "http://schemas.openxmlformats.org/officeDocument/2006/math" | "http://purl.oclc.org/ooxml/officeDocument/math" => Ns::Math,
            "http://schemas.openxmlformats.org/markup-compatibility/2006" => Ns::Compatibility,
            _ => Ns::Other,
        }
    }
}

/// The part, and its nodes in the order of the text. Offsets are 32 bits: a part is never larger than 4 GiB.
#[derive(Debug)]
pub struct Tree {
    xml: String,
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    what: What,
    /// First child and next sibling; 0 where there is none (the root is no child).
    first: u32,
    next: u32,
}

#[derive(Debug, Clone, Copy)]
enum What {
    /// The tag between its angle brackets, and how much of it the name is.
    Element {
        ns: Ns,
        start: u32,
        name: u32,
        end: u32,
    },
    Text {
        start: u32,
        end: u32,
    },
    Char(char),
}

/// An element of a tree.
#[derive(Debug, Clone, Copy)]
pub struct Element<'t> {
    tree: &'t Tree,
    at: usize,
}

/// Reads one part.
///
/// # Errors
/// Says what is wrong where the bytes are no XML, declare entities, or are nested too deeply or too many.
pub fn parse(bytes: Vec<u8>) -> Result<Tree, String> {
    let xml = decoded(bytes)?;
    let mut reader = NsReader::from_str(&xml);
    reader.resolver_mut().set_max_namespace_bindings(1024);
    let mut builder = Builder::default();
    loop {
        let before = reader.buffer_position();
        let (ns, event) = reader.read_resolved_event().map_err(|e| format!("broken XML ({e})"))?;
        let ns = Ns::of(&ns);
        match event {
            Event::Start(tag) => builder.open(ns, before, tag.name().0.len(), reader.buffer_position(), false)?,
            Event::Empty(tag) => builder.open(ns, before, tag.name().0.len(), reader.buffer_position(), true)?,
            Event::End(_) => builder.close(),
            Event::Text(_) => builder.text(before, reader.buffer_position(), 0, &xml)?,
            Event::CData(_) => builder.text(before, reader.buffer_position(), "<![CDATA[".len(), &xml)?,
            Event::GeneralRef(reference) => builder.push(What::Char(character(&reference)?))?,
            Event::DocType(_) => return Err("the XML declares a document type, which Word never does; it is not read".into()),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    if !builder.open.is_empty() || builder.nodes.is_empty() {
        return Err("broken XML (it ends too early)".into());
    }
    Ok(Tree { nodes: builder.nodes, xml })
}

/// UTF-8, or UTF-16 with its mark.
fn decoded(bytes: Vec<u8>) -> Result<String, String> {
    let utf16 = |unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).skip(1).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16(&units).map_err(|_| "broken XML (not UTF-16)".to_string())
    };
    match bytes.get(..2) {
        Some(b"\xFF\xFE") => utf16(u16::from_le_bytes),
        Some(b"\xFE\xFF") => utf16(u16::from_be_bytes),
        _ => String::from_utf8(bytes).map_err(|e| format!("broken XML ({})", e.utf8_error())),
    }
}

/// The character that a reference stands for; the five of XML and numbers.
fn character(reference: &BytesRef) -> Result<char, String> {
    if let Some(c) = reference.resolve_char_ref().map_err(|e| format!("broken XML ({e})"))? {
        return Ok(c);
    }
    let name = reference.borrow().into_inner();
    let known = quick_xml::escape::resolve_predefined_entity(&name).and_then(|text| text.chars().next());
    known.ok_or_else(|| format!("the XML names an entity of its own (&{name};), which Word never does; it is not read"))
}

#[derive(Default)]
struct Builder {
    nodes: Vec<Node>,
    /// The open elements, each with its last child.
    open: Vec<(usize, usize)>,
}

impl Builder {
    fn open(&mut self, ns: Ns, before: u64, name: usize, after: u64, empty: bool) -> Result<(), String> {
        if self.open.len() >= DEPTH {
            return Err(format!("elements are nested more than {DEPTH} deep; it is not read"));
        }
        let start = before as u32 + 1;
        self.push(What::Element { ns, start, name: name as u32, end: (after as u32).saturating_sub(1) })?;
        if !empty {
            self.open.push((self.nodes.len() - 1, 0));
        }
        Ok(())
    }

    fn close(&mut self) {
        self.open.pop();
    }

    /// Text counts only in the elements that hold text, all of which are called `t`.
    fn text(&mut self, before: u64, after: u64, mark: usize, xml: &str) -> Result<(), String> {
        let (start, end) = (before as usize + mark, (after as usize).saturating_sub(if mark > 0 { "]]>".len() } else { 0 }));
        let holds = self.open.last().is_some_and(|(at, _)| match self.nodes.get(*at).map(|node| node.what) {
            Some(What::Element { start, name, .. }) => {
                xml.get(start as usize..(start + name) as usize).is_some_and(|name| name == "t" || name.ends_with(":t"))
            }
            _ => false,
        });
        if holds { self.push(What::Text { start: start as u32, end: end as u32 }) } else { Ok(()) }
    }

    fn push(&mut self, what: What) -> Result<(), String> {
        let at = self.nodes.len();
        if at >= NODES {
            return Err(format!("more than {NODES} elements; it is not read"));
        }
        match self.open.last_mut() {
            Some((parent, last)) => {
                let link = if *last == 0 {
                    self.nodes.get_mut(*parent).map(|node| &mut node.first)
                } else {
                    self.nodes.get_mut(*last).map(|node| &mut node.next)
                };
                if let Some(link) = link {
                    *link = at as u32;
                }
                *last = at;
            }
            None if at > 0 => return Err("broken XML (more than one root)".into()),
            None => {}
        }
        self.nodes.push(Node { what, first: 0, next: 0 });
        Ok(())
    }
}

impl Tree {
    pub fn root(&self) -> Element<'_> {
        Element { tree: self, at: 0 }
    }

    fn slice(&self, start: u32, end: u32) -> &str {
        self.xml.get(start as usize..end as usize).unwrap_or_default()
    }
}

impl<'t> Element<'t> {
    /// Vocabulary and name without its prefix.
    pub fn name(self) -> (Ns, &'t str) {
        match self.tree.nodes.get(self.at).map(|node| node.what) {
            Some(What::Element { ns, start, name, .. }) => {
                let name = self.tree.slice(start, start + name);
                (ns, name.rsplit_once(':').map_or(name, |(_, local)| local))
            }
            _ => (Ns::Other, ""),
        }
    }

    /// Whether this is the element of WordprocessingML called `name`.
    pub fn is(self, name: &str) -> bool {
        self.name() == (Ns::Word, name)
    }

    pub fn children(self) -> impl Iterator<Item = Element<'t>> {
        let tree = self.tree;
        self.nodes()
            .filter(move |at| matches!(tree.nodes.get(*at).map(|n| n.what), Some(What::Element { .. })))
            .map(move |at| Element { tree, at })
    }

    fn nodes(self) -> impl Iterator<Item = usize> {
        let tree = self.tree;
        let link = |at: u32| (at > 0).then_some(at as usize);
        let first = tree.nodes.get(self.at).and_then(|node| link(node.first));
        std::iter::successors(first, move |at| tree.nodes.get(*at).and_then(|node| link(node.next)))
    }

    /// The first child of WordprocessingML called `name`.
    pub fn child(self, name: &str) -> Option<Element<'t>> {
        self.children().find(|child| child.is(name))
    }

    /// An attribute by its name without the prefix.
    pub fn attribute(self, name: &str) -> Option<Cow<'t, str>> {
        let Some(What::Element { start, name: length, end, .. }) = self.tree.nodes.get(self.at).map(|node| node.what) else { return None };
        let tag = self.tree.slice(start, end);
        let mut attributes = Attributes::new(tag.strip_suffix('/').unwrap_or(tag), length as usize);
        let attributes = attributes.with_checks(false);
        let found = attributes.flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
        found.normalized_value(XmlVersion::Implicit1_0).ok()
    }

    /// The attribute `val` of the child called `name`.
    pub fn value(self, name: &str) -> Option<Cow<'t, str>> {
        self.child(name)?.attribute("val")
    }

    /// The text that stands directly in the element.
    pub fn text(self) -> String {
        let mut out = String::new();
        for at in self.nodes() {
            match self.tree.nodes.get(at).map(|node| node.what) {
                Some(What::Text { start, end }) => out.push_str(self.tree.slice(start, end)),
                Some(What::Char(c)) => out.push(c),
                _ => {}
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(xml: &str) -> Result<Tree, String> {
        parse(xml.as_bytes().to_vec())
    }

    #[test]
    fn names_attributes_and_texts_are_exact() {
        let xml = "<?xml version='1.0'?><x:p xmlns:x='http://purl.oclc.org/ooxml/wordprocessingml/main'><!-- c --><x:r x:val=\"a&lt;b\"/><x:t y:z='1'>甲&amp;<![CDATA[<乙>]]>&#x4E19;</x:t> <q/></x:p>";
        let tree = tree(xml).unwrap();
        let root = tree.root();
        assert!(root.is("p"));
        assert_eq!(root.children().map(|e| e.name()).collect::<Vec<_>>(), [(Ns::Word, "r"), (Ns::Word, "t"), (Ns::Other, "q")]);
        assert_eq!(root.value("r").as_deref(), Some("a<b"));
        assert_eq!(root.child("t").unwrap().text(), "甲&<乙>丙");
    }

    #[test]
    fn utf_16_is_read() {
        let units = |unit: fn(u16) -> [u8; 2]| "\u{FEFF}<t>申报</t>".encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        for bytes in [units(u16::to_le_bytes), units(u16::to_be_bytes)] {
            assert_eq!(parse(bytes).unwrap().root().text(), "申报");
        }
    }

    #[test]
    fn what_is_no_document_of_word_is_refused() {
        let deep = format!("{}{}", "<a>".repeat(300), "</a>".repeat(300));
        for (xml, words) in [
            ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "declares a document type"),
            ("<a><t>&b;</t></a>", "an entity of its own (&b;)"),
            ("<a><b></a>", "broken XML"),
            ("<a><b>", "it ends too early"),
            ("", "it ends too early"),
            ("<a/><b/>", "more than one root"),
            (deep.as_str(), "nested more than 256 deep"),
        ] {
            let error = tree(xml).map(|_| ()).unwrap_err();
            assert!(error.contains(words), "{xml:.40}: {error}");
        }
    }
}
