//! Words made comparable. In: titles and phrases as documents write them. Out: their characters without space, punctuation and
//! case, and for titles without year, serial number and the frame of the genre, so that the calls of two years have one name.

use regex::Regex;
use unicode_normalization::{UnicodeNormalization, is_nfkc};

use crate::value::Numerals;

/// `text` without white space and punctuation, compatibility forms folded, in lower case.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    if is_nfkc(text) {
        text.chars().for_each(|c| keep(c, &mut out))
    } else {
        text.nfkc().for_each(|c| keep(c, &mut out))
    }
    out
}

fn keep(c: char, out: &mut String) {
    match c {
        // The most frequent characters first: they have no case.
        '\u{4E00}'..='\u{9FFF}' => out.push(c),
        '%' | '@' => out.push(c),
        c if c.is_ascii() => out.extend(c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase())),
        c if c.is_alphanumeric() => out.extend(c.to_lowercase()),
        _ => {}
    }
}

/// Whether two phrases are the same but for white space, punctuation and case.
pub fn same(a: &str, b: &str) -> bool {
    a == b || fold(a) == fold(b)
}

/// What a title is told apart without: lists of the lexicon, compiled.
#[derive(Debug)]
pub struct TitleWords {
    calendar: Regex,
    frame: Regex,
}

impl TitleWords {
    /// `list` gives the words of a list of the lexicon by its name.
    ///
    /// # Errors
    /// Where the words make no expression.
    pub fn new<'l>(numerals: &Numerals, list: impl Fn(&str) -> &'l [String]) -> Result<TitleWords, regex::Error> {
        let any = |name: &str| list(name).iter().map(|word| regex::escape(word)).collect::<Vec<_>>().join("|");
        let digits: String = numerals.digits.iter().map(|(c, _)| *c).collect();
        let numbers: String = numerals.powers.iter().map(|(c, _)| *c).chain(digits.chars()).collect();
        let (year, open, close) = (any("year_sign"), any("serial_open"), any("serial_close"));
        let arabic = format!(r"(?:19|20)[0-9]{{2}}(?:[-~—–](?:19|20)[0-9]{{2}})?(?:{year})?");
        let written = format!("[{digits}]{{4}}(?:{year})");
        let serial = format!(r"(?:{open})[0-9{numbers}]+(?:{close})");
        let calendar = format!("{arabic}|{written}|{serial}");
        Ok(TitleWords { calendar: Regex::new(&calendar)?, frame: Regex::new(&any("title_frame"))? })
    }

    /// A title without its year and serial number.
    pub fn timeless(&self, title: &str) -> String {
        fold(&self.calendar.replace_all(&folded_digits(title), ""))
    }

    /// What is left of a title that names what it is about; all of it where nothing would be left.
    pub fn name(&self, title: &str) -> String {
        let timeless = self.calendar.replace_all(&folded_digits(title), "").into_owned();
        let name = fold(&self.frame.replace_all(&timeless, ""));
        [name, fold(&timeless), fold(title)].into_iter().find(|name| !name.is_empty()).unwrap_or_default()
    }
}

/// Compatibility forms folded and white space dropped, so that years are found in any writing.
fn folded_digits(title: &str) -> String {
    title.nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// Pairs of neighbouring characters, sorted, each once; the character itself where there is only one.
pub fn bigrams(text: &str) -> Vec<[char; 2]> {
    let chars: Vec<char> = text.chars().collect();
    let mut pairs: Vec<[char; 2]> = match chars.as_slice() {
        [] => vec![],
        [one] => vec![[*one, ' ']],
        many => many.windows(2).map(|w| [w[0], w[1]]).collect(),
    };
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// How alike two folded phrases are, from 0 to 1: the share of their pairs of characters that both hold (Dice).
pub fn likeness(a: &str, b: &str) -> f64 {
    if a == b { 1.0 } else { pairs_alike(&bigrams(a), &bigrams(b)) }
}

/// The same for the pairs of characters of two phrases.
pub fn pairs_alike(a: &[[char; 2]], b: &[[char; 2]]) -> f64 {
    let shared = a.iter().filter(|pair| b.binary_search(pair).is_ok()).count();
    if a.is_empty() || b.is_empty() { 0.0 } else { 2.0 * shared as f64 / (a.len() + b.len()) as f64 }
}
