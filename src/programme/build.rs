//! Linked facts -> the definition: programmes with their ids, facts with the fields of their kind, summaries, checks, ledger.

use std::borrow::Cow;
use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::checks;
use super::document::Document;
use super::ledger::Ledger;
use super::types::*;
use crate::extract::{Declared, Explained, Fact as Found, Mention, Topic as FoundTopic};
use crate::finding::{Finding, FindingKind};
use crate::normalise::Normalised;
use crate::outline::Outline;
use crate::sign::{CLOSE_TITLE, OPEN_TITLE};
use crate::source::Source;
use crate::span::{Normal, Span};
use crate::table::{FactKind, List, Tables};

/// What the stages before made of one document.
pub struct Parts<'a> {
    pub source: &'a Source,
    pub normalised: &'a Normalised,
    pub outline: &'a Outline,
    pub document: &'a Document,
    pub mentions: &'a [Mention],
    pub explained: &'a [Explained],
    pub declared: &'a [Declared],
    pub topics: &'a [FoundTopic],
    pub facts: &'a [Found],
    pub tables: &'static Tables,
}

/// Puts the definition together, without its digest. `findings` are those of the stages before.
pub fn build(parts: &Parts, mut findings: Vec<Finding>) -> Definition {
    let mut programmes = parts.programmes();
    checks::summarise(&mut programmes);
    let (checks, checked) = checks::checks(parts, &programmes);
    let failed = checks.iter().filter(|c| !c.ok && c.kind != "completeness");
    findings.extend(failed.map(|c| Finding {
        programme: Some(c.programme.clone()),
        ..Finding::new(FindingKind::Check, format!("{}: {}", c.kind, c.detail))
    }));
    findings.extend(parts.rivals(&programmes));
    let ledger = Ledger {
        normalised: parts.normalised,
        outline: parts.outline,
        mentions: parts.mentions,
        explained: parts.explained,
        tables: parts.tables,
    };
    let unclaimed = ledger.unclaimed(parts.claimed(checked));
    let unknown = unclaimed.iter().filter(|u| u.reason == "unknown");
    findings.extend(unknown.map(|u| Finding::new(FindingKind::Unknown, "a number that no row explains").at(Span::new(u.start, u.end))));
    Definition {
        schema_version: SCHEMA_VERSION.into(),
        generator: Generator {
            name: env!("CARGO_PKG_NAME").into(),
            version: env!("CARGO_PKG_VERSION").into(),
            patterns: parts.tables.digest.clone(),
        },
        digest: String::new(),
        source: parts.source_info(),
        title: parts.document.title.map(|span| parts.compact(span)),
        issuers: parts.issuers(),
        document_number: parts.document.number.map(|span| parts.compact(span)),
        year: parts.document.year.map(|(year, _)| year),
        published_on: parts.document.published.map(|(date, _)| date.to_string()),
        evidence: parts.document_evidence(),
        programmes,
        checks,
        unclaimed,
        findings: findings.iter().map(|f| parts.remark(f)).collect(),
    }
}

/// The ids that are given, each with the number that a sibling of the same title would take.
#[derive(Default)]
struct Taken(BTreeMap<String, usize>);

impl Taken {
    fn id(&mut self, parent: Option<&str>, title: &str) -> String {
        let Some(parent) = parent else {
            self.0.insert("/".into(), 2);
            return "/".into();
        };
        let is_plain = !title.contains(['~', '/']);
        let step = if is_plain { Cow::from(title) } else { title.replace('~', "~0").replace('/', "~1").into() };
        let base = [parent.trim_end_matches('/'), "/", &step].concat();
        let Some(from) = self.0.get(&base).copied() else {
            self.0.insert(base.clone(), 2);
            return base;
        };
        let numbered = |n: usize| (n, format!("{base} ({n})"));
        let free = (from..).map(numbered).find(|(_, id)| !self.0.contains_key(id));
        let (next, id) = free.map_or((from, base.clone()), |(n, id)| (n + 1, id));
        self.0.insert(base, next);
        self.0.entry(id.clone()).or_insert(2);
        id
    }
}

/// Without the white space that a reader would not write.
fn without_layout(words: String) -> String {
    if !words.contains(char::is_whitespace) {
        return words;
    }
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_graphic());
    let chars: Vec<char> = words.trim().chars().collect();
    let keep = |i: usize| !chars[i].is_whitespace() || latin(chars.get(i.wrapping_sub(1)).copied()) && latin(chars.get(i + 1).copied());
    (0..chars.len()).filter(|i| keep(*i)).map(|i| chars[i]).collect()
}

impl Parts<'_> {
    pub fn text(&self) -> &str {
        self.normalised.text()
    }

    pub fn evidence(&self, span: Span<Normal>) -> Evidence {
        let raw = self.normalised.raw(span);
        Evidence { start: raw.start, end: raw.end, text: self.normalised.source(raw).into(), page: self.source.page(raw.start) }
    }

    /// The words of `span` as the source writes them, white space dropped where a reader would not write it.
    pub fn compact(&self, span: Span<Normal>) -> String {
        without_layout(self.normalised.words(span))
    }

    fn source_info(&self) -> SourceInfo {
        SourceInfo {
            file: self.source.file.clone(),
            media_type: self.source.media_type.into(),
            encoding: self.source.encoding.map(Into::into),
            sha256: self.source.sha256.clone(),
            chars: self.normalised.raw_len(),
            text_sha256: self.source.layout_text().map(|text| crate::table_hex(&Sha256::digest(text))),
        }
    }

    fn issuers(&self) -> Vec<Issuer> {
        let issuer = |span: &Span<Normal>| {
            let name = self.compact(*span);
            let region = self.tables.lexicon.region(&name).map(str::to_string);
            let national =
                || self.tables.lexicon.list(List::National).iter().any(|w| name.starts_with(w.as_str())).then(|| "CN".to_string());
            Issuer { region: region.or_else(national), name }
        };
        self.document.issuers.iter().map(issuer).collect()
    }

    /// The province of the offices, else the one that the title names.
    fn home(&self) -> Option<String> {
        let in_title = || self.tables.lexicon.region(self.document.title?.of(self.text())).map(str::to_string);
        self.issuers().into_iter().find_map(|issuer| issuer.region).or_else(in_title)
    }

    fn document_evidence(&self) -> DocumentEvidence {
        let evidence = |span: Span<Normal>| self.evidence(span);
        DocumentEvidence {
            title: self.document.title.map(evidence),
            document_number: self.document.number.map(evidence),
            year: self.document.year.map(|(_, span)| evidence(span)),
            published_on: self.document.published.map(|(_, span)| evidence(span)),
            issuers: self.document.issuers.iter().copied().map(evidence).collect(),
        }
    }

    /// Nodes of the programmes, the call first.
    pub fn programme_nodes(&self) -> Vec<usize> {
        std::iter::once(0).chain((1..self.outline.nodes.len()).filter(|n| self.outline.nodes[*n].programme)).collect()
    }

    fn programmes(&self) -> Vec<Programme> {
        let nodes = self.programme_nodes();
        let (mut taken, mut out) = (Taken::default(), Vec::with_capacity(nodes.len()));
        let made = |out: &[Programme], node: usize| nodes[..out.len()].binary_search(&node).ok();
        for node in &nodes {
            let parent = (*node != 0).then(|| self.outline.programme_of(self.outline.nodes[*node].parent));
            let parent = parent.and_then(|parent| made(&out, parent)).map(|parent| out[parent].id.clone());
            let title = self.title_of(*node);
            let id = taken.id(parent.as_deref(), &title);
            out.push(self.programme(*node, id, parent, title));
        }
        for topic in self.topics {
            if let Some(i) = made(&out, self.outline.programme_of(topic.node)) {
                out[i].topics.push(self.topic(topic));
            }
        }
        let home = self.home();
        for fact in self.facts {
            if let Some(i) = made(&out, fact.programme) {
                self.add(&mut out[i], fact, home.as_deref());
            }
        }
        out
    }

    fn title_of(&self, node: usize) -> String {
        let span = if node == 0 { self.document.title } else { self.outline.nodes[node].title };
        span.map(|span| self.compact(span)).unwrap_or_default()
    }

    fn programme(&self, node: usize, id: String, parent: Option<String>, title: String) -> Programme {
        let heading = if node == 0 { self.document.title } else { self.outline.nodes[node].heading() };
        let evidence = heading.map_or(Evidence { start: 0, end: 0, text: String::new(), page: None }, |span| self.evidence(span));
        Programme {
            id,
            parent,
            title,
            evidence,
            number: self.outline.nodes[node].marker.as_ref().map(|m| self.compact(m.number)).filter(|number| !number.is_empty()),
            topics: vec![],
            agreements: vec![],
            funding: vec![],
            projects: vec![],
            period: vec![],
            deadlines: vec![],
            countries: vec![],
            kpis: vec![],
            conditions: vec![],
            quotas: vec![],
            contacts: vec![],
            summary: Summary::default(),
        }
    }

    fn topic(&self, topic: &FoundTopic) -> Topic {
        let evidence = self.evidence(topic.span);
        // Mostly the source has no other characters than the text.
        let is_plain = evidence.text == topic.span.of(self.text());
        let words = if is_plain { evidence.text.clone() } else { self.normalised.words(topic.span) };
        Topic { title: without_layout(words), evidence, topics: topic.topics.iter().map(|t| self.topic(t)).collect() }
    }

    fn add(&self, programme: &mut Programme, fact: &Found, home: Option<&str>) {
        let list = match fact.kind {
            FactKind::Agreements => {
                let span = fact.label.unwrap_or(fact.span);
                let title = self.compact(span).trim_matches([OPEN_TITLE, CLOSE_TITLE]).to_string();
                programme.agreements.push(Agreement { title, evidence: self.evidence(fact.span) });
                return;
            }
            FactKind::Countries => {
                programme.countries.extend(self.countries(fact, home));
                return;
            }
            FactKind::Funding => &mut programme.funding,
            FactKind::Projects => &mut programme.projects,
            FactKind::Period => &mut programme.period,
            FactKind::Deadlines => &mut programme.deadlines,
            FactKind::Kpis => &mut programme.kpis,
            FactKind::Conditions => &mut programme.conditions,
            FactKind::Quotas => &mut programme.quotas,
            FactKind::Contacts => &mut programme.contacts,
        };
        list.push(self.fields(fact));
    }

    fn rivals(&self, programmes: &[Programme]) -> Vec<Finding> {
        let nodes = self.programme_nodes();
        let id = |node: usize| nodes.binary_search(&node).ok().map(|i| programmes[i].id.clone());
        let rival = |fact: &Found| {
            let other = fact.rival.as_ref()?;
            let message = format!("read by {} ({}); {other}", fact.rule.id, fact.role.unwrap_or(""));
            let finding = Finding { programme: id(fact.programme), ..Finding::new(FindingKind::Ambiguous, message) };
            Some(finding.at(self.normalised.raw(fact.span)))
        };
        self.facts.iter().filter_map(rival).collect()
    }

    /// Everything that claims the numbers in it.
    fn claimed(&self, checked: Vec<Span<Normal>>) -> Vec<Span<Normal>> {
        fn topic_spans(topics: &[FoundTopic], out: &mut Vec<Span<Normal>>) {
            for topic in topics {
                out.push(topic.span);
                topic_spans(&topic.topics, out);
            }
        }
        let mut out = checked;
        let headings =
            self.programme_nodes().into_iter().filter_map(|n| if n == 0 { self.document.title } else { self.outline.nodes[n].heading() });
        out.extend(headings);
        out.extend(self.facts.iter().map(|fact| fact.span));
        out.extend(self.document.issuers.iter().copied());
        out.extend(self.document.number);
        out.extend(self.document.year.map(|(_, span)| span));
        out.extend(self.document.published.map(|(_, span)| span));
        topic_spans(self.topics, &mut out);
        out
    }

    fn remark(&self, finding: &Finding) -> Remark {
        Remark {
            kind: finding.kind.name().into(),
            message: finding.message.clone(),
            programme: finding.programme.clone(),
            start: finding.span.map(|s| s.start),
            end: finding.span.map(|s| s.end),
            text: finding.span.map(|s| self.normalised.source(s).into()),
        }
    }
}
