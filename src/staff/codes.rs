//! The second factor in figures and letters: codes of a telephone, codes on paper, and the device's own name. Pure.

use crate::base::time::At;
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Totp};

/// 160 bits, as RFC 4226 asks for.
pub const SECRET: usize = 20;
/// So many codes on paper.
pub const RECOVERY_CODES: usize = 10;
/// 120 bits each: enough that a plain SHA-256 of them may be kept.
const RECOVERY_BYTES: usize = 15;
/// Without the letters that are taken for others.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const RFC4648: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn totp(secret: &[u8]) -> Option<Totp> {
    // Six digits, 30 seconds, one step to either side, SHA-1: what every telephone's app knows.
    Builder::new().with_secret(secret.to_vec()).build().ok()
}

fn seconds(at: At) -> u64 {
    u64::try_from(at.micros() / 1_000_000).unwrap_or(0)
}

/// The 30 seconds to which this code belongs, if it is one of now, a step before or a step after.
pub fn step_of(secret: &[u8], code: &str, at: At) -> Option<i64> {
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    let step = totp(secret)?.check(&code, seconds(at))?;
    i64::try_from(step).ok()
}

/// A code that would be taken now, after those up to `last_step`.
pub fn code_now(secret: &[u8], at: At, last_step: i64) -> Option<String> {
    let now = i64::try_from(seconds(at) / 30).ok()?;
    let step = (now - 1..=now + 1).find(|step| *step > last_step)?;
    Some(totp(secret)?.generate(u64::try_from(step * 30).ok()?).to_string())
}

/// The secret as it is typed into an app: base32, in groups of four.
pub fn shown_secret(secret: &[u8]) -> String {
    let letters = base32(secret, RFC4648);
    letters.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect::<Vec<_>>().join(" ")
}

/// What an app reads from the picture.
pub fn otpauth(secret: &[u8], username: &str, place: &str) -> String {
    let place: String = place.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '.').collect();
    format!(
        "otpauth://totp/DuongVe:{username}%40{place}?secret={}&issuer=DuongVe&algorithm=SHA1&digits=6&period=30",
        base32(secret, RFC4648)
    )
}

/// The picture as an SVG that needs no style of its own; dark on light in every theme, as cameras want it.
pub fn picture(text: &str) -> String {
    use qrcode::{EcLevel, QrCode, render::svg};
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else { return String::new() };
    let drawn = code.render::<svg::Color>().min_dimensions(220, 220).quiet_zone(true).build();
    // Without the XML declaration: it stands within a page.
    drawn.find("<svg").map_or(String::new(), |at| drawn[at..].to_owned())
}

fn base32(bytes: &[u8], letters: &[u8; 32]) -> String {
    let (mut text, mut held, mut bits) = (String::new(), 0_u32, 0_u32);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(letters[usize::try_from((held >> bits) & 31).unwrap_or(0)]));
        }
    }
    if bits > 0 {
        text.push(char::from(letters[usize::try_from((held << (5 - bits)) & 31).unwrap_or(0)]));
    }
    text
}

/// A code for paper, `xxxxxx-xxxxxx-xxxxxx-xxxxxx`.
pub fn recovery_code() -> String {
    let bytes: [u8; RECOVERY_BYTES] = rand::random();
    let letters = base32(&bytes, LETTERS);
    letters.as_bytes().chunks(6).map(|group| String::from_utf8_lossy(group).into_owned()).collect::<Vec<_>>().join("-")
}

/// How a code on paper is known, however it was typed; `None` if it cannot be one.
pub fn recovery_hash(typed: &str) -> Option<Vec<u8>> {
    let code: String = typed
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric())
        .map(|letter| match letter.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .collect();
    (code.len() == 24).then(|| Sha256::digest(code.as_bytes()).to_vec())
}

/// How a token that only its holder has is known in the database.
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Tries under a name are counted under this, so that the table holds no name that somebody mistyped a password into.
pub fn name_hash(kind: &str, name: &str) -> Vec<u8> {
    Sha256::digest(format!("{kind}|{name}").as_bytes()).to_vec()
}

/// `Chrome, Windows`: enough to know one's own device by.
pub fn device_name(agent: &str) -> String {
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(word, _)| agent.contains(word)).map(|(_, name)| *name).unwrap_or_default()
    };
    let browser = first(&[
        ("Edg/", "Edge"),
        ("coc_coc", "Cốc Cốc"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        ("", "") => agent.chars().filter(|letter| !letter.is_control()).take(40).collect(),
        (one, "") | ("", one) => one.to_owned(),
        (browser, system) => format!("{browser}, {system}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_belongs_to_its_half_minute_and_to_its_neighbours() {
        // RFC 6238, appendix B, last six digits.
        let secret = b"12345678901234567890";
        let at = |seconds: i64| At::from_micros(seconds * 1_000_000);
        assert_eq!(step_of(secret, "287082", at(59)), Some(1));
        assert_eq!(step_of(secret, "287 082", at(89)), Some(1), "a step late");
        assert_eq!(step_of(secret, "287082", at(29)), Some(1), "a step early");
        assert_eq!(step_of(secret, "287082", at(90)), None);
        assert_eq!(step_of(secret, "287083", at(59)), None);
        assert_eq!(code_now(secret, at(59), 0).as_deref(), Some("287082"));
        assert_eq!(code_now(secret, at(59), 2), None, "each works once");
        assert_eq!(shown_secret(secret), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }

    #[test]
    fn a_code_on_paper_is_known_however_it_is_typed() {
        let code = recovery_code();
        assert_eq!(code.len(), 27);
        let sloppy = code.replace('-', " ").to_uppercase().replace('0', "O");
        assert_eq!(recovery_hash(&code), recovery_hash(&sloppy));
        assert_ne!(recovery_hash(&code), recovery_hash(&recovery_code()));
        assert_eq!(recovery_hash("123456"), None);
    }

    #[test]
    fn a_device_is_called_by_browser_and_system() {
        let agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36";
        assert_eq!(device_name(agent), "Chrome, Windows");
        assert_eq!(device_name("curl/8.1\r\n"), "curl/8.1");
    }
}
