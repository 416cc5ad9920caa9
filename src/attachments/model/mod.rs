//! A file that is put with a case: what it is by its own bytes, what is taken out of it, and how it is listed. Pure.

mod jpeg;
mod pdf;
mod png;
mod webp;

use crate::{
    base::{
        arg::Arg,
        fields::{AttachmentKey, AttachmentName, AttachmentNote, AttachmentRemoved},
        ids::{AttachmentId, CaseId, OrganisationId},
        refusal::{Check, Invalid},
        sealed::Sealed,
        text,
        time::At,
        words::{AttachmentKind, AttachmentMedia},
    },
    store::Paged,
};

/// A picture has no more pixels than this, whatever its bytes are: forty million are a good camera's.
const MOST_PIXELS: u64 = 40_000_000;
const LONGEST_SIDE: u32 = 20_000;

/// What a file is, by its first bytes: neither its name nor what the sender says of it counts.
pub fn sniff(bytes: &[u8]) -> Option<AttachmentMedia> {
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Some(AttachmentMedia::Jpeg);
    }
    if bytes.starts_with(png::SIGNATURE) {
        return Some(AttachmentMedia::Png);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some(AttachmentMedia::Webp);
    }
    bytes.starts_with(b"%PDF-").then_some(AttachmentMedia::Pdf)
}

/// A file as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clean {
    pub media: AttachmentMedia,
    pub bytes: Vec<u8>,
}

/// Takes out of a picture everything that is not the picture: place, camera, day, thumbnails, comments, whatever hangs behind
/// its end. A PDF is looked through for what acts by itself, and stays as it is.
///
/// # Errors
/// A word: no such kind of file; broken; more pixels than a picture has; a PDF that acts, is locked, or cannot be looked into.
pub fn clean(bytes: &[u8]) -> Result<Clean, &'static str> {
    let Some(media) = sniff(bytes) else { return Err("not_a_kind_of_file") };
    let bytes = match media {
        AttachmentMedia::Jpeg => jpeg::clean(bytes)?,
        AttachmentMedia::Png => png::clean(bytes)?,
        AttachmentMedia::Webp => webp::clean(bytes)?,
        AttachmentMedia::Pdf => pdf::looked_through(bytes)?,
    };
    Ok(Clean { media, bytes })
}

/// May a picture be as large as that? Asked before anything is made of it.
fn fits(width: u32, height: u32) -> Result<(), &'static str> {
    let pixels = u64::from(width) * u64::from(height);
    if width == 0 || height == 0 {
        return Err("file_is_broken");
    }
    if pixels > MOST_PIXELS || width.max(height) > LONGEST_SIDE {
        return Err("too_many_pixels");
    }
    Ok(())
}

/// How much may be kept, in MB: rules with a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub file: i64,
    pub case: i64,
    /// By one account in a day.
    pub day: i64,
}

/// A file with its words, as they are typed.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub kind: String,
    /// What the file was called.
    pub name: String,
    pub note: String,
    /// `true`: it shows no identity card.
    pub no_id_card: String,
    pub file: Vec<u8>,
}

/// A file that can be kept.
pub struct New {
    pub kind: AttachmentKind,
    pub name: String,
    pub note: Option<String>,
    pub clean: Clean,
}

impl Draft {
    /// # Errors
    /// By field: no kind; no file, too large, of no kind that is taken, broken; nobody says that it shows no identity card.
    pub fn check(&self, limits: &Limits) -> Result<New, Invalid> {
        let mut check = Check::default();
        let kind = check.take("kind", self.kind.parse::<AttachmentKind>().map_err(|_| "not_chosen"));
        let note = check.take("note", text::clean_line_opt(&self.note, 300));
        check.expect(self.no_id_card == "true", "no_id_card", "confirm_no_id_card");
        let size = i64::try_from(self.file.len()).unwrap_or(i64::MAX);
        let clean = if self.file.is_empty() {
            check.take("file", Err("no_file"))
        } else if size > limits.file * MB {
            check.add(Err(Invalid::telling("file", "attachment_too_large", limits.file.to_string())))
        } else {
            check.take("file", clean(&self.file))
        };
        let name = clean.as_ref().map(|clean| named(&self.name, clean.media));
        let (((kind, note), clean), name) = check.give(kind.zip(note).zip(clean).zip(name))?;
        Ok(New { kind, name, note, clean })
    }
}

/// A million bytes, as people count them.
pub const MB: i64 = 1_000_000;

/// A name that is no path, shows all of itself, and ends as its bytes are.
pub fn named(typed: &str, media: AttachmentMedia) -> String {
    let last = typed.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let shown: String = stem.chars().filter(|letter| !letter.is_control() && !"<>:\"|?*".contains(*letter)).collect();
    let stem = text::clean_line(shown.trim_matches(['.', ' ']), 80).unwrap_or_default();
    let stem = if stem.is_empty() { "tep-dinh-kem".to_owned() } else { stem };
    format!("{stem}.{}", media.ending())
}

impl AttachmentMedia {
    pub const fn ending(self) -> &'static str {
        match self {
            AttachmentMedia::Jpeg => "jpg",
            AttachmentMedia::Png => "png",
            AttachmentMedia::Webp => "webp",
            AttachmentMedia::Pdf => "pdf",
        }
    }

    pub const fn mime(self) -> &'static str {
        match self {
            AttachmentMedia::Jpeg => "image/jpeg",
            AttachmentMedia::Png => "image/png",
            AttachmentMedia::Webp => "image/webp",
            AttachmentMedia::Pdf => "application/pdf",
        }
    }
}

/// How a browser is told to save a file under its name (RFC 6266, RFC 8187): never to show it.
pub fn disposition(name: &str, media: AttachmentMedia) -> String {
    let mut told = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            told.push(char::from(byte));
        } else {
            told.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"tep-dinh-kem.{}\"; filename*=UTF-8''{told}", media.ending())
}

/// Why a file is taken out.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RemovalDraft {
    pub reason: String,
    pub version: String,
}

impl RemovalDraft {
    /// # Errors
    /// `reason`: empty or too long.
    pub fn check(&self) -> Result<String, Invalid> {
        text::clean_line(&self.reason, 300).map_err(|fault| Invalid::one("reason", fault.code()))
    }
}

/// A file as it is listed: its bytes are elsewhere.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AttachmentRow {
    pub id: AttachmentId,
    pub case_id: CaseId,
    pub kind: AttachmentKind,
    pub media: AttachmentMedia,
    pub bytes: i64,
    pub name: Sealed<AttachmentName>,
    pub note: Option<Sealed<AttachmentNote>>,
    pub by: String,
    pub organisation_id: Option<OrganisationId>,
    pub organisation: Option<String>,
    pub made_at: At,
    pub removed_at: Option<At>,
    pub removed_by: Option<String>,
    pub removed_reason: Option<Sealed<AttachmentRemoved>>,
    pub version: i64,
    /// `false`: a photograph, and the person agrees to it no longer. It opens for nobody.
    pub agreed: bool,
}

crate::opens!(AttachmentRow { id => name, note, removed_reason });

impl Paged for AttachmentRow {
    fn key(&self) -> Vec<Arg> {
        crate::args![self.made_at, self.id]
    }
}

impl AttachmentRow {
    /// Can it be opened?
    pub fn opens(&self) -> bool {
        self.removed_at.is_none() && self.agreed
    }

    /// `340 kB`.
    pub fn size(&self) -> String {
        match self.bytes {
            bytes if bytes < MB => format!("{} kB", (bytes + 999) / 1_000),
            bytes => format!("{},{} MB", bytes / MB, bytes % MB / 100_000),
        }
    }
}

/// Where the bytes are, and by which key they open; `None`: it was taken out, or the person agrees to it no longer.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PlaceRow {
    pub id: AttachmentId,
    pub file_hash: String,
    pub file_key: Option<Sealed<AttachmentKey>>,
}

crate::opens!(PlaceRow { id => file_key });

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIMITS: Limits = Limits { file: 1, case: 5, day: 5 };

    pub fn tiny_png() -> Vec<u8> {
        let mut file = png::SIGNATURE.to_vec();
        file.extend(png::chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]));
        file.extend(png::chunk(b"tEXt", b"Comment\0GPS 10.5 N"));
        file.extend(png::chunk(b"IDAT", &[0x78, 0x9c, 0x63, 0, 0, 0, 2, 0, 1]));
        file.extend(png::chunk(b"IEND", b""));
        file
    }

    #[test]
    fn a_file_is_what_its_bytes_say() {
        assert_eq!(sniff(&tiny_png()), Some(AttachmentMedia::Png));
        for other in [
            &b""[..],
            b"MZ\x90",
            b"<html>",
            b"GIF89a",
            b"PK\x03\x04",
            b" %PDF-1.4",
            b"<svg xmlns=''/>",
            b"RIFF1234AVI ",
        ] {
            assert_eq!(sniff(other), None);
            assert_eq!(clean(other).unwrap_err(), "not_a_kind_of_file");
        }
    }

    #[test]
    fn a_form_is_refused_by_field() {
        let fields = |draft: &Draft| -> Vec<(String, &str)> {
            let refused = draft.check(&LIMITS).err().unwrap();
            refused.0.into_iter().map(|fault| (fault.field.into_owned(), fault.code)).collect()
        };
        let nothing = fields(&Draft::default());
        let expected = [("kind", "not_chosen"), ("no_id_card", "confirm_no_id_card"), ("file", "no_file")];
        assert_eq!(nothing, expected.map(|(field, code)| (field.to_owned(), code)));
        let fine = Draft { kind: "request".into(), no_id_card: "true".into(), file: tiny_png(), ..Draft::default() };
        assert!(fine.check(&LIMITS).is_ok());
        let large = Draft { file: vec![0; 1_000_001], ..fine.clone() };
        assert_eq!(fields(&large), [("file".to_owned(), "attachment_too_large")]);
        let html = Draft { file: b"<html>".to_vec(), ..fine };
        assert_eq!(fields(&html), [("file".to_owned(), "not_a_kind_of_file")]);
    }

    #[test]
    fn a_name_is_no_path_and_ends_as_the_bytes_are() {
        for (typed, shown) in [
            ("đơn xin việc.pdf.exe", "đơn xin việc.pdf.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("C:\\Users\\x\\đơn.docx", "đơn.pdf"),
            ("", "tep-dinh-kem.pdf"),
            (".htaccess", "tep-dinh-kem.pdf"),
            ("a\u{202e}fdp.exe", "tep-dinh-kem.pdf"),
            ("a\r\nSet-Cookie: x", "aSet-Cookie x.pdf"),
        ] {
            assert_eq!(named(typed, AttachmentMedia::Pdf), shown, "{typed:?}");
        }
        let told = disposition("đơn xin.pdf", AttachmentMedia::Pdf);
        assert_eq!(told, "attachment; filename=\"tep-dinh-kem.pdf\"; filename*=UTF-8''%C4%91%C6%A1n%20xin.pdf");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        #[test]
        fn no_bytes_upset_it_and_what_is_clean_stays_as_it_is(head in 0..5_usize, rest in proptest::collection::vec(any::<u8>(), 0..600)) {
            let heads: [&[u8]; 5] = [b"", b"\xff\xd8\xff", png::SIGNATURE, b"RIFF\x40\0\0\0WEBPVP8 ", b"%PDF-1.4\n"];
            let bytes = [heads[head], &rest].concat();
            if let Ok(first) = clean(&bytes) {
                prop_assert_eq!(clean(&first.bytes), Ok(first));
            }
        }

        #[test]
        fn a_picture_that_is_bent_anywhere_upsets_nothing(at in 0..400_usize, byte in any::<u8>(), cut in 0..400_usize) {
            for mut file in [tiny_png(), jpeg::tests::photo(), webp::tests::picture()] {
                let length = file.len();
                file[at % length] = byte;
                file.truncate(length - cut % length);
                if let Ok(first) = clean(&file) {
                    prop_assert_eq!(clean(&first.bytes), Ok(first));
                }
            }
        }

        #[test]
        fn no_name_leaves_its_line(name in "\\PC*") {
            let told = disposition(&named(&name, AttachmentMedia::Png), AttachmentMedia::Png);
            prop_assert!(told.is_ascii() && !told.contains(['\r', '\n']), "{}", told);
        }
    }
}
