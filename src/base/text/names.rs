//! Names: how they are found, sorted and shortened.
//!
//! A name is one field in the order family, middle, given. It is shown as typed; everything else derives.

use super::is_hidden;
use icu_collator::{CollatorBorrowed, options::CollatorOptions};
use icu_locale_core::locale;
use std::sync::OnceLock;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The tone marks: huyền, sắc, ngã, hỏi, nặng.
pub(super) const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];

/// The key by which a name or place is found: small letters without any mark, words parted by one space.
///
/// What people write in different ways meets: NFC and NFD, `Hoà` and `Hòa`, `Đ`, `Ð` (eth) and `D`, `Lý`
/// and `Lí`, `Quý` and `Quí`, capitals, straight and curly apostrophes. A `y` turns to `i` when it is the
/// only vowel and ends the syllable after a consonant, and always after `qu` (so that the key of "Quy"
/// begins the key of "Quyên"). The key is for comparing, never for showing; folding it again changes
/// nothing.
pub fn fold(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in text.nfd().filter(|c| !is_combining_mark(*c) && !is_hidden(*c)) {
        match c {
            'đ' | 'Đ' | 'ð' | 'Ð' | 'ɖ' | 'Ɖ' => key.push('d'),
            '’' | '‘' | 'ʼ' | '´' | '`' => key.push('\''),
            _ if c.is_whitespace() => key.push(' '),
            _ => key.extend(c.to_lowercase().filter(|c| !is_combining_mark(*c))),
        }
    }
    let words: Vec<String> = key.split_whitespace().map(one_i).collect();
    words.join(" ")
}

/// The bytes by which names sort in Vietnamese order: given name (last word), family (first), middle.
///
/// Compare as plain bytes (a BLOB or `bytea` column). Letters run a ă â … d đ … e ê … o ô ơ … u ư, tones
/// ngang huyền hỏi ngã sắc nặng; a shorter name stands before a longer one; capitals, NFC or NFD and the
/// place of the tone do not count, so equal keys need a second order (the id). Blank gives the least key.
pub fn name_sort_key(name: &str) -> Vec<u8> {
    let words: Vec<String> = name.split_whitespace().map(plain_order).collect();
    let (given, family, middle) = match words.as_slice() {
        [] => (String::new(), String::new(), String::new()),
        [given] => (given.clone(), String::new(), String::new()),
        [family, middle @ .., given] => (given.clone(), family.clone(), middle.join(" ")),
    };
    let mut key = Vec::new();
    for (at, part) in [given, family, middle].iter().enumerate() {
        if at > 0 {
            key.push(0); // below every byte of a sort key
        }
        match collator() {
            Some(collator) => {
                let Ok(()) = collator.write_sort_key_to(part, &mut key);
            }
            None => key.extend(fold(part).bytes()),
        }
    }
    key
}

/// A name for where few may read it: "Nguyễn Văn Đức" gives "N.V.Đ."; the tone is dropped (Ấn gives Â).
pub fn initials(name: &str) -> String {
    let letter = |word: &str| word.nfc().find(|c| c.is_alphabetic());
    let mut short = String::new();
    for first in name.split_whitespace().filter_map(letter) {
        let toneless = first.nfd().filter(|c| !TONES.contains(c)).nfc();
        short.extend(toneless.flat_map(char::to_uppercase));
        short.push('.');
    }
    short
}

/// Writes `y` as `i` in each syllable of a folded word where the two are one sound.
fn one_i(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for part in word.split_inclusive(|c: char| !c.is_alphabetic()) {
        let syllable = part.trim_end_matches(|c: char| !c.is_alphabetic());
        let consonants = |s: &str| !s.is_empty() && !s.contains(['a', 'e', 'i', 'o', 'u', 'y']);
        if syllable.strip_suffix('y').is_some_and(consonants) {
            out.push_str(&part.replacen('y', "i", 1));
        } else if syllable.starts_with("quy") {
            out.push_str(&part.replacen("quy", "qui", 1));
        } else {
            out.push_str(part);
        }
    }
    out
}

/// A word in small letters with its tone at the end, so that `hòa` and `hoà` sort as one.
fn plain_order(word: &str) -> String {
    let lower: String = word.to_lowercase().nfd().filter(|c| !is_hidden(*c)).collect();
    let (tones, letters): (Vec<char>, Vec<char>) = lower.chars().partition(|c| TONES.contains(c));
    let same = |c| match c {
        'ð' | 'ɖ' => 'đ',
        _ => c,
    };
    letters.into_iter().map(same).chain(tones).collect()
}

/// The Vietnamese collator, made once. Its data is compiled in, so it is always there.
fn collator() -> Option<&'static CollatorBorrowed<'static>> {
    static VIETNAMESE: OnceLock<Option<CollatorBorrowed<'static>>> = OnceLock::new();
    let made = || CollatorBorrowed::try_new(locale!("vi").into(), CollatorOptions::default()).ok();
    VIETNAMESE.get_or_init(made).as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_name_is_found_however_it_is_written() {
        assert_eq!(fold("Nguyễn Văn ĐỨC"), "nguyen van duc");
        assert_eq!(fold("  nguyen\u{a0}van \t duc"), "nguyen van duc");
        for (a, b) in [
            ("hoà", "hòa"),
            ("thúy", "thuý"),
            ("Ðức", "Đức"),
            ("Ɖức", "ɖuc"),
            ("Lý", "Lí"),
            ("Mỹ", "Mĩ"),
            ("Thy", "Thi"),
            ("Quý", "Quí"),
            ("Quỳnh", "Quình"),
            ("Kỳ-Vỹ", "ki-vi"),
            ("Dương", "DUONG"),
            ("H’Bia", "h'bia"),
            ("An\u{200b}h", "anh"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} {b}");
        }
        for (a, b) in [
            ("Thùy", "Thủ"),
            ("Thúy", "Thúi"),
            ("Mây", "Mai"),
            ("Ý", "I"),
            ("Huy", "Hui"),
            ("Tuyên", "Tuiên"),
            ("Duy", "Dui"),
        ] {
            assert_ne!(fold(a), fold(b), "{a} {b}");
        }
        assert!(fold("Quyên").starts_with(&fold("Quy")));
        assert_eq!(fold(""), "");
        assert_eq!(fold("İĞ"), "ig");
        for c in ('\0'..='\u{2fff}').step_by(3) {
            let key = fold(&format!("qu{c}y{c}y"));
            assert_eq!(fold(&key), key, "{c:?}");
        }
    }

    /// Ten families, ten middles, twenty rhymes whose tone has two places, five tones: 10,000 invented names.
    #[test]
    fn every_writing_of_a_name_has_one_key() {
        let families = ["Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Đặng", "Võ", "Bùi", "Đỗ", "Dương"];
        let middles = ["Văn", "Thị", "Hữu", "Đức", "Ngọc", "Kỳ", "Như", "Thế", "Mỹ", "Quốc"];
        let onsets = ["h", "t", "l", "x", "kh", "th", "ng"];
        let rhymes = ["oa", "oe", "uy"];
        let givens: Vec<[&str; 2]> = onsets.iter().flat_map(|o| rhymes.map(|r| [*o, r])).take(20).collect();
        let mut keys = HashSet::new();
        let mut names = 0;
        for (family, middle) in families.iter().flat_map(|f| middles.map(|m| (f, m))) {
            for ([onset, rhyme], tone) in givens.iter().flat_map(|g| TONES.map(|t| (g, t))) {
                let (first, last) = rhyme.split_at(1);
                let old: String = format!("{family} {middle} {onset}{first}{tone}{last}").nfc().collect();
                let new: String = format!("{family} {middle} {onset}{first}{last}{tone}").nfc().collect();
                assert_ne!(old, new);
                let key = fold(&old);
                for form in [
                    old.nfd().collect(),
                    old.to_uppercase(),
                    new.clone(),
                    new.nfd().collect(),
                    new.to_lowercase(),
                    key.clone(),
                ] {
                    assert_eq!(fold(&form), key, "{form}");
                }
                assert!(key.is_ascii());
                if names % 7 == 0 {
                    let order = name_sort_key(&old);
                    assert_eq!(name_sort_key(&new.to_uppercase()), order);
                    assert_eq!(name_sort_key(&new.nfd().collect::<String>()), order);
                }
                keys.insert(key);
                names += 1;
            }
        }
        assert_eq!((names, keys.len()), (10_000, 2_000));
    }

    fn assert_order(names: &[&str]) {
        for pair in names.windows(2) {
            assert!(name_sort_key(pair[0]) < name_sort_key(pair[1]), "{} < {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn letters_and_tones_run_as_in_the_dictionary() {
        assert!(collator().is_some());
        assert_order(&["ma", "mà", "mả", "mã", "má", "mạ"]);
        assert_order(&[
            "a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "g", "h", "i", "k", "l", "m", "n", "o", "ô", "ơ", "p",
        ]);
        assert_order(&["o", "ô", "ơ", "u", "ư", "v", "x", "y"]);
        assert_order(&["tan", "tàn", "tản", "tãn", "tán", "tạn", "tăn", "tân", "tần", "tận"]);
        assert_order(&["hoa", "hòa", "hỏa", "hoá", "hóan"]);
    }

    #[test]
    fn names_sort_by_given_then_family_then_middle() {
        assert_order(&[
            "",
            "An",
            "Bùi An",
            "Bùi Văn An",
            "Đỗ Văn An",
            "Lê An",
            "Lê Thị An",
            "Lê Văn An",
            "Trần Ân",
            "Võ Công Danh",
            "Lê Thị Dung",
            "Hồ Đào",
            "Nguyễn Thị Hòa",
            "Trần Thị Hoà",
            "Phạm Thị Hoàn",
        ]);
        assert_eq!(name_sort_key("LÊ  VĂN AN"), name_sort_key("lê văn an"));
        assert_ne!(name_sort_key("Lê Văn An"), name_sort_key("Lê Vân An"));
    }

    #[test]
    fn the_separator_is_below_every_sort_key_byte() {
        let collator = collator().unwrap();
        for c in ('!'..='\u{24ff}').chain('\u{1e00}'..='\u{1eff}').chain(['漢', '😀', '\u{10ffff}']) {
            let mut key = Vec::new();
            let Ok(()) = collator.write_sort_key_to(&c.to_string(), &mut key);
            assert!(!key.contains(&0), "{c:?}");
        }
    }

    #[test]
    fn initials_keep_the_letter_and_drop_the_tone() {
        assert_eq!(initials("Nguyễn Văn Đức"), "N.V.Đ.");
        assert_eq!(initials(&"trần thị  Ánh".nfd().collect::<String>()), "T.T.A.");
        assert_eq!(initials("Lê Ấn (Tư) 5"), "L.Â.T.");
        assert_eq!(initials(" "), "");
    }
}
