//! The canonical bytes: each name and value preceded by its length.
//!
//! Always true here: lengths are written with six bits a byte, so they are ASCII and the whole is valid UTF-8. That
//! lets a set be one `str` whose parts are sliced without checking them again.

const MORE: u8 = 0x40;
const PAYLOAD: u8 = 0x3f;

/// The longest text this form can hold: four digits of six bits.
pub(super) const MAX_LEN: usize = (1 << 24) - 1;

/// Appends `text` preceded by its length.
pub(super) fn put(out: &mut String, text: &str) {
    let mut len = text.len();
    while len > usize::from(PAYLOAD) {
        out.push(char::from(len as u8 & PAYLOAD | MORE));
        len >>= 6;
    }
    out.push(char::from(len as u8));
    out.push_str(text);
}

/// Splits the first text off, or `None` when the bytes are not in this form.
pub(super) fn split(encoded: &str) -> Option<(&str, &str)> {
    let bytes = encoded.as_bytes();
    let (mut len, mut at) = (0_usize, 0_usize);
    loop {
        let byte = *bytes.get(at)?;
        // Four bytes are 16 MiB: beyond every limit, and no shift overflows.
        if byte >= 0x80 || at == 4 {
            return None;
        }
        len |= usize::from(byte & PAYLOAD) << (6 * at);
        at += 1;
        if byte & MORE == 0 {
            break;
        }
    }
    encoded.get(at..)?.split_at_checked(len)
}
