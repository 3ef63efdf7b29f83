//! The scanner: walks over one level of a JSON document and skips what is below.
//!
//! Always true: strings, numbers and literals are checked for their ends and shape, brackets for their depth; what is skipped
//! is not checked further (a provider judges it).

use std::borrow::Cow;
use std::ops::Range;

/// Where a document stops being JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not valid JSON at byte {at}")]
pub(crate) struct Malformed {
    pub(crate) at: usize,
}

/// One member of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member<'a> {
    pub(crate) key: Cow<'a, str>,
    /// Where its value is in the bytes of the object.
    pub(crate) value: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Before,
    Inside,
    After,
}

/// Walks the members of an object. After an error, and after the end, there is nothing more.
#[derive(Clone, Debug)]
pub(crate) struct Members<'a> {
    bytes: &'a [u8],
    at: usize,
    place: Place,
}

impl<'a> Members<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, place: Place::Before }
    }

    fn advance(&mut self) -> Result<Option<Member<'a>>, Malformed> {
        if !enter(self.bytes, &mut self.at, &mut self.place, b'{', b'}')? {
            return Ok(None);
        }
        let key_at = self.at;
        let key_end = skip_string(self.bytes, key_at)?;
        let key = super::text(&self.bytes[key_at..key_end]).ok_or(Malformed { at: key_at })?;
        self.at = skip_space(self.bytes, key_end);
        if self.bytes.get(self.at) != Some(&b':') {
            return Err(Malformed { at: self.at });
        }
        let start = skip_space(self.bytes, self.at + 1);
        self.at = skip_value(self.bytes, start)?;
        Ok(Some(Member { key, value: start..self.at }))
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = Result<Member<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.place == Place::After {
            return None;
        }
        let found = self.advance();
        if !matches!(found, Ok(Some(_))) {
            self.place = Place::After;
        }
        found.transpose()
    }
}

/// Walks the elements of an array, as spans of its bytes.
#[derive(Clone, Debug)]
pub(crate) struct Elements<'a> {
    bytes: &'a [u8],
    at: usize,
    place: Place,
}

impl<'a> Elements<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, place: Place::Before }
    }

    fn advance(&mut self) -> Result<Option<&'a [u8]>, Malformed> {
        if !enter(self.bytes, &mut self.at, &mut self.place, b'[', b']')? {
            return Ok(None);
        }
        let start = self.at;
        self.at = skip_value(self.bytes, start)?;
        Ok(Some(&self.bytes[start..self.at]))
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Result<&'a [u8], Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.place == Place::After {
            return None;
        }
        let found = self.advance();
        if !matches!(found, Ok(Some(_))) {
            self.place = Place::After;
        }
        found.transpose()
    }
}

/// Goes to the next item; false at the end of the container, after which only white space may follow.
fn enter(bytes: &[u8], at: &mut usize, place: &mut Place, open: u8, close: u8) -> Result<bool, Malformed> {
    *at = skip_space(bytes, *at);
    let is_first = *place == Place::Before;
    if is_first {
        if bytes.get(*at) != Some(&open) {
            return Err(Malformed { at: *at });
        }
        *place = Place::Inside;
        *at = skip_space(bytes, *at + 1);
    }
    match bytes.get(*at) {
        Some(b) if *b == close => {
            let rest = skip_space(bytes, *at + 1);
            if rest < bytes.len() { Err(Malformed { at: rest }) } else { Ok(false) }
        }
        Some(b',') if !is_first => {
            *at = skip_space(bytes, *at + 1);
            Ok(true)
        }
        Some(_) if is_first => Ok(true),
        _ => Err(Malformed { at: *at }),
    }
}

fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
    }
    at
}

/// The end of the string that begins here.
fn skip_string(bytes: &[u8], start: usize) -> Result<usize, Malformed> {
    if bytes.get(start) != Some(&b'"') {
        return Err(Malformed { at: start });
    }
    let mut at = start + 1;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(found) = memchr::memchr2(b'"', b'\\', rest) else {
            return Err(Malformed { at: bytes.len() });
        };
        at += found;
        if bytes[at] == b'"' {
            return Ok(at + 1);
        }
        at += 2;
    }
}

/// The end of the value that begins here.
fn skip_value(bytes: &[u8], start: usize) -> Result<usize, Malformed> {
    match bytes.get(start) {
        Some(b'"') => skip_string(bytes, start),
        Some(b'{' | b'[') => skip_container(bytes, start),
        Some(_) => skip_scalar(bytes, start),
        None => Err(Malformed { at: start }),
    }
}

fn skip_container(bytes: &[u8], start: usize) -> Result<usize, Malformed> {
    let mut depth = 0_usize;
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = skip_string(bytes, at)?;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return if closes(bytes[start], *byte) { Ok(at + 1) } else { Err(Malformed { at }) };
                }
            }
            _ => {}
        }
        at += 1;
    }
    Err(Malformed { at })
}

fn closes(open: u8, close: u8) -> bool {
    matches!((open, close), (b'{', b'}') | (b'[', b']'))
}

fn skip_scalar(bytes: &[u8], start: usize) -> Result<usize, Malformed> {
    let rest = &bytes[start..];
    let length =
        rest.iter().position(|b| matches!(b, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t')).unwrap_or(rest.len());
    let is_scalar = match &rest[..length] {
        b"true" | b"false" | b"null" => true,
        [first, others @ ..] => {
            (first.is_ascii_digit() || *first == b'-')
                && others.iter().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'))
        }
        [] => false,
    };
    if is_scalar { Ok(start + length) } else { Err(Malformed { at: start }) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::json;

    fn is_whole_object(bytes: &[u8]) -> bool {
        json::members(bytes).all(|member| member.is_ok())
    }

    #[test]
    fn finds_members_by_their_decoded_names() {
        let body = br#" { "a" : [1, {"model":"inner"}], "mod\u0065l" : "outer \"quoted\"" , "n": -1.5e3, "t":true } "#;
        let keys: Vec<String> = json::members(body).map(|m| m.unwrap().key.into_owned()).collect();
        assert_eq!(keys, ["a", "model", "n", "t"]);
        assert_eq!(json::text(json::find(body, "model").unwrap()).unwrap(), "outer \"quoted\"");
        assert_eq!(json::elements(json::find(body, "a").unwrap()).count(), 2);
    }

    #[test]
    fn what_is_cut_is_malformed() {
        let whole = br#"{"id":"x","choices":[{"delta":{"content":"he\"llo"}}],"usage":null}"#;
        assert!(is_whole_object(whole));
        for end in 0..whole.len() {
            assert!(!is_whole_object(&whole[..end]), "{}", String::from_utf8_lossy(&whole[..end]));
        }
    }

    #[test]
    fn what_is_not_json_is_malformed() {
        for text in [
            "",
            "[]",
            "{]",
            "{\"a\":1]",
            "{\"a\":[1}}",
            "{a:1}",
            "{\"a\" 1}",
            "{\"a\":1,}x",
            "{\"a\":tru}",
            "{}x",
            "{,}",
            "{\"a\":1 \"b\":2}",
        ] {
            assert!(!is_whole_object(text.as_bytes()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_a_full_parser(value in arbitrary_json()) {
            let text = serde_json::to_vec_pretty(&value).unwrap();
            for member in json::members(&text) {
                let member = member.unwrap();
                let seen: serde_json::Value = serde_json::from_slice(&text[member.value]).unwrap();
                prop_assert_eq!(&seen, &value[member.key.as_ref()]);
            }
        }

        #[test]
        fn garbage_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = json::members(&bytes).count();
            let _ = json::elements(&bytes).count();
            let _ = json::text(&bytes);
        }

        #[test]
        fn json_like_garbage_never_panics(text in r#"[\{\}\[\],:"\\a0\- n]{0,60}"#) {
            let _ = json::members(text.as_bytes()).count();
            let _ = json::elements(text.as_bytes()).count();
        }
    }

    fn arbitrary_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(serde_json::Value::from),
            any::<i64>().prop_map(serde_json::Value::from),
            any::<String>().prop_map(serde_json::Value::from),
        ];
        let tree = leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::from),
                prop::collection::hash_map(any::<String>(), inner, 0..6)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        });
        prop::collection::hash_map(any::<String>(), tree, 0..6)
            .prop_map(|map| serde_json::Value::Object(map.into_iter().collect()))
    }
}
