//! A case as its page shows it, with the parts that the asker may see. Pure.

use super::{Correction, PapersDraft, Standing, masked};
use crate::{
    base::{
        fields::{
            AddressCheckedOn, AddressFoundWord, BirthOn, CertificateNo, CertificateOn, ClassificationReason,
            ClassificationReport, ClosedOn, ClosureGroundWord, ClosureNote, ContactAddress, ContactPhone,
            ContactPhoneOf, ContactVisitSafely, ContactWishes, ContinuedOn, Court, Ethnicity, HealthNote,
            IdentityNumber, InformedOn, Juvenile, LegalSource, MovedFrom, MovedInOn, MovedTo, NoticedOn, Offence,
            Penalty, PledgedOn, PresentByOn, ProtectedNoteText, ProtectedReasonWord, ReceivedOn, ReleasedOn, Religion,
            ReopenedOn, SentencedOn, SheetOn, SuspendedReviewOn,
        },
        ids::{CaseId, ClassificationId, PersonId, ProtectedNoteId, SentenceId, UserId},
        sealed::{Sealed, SealedDay, SealedText},
        text::{self},
        time::{At, Day},
        words::{AddressFound, CaseStatus, ClosureGround, Group, IdentityKind, Precision, Regime, Sex},
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
    pub id_kind: Option<IdentityKind>,
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
    pub address_found: Option<Sealed<AddressFoundWord>>,
    #[sqlx(default)]
    pub informed_on: Option<Sealed<InformedOn>>,
    #[sqlx(default)]
    pub present_by_on: Option<Sealed<PresentByOn>>,
    #[sqlx(default)]
    pub received_on: Option<Sealed<ReceivedOn>>,
    #[sqlx(default)]
    pub pledged_on: Option<Sealed<PledgedOn>>,
    #[sqlx(default)]
    pub sheet_on: Option<Sealed<SheetOn>>,
    #[sqlx(default)]
    pub moved_in_on: Option<Sealed<MovedInOn>>,
    #[sqlx(default)]
    pub moved_from: Option<Sealed<MovedFrom>>,
    #[sqlx(default)]
    pub continued_from: Option<Regime>,
    #[sqlx(default)]
    pub continued_on: Option<Sealed<ContinuedOn>>,
    #[sqlx(default)]
    pub reopened_on: Option<Sealed<ReopenedOn>>,
    #[sqlx(default)]
    pub suspended_review_on: Option<Sealed<SuspendedReviewOn>>,
    #[sqlx(default)]
    pub closed_on: Option<Sealed<ClosedOn>>,
    #[sqlx(default)]
    pub closure_ground: Option<Sealed<ClosureGroundWord>>,
    #[sqlx(default)]
    pub closure_note: Option<Sealed<ClosureNote>>,
    #[sqlx(default)]
    pub moved_to: Option<Sealed<MovedTo>>,
    #[sqlx(default)]
    pub health: Option<Sealed<HealthNote>>,
    #[sqlx(default)]
    pub ethnicity: Option<Sealed<Ethnicity>>,
    #[sqlx(default)]
    pub religion: Option<Sealed<Religion>>,
}

crate::opens!(CaseRow {
    id => phone, phone_of, address, wishes, visit_safely, juvenile, source, certificate_no, certificate_on, released_on, noticed_on,
        address_checked_on, address_found, informed_on, present_by_on, received_on, pledged_on, sheet_on, moved_in_on, moved_from,
        continued_on, reopened_on, suspended_review_on, closed_on, closure_ground, closure_note, moved_to;
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

impl SentenceRow {
    /// Penalty, offence, court and day in one line.
    pub fn line(&self) -> String {
        let day = self.sentenced_on.day().map(|day| text::show_day(day.0)).unwrap_or_default();
        let said = [self.penalty.text(), self.offence.text(), self.court.text(), day.as_str()];
        said.into_iter().filter(|one| !one.is_empty()).collect::<Vec<_>>().join(" · ")
    }
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ClassificationRow {
    pub id: ClassificationId,
    pub grp: Group,
    pub since_on: Day,
    pub reason: Sealed<ClassificationReason>,
    pub report_on: Option<Day>,
    pub report: Option<Sealed<ClassificationReport>>,
    pub organisation: Option<String>,
    pub by: String,
}

crate::opens!(ClassificationRow { id => reason, report });

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
        let number = self.id_number.text().filter(|number| !number.is_empty())?;
        Some(masked(self.id_kind.unwrap_or(IdentityKind::Citizen), number))
    }

    /// What of the number does not fit sex and birth as they are known.
    pub fn id_warnings(&self) -> Vec<&'static str> {
        let Some(number) = self.id_number.text().filter(|_| self.id_kind == Some(IdentityKind::Citizen)) else {
            return Vec::new();
        };
        let female = self.sex.map(|sex| sex == Sex::Female);
        let year = self.birth_on.day().map(|day| day.0.year());
        text::id_number::check(number, female, year).map(|found| found.warnings).unwrap_or_default()
    }

    /// The key of the sentence that tells a warning.
    pub fn id_warning(&self, warning: &str) -> &'static str {
        match warning {
            "sex_mismatch" => "cases-id-sex-mismatch",
            "year_mismatch" => "cases-id-year-mismatch",
            _ => "cases-id-unknown-province",
        }
    }

    /// Name, birth, contact and hamlet as their form holds them.
    pub fn correction(&self) -> Correction {
        Correction {
            name: self.name.clone(),
            aliases: self.aliases.clone(),
            sex: self.sex.map(|sex| sex.as_str().to_owned()).unwrap_or_default(),
            birth: self.birth(),
            phone: self.phone.told().unwrap_or_default(),
            phone_of: self.phone_of.told(),
            address: self.address.told(),
            wishes: self.wishes.told(),
            visit_safely: self.visit_safely.told(),
            hamlet: self.hamlet.clone().unwrap_or_default(),
            version: self.version.to_string(),
        }
    }

    /// The legal part as its form holds it.
    pub fn papers(&self) -> PapersDraft {
        let day = |day: Option<Day>| day.map(|day| text::show_day(day.0)).unwrap_or_default();
        PapersDraft {
            regime: self.regime.map(|regime| regime.as_str().to_owned()).unwrap_or_default(),
            juvenile: if self.is_juvenile() { "true".to_owned() } else { String::new() },
            source: self.source.told().unwrap_or_default(),
            certificate_no: self.certificate_no.told().unwrap_or_default(),
            certificate_on: day(self.certificate_on.day()),
            released_on: day(self.released_on.day()),
            noticed_on: day(self.noticed_on.day()),
            present_by_on: day(self.present_by_on.day()),
            received_on: day(self.received_on.day()),
            moved_in_on: day(self.moved_in_on.day()),
            moved_from: self.moved_from.told().unwrap_or_default(),
            version: self.version.to_string(),
        }
    }

    /// What the family said when the address was checked.
    pub fn address_found(&self) -> Option<AddressFound> {
        self.address_found.text()?.parse().ok()
    }

    /// Where the case stands, for its next step; `None`: the asker sees no legal part.
    pub fn standing(&self) -> Option<Standing> {
        let day = |day: Option<Day>| day.map(|day| day.0);
        Some(Standing {
            status: self.status?,
            regime: self.regime?,
            noticed_on: day(self.noticed_on.day()),
            released_on: day(self.released_on.day()),
            present_by_on: day(self.present_by_on.day()),
            address_found: self.address_found(),
            informed_on: day(self.informed_on.day()),
            received_on: day(self.received_on.day()),
            pledged_on: day(self.pledged_on.day()),
            sheet_on: day(self.sheet_on.day()),
        })
    }

    /// Does the office still look after the person? (Unknown to a helper, who sees live cases only.)
    pub fn is_live(&self) -> bool {
        self.status.is_none_or(CaseStatus::is_live)
    }
}
