//! The record of a call while the call lasts.
//!
//! Always true: whichever way the call leaves, the record is told once: explicitly, or by being dropped.

mod account;
mod answers;
mod safety;

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use tokio::time::Instant;

use self::safety::Safety;
use super::attempt::{Reply, play};
use super::plan::Plan;
use crate::allowance::Reservation;
use crate::breaker::Permit;
use crate::cache::{self, CacheKey};
use crate::chaos::{Effect, Exposure, Place};
use crate::failure::{Class, Failure};
use crate::gateway::Shared;
use crate::peek::Peek;
use crate::price::Price;
use crate::record::{Attempt, AttemptOutcome, Bodies, Outcome, Record, Skipped, Usage};
use crate::request::{Door, Request};
use crate::snapshot::TargetPlan;

/// Of a body no more is kept in its record.
const MAX_KEPT: usize = 256 << 10;
/// The status in records of callers who went away before there was one.
const HUNG_UP: u16 = 499;

/// The attempt that is running or whose stream is on its way.
#[derive(Debug)]
struct Running {
    attempt: Attempt,
    began: Instant,
    permit: Option<Permit>,
    price: Option<Price>,
}

/// The record of a call while the call lasts.
#[derive(Debug)]
pub(crate) struct Ledger {
    pub(super) shared: Arc<Shared>,
    pub(super) started: Instant,
    door: Door,
    record: Option<Box<Record>>,
    running: Option<Running>,
    /// Of the request, to count its tokens when nobody says how many they were.
    body: Bytes,
    reservation: Reservation,
    /// What is set aside in budgets of the target that is being asked.
    target_reservation: Reservation,
    exposure: Exposure,
    /// What was sent, as far as it is to be kept.
    sent: Option<BytesMut>,
    keep: Option<(CacheKey, i64)>,
    answered: Option<Instant>,
    safety: Safety,
}

impl Ledger {
    pub(super) fn open(shared: Arc<Shared>, door: Door, request: &Request) -> Self {
        let record = Record {
            id: request.id.clone(),
            started_ms: shared.clock.now_ms(),
            door,
            caller: request.caller.clone(),
            requested_model: String::new(),
            route: None,
            is_stream: false,
            status: HUNG_UP,
            outcome: Outcome::HungUp,
            error: None,
            provider: None,
            model: None,
            finish: None,
            attempts: Vec::with_capacity(1),
            usage: Usage::default(),
            cost_nano: Some(0),
            first_token_us: None,
            total_us: 0,
            overhead_us: 0,
            request_bytes: request.body.len() as u64,
            answer_bytes: 0,
            is_simulated: false,
            is_cached: false,
            bodies: None,
            safety: Vec::new(),
        };
        Self {
            shared,
            started: Instant::now(),
            door,
            record: Some(Box::new(record)),
            running: None,
            body: request.body.clone(),
            reservation: Reservation::default(),
            target_reservation: Reservation::default(),
            exposure: Exposure::default(),
            sent: None,
            keep: None,
            answered: None,
            safety: Safety::OFF,
        }
    }

    fn edit(&mut self, change: impl FnOnce(&mut Record)) {
        if let Some(record) = &mut self.record {
            change(record);
        }
    }

    pub(super) fn asked(&mut self, peek: &Peek) {
        self.edit(|record| {
            record.requested_model.clone_from(&peek.model);
            record.is_stream = peek.stream;
        });
    }

    pub(super) fn routed(&mut self, plan: &Plan) {
        if plan.route.settings.keep_bodies {
            self.sent = Some(BytesMut::new());
            let body = &plan.request.body;
            let request = body.slice(..body.len().min(MAX_KEPT));
            self.edit(|record| record.bodies = Some(Bodies { request, answer: Bytes::new() }));
        }
        self.edit(|record| record.route = Some(plan.route.name.clone()));
    }

    /// What was set aside for the call comes back when it is over.
    pub(super) fn reserved(&mut self, reservation: Reservation) {
        self.reservation = reservation;
    }

    /// What was set aside for one target comes back when another one is asked, or when the call is over.
    pub(super) fn reserved_at_target(&mut self, reservation: Reservation) {
        self.target_reservation = reservation;
    }

    /// The answer is to be kept until then, if it is whole.
    pub(super) fn keep_answer(&mut self, key: CacheKey, until_ms: i64) {
        self.keep = Some((key, until_ms));
        self.sent.get_or_insert_default();
    }

    pub(super) fn id(&self) -> String {
        self.record.as_ref().map(|record| record.id.clone()).unwrap_or_default()
    }

    pub(super) fn is_simulated(&mut self) {
        self.edit(|record| record.is_simulated = true);
    }

    pub(super) fn skip(&mut self, target: &TargetPlan, skipped: Skipped) {
        let attempt =
            self.attempt(target.provider.name.clone(), target.model.clone(), AttemptOutcome::Skipped(skipped));
        self.edit(|record| record.attempts.push(attempt));
    }

    /// What the skipped targets were skipped for, in words.
    pub(super) fn why_skipped(&self) -> String {
        let attempts = self.record.iter().flat_map(|record| &record.attempts);
        let reasons = attempts.filter_map(|attempt| match attempt.outcome {
            AttemptOutcome::Skipped(skipped) => {
                Some(format!("{}/{} {}", attempt.provider, attempt.model, skipped.words()))
            }
            _ => None,
        });
        let reasons: Vec<String> = reasons.collect();
        if reasons.is_empty() { "none fits this request".to_owned() } else { reasons.join("; ") }
    }

    pub(super) fn all_skipped_as(&self, reason: Skipped) -> bool {
        let mut attempts = self.record.iter().flat_map(|record| &record.attempts).peekable();
        attempts.peek().is_some() && attempts.all(|attempt| attempt.outcome == AttemptOutcome::Skipped(reason))
    }

    /// Begins an attempt; answers with what experiments do to it.
    pub(super) fn begin(&mut self, plan: &Plan, target: &TargetPlan, permit: Permit) -> Vec<Effect> {
        self.start(target.provider.name.clone(), target.model.clone(), Some(permit), target.price);
        let place = self.place(plan, target);
        let injected = self.shared.laboratory.touch(&place, &mut self.exposure);
        if let Some(running) = &mut self.running {
            running.attempt.experiments = injected.by;
        }
        injected.effects
    }

    /// A breaker or a pause keeps the call from a target; when that comes of an experiment, the experiment is to know.
    pub(super) fn kept_from(&mut self, plan: &Plan, target: &TargetPlan) {
        let place = self.place(plan, target);
        self.shared.laboratory.expose(&place, &mut self.exposure);
    }

    fn place<'a>(&self, plan: &'a Plan, target: &'a TargetPlan) -> Place<'a> {
        Place {
            request: &plan.request.id,
            attempt: self.record.as_ref().map_or(0, |record| record.tried()),
            caller: &plan.request.caller,
            route: &plan.route.name,
            provider: &target.provider.name,
            model: &target.model,
        }
    }

    fn start(&mut self, provider: Arc<str>, model: Arc<str>, permit: Option<Permit>, price: Option<Price>) {
        let attempt = self.attempt(provider, model, AttemptOutcome::Abandoned);
        let elapsed = micros(self.started.elapsed());
        self.edit(|record| {
            if record.tried() == 0 {
                record.overhead_us = elapsed;
            }
        });
        self.running = Some(Running { attempt, began: Instant::now(), permit, price });
    }

    fn attempt(&self, provider: Arc<str>, model: Arc<str>, outcome: AttemptOutcome) -> Attempt {
        Attempt {
            provider,
            model,
            started_us: micros(self.started.elapsed()),
            duration_us: 0,
            first_token_us: None,
            status: None,
            outcome,
            message: None,
            retry_after_ms: None,
            experiments: Vec::new(),
        }
    }

    pub(super) fn status(&mut self, status: StatusCode) {
        if let Some(running) = &mut self.running {
            running.attempt.status = Some(status.as_u16());
        }
    }

    /// The running attempt has said something.
    pub(super) fn first_token(&mut self) {
        if let Some(running) = &mut self.running
            && running.attempt.first_token_us.is_none()
        {
            running.attempt.first_token_us = Some(micros(running.began.elapsed()));
        }
    }

    pub(super) fn attempt_failed(&mut self, failure: &Failure) {
        self.end_attempt(AttemptOutcome::Failed(failure.class), Some(failure));
    }

    fn end_attempt(&mut self, outcome: AttemptOutcome, failure: Option<&Failure>) {
        let Some(Running { mut attempt, began, permit, .. }) = self.running.take() else { return };
        let took = began.elapsed();
        attempt.duration_us = micros(took);
        attempt.outcome = outcome;
        if let Some(failure) = failure {
            attempt.message = Some(failure.message.clone());
            attempt.status = attempt.status.or(failure.status);
            attempt.retry_after_ms =
                failure.retry_after.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        }
        if let Some(permit) = permit {
            let until_token = attempt.first_token_us.map_or(took, Duration::from_micros);
            match outcome {
                AttemptOutcome::Answered => permit.end(true, until_token),
                AttemptOutcome::Failed(class) if counts(class, failure) => permit.end(false, until_token),
                _ => drop(permit),
            }
        }
        self.edit(|record| record.attempts.push(attempt));
    }

    /// Lets the simulation answer, because nobody else does.
    pub(super) async fn simulated(&mut self, plan: &Plan) -> Result<Reply, Failure> {
        self.reserved_at_target(Reservation::default());
        self.start("simulation".into(), plan.peek.model.as_str().into(), None, Some(Price::FREE));
        let reply = play(self, plan, &plan.peek.model).await;
        if let Err(failure) = &reply {
            self.attempt_failed(failure);
        }
        reply
    }

    /// Bytes go out.
    pub(super) fn sent(&mut self, bytes: &Bytes) {
        self.edit(|record| record.answer_bytes += bytes.len() as u64);
        // One byte more than may be kept, so that too much is seen to be too much.
        let most = if self.keep.is_some() { cache::MAX_ANSWER + 1 } else { MAX_KEPT };
        if let Some(sent) = &mut self.sent {
            let room = most.saturating_sub(sent.len());
            sent.extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        if self.record.is_some() {
            self.account_abandoned();
            self.end_attempt(AttemptOutcome::Abandoned, None);
            self.tell(HUNG_UP, Outcome::HungUp, None);
        }
    }
}

/// A provider that says when to come back is not ill.
fn counts(class: Class, failure: Option<&Failure>) -> bool {
    let said_when = failure.is_some_and(|failure| failure.retry_after.is_some());
    class.counts_against_target() && !(class == Class::RateLimited && said_when)
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
