//! By which paper and number a person shows who she is. Pure.

use crate::base::{
    refusal::Invalid,
    text::{self, id_number},
    words::IdentityKind,
};

/// A paper and its number, as it was checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    pub kind: IdentityKind,
    number: String,
    /// What of a citizen's number does not fit what else is known. It warns and refuses nothing: a slip may be in the other.
    pub warnings: Vec<&'static str>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Identity({}, {})", self.kind, masked(self.kind, &self.number))
    }
}

impl Identity {
    /// The number without signs; empty where there is no paper.
    pub fn as_str(&self) -> &str {
        &self.number
    }

    /// What was typed: the kind may be left to the number, but for a passport. `None`: nothing was said.
    ///
    /// # Errors
    /// By field: a number of the wrong shape for its kind, a number where there is said to be no paper, a kind
    /// without its number.
    pub fn check(
        kind: &str,
        number: &str,
        female: Option<bool>,
        year: Option<i16>,
    ) -> Result<Option<Identity>, Invalid> {
        let kind = match kind.trim() {
            "" => None,
            word => Some(word.parse::<IdentityKind>().map_err(|_| Invalid::one("id_kind", "unknown"))?),
        };
        match (kind, number.trim()) {
            (None, "") => Ok(None),
            (Some(IdentityKind::Nothing), "") => {
                Ok(Some(Identity { kind: IdentityKind::Nothing, number: String::new(), warnings: Vec::new() }))
            }
            (Some(IdentityKind::Nothing), _) => Err(Invalid::one("id_number", "no_paper_no_number")),
            (Some(_), "") => Err(Invalid::one("id_number", "empty")),
            (Some(IdentityKind::Passport), typed) => {
                let number: String = typed.chars().filter(|letter| !matches!(letter, ' ' | '-' | '.')).collect();
                let fits =
                    (6..=12).contains(&number.len()) && number.chars().all(|letter| letter.is_ascii_alphanumeric());
                if !fits {
                    return Err(Invalid::one("id_number", "not_a_passport"));
                }
                let number = number.to_ascii_uppercase();
                Ok(Some(Identity { kind: IdentityKind::Passport, number, warnings: Vec::new() }))
            }
            (kind, typed) => {
                let found =
                    id_number::check(typed, female, year).map_err(|fault| Invalid::one("id_number", fault.code()))?;
                let is = if found.old { IdentityKind::OldCard } else { IdentityKind::Citizen };
                if kind.is_some_and(|said| said != is) {
                    return Err(Invalid::one("id_number", "not_of_this_paper"));
                }
                Ok(Some(Identity { kind: is, number: found.as_str().to_owned(), warnings: found.warnings }))
            }
        }
    }
}

/// A number as it is shown: the whole of it is an opening of its own.
pub fn masked(kind: IdentityKind, number: &str) -> String {
    match text::id_number::check(number, None, None) {
        Ok(found) if kind != IdentityKind::Passport => found.masked(),
        _ => {
            let count = number.chars().count();
            let seen: String = number.chars().skip(count.saturating_sub(2)).collect();
            format!("{}{seen}", "•".repeat(count.saturating_sub(2)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_what_its_paper_says() {
        let is = |kind, number| Identity::check(kind, number, Some(true), Some(1990));
        assert_eq!(is("", "").unwrap(), None);
        assert_eq!(is("", "091 190 001200").unwrap().unwrap().kind, IdentityKind::Citizen);
        assert_eq!(is("old_card", "351234567").unwrap().unwrap().kind, IdentityKind::OldCard);
        assert_eq!(is("passport", "c 1234567").unwrap().unwrap().as_str(), "C1234567");
        assert_eq!(is("none", "").unwrap().unwrap().kind, IdentityKind::Nothing);
        assert_eq!(is("none", "351234567"), Err(Invalid::one("id_number", "no_paper_no_number")));
        assert_eq!(is("citizen", "351234567"), Err(Invalid::one("id_number", "not_of_this_paper")));
        assert_eq!(is("citizen", ""), Err(Invalid::one("id_number", "empty")));
        assert_eq!(is("passport", "12"), Err(Invalid::one("id_number", "not_a_passport")));
        assert_eq!(is("", "1234"), Err(Invalid::one("id_number", "not_an_id_number")));
        assert_eq!(is("card", "1234"), Err(Invalid::one("id_kind", "unknown")));
    }

    #[test]
    fn a_misfit_of_sex_or_year_warns_and_refuses_nothing() {
        let found = Identity::check("", "091090001200", Some(true), Some(1991)).unwrap().unwrap();
        assert_eq!(found.warnings, ["sex_mismatch", "year_mismatch"]);
    }

    #[test]
    fn no_more_is_shown_than_says_which_paper_it_is() {
        assert_eq!(masked(IdentityKind::Citizen, "091090001200"), "091•••••••00");
        assert_eq!(masked(IdentityKind::Passport, "C1234567"), "••••••67");
        assert_eq!(masked(IdentityKind::Nothing, ""), "");
        assert!(!format!("{:?}", Identity::check("passport", "C1234567", None, None)).contains("C12345"));
    }
}
