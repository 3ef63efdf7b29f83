//! How many tokens a text has, when nobody says.
//!
//! Always true: what is counted here is marked as estimated wherever it goes.

use crate::json;

/// Tokens of a text, estimated: byte-pair vocabularies of today have about one token for each short word, one for every four
/// further letters, one for a run of punctuation, and one for every three digits. Scripts without spaces have about one a character.
pub(crate) fn of_text(text: &str) -> u64 {
    let (mut tokens, mut letters, mut digits, mut is_mark) = (0, 0_u64, 0_u64, false);
    for c in text.chars() {
        let is_word = c.is_alphabetic() && (c as u32) < 0x2E80;
        if !is_word {
            tokens += word_tokens(letters);
            letters = 0;
        }
        if !c.is_ascii_digit() {
            tokens += digits.div_ceil(3);
            digits = 0;
        }
        if is_word {
            letters += 1;
        } else if c.is_ascii_digit() {
            digits += 1;
        } else if c.is_alphabetic() || !c.is_ascii() && !c.is_whitespace() {
            tokens += 1;
        }
        let was_mark = is_mark;
        is_mark = c.is_ascii_punctuation();
        tokens += u64::from(is_mark && !was_mark);
    }
    tokens + word_tokens(letters) + digits.div_ceil(3)
}

/// Common words of up to seven letters are one token.
fn word_tokens(letters: u64) -> u64 {
    match letters {
        0 => 0,
        1..=7 => 1,
        more => 1 + (more - 7).div_ceil(4),
    }
}

/// Tokens of text of which only the length is known.
pub(crate) fn of_bytes(bytes: u64) -> u64 {
    bytes.div_ceil(4)
}

/// Tokens of the strings of a request; embedded files are left out, each counts as an image of middle size.
pub(crate) fn of_body(body: &[u8]) -> u64 {
    const IMAGE: u64 = 1_000;
    let mut tokens = 0;
    for member in json::members(body).map_while(Result::ok) {
        if !matches!(member.key.as_ref(), "messages" | "prompt" | "input" | "system" | "instructions" | "tools") {
            continue;
        }
        let mut rest = &body[member.value];
        while let Some((text, after)) = next_string(rest) {
            rest = after;
            let is_key = rest.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b':');
            tokens += match text {
                _ if is_key => 0,
                file if file.starts_with(b"data:") || file.len() > 4_096 && looks_like_base64(file) => IMAGE,
                text => of_text(&String::from_utf8_lossy(text)),
            };
        }
    }
    tokens
}

/// The next string of a JSON text, without its quotes, and what comes after it.
fn next_string(json: &[u8]) -> Option<(&[u8], &[u8])> {
    let start = memchr::memchr(b'"', json)? + 1;
    let mut at = start;
    loop {
        at += memchr::memchr2(b'"', b'\\', json.get(at..)?)?;
        if json[at] == b'"' {
            return Some((&json[start..at], &json[at + 1..]));
        }
        at += 2;
    }
}

fn looks_like_base64(text: &[u8]) -> bool {
    text[..256].iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_count_their_texts_only() {
        let small = of_body(br#"{"model":"a long model name","messages":[{"role":"user","content":"Hello there"}]}"#);
        assert_eq!(small, 3, "the role and two words");
        let image =
            format!(r#"{{"messages":[{{"content":[{{"url":"data:image/png;base64,{}"}}]}}]}}"#, "A".repeat(100_000));
        assert_eq!(of_body(image.as_bytes()), 1_000);
        assert_eq!(of_body(b"not json"), 0);
    }
}
