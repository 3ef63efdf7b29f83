//! The bodies that are sent: made once, sent many times.
//!
//! Always true: a prompt is words, not zeros, so that whatever reads it works as it does on real ones.

use bytes::Bytes;
use serde_json::json;

use super::Args;

/// What one call sends.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    pub(super) body: Bytes,
    pub(super) is_stream: bool,
}

const WORDS: &str =
    "The night shift asks why the queue grows while the model answers slowly and nobody has changed a thing. ";

/// One body a size without a stream, then the same with.
pub(super) fn prompt_bodies(args: &Args) -> Vec<Shape> {
    let shape = |is_stream: bool| {
        move |bytes: &usize| {
            let prompt: String = WORDS.chars().cycle().take(*bytes).collect();
            let body = json!({
                "model": args.model,
                "max_tokens": 256,
                "stream": is_stream,
                "messages": [{ "role": "user", "content": prompt }],
            });
            Shape { body: Bytes::from(body.to_string()), is_stream }
        }
    };
    args.bytes.iter().map(shape(false)).chain(args.bytes.iter().map(shape(true))).collect()
}
