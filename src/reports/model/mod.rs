//! What reports count, by which rule, of which days. Pure.

pub mod chart;
pub mod fold;
pub mod lines;
pub mod marks;
pub mod outside;
pub mod window;
