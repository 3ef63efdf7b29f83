//! One attempt at a target that does not speak the caller's protocol.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use hyper::Response;
use hyper::body::Incoming;

use super::attempt::{Limit, Reply, begun, error_answer, is_event_stream, read_answer};
use super::ledger::Ledger;
use super::plan::Plan;
use crate::chat;
use crate::door::{self, About, Writer};
use crate::failure::{Class, Failure};
use crate::protocol::{self, Decoder, Written, embed};
use crate::relay::{Codec, Seen, Source, Translate};
use crate::request::Door;
use crate::snapshot::TargetPlan;
use crate::tokens;
use crate::upstream::Pieces;

/// Asks a target in its own words. `spoiled` is the chunk that an experiment damages.
pub(super) async fn attempt(
    ledger: &mut Ledger,
    plan: &Plan,
    target: &TargetPlan,
    limits: Limit,
    spoiled: Option<u64>,
) -> Result<Reply, Failure> {
    if plan.door == Door::Embeddings {
        return embedded(ledger, plan, target, limits, spoiled.is_some()).await;
    }
    let prompt =
        door::read(plan.door, &plan.request.body).map_err(|bad| Failure::new(Class::Unsupported, bad.to_string()))?;
    let about = about(ledger, plan, target);
    let response = send(ledger, target, protocol::write(&prompt, target)?, limits).await?;
    let kind = target.provider.settings.kind;
    if !plan.peek.stream {
        let body = read_answer(response, limits, spoiled.is_some()).await?;
        let read = protocol::whole(kind, &body)?;
        let mut seen = Seen { finish: read.finish, is_done: true, ..Seen::default() };
        read.events.iter().for_each(|event| seen.event(event));
        (seen.has_begun, seen.is_finished) = (true, true);
        let reply: chat::Reply = read.events.into_iter().collect();
        return Ok(whole(door::whole(plan.door, &about, &reply), seen));
    }
    if !is_event_stream(response.headers()) {
        let body = read_answer(response, limits, false).await?;
        return Err(match protocol::whole(kind, &body) {
            Err(failure) => failure,
            Ok(_) => Failure::new(Class::Malformed, "a stream was asked for, and a document came"),
        });
    }
    let writer = Writer::new(plan.door, about).ok_or_else(|| Failure::new(Class::Unsupported, "no streams here"))?;
    let codec = Codec::Translate(Box::new(Translate::new(Decoder::new(kind), writer)));
    let headers = content_type("text/event-stream; charset=utf-8");
    begun(ledger, plan, Source::upstream(response.into_body(), spoiled), codec, limits.by, headers).await
}

async fn embedded(
    ledger: &mut Ledger,
    plan: &Plan,
    target: &TargetPlan,
    limits: Limit,
    is_spoiled: bool,
) -> Result<Reply, Failure> {
    let wanted = embed::read(&plan.request.body)?;
    let response = send(ledger, target, embed::write(&wanted, target)?, limits).await?;
    let body = read_answer(response, limits, is_spoiled).await?;
    let (vectors, usage) = embed::answer(target.provider.settings.kind, &wanted, &body)?;
    let counted = || {
        let input = wanted.texts.iter().map(|text| tokens::of_text(text)).sum();
        crate::record::Usage { input, is_estimated: true, ..crate::record::Usage::default() }
    };
    let usage = usage.unwrap_or_else(counted);
    let body = door::embeddings(&target.model, &vectors, usage, wanted.is_base64);
    let seen = Seen { has_begun: true, is_finished: true, is_done: true, usage: Some(usage), ..Seen::default() };
    Ok(whole(body, seen))
}

async fn send(
    ledger: &mut Ledger,
    target: &TargetPlan,
    written: Written,
    limits: Limit,
) -> Result<Response<Incoming>, Failure> {
    let provider = &target.provider;
    let uri = format!("{}{}", provider.settings.base(), written.path);
    let uri =
        uri.parse().map_err(|_| Failure::new(Class::Unsupported, "the model's name has no place in an address"))?;
    let body = Pieces::from(vec![Bytes::from(written.body)]);
    let response = limits.hold(ledger.shared.upstream.send(uri, provider.headers.clone(), body)).await??;
    ledger.status(response.status());
    if response.status().is_success() {
        return Ok(response);
    }
    // The document is in words that the caller's SDK does not know.
    Err(Failure { body: None, ..error_answer(response, limits).await })
}

fn about(ledger: &Ledger, plan: &Plan, target: &TargetPlan) -> About {
    About {
        id: ledger.id(),
        model: target.model.to_string(),
        created_secs: ledger.shared.clock.now_ms() / 1_000,
        wants_usage: plan.peek.wants_usage,
    }
}

fn whole(body: Bytes, seen: Seen) -> Reply {
    Reply::Whole { status: StatusCode::OK, headers: content_type("application/json"), body, seen }
}

fn content_type(value: &'static str) -> HeaderMap {
    HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(value))])
}
