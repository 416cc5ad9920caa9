//! What lenders' lists and papers need to know of a case. Pure.

use crate::{
    base::{
        fields::{BirthOn, CertificateNo, CertificateOn, ContactAddress, ContinuedOn, ReleasedOn},
        ids::{CaseId, PersonId, UserId},
        sealed::{Sealed, SealedDay as _},
        text,
        time::Day,
        words::{CaseStatus, Precision, Regime},
    },
    policy::AreaCode,
};

/// What decides whether somebody may borrow.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Borrower {
    pub id: CaseId,
    pub status: CaseStatus,
    pub regime: Regime,
    pub certificate_no: Option<Sealed<CertificateNo>>,
    pub released_on: Option<Sealed<ReleasedOn>>,
    pub continued_on: Option<Sealed<ContinuedOn>>,
}

crate::opens!(Borrower { id => certificate_no, released_on, continued_on });

impl Borrower {
    /// The day on which the sentence was served: of whoever was released on conditions the end of her probation, not the day on
    /// which she left the prison.
    pub fn completed_on(&self) -> Option<Day> {
        self.continued_on.day().or(self.released_on.day())
    }
}

/// What a paper says of a person.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Papers {
    pub id: CaseId,
    pub person_id: PersonId,
    pub officer_id: Option<UserId>,
    pub area_code: AreaCode,
    pub name: String,
    pub birth_on: Option<Sealed<BirthOn>>,
    pub birth_precision: Option<Precision>,
    pub hamlet: Option<String>,
    pub address: Sealed<ContactAddress>,
    pub certificate_no: Option<Sealed<CertificateNo>>,
    pub certificate_on: Option<Sealed<CertificateOn>>,
    pub released_on: Option<Sealed<ReleasedOn>>,
    pub continued_on: Option<Sealed<ContinuedOn>>,
}

crate::opens!(Papers { id => address, certificate_no, certificate_on, released_on, continued_on; person_id => birth_on });

impl Papers {
    /// As [`Borrower::completed_on`].
    pub fn completed_on(&self) -> Option<Day> {
        self.continued_on.day().or(self.released_on.day())
    }

    /// The birth date as far as it is known.
    pub fn birth(&self) -> String {
        let known = self.birth_on.day().zip(self.birth_precision);
        known.map_or_else(String::new, |(day, known)| text::show_birth(day.0, known))
    }
}
