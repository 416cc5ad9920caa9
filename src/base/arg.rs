//! A value on its way into an SQL statement, the same for both databases.

use crate::base::time::{At, Day};
use uuid::Uuid;

/// One bound value. `None` is SQL `null` of that type (PostgreSQL wants to know which).
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    Uuid(Option<Uuid>),
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Day(Option<Day>),
    Bool(bool),
}

macro_rules! from {
    ($($ty:ty => |$v:ident| $arg:expr;)+) => {$(
        impl From<$ty> for Arg { fn from($v: $ty) -> Arg { $arg } }
    )+};
}

from! {
    Uuid => |v| Arg::Uuid(Some(v));
    i64 => |v| Arg::Int(Some(v));
    i32 => |v| Arg::Int(Some(v.into()));
    Option<i64> => |v| Arg::Int(v);
    &str => |v| Arg::Text(Some(v.to_owned()));
    String => |v| Arg::Text(Some(v));
    &String => |v| Arg::Text(Some(v.clone()));
    Option<String> => |v| Arg::Text(v);
    Option<&str> => |v| Arg::Text(v.map(str::to_owned));
    Vec<u8> => |v| Arg::Bytes(Some(v));
    Day => |v| Arg::Day(Some(v));
    Option<Day> => |v| Arg::Day(v);
    jiff::civil::Date => |v| Arg::Day(Some(Day(v)));
    Option<jiff::civil::Date> => |v| Arg::Day(v.map(Day));
    At => |v| Arg::Int(Some(v.micros()));
    Option<At> => |v| Arg::Int(v.map(At::micros));
    bool => |v| Arg::Bool(v);
}

/// `args![a, b, c]`: a list of [`Arg`] from values of any kind that goes into SQL.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::base::arg::Arg::from($value)),*] };
}
