//! JPEG: segment by segment, only those that draw; of the camera's notes nothing but which way is up.

use super::fits;

const BROKEN: &str = "file_is_broken";

/// # Errors
/// `file_is_broken`, `too_many_pixels`.
pub fn clean(bytes: &[u8]) -> Result<Vec<u8>, &'static str> {
    let mut at = 2;
    let mut kept = vec![0xff, 0xd8];
    let (mut up, mut framed, mut drawn) = (1, false, false);
    loop {
        // Any number of 0xff may stand before a marker.
        if bytes.get(at) != Some(&0xff) {
            return Err(BROKEN);
        }
        while bytes.get(at) == Some(&0xff) {
            at += 1;
        }
        let marker = *bytes.get(at).ok_or(BROKEN)?;
        at += 1;
        match marker {
            0xd9 if framed && drawn => {
                kept.extend([0xff, 0xd9]);
                return Ok(kept);
            }
            0x01 => continue,
            0x00 | 0xd0..=0xd9 => return Err(BROKEN),
            _ => {}
        }
        let size: [u8; 2] = bytes.get(at..at + 2).and_then(|two| two.try_into().ok()).ok_or(BROKEN)?;
        let size = usize::from(u16::from_be_bytes(size));
        let segment = bytes.get(at..at + size).filter(|_| size >= 2).ok_or(BROKEN)?;
        at += size;
        let data = &segment[2..];
        match marker {
            // Baseline, extended and progressive frames; others no browser draws.
            0xc0..=0xc2 => {
                let side = |at: usize| data.get(at..at + 2).map(|two| u32::from(two[0]) << 8 | u32::from(two[1]));
                fits(side(3).ok_or(BROKEN)?, side(1).ok_or(BROKEN)?)?;
                if framed {
                    return Err(BROKEN);
                }
                framed = true;
                if up > 1 {
                    kept.extend(upright(up));
                }
            }
            0xc3 | 0xc5..=0xc7 | 0xc9..=0xcf if marker != 0xcc => return Err(BROKEN),
            0xc4 | 0xdb | 0xdd => {}
            0xda if framed => {}
            0xe0 if data.starts_with(b"JFIF\0") => {}
            0xee if data.starts_with(b"Adobe") => {}
            0xe1 if data.starts_with(b"Exif\0\0") && !framed => {
                up = orientation(&data[6..]).unwrap_or(up);
                continue;
            }
            0xda => return Err(BROKEN),
            // Notes of cameras and programs, profiles, comments.
            _ => continue,
        }
        if marker == 0xe0 {
            // Without the thumbnail that it may hold.
            let plain: [u8; 12] = data.get(..12).and_then(|head| head.try_into().ok()).ok_or(BROKEN)?;
            kept.extend([0xff, 0xe0, 0, 16]);
            kept.extend(plain);
            kept.extend([0, 0]);
        } else if marker == 0xee {
            let plain = data.get(..12).ok_or(BROKEN)?;
            kept.extend([0xff, 0xee, 0, 14]);
            kept.extend(plain);
        } else {
            kept.extend([0xff, marker]);
            kept.extend(segment);
        }
        if marker == 0xda {
            drawn = true;
            let end = scan(bytes, at)?;
            kept.extend(&bytes[at..end]);
            at = end;
        }
    }
}

/// Where the drawn lines end: at the next marker that is none of their own.
fn scan(bytes: &[u8], from: usize) -> Result<usize, &'static str> {
    let mut at = from;
    loop {
        let next = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == 0xff)).ok_or(BROKEN)?;
        at += next;
        match bytes.get(at + 1).ok_or(BROKEN)? {
            0x00 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            _ => return Ok(at),
        }
    }
}

/// Which way is up, as a camera writes it: 1 to 8.
fn orientation(tiff: &[u8]) -> Option<u16> {
    let little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let two = |at: usize| -> Option<u16> {
        let bytes: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let four = |at: usize| -> Option<u32> {
        let bytes: [u8; 4] = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    };
    let table = usize::try_from(four(4)?).ok()?;
    let entries = usize::from(two(table)?).min(200);
    let of = |entry: usize| table.checked_add(2)?.checked_add(entry * 12);
    let entry = (0..entries).filter_map(of).find(|at| two(*at) == Some(0x0112))?;
    two(entry.checked_add(8)?).filter(|up| (1..=8).contains(up))
}

/// The smallest note that says which way is up, and nothing else.
fn upright(up: u16) -> Vec<u8> {
    let mut note = vec![0xff, 0xe1, 0, 34];
    note.extend(b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01");
    note.extend(up.to_be_bytes());
    note.extend([0, 0, 0, 0, 0, 0]);
    note
}

#[cfg(test)]
pub mod tests {
    use super::*;

    fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
        let size = u16::try_from(data.len() + 2).unwrap();
        [&[0xff, marker][..], &size.to_be_bytes(), data].concat()
    }

    fn frame(width: u16, height: u16) -> Vec<u8> {
        segment(0xc0, &[&[8][..], &height.to_be_bytes(), &width.to_be_bytes(), &[1, 1, 0x11, 0]].concat())
    }

    fn with(notes: &[u8], width: u16, height: u16) -> Vec<u8> {
        let draw = [
            segment(0xdb, &[0; 65]),
            frame(width, height),
            segment(0xc4, &[0; 17]),
            segment(0xda, &[1, 1, 0, 0, 63, 0]),
        ];
        [&[0xff, 0xd8][..], notes, &draw.concat(), &[1, 2, 0xff, 0x00, 3, 0xff, 0xd0, 4], &[0xff, 0xd9]].concat()
    }

    /// A camera's note: lying on its side, taken at a place.
    fn note(up: u8) -> Vec<u8> {
        let tiff = [
            &b"II*\0\x08\0\0\0\x02\0"[..],
            &[0x12, 1, 3, 0, 1, 0, 0, 0, up, 0, 0, 0],
            &[0x25, 0x88, 4, 0, 1, 0, 0, 0, 26, 0, 0, 0],
        ];
        segment(0xe1, &[&b"Exif\0\0"[..], &tiff.concat(), b"GPS 10.5 N"].concat())
    }

    pub fn photo() -> Vec<u8> {
        let jfif = segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
        with(&[jfif, note(6), segment(0xfe, b"GPS of my house")].concat(), 4, 3)
    }

    #[test]
    fn a_photo_loses_its_place_and_stays_upright() {
        let clean = clean(&photo()).unwrap();
        assert!(!clean.windows(3).any(|three| three == b"GPS"));
        let exif = clean.windows(6).position(|six| six == b"Exif\0\0").unwrap();
        assert_eq!(orientation(&clean[exif + 6..]), Some(6));
        assert!(super::clean(&with(&note(1), 4, 3)).unwrap().windows(4).all(|four| four != b"Exif"));
    }

    #[test]
    fn what_hangs_behind_the_end_and_a_thumbnail_within_are_gone() {
        let thumb = segment(0xe0, &[&b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01"[..], b"abc"].concat());
        let dirty = [with(&thumb, 4, 3), b"PK\x03\x04 <script>".to_vec()].concat();
        let clean = clean(&dirty).unwrap();
        assert!(clean.ends_with(&[0xff, 0xd9]) && !clean.windows(3).any(|three| three == b"abc" || three == b"PK\x03"));
    }

    #[test]
    fn a_flood_of_pixels_is_seen_in_the_header() {
        assert_eq!(clean(&with(b"", 65_000, 65_000)), Err("too_many_pixels"));
        assert_eq!(clean(&with(b"", 0, 5)), Err(BROKEN));
        let photo = photo();
        for end in 0..photo.len() - 1 {
            assert!(clean(&photo[..end]).is_err(), "cut at {end}");
        }
    }
}
