//! What programs send about a case.

use crate::base::sealed::SealedText as _;
use crate::{
    base::words::{Precision, Regime, Sex},
    cases::model::{CaseRow, Correction, Draft},
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
            id_number: text(self.id_number),
            ethnicity: text(self.ethnicity),
            religion: text(self.religion),
            health: text(self.health),
            offence: text(self.offence),
            penalty: text(self.penalty),
            sentenced_on: day(self.sentenced_on),
            court: text(self.court),
            officer: text(self.officer),
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
