//! What a request says by itself: its token, its path, the language of its reader. Nobody has been asked yet whether the
//! token is worth anything; that is the door's business.

use crate::{
    app::App,
    base::{lang::Lang, time},
    store::SessionKind,
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use sha2::{Digest, Sha256};
use std::{
    convert::Infallible,
    sync::{Arc, OnceLock},
};

/// A form that no page of ours has sent, as the trail calls it.
pub(super) const CROSS_SITE: &str = "request.cross_site";

/// The name of the cookie: the browser sends it to this host only, over https or loopback.
pub const COOKIE: &str = "__Host-sid";

/// The token of a request, and how it came.
#[derive(Clone)]
pub struct Ticket {
    pub token: String,
    pub kind: SessionKind,
}

impl Ticket {
    pub fn of(headers: &HeaderMap) -> Option<Ticket> {
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            let token = value.to_str().ok()?.strip_prefix("Bearer ")?.to_owned();
            return Some(Ticket { token, kind: SessionKind::Bearer });
        }
        cookie(headers, COOKIE).map(|token| Ticket { token: token.to_owned(), kind: SessionKind::Cookie })
    }

    /// What a form of this session must carry.
    pub fn form_token(&self) -> String {
        form_token(&self.token)
    }
}

pub fn form_token(token: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(b"form|");
    hash.update(token.as_bytes());
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The value of one cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// Until when the record of this request is open in an emergency: the grant knows it, and every page of it shows it.
#[derive(Clone, Default)]
pub(super) struct Emergency(Arc<OnceLock<time::At>>);

impl Emergency {
    /// The one of this request, whichever of its extractors comes first.
    pub(super) fn of(parts: &mut Parts) -> Emergency {
        parts.extensions.get_or_insert_default::<Emergency>().clone()
    }

    pub(super) fn set(&self, until: time::At) {
        // The first record of a path is the only one.
        let _there = self.0.set(until);
    }
}

/// Where the reader is: the path, for the page's frame; and the form token.
#[derive(Clone)]
pub struct At {
    pub path: String,
    pub query: String,
    pub token: String,
    pub lang: Lang,
    emergency: Emergency,
}

impl At {
    /// Begun minutes until the record is shut again; `None`: it is not open in an emergency.
    pub fn emergency_minutes(&self, now: time::At) -> Option<i64> {
        self.emergency.0.get().map(|until| (until.seconds_since(now) + 59) / 60)
    }
}

impl FromRequestParts<App> for At {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<At, Infallible> {
        Ok(At {
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            token: Ticket::of(&parts.headers).map(|ticket| ticket.form_token()).unwrap_or_default(),
            lang: reader_lang(&parts.headers),
            emergency: Emergency::of(parts),
        })
    }
}

/// The language of someone who is not signed in: the cookie, else what the browser asks for.
pub fn reader_lang(headers: &HeaderMap) -> Lang {
    if let Some(lang) = cookie(headers, "__Host-lang").and_then(|word| word.parse().ok()) {
        return lang;
    }
    headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).map_or(Lang::Vi, Lang::accepted)
}

/// Where to go on: a path of ours, nothing else.
pub fn safe_path(path: &str) -> &str {
    let ours = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') && !path.contains(['\r', '\n']);
    if ours { path } else { "/" }
}

/// The query of a page of a list: where the page before it ended.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct CursorQuery {
    pub cursor: Option<String>,
}

/// Text as a part of a URL's query.
pub fn in_url(text: &str) -> String {
    serde_html_form::to_string([("", text)]).map(|pair| pair.trim_start_matches('=').to_owned()).unwrap_or_default()
}
