//! What the columns of a commune's list are called, and what the words in its cells mean.

use crate::base::{
    text,
    words::{Group, Regime, Sex},
};
use std::{collections::HashMap, sync::LazyLock};

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $word:literal [$($heading:literal),+ $(,)?];)+) => {
        /// A column that the import knows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Field { $($(#[$doc])* $name),+ }

        impl Field {
            /// The word that refusals, JSON and `locales/` (`imports-field-…`) know it by.
            pub const fn as_str(self) -> &'static str { match self { $(Field::$name => $word),+ } }
        }

        /// Headings as people write them; compared without marks, capitals and signs.
        const HEADINGS: &[(Field, &[&str])] = &[$((Field::$name, &[$($heading),+])),+];
    };
}

fields! {
    Name = "name" ["Họ và tên", "Họ tên", "Tên", "Họ, tên", "Họ và tên người", "Họ và chữ đệm, tên", "Họ, chữ đệm và tên", "Full name", "Name"];
    Aliases = "aliases" ["Tên gọi khác", "Bí danh", "Biệt danh", "Tên thường gọi", "Tên khác", "Alias", "Aliases"];
    Sex = "sex" ["Giới tính", "Nam/nữ", "Phái", "Giới", "Sex"];
    Birth = "birth" ["Ngày sinh", "Năm sinh", "Ngày tháng năm sinh", "Ngày, tháng, năm sinh", "Sinh ngày", "NS", "Sinh năm",
        "Ngày/tháng/năm sinh", "Ngày tháng sinh", "NTNS", "Birth", "Date of birth"];
    /// A column of birth years that is for men only.
    BornMale = "born_male" ["Nam", "Năm sinh nam"];
    /// A column of birth years that is for women only.
    BornFemale = "born_female" ["Nữ", "Năm sinh nữ"];
    Phone = "phone" ["Điện thoại", "SĐT", "ĐT", "Số điện thoại", "Điện thoại liên hệ", "Số ĐT", "SĐT liên hệ", "Di động", "Liên hệ", "Phone"];
    PhoneOf = "phone_of" ["Điện thoại của ai", "Chủ số điện thoại", "Số của ai", "Người nghe máy"];
    Address = "address" ["Địa chỉ", "Nơi ở", "Nơi cư trú", "Chỗ ở hiện nay", "Chỗ ở", "Nơi thường trú", "Thường trú", "Hộ khẩu thường trú",
        "HKTT", "Nơi ĐKTT", "Nơi ở hiện nay", "Nơi ở hiện tại", "Địa chỉ cư trú", "Địa chỉ thường trú", "Địa chỉ hiện nay", "Address"];
    Wishes = "wishes" ["Mong muốn liên hệ", "Nguyện vọng liên hệ", "Cách liên hệ"];
    VisitSafely = "visit_safely" ["Lưu ý khi đến thăm", "Lưu ý khi thăm", "Lưu ý khi gặp"];
    Hamlet = "hamlet" ["Ấp", "Khóm", "Khu phố", "Ấp/khóm", "Ấp, khóm", "Khóm, ấp", "Khóm/ấp", "Ấp/khóm/khu phố", "Ấp, khóm, khu phố", "Tên ấp",
        "Ấp (khóm)", "Thôn", "Tổ dân phố", "Khóm ấp", "Địa bàn", "Hamlet"];
    Regime = "regime" ["Diện", "Diện quản lý", "Đối tượng", "Loại đối tượng", "Diện đối tượng", "Diện hỗ trợ", "Loại hình", "Hình thức",
        "Thuộc diện", "Lý do về", "Lý do trở về", "Hình thức tha", "Lý do ra tù", "Regime"];
    Juvenile = "juvenile" ["Chưa thành niên", "Dưới 18 tuổi", "Người chưa thành niên", "Dưới 18"];
    Source = "source" ["Trại giam", "Nơi chấp hành án", "Nơi chấp hành", "Cơ sở giam giữ", "Nguồn", "Nơi giam", "Đơn vị thông báo", "Nơi tha",
        "Nơi chấp hành hình phạt tù"];
    CertificateNo = "certificate_no" ["Số giấy", "Số giấy chứng nhận", "Số GCN", "Số quyết định", "Số QĐ", "Số giấy ra trại", "Giấy chứng nhận",
        "GCN chấp hành xong", "Số giấy chứng nhận chấp hành xong", "Số GCN chấp hành xong", "Số giấy chứng nhận đặc xá"];
    CertificateOn = "certificate_on" ["Ngày cấp giấy", "Ngày giấy", "Ngày cấp", "Ngày giấy chứng nhận", "Ngày quyết định", "Ngày QĐ", "Ngày GCN"];
    ReleasedOn = "released_on" ["Ngày ra trại", "Ngày ra tù", "Ngày mãn hạn", "Ngày được tha", "Ngày tha", "Ngày chấp hành xong", "Ngày đặc xá",
        "Ngày ra", "Ngày mãn hạn tù", "Ngày chấp hành xong án"];
    NoticedOn = "noticed_on" ["Ngày nhận thông báo", "Ngày thông báo", "Ngày báo về"];
    PresentByOn = "present_by_on" ["Hạn trình diện", "Thời hạn trình diện", "Phải trình diện trước ngày", "Trình diện trước ngày"];
    ReceivedOn = "received_on" ["Ngày trình diện", "Ngày về", "Ngày về địa phương", "Ngày tiếp nhận", "Ngày về nơi cư trú", "Ngày có mặt",
        "Ngày trở về", "Ngày đến trình diện", "Ngày về cư trú"];
    IdNumber = "id_number" ["Số CCCD", "CCCD", "Căn cước", "Số căn cước", "CMND", "Số CMND", "CMND/CCCD", "CCCD/CMND", "Số định danh",
        "Số định danh cá nhân", "Căn cước công dân", "Số căn cước công dân", "CC/CCCD", "Số CC", "Số CC/CCCD", "Số ĐDCN", "Số CCCD/CMND", "Số CMND/CCCD"];
    Ethnicity = "ethnicity" ["Dân tộc"];
    Religion = "religion" ["Tôn giáo"];
    Health = "health" ["Sức khỏe", "Tình trạng sức khỏe", "Bệnh tật"];
    Offence = "offence" ["Tội danh", "Tội", "Phạm tội", "Hành vi phạm tội", "Tội phạm"];
    Penalty = "penalty" ["Hình phạt", "Mức án", "Án phạt", "Thời hạn", "Hình phạt, mức án", "Mức hình phạt", "Án", "Bản án", "Thời hạn tù", "Hình phạt chính"];
    SentencedOn = "sentenced_on" ["Ngày xử", "Ngày bản án", "Ngày tuyên án", "Ngày xét xử"];
    Court = "court" ["Tòa án", "Tòa xử", "Tòa án xét xử", "TAND"];
    Officer = "officer" ["Cán bộ phụ trách", "Cán bộ", "Cán bộ được phân công", "Người phụ trách", "Cán bộ quản lý", "CB phụ trách", "Phụ trách",
        "Tên đăng nhập cán bộ", "Officer"];
    Group = "group" ["Phân loại", "Xếp loại", "Loại", "Nhóm", "Phân loại A, B, C, D", "Phân loại A-D", "Group"];
    GroupSince = "group_since" ["Ngày phân loại", "Ngày xếp loại", "Phân loại ngày"];
    Note = "note" ["Ghi chú", "Ghi chép", "Nhận xét", "Ghi nhận", "Note", "Notes"];
    /// Yes: whoever may be this person, by a record that is there, is somebody else.
    NotADouble = "not_a_double" ["Người khác", "Là người khác", "Không trùng", "Somebody else"];
    /// Looked at by nobody: the running number, and the reason that the program itself has added to a refused row.
    Skip = "skip" ["STT", "S.T.T", "TT", "Số TT", "Số thứ tự", "#", "No", "Lý do", "Dòng"];
}

static BY_HEADING: LazyLock<HashMap<String, Field>> = LazyLock::new(|| {
    let pairs = HEADINGS.iter().flat_map(|(field, all)| all.iter().map(|heading| (key(heading), *field)));
    pairs.collect()
});

/// A heading without marks, capitals, signs and what stands in brackets: `Ngày sinh (dd/mm/yyyy)*` is `ngay sinh`.
fn key(heading: &str) -> String {
    let mut depth = 0_u32;
    let bare: String = text::fold(heading)
        .chars()
        .filter_map(|c| match c {
            '(' | '[' => {
                depth += 1;
                None
            }
            ')' | ']' => {
                depth = depth.saturating_sub(1);
                None
            }
            _ if depth > 0 => None,
            c if c.is_alphanumeric() || c == '#' => Some(c),
            _ => Some(' '),
        })
        .collect();
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a column is called first of all.
pub fn heading_of(field: Field) -> &'static str {
    HEADINGS.iter().find(|(known, _)| *known == field).and_then(|(_, headings)| headings.first()).unwrap_or(&"")
}

/// The column that goes under this heading, if it is one that the import knows.
pub fn field_of(heading: &str) -> Option<Field> {
    BY_HEADING.get(&key(heading)).copied()
}

/// Phrases of the lists for each legal basis.
const REGIMES: &[(Regime, &[&str])] = &[
    (Regime::Completed, &["mãn hạn", "chấp hành xong", "ra tù", "hết hạn tù", "mãn án", "hết án", "R1", "completed"]),
    (Regime::Amnestied, &["đặc xá", "R2", "amnestied"]),
    (
        Regime::ConditionalRelease,
        &[
            "tha tù trước thời hạn",
            "tha trước thời hạn",
            "tha tù có điều kiện",
            "tha có điều kiện",
            "R3",
            "conditional release",
        ],
    ),
    (Regime::SuspendedSentence, &["án treo", "R4", "suspended sentence"]),
    (Regime::NonCustodialReform, &["cải tạo không giam giữ", "CTKGG", "R5", "non custodial reform"]),
    (Regime::PostSentenceSupervision, &["quản chế", "cấm cư trú", "R6", "post sentence supervision"]),
    (
        Regime::Postponed,
        &[
            "hoãn chấp hành",
            "hoãn thi hành",
            "hoãn án",
            "tạm đình chỉ",
            "tạm hoãn",
            "hoãn tạm đình chỉ",
            "R7",
            "postponed",
        ],
    ),
];

static REGIME_PHRASES: LazyLock<Vec<(Regime, String)>> = LazyLock::new(|| {
    let pairs =
        REGIMES.iter().flat_map(|(regime, all)| all.iter().map(|phrase| (*regime, format!(" {} ", key(phrase)))));
    pairs.collect()
});

/// The legal basis that a cell names. `None`: none of ours, or two at once, which a person must decide.
pub fn regime_of(cell: &str) -> Option<Regime> {
    let words = format!(" {} ", key(&cell.replace('_', " ")));
    // Alone it is the basis; inside a sentence it may be half of another word's ("hoàn thành").
    if words == " hoan " {
        return Some(Regime::Postponed);
    }
    let mut found: Vec<Regime> =
        REGIME_PHRASES.iter().filter(|(_, phrase)| words.contains(phrase)).map(|(regime, _)| *regime).collect();
    found.dedup();
    match found.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

pub fn sex_of(cell: &str) -> Option<Sex> {
    match key(cell).as_str() {
        "nam" | "m" | "male" | "trai" => Some(Sex::Male),
        "nu" | "f" | "female" | "gai" => Some(Sex::Female),
        _ => None,
    }
}

/// `A`, `loại B`, `Nhóm C`, `D (đang tạm giam)`.
pub fn group_of(cell: &str) -> Option<Group> {
    let words = key(cell);
    let letter = words.split(' ').find(|word| !matches!(*word, "loai" | "nhom" | "phan" | "xep"))?;
    letter.to_uppercase().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn headings_are_known_however_they_are_written() {
        for (heading, field) in [
            ("HỌ VÀ TÊN", Field::Name),
            ("ho va ten", Field::Name),
            ("Họ tên (*)", Field::Name),
            ("Ngày, tháng,\nnăm sinh", Field::Birth),
            ("Năm sinh (dd/mm/yyyy)", Field::Birth),
            ("SĐT", Field::Phone),
            ("Số CCCD/CMND", Field::IdNumber),
            ("Khóm, ấp", Field::Hamlet),
            ("Khu phố", Field::Hamlet),
            ("Diện", Field::Regime),
            ("Ngày về", Field::ReceivedOn),
            ("Cán bộ phụ trách:", Field::Officer),
            ("S.T.T", Field::Skip),
            ("Lý do", Field::Skip),
            ("Mức án", Field::Penalty),
        ] {
            assert_eq!(field_of(heading), Some(field), "{heading}");
            assert_eq!(field_of(&heading.nfd().collect::<String>()), Some(field), "{heading} decomposed");
        }
        for heading in ["", "Họ tên cha", "Vợ chồng", "Kết quả", "123"] {
            assert_eq!(field_of(heading), None, "{heading}");
        }
    }

    #[test]
    fn no_heading_stands_for_two_columns() {
        let count: usize = HEADINGS
            .iter()
            .map(|(field, all)| {
                let keys: std::collections::HashSet<String> = all.iter().map(|heading| key(heading)).collect();
                for heading in &keys {
                    assert_eq!(BY_HEADING.get(heading), Some(field), "{heading} is claimed twice");
                }
                keys.len()
            })
            .sum();
        assert_eq!(count, BY_HEADING.len());
    }

    #[test]
    fn the_basis_is_read_from_the_words_of_the_lists() {
        for (cell, regime) in [
            ("Mãn hạn tù", Regime::Completed),
            ("chấp hành xong hình phạt tù", Regime::Completed),
            ("ĐẶC XÁ", Regime::Amnestied),
            ("Đặc xá 2025", Regime::Amnestied),
            ("Tha tù trước thời hạn có điều kiện", Regime::ConditionalRelease),
            ("Án treo", Regime::SuspendedSentence),
            ("CTKGG", Regime::NonCustodialReform),
            ("Cải tạo không giam giữ", Regime::NonCustodialReform),
            ("Quản chế", Regime::PostSentenceSupervision),
            ("Hoãn", Regime::Postponed),
            ("Tạm đình chỉ chấp hành án", Regime::Postponed),
            ("Hoãn chấp hành hình phạt tù", Regime::Postponed),
            ("R3", Regime::ConditionalRelease),
            ("suspended_sentence", Regime::SuspendedSentence),
        ] {
            assert_eq!(regime_of(cell), Some(regime), "{cell}");
        }
        for cell in ["", "Hoàn thành", "Chấp hành xong án treo", "hộ nghèo", "treo"] {
            assert_eq!(regime_of(cell), None, "{cell}");
        }
    }

    #[test]
    fn groups_and_sexes_are_read() {
        for (cell, group) in
            [("A", Group::A), ("loại b", Group::B), ("Nhóm C", Group::C), ("D (đang tạm giam)", Group::D)]
        {
            assert_eq!(group_of(cell), Some(group), "{cell}");
        }
        for cell in ["", "E", "loại", "tốt", "AB"] {
            assert_eq!(group_of(cell), None, "{cell}");
        }
        assert_eq!((sex_of("Nữ"), sex_of(" NAM "), sex_of("khác")), (Some(Sex::Female), Some(Sex::Male), None));
    }
}
