//! What is sent to a provider that speaks the caller's protocol: the caller's bytes, with two possible changes.

use bytes::Bytes;
use http::{HeaderMap, Uri};

use super::plan::Plan;
use crate::json;
use crate::peek::{Edit, edited};
use crate::snapshot::TargetPlan;
use crate::upstream::{Pieces, pass_on};

/// A request to a provider.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) body: Pieces,
}

/// The caller's own request, for this target: its model, and usage asked for in streams.
pub(super) fn passed_through(plan: &Plan, target: &TargetPlan) -> Option<Outgoing> {
    let uri = target.own_endpoint(plan.door)?.clone();
    let mut headers = target.provider.headers.clone();
    pass_on(&plan.request.headers, &mut headers);
    let body = &plan.request.body;
    let mut edits = Vec::with_capacity(2);
    if body.get(plan.peek.model_at.clone()) != Some(&target.quoted_model[..]) {
        edits.push(Edit { at: plan.peek.model_at.clone(), with: target.quoted_model.clone() });
    }
    if plan.adds_usage(target) {
        edits.push(match &plan.peek.stream_options {
            Some(at) => Edit { at: at.clone(), with: with_usage(&body[at.clone()]) },
            None => {
                let inserted = Bytes::from_static(b"\"stream_options\":{\"include_usage\":true},");
                Edit { at: plan.peek.inside..plan.peek.inside, with: inserted }
            }
        });
    }
    Some(Outgoing { uri, headers, body: Pieces::from(edited(body, edits)) })
}

/// The stream options with usage asked for, the others as they were.
fn with_usage(options: &[u8]) -> Bytes {
    let mut text = String::from("{\"include_usage\":true");
    for member in json::members(options).map_while(Result::ok).filter(|member| member.key != "include_usage") {
        text.push(',');
        text.push_str(&json::quoted(&member.key));
        text.push(':');
        text.push_str(&String::from_utf8_lossy(&options[member.value]));
    }
    text.push('}');
    Bytes::from(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_stream_options_stay() {
        let options = br#"{ "x": {"y": 1}, "include_usage": false }"#;
        assert_eq!(with_usage(options), r#"{"include_usage":true,"x":{"y": 1}}"#);
    }
}
