//! Remarks on the text that a human eye should see. The run goes on; nothing is dropped for a finding.

use crate::span::{Raw, Span};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingKind {
    /// The text has none of the marks of a policy guideline, so no fact was read from it.
    NoGuideline,
    /// Control or replacement characters in the text.
    BrokenText,
    /// Pages that show something but hold no text.
    NoTextLayer,
    /// Pages whose text cannot be trusted: characters without a way to Unicode, or of scripts that do not belong there.
    Illegible,
    /// Part of the document was not read: a limit came first, or the file is damaged.
    NotRead,
    /// Two readings compete; the message names both.
    Ambiguous,
    /// A check on the result failed.
    Check,
    /// Numbers that nothing explains.
    Unknown,
}

impl FindingKind {
    pub fn name(self) -> &'static str {
        match self {
            FindingKind::NoGuideline => "no_guideline",
            FindingKind::BrokenText => "broken_text",
            FindingKind::NoTextLayer => "no_text_layer",
            FindingKind::Illegible => "illegible",
            FindingKind::NotRead => "not_read",
            FindingKind::Ambiguous => "ambiguous",
            FindingKind::Check => "check",
            FindingKind::Unknown => "unknown_number",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub kind: FindingKind,
    pub message: String,
    pub span: Option<Span<Raw>>,
    /// Id of the programme that it concerns.
    pub programme: Option<String>,
}

impl Finding {
    pub fn new(kind: FindingKind, message: impl Into<String>) -> Self {
        Finding { kind, message: message.into(), span: None, programme: None }
    }

    pub fn at(self, span: Span<Raw>) -> Self {
        Finding { span: Some(span), ..self }
    }
}
