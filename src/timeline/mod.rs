//! What happened in a case, newest first: visits, tasks done, help, handovers, referrals, gatherings. Each only as its own list
//! would show it to the asker.

pub mod api;
