//! WebP: chunk by chunk, only those that draw; moving pictures are not taken.

use super::fits;

const BROKEN: &str = "file_is_broken";

/// # Errors
/// `file_is_broken`, `too_many_pixels`; `file_moves`: more than one picture.
pub fn clean(bytes: &[u8]) -> Result<Vec<u8>, &'static str> {
    let size: [u8; 4] = bytes.get(4..8).and_then(|four| four.try_into().ok()).ok_or(BROKEN)?;
    let size = usize::try_from(u32::from_le_bytes(size)).map_err(|_| BROKEN)?;
    let end = size.checked_add(8).filter(|end| *end <= bytes.len()).ok_or(BROKEN)?;
    let mut rest = bytes.get(12..end).ok_or(BROKEN)?;
    let mut kept = Vec::new();
    let mut drawn = false;
    while !rest.is_empty() {
        let (kind, after) = rest.split_first_chunk::<4>().ok_or(BROKEN)?;
        let (length, after) = after.split_first_chunk::<4>().ok_or(BROKEN)?;
        let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| BROKEN)?;
        let (data, after) = after.split_at_checked(length).ok_or(BROKEN)?;
        rest = if length % 2 == 1 { after.get(1..).ok_or(BROKEN)? } else { after };
        match kind {
            b"VP8 " => {
                let header: &[u8; 10] =
                    data.first_chunk::<10>().filter(|head| head[3..6] == [0x9d, 1, 0x2a]).ok_or(BROKEN)?;
                let side = |at: usize| u32::from(u16::from_le_bytes([header[at], header[at + 1]]) & 0x3fff);
                fits(side(6), side(8))?;
            }
            b"VP8L" => {
                let header: &[u8; 5] = data.first_chunk::<5>().filter(|head| head[0] == 0x2f).ok_or(BROKEN)?;
                let bits = u32::from_le_bytes([header[1], header[2], header[3], header[4]]);
                fits((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1)?;
            }
            b"VP8X" => {
                let header: &[u8; 10] =
                    data.first_chunk::<10>().filter(|_| data.len() == 10 && kept.is_empty()).ok_or(BROKEN)?;
                let side = |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], 0]) + 1;
                fits(side(4), side(7))?;
                if header[0] & 0x02 != 0 {
                    return Err("file_moves");
                }
                // Neither profile nor notes follow any more.
                kept.extend(chunk(kind, &[&[header[0] & 0x10][..], &[0; 3], &header[4..]].concat()));
                continue;
            }
            b"ALPH" if !drawn => {}
            b"ANIM" | b"ANMF" => return Err("file_moves"),
            _ => continue,
        }
        if drawn {
            return Err(BROKEN);
        }
        drawn = kind != b"ALPH";
        kept.extend(chunk(kind, data));
    }
    let whole = u32::try_from(kept.len() + 4).map_err(|_| BROKEN)?;
    if drawn { Ok([&b"RIFF"[..], &whole.to_le_bytes(), b"WEBP", &kept].concat()) } else { Err(BROKEN) }
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    let pad: &[u8] = if data.len() % 2 == 1 { &[0] } else { &[] };
    [&kind[..], &length.to_le_bytes(), data, pad].concat()
}

#[cfg(test)]
pub mod tests {
    use super::*;

    fn file(chunks: &[u8]) -> Vec<u8> {
        let size = u32::try_from(chunks.len() + 4).unwrap();
        [&b"RIFF"[..], &size.to_le_bytes(), b"WEBP", chunks].concat()
    }

    fn extended(flags: u8) -> Vec<u8> {
        chunk(b"VP8X", &[flags, 0, 0, 0, 3, 0, 0, 2, 0, 0])
    }

    fn drawing() -> Vec<u8> {
        chunk(b"VP8 ", &[0, 0, 0, 0x9d, 1, 0x2a, 4, 0, 3, 0, 7])
    }

    pub fn picture() -> Vec<u8> {
        file(
            &[
                extended(0x2c),
                chunk(b"ICCP", b"profile"),
                drawing(),
                chunk(b"EXIF", b"GPS 10.5 N"),
                chunk(b"XMP ", b"GPS "),
            ]
            .concat(),
        )
    }

    #[test]
    fn notes_and_profiles_are_gone_and_nothing_says_that_they_follow() {
        assert_eq!(clean(&picture()), Ok(file(&[extended(0), drawing()].concat())));
        let behind = [file(&drawing()), b"<script>".to_vec()].concat();
        assert_eq!(clean(&behind), Ok(file(&drawing())));
    }

    #[test]
    fn moving_pictures_and_floods_are_refused() {
        assert_eq!(clean(&file(&[extended(0x02), drawing()].concat())), Err("file_moves"));
        assert_eq!(clean(&file(&chunk(b"ANMF", b"x"))), Err("file_moves"));
        let flood = chunk(b"VP8X", &[0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        assert_eq!(clean(&file(&flood)), Err("too_many_pixels"));
        assert_eq!(clean(&file(b"")), Err(BROKEN));
        let picture = picture();
        for end in 12..picture.len() {
            assert!(clean(&picture[..end]).is_err(), "cut at {end}");
        }
    }
}
