//! One binary for all tests through HTTP.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may stop at the first surprise")]

mod commands;
mod demo;
mod follow_ups;
mod house;
mod kept;
mod matrix;
mod pages;
mod rules;
mod staff;
