//! What waits for the People's Committee and for the lender.

pub mod web;
