//! PNG: chunk by chunk, only those that draw.

use super::fits;

pub const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// What a picture is drawn from. Texts, days, places, profiles and moving pictures are not among them.
const DRAW: &[&[u8; 4]] =
    &[b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"];

/// # Errors
/// `file_is_broken`, `too_many_pixels`.
pub fn clean(bytes: &[u8]) -> Result<Vec<u8>, &'static str> {
    let mut rest = bytes.strip_prefix(SIGNATURE).ok_or("file_is_broken")?;
    let mut kept = SIGNATURE.to_vec();
    let (mut first, mut has_data) = (true, false);
    loop {
        let (length, after) = rest.split_first_chunk::<4>().ok_or("file_is_broken")?;
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| "file_is_broken")?;
        let (kind, after) = after.split_first_chunk::<4>().ok_or("file_is_broken")?;
        let (data, after) = after.split_at_checked(length).ok_or("file_is_broken")?;
        let (sum, after) = after.split_first_chunk::<4>().ok_or("file_is_broken")?;
        if crc(kind, data) != u32::from_be_bytes(*sum) || (first != (kind == b"IHDR")) {
            return Err("file_is_broken");
        }
        if first {
            let (width, more) = data.split_first_chunk::<4>().filter(|_| data.len() == 13).ok_or("file_is_broken")?;
            let (height, _) = more.split_first_chunk::<4>().ok_or("file_is_broken")?;
            fits(u32::from_be_bytes(*width), u32::from_be_bytes(*height))?;
            first = false;
        }
        has_data |= kind == b"IDAT" && !data.is_empty();
        if DRAW.contains(&kind) {
            kept.extend(chunk(kind, data));
        }
        if kind == b"IEND" {
            // Whatever hangs behind the end is no picture.
            return if has_data && data.is_empty() { Ok(kept) } else { Err("file_is_broken") };
        }
        rest = after;
    }
}

fn crc(kind: &[u8; 4], data: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(kind);
    crc.update(data);
    crc.sum()
}

pub fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes()[..], kind, data, &crc(kind, data).to_be_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(dims: [u32; 2], more: &[u8]) -> Vec<u8> {
        let header = [&dims[0].to_be_bytes()[..], &dims[1].to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
        [SIGNATURE, &chunk(b"IHDR", &header), more, &chunk(b"IDAT", &[1]), &chunk(b"IEND", b"")].concat()
    }

    #[test]
    fn what_does_not_draw_is_gone_and_so_is_what_hangs_behind() {
        let dirty = [
            with([2, 2], &[chunk(b"eXIf", b"GPS here"), chunk(b"iTXt", b"Anh Ba")].concat()),
            b"<script>PK\x03\x04".to_vec(),
        ]
        .concat();
        assert_eq!(clean(&dirty), Ok(with([2, 2], b"")));
    }

    #[test]
    fn a_flood_of_pixels_is_seen_in_the_header() {
        assert_eq!(clean(&with([50_000, 50_000], b"")), Err("too_many_pixels"));
        assert_eq!(clean(&with([u32::MAX, 1], b"")), Err("too_many_pixels"));
        assert_eq!(clean(&with([0, 1], b"")), Err("file_is_broken"));
        let mut bent = with([2, 2], b"");
        bent[20] ^= 1;
        assert_eq!(clean(&bent), Err("file_is_broken"));
        assert_eq!(clean(&bent[..30]), Err("file_is_broken"));
    }
}
