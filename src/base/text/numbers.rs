//! Telephone numbers, identity numbers, sums of money.

use super::{TextFault, fold};
use std::fmt;

/// A telephone number of Viet Nam, stored as `+84…` (E.164). `Debug` shows the last two digits only.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phone(String);

impl Phone {
    /// Reads a mobile (10 digits, 03 05 07 08 09) or a landline (11 digits, 02x).
    ///
    /// Takes `+84`, `0084` and `84` for the leading 0, and spaces, dots, dashes and brackets anywhere.
    /// Errors: `NotAPhone`, also for the old 11-digit mobiles (01x), which no longer ring.
    pub fn parse(typed: &str) -> Result<Phone, TextFault> {
        let typed = typed.trim();
        let (plus, rest) = match typed.strip_prefix('+') {
            Some(rest) => (true, rest),
            None => (false, typed),
        };
        let digits = digits_of(rest, ".-()–").ok_or(TextFault::NotAPhone)?;
        let abroad = if plus { digits.strip_prefix("84") } else { digits.strip_prefix("0084") };
        let national = match abroad {
            Some(rest) => rest.strip_prefix('0').unwrap_or(rest),
            None if plus => return Err(TextFault::NotAPhone),
            None => digits.strip_prefix("84").or(digits.strip_prefix('0')).ok_or(TextFault::NotAPhone)?,
        };
        let expected = match national.as_bytes().first() {
            Some(b'3' | b'5' | b'7' | b'8' | b'9') => 9,
            Some(b'2') => 10,
            _ => return Err(TextFault::NotAPhone),
        };
        if national.len() != expected {
            return Err(TextFault::NotAPhone);
        }
        Ok(Phone(format!("+84{national}")))
    }

    /// The stored form, `+84912345678`; also right for a `tel:` link.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As people write it: `0912 345 678`, `0296 3841 234`, `024 3841 2345`.
    pub fn display(&self) -> String {
        let national = self.0.trim_start_matches("+84");
        let cuts = match national {
            n if !n.starts_with('2') => (3, 6),
            n if n.starts_with("24") || n.starts_with("28") => (2, 6),
            _ => (3, 7),
        };
        let (area, rest) = national.split_at(cuts.0.min(national.len()));
        let (head, tail) = rest.split_at((cuts.1 - cuts.0).min(rest.len()));
        format!("0{area} {head} {tail}")
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone(•••{})", last_two(&self.0))
    }
}

/// An identity number as checked by [`id_number::check`]. `Debug` shows it masked.
#[derive(Clone, PartialEq, Eq)]
pub struct IdNumber {
    digits: String,
    /// A number of the old 9-digit card (CMND), kept as an old paper.
    pub old: bool,
    /// What does not fit, each a key: `sex_mismatch`, `year_mismatch`, `unknown_province`. Never a refusal.
    pub warnings: Vec<&'static str>,
}

impl IdNumber {
    /// The bare digits, 12 or 9.
    pub fn as_str(&self) -> &str {
        &self.digits
    }

    /// For the screen: `089•••••••23`. The full number is shown only on request, and that is logged.
    pub fn masked(&self) -> String {
        let (head, _) = self.digits.split_at(3.min(self.digits.len()));
        let hidden = "•".repeat(self.digits.len().saturating_sub(5));
        format!("{head}{hidden}{}", last_two(&self.digits))
    }
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdNumber({}, old: {}, {:?})", self.masked(), self.old, self.warnings)
    }
}

/// The number of the identity card (số định danh, căn cước).
pub mod id_number {
    use super::{IdNumber, TextFault, digits_of};

    /// Checks a number against the sex and birth year known from elsewhere.
    ///
    /// Digits 1–3 are the province (001–096) or country where the birth was registered, digit 4 the century
    /// and sex (1900s 0 male 1 female, 2000s 2 and 3, …), 5–6 the year; there is no check digit. A number
    /// once given never changes (Luật Căn cước 26/2023/QH15), so a misfit only warns, and the province says
    /// nothing about where somebody lives. Spaces, dots and dashes are taken out. The number of the old
    /// 9-digit card is taken without warnings, as `old`.
    ///
    /// Errors: `Empty`, `NotAnIdNumber` (a letter, or another number of digits).
    pub fn check(typed: &str, sex_is_female: Option<bool>, birth_year: Option<i16>) -> Result<IdNumber, TextFault> {
        if typed.trim().is_empty() {
            return Err(TextFault::Empty);
        }
        let digits = digits_of(typed, ".-").ok_or(TextFault::NotAnIdNumber)?;
        let values: Vec<i16> = digits.bytes().map(|b| i16::from(b - b'0')).collect();
        let (old, warnings) = match values.as_slice() {
            &[a, b, c, century, tens, ones, ..] if values.len() == 12 => {
                let province = a * 100 + b * 10 + c;
                let year = 1900 + century / 2 * 100 + tens * 10 + ones;
                let misfits = [
                    ("sex_mismatch", sex_is_female.is_some_and(|female| female != (century % 2 == 1))),
                    ("year_mismatch", birth_year.is_some_and(|known| known != year)),
                    ("unknown_province", !(1..=96).contains(&province)),
                ];
                (false, misfits.into_iter().filter(|(_, there)| *there).map(|(key, _)| key).collect())
            }
            _ if values.len() == 9 => (true, Vec::new()),
            _ => return Err(TextFault::NotAnIdNumber),
        };
        Ok(IdNumber { digits, old, warnings })
    }
}

/// Reads a sum in whole dong: `1.250.000 đ`, `1250000`, `50 triệu`, `1,5 triệu`, `2 tỷ`, `300 nghìn`.
///
/// Thousands are parted by dots, commas or spaces, the decimal sign before a unit is a comma or a dot.
///
/// Errors: `Empty`; `NotAnAmount` for a negative sum, a fraction of a dong, more than 15 digits, and for
/// `1,500 triệu`, which may mean a million and a half or a thousand and a half millions.
pub fn parse_vnd(typed: &str) -> Result<i64, TextFault> {
    let key = fold(typed);
    if key.is_empty() {
        return Err(TextFault::Empty);
    }
    let at = key.find(|c: char| !c.is_ascii_digit() && !" .,".contains(c)).unwrap_or(key.len());
    let (number, unit) = key.split_at(at);
    let power = unit_power(unit).ok_or(TextFault::NotAnAmount)?;
    sum(number.trim(), power).ok_or(TextFault::NotAnAmount)
}

/// Writes whole dong as `1.250.000 đ`.
pub fn show_vnd(dong: i64) -> String {
    let digits = dong.unsigned_abs().to_string();
    let mut shown = String::from(if dong < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push('.');
        }
        shown.push(digit);
    }
    shown + " đ"
}

/// The power of ten that the words after a number stand for.
fn unit_power(unit: &str) -> Option<usize> {
    let mut words: Vec<&str> = unit.split_whitespace().collect();
    if matches!(words.last(), Some(&("d" | "dong" | "vnd" | "₫"))) {
        words.pop();
    }
    match words.as_slice() {
        [] => Some(0),
        ["k" | "nghin" | "ngan"] => Some(3),
        ["tr" | "trieu"] => Some(6),
        ["ti"] => Some(9),
        _ => None,
    }
}

/// Digits with thousands and perhaps a decimal part, times ten to the power.
fn sum(number: &str, power: usize) -> Option<i64> {
    let signs: Vec<char> = number.chars().filter(|c| !c.is_ascii_digit()).collect();
    let after_last = number.rsplit(['.', ',', ' ']).next()?.len();
    let decimal = match signs.as_slice() {
        [] => None,
        [',' | '.'] if power > 0 && after_last < 3 => signs.last(),
        [','] if power > 0 && after_last == 3 => return None,
        [thousands @ .., last] if *last != ' ' && !thousands.is_empty() && !thousands.contains(last) => Some(last),
        _ => None,
    };
    let (whole, fraction) = match decimal {
        Some(sign) => number.split_once(*sign)?,
        None => (number, ""),
    };
    let groups: Vec<&str> = whole.split(['.', ',', ' ']).collect();
    let one_sign = signs.iter().take(groups.len() - 1).all(|sign| Some(sign) == signs.first());
    let grouped = match groups.as_slice() {
        [single] => !single.is_empty(),
        [first, rest @ ..] => (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3),
        [] => false,
    };
    let kept = fraction.trim_end_matches('0');
    if !one_sign || !grouped || (decimal.is_some() && fraction.is_empty()) || kept.len() > power {
        return None;
    }
    let digits = groups.concat() + kept + "0".repeat(power - kept.len()).as_str();
    let digits = digits.trim_start_matches('0');
    match digits.len() {
        0 => Some(0),
        1..=15 => digits.parse().ok(),
        _ => None,
    }
}

/// The ASCII digits of a text, without white space and the given signs; `None` if anything else is in it.
fn digits_of(text: &str, signs: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && !signs.contains(*c)).collect();
    digits.bytes().all(|b| b.is_ascii_digit()).then_some(digits)
}

fn last_two(digits: &str) -> &str {
    &digits[digits.len().saturating_sub(2)..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_stored_in_one_form() {
        for typed in [
            "0912345678",
            "0912 345 678",
            " 0912.345.678 ",
            "0912-345-678",
            "+84912345678",
            "+84 912 345 678",
            "0084 912345678",
            "84912345678",
            "+84 (0)912 345 678",
            "0912\u{a0}345\u{a0}678",
            "(091) 2345678",
        ] {
            let phone = Phone::parse(typed).unwrap();
            assert_eq!((phone.as_str(), phone.display().as_str()), ("+84912345678", "0912 345 678"), "{typed}");
            assert_eq!(Phone::parse(phone.as_str()), Ok(phone.clone()));
            assert_eq!(Phone::parse(&phone.display()), Ok(phone));
        }
        for (typed, shown) in [
            ("(0296) 3 841 234", "0296 3841 234"),
            ("024.3841.2345", "024 3841 2345"),
            ("+84 297 3841234", "0297 3841 234"),
        ] {
            assert_eq!(Phone::parse(typed).unwrap().display(), shown);
        }
        for prefix in ["03", "05", "07", "08", "09"] {
            assert!(Phone::parse(&format!("{prefix}12345678")).is_ok());
        }
        assert_eq!(Phone::parse("0842345678").unwrap().as_str(), "+84842345678");
        assert_eq!(format!("{:?}", Phone::parse("0912345678").unwrap()), "Phone(•••78)");
    }

    #[test]
    fn what_does_not_ring_is_refused() {
        for typed in [
            "",
            " ",
            "01234567890",
            "0123456789",
            "091234567",
            "09123456789",
            "0612345678",
            "0412345678",
            "02963841",
            "029638412345",
            "912345678",
            "+1 202 555 0100",
            "+0912345678",
            "++84912345678",
            "0912345678a",
            "٠٩١٢٣٤٥٦٧٨",
            "113",
            "+84",
            "0084",
            "84",
            "0",
        ] {
            assert_eq!(Phone::parse(typed), Err(TextFault::NotAPhone), "{typed}");
        }
    }

    #[test]
    fn id_numbers_warn_and_do_not_judge() {
        let check = |typed: &str, female, year| id_number::check(typed, female, year).map(|id| id.warnings);
        assert_eq!(check("089084000923", Some(false), Some(1984)), Ok(vec![]));
        assert_eq!(check("089 184 000 923", Some(true), Some(1984)), Ok(vec![]));
        assert_eq!(check("089304000923", Some(true), Some(2004)), Ok(vec![]));
        assert_eq!(check("089204000923", Some(false), Some(2004)), Ok(vec![]));
        assert_eq!(check("089084000923", None, None), Ok(vec![]));
        assert_eq!(check("089084000923", Some(true), Some(1985)), Ok(vec!["sex_mismatch", "year_mismatch"]));
        assert_eq!(check("089204000923", Some(false), Some(1904)), Ok(vec!["year_mismatch"]));
        for province in ["000", "097", "999"] {
            assert_eq!(check(&format!("{province}084000923"), Some(false), Some(1984)), Ok(vec!["unknown_province"]));
        }
        assert_eq!(check("096999000923", None, None), Ok(vec![]));
        for typed in [
            "12345678",
            "1234567890",
            "08908400092",
            "0890840009233",
            "08908400092x",
            "+89084000923",
            "٠٨٩٠٨٤٠٠٠٩٢٣",
            "-",
        ] {
            assert_eq!(check(typed, None, None), Err(TextFault::NotAnIdNumber), "{typed}");
        }
        assert_eq!(check("  ", None, None), Err(TextFault::Empty));
    }

    #[test]
    fn id_numbers_are_shown_masked() {
        let id = id_number::check("089.084.000.923", None, None).unwrap();
        assert_eq!((id.as_str(), id.masked().as_str(), id.old), ("089084000923", "089•••••••23", false));
        let old = id_number::check("351 234 567", Some(true), Some(1970)).unwrap();
        assert_eq!((old.masked().as_str(), old.old, old.warnings.len()), ("351••••67", true, 0));
        assert!(!format!("{id:?}").contains("084000"));
    }

    #[test]
    fn sums_are_read_as_people_write_them() {
        for (typed, dong) in [
            ("1.250.000 đ", 1_250_000),
            ("1250000", 1_250_000),
            ("1.250.000", 1_250_000),
            ("1,250,000 VND", 1_250_000),
            ("1 250 000đ", 1_250_000),
            ("1.250.000,00 đồng", 1_250_000),
            ("1.250.000₫", 1_250_000),
            ("50 triệu", 50_000_000),
            ("1,5 triệu", 1_500_000),
            ("1.5 TRIỆU đồng", 1_500_000),
            ("1,25tr", 1_250_000),
            ("1.250 triệu", 1_250_000_000),
            ("2 tỷ", 2_000_000_000),
            ("2,5 tỉ đồng", 2_500_000_000),
            ("300 nghìn", 300_000),
            ("300k", 300_000),
            ("300 ngàn đồng", 300_000),
            ("0", 0),
            ("5.000", 5_000),
            ("1.250,5 triệu", 1_250_500_000),
            ("1.250.000 vnđ", 1_250_000),
            ("999.999.999.999.999", 999_999_999_999_999),
        ] {
            assert_eq!(parse_vnd(typed), Ok(dong), "{typed}");
        }
        for typed in [
            "-5",
            "1,5",
            "1.5",
            "12.50",
            "1.25.000",
            "1.2500",
            "1,500 triệu",
            "triệu",
            "đ",
            "1,2345678 triệu",
            "1..000",
            ".5 triệu",
            "1, triệu",
            "5 usd",
            "1.000.000.000.000.000",
            "9999999999 tỷ",
            "1.000 000",
            "5 triệu 2",
            "1,5,5 triệu",
            "1.250.000,5",
            "0.000.00",
            "１２３",
            ",",
            "1 .000",
        ] {
            assert_eq!(parse_vnd(typed), Err(TextFault::NotAnAmount), "{typed}");
        }
        assert_eq!(parse_vnd(" "), Err(TextFault::Empty));
    }

    #[test]
    fn sums_are_shown_with_dots() {
        for (dong, shown) in
            [(0, "0 đ"), (999, "999 đ"), (1_000, "1.000 đ"), (1_250_000, "1.250.000 đ"), (-50_000, "-50.000 đ")]
        {
            assert_eq!(show_vnd(dong), shown);
        }
        assert_eq!(show_vnd(i64::MIN), "-9.223.372.036.854.775.808 đ");
        for dong in (0..2_000_000_000).step_by(7_654_321) {
            assert_eq!(parse_vnd(&show_vnd(dong)), Ok(dong));
        }
    }
}
