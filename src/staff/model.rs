//! An account as it is typed, checked and shown. Pure.

use crate::{
    base::{
        arg::Arg,
        ids::{OrganisationId, UserId},
        lang::Lang,
        refusal::{Check, Invalid},
        text,
        time::At,
    },
    policy::{AreaCode, Role},
    store::Paged,
};

/// A new account as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    pub username: String,
    pub name: String,
    pub role: String,
    /// Id of the organisation; partners only.
    pub organisation: String,
    pub email: String,
    pub password: String,
}

#[derive(Clone, Debug)]
pub struct NewAccount {
    pub username: String,
    pub name: String,
    pub role: Role,
    pub organisation: Option<OrganisationId>,
    pub email: Option<String>,
    pub password: String,
    pub lang: Lang,
}

/// The least length of a password that stands alone, in code points (NIST SP 800-63B-4).
pub const LEAST: usize = 15;
/// The most, so that a hash stays cheap to ask for.
pub const MOST: usize = 128;

/// A password as it is hashed: NFC, nothing else changed. (Vietnamese keyboards send NFC or NFD.)
///
/// # Errors
/// `too_short`, `too_long`; `too_common` if it is the sign-in name or one letter over and over.
pub fn password(typed: &str, username: &str) -> Result<String, &'static str> {
    use unicode_normalization::UnicodeNormalization;
    let password: String = typed.nfc().collect();
    let length = password.chars().count();
    if length < LEAST {
        return Err("too_short");
    }
    if length > MOST {
        return Err("too_long");
    }
    let folded = text::fold(&password);
    let different: std::collections::HashSet<char> = folded.chars().collect();
    if different.len() < 5
        || (!username.is_empty() && folded.replace(' ', "").starts_with(username) && length < LEAST + 4)
    {
        return Err("too_common");
    }
    Ok(password)
}

/// A password as it is compared at sign-in: NFC.
pub fn as_hashed(typed: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    typed.nfc().collect()
}

/// A sign-in name: 2 to 32 small ASCII letters, digits, `.`, `-`, `_`; begins with a letter.
pub fn username(typed: &str) -> Result<String, &'static str> {
    let name = typed.trim().to_ascii_lowercase();
    let fine = (2..=32).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_'));
    if fine { Ok(name) } else { Err("not_a_username") }
}

impl Draft {
    /// # Errors
    /// By field: sign-in name of the wrong shape, no name, unknown role, a partner without organisation, an e-mail
    /// without `@`, a password that is too short.
    pub fn check(&self) -> Result<NewAccount, Invalid> {
        let mut check = Check::default();
        let username = check.take("username", username(&self.username));
        let name = check.take("name", text::clean_line(&self.name, 100));
        let role = check.take("role", self.role.parse::<Role>().map_err(|_| "unknown_role"));
        check.expect(role != Some(Role::System), "role", "unknown_role");
        let organisation = match self.organisation.trim() {
            "" => None,
            typed => check.take("organisation", typed.parse().map_err(|_| "not_chosen")),
        };
        let needs_one = role == Some(Role::Partner);
        check.expect(needs_one == organisation.is_some(), "organisation", "partners_have_one");
        let email = check.take("email", text::clean_line_opt(&self.email, 120)).flatten();
        let shaped = email.as_ref().is_none_or(|email| email.parse::<lettre::Address>().is_ok());
        check.expect(shaped, "email", "not_an_email");
        let password = check.take("password", password(&self.password, username.as_deref().unwrap_or_default()));
        let all = username.zip(name).zip(role).zip(password);
        check.give(all.map(|(((username, name), role), password)| NewAccount {
            username,
            name,
            role,
            organisation,
            email,
            password,
            lang: Lang::Vi,
        }))
    }
}

/// A line of the list of accounts.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    pub id: UserId,
    pub username: String,
    pub name: String,
    pub name_key: Vec<u8>,
    pub role: Role,
    pub area_code: AreaCode,
    pub area: String,
    pub organisation: Option<String>,
    pub email: Option<String>,
    pub must_change: bool,
    pub disabled_at: Option<At>,
    pub version: i64,
}

impl Paged for Line {
    fn key(&self) -> Vec<Arg> {
        crate::args![self.name_key.clone(), self.id]
    }
}

/// A colleague, to assign or refer to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Colleague {
    pub id: UserId,
    pub username: String,
    pub name: String,
    pub role: Role,
    pub organisation_id: Option<OrganisationId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_sentence_is_a_password_and_one_letter_is_not() {
        assert!(password("đi chợ mua ba con vịt", "officer").is_ok());
        assert_eq!(password("ngắn quá", "officer"), Err("too_short"));
        assert_eq!(password("aaaaaaaaaaaaaaaaaaaa", "officer"), Err("too_common"));
    }
}
