//! A referral as it is typed, checked and shown. Pure.

use crate::base::{
    fields::{ReferralBasisRef, ReferralNeeds},
    ids::{CaseId, OrganisationId, ReferralId, UserId},
    refusal::{Check, Invalid},
    sealed::Sealed,
    text,
    time::{At, Day, plus_days},
    words::Purpose,
};
use jiff::civil::Date;

/// A referral as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    pub organisation: String,
    /// Ids of the named helpers, all of that organisation.
    pub helpers: Vec<String>,
    pub purpose: String,
    /// What the person and the office agreed to ask for.
    pub needs: String,
    /// `decision` or `consent`.
    pub basis: String,
    /// Number of the decision, or where the consent is kept.
    pub basis_ref: String,
    pub from_on: String,
    /// Last day; empty: until withdrawn.
    pub to_on: String,
}

#[derive(Clone, Debug)]
pub struct NewReferral {
    pub organisation: OrganisationId,
    pub helpers: Vec<UserId>,
    pub purpose: Purpose,
    pub needs: String,
    pub basis: String,
    pub basis_ref: String,
    pub from_on: Date,
    pub to_on: Option<Date>,
}

impl Draft {
    /// # Errors
    /// By field: no organisation, no helper, no purpose, no basis, an end before the beginning.
    pub fn check(&self, today: Date) -> Result<NewReferral, Invalid> {
        let mut check = Check::default();
        let organisation = check.take("organisation", self.organisation.parse().map_err(|_| "not_chosen"));
        let helpers: Option<Vec<UserId>> =
            check.take("helpers", self.helpers.iter().map(|id| id.parse().map_err(|_| "not_chosen")).collect());
        check.expect(helpers.as_ref().is_none_or(|helpers| !helpers.is_empty()), "helpers", "not_chosen");
        let purpose = check.take("purpose", self.purpose.parse().map_err(|_| "not_chosen"));
        let needs = check.take("needs", text::clean_note_opt(&self.needs, 500)).flatten().unwrap_or_default();
        check.expect(matches!(self.basis.as_str(), "decision" | "consent"), "basis", "not_chosen");
        let basis_ref = check.take("basis_ref", text::clean_line(&self.basis_ref, 120));
        let from_on = match self.from_on.trim() {
            "" => Some(today),
            typed => check.take("from_on", text::parse_day(typed, today)),
        };
        if let Some(from_on) = from_on {
            check.expect(from_on >= plus_days(today, -366), "from_on", "too_long_ago");
            check.expect(from_on <= plus_days(today, 366), "from_on", "too_far");
        }
        let to_on = match self.to_on.trim() {
            "" => None,
            typed => check.take("to_on", text::parse_day(typed, today)),
        };
        check.expect(to_on.zip(from_on).is_none_or(|(to, from)| to >= from), "to_on", "before_the_beginning");
        let all = organisation.zip(helpers).zip(purpose).zip(basis_ref).zip(from_on);
        check.give(all.map(|((((organisation, helpers), purpose), basis_ref), from_on)| NewReferral {
            organisation,
            helpers,
            purpose,
            needs,
            basis: self.basis.clone(),
            basis_ref,
            from_on,
            to_on,
        }))
    }
}

/// A referral of a case.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ReferralRow {
    pub id: ReferralId,
    pub case_id: CaseId,
    pub organisation_id: OrganisationId,
    pub organisation: String,
    pub purpose: Purpose,
    pub needs: Sealed<ReferralNeeds>,
    pub basis: String,
    pub basis_ref: Sealed<ReferralBasisRef>,
    pub from_on: Day,
    pub to_on: Option<Day>,
    pub ended_at: Option<At>,
    pub version: i64,
}

crate::opens!(ReferralRow { id => needs, basis_ref });

impl ReferralRow {
    pub fn is_live(&self, today: Date) -> bool {
        self.ended_at.is_none() && self.from_on.0 <= today && self.to_on.is_none_or(|to| to.0 >= today)
    }
}

/// A named helper of a referral.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct HelperRow {
    pub referral_id: ReferralId,
    pub user_id: UserId,
    pub name: String,
}

/// Why a referral ends, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EndDraft {
    pub reason: String,
}
