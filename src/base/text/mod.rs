//! What people type: lines, notes, names, numbers, days, money. Pure functions; imports only the words.
//!
//! Text is stored in NFC without hidden characters ([`clean_line`], [`clean_note`]), shown as typed, and
//! found by its [`fold`]ed key. A refusal is a [`TextFault`], whose [`code`](TextFault::code) names the
//! sentence that the form shows beside the field.

mod cells;
mod days;
mod names;
mod numbers;

pub use cells::{harmless_cell, is_risky_cell, without_guard};
pub use days::{BirthPrecision, parse_birth, parse_day, show_birth, show_day, show_day_short, weekday_key};
pub use names::{fold, initials, name_sort_key};
pub use numbers::{IdNumber, Phone, id_number, parse_vnd, show_vnd};

use unicode_normalization::UnicodeNormalization;

/// Why a typed text cannot be taken. Carries nothing of the text itself, so it may be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum TextFault {
    #[error("nothing was typed")]
    Empty,
    #[error("the text is longer than the field allows")]
    TooLong,
    #[error("the text holds a control character")]
    ControlCharacter,
    #[error("the text holds a character that turns the direction of writing")]
    BidiCharacter,
    #[error("the text holds a character that cannot be seen")]
    HiddenCharacter,
    #[error("this is not a Vietnamese telephone number in use")]
    NotAPhone,
    #[error("an identity number has 12 digits, the old card 9")]
    NotAnIdNumber,
    #[error("this is not a day")]
    NotADate,
    #[error("this is not a birth date")]
    NotABirthDate,
    #[error("this is not a sum in whole dong")]
    NotAnAmount,
    #[error("the text is in TCVN3 or VNI, not in Unicode")]
    OldEncoding,
}

impl TextFault {
    /// The word for it in field errors, in the API and in `locales/`; never renamed.
    pub const fn code(self) -> &'static str {
        match self {
            TextFault::Empty => "empty",
            TextFault::TooLong => "too_long",
            TextFault::ControlCharacter => "control_character",
            TextFault::BidiCharacter => "bidi_character",
            TextFault::HiddenCharacter => "hidden_character",
            TextFault::NotAPhone => "not_a_phone",
            TextFault::NotAnIdNumber => "not_an_id_number",
            TextFault::NotADate => "not_a_date",
            TextFault::NotABirthDate => "not_a_birth_date",
            TextFault::NotAnAmount => "not_an_amount",
            TextFault::OldEncoding => "old_encoding",
        }
    }
}

/// One line of text for storing: NFC, trimmed, each run of spaces and tabs made one space.
///
/// `max_chars` counts Unicode scalar values after that. White space of any kind is trimmed at both ends.
///
/// Errors: `Empty`; `TooLong`; `ControlCharacter` (C0 and C1, a line break inside the line too);
/// `BidiCharacter` (U+061C, 200E–200F, 202A–202E, 2066–2069); `HiddenCharacter` (zero-width and filler
/// characters, which make two names look the same).
pub fn clean_line(typed: &str, max_chars: usize) -> Result<String, TextFault> {
    let line = tidy(typed)?;
    measured(line, max_chars)
}

/// As [`clean_line`], for a field that may stay blank: blank is `None`, not an error.
pub fn clean_line_opt(typed: &str, max_chars: usize) -> Result<Option<String>, TextFault> {
    blank_is_none(clean_line(typed, max_chars))
}

/// A text of several lines for storing: each line as [`clean_line`] leaves it, joined by `\n`.
///
/// CRLF, CR and the Unicode line and paragraph separators become `\n`; blank lines inside are kept, those
/// at both ends go. `max_chars` counts the line breaks too. Errors as for [`clean_line`].
pub fn clean_note(typed: &str, max_chars: usize) -> Result<String, TextFault> {
    let text = typed.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let lines = text.split('\n').map(tidy).collect::<Result<Vec<_>, _>>()?;
    measured(lines.join("\n").trim_matches('\n').to_owned(), max_chars)
}

/// As [`clean_note`], for a field that may stay blank: blank is `None`, not an error.
pub fn clean_note_opt(typed: &str, max_chars: usize) -> Result<Option<String>, TextFault> {
    blank_is_none(clean_note(typed, max_chars))
}

/// Whether a text looks like TCVN3 or VNI letters read as Latin-1 ("NguyÔn V¨n", "Nguyeãn Vaên").
///
/// Meant for one cell of an old sheet. A word counts when it is no Vietnamese syllable as it stands but
/// becomes one when decoded: one such word that nobody writes otherwise (a sign inside a word, a capital
/// after small letters, a doubled vowel) is enough, of mere odd letters ("Hïng") two different words are
/// needed. Unicode Vietnamese (NFC or NFD), English, and most European names do not count; words that are
/// the same or good Vietnamese in both readings ("Nam", "Vò") cannot.
pub fn looks_like_old_encoding(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    let text: String = text.nfc().collect();
    let mut odd: Vec<String> = Vec::new();
    for word in text.split(|c: char| !c.is_alphabetic() && !TCVN3_SIGNS.contains(c)) {
        let unicode = word.chars().any(|c| c > '\u{ff}' && c != 'μ');
        if word.is_ascii() || word.chars().count() < 2 || unicode || NOT_OLD.contains(&word.to_lowercase().as_str()) {
            continue;
        }
        match old_word(word) {
            Doubt::None => {}
            Doubt::Sure => return true,
            Doubt::Odd => odd.push(word.to_lowercase()),
        }
    }
    odd.sort_unstable();
    odd.dedup();
    odd.len() >= 2
}

/// NFC, trimmed, spaces collapsed; refuses what may not be stored. Blank comes back empty.
fn tidy(typed: &str) -> Result<String, TextFault> {
    let mut line = String::with_capacity(typed.len());
    for c in typed.trim().nfc() {
        let space = c == '\t' || (c.is_whitespace() && !c.is_control());
        match c {
            _ if space => {}
            _ if c.is_control() => return Err(TextFault::ControlCharacter),
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                return Err(TextFault::BidiCharacter);
            }
            _ if is_hidden(c) => return Err(TextFault::HiddenCharacter),
            _ => line.push(c),
        }
        if space && !line.ends_with(' ') {
            line.push(' ');
        }
    }
    Ok(line)
}

/// Characters that take no room on the screen, or look like a space and are none.
pub(super) fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn measured(text: String, max_chars: usize) -> Result<String, TextFault> {
    match text.chars().count() {
        0 => Err(TextFault::Empty),
        n if n > max_chars => Err(TextFault::TooLong),
        _ => Ok(text),
    }
}

fn blank_is_none(cleaned: Result<String, TextFault>) -> Result<Option<String>, TextFault> {
    match cleaned {
        Err(TextFault::Empty) => Ok(None),
        other => other.map(Some),
    }
}

// Old encodings.

/// Signs of Latin-1 that TCVN3 uses as letters.
const TCVN3_SIGNS: &str = "¡¢£¤¥¦§¨©ª«¬\u{ad}®µμ¶·¸¹»¼½¾×÷";
/// TCVN3 read as Latin-1 (left), and the letter it stood for.
const TCVN3: &str = "¡Ă ¢Â £Ê ¤Ô ¥Ơ ¦Ư §Đ ¨ă ©â ªê «ô ¬ơ \u{ad}ư ®đ µà μà ¶ả ·ã ¸á ¹ạ »ằ ¼ẳ ½ẵ ¾ắ Æặ Çầ Èẩ Éẫ Êấ Ëậ \
    Ìè Îẻ Ïẽ Ðé Ñẹ Òề Óể Ôễ Õế Öệ ×ì Øỉ Üĩ Ýí Þị ßò áỏ âõ ãó äọ åồ æổ çỗ èố éộ êờ ëở ìỡ íớ îợ ïù ñủ òũ óú ôụ õừ \
    öử ÷ữ øứ ùự úỳ ûỷ üỹ ýý þỵ";
/// VNI: a vowel and the letter after it, and the one letter that the two stood for.
const VNI_PAIRS: &str = "aøà aùá aûả aõã aïạ aââ aáấ aàầ aåẩ aãẫ aäậ aêă aéắ aèằ aúẳ aüẵ aëặ eøè eùé eûẻ eõẽ eïẹ \
    eâê eáế eàề eåể eãễ eäệ oøò oùó oûỏ oõõ oïọ oâô oáố oàồ oåổ oãỗ oäộ ôøờ ôùớ ôûở ôõỡ ôïợ uøù uùú uûủ uõũ uïụ \
    öøừ öùứ öûử öõữ öïự yøỳ yùý yûỷ yõỹ";
/// VNI: letters that stand alone.
const VNI_ALONE: &str = "ôơ öư ñđ íí ìì æỉ óĩ òị îỵ";
/// Foreign words that would decode to a syllable.
const NOT_OLD: &[&str] = &["où", "loïc", "caïn", "seán"];

/// What a word says about the encoding, the surer the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Doubt {
    None,
    Odd,
    Sure,
}

fn old_word(word: &str) -> Doubt {
    let lower = word.to_lowercase();
    let fine = is_syllable(&lower);
    let chars: Vec<char> = word.chars().collect();
    let accented_capital = |c: char| c.is_uppercase() && !c.is_ascii();
    let sign_inside = |c: char| TCVN3_SIGNS.contains(c) && !"\u{ad}×".contains(c);
    let capital_inside = |pair: &[char]| pair[0].is_lowercase() && accented_capital(pair[1]);
    let tcvn3 = match decode_tcvn3(word) {
        Some(read) if is_syllable(&read) => {
            let sure = matches!(chars.first(), Some('§' | '®'))
                || chars.iter().skip(1).any(|&c| sign_inside(c))
                || chars.windows(2).skip(1).any(capital_inside);
            if sure {
                Doubt::Sure
            } else if fine {
                Doubt::None
            } else {
                Doubt::Odd
            }
        }
        _ => Doubt::None,
    };
    let vni = match decode_vni(&lower) {
        Some((read, sure)) if !fine && is_syllable(&read) => {
            if sure {
                Doubt::Sure
            } else {
                Doubt::Odd
            }
        }
        _ => Doubt::None,
    };
    tcvn3.max(vni)
}

/// The word as TCVN3 meant it, in small letters; `None` if a letter is not of TCVN3.
fn decode_tcvn3(word: &str) -> Option<String> {
    let read = |c: char| match c.is_ascii() {
        true => Some(c.to_ascii_lowercase()),
        false => TCVN3.split_whitespace().find_map(|entry| entry.strip_prefix(c)?.chars().next()),
    };
    Some(word.chars().map(read).collect::<Option<String>>()?.to_lowercase())
}

/// The word as VNI meant it, and whether it holds what no other spelling has; `None` if it is not of VNI.
fn decode_vni(lower: &str) -> Option<(String, bool)> {
    let (mut read, mut sure, mut rest) = (String::new(), lower.contains("öô"), lower);
    while let Some(first) = rest.chars().next() {
        let take = |table: &str| {
            table.split_whitespace().find_map(|entry| {
                let to = entry.chars().next_back()?;
                let from = &entry[..entry.len() - to.len_utf8()];
                rest.strip_prefix(from).map(|left| (to, left))
            })
        };
        let (letter, left) = match take(VNI_PAIRS) {
            Some(pair) => {
                sure = true;
                pair
            }
            None if first.is_ascii_lowercase() => (first, &rest[1..]),
            None => take(VNI_ALONE)?,
        };
        sure |= first == 'ñ' && read.is_empty();
        read.push(letter);
        rest = left;
    }
    Some((read, sure))
}

const ONSETS: &str = "ngh ng nh gh gi kh ph qu th tr ch b c d đ g h k l m n p r s t v x";
/// Vowels of a Vietnamese syllable that may stand open.
const OPEN: &str = "a ai ao au ay âu ây e eo ê êu i ia iêu iu o oa oai oao oay oe oeo oi ô ôi ơ ơi u ua ui uê uôi \
    uơ uy uya uyu uây ư ưa ưi ươi ươu ưu y yêu";
/// Vowels that may stand before a final consonant.
const CLOSED: &str = "a ă â e ê i iê o oa oă oe oo ô ơ u uâ uê uô uy uyê ư ươ y yê";
const CODAS: &str = "c ch m n ng nh p t";
/// Open vowels of two letters that may bear the tone on the last one (`hoà`, not `baù`).
const TONE_LAST: &str = "oa oe uê uơ uy";

/// Whether a word in small letters, NFC, has the shape of one Vietnamese syllable with at most one tone.
fn is_syllable(word: &str) -> bool {
    let is_tone = |c: &char| names::TONES.contains(c);
    if word.nfd().filter(is_tone).count() > 1 {
        return false;
    }
    let tone_last = word.chars().next_back().is_some_and(|c| c.nfd().any(|c| is_tone(&c)));
    let plain: String = word.nfd().filter(|c| !is_tone(c)).nfc().collect();
    let listed = |list: &str, part: &str| list.split_whitespace().any(|entry| entry == part);
    let rhyme = |part: &str| {
        let at = part.find(|c: char| !"aăâeêioôơuưy".contains(c)).unwrap_or(part.len());
        let (vowels, coda) = part.split_at(at);
        match coda {
            "" if tone_last && vowels.chars().count() > 1 => listed(TONE_LAST, vowels),
            "" => listed(OPEN, vowels),
            _ => listed(CLOSED, vowels) && listed(CODAS, coda),
        }
    };
    let after_gi = plain.strip_prefix('g').is_some_and(|rest| rest.starts_with('i') && rhyme(rest));
    let fits = |onset: &str, rest: &str| rhyme(rest) && !(onset == "qu" && rest.starts_with(['o', 'u', 'ư']));
    after_gi
        || rhyme(&plain)
        || ONSETS.split_whitespace().any(|onset| plain.strip_prefix(onset).is_some_and(|rest| fits(onset, rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_stored_in_one_form() {
        let decomposed: String = "  Nguyễn\u{a0}Văn\t Đức \n".nfd().collect();
        assert_eq!(clean_line(&decomposed, 40).unwrap(), "Nguyễn Văn Đức");
        assert_eq!(clean_line("Đức", 3).unwrap(), "Đức");
        assert_eq!(clean_line("Đức".nfd().collect::<String>().as_str(), 3).unwrap(), "Đức");
        assert_eq!(clean_line("Đức", 2), Err(TextFault::TooLong));
        assert_eq!(clean_line(" \n\u{3000}", 9), Err(TextFault::Empty));
        assert_eq!(clean_line_opt(" \t", 9), Ok(None));
        assert_eq!(clean_line_opt(" x ", 9), Ok(Some("x".into())));
        assert_eq!(clean_line_opt("xyz", 2), Err(TextFault::TooLong));
    }

    #[test]
    fn what_deceives_the_eye_is_refused() {
        for c in ('\0'..='\u{9f}').filter(|c| c.is_control() && *c != '\t') {
            assert_eq!(clean_line(&format!("a{c}b"), 9), Err(TextFault::ControlCharacter), "{c:?}");
        }
        for c in ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}').chain("\u{200e}\u{200f}\u{61c}".chars()) {
            assert_eq!(clean_line(&format!("a{c}b"), 9), Err(TextFault::BidiCharacter), "{c:?}");
            assert_eq!(clean_note(&format!("{c}b"), 9), Err(TextFault::BidiCharacter), "{c:?}");
        }
        for c in "\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}\u{ad}\u{3164}".chars() {
            assert_eq!(clean_line(&format!("{c}ab"), 9), Err(TextFault::HiddenCharacter), "{c:?}");
            assert_eq!(clean_note(&format!("a\n{c}"), 9), Err(TextFault::HiddenCharacter), "{c:?}");
        }
    }

    #[test]
    fn a_note_keeps_its_lines() {
        assert_eq!(
            clean_note("\r\n Gặp  mẹ \r\n\r\nHẹn\tlại\rthứ Hai \n\n", 99).unwrap(),
            "Gặp mẹ\n\nHẹn lại\nthứ Hai"
        );
        assert_eq!(clean_note("a\nb", 3).unwrap(), "a\nb");
        assert_eq!(clean_note("a\nbc", 3), Err(TextFault::TooLong));
        assert_eq!(clean_note("a\u{1b}[2Jb", 99), Err(TextFault::ControlCharacter));
        assert_eq!(clean_note_opt(" \r\n \n", 9), Ok(None));
        assert_eq!(clean_note_opt("a", 9), Ok(Some("a".into())));
    }

    #[test]
    fn cleaning_twice_changes_nothing() {
        for typed in ["  Lê\u{2003}Thị  Hoà ", "a\u{340}b", "Ẩn\tdanh", "\u{1100}\u{1161}"] {
            let once = clean_line(typed, 99).unwrap();
            assert_eq!(clean_line(&once, 99).unwrap(), once);
            assert_eq!(clean_note(&once, 99).unwrap(), once);
        }
    }

    /// Invented names, as people write them today.
    const NAMES: [&str; 30] = [
        "Nguyễn Văn Đức",
        "Trần Thị Hòa",
        "Trần Thị Hoà",
        "Lê Minh Thuý",
        "Phạm Quốc Toản",
        "Huỳnh Ngọc Ẩn",
        "Hoàng Thế Vũ",
        "Võ Hữu Nghĩa",
        "Đặng Thuỳ Dương",
        "Bùi Xuân Quỳnh",
        "Đỗ Khắc Huấn",
        "Hồ Mỹ Lệ",
        "Ngô Quý Đôn",
        "Dương Thị Xuyến",
        "Lý Gia Hưng",
        "Tạ Đình Giáp",
        "Mai Thị Ngoan",
        "Cao Bá Loã",
        "Đinh Công Tuấn",
        "Trịnh Hoài Sơn",
        "Lương Khánh Duyên",
        "Phan Như Ý",
        "Châu Thị Sóc Kha",
        "Néang Sa Rây",
        "Trương Vĩnh Phước",
        "Kiều Oanh",
        "Đoàn Thị Út",
        "Giàng A Pao",
        "Vâ Thị Chính",
        "TÔn Thị Bé",
    ];
    /// Thirty more in TCVN3, then thirty in VNI.
    const TCVN3_NAMES: [&str; 30] = [
        "NguyÔn V¨n §øc",
        "TrÇn ThÞ Hoµ",
        "Lª Minh Thuý",
        "Ph¹m Quèc To¶n",
        "Huúnh Ngäc Èn",
        "Hoµng ThÕ Vò",
        "Vâ H÷u NghÜa",
        "§Æng Thïy D\u{ad}¬ng",
        "Bïi Xu©n Quúnh",
        "§ç Kh¾c HuÊn",
        "Hå Mü LÖ",
        "Ng« Quý §«n",
        "D\u{ad}¬ng ThÞ XuyÕn",
        "Lý Gia H\u{ad}ng ThÞnh",
        "T¹ §×nh Gi¸p",
        "Mai ThÞ Ngoan",
        "Cao B¸ Lo·",
        "§inh C«ng TuÊn",
        "TrÞnh Hoµi S¬n",
        "L\u{ad}¬ng Kh¸nh Duyªn",
        "Phan Nh\u{ad} ý ThÞ",
        "Ch©u ThÞ Sãc",
        "Tr\u{ad}¬ng VÜnh Ph\u{ad}íc",
        "KiÒu Oanh",
        "§oµn ThÞ ót",
        "V\u{ad}¬ng §×nh HuÖ",
        "NGUYÔN V¨N B×NH",
        "Hïng Hång",
        "TrÇn V¨n Nam",
        "§ång ThÞ Mai",
    ];
    const VNI_NAMES: [&str; 30] = [
        "Nguyeãn Vaên Ñöùc",
        "Traàn Thò Hoøa",
        "Leâ Minh Thuùy",
        "Phaïm Quoác Toaûn",
        "Huyønh Ngoïc AÅn",
        "Hoaøng Theá Vuõ",
        "Voõ Höõu Nghóa",
        "Ñaëng Thuøy Döông",
        "Buøi Xuaân Quyønh",
        "Ñoã Khaéc Huaán",
        "Hoà Myõ Leä",
        "Ngoâ Quyù Ñoân",
        "Döông Thò Xuyeán",
        "Lyù Gia Höng",
        "Taï Ñình Giaùp",
        "Mai Thò Ngoïc",
        "Cao Baù Loaõ",
        "Ñinh Coâng Tuaán",
        "Trònh Hoaøi Sôn",
        "Löông Khaùnh Duyeân",
        "Phan Nhö YÙ",
        "Chaâu Thò Soùc",
        "Tröông Vónh Phöôùc",
        "Kieàu Oanh",
        "Ñoaøn Thò UÙt",
        "Vöông Ñình Hueä",
        "NGUYEÃN VAÊN BÌNH",
        "Mai Quoác Linh",
        "Traàn Vaên Nam",
        "Ñoàng Thò Mai",
    ];
    const OTHERS: [&str; 30] = [
        "Mary O'Brien",
        "naïve café",
        "résumé, façade",
        "Zoë Müller",
        "Noël Løvås",
        "François Citroën",
        "Loïc Caïn, où, Seán",
        "août à Paris",
        "El Niño, jalapeño",
        "Ñandú",
        "Björn Ångström",
        "Søren Kierk",
        "Jürgen Weiß",
        "Haïti, Zaïre",
        "Raphaël, Michaël",
        "«Văn bản số 5»",
        "«An»",
        "bản¹ Lan¹",
        "§ 5, § 12",
        "5 µm, 3 µg",
        "Microsoft® ©2026",
        "12 m² × 4 m",
        "±5 °C",
        "£5, ¥300",
        "Ha·noi",
        "a × b = c",
        "½ giờ, 1½ ngày",
        "…–—“”",
        "infor\u{ad}mation",
        "nGUYỄN vĂN lÝ",
    ];

    #[test]
    fn old_encodings_are_seen() {
        for name in TCVN3_NAMES.iter().chain(&VNI_NAMES) {
            assert!(looks_like_old_encoding(name), "{name}");
        }
    }

    #[test]
    fn unicode_and_other_languages_are_left_alone() {
        for name in NAMES.iter().chain(&OTHERS) {
            let decomposed: String = name.nfd().collect();
            for form in [name.to_string(), decomposed, name.to_uppercase(), name.to_lowercase()] {
                assert!(!looks_like_old_encoding(&form), "{form}");
            }
        }
    }

    #[test]
    fn every_syllable_of_a_true_name_has_the_shape() {
        let foreign = ["sóc", "néang", "vâ", "tôn"];
        for word in NAMES.iter().flat_map(|name| name.split(' ')).map(str::to_lowercase) {
            assert!(is_syllable(&word) || foreign.contains(&word.as_str()), "{word}");
        }
        for word in ["nguyôn", "hoaà", "strong", "huúnh", "baù", "quoác", "ă", "b", ""] {
            assert!(!is_syllable(word), "{word}");
        }
    }

    #[test]
    fn codes_are_stable() {
        assert_eq!(TextFault::TooLong.code(), "too_long");
        assert_eq!(TextFault::OldEncoding.code(), "old_encoding");
    }
}
