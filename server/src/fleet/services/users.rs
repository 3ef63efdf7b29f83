//! `users`: looks people up in a cache and, on a miss, in a database.
//!
//! Always true: the cache holds at most [`CAPACITY`] people, each for at most [`FRESH`].

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use super::{Failure, compute};
use crate::fleet::router::failure;
use crate::fleet::service::Service;

/// Users are numbered from 0.
pub(in crate::fleet) const POPULATION: u32 = 2_000;

/// Accounts are at most this old.
pub(in crate::fleet) const MAX_AGE_DAYS: u32 = 3_650;

const CAPACITY: usize = 400;
const FRESH: Duration = Duration::from_secs(60);

/// Median and log standard deviation of a look-up in the cache.
const HIT: (Duration, f64) = (Duration::from_millis(2), 0.2);

/// The same in the database.
const MISS: (Duration, f64) = (Duration::from_millis(14), 0.3);

/// Answer of `GET /users/{id}`.
#[derive(Debug, Deserialize, Serialize)]
pub(in crate::fleet) struct User {
    pub(in crate::fleet) id: u32,
    pub(in crate::fleet) account_age_days: u32,
}

/// Who was looked up lately, oldest first.
#[derive(Debug, Default)]
pub(in crate::fleet) struct Cache(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    since: HashMap<u32, Instant>,
    order: VecDeque<u32>,
}

/// `GET /users/{id}`
pub(in crate::fleet) async fn find(State(service): State<Arc<Service>>, Path(id): Path<u32>) -> Response {
    if id >= POPULATION {
        return failure(StatusCode::NOT_FOUND, &format!("there is no user {id}; users are 0 to {}", POPULATION - 1));
    }
    if service.cache.has(id) {
        service.telemetry.lookup("hit");
        service.dice.wait(HIT.0, HIT.1).await;
    } else {
        service.telemetry.lookup("miss");
        let _connection = match service.pool.acquire().await {
            Ok(connection) => connection,
            Err(error) => return Failure::from(error).answer(),
        };
        service.dice.wait(MISS.0, MISS.1).await;
        service.cache.put(id);
    }
    compute(5_000);
    Json(User { id, account_age_days: account_age_days(id) }).into_response()
}

/// How old an account is: spread evenly over the ages, the same for ever.
pub(in crate::fleet) const fn account_age_days(id: u32) -> u32 {
    // 1,021 is prime to 3,650, so neighbours are far apart and no age comes up much more often than another.
    id.wrapping_mul(1_021) % MAX_AGE_DAYS
}

impl Cache {
    fn has(&self, id: u32) -> bool {
        self.0.lock().since.get(&id).is_some_and(|since| since.elapsed() < FRESH)
    }

    fn put(&self, id: u32) {
        let mut held = self.0.lock();
        if held.since.insert(id, Instant::now()).is_none() {
            held.order.push_back(id);
        }
        while held.order.len() > CAPACITY {
            if let Some(oldest) = held.order.pop_front() {
                held.since.remove(&oldest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_forgets_the_oldest_when_it_is_full() {
        let cache = Cache::default();
        let last = u32::try_from(CAPACITY).unwrap();
        (0..=last).for_each(|id| cache.put(id));
        assert_eq!((cache.has(0), cache.has(1), cache.has(last)), (false, true, true));
    }

    #[test]
    fn accounts_are_of_all_ages() {
        let mean = (0..POPULATION).map(|id| f64::from(account_age_days(id))).sum::<f64>() / f64::from(POPULATION);
        assert!((mean - f64::from(MAX_AGE_DAYS) / 2.0).abs() < 50.0, "{mean}");
    }
}
