//! The door and what pages and programs share. The only room besides `web`, `api` and `routes` that knows axum.
//!
//! Within it each file uses only those before it: `request, client, understood < error < json < form < page < kept < dress, door`.

pub mod client;
pub mod door;
pub mod dress;
pub mod error;
pub mod form;
pub mod hosts;
pub mod json;
pub mod kept;
pub mod pace;
pub mod page;
pub mod request;
mod understood;

/// The most that a request may bring, in bytes.
pub const BODY_LIMIT: usize = 256 * 1024;

pub use client::{Client, Plain};
pub use door::{Fresh, Gone, HalfWay, Who};
pub use error::Oops;
pub use form::{Parcel, Sent, Typed};
pub use json::{Asked, Json, Listed, Nothing, Query, Told};
pub use page::{Html, Page};
pub use request::At;

/// Where a page goes on after something was done: the address, and the key of a word of thanks (`done-…`).
pub fn go(to: &str, done: &str) -> axum::response::Redirect {
    let mark = if to.contains('?') { '&' } else { '?' };
    let (path, fragment) = to.split_once('#').map_or((to, String::new()), |(path, rest)| (path, format!("#{rest}")));
    axum::response::Redirect::to(&format!("{path}{mark}done={done}{fragment}"))
}
