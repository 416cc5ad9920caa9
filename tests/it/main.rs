//! One binary for all tests through HTTP.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may stop at the first surprise")]

mod api;
mod assignments;
mod cases;
mod commands;
mod demo;
mod digests;
mod exports;
mod families;
mod follow_ups;
mod house;
mod imports;
mod jobs;
mod kept;
mod livelihood;
mod mails;
mod matrix;
mod office;
mod openapi;
mod overview;
mod pages;
mod referrals;
mod rules;
mod staff;
