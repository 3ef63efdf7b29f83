//! The ways a call leaves with an answer.

use std::collections::VecDeque;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use tokio::time::Instant;

use super::{Ledger, micros};
use crate::cache::{self, Kept};
use crate::call::answer::{Answer, AnswerStream, Body};
use crate::door::{Refusal, error_document};
use crate::failure::{Class, Failure};
use crate::guard::of_answer;
use crate::json;
use crate::price::usd;
use crate::record::{AttemptOutcome, Outcome, Record};
use crate::relay::{Relay, Seen};

impl Ledger {
    pub(in crate::call) fn whole(
        mut self,
        status: StatusCode,
        mut headers: HeaderMap,
        body: Bytes,
        seen: Seen,
    ) -> Answer {
        self.first_token();
        self.answered = Some(Instant::now());
        self.account(&seen, true);
        self.end_attempt(AttemptOutcome::Answered, None);
        if let Some(refusal) = self.judge_answer(|door| of_answer(door, &body)) {
            return self.error(&refusal, Outcome::Failed);
        }
        if let Some((key, until_ms)) = self.keep.take() {
            self.shared.cache.put(key, headers.clone(), body.clone(), until_ms);
        }
        self.sent(&body);
        self.label(&mut headers);
        self.tell(status.as_u16(), Outcome::Succeeded, None);
        Answer { status, headers, body: Body::Full(body) }
    }

    pub(in crate::call) fn stream(
        mut self,
        mut headers: HeaderMap,
        relay: Box<Relay>,
        held: VecDeque<Bytes>,
    ) -> Answer {
        if relay.is_complete()
            && let Some(refusal) = self.judge_held(held.iter())
        {
            self.account(&relay.seen, true);
            self.end_attempt(AttemptOutcome::Answered, None);
            return self.error(&refusal, Outcome::Failed);
        }
        self.remember_stream();
        let kept_headers = self.keep.is_some().then(|| headers.clone());
        self.label(&mut headers);
        let first_token_us = micros(self.started.elapsed());
        self.edit(|record| {
            record.status = StatusCode::OK.as_u16();
            record.first_token_us = Some(first_token_us);
        });
        let stream = AnswerStream::new(self.door, held, relay, self, kept_headers);
        Answer { status: StatusCode::OK, headers, body: Body::Stream(Box::new(stream)) }
    }

    /// An answer that was given before.
    pub(in crate::call) fn again(mut self, kept: Kept) -> Answer {
        let Kept { mut headers, body, .. } = kept;
        self.edit(|record| record.is_cached = true);
        self.sent(&body);
        self.label(&mut headers);
        headers.insert("x-bellwether-cache", HeaderValue::from_static("hit"));
        self.tell(StatusCode::OK.as_u16(), Outcome::Succeeded, None);
        Answer { status: StatusCode::OK, headers, body: Body::Full(body) }
    }

    pub(in crate::call) fn refused(mut self, refusal: &Refusal) -> Answer {
        self.error(refusal, Outcome::Refused)
    }

    pub(in crate::call) fn failed(mut self, failure: Failure) -> Answer {
        let wait = failure.retry_after.map(|wait| wait.as_secs().max(1));
        let is_callers_fault =
            matches!(failure.class, Class::BadRequest | Class::ContentRefused | Class::ContextLength);
        let status =
            failure.status.filter(|status| is_callers_fault && *status >= 400).unwrap_or(failure.class.status());
        let mut refusal = Refusal::new(status, failure.class.code(), failure.message);
        refusal.retry_after_secs =
            wait.filter(|_| matches!(failure.class, Class::RateLimited | Class::Overloaded | Class::Quota));
        let own_words = failure.body.filter(|body| is_callers_fault && json::find(body, "error").is_some());
        match own_words {
            // The provider speaks the caller's language and says best what is wrong with the request.
            Some(body) => self.error_with(&refusal, Outcome::Failed, body),
            None => self.error(&refusal, Outcome::Failed),
        }
    }

    fn error(&mut self, refusal: &Refusal, outcome: Outcome) -> Answer {
        let document = error_document(Some(self.door), refusal, &self.id());
        self.error_with(refusal, outcome, document)
    }

    fn error_with(&mut self, refusal: &Refusal, outcome: Outcome, body: Bytes) -> Answer {
        self.sent(&body);
        let mut answer = Answer::refusal(refusal, body);
        self.label(&mut answer.headers);
        self.tell(refusal.status, outcome, Some((refusal.code.clone(), refusal.message.clone())));
        answer
    }

    pub(in crate::call) fn stream_done(mut self, seen: &Seen, headers: Option<HeaderMap>) {
        self.judge_sent();
        self.account(seen, true);
        self.end_attempt(AttemptOutcome::Answered, None);
        if let (Some((key, until_ms)), Some(headers), Some(sent)) = (self.keep.take(), headers, &self.sent)
            && sent.len() <= cache::MAX_ANSWER
        {
            self.shared.cache.put(key, headers, Bytes::copy_from_slice(sent), until_ms);
        }
        self.tell(StatusCode::OK.as_u16(), Outcome::Succeeded, None);
    }

    pub(in crate::call) fn stream_failed(mut self, failure: &Failure, message: String, seen: &Seen) {
        self.judge_sent();
        self.account(seen, false);
        self.end_attempt(AttemptOutcome::Failed(failure.class), Some(failure));
        self.tell(StatusCode::OK.as_u16(), Outcome::Incomplete, Some(("stream_incomplete".to_owned(), message)));
    }

    pub(in crate::call) fn hung_up(mut self, seen: &Seen) {
        self.judge_sent();
        self.account(seen, false);
        self.end_attempt(AttemptOutcome::Abandoned, None);
        self.tell(StatusCode::OK.as_u16(), Outcome::HungUp, None);
    }

    /// The headers that say who answers.
    fn label(&self, headers: &mut HeaderMap) {
        let Some(record) = &self.record else { return };
        let answering = match &self.running {
            Some(running) => Some((&*running.attempt.provider, &*running.attempt.model)),
            None => record.provider.as_deref().zip(record.model.as_deref()),
        };
        self.label_safety(headers);
        let attempts = record.tried() + usize::from(self.running.is_some());
        set_labels(headers, record, answering, attempts);
    }
}

fn set_labels(headers: &mut HeaderMap, record: &Record, answering: Option<(&str, &str)>, attempts: usize) {
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    set("x-bellwether-request-id", &record.id);
    if let Some((provider, model)) = answering {
        set("x-bellwether-provider", provider);
        set("x-bellwether-model", model);
    }
    if record.is_simulated {
        set("x-bellwether-simulated", "true");
    }
    // Of a stream it is not known before its end.
    if let Some(cost) = record.cost_nano.filter(|_| record.provider.is_some()) {
        set("x-bellwether-cost-usd", &format!("{:.9}", usd(cost)));
    }
    headers.insert(HeaderName::from_static("x-bellwether-attempts"), HeaderValue::from(attempts));
}
