//! One font of a PDF: the bytes of a shown string -> characters with their text and advance. In: the font's dictionary. Out: `Shown` per
//! character code; a code without a way to Unicode shows U+FFFD. Never fails: what a broken font does not say is taken from the defaults.
//!
//! The ways to Unicode, in this order: the font's ToUnicode map, an encoding that is Unicode itself, glyph names, the tables of the
//! embedded program, the character collection (Adobe-GB1 and its kin).

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use hayro_cmap::{BfString, CMap, CMapName, CidFamily, WritingMode, load_embedded};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as Bytes};

use super::encoding::{Encoding, text_of_name};
use super::guard::decoded;
use super::program::Program;

/// One character as a string shows it.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    pub text: Rc<str>,
    /// In thousandths of the font size; along the line, also for a vertical font.
    pub advance: f32,
    /// A code of one byte with the value 32, which word spacing widens.
    pub is_space_code: bool,
}

pub(super) struct Font<'a> {
    pub name: String,
    /// Written from top to bottom.
    pub vertical: bool,
    /// Height of an em in units of the font size.
    pub em: f32,
    coding: Coding,
    widths: HashMap<u32, f32>,
    default_width: f32,
    to_unicode: Option<CMap>,
    family: Option<CidFamily>,
    collection: OnceCell<Option<CMap>>,
    cid_to_gid: Option<Vec<u8>>,
    descriptor: Dict<'a>,
    program: OnceCell<Program>,
    shown: RefCell<HashMap<(u32, u8), Shown>>,
}

/// How the bytes of a string part into codes.
enum Coding {
    /// One byte a code; the glyph names that `Encoding` and `Differences` give.
    Bytes { base: Option<Encoding>, names: HashMap<u8, String> },
    /// Two bytes a code, which is the glyph's number in the collection.
    Identity,
    /// UTF-16; the map is only there where the font has widths for more than the ASCII characters.
    Unicode(Option<Box<CMap>>),
    /// As the map says.
    Mapped(Box<CMap>),
}

impl<'a> Font<'a> {
    pub(super) fn read(dict: &Dict<'a>) -> Self {
        let name = |dict: &Dict| dict.get::<Name>("BaseFont").map(|name| name.as_str().to_string()).unwrap_or_default();
        let is_composite =
            dict.get::<Name>("Subtype").is_some_and(|name| name.as_ref() == b"Type0") || dict.contains_key("DescendantFonts");
        let mut font = if is_composite { Self::composite(dict) } else { Self::simple(dict) };
        font.name = name(dict);
        font.to_unicode = to_unicode(dict);
        font
    }

    fn new(descriptor: Dict<'a>, coding: Coding) -> Self {
        Font {
            name: String::new(),
            vertical: false,
            em: 1.0,
            coding,
            widths: HashMap::new(),
            default_width: 0.0,
            to_unicode: None,
            family: None,
            collection: OnceCell::new(),
            cid_to_gid: None,
            descriptor,
            program: OnceCell::new(),
            shown: RefCell::new(HashMap::new()),
        }
    }

    fn simple(dict: &Dict<'a>) -> Self {
        let descriptor = dict.get::<Dict>("FontDescriptor").unwrap_or_default();
        let base_font = dict.get::<Name>("BaseFont").map(|name| name.as_str().to_string()).unwrap_or_default();
        let mut font = Self::new(descriptor, simple_coding(dict, &base_font));
        let is_type3 = dict.get::<Name>("Subtype").is_some_and(|name| name.as_ref() == b"Type3");
        let matrix = dict.get::<[f32; 6]>("FontMatrix").filter(|_| is_type3).unwrap_or([0.001, 0.0, 0.0, 0.001, 0.0, 0.0]);
        if is_type3 {
            let bounds = dict.get::<[f32; 4]>("FontBBox").unwrap_or_default();
            font.em = Some((bounds[3] - bounds[1]).abs() * matrix[3].abs()).filter(|em| *em > 2.0 && *em < 1000.0).unwrap_or(1.0);
        }
        let first = dict.get::<u32>("FirstChar").unwrap_or(0);
        if let Some(widths) = dict.get::<Array>("Widths") {
            font.widths = (first..256).zip(widths.iter::<f32>()).map(|(code, width)| (code, width * matrix[0].abs() * 1000.0)).collect();
            font.default_width = font.descriptor.get::<f32>("MissingWidth").unwrap_or(0.0);
        } else {
            font.default_width = if base_font.contains("Courier") { 600.0 } else { 556.0 };
            if !base_font.contains("Courier") {
                font.widths = (32..).zip(LATIN_WIDTHS.iter().map(|width| f32::from(*width))).collect();
            }
        }
        font
    }

    fn composite(dict: &Dict<'a>) -> Self {
        let descendant = dict.get::<Array>("DescendantFonts").and_then(|fonts| fonts.iter::<Dict>().next()).unwrap_or_default();
        let descriptor = descendant.get::<Dict>("FontDescriptor").unwrap_or_default();
        let (coding, vertical, family) = composite_coding(dict);
        let mut font = Self::new(descriptor, coding);
        font.vertical = vertical;
        font.default_width = descendant.get::<f32>("DW").unwrap_or(1000.0);
        if vertical {
            font.default_width = 1000.0;
        } else {
            font.widths = descendant.get::<Array>("W").map(|widths| cid_widths(&widths)).unwrap_or_default();
        }
        font.cid_to_gid = descendant.get::<Stream>("CIDToGIDMap").and_then(|stream| decoded(&stream));
        font.family = family.or_else(|| system_info(&descendant));
        if let (Coding::Unicode(map), true) =
            (&mut font.coding, font.widths.keys().any(|cid| !ASCII.contains(cid) && !HALF_WIDTH.contains(cid)))
        {
            *map = dict.get::<Name>("Encoding").and_then(|name| embedded_map(CMapName::from_bytes(name.as_ref()))).map(Box::new);
        }
        font
    }

    /// Gives each character of a string to `each`.
    pub(super) fn show(&self, bytes: &[u8], mut each: impl FnMut(&Shown)) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let (code, length) = self.next_code(rest);
            let length = length.clamp(1, rest.len());
            let key = (code, length as u8);
            let known = self.shown.borrow().get(&key).cloned();
            let shown = known.unwrap_or_else(|| {
                let shown = self.shown(code, length as u8);
                self.shown.borrow_mut().insert(key, shown.clone());
                shown
            });
            each(&shown);
            rest = &rest[length..];
        }
    }

    /// The first code of `bytes`, which are not empty, and how many bytes it takes.
    fn next_code(&self, bytes: &[u8]) -> (u32, usize) {
        let number = |length: usize| bytes.iter().take(length).fold(0, |code, byte| code << 8 | u32::from(*byte));
        match &self.coding {
            Coding::Bytes { .. } => (number(1), 1),
            Coding::Identity => (number(2), 2),
            Coding::Unicode(_) => {
                let is_pair = bytes.len() >= 4 && matches!(bytes[0], 0xD8..=0xDB);
                if is_pair { (number(4), 4) } else { (number(2), 2) }
            }
            Coding::Mapped(map) => {
                let known = (1..=bytes.len().min(4)).find(|length| map.lookup_cid_code(number(*length), *length as u8).is_some());
                let length = known.unwrap_or(if bytes[0] < 0x80 && map.lookup_cid_code(0x20, 1).is_some() { 1 } else { 2 });
                (number(length), length)
            }
        }
    }

    fn shown(&self, code: u32, length: u8) -> Shown {
        let cid = match &self.coding {
            Coding::Bytes { .. } | Coding::Identity => code,
            Coding::Unicode(Some(map)) | Coding::Mapped(map) => map.lookup_cid_code(code, length).unwrap_or(0),
            Coding::Unicode(None) => code.checked_sub(0x1F).filter(|cid| ASCII.contains(cid)).unwrap_or(0),
        };
        let text = self.text(code, cid, length).filter(|text| !text.is_empty());
        Shown {
            text: text.map_or_else(|| "\u{FFFD}".into(), |text| unfold(&text).into()),
            advance: self.widths.get(&cid).copied().unwrap_or(self.default_width),
            is_space_code: length == 1 && code == 32,
        }
    }

    fn text(&self, code: u32, cid: u32, length: u8) -> Option<String> {
        if let Some(text) = self.to_unicode.as_ref().and_then(|map| map_text(map, code)) {
            return Some(text);
        }
        match &self.coding {
            Coding::Bytes { base, names } => self.text_of_byte(code as u8, *base, names),
            Coding::Unicode(_) if length == 4 => String::from_utf16(&[(code >> 16) as u16, code as u16]).ok(),
            Coding::Unicode(_) => char::from_u32(code).map(String::from),
            _ => {
                let by_program = || self.program().glyphs.get(&self.glyph(cid)).cloned();
                by_program().or_else(|| map_text(self.collection()?, cid))
            }
        }
    }

    fn text_of_byte(&self, code: u8, base: Option<Encoding>, names: &HashMap<u8, String>) -> Option<String> {
        let named = names.get(&code).map(String::as_str).or_else(|| base?.name(code));
        if let Some(text) = named.and_then(text_of_name) {
            return Some(text);
        }
        let program = self.program();
        let built_in = program.names.get(&code).and_then(|name| text_of_name(name));
        built_in.or_else(|| program.glyphs.get(program.codes.get(&code)?).cloned()).or_else(|| {
            let is_plain = named.is_none() && base.is_none() && program.glyphs.is_empty() && program.codes.is_empty();
            text_of_name(Encoding::Standard.name(code).filter(|_| is_plain)?)
        })
    }

    /// Character collection -> Unicode; read when a character needs it.
    fn collection(&self) -> Option<&CMap> {
        self.collection.get_or_init(|| embedded_map(self.family.as_ref()?.ucs2_cmap()?)).as_ref()
    }

    fn glyph(&self, cid: u32) -> u16 {
        let mapped = self.cid_to_gid.as_ref().and_then(|map| map.get(cid as usize * 2..cid as usize * 2 + 2));
        mapped.map_or(cid as u16, |pair| u16::from_be_bytes([pair[0], pair[1]]))
    }

    fn program(&self) -> &Program {
        self.program.get_or_init(|| {
            let stream = ["FontFile2", "FontFile3", "FontFile"].iter().find_map(|key| self.descriptor.get::<Stream>(key));
            stream.and_then(|stream| decoded(&stream)).map(|bytes| Program::read(&bytes)).unwrap_or_default()
        })
    }
}

fn simple_coding(dict: &Dict, base_font: &str) -> Coding {
    let mut names = HashMap::new();
    let mut base = dict.get::<Name>("Encoding").and_then(|name| Encoding::named(name.as_ref()));
    if let Some(encoding) = dict.get::<Dict>("Encoding") {
        base = encoding.get::<Name>("BaseEncoding").and_then(|name| Encoding::named(name.as_ref()));
        let mut code = 0u32;
        for entry in encoding.get::<Array>("Differences").iter().flat_map(|differences| differences.iter::<Object>()) {
            match entry {
                Object::Number(number) => code = number.as_i64() as u32,
                Object::Name(name) => {
                    if let Ok(code) = u8::try_from(code) {
                        names.insert(code, name.as_str().to_string());
                    }
                    code = code.wrapping_add(1);
                }
                _ => {}
            }
        }
    }
    let base = match base_font {
        name if name.ends_with("Symbol") => Some(Encoding::Symbol),
        name if name.ends_with("ZapfDingbats") => Some(Encoding::Dingbats),
        _ => base,
    };
    Coding::Bytes { base, names }
}

/// Numbers of the proportional and of the half-width ASCII characters in the collections.
const ASCII: std::ops::RangeInclusive<u32> = 1..=95;
const HALF_WIDTH: std::ops::RangeInclusive<u32> = 814..=939;

/// The coding of a composite font, whether it is vertical, and the collection of its map.
fn composite_coding(dict: &Dict) -> (Coding, bool, Option<CidFamily>) {
    let name = dict.get::<Name>("Encoding").map(|name| name.as_ref().to_vec());
    let is_vertical = name.as_ref().is_some_and(|name| name.ends_with(b"-V"));
    let holds = |words: &[u8]| name.as_ref().is_some_and(|name| name.windows(words.len()).any(|w| w == words));
    if holds(b"Uni") && (holds(b"-UCS2-") || holds(b"-UTF16-")) {
        return (Coding::Unicode(None), is_vertical, None);
    }
    let map = match &name {
        Some(name) if name.starts_with(b"Identity") => None,
        Some(name) => embedded_map(CMapName::from_bytes(name)),
        None => dict.get::<Stream>("Encoding").and_then(|stream| CMap::parse(&decoded(&stream)?, load_embedded)),
    };
    let Some(map) = map else { return (Coding::Identity, is_vertical, None) };
    let is_vertical = is_vertical || map.metadata().writing_mode == Some(WritingMode::Vertical);
    let family = map.metadata().character_collection.as_ref().map(|collection| collection.family.clone());
    (Coding::Mapped(Box::new(map)), is_vertical, family)
}

fn embedded_map(name: CMapName) -> Option<CMap> {
    CMap::parse(load_embedded(name)?, load_embedded)
}

fn system_info(descendant: &Dict) -> Option<CidFamily> {
    let info = descendant.get::<Dict>("CIDSystemInfo")?;
    Some(CidFamily::from_registry_ordering(info.get::<Bytes>("Registry")?.as_bytes(), info.get::<Bytes>("Ordering")?.as_bytes()))
}

fn to_unicode(dict: &Dict) -> Option<CMap> {
    let bytes = decoded(&dict.get::<Stream>("ToUnicode")?)?;
    CMap::parse(&bytes, load_embedded)
}

/// What a map says of `code`, unless it only says that it does not know.
fn map_text(map: &CMap, code: u32) -> Option<String> {
    let text = match map.lookup_bf_string(code)? {
        BfString::Char(c) => c.to_string(),
        BfString::String(text) => text,
    };
    (!text.contains(['\0', '\u{FFFD}', '\u{FFFF}'])).then_some(text)
}

/// Ligatures as the letters that they join.
fn unfold(text: &str) -> String {
    let letters = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"];
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match (c as u32).checked_sub(0xFB00).and_then(|i| letters.get(i as usize)) {
            Some(letters) => out.push_str(letters),
            None => out.push(c),
        }
    }
    out
}

/// `c [w w …]` and `first last w`. A range wider than the collections are is no range.
fn cid_widths(array: &Array) -> HashMap<u32, f32> {
    const CIDS: u32 = 0x1_0000;
    let (mut widths, mut pending) = (HashMap::new(), Vec::new());
    for entry in array.iter::<Object>() {
        match (entry, pending.as_slice()) {
            (Object::Array(list), [first]) => {
                widths.extend((*first as u32..CIDS).zip(list.iter::<f32>()));
                pending.clear();
            }
            (Object::Number(width), [first, last]) => {
                widths.extend((*first as u32..=(*last as u32).min(CIDS)).map(|cid| (cid, width.as_f32())));
                pending.clear();
            }
            (Object::Number(number), _) => pending.push(number.as_f32()),
            _ => pending.clear(),
        }
        if pending.len() > 2 || widths.len() > 4 * CIDS as usize {
            break;
        }
    }
    widths
}

/// Widths of the printable ASCII characters in Helvetica, for a standard font that brings none: they only tell where words end.
const LATIN_WIDTHS: &[u16] = &[
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278,
    278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722,
    667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556,
    556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
