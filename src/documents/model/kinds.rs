//! What a paper of each kind may show, and what is typed for it. Pure.
//!
//! A placeholder stands for one of these and for nothing else: a template that names another is refused before it is in
//! force. What the printer may not see is not there when the paper is made, whatever the template asks for.

use crate::base::words::DocumentKind;

/// Papers that speak of a sentence: a support record has none of them.
pub const OF_A_SENTENCE: [DocumentKind; 4] = [
    DocumentKind::InformationSheet,
    DocumentKind::SenderLetter,
    DocumentKind::ReceptionMinutes,
    DocumentKind::HelperDecision,
];

/// A part of the record, in the words of the trail. `""`: no sensitive part.
type Part = &'static str;

/// A placeholder and the part of the record that it opens.
pub type Placeholder = (&'static str, Part);

/// On every paper.
const FRAME: &[Placeholder] = &[
    ("number", ""),
    ("year", ""),
    ("day", ""),
    ("day_in_words", ""),
    ("commune", ""),
    ("province", ""),
    ("police", ""),
    ("council", ""),
    ("printer", ""),
];

const PERSON: &[Placeholder] = &[
    ("person.name", ""),
    ("person.aliases", ""),
    ("person.sex", ""),
    ("person.birth", ""),
    ("person.address", ""),
    ("person.hamlet", ""),
    ("person.phone", ""),
    ("person.code", ""),
    ("person.officer", ""),
];

const LEGAL: &[Placeholder] = &[
    ("legal.regime", "legal"),
    ("legal.source", "legal"),
    ("legal.certificate_no", "legal"),
    ("legal.certificate_on", "legal"),
    ("legal.released_on", "legal"),
    ("legal.noticed_on", "legal"),
    ("legal.present_by_on", "legal"),
    ("legal.received_on", "legal"),
    ("legal.pledged_on", "legal"),
    ("legal.checked_on", "legal"),
    ("legal.address_found", "legal"),
];

const IDENTITY: &[Placeholder] = &[("identity.number", "identity"), ("identity.kind", "identity")];

const VISIT: &[Placeholder] = &[("contact.wishes", ""), ("contact.visit_safely", ""), ("contact.last_on", "")];

const HELPER: &[Placeholder] = &[
    ("helper.organisation", ""),
    ("helper.names", ""),
    ("helper.purpose", ""),
    ("helper.from_on", ""),
    ("helper.to_on", ""),
];

/// A list: its name, what stands in each of its lines, and the part that it opens.
pub type List = (&'static str, &'static [&'static str], Part);

const SENTENCES: List = ("sentences", &["offence", "penalty", "court", "sentenced_on"], "sentence");
const RELATIVES: List = ("relatives", &["name", "relation"], "family");
const FACTS: List = ("facts", &["label", "value"], "");
/// The heads of a table, each a plain text.
const HEADS: List = ("heads", &[], "");
/// Its rows; `row.cells` is a list of plain texts.
const ROWS: List = ("rows", &["cells"], "");

/// What is typed for a paper, each a field of its form.
pub const fn typed(kind: DocumentKind) -> &'static [&'static str] {
    match kind {
        DocumentKind::SenderLetter => &["recipient", "reason"],
        DocumentKind::ReceptionMinutes => &["present", "content", "wishes"],
        DocumentKind::HelperDecision => &["helper", "tasks"],
        DocumentKind::InformationSheet => &["job", "circumstances"],
        DocumentKind::VisitSheet => &["content"],
        _ => &["title", "note"],
    }
}

/// Without these the paper says nothing.
pub const fn needed(kind: DocumentKind) -> &'static [&'static str] {
    match kind {
        DocumentKind::SenderLetter => &["recipient", "reason"],
        DocumentKind::HelperDecision => &["helper", "tasks"],
        _ => &[],
    }
}

/// The placeholders of a kind, without lists and without what is typed.
pub fn placeholders(kind: DocumentKind) -> Vec<Placeholder> {
    let more: &[&[Placeholder]] = match kind {
        DocumentKind::InformationSheet | DocumentKind::ReceptionMinutes => &[PERSON, LEGAL, IDENTITY],
        DocumentKind::SenderLetter => &[PERSON, LEGAL],
        // A helper reads it: nothing of the past is on it, whatever a template says.
        DocumentKind::HelperDecision => &[PERSON, HELPER],
        DocumentKind::VisitSheet => &[PERSON, VISIT],
        DocumentKind::AssessmentSheet => &[PERSON],
        _ => &[],
    };
    FRAME.iter().chain(more.iter().copied().flatten()).copied().collect()
}

/// The lists of a kind.
pub const fn lists(kind: DocumentKind) -> &'static [List] {
    match kind {
        DocumentKind::InformationSheet => &[SENTENCES, RELATIVES],
        DocumentKind::ReceptionMinutes => &[SENTENCES],
        DocumentKind::SenderLetter | DocumentKind::HelperDecision | DocumentKind::VisitSheet => &[],
        _ => &[FACTS, HEADS, ROWS],
    }
}

/// The sensitive parts that a paper of this kind may show.
pub fn parts(kind: DocumentKind) -> Vec<Part> {
    let mut parts: Vec<Part> = placeholders(kind).iter().map(|(_, part)| *part).collect();
    parts.extend(lists(kind).iter().map(|(_, _, part)| *part));
    parts.retain(|part| !part.is_empty());
    parts.sort_unstable();
    parts.dedup();
    parts
}

/// The text of version 1.
pub const fn built_in(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::InformationSheet => include_str!("../../../seeds/documents/information_sheet.html"),
        DocumentKind::SenderLetter => include_str!("../../../seeds/documents/sender_letter.html"),
        DocumentKind::ReceptionMinutes => include_str!("../../../seeds/documents/reception_minutes.html"),
        DocumentKind::HelperDecision => include_str!("../../../seeds/documents/helper_decision.html"),
        DocumentKind::LoanList => include_str!("../../../seeds/documents/loan_list.html"),
        DocumentKind::VisitSheet => include_str!("../../../seeds/documents/visit_sheet.html"),
        DocumentKind::HandoverSheet
        | DocumentKind::MonthlyReport
        | DocumentKind::PeriodicReport
        | DocumentKind::AssessmentSheet => include_str!("../../../seeds/documents/table.html"),
    }
}

/// The kinds that an officer makes from a case by a form.
pub const FROM_A_CASE: &[DocumentKind] = &[
    DocumentKind::InformationSheet,
    DocumentKind::SenderLetter,
    DocumentKind::ReceptionMinutes,
    DocumentKind::HelperDecision,
    DocumentKind::VisitSheet,
];
