//! The metrics of one service, in the OpenMetrics text format.
//!
//! Always true: a service exposes only what it has (no pool without a database, no model outside the model); label
//! values come from a fixed set, so that the number of series is bounded.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, LabelSetEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::kind::ServiceKind;
use super::model::{Model, ModelMetrics};
use super::pool::Pool;
use super::process::Process;

/// Upper bounds in seconds: fine where a healthy service answers, coarse where only faults reach.
const SECONDS: [f64; 16] =
    [0.001, 0.0025, 0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Answers that a service gives when it works and when it, or what it needs, does not.
const STATUSES: [u16; 5] = [200, 500, 502, 503, 504];

type Durations = Family<Labels<2>, Histogram, fn() -> Histogram>;

/// Labels of a series: names with values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Labels<const N: usize>([(&'static str, String); N]);

impl<const N: usize> EncodeLabelSet for Labels<N> {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> Result<(), fmt::Error> {
        self.0.as_slice().encode(encoder)
    }
}

/// What a service counts and measures.
#[derive(Debug)]
pub(super) struct Telemetry {
    registry: Registry,
    pool: Arc<Pool>,
    requests: Family<Labels<3>, Counter>,
    durations: Durations,
    connections: Family<Labels<1>, Gauge>,
    queue: Gauge,
    lookups: Family<Labels<1>, Counter>,
    orders: Family<Labels<1>, Counter>,
    dollars: Counter<f64, AtomicU64>,
    predictions: Family<Labels<1>, Counter>,
    inference: Histogram,
}

impl Telemetry {
    pub(super) fn new(kind: ServiceKind, pool: &Arc<Pool>, model: &Arc<Model>) -> Self {
        let telemetry = Self {
            registry: Registry::default(),
            pool: pool.clone(),
            requests: Family::default(),
            durations: Family::new_with_constructor(seconds),
            connections: Family::default(),
            queue: Gauge::default(),
            lookups: Family::default(),
            orders: Family::default(),
            dollars: Counter::default(),
            predictions: Family::default(),
            inference: seconds(),
        };
        telemetry.start_at_zero(kind);
        telemetry.registered(kind, model)
    }

    /// A counter that first appears when something goes wrong has no past to compare with, so all that is expected
    /// is there from the start.
    fn start_at_zero(&self, kind: ServiceKind) {
        let zero = |family: &Family<Labels<1>, Counter>, name: &'static str, values: &[&str]| {
            for &value in values {
                drop(family.get_or_create(&Labels([(name, value.to_owned())])));
            }
        };
        zero(&self.orders, "outcome", &["placed", "declined", "failed"]);
        zero(&self.lookups, "result", &["hit", "miss"]);
        zero(&self.predictions, "class", &["benign", "threat"]);
        let (method, route) = kind.route();
        let (method, route) = (("method", method.to_owned()), ("route", route.to_owned()));
        drop(self.durations.get_or_create(&Labels([method.clone(), route.clone()])));
        for status in STATUSES {
            let status = ("status", status.to_string());
            drop(self.requests.get_or_create(&Labels([method.clone(), route.clone(), status])));
        }
    }

    /// The counters' names carry no `_total`: the format adds it.
    fn registered(mut self, kind: ServiceKind, model: &Arc<Model>) -> Self {
        let r = &mut self.registry;
        r.register_collector(Box::new(Process::new()));
        r.register("http_requests", "Requests answered", self.requests.clone());
        r.register("http_request_duration_seconds", "Time to answer a request", self.durations.clone());
        r.register("queue_depth", "Requests that wait for a connection, a line or a slot", self.queue.clone());
        if kind.has_database() {
            r.register("db_pool_connections", "Connections of the pool by state", self.connections.clone());
        }
        match kind {
            ServiceKind::Orders => r.register("orders", "Orders by outcome", self.orders.clone()),
            ServiceKind::Users => r.register("cache_lookups", "Look-ups by result", self.lookups.clone()),
            ServiceKind::Payments => {
                r.register("payments_amount_dollars", "Sum of all accepted charges", self.dollars.clone());
            }
            ServiceKind::ThreatDetection => {
                r.register("model_predictions", "Predictions by class", self.predictions.clone());
                r.register("model_inference_duration_seconds", "Time to score one event", self.inference.clone());
                r.register_collector(Box::new(ModelMetrics(model.clone())));
            }
        }
        self
    }

    /// One request was answered, or given up by its caller.
    pub(super) fn request(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let (method, route) = (("method", method.to_owned()), ("route", route.to_owned()));
        self.durations.get_or_create(&Labels([method.clone(), route.clone()])).observe(took.as_secs_f64());
        self.requests.get_or_create(&Labels([method, route, ("status", status.to_string())])).inc();
    }

    pub(super) fn order(&self, outcome: &'static str) {
        self.orders.get_or_create(&Labels([("outcome", outcome.to_owned())])).inc();
    }

    pub(super) fn lookup(&self, result: &'static str) {
        self.lookups.get_or_create(&Labels([("result", result.to_owned())])).inc();
    }

    pub(super) fn charge(&self, dollars: f64) {
        self.dollars.inc_by(dollars);
    }

    pub(super) fn prediction(&self, class: &'static str, took: Duration) {
        self.predictions.get_or_create(&Labels([("class", class.to_owned())])).inc();
        self.inference.observe(took.as_secs_f64());
    }

    /// Everything, as it is now.
    pub(super) fn text(&self) -> Result<String, fmt::Error> {
        let (idle, max) = (self.pool.idle(), self.pool.size());
        for (state, n) in [("used", max - idle), ("idle", idle), ("max", max)] {
            self.connections.get_or_create(&Labels([("state", state.to_owned())])).set(whole(n));
        }
        self.queue.set(whole(self.pool.waiting()));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

fn seconds() -> Histogram {
    Histogram::new(SECONDS)
}

fn whole(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
