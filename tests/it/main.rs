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
mod attachments;
mod backups;
mod browser;
mod bulletins;
mod cage;
mod calendars;
mod canaries;
mod case_requests;
mod cases;
mod clearances;
mod commands;
mod community_models;
mod consents;
mod courses;
mod demo;
mod digests;
mod documents;
mod doors;
mod doubles;
mod due;
mod duties;
mod emergencies;
mod exports;
mod families;
mod faults;

mod flood;
mod follow_ups;
mod gaps;
mod gatherings;
mod handovers;
mod house;
mod households;
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
mod report_numbers;
mod report_rows;
mod reports;
mod requests;
mod restrictions;
mod reviews;
mod rooms;
mod rules;
mod schema;
mod sign_in;
mod staff;
mod statements;
mod store;
mod subject_files;
mod trail;
mod two_worlds;
mod upgrade;
mod urgencies;
mod wire;
mod world;
mod xss;
