//! Đường Về: the road home.
//!
//! Data moves one way: `routes -> web | api (door: Grant / Scope) -> verb -> store`.
//! A room imports only what is lower: `base < policy < store < app < http < features < jobs < routes < main`.

pub mod base;
pub mod policy;
pub mod store;

pub mod app;
pub mod areas;
pub mod assignments;
pub mod backups;
pub mod calendars;
pub mod cases;
pub mod clearances;
pub mod commands;
pub mod config;
pub mod digests;
pub mod emergencies;
pub mod erasures;
pub mod exports;
pub mod families;
pub mod follow_ups;
pub mod funds;
pub mod http;
pub mod imports;
pub mod jobs;
pub mod livelihood;
pub mod loans;
pub mod lookups;
pub mod mails;
pub mod openapi;
pub mod organisations;
pub mod overview;
pub mod plans;
pub mod referrals;
pub mod restrictions;
pub mod reviews;
pub mod routes;
pub mod seeds;
pub mod serve;
pub mod staff;
pub mod timeline;
pub mod trail;
pub mod visits;
