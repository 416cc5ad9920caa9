//! One binary for all tests through HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::type_complexity,
    reason = "tests may stop at the first surprise"
)]

mod agree;
mod api;
mod assignments;
mod asvs;
mod backups;
mod browser;
mod cage;
mod calendars;
mod canaries;
mod cases;
mod clearances;
mod commands;
mod courses;
mod demo;
mod digests;
mod doors;
mod due;
mod emergencies;
mod exports;
mod families;
mod faults;

mod flood;
mod follow_ups;
mod house;
mod imports;
mod jobs;
mod kept;
mod keys;
mod kill;
mod livelihood;
mod loans;
mod looks;
mod mails;
mod matrix;
mod office;
mod openapi;
mod openings;
mod overview;
mod pages;
mod papers;
mod plans;
mod raw;
mod referrals;
mod registry;
mod restrictions;
mod reviews;
mod rooms;
mod rules;
mod schema;
mod sign_in;
mod staff;
mod statements;
mod store;
mod trail;
mod two_worlds;
mod upgrade;
mod wire;
mod world;
mod xss;
