//! Who may do what, how near: the words of the policy and the table that Casbin fills. No I/O here.
//!
//! Imports `base` only. Casbin is named in `matrix.rs` and nowhere else.

pub mod actor;
pub mod acts;
pub mod matrix;
pub mod subjects;

pub use actor::{Actor, Role};
pub use acts::Act;
pub use matrix::{Matrix, Near, PolicyFault, Reach};
pub use subjects::{AreaCode, Subject};
