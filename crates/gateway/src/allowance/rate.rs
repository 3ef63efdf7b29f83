//! A rate: so many requests and tokens a minute, as a bucket that fills evenly and holds one minute's worth.

use std::sync::Arc;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use super::scope::Spender;
use super::{Exhausted, Scope};

const MINUTE_MS: i64 = 60_000;

/// So many requests and tokens a minute.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// Names it.
    pub id: String,
    /// Whom it concerns.
    #[serde(default)]
    pub scope: Scope,
    /// Requests a minute.
    #[serde(default)]
    pub requests_per_minute: Option<u32>,
    /// Tokens a minute, read and written.
    #[serde(default)]
    pub tokens_per_minute: Option<u32>,
}

impl RateLimit {
    pub(crate) fn problems(&self) -> Vec<(String, String)> {
        let mut problems = Vec::new();
        if self.id.is_empty() {
            problems.push(("id".to_owned(), "must not be empty".to_owned()));
        }
        if self.requests_per_minute.is_none() && self.tokens_per_minute.is_none() {
            problems.push(("requests_per_minute".to_owned(), "must be given, or `tokens_per_minute`".to_owned()));
        }
        for (name, value) in
            [("requests_per_minute", self.requests_per_minute), ("tokens_per_minute", self.tokens_per_minute)]
        {
            if value == Some(0) {
                problems.push((name.to_owned(), "must be at least 1".to_owned()));
            }
        }
        problems
    }
}

/// Levels in thousandths, below zero when calls used more than was taken for them.
#[derive(Debug)]
struct Levels {
    at_ms: i64,
    requests: i64,
    tokens: i64,
}

/// A rate and what is left of it.
#[derive(Debug)]
pub(super) struct Bucket {
    limit: RateLimit,
    levels: Arc<Mutex<Option<Levels>>>,
}

impl Bucket {
    /// A bucket that keeps the levels of the one with the same id.
    pub(super) fn renewed(limit: &RateLimit, kept: &[Arc<Self>]) -> Arc<Self> {
        let same = kept.iter().find(|bucket| bucket.limit.id == limit.id);
        Arc::new(Self { limit: limit.clone(), levels: same.map_or_else(Arc::default, |bucket| bucket.levels.clone()) })
    }

    pub(super) fn concerns(&self, spender: &Spender<'_>) -> bool {
        self.limit.scope.holds(spender)
    }

    /// Takes a request and tokens. A request larger than a whole minute's tokens passes when the bucket is full.
    pub(super) fn take(&self, tokens: u64, now_ms: i64) -> Result<(), Exhausted> {
        let full = |limit: Option<u32>| limit.map(|limit| i64::from(limit) * 1_000);
        let (all_requests, all_tokens) = (full(self.limit.requests_per_minute), full(self.limit.tokens_per_minute));
        let mut guard = self.levels.lock();
        let fresh = || Levels { at_ms: now_ms, requests: all_requests.unwrap_or(0), tokens: all_tokens.unwrap_or(0) };
        let levels = guard.get_or_insert_with(fresh);
        let passed = (now_ms - levels.at_ms).clamp(0, MINUTE_MS);
        levels.at_ms = levels.at_ms.max(now_ms);
        let fill = |level: &mut i64, all: Option<i64>| {
            if let Some(all) = all {
                *level = (*level + all * passed / MINUTE_MS).min(all);
            }
        };
        fill(&mut levels.requests, all_requests);
        fill(&mut levels.tokens, all_tokens);
        let short = |what, missing: i64, all: i64| {
            let wait_ms = u64::try_from((missing * MINUTE_MS + all - 1) / all).unwrap_or(0).max(1);
            Err(Exhausted::Rate { id: self.limit.id.clone(), what, wait_ms })
        };
        if let Some(all) = all_requests.filter(|_| levels.requests < 1_000) {
            return short("requests", 1_000 - levels.requests, all);
        }
        let taken = i64::try_from(tokens).unwrap_or(i64::MAX / 2_000).saturating_mul(1_000);
        if let Some(all) = all_tokens
            && levels.tokens < taken.min(all)
        {
            return short("tokens", taken.min(all) - levels.tokens, all);
        }
        levels.requests -= 1_000;
        levels.tokens = levels.tokens.saturating_sub(taken);
        Ok(())
    }

    /// So many tokens were taken, so many were used.
    pub(super) fn settle(&self, taken: u64, used: u64) {
        if let Some(levels) = self.levels.lock().as_mut() {
            let difference = i64::try_from(taken).unwrap_or(0) - i64::try_from(used).unwrap_or(0);
            levels.tokens = levels.tokens.saturating_add(difference.saturating_mul(1_000));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(requests: Option<u32>, tokens: Option<u32>) -> Arc<Bucket> {
        let limit = RateLimit {
            id: "l".into(),
            scope: Scope::default(),
            requests_per_minute: requests,
            tokens_per_minute: tokens,
        };
        Bucket::renewed(&limit, &[])
    }

    #[test]
    fn a_minutes_worth_at_once_then_evenly() {
        let bucket = bucket(Some(60), None);
        for _ in 0..60 {
            bucket.take(0, 1_000).unwrap();
        }
        assert_eq!(bucket.take(0, 1_000), Err(Exhausted::Rate { id: "l".into(), what: "requests", wait_ms: 1_000 }));
        assert!(bucket.take(0, 1_999).is_err());
        assert!(bucket.take(0, 2_000).is_ok());
        assert!(bucket.take(0, 2_000).is_err());
    }

    #[test]
    fn tokens_that_were_used_are_paid_for_by_the_next() {
        let bucket = bucket(None, Some(1_000));
        bucket.take(400, 0).unwrap();
        bucket.settle(400, 1_600);
        let Err(Exhausted::Rate { wait_ms, what, .. }) = bucket.take(400, 0) else { panic!("nothing is left") };
        assert_eq!((what, wait_ms), ("tokens", 60_000));
        assert!(bucket.take(400, 60_000).is_ok());
    }

    #[test]
    fn more_than_a_minute_holds_passes_a_full_bucket() {
        let bucket = bucket(None, Some(1_000));
        assert!(bucket.take(5_000, 0).is_ok());
        assert!(bucket.take(1, 10_000).is_err());
    }
}
