//! What everything stands on: ids, time, text, words, languages. Imports nothing of the house.

pub mod arg;
pub mod fields;
pub mod ids;
pub mod lang;
pub mod pace;
pub mod refusal;
pub mod schema;
pub mod sealed;
pub mod text;
pub mod time;
pub mod told;
pub mod waiting;
pub mod words;
pub mod workdays;
