//! A letter, and how long it waits. Pure.

use crate::{
    base::{
        fields::{MailAddress, MailBody, MailSubject},
        ids::{MailId, UserId},
        sealed::Sealed,
        time::At,
    },
    store::Paged,
};

/// A subject and a text: counts and codes only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub body: String,
}

/// A mail that was claimed to be sent.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Outbound {
    pub id: MailId,
    pub address: Sealed<MailAddress>,
    pub subject: Sealed<MailSubject>,
    pub body: Sealed<MailBody>,
    pub message_id: String,
    /// This try is counted.
    pub attempts: i64,
}

/// A mail that has not gone yet.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Unsent {
    pub id: MailId,
    pub user_id: UserId,
    pub body: Sealed<MailBody>,
}

crate::opens!(Unsent { id => body });

crate::opens!(Outbound { id => address, subject, body });

/// A dead letter as the administrator sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    pub id: MailId,
    pub address: Sealed<MailAddress>,
    pub subject: Sealed<MailSubject>,
    pub made_at: At,
    pub dead_at: At,
    pub attempts: i64,
    pub last_error: String,
}

crate::opens!(Line { id => address, subject });

impl Paged for Line {
    fn key(&self) -> Vec<crate::base::arg::Arg> {
        crate::args![self.dead_at, self.id]
    }
}

/// How long to wait after so many tries: 1, 2, 4 … minutes.
pub fn backoff_seconds(attempts: i64) -> i64 {
    let doublings = (attempts - 1).clamp(0, 16);
    60 * (1_i64 << doublings)
}

/// The same for every try of one mail.
pub fn message_id(id: MailId, public_url: &str) -> String {
    let host = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    let host = host.split(['/', ':']).next().filter(|host| !host.is_empty()).unwrap_or("localhost");
    format!("<{id}@{host}>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::Id;

    #[test]
    fn tries_wait_twice_as_long_each_time() {
        assert_eq!((1..=5).map(backoff_seconds).collect::<Vec<_>>(), [60, 120, 240, 480, 960]);
        assert_eq!(backoff_seconds(i64::MAX), 60 * 65_536);
    }

    #[test]
    fn a_message_id_is_made_of_the_row_and_the_host() {
        let id = MailId::from_uuid(uuid::Uuid::nil());
        for url in ["https://duongve.example", "https://duongve.example/app", "http://duongve.example:8080"] {
            assert_eq!(message_id(id, url), "<00000000-0000-0000-0000-000000000000@duongve.example>", "{url}");
        }
    }
}
