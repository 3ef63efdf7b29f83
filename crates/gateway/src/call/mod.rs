//! One call, from its request to its record.
//!
//! Always true: attempts follow one another, never overlap; a target is only left for another one while nothing has been sent;
//! whatever happens to the call, its record is told once.

mod admit;
mod answer;
mod attempt;
mod guard;
mod ledger;
mod order;
mod outgoing;
mod plan;
mod translated;

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

pub use answer::{Answer, AnswerStream, Body};
use attempt::Reply;
use ledger::Ledger;
use plan::Plan;

use crate::breaker::Refused;
use crate::door::Refusal;
use crate::failure::{Class, Failure};
use crate::gateway::Shared;
use crate::peek::{BadBody, peek};
use crate::record::Skipped;
use crate::request::{Door, Request};
use crate::snapshot::TargetPlan;

/// A pause between two attempts at one target is no longer than this.
const MAX_PAUSE: Duration = Duration::from_secs(2);
/// A provider whose account is empty is left alone for this long.
const QUOTA_COOLING: Duration = Duration::from_secs(60);

/// Why there is no answer.
#[derive(Debug)]
enum Stop {
    /// It was not sent to anybody.
    Refused(Refusal),
    /// Whoever it was sent to has failed; this is the last failure.
    Failed(Failure),
}

/// Answers a request at a door.
pub(crate) async fn run(shared: Arc<Shared>, door: Door, request: Request) -> Answer {
    let mut ledger = Ledger::open(shared, door, &request);
    match answered(&mut ledger, door, request).await {
        Ok(Reply::Again(kept)) => ledger.again(kept),
        Ok(Reply::Whole { status, headers, body, seen }) => ledger.whole(status, headers, body, seen),
        Ok(Reply::Stream { headers, relay, held }) => ledger.stream(headers, relay, held),
        Err(Stop::Refused(refusal)) => ledger.refused(&refusal),
        Err(Stop::Failed(failure)) => ledger.failed(failure),
    }
}

async fn answered(ledger: &mut Ledger, door: Door, request: Request) -> Result<Reply, Stop> {
    let peek = peek(&request.body).map_err(|error| Stop::Refused(bad_body(&error)))?;
    ledger.asked(&peek);
    let shared = ledger.shared.clone();
    let snapshot = shared.snapshot.load_full();
    let Some(route) = snapshot.route(&peek.model, &shared.switches) else {
        let message = format!("there is no route called `{}`; `GET /v1/models` lists them", peek.model);
        return Err(Stop::Refused(Refusal { param: Some("model"), ..Refusal::new(404, "model_not_found", message) }));
    };
    let plan = Plan { door, request, peek, total: ledger.started + route.settings.limits.total(), route };
    ledger.routed(&plan);
    guard::prompt(ledger, &plan).await?;
    if let Some(kept) = admit::admit(ledger, &plan)? {
        return Ok(Reply::Again(kept));
    }
    let stop = match through_targets(ledger, &plan).await {
        Ok(reply) => return Ok(reply),
        Err(stop) => stop,
    };
    let may_simulate = match &stop {
        Stop::Failed(failure) => failure.class.fails_over(),
        Stop::Refused(_) => true,
    };
    if plan.route.settings.fallback_to_simulation && may_simulate {
        return ledger.simulated(&plan).await.map_err(Stop::Failed);
    }
    Err(stop)
}

/// What was learned from the targets so far.
#[derive(Default)]
struct Progress {
    last: Option<Failure>,
    /// The prompt was too long for a model with this context, if that is known.
    too_long_for: Option<Option<u64>>,
    /// When a target that was passed over may be asked again, in Unix milliseconds.
    soonest_ms: Option<i64>,
    has_waiting: bool,
    /// The first budget or rate that kept the call from a target.
    exhausted: Option<Refusal>,
}

async fn through_targets(ledger: &mut Ledger, plan: &Plan) -> Result<Reply, Stop> {
    let mut progress = Progress::default();
    let order = plan.order(&ledger.shared.draws);
    let count = order.clone().count();
    for (rank, target) in order.enumerate() {
        if let Some(skipped) = passed_over(plan, target, &progress) {
            ledger.skip(target, skipped);
            continue;
        }
        if let Some(reply) = at_target(ledger, plan, target, count - rank, &mut progress).await? {
            return Ok(reply);
        }
    }
    Err(match (progress.last.take(), progress.exhausted.take()) {
        (Some(failure), _) => Stop::Failed(failure),
        (None, Some(refusal)) if !progress.has_waiting => Stop::Refused(refusal),
        _ => Stop::Refused(nobody_asked(ledger, plan, &progress)),
    })
}

/// Tries one target, again where that makes sense. Nothing: the next one is to be tried.
async fn at_target(
    ledger: &mut Ledger,
    plan: &Plan,
    target: &TargetPlan,
    targets_left: usize,
    progress: &mut Progress,
) -> Result<Option<Reply>, Stop> {
    if let Err((skipped, refusal)) = admit::admit_to(ledger, plan, target) {
        ledger.skip(target, skipped);
        progress.exhausted.get_or_insert(refusal);
        return Ok(None);
    }
    for tries in 0.. {
        let permit = match target.switch.permit() {
            Ok(permit) => permit,
            Err(refused) => {
                let (skipped, again_ms) = match refused {
                    Refused::Open(again_ms) => (Skipped::BreakerOpen, again_ms),
                    Refused::Cooling(until_ms) => (Skipped::CoolingDown, Some(until_ms)),
                };
                ledger.skip(target, skipped);
                ledger.kept_from(plan, target);
                progress.has_waiting = true;
                progress.soonest_ms = [progress.soonest_ms, again_ms].into_iter().flatten().min();
                return Ok(None);
            }
        };
        let effects = ledger.begin(plan, target, permit);
        let failure = match attempt::attempt(ledger, plan, target, targets_left, effects).await {
            Ok(reply) => return Ok(Some(reply)),
            Err(failure) => failure,
        };
        ledger.attempt_failed(&failure);
        leave_alone(target, &failure);
        if !failure.class.fails_over() {
            return Err(Stop::Failed(failure));
        }
        if failure.class == Class::ContextLength {
            progress.too_long_for = Some(target.context_tokens());
        }
        let pause = pause_before_retry(&failure, tries, targets_left == 1);
        let may_retry = tries < plan.route.settings.retries;
        progress.last = Some(failure);
        match pause.filter(|pause| may_retry && Instant::now() + *pause < plan.total) {
            Some(pause) => sleep(pause).await,
            None => return Ok(None),
        }
    }
    Ok(None)
}

/// Why a target need not be asked at all.
fn passed_over(plan: &Plan, target: &TargetPlan, progress: &Progress) -> Option<Skipped> {
    let provider = &target.provider.settings;
    if !provider.enabled {
        return Some(Skipped::Disabled);
    }
    if !provider.has_credentials() {
        return Some(Skipped::NoKey);
    }
    if !plan.can_ask(target) {
        return Some(Skipped::Unsupported);
    }
    let is_larger = |than: Option<u64>| target.context_tokens().is_some_and(|own| than.is_none_or(|than| own > than));
    progress.too_long_for.filter(|than| !is_larger(*than)).map(|_| Skipped::NotLarger)
}

/// Providers that say when to come back, or that have nothing left to sell, are left alone by all calls.
fn leave_alone(target: &TargetPlan, failure: &Failure) {
    match failure.class {
        Class::RateLimited | Class::Overloaded => {
            if let Some(wait) = failure.retry_after {
                target.switch.cool_down(wait);
            }
        }
        Class::Quota => target.switch.cool_down(failure.retry_after.unwrap_or(QUOTA_COOLING)),
        _ => {}
    }
}

/// How long to wait before the same target is asked again; nothing when it should not be.
fn pause_before_retry(failure: &Failure, tries: u32, is_last: bool) -> Option<Duration> {
    if !failure.class.is_retried() {
        return None;
    }
    if failure.class == Class::RateLimited || failure.retry_after.is_some() {
        // Another target answers sooner. Without one a short wait is better than an error.
        let wait = failure.retry_after.unwrap_or(Duration::from_millis(500) * (1 << tries.min(4)));
        return (is_last && wait <= MAX_PAUSE).then_some(wait + Duration::from_millis(5));
    }
    Some((Duration::from_millis(50) * (1 << tries.min(6))).min(MAX_PAUSE))
}

fn nobody_asked(ledger: &Ledger, plan: &Plan, progress: &Progress) -> Refusal {
    if !progress.has_waiting {
        let message = format!("route `{}` has no target that can be asked: {}", plan.route.name, ledger.why_skipped());
        let is_unsupported = ledger.all_skipped_as(Skipped::Unsupported);
        let (status, code) = if is_unsupported { (400, "unsupported") } else { (503, "no_usable_target") };
        return Refusal::new(status, code, message);
    }
    let now_ms = ledger.shared.clock.now_ms();
    let wait_secs = progress.soonest_ms.map(|at| u64::try_from(at - now_ms).unwrap_or(0).div_ceil(1_000).max(1));
    let message = format!("all targets of route `{}` are held back: {}", plan.route.name, ledger.why_skipped());
    Refusal { retry_after_secs: wait_secs, ..Refusal::new(503, "all_targets_unavailable", message) }
}

fn bad_body(error: &BadBody) -> Refusal {
    let param = (!matches!(error, BadBody::NotJson(_))).then_some("model");
    Refusal { param, ..Refusal::new(400, "invalid_request", error.to_string()) }
}
