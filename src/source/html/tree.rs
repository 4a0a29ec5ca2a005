//! Markup -> a tree of nodes, by html5ever's parser. In: decoded markup. Out: `Tree`. Never as deep as hostile markup asks: past `DEPTH`
//! a block only ends a line, since the time of the parser grows with the square of the depth; nor with more than `NODES` nodes.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::interface::TokenizerResult;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use html5ever::{Attribute, ExpandedName, LocalName, QualName};

const DEPTH: usize = 256;
const NODES: usize = 4_000_000;

/// The place of a node in `Tree::nodes`; 0 is the document.
pub type Id = usize;

#[derive(Debug, Default)]
pub struct Node {
    pub parent: Option<Id>,
    pub children: Vec<Id>,
    pub data: Data,
    depth: usize,
}

#[derive(Debug, Default)]
pub enum Data {
    /// The document, a comment, a document type.
    #[default]
    Nothing,
    Text(String),
    Element {
        name: String,
        attributes: Vec<(String, String)>,
    },
}

#[derive(Debug)]
pub struct Tree {
    pub nodes: Vec<Node>,
}

impl Tree {
    pub fn name(&self, id: Id) -> &str {
        match &self.nodes[id].data {
            Data::Element { name, .. } => name,
            _ => "",
        }
    }

    pub fn text(&self, id: Id) -> Option<&str> {
        match &self.nodes[id].data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn attribute(&self, id: Id, wanted: &str) -> Option<&str> {
        let Data::Element { attributes, .. } = &self.nodes[id].data else { return None };
        attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
    }

    pub fn children(&self, id: Id) -> &[Id] {
        &self.nodes[id].children
    }

    /// `id` and all below it, in the order of the document.
    pub fn below(&self, id: Id) -> impl Iterator<Item = Id> {
        let mut open = vec![id];
        std::iter::from_fn(move || {
            let next = open.pop()?;
            open.extend(self.children(next).iter().rev());
            Some(next)
        })
    }

    /// From the parent of `id` up to the document.
    pub fn above(&self, id: Id) -> impl Iterator<Item = Id> {
        std::iter::successors(self.nodes[id].parent, |id| self.nodes[*id].parent)
    }

    /// The first element of that name.
    pub fn first(&self, name: &str) -> Option<Id> {
        self.below(0).find(|id| self.name(*id) == name)
    }
}

/// Parses `markup`; `is_xml`: a tag that closes itself is then closed, whatever its name.
///
/// # Errors
/// More than `NODES` nodes.
pub fn parse(markup: &str, is_xml: bool) -> Result<Tree, String> {
    let options = TreeBuilderOpts { scripting_enabled: false, ..Default::default() };
    let guard = Guard { builder: TreeBuilder::new(Sink::new(), options), is_xml };
    let tokenizer = Tokenizer::new(guard, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(markup));
    // A script may stop the tokenizer; nothing is run here, so it goes on at once.
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    let nodes = tokenizer.sink.builder.sink.nodes.into_inner();
    if nodes.len() > NODES { Err(format!("a web page of more than {NODES} elements")) } else { Ok(Tree { nodes }) }
}

/// Stands between tokenizer and tree builder, and keeps from the builder what would make it slow.
struct Guard {
    builder: TreeBuilder<Handle, Sink>,
    is_xml: bool,
}

impl TokenSink for Guard {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        let Token::TagToken(mut tag) = token else { return self.builder.process_token(token, line) };
        if self.builder.sink.is_full() {
            return TokenSinkResult::Continue;
        }
        if is_type_style(&tag.name) {
            // As markup of type styles each would be opened again in every paragraph that follows an unclosed one.
            tag.name = LocalName::from("span");
        }
        if tag.kind == TagKind::EndTag {
            self.builder.sink.step_out();
        } else if self.builder.sink.depth.get() >= DEPTH && !is_void(&tag.name) {
            tag = Tag { name: LocalName::from("br"), attrs: vec![], ..tag };
        }
        let closing = (self.is_xml && tag.self_closing && tag.kind == TagKind::StartTag && !is_void(&tag.name)).then(|| Tag {
            kind: TagKind::EndTag,
            self_closing: false,
            attrs: vec![],
            ..tag.clone()
        });
        let result = self.builder.process_token(Token::TagToken(tag), line);
        match closing {
            Some(closing) => self.builder.process_token(Token::TagToken(closing), line),
            None => result,
        }
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

fn is_type_style(name: &str) -> bool {
    matches!(name, "b" | "big" | "code" | "em" | "font" | "i" | "nobr" | "s" | "small" | "strike" | "strong" | "tt" | "u")
}

fn is_void(name: &str) -> bool {
    matches!(name, "area" | "base" | "br" | "col" | "embed" | "hr" | "img" | "input" | "link" | "meta" | "param" | "source" | "wbr")
}

/// A node as the parser holds it: its place, and its name where it is an element.
#[derive(Clone)]
struct Handle {
    id: Id,
    name: Rc<QualName>,
}

/// Builds the nodes for the parser.
struct Sink {
    nodes: RefCell<Vec<Node>>,
    document: Handle,
    /// Depth of the open element, as far as the last node that was added tells.
    depth: Cell<usize>,
}

impl Sink {
    fn new() -> Self {
        let name = QualName::new(None, html5ever::ns!(), LocalName::from(""));
        let document = Handle { id: 0, name: Rc::new(name) };
        Sink { nodes: RefCell::new(vec![Node::default()]), document, depth: Cell::new(0) }
    }

    fn is_full(&self) -> bool {
        self.nodes.borrow().len() > NODES
    }

    /// An end tag leaves an element, most often. Where it does not, the next node says so, but the error may not add up.
    fn step_out(&self) {
        if self.depth.get() <= DEPTH + 8 {
            self.depth.set(self.depth.get().saturating_sub(1));
        }
    }

    fn add(&self, data: Data) -> Id {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node { data, ..Node::default() });
        nodes.len() - 1
    }

    fn handle(&self, data: Data) -> Handle {
        Handle { id: self.add(data), name: self.document.name.clone() }
    }

    /// Puts `child` under `parent`, before the child at `at`.
    fn insert(&self, parent: Id, at: usize, child: NodeOrText<Handle>) {
        let id = match child {
            NodeOrText::AppendNode(node) => {
                self.detach(node.id);
                node.id
            }
            NodeOrText::AppendText(text) => {
                let before = at.checked_sub(1).map(|i| self.nodes.borrow()[parent].children[i]);
                self.depth.set(self.nodes.borrow()[parent].depth);
                if let Some(id) = before
                    && let Data::Text(open) = &mut self.nodes.borrow_mut()[id].data
                {
                    open.push_str(&text);
                    return;
                }
                self.add(Data::Text(text.to_string()))
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        let depth = nodes[parent].depth;
        nodes[id].parent = Some(parent);
        nodes[id].depth = depth + 1;
        let at = at.min(nodes[parent].children.len());
        nodes[parent].children.insert(at, id);
        self.depth.set(if matches!(nodes[id].data, Data::Element { .. }) { depth + 1 } else { depth });
    }

    fn append_to(&self, parent: Id, child: NodeOrText<Handle>) {
        let end = self.nodes.borrow()[parent].children.len();
        self.insert(parent, end, child);
    }

    fn detach(&self, id: Id) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(parent) = nodes[id].parent.take() {
            // Most often the last one is meant: seek from the end.
            if let Some(at) = nodes[parent].children.iter().rposition(|child| *child == id) {
                nodes[parent].children.remove(at);
            }
        }
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = ();
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) {}
    fn parse_error(&self, _: std::borrow::Cow<'static, str>) {}
    fn set_quirks_mode(&self, _: QuirksMode) {}
    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_document(&self) -> Handle {
        self.document.clone()
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        target.name.expanded()
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> Handle {
        let id = self.add(Data::Element { name: name.local.to_string(), attributes: kept(attributes) });
        Handle { id, name: Rc::new(name) }
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        self.handle(Data::Nothing)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        self.handle(Data::Nothing)
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.append_to(parent.id, child);
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        if self.nodes.borrow()[element.id].parent.is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append_to(previous.id, child);
        }
    }

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        let place = {
            let nodes = self.nodes.borrow();
            nodes[sibling.id].parent.and_then(|parent| {
                let at = nodes[parent].children.iter().rposition(|id| *id == sibling.id)?;
                Some((parent, at))
            })
        };
        if let Some((parent, at)) = place {
            self.insert(parent, at, child);
        }
    }

    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.id == y.id
    }

    fn add_attrs_if_missing(&self, target: &Handle, attributes: Vec<Attribute>) {
        if let Data::Element { attributes: there, .. } = &mut self.nodes.borrow_mut()[target.id].data {
            for (name, value) in kept(attributes) {
                if there.iter().all(|(known, _)| *known != name) {
                    there.push((name, value));
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.detach(target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let children = std::mem::take(&mut self.nodes.borrow_mut()[node.id].children);
        for id in children {
            self.nodes.borrow_mut()[id].parent = None;
            self.append_to(new_parent.id, NodeOrText::AppendNode(Handle { id, name: self.document.name.clone() }));
        }
    }
}

/// The attributes that later steps read.
fn kept(attributes: Vec<Attribute>) -> Vec<(String, String)> {
    const READ: [&str; 15] = [
        "class", "id", "style", "hidden", "colspan", "rowspan", "start", "value", "type", "name", "property", "content", "href", "role",
        "reversed",
    ];
    let read = attributes.into_iter().filter(|a| READ.contains(&&*a.name.local));
    read.map(|a| (a.name.local.to_string(), a.value.to_string())).collect()
}
