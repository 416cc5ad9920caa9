//! One binary for all tests through HTTP.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may stop at the first surprise")]

mod agree;
mod doors;
mod due;
mod follow_ups;
mod house;
mod kept;
mod kill;
mod pages;
mod raw;
mod rooms;
mod rules;
mod schema;
mod staff;
mod statements;
mod store;
mod world;
