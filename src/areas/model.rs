//! An area as it is shown. Pure.

use crate::{
    base::{arg::Arg, text, time::Day},
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

/// The area that was meant: by its code, alone or before its name, or by a name that only one has, with or without marks.
pub fn chosen<'a>(areas: &'a [Line], typed: &str) -> Option<&'a AreaCode> {
    let code = typed.split_whitespace().next()?;
    if let Some(area) = areas.iter().find(|area| area.code.0 == code) {
        return Some(&area.code);
    }
    let typed = text::fold(typed);
    let named = |area: &&Line| [&area.name, &area.full_name()].into_iter().any(|name| text::fold(name) == typed);
    let mut found = areas.iter().filter(named);
    found.next().filter(|_| found.next().is_none()).map(|area| &area.code)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn area(code: &str, name: &str, kind: &str) -> Line {
        Line {
            code: code.parse().unwrap(),
            name: name.into(),
            kind: kind.into(),
            province_code: None,
            valid_from: Day(jiff::civil::date(2025, 7, 1)),
            legal_basis: String::new(),
        }
    }

    #[test]
    fn an_area_is_meant_by_its_code_or_by_a_name_of_its_own() {
        let areas = [
            area("30577", "Ô Lâm", "commune"),
            area("30301", "Mỹ Thới", "ward"),
            area("30001", "Bình Hòa", "commune"),
            area("30002", "Bình Hòa", "ward"),
        ];
        let meant = |typed: &str| chosen(&areas, typed).map(|code| code.0.as_str());
        assert_eq!(meant("30577 Xã Ô Lâm"), Some("30577"));
        assert_eq!(meant(" 30577"), Some("30577"));
        assert_eq!(meant("o lam"), Some("30577"));
        assert_eq!(meant("phuong my thoi"), Some("30301"));
        assert_eq!(meant("Bình Hòa"), None, "two have this name");
        assert_eq!(meant("Xã Bình Hoà"), Some("30001"));
        assert_eq!(meant("99999"), None);
        assert_eq!(meant(""), None);
    }
}
