//! What went wrong: mapped once. `dress.rs` says it to the reader.

use crate::{
    app::Refused,
    base::{lang::Lang, refusal::Invalid},
    store::{Denied, Fault, Visitor},
};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

/// Why a request was not answered as asked.
#[derive(Debug)]
pub enum Oops {
    /// Nobody is signed in (or the session has ended).
    SignIn,
    /// A grave act, and the last proof of who she is too long ago.
    Confirm(Box<Visitor>),
    /// The first password must be changed before anything else.
    MustChange,
    /// The same bytes whether it does not exist or may not be seen.
    Unknown,
    Forbidden,
    /// The URL is there, but not to be used in this way.
    WrongMethod,
    /// An admin, from where or when admins do not work.
    AdminShut,
    /// The request did not come from a page of ours.
    CrossSite,
    Moved,
    Stale,
    NoVersion,
    KeyReused,
    Invalid(Invalid),
    /// The request cannot be read.
    BadRequest(&'static str),
    TooLarge,
    Unsupported,
    Unavailable,
    /// No room is left on the disk: nothing was written, and what is there can be read.
    Full,
    /// Plain http from another machine.
    Plain,
    /// Asked under a name that is not ours.
    Misdirected,
    /// Too often; again after so many seconds.
    TooMany(u64),
    /// A fault of ours; what was logged has this number.
    Broken(String),
}

impl From<Fault> for Oops {
    fn from(fault: Fault) -> Oops {
        Oops::of(&fault)
    }
}

impl Oops {
    /// What a reader is told of a fault.
    pub fn of(fault: &Fault) -> Oops {
        match fault {
            Fault::Denied(Denied::Unknown) => Oops::Unknown,
            Fault::Denied(Denied::Forbidden) => Oops::Forbidden,
            Fault::Moved | Fault::Taken(_) => Oops::Moved,
            Fault::Stale => Oops::Stale,
            Fault::KeyReused => Oops::KeyReused,
            Fault::Cursor => Oops::BadRequest("cursor"),
            Fault::Unavailable => Oops::Unavailable,
            Fault::Full => Oops::Full,
            other => Oops::broken(other),
        }
    }
}

impl From<Invalid> for Oops {
    fn from(invalid: Invalid) -> Oops {
        Oops::Invalid(invalid)
    }
}

impl From<Refused> for Oops {
    fn from(refused: Refused) -> Oops {
        match refused {
            Refused::Invalid(invalid) => match invalid.0.first() {
                Some(refusal) if refusal.code == "too_many_tries" => {
                    Oops::TooMany(refusal.value.as_deref().and_then(|seconds| seconds.parse().ok()).unwrap_or(60))
                }
                _ => Oops::Invalid(invalid),
            },
            Refused::Fault(fault) => fault.into(),
        }
    }
}

impl Oops {
    /// Logs a fault of ours once, under a number that the reader is told.
    pub fn broken(error: &dyn std::error::Error) -> Oops {
        let number = crate::store::request_number().unwrap_or_else(|| format!("{:016x}", rand::random::<u64>()));
        tracing::error!(number, error = %error, "a request failed");
        Oops::Broken(number)
    }

    pub(super) fn status(&self) -> StatusCode {
        match self {
            Oops::SignIn | Oops::Confirm(_) => StatusCode::UNAUTHORIZED,
            Oops::MustChange | Oops::Forbidden | Oops::AdminShut | Oops::CrossSite | Oops::Plain => {
                StatusCode::FORBIDDEN
            }
            Oops::Unknown => StatusCode::NOT_FOUND,
            Oops::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Oops::Moved | Oops::KeyReused => StatusCode::CONFLICT,
            Oops::Stale => StatusCode::PRECONDITION_FAILED,
            Oops::NoVersion => StatusCode::PRECONDITION_REQUIRED,
            Oops::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Oops::BadRequest(_) => StatusCode::BAD_REQUEST,
            Oops::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Oops::Unsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Oops::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Oops::Full => StatusCode::INSUFFICIENT_STORAGE,
            Oops::Misdirected => StatusCode::MISDIRECTED_REQUEST,
            Oops::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Oops::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The word of this error: its texts are `oops-{word}` and `oops-{word}-detail` in `locales/`.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Oops::SignIn => "sign-in",
            Oops::Confirm(_) => "confirm",
            Oops::MustChange => "must-change",
            Oops::Unknown => "unknown",
            Oops::Forbidden => "forbidden",
            Oops::WrongMethod => "wrong-method",
            Oops::AdminShut => "admin-shut",
            Oops::CrossSite => "cross-site",
            Oops::Moved => "moved",
            Oops::Stale => "stale",
            Oops::NoVersion => "no-version",
            Oops::KeyReused => "key-reused",
            Oops::Invalid(_) => "invalid",
            Oops::BadRequest(_) => "bad-request",
            Oops::TooLarge => "too-large",
            Oops::Unsupported => "unsupported",
            Oops::Unavailable => "unavailable",
            Oops::Full => "full",
            Oops::Plain => "plain",
            Oops::Misdirected => "misdirected",
            Oops::TooMany(_) => "too-many",
            Oops::Broken(_) => "broken",
        }
    }
}

/// A refusal in the reader's words.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct FieldProblem {
    pub field: String,
    pub code: String,
    pub message: String,
}

/// RFC 9457 problem details.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Problem {
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

/// The sentence of a refusal.
pub fn sentence(lang: Lang, refusal: &crate::base::refusal::Refusal) -> String {
    let key = format!("fault-{}", refusal.code.replace('_', "-"));
    match &refusal.value {
        Some(value) => lang.with(&key, &[("value", value.clone().into())]),
        None => lang.say(&key),
    }
}

impl IntoResponse for Oops {
    /// An empty response that carries the error; `dress` turns it into a page or JSON in the reader's language.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}
