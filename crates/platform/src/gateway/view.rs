//! From the data path's records to rows, and from rows to what people see.
//!
//! Always true: costs are exact billionths of a dollar in rows and dollars in views; times are microseconds in rows and
//! milliseconds in views.

use ::gateway::breaker::{BreakerChange, BreakerView, Cause, State};
use ::gateway::safety::redact;
use ::gateway::{Attempt as PathAttempt, AttemptOutcome, Found, Outcome, Record};
use domain::Time;
use domain::gateway::{
    Attempt, Breaker, BreakerChange as Change, BreakerState, RequestDetail, RequestOutcome, RequestSummary, SafetyRule,
    TokenCounts,
};
use domain::ids::RequestId;

use super::safety::finding;
use super::store::{BodyRow, RequestRow};
use crate::error::{Error, Result};

/// An instant from Unix milliseconds; the epoch for what no calendar has.
pub(super) fn time(ms: i64) -> Time {
    domain::DateTime::from_timestamp_millis(ms).unwrap_or_default()
}

fn id(record: &Record) -> Result<RequestId> {
    record.id.parse().map_err(|e| Error::internal("naming a call", e))
}

fn whole(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

pub(super) fn outcome(outcome: Outcome) -> RequestOutcome {
    match outcome {
        Outcome::Succeeded => RequestOutcome::Succeeded,
        Outcome::Failed => RequestOutcome::Failed,
        Outcome::Incomplete => RequestOutcome::Incomplete,
        Outcome::HungUp => RequestOutcome::HungUp,
        Outcome::Refused => RequestOutcome::Refused,
    }
}

pub(super) fn row(record: &Record) -> Result<RequestRow> {
    let text = |value: &Option<std::sync::Arc<str>>| value.as_deref().map(storable);
    let (error_code, error_message) = record.error.clone().unzip();
    let tries = record.attempts.iter().filter(|a| !matches!(a.outcome, AttemptOutcome::Skipped(_))).count();
    Ok(RequestRow {
        id: id(record)?,
        at: time(record.started_ms),
        service: storable(&record.caller.service),
        team: record.caller.team.clone(),
        key: record.caller.key.clone(),
        door: record.door.as_str().to_owned(),
        requested_model: storable(&record.requested_model),
        route: text(&record.route),
        provider: text(&record.provider),
        model: text(&record.model),
        is_stream: record.is_stream,
        status: record.status.into(),
        outcome: outcome(record.outcome),
        error_code: error_code.as_deref().map(storable),
        error_message: error_message.as_deref().map(storable),
        finish: record.finish.as_deref().map(storable),
        input_tokens: whole(record.usage.input),
        output_tokens: whole(record.usage.output),
        cached_input_tokens: whole(record.usage.cached_input),
        reasoning_tokens: whole(record.usage.reasoning),
        is_estimated: record.usage.is_estimated,
        cost_nano_usd: record.cost_nano.map(whole),
        total_us: whole(record.total_us),
        first_token_us: record.first_token_us.map(whole),
        overhead_us: whole(record.overhead_us),
        request_bytes: whole(record.request_bytes),
        answer_bytes: whole(record.answer_bytes),
        n_attempts: i32::try_from(tries).unwrap_or(i32::MAX),
        attempts: serde_json::to_value(&record.attempts).map_err(|e| Error::internal("writing a call", e))?,
        is_simulated: record.is_simulated,
        safety: (!record.safety.is_empty())
            .then(|| serde_json::to_value(&record.safety))
            .transpose()
            .map_err(|e| Error::internal("writing a call", e))?,
    })
}

/// The row of a call that was made elsewhere.
pub(super) fn row_elsewhere(record: &Record) -> Result<RequestRow> {
    Ok(RequestRow { door: "elsewhere".to_owned(), n_attempts: 1, ..row(record)? })
}

/// A text of somebody else's as every database takes it: one with a NUL would be refused, with all calls beside it.
pub(super) fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// What was said, where it is kept, without personal data and secrets. Bytes that are no text are replaced.
pub(super) fn bodies(record: &Record) -> Result<Option<BodyRow>> {
    let Some(bodies) = &record.bodies else { return Ok(None) };
    let text = |bytes: &[u8]| storable(&redact(&String::from_utf8_lossy(bytes)));
    let (request, answer) = (text(&bodies.request), text(&bodies.answer));
    Ok(Some(BodyRow { request_id: id(record)?, request, answer }))
}

#[expect(clippy::cast_precision_loss, reason = "microseconds and billionths of a dollar beyond 2^53 do not occur")]
pub(super) fn summary(row: &RequestRow) -> RequestSummary {
    let ms = |us: i64| us as f64 / 1_000.0;
    RequestSummary {
        id: row.id,
        timestamp: row.at,
        service: row.service.clone(),
        team: row.team.clone(),
        key: row.key.clone(),
        door: row.door.clone(),
        requested_model: row.requested_model.clone(),
        route: row.route.clone(),
        provider: row.provider.clone(),
        model: row.model.clone(),
        is_stream: row.is_stream,
        status: u16::try_from(row.status).unwrap_or_default(),
        outcome: row.outcome,
        error_code: row.error_code.clone(),
        error_message: row.error_message.clone(),
        tokens: TokenCounts {
            input: row.input_tokens.unsigned_abs(),
            output: row.output_tokens.unsigned_abs(),
            cached_input: row.cached_input_tokens.unsigned_abs(),
            reasoning: row.reasoning_tokens.unsigned_abs(),
            is_estimated: row.is_estimated,
        },
        cost_usd: row.cost_nano_usd.map(|nano| nano as f64 / 1e9),
        latency_ms: ms(row.total_us),
        first_token_ms: row.first_token_us.map(ms),
        overhead_ms: ms(row.overhead_us),
        attempts: row.n_attempts.unsigned_abs(),
        is_simulated: row.is_simulated,
    }
}

pub(super) fn detail(row: RequestRow, body: Option<BodyRow>, rules: &[SafetyRule]) -> Result<RequestDetail> {
    let summary = summary(&row);
    let attempts: Vec<PathAttempt> =
        serde_json::from_value(row.attempts).map_err(|e| Error::internal("reading a call", e))?;
    let found: Option<Vec<Found>> =
        row.safety.map(serde_json::from_value).transpose().map_err(|e| Error::internal("reading a call", e))?;
    let (request_body, answer_body) = body.map(|body| (body.request, body.answer)).unzip();
    Ok(RequestDetail {
        summary,
        finish: row.finish,
        request_bytes: row.request_bytes.unsigned_abs(),
        answer_bytes: row.answer_bytes.unsigned_abs(),
        tries: attempts.into_iter().map(attempt).collect::<Result<_>>()?,
        safety: found.unwrap_or_default().into_iter().map(|found| finding(found.part, found.finding, rules)).collect(),
        request_body,
        answer_body,
    })
}

#[expect(clippy::cast_precision_loss, reason = "microseconds beyond 2^53 do not occur")]
fn attempt(attempt: PathAttempt) -> Result<Attempt> {
    let ms = |us: u64| us as f64 / 1_000.0;
    Ok(Attempt {
        provider: attempt.provider.to_string(),
        model: attempt.model.to_string(),
        started_ms: ms(attempt.started_us),
        duration_ms: ms(attempt.duration_us),
        first_token_ms: attempt.first_token_us.map(ms),
        status: attempt.status,
        outcome: word(&attempt.outcome)?,
        message: attempt.message,
        retry_after_ms: attempt.retry_after_ms,
        experiments: attempt.experiments,
    })
}

/// `answered`, `abandoned`, or the kind of failure or of skipping as the data path names it.
fn word(outcome: &AttemptOutcome) -> Result<String> {
    let named = match outcome {
        AttemptOutcome::Answered => return Ok("answered".to_owned()),
        AttemptOutcome::Abandoned => return Ok("abandoned".to_owned()),
        AttemptOutcome::Failed(class) => serde_json::to_value(class),
        AttemptOutcome::Skipped(why) => serde_json::to_value(why),
    };
    let value = named.map_err(|e| Error::internal("naming an attempt's end", e))?;
    Ok(value.as_str().unwrap_or("failed").to_owned())
}

const fn state(state: State) -> BreakerState {
    match state {
        State::Closed => BreakerState::Closed,
        State::HalfOpen => BreakerState::HalfOpen,
        State::Open => BreakerState::Open,
        State::ForcedOpen => BreakerState::ForcedOpen,
    }
}

pub(super) fn breaker_change(change: &BreakerChange) -> Change {
    let cause = match &change.cause {
        Cause::ConsecutiveFailures(n) => format!("{n} failures in a row"),
        Cause::FailureShare(failed, calls) => format!("{failed} of {calls} calls failed"),
        Cause::SlowShare(slow, calls) => format!("{slow} of {calls} calls were slow"),
        Cause::Recovery => "time to try again".to_owned(),
        Cause::ProbeFailed => "a probe failed".to_owned(),
        Cause::ProbesSucceeded(n) => format!("{n} probes succeeded"),
        Cause::Asked(why) => why.clone(),
    };
    Change { at: time(change.at_ms), from: state(change.from), to: state(change.to), cause }
}

pub(super) fn breaker(view: BreakerView) -> Breaker {
    Breaker {
        id: format!("{}/{}", view.provider, view.model),
        provider: view.provider.to_string(),
        model: view.model.to_string(),
        state: state(view.state),
        changed_at: (view.changed_ms > 0).then(|| time(view.changed_ms)),
        next_probe_at: view.next_probe_ms.map(time),
        cooling_until: view.cooling_until_ms.map(time),
        calls: view.calls.into(),
        failures: view.failures.into(),
        slow: view.slow.into(),
        consecutive_failures: view.consecutive_failures,
        refused: view.refused,
        history: view.history.iter().map(breaker_change).collect(),
    }
}
