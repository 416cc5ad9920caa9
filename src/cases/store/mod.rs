//! SQL of people, cases and their parts.

mod borrowers;
mod course;
mod history;
mod lists;
mod opening;
mod parts;
mod removal;
mod whole;

pub use borrowers::*;
pub use course::*;
pub use history::*;
pub use lists::*;
pub use opening::*;
pub use parts::*;
pub use removal::*;
pub use whole::*;
