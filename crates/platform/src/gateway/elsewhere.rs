//! Calls that were made elsewhere and are told afterwards.
//!
//! Always true: they are in the history, the costs and the metrics with the others, and at the door `elsewhere`; they use up no budget and
//! no rate, because nobody asked before.

use ::gateway::price::{builtin, nano};
use ::gateway::{Caller, Door, Outcome, Record, Usage};
use domain::access::Permission;
use domain::gateway::{LogRequest, RequestSummary};
use domain::ids::RequestId;

use super::{Gateway, view};
use crate::actor::Actor;
use crate::context::Context;
use crate::error::Result;

impl Gateway {
    /// Adds a call to the history.
    ///
    /// # Errors
    /// Without the permission to call models, or when a value is not acceptable.
    pub fn log_elsewhere(&self, actor: &Actor, input: LogRequest) -> Result<RequestSummary> {
        actor.require(Permission::Gateway)?;
        input.validate()?;
        let record = record(actor, &input, self.context.clock.now_ms());
        let row = view::row_elsewhere(&record)?;
        self.recorder.elsewhere(record);
        Ok(view::summary(&row))
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to lie in a day")]
fn record(actor: &Actor, input: &LogRequest, now_ms: i64) -> Box<Record> {
    let id: RequestId = Context::id();
    let (key, team) = match actor {
        Actor::Key { id, team_id, .. } => (Some(id.to_string()), team_id.map(|team| team.to_string())),
        _ => (None, None),
    };
    let usage = Usage { input: input.input_tokens, output: input.output_tokens, ..Usage::default() };
    let listed = || builtin().price(&input.provider, &input.model).map(|price| price.cost(&usage));
    let is_answered = (200..300).contains(&input.status);
    let error = input.error.clone().unwrap_or_else(|| format!("answered {}", input.status));
    Box::new(Record {
        id: id.to_string(),
        started_ms: now_ms - input.latency_ms as i64,
        door: Door::Chat,
        caller: Caller { service: input.service.clone(), key, team, ..Caller::default() },
        requested_model: input.model.clone(),
        route: None,
        is_stream: false,
        status: input.status,
        outcome: if is_answered { Outcome::Succeeded } else { Outcome::Failed },
        error: (!is_answered).then(|| ("elsewhere".to_owned(), error)),
        provider: Some(input.provider.as_str().into()),
        model: Some(input.model.as_str().into()),
        finish: None,
        attempts: Vec::new(),
        usage,
        cost_nano: input.cost_usd.map(nano).or_else(listed),
        first_token_us: None,
        total_us: (input.latency_ms * 1_000.0) as u64,
        overhead_us: 0,
        request_bytes: 0,
        answer_bytes: 0,
        is_simulated: false,
        is_cached: false,
        bodies: None,
        safety: Vec::new(),
    })
}
