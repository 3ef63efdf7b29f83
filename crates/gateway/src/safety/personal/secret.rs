//! Secrets: keys by the prefixes their issuers publish, private keys, passwords in addresses and in assignments.

use std::ops::Range;
use std::sync::LazyLock;

use super::Piece;
use super::scan::run;
use crate::safety::verdict::Severity;

/// Prefix, least length of what follows it, name.
const PREFIXES: &[(&str, usize, &str)] = &[
    ("AKIA", 16, "AWS access key"),
    ("ASIA", 16, "AWS access key"),
    ("AIza", 35, "Google API key"),
    ("ya29.", 30, "Google access token"),
    ("ghp_", 36, "GitHub token"),
    ("gho_", 36, "GitHub token"),
    ("ghu_", 36, "GitHub token"),
    ("ghs_", 36, "GitHub token"),
    ("ghr_", 36, "GitHub token"),
    ("github_pat_", 40, "GitHub token"),
    ("glpat-", 20, "GitLab token"),
    ("sk-ant-", 20, "Anthropic API key"),
    ("sk-proj-", 20, "OpenAI API key"),
    ("sk-", 32, "OpenAI API key"),
    ("sk_live_", 16, "Stripe key"),
    ("rk_live_", 16, "Stripe key"),
    ("whsec_", 20, "webhook secret"),
    ("gsk_", 40, "Groq API key"),
    ("hf_", 30, "Hugging Face token"),
    ("xoxb-", 20, "Slack token"),
    ("xoxp-", 20, "Slack token"),
    ("xoxa-", 20, "Slack token"),
    ("xapp-", 20, "Slack token"),
    ("npm_", 36, "npm token"),
    ("pypi-", 40, "PyPI token"),
    ("dop_v1_", 60, "DigitalOcean token"),
    ("SG.", 60, "SendGrid key"),
    ("AGE-SECRET-KEY-1", 40, "age secret key"),
];

/// Whether a prefix begins with this byte.
static BEGINS: LazyLock<[bool; 256]> = LazyLock::new(|| {
    std::array::from_fn(|b| PREFIXES.iter().any(|(prefix, ..)| usize::from(prefix.as_bytes()[0]) == b))
});

/// Names that a password or key is assigned to.
const ASSIGNED: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "secret",
    "secret_key",
    "client_secret",
    "api_key",
    "apikey",
    "api-key",
    "access_token",
    "auth_token",
    "private_key",
    "aws_secret_access_key",
    "token",
];

pub(super) fn at(bytes: &[u8], start: usize) -> Option<Piece> {
    let rest = &bytes[start..];
    match rest.first()? {
        b'-' => private_key(bytes, start),
        b'e' if rest.starts_with(b"eyJ") => web_token(bytes, start),
        _ => issued(bytes, start)
            .or_else(|| assigned(bytes, start))
            .or_else(|| in_address(bytes, start))
            .or_else(|| bearer(bytes, start)),
    }
}

fn is_key(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')
}

fn issued(bytes: &[u8], start: usize) -> Option<Piece> {
    let rest = &bytes[start..];
    // Both are needed, so that `sk-learn-something-long` is a package and no key.
    let mixed = |key: &[u8]| key.iter().any(u8::is_ascii_digit) && key.iter().any(u8::is_ascii_alphabetic);
    if !rest.first().is_some_and(|b| BEGINS[usize::from(*b)]) {
        return None;
    }
    PREFIXES.iter().filter(|(prefix, ..)| rest.starts_with(prefix.as_bytes())).find_map(|(prefix, least, name)| {
        let key = run(bytes, start + prefix.len(), 512, is_key);
        let key = trim_point(bytes, key);
        (key.len() >= *least && mixed(&bytes[key.clone()]))
            .then(|| Piece::secret(name, Severity::Critical, 0.97, start..key.end))
    })
}

/// A full stop at the end belongs to the sentence.
fn trim_point(bytes: &[u8], mut key: Range<usize>) -> Range<usize> {
    while key.end > key.start && matches!(bytes[key.end - 1], b'.' | b'-') {
        key.end -= 1;
    }
    key
}

fn private_key(bytes: &[u8], start: usize) -> Option<Piece> {
    let rest = &bytes[start..bytes.len().min(start + 8192)];
    let begin = rest.strip_prefix(b"-----BEGIN ")?;
    let title = begin.windows(5).take(40).position(|w| w == b"-----")?;
    if !begin[..title].ends_with(b"PRIVATE KEY") && !begin[..title].ends_with(b"PRIVATE KEY BLOCK") {
        return None;
    }
    let end = rest.windows(9).position(|w| w == b"-----END ").map_or(rest.len(), |end| {
        let close = rest[end + 9..].windows(5).take(40).position(|w| w == b"-----");
        close.map_or(rest.len(), |close| end + 9 + close + 5)
    });
    // A key cut off by the end of the search is hidden up to there, on a character's boundary: keys are ASCII.
    let ascii = rest[..end].iter().take_while(|b| b.is_ascii()).count();
    Some(Piece::secret("private key", Severity::Critical, 0.99, start..start + ascii))
}

/// A JSON web token: three parts, the first two of which begin as base64 of `{"`.
fn web_token(bytes: &[u8], start: usize) -> Option<Piece> {
    let token = trim_point(bytes, run(bytes, start, 4096, is_key));
    let mut parts = bytes[token.clone()].split(|b| *b == b'.');
    let (header, body, signature) = (parts.next()?, parts.next()?, parts.next()?);
    let formed = header.len() >= 10 && body.starts_with(b"eyJ") && signature.len() >= 16 && parts.next().is_none();
    formed.then(|| Piece::secret("JSON web token", Severity::High, 0.97, token))
}

/// `password = "…"`, `API_KEY: …`. Only the value is the piece.
fn assigned(bytes: &[u8], start: usize) -> Option<Piece> {
    let name = run(bytes, start, 40, |b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    let quoted_name = run(bytes, name.end, 1, |b| matches!(b, b'"' | b'\'')).end;
    let sign = run(bytes, quoted_name, 4, |b| matches!(b, b' ' | b'=' | b':'));
    if !bytes[sign.clone()].iter().any(|b| matches!(b, b'=' | b':')) {
        return None;
    }
    let lower = bytes[name].to_ascii_lowercase();
    let ends = |known: &str| {
        lower.ends_with(known.as_bytes())
            && (lower.len() == known.len() || matches!(lower[lower.len() - known.len() - 1], b'_' | b'-'))
    };
    if !ASSIGNED.iter().any(|known| ends(known)) {
        return None;
    }
    let quote = run(bytes, sign.end, 1, |b| matches!(b, b'"' | b'\'' | b'`')).end;
    let value = trim_point(
        bytes,
        run(bytes, quote, 200, |b| {
            b.is_ascii_graphic() && !matches!(b, b'"' | b'\'' | b'`' | b',' | b';' | b')' | b'<' | b'>' | b'{' | b'}')
        }),
    );
    looks_secret(&bytes[value.clone()]).then(|| Piece::secret("password or key", Severity::High, 0.8, value))
}

/// Not a word of the language, a reference to a variable or a placeholder: digits and letters mixed, and many different characters.
fn looks_secret(value: &[u8]) -> bool {
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    let letters = value.iter().filter(|b| b.is_ascii_alphabetic()).count();
    let signs = value.len() - digits - letters;
    let mut seen = [false; 128];
    value.iter().for_each(|b| seen[usize::from(*b & 127)] = true);
    let different = seen.iter().filter(|s| **s).count();
    let reference = value.first().is_some_and(|b| matches!(b, b'$' | b'%' | b'*'))
        || value.contains(&b'(')
        || value.contains(&b'[');
    value.len() >= 6
        && different >= 5
        && letters > 0
        && (digits > 0 || signs > 0 && value.len() >= 8)
        && !reference
        && signs * 2 <= value.len()
}

/// `postgres://user:password@host`.
fn in_address(bytes: &[u8], start: usize) -> Option<Piece> {
    let scheme = run(bytes, start, 16, |b| b.is_ascii_lowercase() || b == b'+');
    let rest = bytes[scheme.end..].strip_prefix(b"://")?;
    let from = bytes.len() - rest.len();
    let user = run(bytes, from, 64, |b| b.is_ascii_graphic() && !matches!(b, b':' | b'/' | b'@' | b'"'));
    if bytes.get(user.end) != Some(&b':') {
        return None;
    }
    let password =
        run(bytes, user.end + 1, 128, |b| b.is_ascii_graphic() && !matches!(b, b'/' | b'@' | b'"' | b'$' | b'{'));
    (bytes.get(password.end) == Some(&b'@') && password.len() >= 3)
        .then(|| Piece::secret("password in an address", Severity::High, 0.9, password))
}

fn bearer(bytes: &[u8], start: usize) -> Option<Piece> {
    let rest = &bytes[start..];
    if !rest.get(..7)?.eq_ignore_ascii_case(b"bearer ") {
        return None;
    }
    let token = trim_point(bytes, run(bytes, start + 7, 2048, |b| is_key(b) || matches!(b, b'+' | b'/' | b'=' | b'~')));
    (token.len() >= 20 && looks_secret(&bytes[token.clone()]))
        .then(|| Piece::secret("bearer token", Severity::High, 0.9, token))
}
