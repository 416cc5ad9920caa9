//! What programs are told of a case: each part only where the asker may see it.

use crate::base::sealed::{SealedDay as _, SealedText as _};
use crate::{
    areas::api::AreaName,
    base::{
        ids::CaseId,
        time::{At, Day},
        words::{AddressFound, CaseStatus, ClosureGround, Group, IdentityKind, Precision, Regime, Sex},
    },
    cases::model::{CaseRow, CaseView, Line},
    families::{api::Relative, model::RelativeRow},
    follow_ups::{
        api::{FollowUp, Reader, StaffName},
        model::Line as FollowUpLine,
    },
    livelihood::{api::Help, model::HelpRow},
    referrals::{api::AgreedReferral, model::ReferralRow},
};

/// A line of the list of cases: the office's, or a helper's.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum CaseLine {
    Office(OfficeCaseLine),
    Helper(HelperCaseLine),
}

/// A person as a helper's list names her.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct HelperCaseLine {
    id: CaseId,
    code: String,
    name: String,
    #[schema(required)]
    hamlet: Option<String>,
    #[schema(required)]
    phone: Option<String>,
}

/// A case as the office's list shows it.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct OfficeCaseLine {
    #[serde(flatten)]
    person: HelperCaseLine,
    aliases: String,
    area: AreaName,
    #[schema(required)]
    birth_on: Option<Day>,
    #[schema(required)]
    birth_precision: Option<Precision>,
    #[schema(required)]
    status: Option<CaseStatus>,
    #[schema(required)]
    opened_on: Option<Day>,
    /// In charge; `null`: nobody.
    #[schema(required)]
    officer: Option<StaffName>,
    #[schema(required)]
    last_contact_on: Option<Day>,
    /// The soonest open task.
    #[schema(required)]
    next_due_on: Option<Day>,
}

impl CaseLine {
    pub fn of(line: Line, helper: bool) -> CaseLine {
        let person = HelperCaseLine {
            id: line.id,
            code: line.code,
            name: line.name,
            hamlet: line.hamlet,
            phone: line.phone.told(),
        };
        if helper {
            return CaseLine::Helper(person);
        }
        CaseLine::Office(OfficeCaseLine {
            person,
            aliases: line.aliases,
            area: AreaName { code: line.area_code, name: line.area },
            birth_on: line.birth_on.day(),
            birth_precision: line.birth_precision,
            status: line.status,
            opened_on: line.opened_on,
            officer: StaffName::of(line.officer_id, line.officer),
            last_contact_on: line.last_contact_on,
            next_due_on: line.next_due_on,
        })
    }
}

/// How to reach a person, and how she wishes to be reached.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Contact {
    #[schema(required)]
    phone: Option<String>,
    /// Whose telephone it is.
    phone_of: String,
    address: String,
    contact_wishes: String,
    visit_safely: String,
}

/// One case: the office's view, or a helper's.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[serde(untagged)]
#[expect(clippy::large_enum_variant, reason = "made once, for one answer")]
pub enum Case {
    Office(OfficeCase),
    Helper(HelperCase),
}

/// What a helper gets: the person, and what was agreed with her organisation.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct HelperCase {
    id: CaseId,
    code: String,
    name: String,
    #[schema(required)]
    hamlet: Option<String>,
    contact: Contact,
    needs: Vec<AgreedReferral>,
    tasks: Vec<FollowUp>,
}

/// What the office gets; a part is there only where the policy lets the asker see it.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct OfficeCase {
    id: CaseId,
    code: String,
    name: String,
    aliases: String,
    #[schema(required)]
    sex: Option<Sex>,
    #[schema(required)]
    birth_on: Option<Day>,
    #[schema(required)]
    birth_precision: Option<Precision>,
    area: AreaName,
    #[schema(required)]
    hamlet: Option<String>,
    #[schema(required)]
    status: Option<CaseStatus>,
    #[schema(required)]
    opened_on: Option<Day>,
    /// In charge; `null`: nobody.
    #[schema(required)]
    officer: Option<StaffName>,
    contact: Contact,
    plan: CasePlan,
    livelihood: Vec<Help>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<Identity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    legal: Option<Legal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sentence: Option<Vec<Sentence>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    health: Option<Health>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family: Option<Vec<Relative>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    classification: Option<Vec<Classification>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin>,
    #[serde(skip_serializing_if = "Option::is_none")]
    protected_note: Option<Vec<ProtectedNote>>,
    version: i64,
}

/// What is due, and how contact stands.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct CasePlan {
    #[schema(required)]
    last_contact_on: Option<Day>,
    never_met: bool,
    /// Visits in a row that did not meet the person.
    tries: i64,
    to_supervisor: bool,
    tasks: Vec<FollowUp>,
}

/// The ID number, masked unless it was asked for.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Identity {
    #[schema(required)]
    number: Option<String>,
    /// `null`: nobody has asked.
    #[schema(required)]
    kind: Option<IdentityKind>,
    /// What of the number does not fit sex and birth: `sex_mismatch`, `year_mismatch`, `unknown_province`.
    warnings: Vec<&'static str>,
}

/// The legal part.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Legal {
    #[schema(required)]
    regime: Option<Regime>,
    juvenile: bool,
    source: String,
    certificate_no: String,
    #[schema(required)]
    certificate_on: Option<Day>,
    #[schema(required)]
    released_on: Option<Day>,
    #[schema(required)]
    noticed_on: Option<Day>,
    #[schema(required)]
    address_checked_on: Option<Day>,
    #[schema(required)]
    present_by_on: Option<Day>,
    /// What the family said of the address.
    #[schema(required)]
    address_found: Option<AddressFound>,
    /// When whoever sent the notice was told that the address is wrong.
    #[schema(required)]
    informed_on: Option<Day>,
    #[schema(required)]
    received_on: Option<Day>,
    #[schema(required)]
    pledged_on: Option<Day>,
    #[schema(required)]
    sheet_on: Option<Day>,
    #[schema(required)]
    moved_in_on: Option<Day>,
    #[schema(required)]
    moved_from: Option<String>,
    /// The regime under which the case began, if it went on as another.
    #[schema(required)]
    continued_from: Option<Regime>,
    #[schema(required)]
    continued_on: Option<Day>,
    #[schema(required)]
    reopened_on: Option<Day>,
    #[schema(required)]
    suspended_review_on: Option<Day>,
    #[schema(required)]
    closed_on: Option<Day>,
    #[schema(required)]
    closure_ground: Option<ClosureGround>,
    #[schema(required)]
    moved_to: Option<String>,
    /// The steps that the case can take now.
    steps: Vec<&'static str>,
}

/// A sentence.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Sentence {
    offence: String,
    penalty: String,
    #[schema(required)]
    sentenced_on: Option<Day>,
    court: String,
}

/// What the office knows of the person's health.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Health {
    #[schema(required)]
    note: Option<String>,
}

/// A group in which the person was put; the newest is in force.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Classification {
    group: Group,
    since_on: Day,
    reason: String,
    /// The helper's report behind it.
    #[schema(required)]
    report: Option<String>,
    #[schema(required)]
    report_on: Option<Day>,
    #[schema(required)]
    organisation: Option<String>,
    by: String,
}

/// Ethnicity and religion, as the person gave them.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Origin {
    #[schema(required)]
    ethnicity: Option<String>,
    #[schema(required)]
    religion: Option<String>,
}

/// What a third person said.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct ProtectedNote {
    reason: String,
    note: String,
    review_on: Day,
    by: String,
    made_at: At,
}

/// What other features know of a case.
pub struct Beside {
    pub tasks: Vec<FollowUpLine>,
    pub helps: Vec<HelpRow>,
    /// Where the asker may see it.
    pub family: Option<Vec<RelativeRow>>,
}

fn contact(row: &CaseRow) -> Contact {
    Contact {
        phone: row.phone.told(),
        phone_of: row.phone_of.told(),
        address: row.address.told(),
        contact_wishes: row.wishes.told(),
        visit_safely: row.visit_safely.told(),
    }
}

fn legal(row: &CaseRow) -> Legal {
    Legal {
        regime: row.regime,
        juvenile: row.is_juvenile(),
        source: row.source.told().unwrap_or_default(),
        certificate_no: row.certificate_no.told().unwrap_or_default(),
        certificate_on: row.certificate_on.day(),
        released_on: row.released_on.day(),
        noticed_on: row.noticed_on.day(),
        address_checked_on: row.address_checked_on.day(),
        present_by_on: row.present_by_on.day(),
        address_found: row.address_found(),
        informed_on: row.informed_on.day(),
        pledged_on: row.pledged_on.day(),
        sheet_on: row.sheet_on.day(),
        moved_in_on: row.moved_in_on.day(),
        moved_from: row.moved_from.told(),
        continued_from: row.continued_from,
        continued_on: row.continued_on.day(),
        reopened_on: row.reopened_on.day(),
        received_on: row.received_on.day(),
        suspended_review_on: row.suspended_review_on.day(),
        closed_on: row.closed_on.day(),
        closure_ground: row.closure_ground(),
        moved_to: row.moved_to.told(),
        steps: row.standing().map(|at| at.steps()).unwrap_or_default(),
    }
}

impl Case {
    /// Nothing here comes from a part that a helper may not see, nor from the office's own columns.
    pub fn for_helper(row: CaseRow, needs: Vec<ReferralRow>, tasks: Vec<FollowUpLine>, reader: &Reader<'_>) -> Case {
        Case::Helper(HelperCase {
            contact: contact(&row),
            id: row.id,
            code: row.code,
            name: row.name,
            hamlet: row.hamlet,
            needs: needs.into_iter().map(AgreedReferral::from).collect(),
            tasks: tasks.into_iter().map(|task| reader.read(task)).collect(),
        })
    }

    /// `number`: masked, or whole where that was asked for.
    pub fn for_office(view: CaseView, number: Option<String>, beside: Beside, reader: &Reader<'_>) -> Case {
        let CaseView {
            row,
            identity,
            legal: sees_legal,
            health,
            origin,
            sentences,
            classifications,
            protected_notes,
            ..
        } = view;
        let sentence = |one: crate::cases::model::SentenceRow| Sentence {
            offence: one.offence.told(),
            penalty: one.penalty.told(),
            sentenced_on: one.sentenced_on.day(),
            court: one.court.told(),
        };
        let classification = |one: crate::cases::model::ClassificationRow| Classification {
            group: one.grp,
            since_on: one.since_on,
            reason: one.reason.told(),
            report: one.report.told(),
            report_on: one.report_on,
            organisation: one.organisation,
            by: one.by,
        };
        let note = |one: crate::cases::model::ProtectedNoteRow| ProtectedNote {
            reason: one.reason.told(),
            note: one.note.told(),
            review_on: one.review_on,
            by: one.by,
            made_at: one.made_at,
        };
        Case::Office(OfficeCase {
            contact: contact(&row),
            plan: CasePlan {
                last_contact_on: row.last_contact_on,
                never_met: row.never_met,
                tries: row.tries,
                to_supervisor: row.to_supervisor,
                tasks: beside.tasks.into_iter().map(|task| reader.read(task)).collect(),
            },
            livelihood: beside.helps.into_iter().map(|row| Help::of(row, false)).collect(),
            family: beside.family.map(|all| all.into_iter().map(Relative::from).collect()),
            identity: identity.then(|| Identity { number, kind: row.id_kind, warnings: row.id_warnings() }),
            legal: sees_legal.then(|| legal(&row)),
            sentence: sentences.map(|all| all.into_iter().map(sentence).collect()),
            health: health.then(|| Health { note: row.health.said().map(str::to_owned) }),
            classification: classifications.map(|all| all.into_iter().map(classification).collect()),
            origin: origin.then(|| Origin {
                ethnicity: row.ethnicity.said().map(str::to_owned),
                religion: row.religion.said().map(str::to_owned),
            }),
            protected_note: protected_notes.map(|all| all.into_iter().map(note).collect()),
            id: row.id,
            code: row.code,
            name: row.name,
            aliases: row.aliases,
            sex: row.sex,
            birth_on: row.birth_on.day(),
            birth_precision: row.birth_precision,
            area: AreaName { code: row.area_code, name: row.area },
            hamlet: row.hamlet,
            status: row.status,
            opened_on: row.opened_on,
            officer: StaffName::of(row.officer_id, row.officer),
            version: row.version,
        })
    }
}
