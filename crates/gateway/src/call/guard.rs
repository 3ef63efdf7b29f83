//! What the safety judge says of a call, and what its route's mode makes of it.
//!
//! Always true: a prompt is judged before anybody is asked; an answer is held back only while nothing of it has been sent,
//! so a stream that is not buffered is judged at its end and recorded (`ledger/safety.rs`); with mode off nothing is looked at.

use super::Stop;
use super::ledger::Ledger;
use super::plan::Plan;
use crate::door::Refusal;
use crate::guard::{Asked, Part, of_request, stopping};
use crate::request::Door;
use crate::safety::{Finding, Kind};
use crate::settings::SafetyMode;

/// Longer bodies are judged on another thread, so that other calls do not wait for it.
const LONG: usize = 32 << 10;

/// Judges the prompt.
pub(super) async fn prompt(ledger: &mut Ledger, plan: &Plan) -> Result<(), Stop> {
    let mode = plan.route.settings.safety;
    if mode == SafetyMode::Off || plan.door == Door::Embeddings {
        return Ok(());
    }
    let (judge, door, body) = (ledger.shared.judge.clone(), plan.door, plan.request.body.clone());
    let work = move || Asked::judge(&judge, &of_request(door, &body));
    let asked = if plan.request.body.len() < LONG {
        work()
    } else {
        let judged = tokio::task::spawn_blocking(work).await;
        judged.map_err(|_| Stop::Refused(Refusal::new(503, "safety_unavailable", "the prompt could not be judged")))?
    };
    let stop = stopping(Part::Prompt, &asked.verdict).filter(|_| mode == SafetyMode::Block).map(refusal);
    ledger.judged(mode, asked);
    stop.map_or(Ok(()), |refusal| Err(Stop::Refused(refusal)))
}

/// What the caller is told.
pub(super) fn refusal(finding: &Finding) -> Refusal {
    let Finding { kind, severity, reason, excerpt, rule, .. } = finding;
    let what = match kind {
        Kind::Injection => "an attempt at prompt injection",
        Kind::Content => "harmful content",
        Kind::Hallucination => "a doubtful claim",
        Kind::PersonalData => "personal data",
        Kind::Secret => "a secret",
    };
    let severity = severity.name();
    let message =
        format!("blocked for safety: {what} ({severity}, rule `{rule}`): {reason}: \u{201c}{excerpt}\u{201d}");
    Refusal { param: Some("messages"), ..Refusal::new(400, "content_policy_violation", message) }
}
