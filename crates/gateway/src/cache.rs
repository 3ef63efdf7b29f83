//! Answers that are given again for exactly the same request, where a route asks for that.
//!
//! Always true: only whole, successful answers are kept; a team never sees another team's answer; the room is bounded.

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;
use http::HeaderMap;
use parking_lot::Mutex;
use xxhash_rust::xxh3::Xxh3;

use crate::request::{Door, Request};

/// All answers together take no more than this.
const MAX_BYTES: usize = 64 << 20;
/// A longer answer is not kept.
pub(crate) const MAX_ANSWER: usize = 1 << 20;

/// Names a request by everything that its answer depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CacheKey(u128);

impl CacheKey {
    pub(crate) fn of(door: Door, route: &str, request: &Request) -> Self {
        let mut hasher = Xxh3::new();
        for part in [door.as_str(), route, request.caller.team.as_deref().unwrap_or_default()] {
            hasher.update(part.as_bytes());
            hasher.update(&[0]);
        }
        hasher.update(&request.body);
        Self(hasher.digest128())
    }
}

/// An answer as it was given.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    until_ms: i64,
}

#[derive(Debug, Default)]
struct Shelf {
    answers: HashMap<CacheKey, Kept>,
    /// In the order in which they came.
    order: VecDeque<CacheKey>,
    bytes: usize,
}

/// The answers that are kept.
#[derive(Debug, Default)]
pub(crate) struct Cache(Mutex<Shelf>);

impl Cache {
    pub(crate) fn get(&self, key: CacheKey, now_ms: i64) -> Option<Kept> {
        self.0.lock().answers.get(&key).filter(|kept| kept.until_ms > now_ms).cloned()
    }

    pub(crate) fn put(&self, key: CacheKey, headers: HeaderMap, body: Bytes, until_ms: i64) {
        if body.len() > MAX_ANSWER {
            return;
        }
        let mut shelf = self.0.lock();
        shelf.bytes += body.len();
        match shelf.answers.insert(key, Kept { headers, body, until_ms }) {
            Some(old) => shelf.bytes -= old.body.len(),
            None => shelf.order.push_back(key),
        }
        while shelf.bytes > MAX_BYTES {
            let Some(oldest) = shelf.order.pop_front() else { break };
            if let Some(old) = shelf.answers.remove(&oldest) {
                shelf.bytes -= old.body.len();
            }
        }
    }

    pub(crate) fn clear(&self) {
        *self.0.lock() = Shelf::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_bounded_and_time_too() {
        let cache = Cache::default();
        let body = Bytes::from(vec![0; MAX_ANSWER]);
        for i in 0..100 {
            cache.put(CacheKey(i), HeaderMap::new(), body.clone(), 10);
        }
        assert_eq!(cache.0.lock().bytes, MAX_BYTES);
        assert!(cache.get(CacheKey(0), 0).is_none(), "the oldest have made room");
        assert!(cache.get(CacheKey(99), 9).is_some());
        assert!(cache.get(CacheKey(99), 10).is_none());
    }
}
