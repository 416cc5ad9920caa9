//! One binary for all tests through HTTP.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may stop at the first surprise")]

mod api;
mod exports;
mod follow_ups;
mod house;
mod imports;
mod kept;
mod openapi;
mod pages;
mod rules;
mod staff;
