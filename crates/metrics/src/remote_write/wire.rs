//! The protocol buffers wire format, as much as a write request needs.

use super::RemoteWriteError;
use crate::varint::Cursor;

/// One field of a message.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    Varint(u64),
    Fixed64([u8; 8]),
    Bytes(&'a [u8]),
    Fixed32,
}

const CUT_SHORT: RemoteWriteError = RemoteWriteError::Malformed("a field is cut short");

/// The next field: its number and value, or `None` at the end of the message.
#[inline]
pub(super) fn field<'a>(cursor: &mut Cursor<'a>) -> Result<Option<(u64, Value<'a>)>, RemoteWriteError> {
    if cursor.is_empty() {
        return Ok(None);
    }
    let tag = cursor.varint().ok_or(CUT_SHORT)?;
    let value = match tag & 7 {
        0 => Value::Varint(cursor.varint().ok_or(CUT_SHORT)?),
        1 => Value::Fixed64(cursor.array().ok_or(CUT_SHORT)?),
        2 => {
            let len = cursor.count().ok_or(CUT_SHORT)?;
            Value::Bytes(cursor.take(len).ok_or(CUT_SHORT)?)
        }
        5 => {
            cursor.array::<4>().ok_or(CUT_SHORT)?;
            Value::Fixed32
        }
        _ => return Err(RemoteWriteError::Malformed("a field has an unknown wire type")),
    };
    if tag >> 3 == 0 {
        return Err(RemoteWriteError::Malformed("a field has the number 0"));
    }
    Ok(Some((tag >> 3, value)))
}
