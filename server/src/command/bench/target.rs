//! The scrape target of the latency measurement: healthy series, and one bad sample when it is time.
//!
//! Always true: a bad sample is in exactly one answer; the time noted for it is that at which the answer's body was
//! given to the connection, so whatever it takes to be sent counts.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use parking_lot::Mutex;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use rand_distr::{Distribution as _, Normal};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// A bad sample is this many times what it would have been.
const BAD: f64 = 20.0;
/// Standard deviation of the healthy noise, as a share of the level. Below a few in a hundred a series counts as standing
/// still, and one bad sample alone does not alarm.
const NOISE: f64 = 0.08;

/// The target, shared with its HTTP server.
#[derive(Clone, Debug)]
pub(super) struct Target {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    course: Mutex<Course>,
    planted: Mutex<HashMap<usize, Instant>>,
    scrapes: watch::Sender<u64>,
}

#[derive(Debug)]
struct Course {
    dice: StdRng,
    levels: Vec<f64>,
    /// What each series says the next time.
    values: Vec<f64>,
    /// The series that is bad the next time.
    bad: Option<usize>,
}

impl Course {
    /// Noise around each level, and nothing unusual but what is planted.
    fn advance(&mut self) {
        for (value, level) in self.values.iter_mut().zip(&self.levels) {
            *value = level * (1.0 + NOISE * Normal::new(0.0, 1.0).map_or(0.0, |normal| normal.sample(&mut self.dice)));
        }
    }

    fn text(&self) -> String {
        let mut text = String::with_capacity(48 * self.values.len());
        text.push_str("# TYPE bench_gauge gauge\n");
        for (n, value) in self.values.iter().enumerate() {
            let value = if self.bad == Some(n) { value * BAD } else { *value };
            // Writing to a string does not fail.
            writeln!(text, "bench_gauge{{n=\"{n}\"}} {value}").unwrap_or_default();
        }
        text
    }
}

impl Target {
    /// A target with so many series; its server is a task of `running`.
    pub(super) async fn start(
        series: usize,
        seed: u64,
        running: &mut JoinSet<()>,
    ) -> anyhow::Result<(Self, SocketAddr)> {
        let mut dice = StdRng::seed_from_u64(seed);
        let levels: Vec<f64> = (0..series).map(|_| dice.random_range(20.0..2_000.0)).collect();
        let course = Course { dice, values: levels.clone(), levels, bad: None };
        let (course, planted) = (Mutex::new(course), Mutex::default());
        let target = Self { shared: Arc::new(Shared { course, planted, scrapes: watch::Sender::new(0) }) };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let router = Router::new().route("/metrics", get(scrape)).with_state(target.clone());
        // Ends with the measurement; an error would be seen as scrapes that stop.
        running.spawn(async move { axum::serve(listener, router).await.unwrap_or_default() });
        Ok((target, address))
    }

    /// How often it was scraped.
    pub(super) fn scrapes(&self) -> watch::Receiver<u64> {
        self.shared.scrapes.subscribe()
    }

    /// Makes the series bad in the next answer.
    pub(super) fn plant(&self, series: usize) {
        self.shared.course.lock().bad = Some(series);
    }

    /// When the bad sample of the series was given away, once.
    pub(super) fn take_planted(&self, series: usize) -> Option<Instant> {
        self.shared.planted.lock().remove(&series)
    }
}

async fn scrape(State(target): State<Target>) -> impl IntoResponse {
    let shared = &target.shared;
    let (body, bad) = {
        let mut course = shared.course.lock();
        course.advance();
        let body = course.text();
        (body, course.bad.take())
    };
    shared.scrapes.send_modify(|n| *n += 1);
    if let Some(series) = bad {
        shared.planted.lock().insert(series, Instant::now());
    }
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sample_is_bad_and_the_rest_is_not() {
        let levels = vec![100.0; 20];
        let mut course = Course { dice: StdRng::seed_from_u64(1), values: levels.clone(), levels, bad: Some(7) };
        course.advance();
        let text = course.text();
        let values: Vec<f64> =
            text.lines().skip(1).map(|line| line.split(' ').nth(1).unwrap().parse().unwrap()).collect();
        let bad: Vec<_> = (0..20).filter(|n| values[*n] > 1_000.0).collect();
        assert_eq!(bad, [7]);
        assert!(values.iter().enumerate().all(|(n, value)| n == 7 || (50.0..150.0).contains(value)));
    }
}
