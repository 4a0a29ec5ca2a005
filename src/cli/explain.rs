//! `zhinan explain`: where each fact of a document comes from, and why it stands where it stands.

use std::path::PathBuf;

use clap::Args;
use serde_json::Value;

use super::notation::{one_line, subject, value};
use super::{Exit, Host, ReadWith};
use crate::error::{Error, Result};
use crate::ingest;
use crate::pipeline::Reading;
use crate::programme::{Evidence, Fact, Programme, Topic};
use crate::span::Span;

/// Explain each fact of a document: its words, its line, the rule that read it, why it stands there
///
/// Facts are grouped by programme. Below each stand the rule and the reason why the fact belongs to that programme. After them
/// come the numbers that no fact claims, by reason.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zhinan explain call.txt
  zhinan explain call.txt --programme /                what is said of the call as a whole
  zhinan explain call.txt | grep -A1 'line 48 '        what was read from one line")]
pub struct Explain {
    /// A document: text, PDF, Word, a web page; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Only the programme with this id or title, as `ingest` gives them
    #[arg(long, value_name = "ID")]
    programme: Option<String>,
    #[command(flatten)]
    reading: ReadWith,
}

impl Explain {
    pub fn run(self, host: &mut Host) -> Result<Exit> {
        let reader = self.reading.reader()?;
        let reading = ingest::read(reader, &self.file)?;
        let page = Page::new(&reading);
        let programmes = self.chosen(&reading)?;
        for programme in programmes {
            host.print(&page.programme(programme))?;
        }
        if self.programme.is_none() {
            host.print(&page.unclaimed())?;
        }
        Ok(Exit::Fine)
    }

    fn chosen<'r>(&self, reading: &'r Reading) -> Result<Vec<&'r Programme>> {
        let all = &reading.definition.programmes;
        let asked = |p: &&Programme| self.programme.as_ref().is_none_or(|asked| p.id == *asked || p.title == *asked);
        let chosen: Vec<&Programme> = all.iter().filter(asked).collect();
        if let Some(asked) = self.programme.as_ref().filter(|_| chosen.is_empty()) {
            let ids: Vec<&str> = all.iter().map(|p| p.id.as_str()).collect();
            return Err(Error::Usage(format!("no programme is called {asked}; there are\n  {}", ids.join("\n  "))));
        }
        Ok(chosen)
    }
}

/// A reading with the places of its lines.
struct Page<'r> {
    reading: &'r Reading,
    /// Offsets of the line ends of the source.
    line_ends: Vec<usize>,
}

impl<'r> Page<'r> {
    fn new(reading: &'r Reading) -> Self {
        let text = reading.normalised.source(Span::new(0, reading.normalised.raw_len()));
        let line_ends = text.chars().enumerate().filter(|(_, c)| *c == '\n').map(|(at, _)| at).collect();
        Page { reading, line_ends }
    }

    /// The line, from 1, of a code point of the source.
    fn line(&self, at: usize) -> usize {
        self.line_ends.partition_point(|end| *end < at) + 1
    }

    fn programme(&self, programme: &Programme) -> String {
        let title = if programme.title.is_empty() { "(no title)" } else { &programme.title };
        let mut out = format!("{}\n", programme.id);
        if programme.evidence.text.is_empty() {
            out += &format!("  {title}\n");
        } else {
            out += &format!("  line {} title: {title}\n", self.line(programme.evidence.start));
        }
        for (kind, facts) in programme.facts() {
            facts.iter().for_each(|fact| out += &self.fact(kind, fact));
        }
        for agreement in &programme.agreements {
            out += &self.entry("agreement", &agreement.title, &agreement.evidence);
            out += &self.reason(&agreement.evidence, None);
        }
        programme.topics.iter().for_each(|topic| out += &self.topic(topic, ""));
        out + "\n"
    }

    fn fact(&self, kind: &str, fact: &Fact) -> String {
        let fields = fact.fields.clone().into_map();
        let subject = subject(&fields);
        let gap = if subject.is_empty() { "" } else { " " };
        let mut out = self.entry(kind, &format!("{subject}{gap}{}", value(&fields)), &fact.evidence);
        for key in ["of", "when"] {
            for part in fields.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object) {
                out += &format!("      {key} {} {}\n", super::notation::subject(part), value(part));
            }
        }
        out + &self.reason(&fact.evidence, Some(&fact.rule))
    }

    fn entry(&self, kind: &str, what: &str, evidence: &Evidence) -> String {
        format!("  line {} {kind}: {what}  “{}”\n", self.line(evidence.start), one_line(&evidence.text))
    }

    /// The rule and the reason, from the linked fact behind the one that the definition shows.
    fn reason(&self, evidence: &Evidence, rule: Option<&str>) -> String {
        let span = Span::new(evidence.start, evidence.end);
        let behind = self
            .reading
            .facts
            .iter()
            .find(|fact| self.reading.normalised.raw(fact.span) == span && rule.is_none_or(|rule| rule == fact.rule.id));
        let rule = rule.or(behind.map(|fact| fact.rule.id.as_str())).unwrap_or("-");
        let why = behind.map(|fact| format!("; {}", fact.why)).unwrap_or_default();
        let rival = behind.and_then(|fact| fact.rival.as_ref());
        let rival = rival.map(|rival| format!("; also read by {rival}")).unwrap_or_default();
        format!("      rule {rule}{why}{rival}\n")
    }

    fn topic(&self, topic: &Topic, indent: &str) -> String {
        let deeper = format!("{indent}  ");
        let below: String = topic.topics.iter().map(|topic| self.topic(topic, &deeper)).collect();
        format!("  {indent}line {} topic: {}\n{below}", self.line(topic.evidence.start), topic.title)
    }

    /// The numbers that nothing claims, those without a reason first and with the words around them.
    fn unclaimed(&self) -> String {
        let unclaimed = &self.reading.definition.unclaimed;
        let mut reasons: Vec<&str> = unclaimed.iter().map(|number| &*number.reason).collect();
        reasons.sort_by_key(|reason| (*reason != "unknown", *reason));
        reasons.dedup();
        let mut out = String::from("numbers that no fact claims\n");
        for reason in reasons {
            let of_reason: Vec<_> = unclaimed.iter().filter(|number| number.reason == reason).collect();
            out += &format!("  {reason} ({})\n", of_reason.len());
            for number in of_reason {
                let around = self.around(number.start, number.end);
                out += &format!("    line {} “{}” in {around}\n", self.line(number.start), one_line(&number.text));
            }
        }
        if unclaimed.is_empty() { String::new() } else { out }
    }

    /// The words beside a number, in its own line.
    fn around(&self, start: usize, end: usize) -> String {
        const BESIDE: usize = 10;
        let line = self.line(start);
        let line_start = if line > 1 { self.line_ends[line - 2] + 1 } else { 0 };
        let line_end = self.line_ends.get(self.line(end) - 1).copied().unwrap_or(usize::MAX);
        let (from, to) = (start.saturating_sub(BESIDE).max(line_start), (end + BESIDE).min(line_end).max(end));
        one_line(self.reading.normalised.source(Span::new(from, to)))
    }
}
