//! PDF: looked through, not rewritten. What acts by itself, brings other files along, or cannot be looked into is refused.

use flate2::read::ZlibDecoder;
use std::io::Read as _;

/// Names of things that act by themselves or bring other files along. Short names beside these (`/JS`, `/AA`) are left out: they
/// lead to one of these, and three letters stand by chance in every large picture.
const ACTS: &[&str] = &[
    "JavaScript",
    "Launch",
    "EmbeddedFile",
    "EmbeddedFiles",
    "FileAttachment",
    "EF",
    "RichMedia",
    "Movie",
    "Sound",
    "Rendition",
    "OnInstantiate",
    "XFA",
    "SubmitForm",
    "ImportData",
    "GoToE",
    "GoToR",
    "Collection",
];

/// What streams of objects unpack to, at most, all together.
const UNPACKED: u64 = 24_000_000;

/// # Errors
/// `pdf_acts`, `pdf_is_locked`, `pdf_is_unreadable`, `file_is_broken`.
pub fn looked_through(bytes: &[u8]) -> Result<Vec<u8>, &'static str> {
    let tail = &bytes[bytes.len().saturating_sub(1_500)..];
    if find(tail, b"%%EOF").is_none() {
        return Err("file_is_broken");
    }
    look(bytes)?;
    let (mut at, mut left) = (0, UNPACKED);
    while let Some(next) = find(&bytes[at..], b"stream") {
        let begin = at + next;
        at = begin + b"stream".len();
        if bytes[..begin].ends_with(b"end") {
            continue;
        }
        let head = &bytes[..begin];
        let from = rfind(&head[head.len().saturating_sub(2_000)..], b"obj")
            .map_or(0, |place| head.len().saturating_sub(2_000) + place);
        let names = names(&head[from..]);
        if !names.iter().any(|name| name == "ObjStm") {
            continue;
        }
        let plain = names.iter().all(|name| name != "Filter");
        let packed = names.iter().filter(|name| name.ends_with("Decode")).all(|name| name == "FlateDecode");
        let body = &bytes[at..];
        let body = body.strip_prefix(b"\r\n").or_else(|| body.strip_prefix(b"\n")).unwrap_or(body);
        if plain {
            continue;
        }
        if !packed || names.iter().any(|name| name == "DecodeParms") {
            return Err("pdf_is_unreadable");
        }
        let mut objects = Vec::new();
        let read = ZlibDecoder::new(body).take(left).read_to_end(&mut objects).map_err(|_| "pdf_is_unreadable")?;
        left = left.saturating_sub(read as u64);
        if left == 0 {
            return Err("pdf_is_unreadable");
        }
        look(&objects)?;
    }
    Ok(bytes.to_vec())
}

fn look(bytes: &[u8]) -> Result<(), &'static str> {
    for name in names(bytes) {
        if name == "Encrypt" {
            return Err("pdf_is_locked");
        }
        if ACTS.contains(&name.as_str()) {
            return Err("pdf_acts");
        }
    }
    Ok(())
}

/// Every name (`/Name`) as it reads, with `#4a` written out. Also those within texts and pictures: rather one too many.
fn names(bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let ends = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0 || b"()<>[]{}/%".contains(byte);
    for part in bytes.split(|byte| *byte == b'/').skip(1) {
        let raw = &part[..part.iter().position(ends).unwrap_or(part.len()).min(80)];
        let (mut name, mut at) = (String::new(), 0);
        while let Some(byte) = raw.get(at) {
            let hex =
                raw.get(at + 1..at + 3).and_then(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok());
            match hex.filter(|_| *byte == b'#') {
                Some(real) => {
                    name.push(char::from(real));
                    at += 3;
                }
                None => {
                    name.push(char::from(*byte));
                    at += 1;
                }
            }
        }
        found.push(name);
    }
    found
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn rfind(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn file(body: &[u8]) -> Vec<u8> {
        [
            &b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"[..],
            body,
            b"\ntrailer << /Root 1 0 R >>\n%%EOF\n",
        ]
        .concat()
    }

    fn packed(objects: &[u8], filter: &str) -> Vec<u8> {
        let mut writer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        writer.write_all(objects).unwrap();
        let body = writer.finish().unwrap();
        [
            format!("3 0 obj\n<< /Type /ObjStm /N 1 {filter} /Length {} >>\nstream\r\n", body.len()).as_bytes(),
            &body,
            b"\nendstream\nendobj",
        ]
        .concat()
    }

    #[test]
    fn a_plain_one_stays_as_it_is() {
        let plain = file(b"4 0 obj << /Type /Page /Contents 5 0 R /OpenAction [3 0 R /XYZ] >> endobj");
        assert_eq!(looked_through(&plain), Ok(plain.clone()));
        let packed = file(&packed(b"<< /Type /Page >>", "/Filter /FlateDecode"));
        assert_eq!(looked_through(&packed), Ok(packed.clone()));
    }

    #[test]
    fn what_acts_is_refused_however_it_is_written() {
        for body in [
            "/S /JavaScript /JS (app.alert(1))",
            "/S/Launch/F(cmd.exe)",
            "/Names << /EmbeddedFiles 9 0 R >>",
            "/Subtype /FileAttachment",
            "/J#61vaScript",
            "/XFA[]",
        ] {
            assert_eq!(looked_through(&file(body.as_bytes())), Err("pdf_acts"), "{body}");
        }
        assert_eq!(looked_through(&file(b"/Encrypt 9 0 R")), Err("pdf_is_locked"));
        assert_eq!(looked_through(&file(&packed(b"<< /S /JavaScript >>", "/Filter /FlateDecode"))), Err("pdf_acts"));
        assert_eq!(looked_through(&file(&packed(b"<< >>", "/Filter /LZWDecode"))), Err("pdf_is_unreadable"));
        assert_eq!(looked_through(b"%PDF-1.4\n<html>"), Err("file_is_broken"));
    }

    #[test]
    fn a_bomb_is_not_unpacked_to_its_end() {
        let bomb = file(&packed(&vec![b' '; 30_000_000], "/Filter /FlateDecode"));
        assert!(bomb.len() < 40_000, "{}", bomb.len());
        assert_eq!(looked_through(&bomb), Err("pdf_is_unreadable"));
    }
}
