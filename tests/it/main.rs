//! One binary for all tests through HTTP.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may stop at the first surprise")]

mod digests;
mod follow_ups;
mod house;
mod jobs;
mod kept;
mod mails;
mod office;
mod overview;
mod pages;
mod rules;
mod staff;
