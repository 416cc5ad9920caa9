//! One binary for all tests through HTTP.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may stop at the first surprise")]

mod assignments;
mod cases;
mod families;
mod follow_ups;
mod house;
mod kept;
mod livelihood;
mod pages;
mod referrals;
mod rules;
mod staff;
