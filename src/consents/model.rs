//! A consent as it is typed, checked and shown, and the text that it was given to. Pure.

use crate::base::{
    fields::{ConsentPaper, ConsentWithdrawal},
    ids::{ConsentId, ConsentTextId, OrganisationId},
    refusal::{Check, Invalid},
    sealed::Sealed,
    text,
    time::{At, Day},
    words::{AgreementHow, ConsentGroup},
};
use jiff::civil::Date;
use sha2::{Digest, Sha256};

/// What somebody agrees to, as it is typed. Nothing is chosen beforehand.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    /// Words of [`ConsentGroup`].
    pub groups: Vec<String>,
    /// To which organisation it may be passed on; empty: to none.
    pub organisation: String,
    pub how: String,
    /// Empty: today.
    pub given_on: String,
    /// Where it is written.
    pub paper: String,
}

/// A consent that can be written down.
#[derive(Clone, Debug)]
pub struct NewConsent {
    pub groups: Vec<ConsentGroup>,
    pub organisation: Option<OrganisationId>,
    pub how: AgreementHow,
    pub given_on: Date,
    pub paper: Option<String>,
}

impl Draft {
    /// # Errors
    /// By field: nothing agreed to; no organisation where it is about passing on; no way; a day in the future.
    pub fn check(&self, today: Date) -> Result<NewConsent, Invalid> {
        let mut check = Check::default();
        let groups: Option<Vec<ConsentGroup>> =
            check.take("groups", self.groups.iter().map(|word| word.parse().map_err(|_| "not_chosen")).collect());
        check.expect(groups.as_ref().is_none_or(|groups| !groups.is_empty()), "groups", "not_chosen");
        let organisation = match self.organisation.trim() {
            "" => None,
            typed => check.take("organisation", typed.parse::<OrganisationId>().map_err(|_| "not_chosen")),
        };
        let passes_on = groups.as_ref().is_some_and(|groups| groups.iter().any(|group| group.is_passed_on()));
        check.expect(!passes_on || !self.organisation.trim().is_empty(), "organisation", "not_chosen");
        let how = check.take("how", self.how.parse::<AgreementHow>().map_err(|_| "not_chosen"));
        let given_on = match self.given_on.trim() {
            "" => Some(today),
            typed => check.take("given_on", text::parse_day(typed, today)),
        };
        check.expect(given_on.is_none_or(|day| day <= today), "given_on", "in_the_future");
        let paper = check.take("paper", text::clean_line_opt(&self.paper, 200)).flatten();
        let all = groups.zip(how).zip(given_on);
        check.give(all.map(|((groups, how), given_on)| NewConsent { groups, organisation, how, given_on, paper }))
    }
}

/// That she agrees no longer, in her words or none.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WithdrawalDraft {
    pub words: String,
    pub version: String,
}

/// A new wording, as the admin types it.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TextDraft {
    pub group: String,
    pub text_vi: String,
    pub text_en: String,
    /// Its first day.
    pub from_on: String,
}

/// A wording that can come into force.
#[derive(Clone, Debug)]
pub struct NewText {
    pub group: ConsentGroup,
    pub text_vi: String,
    pub text_en: String,
    pub from_on: Date,
}

impl TextDraft {
    /// # Errors
    /// By field: no group; no text in one of the languages; a first day that has passed.
    pub fn check(&self, today: Date) -> Result<NewText, Invalid> {
        let mut check = Check::default();
        let group = check.take("group", self.group.parse::<ConsentGroup>().map_err(|_| "not_chosen"));
        let text_vi = check.take("text_vi", text::clean_note(&self.text_vi, 2000));
        let text_en = check.take("text_en", text::clean_note(&self.text_en, 2000));
        let from_on = check.take("from_on", text::parse_day(&self.from_on, today));
        check.expect(from_on.is_none_or(|day| day >= today), "from_on", "in_the_past");
        let all = group.zip(text_vi).zip(text_en).zip(from_on);
        check.give(all.map(|(((group, text_vi), text_en), from_on)| NewText { group, text_vi, text_en, from_on }))
    }
}

/// By what a wording is known again, whatever is done to the row.
pub fn hash(group: ConsentGroup, text_vi: &str, text_en: &str) -> Vec<u8> {
    let mut hasher = Sha256::new();
    for part in [group.as_str(), text_vi, text_en] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().to_vec()
}

/// A wording with its first day.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TextRow {
    pub id: ConsentTextId,
    pub grp: ConsentGroup,
    pub number: i64,
    pub from_on: Day,
    pub text_vi: String,
    pub text_en: String,
    pub hash: Vec<u8>,
}

impl TextRow {
    /// The first twelve letters of its hash.
    pub fn short(&self) -> String {
        self.hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A consent of a person.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ConsentRow {
    pub id: ConsentId,
    pub grp: ConsentGroup,
    pub organisation: Option<String>,
    pub text_vi: String,
    pub text_en: String,
    pub number: i64,
    pub text_hash: Vec<u8>,
    pub how: AgreementHow,
    pub given_on: Day,
    pub paper: Option<Sealed<ConsentPaper>>,
    pub by: String,
    pub withdrawn_at: Option<At>,
    pub withdrawal: Option<Sealed<ConsentWithdrawal>>,
    pub version: i64,
}

crate::opens!(ConsentRow { id => paper, withdrawal });

impl ConsentRow {
    pub fn is_live(&self) -> bool {
        self.withdrawn_at.is_none()
    }

    /// Is the wording still the one that she agreed to?
    pub fn is_as_given(&self) -> bool {
        hash(self.grp, &self.text_vi, &self.text_en) == self.text_hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn nobody_agrees_to_nothing_and_passing_on_names_to_whom() {
        let today = date(2026, 11, 23);
        let told: Vec<_> = Draft::default().check(today).unwrap_err().0.into_iter().map(|one| one.field).collect();
        assert_eq!(told, ["groups", "how"]);
        let photo = Draft { groups: vec!["photo".into()], how: "signed".into(), ..Draft::default() };
        assert!(photo.check(today).is_ok());
        let contact = Draft { groups: vec!["photo".into(), "contact".into()], ..photo };
        assert_eq!(contact.check(today).unwrap_err(), Invalid::one("organisation", "not_chosen"));
    }

    #[test]
    fn another_wording_has_another_hash() {
        let one = hash(ConsentGroup::Photo, "ab", "c");
        assert_ne!(one, hash(ConsentGroup::Photo, "a", "bc"));
        assert_ne!(one, hash(ConsentGroup::Publicity, "ab", "c"));
        assert_eq!(one, hash(ConsentGroup::Photo, "ab", "c"));
    }
}
