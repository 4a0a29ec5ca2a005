//! `zhinan try`: what the tables see in a phrase, for whoever writes a row. Each phrase is a text of its own.

use clap::{Args, ValueEnum};
use serde_json::{Map, Value as Json, json};

use super::notation::{one_line, value};
use super::table::padded;
use super::{Exit, Host, TablesFrom};
use crate::error::Result;
use crate::extract::{Extracted, Mention, Value, extract, mentions};
use crate::normalise::{Normalised, normalise};
use crate::outline::{Titles, outline};
use crate::pipeline::Reader;
use crate::segment::segment;
use crate::store;
use crate::table::{Place, Slot};
use crate::value::{Decimal, Interval, json_number};

/// Show what the tables see in a phrase
///
/// One line per mention: the line of the phrase, the kind, the value, where it stands (code points from 0), its words, and the
/// row that found it; then, in the text format, the fact rule that reads it outside any section, if one does.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zhinan try \u{4E0D}\u{8D85}\u{8FC7}60\u{4E07}\u{5143}
  zhinan try --format json \u{4E0D}\u{8D85}\u{8FC7}60\u{4E07}\u{5143}
  zhinan try - < phrases.txt                      a phrase per line

In JSON each mention is an object on a line of its own: line (from 1), kind (money, percent,
quantity, duration, date, period, country), text, start, end, the value with the field names of
a definition, and rule. The start and end of a period are its dates; where it stands is
text_start and text_end.")]
pub struct Try {
    /// The phrase; `-` reads a phrase per line from standard input
    #[arg(required = true, value_name = "TEXT")]
    text: Vec<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    tables: TablesFrom,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Try {
    pub fn run(self, host: &mut Host) -> Result<Exit> {
        let reader = self.tables.reader()?;
        if self.text == [store::STDIN] {
            let phrases = store::read_text(store::STDIN.as_ref())?;
            for (index, phrase) in phrases.lines().enumerate() {
                host.print(&self.phrase(reader, index + 1, phrase))?;
            }
        } else {
            host.print(&self.phrase(reader, 1, &self.text.join(" ")))?;
        }
        Ok(Exit::Fine)
    }

    fn phrase(&self, reader: &Reader, line: usize, phrase: &str) -> String {
        let normalised = normalise(phrase, reader.tables);
        let segmented = segment(&normalised, reader.segmenter(), reader.tables);
        let mentions = mentions(&segmented, reader.tables, &reader.lexer);
        let outline = outline(&segmented, reader.tables);
        let titles = Titles::of(&outline, segmented.text(), reader.tables);
        let read = extract(&outline, &segmented, &mentions, None, None, &titles, reader.tables);
        if self.format == Format::Json {
            let seen = mentions.iter().filter(|mention| !inside_name(mention, &read));
            let objects = seen.flat_map(|mention| objects(line, mention, &normalised));
            return objects.map(|object| format!("{}\n", Json::Object(object))).collect();
        }
        mentions.iter().map(|mention| readable(line, mention, &normalised, &read)).collect()
    }
}

/// A place inside the name of an institution is no country.
fn inside_name(mention: &Mention, read: &Extracted) -> bool {
    mention.slot.is_place() && read.explained.iter().any(|explained| explained.span == mention.span)
}

/// A mention in JSON: one object, or one for each of several countries; none for kinds that have no value.
fn objects(line: usize, mention: &Mention, text: &Normalised) -> Vec<Map<String, Json>> {
    let Some(kind) = kind(mention.slot) else { return vec![] };
    let span = text.raw(mention.span);
    let object = |value: Vec<(&str, Json)>| {
        let place = [("line", json!(line)), ("kind", json!(kind)), ("text", json!(text.source(span)))];
        let ends = ends(mention.slot).into_iter().zip([json!(span.start), json!(span.end)]);
        let rule = [("rule", json!(mention.rule))];
        let fields = place.into_iter().chain(ends).chain(value).chain(flags(mention)).chain(rule);
        fields.map(|(key, value)| (key.to_string(), value)).collect()
    };
    values(mention, text).into_iter().map(object).collect()
}

fn kind(slot: Slot) -> Option<&'static str> {
    match slot {
        Slot::Province => Some(Slot::Country.name()),
        Slot::Money | Slot::Percent | Slot::Quantity | Slot::Duration | Slot::Date | Slot::Period | Slot::Country => Some(slot.name()),
        _ => None,
    }
}

/// The names of the offsets; those that a period needs for its dates are left to them.
fn ends(slot: Slot) -> [&'static str; 2] {
    if slot == Slot::Period { ["text_start", "text_end"] } else { ["start", "end"] }
}

/// The fields of the value, once for each thing that is mentioned.
fn values(mention: &Mention, text: &Normalised) -> Vec<Vec<(&'static str, Json)>> {
    match &mention.value {
        Value::Amount { interval, choices } => vec![amount(mention, *interval, choices)],
        Value::Date(date) => vec![vec![("at", json!(date.to_string()))]],
        Value::Period(start, end) => vec![vec![("start", json!(start.to_string())), ("end", json!(end.to_string()))]],
        Value::Place(place) => places(place, text.source(text.raw(mention.core))),
        Value::Words => vec![],
    }
}

fn amount(mention: &Mention, interval: Interval, choices: &[Decimal]) -> Vec<(&'static str, Json)> {
    let ends = |interval: Interval| [interval.min, interval.max].map(|end| end.map_or(Json::Null, json_number));
    let [min, max] = ends(interval);
    let bounds = vec![("min", min), ("max", max)];
    match mention.slot {
        Slot::Money => [bounds, vec![("currency", json!(mention.unit))]].concat(),
        Slot::Duration => {
            let months = mention.months.unwrap_or(Decimal::ONE);
            let [min, max] = ends(interval.times(months).unwrap_or_default());
            let choices: Vec<Json> = choices.iter().filter_map(|c| c.checked_mul(months)).map(json_number).collect();
            let choices = (!choices.is_empty()).then(|| ("choices", json!(choices)));
            [("min_months", min), ("max_months", max)].into_iter().chain(choices).collect()
        }
        Slot::Quantity => [bounds, vec![("unit", json!(mention.unit))]].concat(),
        _ => bounds,
    }
}

fn places(place: &Place, words: &str) -> Vec<Vec<(&'static str, Json)>> {
    let one = place.codes.len() == 1;
    let name = |usual: &str| json!(if one { words } else { usual });
    let codes = place.codes.iter().map(|(code, usual)| vec![("code", json!(code)), ("name", name(usual))]);
    let group = place.group.iter().map(|group| vec![("group", json!(group)), ("name", json!(words))]);
    codes.chain(group).collect()
}

fn flags(mention: &Mention) -> Vec<(&'static str, Json)> {
    let held = [
        (mention.approximate, "approximate", json!(true)),
        (mention.value.interval().exclusive, "exclusive", json!(true)),
        (mention.in_principle, "force", json!("in_principle")),
    ];
    held.into_iter().filter(|(held, ..)| *held).map(|(_, key, value)| (key, value)).collect()
}

/// A mention for people, and under it the fact that would come of it.
fn readable(line: usize, mention: &Mention, text: &Normalised, read: &Extracted) -> String {
    let span = text.raw(mention.span);
    let percent = (mention.slot == Slot::Percent).then(|| ("unit", json!(mention.unit)));
    let shared = || percent.clone().into_iter().chain(flags(mention));
    let said: Vec<String> = values(mention, text).into_iter().map(|value| said(value.into_iter().chain(shared()))).collect();
    let (kind, said) = (kind(mention.slot).unwrap_or(mention.slot.name()), padded(&said.join(", "), 28));
    let (at, words) = (format!("{}..{}", span.start, span.end), one_line(text.source(span)));
    format!("{line:>4}  {kind:<9} {said} {at:<8} {words}  ({})\n{}", mention.rule, reading(mention, read))
}

fn said<'f>(fields: impl Iterator<Item = (&'f str, Json)>) -> String {
    value(&fields.map(|(key, value)| (key.to_string(), value)).collect())
}

fn reading(mention: &Mention, read: &Extracted) -> String {
    if let Some(fact) = read.facts.iter().find(|fact| fact.core == mention.core) {
        let what = [Some(fact.metric), fact.role].into_iter().flatten().filter(|w| !w.is_empty());
        let what: String = what.map(|word| format!(" {word}")).collect();
        return format!("{:6}-> {}{what}, rule {}\n", "", fact.kind.name(), fact.rule.id);
    }
    let explained = read.explained.iter().find(|explained| explained.span == mention.span);
    explained.map_or_else(String::new, |explained| format!("{:6}-> no fact: {}\n", "", explained.reason))
}
