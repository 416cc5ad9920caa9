//! An area as it is shown. Pure.

use crate::{
    base::{arg::Arg, time::Day},
    policy::AreaCode,
    store::Paged,
};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    pub code: AreaCode,
    pub name: String,
    pub kind: String,
    pub province_code: Option<AreaCode>,
    pub valid_from: Day,
    pub legal_basis: String,
}

impl Paged for Line {
    fn key(&self) -> Vec<Arg> {
        crate::args![&self.code.0]
    }
}

impl Line {
    /// The name with its kind.
    pub fn full_name(&self) -> String {
        full_name(&self.kind, &self.name)
    }
}

/// The name with its kind, as it is said: `xã Ô Lâm`.
pub fn full_name(kind: &str, name: &str) -> String {
    let kind = match kind {
        "commune" => "Xã",
        "ward" => "Phường",
        "special_zone" => "Đặc khu",
        "city" => "Thành phố",
        _ => "Tỉnh",
    };
    format!("{kind} {name}")
}
