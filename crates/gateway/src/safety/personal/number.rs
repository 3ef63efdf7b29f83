//! Numbers of people: cards, accounts, telephones, social security, addresses of machines.

use super::Piece;
use super::scan::run;
use crate::safety::verdict::Severity;

/// The piece that begins with a digit, a plus or a bracket.
pub(super) fn at(bytes: &[u8], start: usize) -> Option<Piece> {
    let shape = run(bytes, start, 32, |b| b.is_ascii_digit() || matches!(b, b' ' | b'-' | b'.' | b'(' | b')' | b'+'));
    let mut end = shape.end;
    while end > start && !bytes[end - 1].is_ascii_digit() {
        end -= 1;
    }
    // Goes on as a word or a longer number: an identifier, not a number of a person.
    if end <= start || bytes.get(end).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_') && end == shape.end {
        return None;
    }
    if is_inside_account(bytes, start) {
        return None;
    }
    let text = &bytes[start..end];
    card(text, start)
        .or_else(|| social_security(text, start))
        .or_else(|| ip_address(text, start))
        .or_else(|| telephone(text, start))
}

/// The first group of an account number stands before: `DE89 `. With a wrong check digit it is no number of anything.
fn is_inside_account(bytes: &[u8], start: usize) -> bool {
    start.checked_sub(5).is_some_and(|from| {
        matches!(&bytes[from..start], [a, b, c, d, b' '] if a.is_ascii_uppercase() && b.is_ascii_uppercase() && c.is_ascii_digit() && d.is_ascii_digit())
    })
}

fn card(text: &[u8], start: usize) -> Option<Piece> {
    // A card number may be followed by other numbers: the longest beginning with a right check digit counts.
    let mut digits = Vec::with_capacity(19);
    let mut best = None;
    let separator = text.iter().find(|b| !b.is_ascii_digit()).copied().filter(|b| matches!(b, b' ' | b'-'));
    let mut group = 0;
    for (i, b) in text.iter().enumerate() {
        if b.is_ascii_digit() {
            digits.push(b - b'0');
            group += 1;
            let ends_here = text.get(i + 1).is_none_or(|next| !next.is_ascii_digit());
            if ends_here && (13..=19).contains(&digits.len()) && is_card(&digits) {
                best = Some(i + 1);
            }
        } else if Some(*b) == separator && (3..=6).contains(&group) {
            group = 0;
        } else {
            break;
        }
        if digits.len() > 19 {
            break;
        }
    }
    best.map(|length| Piece::personal("payment card number", Severity::High, 0.95, start..start + length))
}

/// Issued ranges, and the Luhn check of ISO/IEC 7812-1.
fn is_card(digits: &[u8]) -> bool {
    let issued = matches!(
        digits,
        [4, ..] | [5, 1..=5, ..] | [2, 2..=7, ..] | [3, 4 | 7, ..] | [3, 0 | 5 | 6 | 8, ..] | [6, 0 | 2 | 4 | 5, ..]
    );
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, d)| u32::from(if i % 2 == 1 { d * 2 / 10 + d * 2 % 10 } else { *d }))
        .sum();
    issued && sum.is_multiple_of(10) && digits.windows(2).any(|pair| pair[0] != pair[1])
}

/// `123-45-6789`, without the areas and groups that are never given out.
fn social_security(text: &[u8], start: usize) -> Option<Piece> {
    let [a @ .., b'-', g1, g2, b'-', s1, s2, s3, s4] = text.get(..11)? else { return None };
    let digits = a.len() == 3 && a.iter().chain([g1, g2, s1, s2, s3, s4]).all(u8::is_ascii_digit);
    let given = a != b"000"
        && a != b"666"
        && a.first() != Some(&b'9')
        && [*g1, *g2] != *b"00"
        && [*s1, *s2, *s3, *s4] != *b"0000";
    (digits && given && text.len() == 11)
        .then(|| Piece::personal("social security number", Severity::High, 0.85, start..start + 11))
}

fn ip_address(text: &[u8], start: usize) -> Option<Piece> {
    let text = std::str::from_utf8(text).ok()?;
    let address: std::net::Ipv4Addr = text.parse().ok()?;
    // A version number often looks like an address of the first networks; addresses inside one house say little of a person.
    let public = !address.is_private()
        && !address.is_loopback()
        && !address.is_unspecified()
        && !address.is_broadcast()
        && address.octets()[0] > 10;
    public.then(|| Piece::personal("IP address", Severity::Low, 0.5, start..start + text.len()))
}

/// International (`+49 30 901820`) or North American (`(212) 555-0187`, `212-555-0187`).
fn telephone(text: &[u8], start: usize) -> Option<Piece> {
    let shape: String = text.iter().map(|b| if b.is_ascii_digit() { '9' } else { char::from(*b) }).collect();
    let digits = text.iter().filter(|b| b.is_ascii_digit()).count();
    let international =
        shape.starts_with('+') && (9..=15).contains(&digits) && !shape[1..].contains('+') && !shape.contains("  ");
    let american = matches!(
        shape.as_str(),
        "(999) 999-9999" | "(999)999-9999" | "999-999-9999" | "999.999.9999" | "1-999-999-9999"
    );
    (international || american)
        .then(|| Piece::personal("telephone number", Severity::Low, 0.8, start..start + text.len()))
}

/// Numbers that begin with letters: IBAN, British national insurance.
pub(super) fn lettered(bytes: &[u8], start: usize) -> Option<Piece> {
    if !bytes[start].is_ascii_uppercase()
        || !bytes.get(start + 1)?.is_ascii_uppercase()
        || !bytes.get(start + 2)?.is_ascii_digit()
    {
        return None;
    }
    let shape = run(bytes, start, 44, |b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b' ');
    iban(&bytes[shape.clone()], start).or_else(|| insurance(&bytes[shape], start))
}

/// ISO 13616: the remainder of the rearranged number by 97 is 1.
fn iban(text: &[u8], start: usize) -> Option<Piece> {
    // Words may follow the number: each length at which a group ends is tried, the longest first.
    let ends = (15..=text.len()).rev().filter(|end| text[end - 1] != b' ' && text.get(*end).is_none_or(|b| *b == b' '));
    for end in ends {
        let compact: Vec<u8> = text[..end].iter().copied().filter(|b| *b != b' ').collect();
        if !(15..=34).contains(&compact.len()) || !compact[2..4].iter().all(u8::is_ascii_digit) {
            continue;
        }
        let rest = compact[4..].iter().chain(&compact[..4]).try_fold(0_u32, |rest, b| {
            let value = char::from(*b).to_digit(36)?;
            Some((rest * if value > 9 { 100 } else { 10 } + value) % 97)
        });
        if rest == Some(1) {
            return Some(Piece::personal("bank account number", Severity::Medium, 0.95, start..start + end));
        }
    }
    None
}

/// `QQ 12 34 56 C`.
fn insurance(text: &[u8], start: usize) -> Option<Piece> {
    let mut compact = Vec::with_capacity(9);
    for (i, b) in text.iter().enumerate().filter(|(_, b)| **b != b' ') {
        compact.push(*b);
        if compact.len() == 9 {
            let form = compact[2..8].iter().all(u8::is_ascii_digit) && matches!(compact[8], b'A'..=b'D');
            let letters = compact[..2]
                .iter()
                .all(|b| b.is_ascii_uppercase() && !matches!(b, b'D' | b'F' | b'I' | b'Q' | b'U' | b'V'))
                && compact[1] != b'O';
            let ends = text.get(i + 1).is_none_or(|b| *b == b' ');
            return (form && letters && ends)
                .then(|| Piece::personal("national insurance number", Severity::High, 0.7, start..start + i + 1));
        }
    }
    None
}
