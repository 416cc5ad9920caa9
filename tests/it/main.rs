//! One binary for all tests through HTTP.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may stop at the first surprise")]

mod house;
mod rules;
mod staff;
