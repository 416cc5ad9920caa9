//! JSON in and out, for programs.

use super::Oops;
use crate::{app::App, base::refusal::Invalid, store::Key};
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, MatchedPath, Request},
    http::{HeaderMap, header},
};
use std::{
    collections::HashSet,
    sync::{LazyLock, Mutex, PoisonError},
};

pub use axum::Json;

/// A JSON body, with the sender's `Idempotency-Key` and `If-Match`.
pub struct Told<T> {
    pub body: T,
    pub key: Option<Key>,
    /// The version that the sender read.
    pub version: Option<i64>,
}

impl<T: serde::de::DeserializeOwned> FromRequest<App> for Told<T> {
    type Rejection = Oops;
    async fn from_request(request: Request, app: &App) -> Result<Told<T>, Oops> {
        let (mut parts, body) = request.into_parts();
        let json = parts
            .headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
        if !json {
            return Err(Oops::Unsupported);
        }
        let route = MatchedPath::from_request_parts(&mut parts, app).await.map(|path| path.as_str().to_owned());
        let route = fixed(route.unwrap_or_default());
        let headers = parts.headers.clone();
        let bytes = Bytes::from_request(Request::from_parts(parts, body), app).await.map_err(|_| Oops::TooLarge)?;
        let body = serde_json::from_slice(&bytes).map_err(|error| {
            if error.is_data() {
                Oops::Invalid(Invalid::telling("", "not_understood", error.to_string()))
            } else {
                Oops::BadRequest("json")
            }
        })?;
        let key = match headers.get("idempotency-key").map(|value| value.to_str().unwrap_or_default()) {
            None => None,
            Some(text) => {
                let key = text.parse().map_err(|_| Oops::Invalid(Invalid::one("Idempotency-Key", "not_a_key")))?;
                Some(Key::new(key, route, &bytes))
            }
        };
        Ok(Told { body, key, version: version(&headers)? })
    }
}

impl<T> Told<T> {
    /// The version of `If-Match`, which a change needs.
    pub fn need_version(&self) -> Result<i64, Oops> {
        self.version.ok_or(Oops::NoVersion)
    }
}

fn version(headers: &HeaderMap) -> Result<Option<i64>, Oops> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim_matches('"');
    text.parse().map(Some).map_err(|_| Oops::Stale)
}

/// The route's text for as long as the program runs. There are as many as there are routes.
pub(super) fn fixed(route: String) -> &'static str {
    static ROUTES: LazyLock<Mutex<HashSet<&'static str>>> = LazyLock::new(Mutex::default);
    let mut routes = ROUTES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = routes.get(route.as_str()) {
        return known;
    }
    let text: &'static str = Box::leak(route.into_boxed_str());
    routes.insert(text);
    text
}
