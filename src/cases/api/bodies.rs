//! What programs send about a case.

use crate::base::sealed::SealedText as _;
use crate::{
    base::ids::OrganisationId,
    base::words::{AddressFound, ClosureGround, Group, IdentityKind, Precision, Regime, Sex},
    cases::model::{
        CaseRow, ClassificationDraft, ClosureDraft, ContinuationDraft, Correction, Draft, PapersDraft, StepDraft,
    },
    http::json::{DayText, day, text, yes},
};

/// A birth date as far as it is known, as a draft takes it.
fn birth(on: Option<DayText>, precision: Option<Precision>) -> String {
    let on = day(on);
    let known = match precision {
        Some(Precision::Year) => 4,
        Some(Precision::Month) => 7,
        _ => on.len(),
    };
    on.get(..known).unwrap_or(&on).to_owned()
}

/// A case to open.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseToOpen {
    name: Option<String>,
    aliases: Option<String>,
    #[schema(value_type = Sex)]
    sex: Option<String>,
    birth_on: Option<DayText>,
    /// How much of `birth_on` is known; `day` unless told.
    birth_precision: Option<Precision>,
    phone: Option<String>,
    phone_of: Option<String>,
    address: Option<String>,
    contact_wishes: Option<String>,
    visit_safely: Option<String>,
    /// Name of the ấp, khóm or khu phố.
    hamlet: Option<String>,
    #[schema(value_type = Regime)]
    regime: Option<String>,
    juvenile: Option<bool>,
    source: Option<String>,
    certificate_no: Option<String>,
    certificate_on: Option<DayText>,
    released_on: Option<DayText>,
    noticed_on: Option<DayText>,
    /// The term to present as written on the certificate; no default is invented.
    present_by_on: Option<DayText>,
    received_on: Option<DayText>,
    /// She moved here from another commune on that day.
    moved_in_on: Option<DayText>,
    moved_from: Option<String>,
    /// As the number says unless told; a passport must be told, and `none` for who has no paper.
    #[schema(value_type = IdentityKind)]
    id_kind: Option<String>,
    id_number: Option<String>,
    ethnicity: Option<String>,
    religion: Option<String>,
    health: Option<String>,
    offence: Option<String>,
    penalty: Option<String>,
    sentenced_on: Option<DayText>,
    court: Option<String>,
    /// Sign-in name of the officer in charge; the opener unless told.
    officer: Option<String>,
    /// Of somebody who looks like a person whose case I may open (422 `likely_double`): it is somebody else.
    not_a_double: Option<bool>,
}

impl CaseToOpen {
    pub fn draft(self) -> Draft {
        Draft {
            name: text(self.name),
            aliases: text(self.aliases),
            sex: text(self.sex),
            birth: birth(self.birth_on, self.birth_precision),
            phone: text(self.phone),
            phone_of: text(self.phone_of),
            address: text(self.address),
            wishes: text(self.contact_wishes),
            visit_safely: text(self.visit_safely),
            hamlet: text(self.hamlet),
            regime: text(self.regime),
            juvenile: yes(self.juvenile),
            source: text(self.source),
            certificate_no: text(self.certificate_no),
            certificate_on: day(self.certificate_on),
            released_on: day(self.released_on),
            noticed_on: day(self.noticed_on),
            present_by_on: day(self.present_by_on),
            received_on: day(self.received_on),
            moved_in_on: day(self.moved_in_on),
            moved_from: text(self.moved_from),
            id_kind: text(self.id_kind),
            id_number: text(self.id_number),
            ethnicity: text(self.ethnicity),
            religion: text(self.religion),
            health: text(self.health),
            offence: text(self.offence),
            penalty: text(self.penalty),
            sentenced_on: day(self.sentenced_on),
            court: text(self.court),
            officer: text(self.officer),
            not_a_double: yes(self.not_a_double),
        }
    }
}

/// What is to be put right. A field that is left out stays; an empty text takes it out.
#[derive(Clone, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseCorrection {
    name: Option<String>,
    aliases: Option<String>,
    #[schema(value_type = Sex)]
    sex: Option<String>,
    birth_on: Option<DayText>,
    birth_precision: Option<Precision>,
    phone: Option<String>,
    phone_of: Option<String>,
    address: Option<String>,
    contact_wishes: Option<String>,
    visit_safely: Option<String>,
    hamlet: Option<String>,
}

impl CaseCorrection {
    /// Over what stands there now.
    pub fn over(&self, row: &CaseRow) -> Correction {
        let over = |told: &Option<String>, now: &str| told.clone().unwrap_or_else(|| now.to_owned());
        let birth = match &self.birth_on {
            Some(on) => birth(Some(on.clone()), self.birth_precision),
            None => row.birth(),
        };
        Correction {
            name: over(&self.name, &row.name),
            aliases: over(&self.aliases, &row.aliases),
            sex: over(&self.sex, row.sex.map_or("", Sex::as_str)),
            birth,
            phone: over(&self.phone, row.phone.text().unwrap_or_default()),
            phone_of: over(&self.phone_of, row.phone_of.text()),
            address: over(&self.address, row.address.text()),
            wishes: over(&self.contact_wishes, row.wishes.text()),
            visit_safely: over(&self.visit_safely, row.visit_safely.text()),
            hamlet: over(&self.hamlet, row.hamlet.as_deref().unwrap_or_default()),
            version: String::new(),
        }
    }
}

/// A step that a case takes.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseStep {
    /// `address_checked`, `informed`, `term`, `received`, `pledged`, `sheet`, `suspended`, `resumed`.
    step: Option<String>,
    on: Option<DayText>,
    /// Of `address_checked`: what the family said; right unless told.
    #[schema(value_type = AddressFound)]
    found: Option<String>,
    /// Of `received`: the pledge was signed.
    pledge: Option<bool>,
    /// Of `received`: the information sheet was filled in.
    sheet: Option<bool>,
}

impl CaseStep {
    pub fn draft(self) -> StepDraft {
        StepDraft {
            step: text(self.step),
            on: day(self.on),
            found: text(self.found),
            pledge: yes(self.pledge),
            sheet: yes(self.sheet),
        }
    }
}

/// How a case ends.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseClosure {
    #[schema(value_type = ClosureGround)]
    ground: Option<String>,
    on: Option<DayText>,
    note: Option<String>,
    /// Of `moved`: where to.
    moved_to: Option<String>,
}

impl CaseClosure {
    pub fn draft(self) -> ClosureDraft {
        ClosureDraft {
            ground: text(self.ground),
            on: day(self.on),
            note: text(self.note),
            moved_to: text(self.moved_to),
        }
    }
}

/// Why a closed case is opened again.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseReopening {
    pub reason: Option<String>,
}

/// By which paper a case goes on under the regime that follows.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseContinuation {
    certificate_no: Option<String>,
    certificate_on: Option<DayText>,
}

impl CaseContinuation {
    pub fn draft(self) -> ContinuationDraft {
        ContinuationDraft { certificate_no: text(self.certificate_no), certificate_on: day(self.certificate_on) }
    }
}

/// A group to put a person in, with the helper's report behind it.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassificationToMake {
    #[schema(value_type = Group)]
    group: Option<String>,
    /// Today unless told.
    since_on: Option<DayText>,
    reason: Option<String>,
    report: Option<String>,
    report_on: Option<DayText>,
    /// One that was asked to help this person.
    organisation_id: Option<OrganisationId>,
}

impl ClassificationToMake {
    pub fn draft(self) -> ClassificationDraft {
        ClassificationDraft {
            group: text(self.group),
            since_on: day(self.since_on),
            reason: text(self.reason),
            report: text(self.report),
            report_on: day(self.report_on),
            organisation: self.organisation_id.map(|id| id.to_string()).unwrap_or_default(),
        }
    }
}

/// The legal part as the papers say it. What is left out stays; an empty text takes a line out.
#[derive(Clone, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PapersCorrection {
    #[schema(value_type = Regime)]
    regime: Option<String>,
    juvenile: Option<bool>,
    source: Option<String>,
    certificate_no: Option<String>,
    certificate_on: Option<DayText>,
    released_on: Option<DayText>,
    noticed_on: Option<DayText>,
    present_by_on: Option<DayText>,
    received_on: Option<DayText>,
    moved_in_on: Option<DayText>,
    moved_from: Option<String>,
}

impl PapersCorrection {
    /// Over what stands there now.
    pub fn over(self, now: PapersDraft) -> PapersDraft {
        let days = |told: Option<DayText>, now: String| told.map_or(now, DayText::draft);
        PapersDraft {
            regime: self.regime.unwrap_or(now.regime),
            juvenile: self.juvenile.map_or(now.juvenile, |juvenile| juvenile.to_string()),
            source: self.source.unwrap_or(now.source),
            certificate_no: self.certificate_no.unwrap_or(now.certificate_no),
            certificate_on: days(self.certificate_on, now.certificate_on),
            released_on: days(self.released_on, now.released_on),
            noticed_on: days(self.noticed_on, now.noticed_on),
            present_by_on: days(self.present_by_on, now.present_by_on),
            received_on: days(self.received_on, now.received_on),
            moved_in_on: days(self.moved_in_on, now.moved_in_on),
            moved_from: self.moved_from.unwrap_or(now.moved_from),
            version: String::new(),
        }
    }
}
