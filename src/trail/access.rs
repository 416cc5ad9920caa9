//! Somebody who can open a case today, and why. Pure.

use crate::{
    base::{ids::UserId, time::At},
    policy::{Near, Role},
};

/// An account and as what it may open a case.
#[derive(Clone, Debug)]
pub struct Access {
    pub name: String,
    pub username: String,
    pub role: Role,
    pub organisation: Option<String>,
    /// `officer`, `cover`, `head`, `helper`, `request`, `emergency`, `kept`.
    pub why: &'static str,
    /// Of an emergency: until when.
    pub until: Option<At>,
}

/// What the store says of somebody's way to the case.
pub struct Way<'a> {
    pub id: UserId,
    pub role: Role,
    pub nears: &'a [Near],
}

impl Way<'_> {
    /// The word of the reason; `kept`: a restriction keeps her from it.
    pub fn why(&self, in_charge: Option<UserId>) -> &'static str {
        match self.nears.first() {
            None => "kept",
            Some(Near::Own) if in_charge == Some(self.id) => "officer",
            Some(Near::Own) => "cover",
            Some(Near::Shared) if self.role == Role::Partner => "helper",
            Some(Near::Shared) => "request",
            Some(Near::Office) => "head",
            Some(Near::Area | Near::All) => "other",
            Some(Near::Glass) => "emergency",
        }
    }
}

impl Access {
    /// May she open it?
    pub fn may(&self) -> bool {
        self.why != "kept"
    }

    /// The key of the reason in `locales/`.
    pub fn key(&self) -> &'static str {
        match self.why {
            "officer" => "trail-access-officer",
            "cover" => "trail-access-cover",
            "head" => "trail-access-head",
            "helper" => "trail-access-helper",
            "request" => "trail-access-request",
            "emergency" => "trail-access-emergency",
            "kept" => "trail-access-kept",
            _ => "trail-access-other",
        }
    }
}
