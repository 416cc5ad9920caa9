//! One binary for all tests through HTTP.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may stop at the first surprise")]

mod api;
mod commands;
mod demo;
mod digests;
mod exports;
mod follow_ups;
mod house;
mod imports;
mod jobs;
mod kept;
mod mails;
mod matrix;
mod office;
mod openapi;
mod overview;
mod pages;
mod rules;
mod staff;
