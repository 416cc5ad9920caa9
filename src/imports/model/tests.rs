//! Rows of lists as communes keep them, and what becomes of them.

use super::*;
use crate::base::{
    ids::Id,
    words::{Precision, Regime},
};
use jiff::civil::date;
use unicode_normalization::UnicodeNormalization;

const TODAY: Date = date(2026, 11, 23);

fn planned(list: &str) -> Vec<Planned> {
    let sheet = Sheet::read(list.as_bytes()).unwrap();
    let officers = HashMap::from([("officer".to_owned(), UserId::from_uuid(uuid::Uuid::nil()))]);
    plan(&sheet, TODAY, &officers, &HashSet::new(), <[u8]>::to_vec)
}

fn one(heading: &str, row: &str) -> Planned {
    planned(&format!("{heading}\n{row}\n")).remove(0)
}

fn checked(planned: &Planned) -> &Checked {
    match &planned.fate {
        Fate::Opens(checked) => checked,
        other => panic!("line {} is not taken: {other:?}", planned.line),
    }
}

fn refusals(planned: &Planned) -> Vec<(&str, &'static str)> {
    match &planned.fate {
        Fate::Refused(invalid) => invalid.0.iter().map(|refusal| (refusal.field.as_ref(), refusal.code)).collect(),
        other => panic!("line {} is not refused: {other:?}", planned.line),
    }
}

fn notes(planned: &Planned) -> Vec<&'static str> {
    planned.notes.iter().map(|note| note.code).collect()
}

#[test]
fn a_full_row_becomes_a_case() {
    let row = one(
        "STT;Họ và tên;Tên gọi khác;Giới tính;Ngày sinh;Ấp;Địa chỉ;SĐT;Số CCCD;Diện;Tội danh;Mức án;Ngày về;Số giấy;Phân loại;Cán bộ phụ trách;Ghi chú",
        "1;Trần Văn Bình;Ba Bình;Nam;5/3/85;Ấp Tân Lập;Số 3;0912 345 678;091085000123;Mãn hạn;Trộm cắp tài sản;3 năm tù;1/7/2026;12/GCN;B;officer;Mẹ già yếu",
    );
    let taken = checked(&row);
    assert_eq!(taken.case.person.birth, Some((date(1985, 3, 5), Precision::Day)));
    assert_eq!(taken.case.person.sex, Some(Sex::Male));
    assert_eq!(taken.case.contact.phone.as_deref(), Some("+84912345678"));
    assert_eq!(taken.case.hamlet.as_deref(), Some("Ấp Tân Lập"));
    assert_eq!(taken.case.legal.regime, Regime::Completed);
    assert_eq!(taken.case.legal.received_on, Some(date(2026, 7, 1)));
    assert_eq!(taken.case.legal.certificate_no, "12/GCN");
    assert_eq!(taken.case.sentence.as_ref().unwrap().penalty, "3 năm tù");
    assert_eq!(taken.group, Some((Group::B, TODAY)));
    assert_eq!(taken.note.as_deref(), Some("Mẹ già yếu"));
    assert!(taken.officer.is_some());
    assert_eq!(notes(&row), [""; 0]);
}

#[test]
fn births_may_be_years_or_months_and_the_sex_a_column() {
    let birth = |row: Planned| checked(&row).case.person.birth;
    assert_eq!(birth(one("Họ tên,Năm sinh,Diện", "Lê A,1980,đặc xá")), Some((date(1980, 1, 1), Precision::Year)));
    assert_eq!(birth(one("Họ tên,Năm sinh,Diện", "Lê A,07/1980,đặc xá")), Some((date(1980, 7, 1), Precision::Month)));
    let both = planned("Họ tên,Nam,Nữ,Diện\nLê A,1980,,đặc xá\nLê B,,x,đặc xá\n");
    assert_eq!(checked(&both[0]).case.person.sex, Some(Sex::Male));
    assert_eq!(checked(&both[0]).case.person.birth, Some((date(1980, 1, 1), Precision::Year)));
    assert_eq!((checked(&both[1]).case.person.sex, checked(&both[1]).case.person.birth), (Some(Sex::Female), None));
}

#[test]
fn what_a_spreadsheet_took_from_a_number_is_given_back_and_told() {
    let row = one("Họ tên,Năm sinh,SĐT,CCCD,Diện", "Lê A,1985,912345678,91085000123,đặc xá");
    assert_eq!(checked(&row).case.contact.phone.as_deref(), Some("+84912345678"));
    assert_eq!(checked(&row).case.id_number.as_ref().unwrap().as_str(), "091085000123");
    assert_eq!(notes(&row), ["nought_given_back", "nought_given_back", "unassigned"]);
    // Eleven digits that do not fit the year may as well lack one elsewhere: a person looks.
    let row = one("Họ tên,Năm sinh,CCCD,Diện", "Lê A,1986,91085000123,đặc xá");
    assert_eq!(refusals(&row), [("id_number", "not_an_id_number")]);
}

#[test]
fn mobile_numbers_of_before_2018_get_their_number_of_today() {
    for (typed, today) in
        [("01671234567", "+84371234567"), ("1231234567", "+84831234567"), ("0120 123 4567", "+84701234567")]
    {
        let row = one("Họ tên,SĐT,Diện", &format!("Lê A,{typed},đặc xá"));
        assert_eq!(checked(&row).case.contact.phone.as_deref(), Some(today), "{typed}");
        assert!(notes(&row).contains(&"old_mobile"));
    }
    assert_eq!(refusals(&one("Họ tên,SĐT,Diện", "Lê A,01111234567,đặc xá")), [("phone", "not_a_phone")]);
}

#[test]
fn every_fault_of_a_row_is_told_at_once() {
    let row =
        one("Họ tên,Ngày sinh,SĐT,Diện,Phân loại,Ngày về,Ngày phân loại", ",31/2/1980,12,hộ nghèo,E,1/1/2030,1/1/2030");
    let found = refusals(&row);
    for fault in [
        ("name", "empty"),
        ("birth", "not_a_birth_date"),
        ("phone", "not_a_phone"),
        ("regime", "unknown_regime"),
        ("group", "unknown_group"),
        ("received_on", "in_the_future"),
        ("group_since", "in_the_future"),
    ] {
        assert!(found.contains(&fault), "{fault:?} is missing in {found:?}");
    }
}

#[test]
fn a_row_in_old_letters_among_good_ones_is_refused_alone() {
    let list = "Họ tên,Diện\nLê A,đặc xá\nNguyÔn V¨n §øc,đặc xá\nLê B,đặc xá\nLê C,đặc xá\nLê D,đặc xá\n";
    let rows = planned(list);
    assert_eq!(refusals(&rows[1]), [("", "old_encoding")]);
    assert_eq!(rows.iter().filter(|row| matches!(row.fate, Fate::Opens(_))).count(), 4);
}

#[test]
fn an_officer_who_is_unknown_here_leaves_the_case_unassigned_and_is_told() {
    let row = one("Họ tên,Diện,Cán bộ", "Lê A,đặc xá,officer3");
    assert!(checked(&row).officer.is_none());
    assert_eq!((row.notes[0].code, row.notes[0].value.as_deref()), ("officer_unknown", Some("officer3")));
    assert!(checked(&one("Họ tên,Diện,Cán bộ", "Lê A,đặc xá, Officer ")).officer.is_some());
}

#[test]
fn the_same_person_has_the_same_hash_however_the_file_is_laid_out() {
    let first = one("Họ tên;Ngày sinh;Ấp;Diện;SĐT", "Trần Thị Hoà;01/07/1985;Ấp Tân Lập;Mãn hạn;0912345678");
    let other: String =
        "Diện,Khóm,Ngày tháng năm sinh,Họ và tên\nchấp hành xong,ấp tân lập,1/7/1985,TRẦN THỊ HOÀ\n".nfd().collect();
    assert_eq!(first.hash, planned(&other)[0].hash);
    let younger = one("Họ tên;Ngày sinh;Ấp;Diện", "Trần Thị Hoà;02/07/1985;Ấp Tân Lập;Mãn hạn");
    assert_ne!(first.hash, younger.hash);
}

#[test]
fn a_row_that_stands_twice_is_taken_once_and_told() {
    let rows = planned("Họ tên,Năm sinh,Diện\nLê A,1980,đặc xá\nLê B,1980,đặc xá\nlê a,1980,Đặc xá\n");
    checked(&rows[0]);
    checked(&rows[1]);
    let Fate::Refused(invalid) = &rows[2].fate else { panic!("{:?}", rows[2].fate) };
    assert_eq!((invalid.0[0].code, invalid.0[0].value.as_deref()), ("same_as_line", Some("2")));
}

#[test]
fn a_row_of_an_earlier_import_is_there() {
    let sheet = Sheet::read("Họ tên,Diện\nLê A,đặc xá\nLê B,đặc xá\n".as_bytes()).unwrap();
    let known = HashSet::from([plan(&sheet, TODAY, &HashMap::new(), &HashSet::new(), <[u8]>::to_vec)[0].hash.clone()]);
    let again = plan(&sheet, TODAY, &HashMap::new(), &known, <[u8]>::to_vec);
    assert!(matches!(again[0].fate, Fate::There));
    assert!(matches!(again[1].fate, Fate::Opens(_)));
}

#[test]
fn broken_cells_of_one_line_are_joined() {
    let row = one("Họ tên;Địa chỉ;Diện;Tội danh", "Lê A;\"Số 3\nđường 4\";đặc xá;\"Trộm cắp\ntài sản\"");
    assert_eq!(checked(&row).case.contact.address, "Số 3 đường 4");
    assert_eq!(checked(&row).case.sentence.as_ref().unwrap().offence, "Trộm cắp tài sản");
}
