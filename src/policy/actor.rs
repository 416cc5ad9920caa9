//! Who asks.

use super::subjects::AreaCode;
use crate::base::{
    arg::Arg,
    ids::{OrganisationId, UserId},
    lang::Lang,
    words::UnknownWord,
};

/// The kinds of account, and the program's own jobs.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Role {
    /// Commune police officer: her own cases, and those that she covers.
    Officer,
    /// Head or deputy of the commune police: the commune.
    Supervisor,
    /// Provincial police: counts, and a case only on a documented request.
    Province,
    /// People's Committee of the commune: lists to confirm.
    Council,
    /// Member of a mass organisation: the people in whose live referral she is named.
    Partner,
    /// The bank that lends: confirmed lines only.
    Lender,
    /// Accounts and settings; no case.
    Admin,
    /// Reads logs; edits nothing.
    Inspector,
    /// The program's own jobs.
    System,
}

impl Role {
    pub const ALL: &'static [Role] = &[
        Role::Officer,
        Role::Supervisor,
        Role::Province,
        Role::Council,
        Role::Partner,
        Role::Lender,
        Role::Admin,
        Role::Inspector,
        Role::System,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Role::Officer => "officer",
            Role::Supervisor => "supervisor",
            Role::Province => "province",
            Role::Council => "council",
            Role::Partner => "partner",
            Role::Lender => "lender",
            Role::Admin => "admin",
            Role::Inspector => "inspector",
            Role::System => "system",
        }
    }

    /// Holders of these have a second factor wherever they are: what they can do reaches far.
    pub const fn always_needs_factor(self) -> bool {
        matches!(self, Role::Admin | Role::Province | Role::Inspector)
    }

    /// Must there be a second factor here?
    pub const fn needs_factor(self, in_office: bool) -> bool {
        self.always_needs_factor() || !in_office
    }

    /// The key of its name in `locales/`.
    pub fn key(self) -> String {
        format!("role-{}", self.as_str())
    }
}

impl utoipa::PartialSchema for Role {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        crate::base::schema::words(Role::ALL.iter().map(|role| role.as_str()))
    }
}
impl utoipa::ToSchema for Role {}

impl std::str::FromStr for Role {
    type Err = UnknownWord;
    fn from_str(word: &str) -> Result<Role, UnknownWord> {
        Role::ALL.iter().copied().find(|role| role.as_str() == word).ok_or(UnknownWord)
    }
}

/// Who asks: a signed-in user, or a named job of the program.
///
/// Comes from a session, from a named job, or from a job that stands in for a user; its fields cannot be set from outside.
#[derive(Clone, Debug)]
pub struct Actor {
    user: Option<UserId>,
    username: String,
    name: String,
    role: Role,
    area: AreaCode,
    area_name: String,
    organisation: Option<OrganisationId>,
    lang: Lang,
    /// The job that acts, alone or for the user.
    job: Option<&'static str>,
    /// The id of her session; empty for a job.
    session: String,
}

/// What an account says of its holder.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Account {
    pub user_id: UserId,
    pub username: String,
    pub name: String,
    pub role: Role,
    pub area_code: AreaCode,
    pub area_name: String,
    pub organisation_id: Option<OrganisationId>,
    pub lang: Lang,
}

impl Actor {
    /// The holder of a live session. Called by `store/sessions.rs` only (a test looks).
    pub(crate) fn signed_in(account: Account) -> Actor {
        Actor {
            user: Some(account.user_id),
            username: account.username,
            name: account.name,
            role: account.role,
            area: account.area_code,
            area_name: account.area_name,
            organisation: account.organisation_id,
            lang: account.lang,
            job: None,
            session: String::new(),
        }
    }

    /// The same, within a session.
    pub(crate) fn within(mut self, session: String) -> Actor {
        self.session = session;
        self
    }

    /// A job of the program, under its own name.
    pub(crate) fn system(job: &'static str) -> Actor {
        Actor {
            user: None,
            username: String::new(),
            name: String::new(),
            role: Role::System,
            area: AreaCode(String::new()),
            area_name: String::new(),
            organisation: None,
            lang: Lang::Vi,
            job: Some(job),
            session: String::new(),
        }
    }

    /// A job that works under the rights of an enabled user, for example to compose her digest.
    /// Called in `jobs/` and the demo story only (a test looks); audit rows name both.
    pub(crate) fn standing_in(job: &'static str, account: Account) -> Actor {
        Actor { job: Some(job), ..Actor::signed_in(account) }
    }

    pub fn user(&self) -> Option<UserId> {
        self.user
    }

    pub fn username(&self) -> &str {
        &self.username
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn role(&self) -> Role {
        self.role
    }

    pub fn area(&self) -> &AreaCode {
        &self.area
    }

    /// The name of her commune or province, without its kind.
    pub fn area_name(&self) -> &str {
        &self.area_name
    }

    pub fn organisation(&self) -> Option<OrganisationId> {
        self.organisation
    }

    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Which of her sessions it is, for the trail; empty for a job.
    pub fn session(&self) -> &str {
        &self.session
    }

    /// How the audit names the asker: `officer`, or `digest for supervisor`.
    pub fn title(&self) -> String {
        match (self.job, self.user) {
            (Some(job), Some(_)) => format!("{job} for {}", self.role.as_str()),
            (Some(job), None) => job.to_owned(),
            (None, _) => self.role.as_str().to_owned(),
        }
    }

    /// The value of `{me}`, `{area}` or `{org}` in a subject's condition.
    pub(crate) fn arg(&self, token: &str) -> Option<Arg> {
        match token {
            "me" => Some(Arg::from(self.user)),
            "area" => Some(Arg::from(&self.area.0)),
            "org" => Some(Arg::from(self.organisation)),
            _ => None,
        }
    }
}
