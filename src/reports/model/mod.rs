//! What reports count, by which rule, of which days. Pure.

pub mod chart;
pub mod fold;
pub mod kept;
pub mod lines;
pub mod marks;
pub mod outside;
pub mod places;
pub mod window;
