//! The reference words of the office and the rules of the clock, for programs that show or check them.

pub mod api;
