//! `Sent<T>`, the only form extractor: the form token is checked, unknown fields are refused, what was typed is kept.

use super::{
    Oops,
    error::sentence,
    request::{CROSS_SITE, Ticket},
};
use crate::{
    app::App,
    base::{lang::Lang, refusal::Invalid},
    store::{Key, Visitor},
};
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, MatchedPath, Multipart, Request, multipart::MultipartError},
    http::header,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use subtle::ConstantTimeEq;

/// A form of the reader: its fields as `T`, and as they were typed.
pub struct Sent<T> {
    pub draft: T,
    pub typed: Typed,
    /// Sent with every form that makes something, so that a double tap makes it once.
    pub key: Option<Key>,
}

/// What was typed, and what is wrong with it: fills the form again.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    values: BTreeMap<String, Vec<String>>,
    faults: Vec<(String, String)>,
    key: String,
}

impl Typed {
    /// An empty form with values to begin with.
    pub fn with(values: &[(&str, String)]) -> Typed {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), vec![value.clone()])).collect();
        Typed { values, faults: Vec::new(), key: fresh_key() }
    }

    /// The same form with a field of several values.
    pub fn and(mut self, name: &str, values: impl Iterator<Item = String>) -> Typed {
        self.values.insert(name.to_owned(), values.collect());
        self
    }

    /// The same form with its refusals.
    pub fn refused(mut self, invalid: &Invalid, lang: Lang) -> Typed {
        self.faults = invalid.0.iter().map(|refusal| (refusal.field.to_string(), sentence(lang, refusal))).collect();
        if self.key.is_empty() {
            self.key = fresh_key();
        }
        self
    }

    /// The same form without one field: a password is never sent back.
    pub fn without(mut self, name: &str) -> Typed {
        self.values.remove(name);
        self
    }

    /// What stands in a field.
    pub fn get(&self, name: &str) -> &str {
        self.values.get(name).and_then(|values| values.first()).map_or("", String::as_str)
    }

    /// Is this one of the values of a field (radio, check box, select)?
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.values.get(name).is_some_and(|values| values.iter().any(|typed| typed == value))
    }

    /// The sentence under a field; empty if nothing is wrong with it.
    pub fn fault(&self, name: &str) -> &str {
        self.faults.iter().find(|(field, _)| field == name).map_or("", |(_, sentence)| sentence)
    }

    pub fn has_fault(&self, name: &str) -> bool {
        self.faults.iter().any(|(field, _)| field == name)
    }

    /// Every refusal: field (empty: the form as a whole) and sentence.
    pub fn faults(&self) -> &[(String, String)] {
        &self.faults
    }

    /// How many refusals there are.
    pub fn fault_count(&self) -> i64 {
        i64::try_from(self.faults.len()).unwrap_or(i64::MAX)
    }

    /// The key of this form.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The key of a further form on the same page: sending the one uses up nothing of the other.
    pub fn another_key(&self) -> String {
        fresh_key()
    }
}

/// A form that may bring a file: its fields and the file, whichever of the two ways a browser sends it.
#[derive(Debug, Default)]
pub struct Parcel {
    fields: BTreeMap<String, String>,
    /// Empty: none was chosen.
    pub file: Vec<u8>,
    /// What the sender calls it: nothing to rely on.
    pub file_name: String,
    /// The form's own key, as it was sent, and where it was sent to.
    key: String,
    route: &'static str,
    path: String,
}

/// More fields than a form of ours has.
const MOST_FIELDS: usize = 20;

impl Parcel {
    /// Takes a field out; empty if it was not sent.
    pub fn take(&mut self, name: &str) -> String {
        self.fields.remove(name).unwrap_or_default()
    }

    /// By what a form that is sent twice is known: its key, where it went, what is in it. Asked before a field is taken out.
    pub fn key(&self) -> Option<Key> {
        let mut asked = Sha256::new_with_prefix(&self.path);
        for (name, value) in &self.fields {
            asked.update(format!("\n{name}={value}"));
        }
        asked.update(&self.file);
        self.key.parse().ok().map(|key| Key::new(key, self.route, &asked.finalize()))
    }

    /// Refuses whatever has not been taken out.
    pub fn done(&self) -> Result<(), Oops> {
        if self.fields.is_empty() { Ok(()) } else { Err(Oops::Invalid(Invalid::one("", "unknown_field"))) }
    }

    async fn parts(request: Request, app: &App) -> Result<Parcel, Oops> {
        let mut parts = Multipart::from_request(request, app).await.map_err(|_| Oops::BadRequest("form"))?;
        let mut parcel = Parcel::default();
        let broken = |error: MultipartError| {
            if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
                Oops::TooLarge
            } else {
                Oops::BadRequest("form")
            }
        };
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            let name = part.name().unwrap_or_default().to_owned();
            let bytes = if let Some(called) = part.file_name() {
                parcel.file_name = called.to_owned();
                parcel.file = part.bytes().await.map_err(broken)?.into();
                continue;
            } else {
                part.bytes().await.map_err(broken)?
            };
            let text = String::from_utf8(bytes.to_vec()).map_err(|_| Oops::BadRequest("form"))?;
            if parcel.fields.len() >= MOST_FIELDS {
                return Err(Oops::BadRequest("form"));
            }
            parcel.fields.insert(name, text);
        }
        Ok(parcel)
    }
}

impl FromRequest<App> for Parcel {
    type Rejection = Oops;
    async fn from_request(request: Request, app: &App) -> Result<Parcel, Oops> {
        let kind = request.headers().get(header::CONTENT_TYPE).map(|kind| kind.as_bytes().to_vec()).unwrap_or_default();
        let matched = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
        let route = super::json::fixed(matched.unwrap_or_default());
        let path = request.uri().path().to_owned();
        let ticket = Ticket::of(request.headers());
        let visitor = request.extensions().get::<Visitor>().cloned();
        let mut parcel = if kind.starts_with(b"multipart/form-data") {
            Parcel::parts(request, app).await?
        } else if kind.starts_with(b"application/x-www-form-urlencoded") {
            let bytes = Bytes::from_request(request, app).await.map_err(|_| Oops::TooLarge)?;
            let fields: Vec<(String, String)> =
                serde_html_form::from_bytes(&bytes).map_err(|_| Oops::BadRequest("form"))?;
            Parcel { fields: fields.into_iter().collect(), ..Parcel::default() }
        } else {
            return Err(Oops::Unsupported);
        };
        let token = parcel.take("_token");
        parcel.key = parcel.take("_key");
        (parcel.route, parcel.path) = (route, path);
        must_be_ours(app, visitor.as_ref(), ticket, &token)?;
        Ok(parcel)
    }
}

/// Refuses a form without the token that our own pages of this session carry.
fn must_be_ours(app: &App, visitor: Option<&Visitor>, ticket: Option<Ticket>, token: &str) -> Result<(), Oops> {
    let expected = ticket.filter(|_| visitor.is_some()).map(|ticket| ticket.form_token()).unwrap_or_default();
    if expected.is_empty() || !bool::from(expected.as_bytes().ct_eq(token.as_bytes())) {
        app.store().note_turned_away(visitor.map(|visitor| &*visitor.actor), CROSS_SITE);
        return Err(Oops::CrossSite);
    }
    Ok(())
}

/// A key for a form that makes something.
#[expect(clippy::disallowed_methods, reason = "a form's key is no id of a record, and is made before any unit of work")]
fn fresh_key() -> String {
    uuid::Uuid::new_v4().to_string()
}

impl<T: serde::de::DeserializeOwned> FromRequest<App> for Sent<T> {
    type Rejection = Oops;
    async fn from_request(request: Request, app: &App) -> Result<Sent<T>, Oops> {
        let (mut parts, body) = request.into_parts();
        let form = parts
            .headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
        if !form {
            return Err(Oops::Unsupported);
        }
        let route = MatchedPath::from_request_parts(&mut parts, app).await.map(|path| path.as_str().to_owned());
        let route = super::json::fixed(route.unwrap_or_default());
        let ticket = Ticket::of(&parts.headers);
        // The same form for another record is another request.
        let mut asked = format!("{}\n", parts.uri.path()).into_bytes();
        let visitor = parts.extensions.get::<Visitor>().cloned();
        let bytes = Bytes::from_request(Request::from_parts(parts, body), app).await.map_err(|_| Oops::TooLarge)?;
        let mut pairs: Vec<(String, String)> =
            serde_html_form::from_bytes(&bytes).map_err(|_| Oops::BadRequest("form"))?;
        let mut take = |name: &str| {
            let found = pairs.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone());
            pairs.retain(|(field, _)| field != name);
            found.unwrap_or_default()
        };
        let token = take("_token");
        let key = take("_key");
        if visitor.is_some() {
            must_be_ours(app, visitor.as_ref(), ticket, &token)?;
        }
        let rest = serde_html_form::to_string(&pairs).map_err(|_| Oops::BadRequest("form"))?;
        let draft = serde_html_form::from_str(&rest).map_err(|error| {
            tracing::debug!(%error, "form not understood");
            Oops::Invalid(Invalid::one("", "unknown_field"))
        })?;
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in pairs {
            values.entry(name).or_default().push(value);
        }
        asked.extend_from_slice(rest.as_bytes());
        let parsed = key.parse().ok().map(|key| Key::new(key, route, &asked));
        Ok(Sent { draft, typed: Typed { values, faults: Vec::new(), key }, key: parsed })
    }
}
