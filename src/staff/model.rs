//! An account as it is typed, checked and shown. Pure.

use super::secret::{self, Rule};
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
    /// without `@`, a password that is not good enough. `place`: the name of the area, which makes no good password either.
    pub fn check(&self, place: &str, classes: usize, demo: bool) -> Result<NewAccount, Invalid> {
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
        let about = [self.name.as_str(), self.username.as_str(), self.email.as_str(), self.role.as_str(), place];
        // The demo's accounts work on this machine only, with a password that it prints.
        let password = if demo {
            Some(secret::as_hashed(&self.password))
        } else {
            check
                .take("password", secret::check(&self.password, &Rule { least: secret::LEAST, classes, about: &about }))
        };
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
