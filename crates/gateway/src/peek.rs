//! What the data path needs to know of a request's body, without reading the rest.

use std::ops::Range;

use bytes::Bytes;

use crate::json;

/// The members of a body that matter on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Peek {
    /// What the caller calls the model.
    pub(crate) model: String,
    /// Where that stands, quotes included.
    pub(crate) model_at: Range<usize>,
    /// Whether a stream is asked for.
    pub(crate) stream: bool,
    /// Where `stream_options` stands.
    pub(crate) stream_options: Option<Range<usize>>,
    /// Whether the caller asked for usage at the end of a stream.
    pub(crate) wants_usage: bool,
    /// The most tokens that may be written.
    pub(crate) max_tokens: Option<u64>,
    /// How many answers are asked for.
    pub(crate) choices: u64,
    /// Just after the opening brace.
    pub(crate) inside: usize,
}

/// What is wrong with a body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadBody {
    #[error("the body is not a JSON object: {0}")]
    NotJson(#[from] json::Malformed),
    #[error("`model` is missing; name a route or `provider/model`")]
    NoModel,
    #[error("`model` must be text")]
    ModelNotText,
    #[error("`model` is there twice")]
    ModelTwice,
}

/// Looks at a body.
pub(crate) fn peek(body: &[u8]) -> Result<Peek, BadBody> {
    let mut peek = Peek { choices: 1, ..Peek::default() };
    let mut model = None;
    for member in json::members(body) {
        let member = member?;
        let value = &body[member.value.clone()];
        match member.key.as_ref() {
            "model" if model.is_some() => return Err(BadBody::ModelTwice),
            "model" => model = Some(member.value),
            "stream" => peek.stream = value == b"true",
            "stream_options" if !json::is_null(value) => {
                peek.wants_usage = json::find(value, "include_usage") == Some(b"true");
                peek.stream_options = Some(member.value);
            }
            "max_tokens" | "max_completion_tokens" | "max_output_tokens" => {
                peek.max_tokens = json::number(value).or(peek.max_tokens);
            }
            "n" => peek.choices = json::number(value).unwrap_or(1).clamp(1, 1_000),
            _ => {}
        }
    }
    let at = model.ok_or(BadBody::NoModel)?;
    peek.model = json::text(&body[at.clone()]).ok_or(BadBody::ModelNotText)?.into_owned();
    peek.model_at = at;
    peek.inside = json::trimmed(body).start + 1;
    Ok(peek)
}

/// A place of a body and what is to stand there instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) at: Range<usize>,
    pub(crate) with: Bytes,
}

/// Below this a body is copied once rather than sent in pieces.
const COPY_BELOW: usize = 16 << 10;

/// The body with its edits, as pieces of it; everything that is not edited is as it came. Edits must not overlap.
pub(crate) fn edited(body: &Bytes, mut edits: Vec<Edit>) -> Vec<Bytes> {
    edits.sort_by_key(|edit| edit.at.start);
    let mut pieces = Vec::with_capacity(edits.len() * 2 + 1);
    let mut from = 0;
    for edit in edits {
        pieces.push(body.slice(from..edit.at.start));
        pieces.push(edit.with);
        from = edit.at.end;
    }
    pieces.push(body.slice(from..));
    if body.len() < COPY_BELOW && pieces.len() > 1 {
        pieces = vec![Bytes::from(pieces.concat())];
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(pieces: &[Bytes]) -> String {
        String::from_utf8(pieces.concat()).unwrap()
    }

    #[test]
    fn sees_what_matters_at_the_top_only() {
        let body = br#"{"messages":[{"model":"no","stream":true}],"model":"a/b","n":2,"max_completion_tokens":9,"stream_options":{"include_usage":true}}"#;
        let seen = peek(body).unwrap();
        assert_eq!(
            (seen.model.as_str(), seen.stream, seen.wants_usage, seen.max_tokens, seen.choices),
            ("a/b", false, true, Some(9), 2)
        );
        assert_eq!(&body[seen.model_at], b"\"a/b\"");
    }

    #[test]
    fn says_what_is_wrong() {
        assert_eq!(peek(b"{}"), Err(BadBody::NoModel));
        assert_eq!(peek(br#"{"model":7}"#), Err(BadBody::ModelNotText));
        assert_eq!(peek(br#"{"model":"a","mod\u0065l":"b"}"#), Err(BadBody::ModelTwice));
        assert!(matches!(peek(b"[]"), Err(BadBody::NotJson(_))));
    }

    #[test]
    fn edits_leave_the_rest_as_it_came() {
        for pad in ["", &"x".repeat(COPY_BELOW)] {
            let text = format!("{{ \"z\": 1.0e+00 , \"model\" :\"old\", \"unknown\": {{\"p\":\"{pad}\"}} }}");
            let body = Bytes::from(text.clone());
            let seen = peek(&body).unwrap();
            let edits = vec![
                Edit { at: seen.model_at, with: "\"new\"".into() },
                Edit { at: seen.inside..seen.inside, with: "\"first\":0,".into() },
            ];
            assert_eq!(
                joined(&edited(&body, edits)),
                text.replace("old", "new").replace("{ \"z\"", "{\"first\":0, \"z\"")
            );
        }
    }
}
