//! One walk over the bytes of a text; at the beginning of each word the forms that can begin there are tried.

use std::ops::Range;

use super::{Piece, number, secret};
use crate::safety::verdict::Severity;

/// The pieces in order, not overlapping. Texts with thousands are tables: the rest is left out.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    const MOST: usize = 1000;
    let bytes = text.as_bytes();
    let mut found: Vec<Piece> = Vec::new();
    let mut at = 0;
    let mut inside = false;
    while at < bytes.len() && found.len() < MOST {
        let b = bytes[at];
        let piece = match b {
            b'@' => email(bytes, at, found.last().map_or(0, |p| p.range.end)),
            _ if inside => None,
            b'0'..=b'9' | b'+' | b'(' => number::at(bytes, at),
            b'A'..=b'Z' | b'a'..=b'z' | b'-' => secret::at(bytes, at).or_else(|| number::lettered(bytes, at)),
            _ => None,
        };
        inside = b.is_ascii_alphanumeric() || b == b'_' || !b.is_ascii();
        if let Some(piece) =
            piece.filter(|p| text.is_char_boundary(p.range.start) && text.is_char_boundary(p.range.end))
        {
            at = piece.range.end.max(at + 1);
            // What ends in the middle of a word was no piece of the word's beginning; what follows is looked at afresh.
            inside = false;
            found.push(piece);
        } else {
            at += 1;
        }
    }
    found
}

/// An address around an `@`.
fn email(bytes: &[u8], at: usize, from: usize) -> Option<Piece> {
    const LONGEST: usize = 64;
    let local = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'%' | b'+' | b'-');
    let before = bytes[from.max(at.saturating_sub(LONGEST))..at].iter().rev().take_while(|b| local(b)).count();
    let after = &bytes[at + 1..bytes.len().min(at + 1 + 255)];
    let mut length = after.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-')).count();
    while length > 0 && matches!(after[length - 1], b'.' | b'-') {
        length -= 1;
    }
    let host = &after[..length];
    let top = host.iter().rposition(|b| *b == b'.')?;
    let named = host.len() - top > 2 && host[top + 1..].iter().all(u8::is_ascii_alphabetic) && top > 0;
    let start = at - before + bytes[at - before..at].iter().take_while(|b| **b == b'.').count();
    (named && start < at).then(|| Piece::personal("email address", Severity::Low, 0.9, start..at + 1 + length))
}

/// The run of bytes that satisfy a condition, from a place on.
pub(super) fn run(bytes: &[u8], from: usize, most: usize, allowed: impl Fn(u8) -> bool) -> Range<usize> {
    let rest = bytes.get(from..bytes.len().min(from + most)).unwrap_or_default();
    from..from + rest.iter().take_while(|b| allowed(**b)).count()
}
