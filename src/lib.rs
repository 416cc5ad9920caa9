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
pub mod attachments;
pub mod backups;
pub mod bulletins;
pub mod calendars;
pub mod case_requests;
pub mod cases;
pub mod clearances;
pub mod commands;
pub mod community_models;
pub mod config;
pub mod consents;
pub mod digests;
pub mod documents;
pub mod doubles;
pub mod duties;
pub mod emergencies;
pub mod erasures;
pub mod exports;
pub mod families;
pub mod follow_ups;
pub mod funds;
pub mod gaps;
pub mod gatherings;
pub mod handovers;
pub mod households;
pub mod http;
pub mod imports;
pub mod jobs;
pub mod livelihood;
pub mod loans;
pub mod lookups;
pub mod mails;
pub mod merges;
pub mod openapi;
pub mod organisations;
pub mod overview;
pub mod owed;
pub mod plans;
pub mod referrals;
pub mod reports;
pub mod requests;
pub mod restrictions;
pub mod reviews;
pub mod routes;
pub mod seeds;
pub mod serve;
pub mod staff;
pub mod timeline;
pub mod trail;
pub mod urgencies;
pub mod visits;
