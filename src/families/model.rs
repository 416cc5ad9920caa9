//! A relative as typed, checked and shown. Pure.

use crate::base::{
    fields::{RelativeName, RelativeNeeds, RelativePhone, RelativeRelation},
    ids::RelativeId,
    refusal::{Check, Invalid},
    sealed::Sealed,
    text::{self, Phone},
    time::{At, Day},
    words::AgreementHow,
};
use jiff::civil::Date;

/// A person of the family as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    pub name: String,
    /// How she is called at home: mother, wife, uncle; there are more words than a list holds.
    pub relation: String,
    pub phone: String,
    /// What she or the household needs.
    pub needs: String,
}

/// A relative that can be taken.
#[derive(Clone, Debug)]
pub struct NewRelative {
    pub name: String,
    pub relation: String,
    pub phone: Option<String>,
    pub needs: String,
}

impl Draft {
    /// # Errors
    /// By field: no name, no relation, a telephone number of the wrong shape.
    pub fn check(&self) -> Result<NewRelative, Invalid> {
        let mut check = Check::default();
        let name = check.take("name", text::clean_line(&self.name, 100));
        let relation = check.take("relation", text::clean_line(&self.relation, 60));
        let phone = match self.phone.trim() {
            "" => None,
            typed => check.take("phone", Phone::parse(typed)).map(|phone| phone.as_str().to_owned()),
        };
        let needs = check.take("needs", text::clean_line_opt(&self.needs, 300)).flatten().unwrap_or_default();
        check.give(name.zip(relation).map(|(name, relation)| NewRelative { name, relation, phone, needs }))
    }
}

/// A person of the family as the page shows her.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RelativeRow {
    pub id: RelativeId,
    pub name: Sealed<RelativeName>,
    pub relation: Sealed<RelativeRelation>,
    pub phone: Option<Sealed<RelativePhone>>,
    pub needs: Sealed<RelativeNeeds>,
    pub made_at: At,
    pub ended_at: Option<At>,
    /// When and how she agreed to be named and called; and whether helpers may know what she needs.
    pub consented_on: Option<Day>,
    pub consented_how: Option<AgreementHow>,
    pub shares: bool,
    /// She agrees no longer: her number is gone.
    pub withdrawn_at: Option<At>,
    pub version: i64,
}

crate::opens!(RelativeRow { id => name, relation, phone, needs });

/// What one of the family needs, for a helper: how she is called at home, and what for.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FamilyNeed {
    pub id: RelativeId,
    pub relation: Sealed<RelativeRelation>,
    pub needs: Sealed<RelativeNeeds>,
}

crate::opens!(FamilyNeed { id => relation, needs });

/// That somebody agrees to be named and called, and whether helpers may know what she needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreed {
    pub on: Date,
    pub how: AgreementHow,
    pub shares: bool,
}

/// Her consent as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConsentDraft {
    /// Empty: today.
    pub on: String,
    pub how: String,
    /// `true`: helpers may know what she needs.
    pub shares: String,
    pub version: String,
}

impl ConsentDraft {
    /// # Errors
    /// By field: no way of agreeing, a day in the future.
    pub fn check(&self, today: Date) -> Result<Agreed, Invalid> {
        let mut check = Check::default();
        let on = match self.on.trim() {
            "" => Some(today),
            typed => check.take("on", text::parse_day(typed, today)),
        };
        check.expect(on.is_none_or(|on| on <= today), "on", "in_the_future");
        let how = check.take("how", self.how.parse::<AgreementHow>().map_err(|_| "not_chosen"));
        check.give(on.zip(how).map(|(on, how)| Agreed { on, how, shares: self.shares == "true" }))
    }
}

/// Which line was read before it was taken out.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EndDraft {
    pub version: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_has_a_name_and_a_relation() {
        let refused = Draft::default().check().unwrap_err().0;
        let fields: Vec<_> = refused.iter().map(|fault| fault.field.as_ref()).collect();
        assert_eq!(fields, ["name", "relation"]);
    }
}
