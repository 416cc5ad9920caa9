//! A case as its page shows it, with the parts that the asker may see. Pure.

use crate::{
    base::{
        fields::{
            AddressCheckedOn, BirthOn, CertificateNo, CertificateOn, ClassificationReason, ClosedOn, ClosureGroundWord,
            ContactAddress, ContactPhone, ContactPhoneOf, ContactVisitSafely, ContactWishes, Court, Ethnicity,
            HealthNote, IdentityNumber, Juvenile, LegalSource, NoticedOn, Offence, Penalty, PresentByOn,
            ProtectedNoteText, ProtectedReasonWord, ReceivedOn, ReleasedOn, Religion, SentencedOn, SuspendedReviewOn,
        },
        ids::{CaseId, ClassificationId, PersonId, ProtectedNoteId, SentenceId, UserId},
        sealed::{Sealed, SealedDay, SealedText},
        text::{self},
        time::{At, Day},
        words::{CaseStatus, ClosureGround, Group, Precision, Regime, Sex},
    },
    policy::AreaCode,
};

/// A case as its page shows it: the open fields, and each part that the asker may see.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CaseRow {
    pub id: CaseId,
    pub code: String,
    pub person_id: PersonId,
    pub name: String,
    pub aliases: String,
    pub area_code: AreaCode,
    pub area: String,
    pub hamlet: Option<String>,
    pub phone: Option<Sealed<ContactPhone>>,
    pub phone_of: Sealed<ContactPhoneOf>,
    pub address: Sealed<ContactAddress>,
    pub wishes: Sealed<ContactWishes>,
    pub visit_safely: Sealed<ContactVisitSafely>,
    pub version: i64,
    // The officer's own columns; absent for a helper.
    #[sqlx(default)]
    pub status: Option<CaseStatus>,
    #[sqlx(default)]
    pub sex: Option<Sex>,
    #[sqlx(default)]
    pub birth_on: Option<Sealed<BirthOn>>,
    #[sqlx(default)]
    pub birth_precision: Option<Precision>,
    #[sqlx(default)]
    pub opened_on: Option<Day>,
    #[sqlx(default)]
    pub officer_id: Option<UserId>,
    #[sqlx(default)]
    pub officer: Option<String>,
    #[sqlx(default)]
    pub last_contact_on: Option<Day>,
    #[sqlx(default)]
    pub never_met: bool,
    #[sqlx(default)]
    pub tries: i64,
    #[sqlx(default)]
    pub to_supervisor: bool,
    // Sensitive parts.
    #[sqlx(default)]
    pub id_number: Option<Sealed<IdentityNumber>>,
    #[sqlx(default)]
    pub regime: Option<Regime>,
    #[sqlx(default)]
    pub juvenile: Option<Sealed<Juvenile>>,
    #[sqlx(default)]
    pub source: Option<Sealed<LegalSource>>,
    #[sqlx(default)]
    pub certificate_no: Option<Sealed<CertificateNo>>,
    #[sqlx(default)]
    pub certificate_on: Option<Sealed<CertificateOn>>,
    #[sqlx(default)]
    pub released_on: Option<Sealed<ReleasedOn>>,
    #[sqlx(default)]
    pub noticed_on: Option<Sealed<NoticedOn>>,
    #[sqlx(default)]
    pub address_checked_on: Option<Sealed<AddressCheckedOn>>,
    #[sqlx(default)]
    pub present_by_on: Option<Sealed<PresentByOn>>,
    #[sqlx(default)]
    pub received_on: Option<Sealed<ReceivedOn>>,
    #[sqlx(default)]
    pub suspended_review_on: Option<Sealed<SuspendedReviewOn>>,
    #[sqlx(default)]
    pub closed_on: Option<Sealed<ClosedOn>>,
    #[sqlx(default)]
    pub closure_ground: Option<Sealed<ClosureGroundWord>>,
    #[sqlx(default)]
    pub health: Option<Sealed<HealthNote>>,
    #[sqlx(default)]
    pub ethnicity: Option<Sealed<Ethnicity>>,
    #[sqlx(default)]
    pub religion: Option<Sealed<Religion>>,
}

crate::opens!(CaseRow {
    id => phone, phone_of, address, wishes, visit_safely, juvenile, source, certificate_no, certificate_on, released_on, noticed_on,
        address_checked_on, present_by_on, received_on, suspended_review_on, closed_on, closure_ground;
    person_id => birth_on, id_number, health, ethnicity, religion;
});

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SentenceRow {
    pub id: SentenceId,
    pub offence: Sealed<Offence>,
    pub penalty: Sealed<Penalty>,
    pub sentenced_on: Option<Sealed<SentencedOn>>,
    pub court: Sealed<Court>,
}

crate::opens!(SentenceRow { id => offence, penalty, sentenced_on, court });

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ClassificationRow {
    pub id: ClassificationId,
    pub grp: Group,
    pub since_on: Day,
    pub reason: Sealed<ClassificationReason>,
    pub by: String,
}

crate::opens!(ClassificationRow { id => reason });

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ProtectedNoteRow {
    pub id: ProtectedNoteId,
    pub reason: Sealed<ProtectedReasonWord>,
    pub note: Sealed<ProtectedNoteText>,
    pub review_on: Day,
    pub by: String,
    pub made_at: At,
}

crate::opens!(ProtectedNoteRow { id => reason, note });

/// A case with its parts; a part is `None` where the asker may not see it.
#[derive(Clone, Debug)]
pub struct CaseView {
    pub row: CaseRow,
    /// The asker sees the office's own view, not a helper's.
    pub office: bool,
    pub identity: bool,
    pub legal: bool,
    pub health: bool,
    pub origin: bool,
    pub sentences: Option<Vec<SentenceRow>>,
    pub classifications: Option<Vec<ClassificationRow>>,
    pub protected_notes: Option<Vec<ProtectedNoteRow>>,
}

impl CaseRow {
    /// The birth date as far as it is known.
    pub fn birth(&self) -> String {
        self.birth_on
            .day()
            .zip(self.birth_precision)
            .map_or_else(String::new, |(day, known)| text::show_birth(day.0, known))
    }

    pub fn is_juvenile(&self) -> bool {
        self.juvenile.as_ref().and_then(|juvenile| juvenile.value().copied()).unwrap_or_default()
    }

    /// On which ground it was closed.
    pub fn closure_ground(&self) -> Option<ClosureGround> {
        self.closure_ground.text()?.parse().ok()
    }

    /// The identity number behind its mask.
    pub fn masked_id(&self) -> Option<String> {
        let number = text::id_number::check(self.id_number.text()?, None, None).ok()?;
        Some(number.masked())
    }

    /// Does the office still look after the person? (Unknown to a helper, who sees live cases only.)
    pub fn is_live(&self) -> bool {
        self.status.is_none_or(CaseStatus::is_live)
    }
}
