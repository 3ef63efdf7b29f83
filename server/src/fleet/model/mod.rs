//! The model of `threat-detection`: a logistic scorer over six features, and what it shows of its own health.
//!
//! Always true: its weights never change, so when its confidence falls, its inputs have changed.

mod drift;
mod input;

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::gauge::ConstGauge;

use self::drift::Reference;
pub(super) use self::input::{Event, EventSource};
use super::dice::Dice;
use super::services::users::{MAX_AGE_DAYS, POPULATION, account_age_days};

/// Number of features: those of an event and the age of the account.
const N: usize = 6;

/// The features' names, in order.
const NAMES: [&str; N] = ["bytes_out", "failed_logins", "geo_distance", "off_hours", "payload_entropy", "account_age"];

/// Weights of the features: a threat sends more, fails more, comes from further away; old accounts are trusted a bit more.
const WEIGHTS: [f64; N] = [1.3, 1.2, 1.1, 1.0, 1.4, -0.4];

/// Puts the border half-way between ordinary events (around 0) and threats (around [`input::THREAT`]).
const BIAS: f64 = -6.0;

/// Predictions that mean confidence and drift are taken over: half a minute at the usual load.
const WINDOW: usize = 300;

/// Fewer say nothing about a distribution.
const ENOUGH: usize = 50;

/// Events of the training set that inputs are compared with.
const N_REFERENCE: usize = 5_000;

/// Streams of the draws, see [`Dice::new`].
const TRAINING_STREAM: u64 = 2;

type Features = [f64; N];

/// The model and its latest inputs.
#[derive(Debug)]
pub(super) struct Model {
    reference: [Reference; N],
    recent: Mutex<VecDeque<(Features, Prediction)>>,
}

/// What the model says of one event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prediction {
    /// Probability of a threat.
    threat: f64,
}

/// Exposes the model's health; nothing until it has seen enough events.
#[derive(Debug)]
pub(super) struct ModelMetrics(pub(super) Arc<Model>);

impl Prediction {
    pub(super) const fn class(self) -> &'static str {
        if self.threat > 0.5 { "threat" } else { "benign" }
    }

    /// Probability of the class that was chosen: 0.5 to 1.
    pub(super) const fn confidence(self) -> f64 {
        self.threat.max(1.0 - self.threat)
    }
}

impl Model {
    /// Knows the distribution of its training set, which is drawn as ordinary traffic is.
    pub(super) fn new(seed: u64) -> Self {
        let source = EventSource::new(Dice::new(seed, TRAINING_STREAM));
        let draw = || {
            let (event, user) = source.draw(0.0);
            features(&event, account_age_days(user))
        };
        let training: Vec<Features> = (0..N_REFERENCE).map(|_| draw()).collect();
        let reference = std::array::from_fn(|i| Reference::new(training.iter().map(|row| row[i]).collect()));
        Self { reference, recent: Mutex::default() }
    }

    /// The prediction, which also becomes part of the window.
    pub(super) fn predict(&self, event: &Event, account_age_days: u32) -> Prediction {
        let features = features(event, account_age_days);
        let score: f64 = BIAS + features.iter().zip(WEIGHTS).map(|(x, w)| x * w).sum::<f64>();
        let prediction = Prediction { threat: 1.0 / (1.0 + (-score).exp()) };
        let mut recent = self.recent.lock();
        if recent.len() == WINDOW {
            recent.pop_front();
        }
        recent.push_back((features, prediction));
        prediction
    }

    /// Health over the window, once it has enough events.
    fn health(&self) -> Option<Health> {
        let recent = self.recent.lock();
        if recent.len() < ENOUGH {
            return None;
        }
        let n = recent.len() as f64;
        let column = |i: usize| recent.iter().map(move |(features, _)| features[i]);
        let indices: [f64; N] = std::array::from_fn(|i| self.reference[i].stability_index(column(i)));
        Some(Health {
            confidence: recent.iter().map(|(_, prediction)| prediction.confidence()).sum::<f64>() / n,
            drift: indices.iter().sum::<f64>() / N as f64,
            means: std::array::from_fn(|i| column(i).sum::<f64>() / n),
        })
    }
}

/// What the window says.
#[derive(Debug)]
struct Health {
    confidence: f64,
    /// Mean population stability index of the features.
    drift: f64,
    means: Features,
}

/// The age counts in standard deviations of a uniform distribution from its mean, as the other features do.
fn features(event: &Event, account_age_days: u32) -> Features {
    let spread = f64::from(MAX_AGE_DAYS);
    let age = (f64::from(account_age_days) - spread / 2.0) / (spread / 12f64.sqrt());
    let [a, b, c, d, e] = *event;
    [a, b, c, d, e, age]
}

/// Which user an event or an order comes from: some come often, most rarely.
pub(super) fn pick_user(dice: &Dice) -> u32 {
    (dice.unit().powi(3) * f64::from(POPULATION)) as u32
}

impl Collector for ModelMetrics {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let Some(health) = self.0.health() else { return Ok(()) };
        let mut gauge = |name, help, value: f64| {
            let encoder = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
            ConstGauge::new(value).encode(encoder)
        };
        gauge("model_prediction_confidence", "Mean confidence of the latest predictions.", health.confidence)?;
        gauge("model_drift_score", "Mean population stability index of the features.", health.drift)?;
        let help = "Mean of a feature over the latest events.";
        let mut family: MetricEncoder<'_> =
            encoder.encode_descriptor("model_feature_mean", help, None, MetricType::Gauge)?;
        for (name, mean) in NAMES.iter().zip(health.means) {
            ConstGauge::new(mean).encode(family.encode_family(&[("feature", *name)])?)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn health(shift: f64) -> Health {
        let model = Model::new(1);
        let source = EventSource::new(Dice::new(99, 0));
        for _ in 0..WINDOW {
            let (event, user) = source.draw(shift);
            model.predict(&event, account_age_days(user));
        }
        model.health().unwrap()
    }

    #[test]
    fn ordinary_events_leave_the_model_sure_and_stable() {
        let health = health(0.0);
        assert!(health.confidence > 0.9, "{health:?}");
        // 0.1 is where the index is customarily said to show a change.
        assert!(health.drift < 0.1, "{health:?}");
    }

    #[test]
    fn shifted_events_are_seen_as_drift_and_cost_confidence() {
        let (ordinary, shifted, far) = (health(0.0), health(0.5), health(1.0));
        assert!(shifted.drift > 0.25 && far.drift > shifted.drift, "{shifted:?} {far:?}");
        assert!(shifted.confidence < ordinary.confidence - 0.03, "{ordinary:?} {shifted:?}");
        assert!(far.confidence < shifted.confidence - 0.03, "{shifted:?} {far:?}");
    }

    #[test]
    fn a_few_events_say_nothing() {
        let model = Model::new(1);
        model.predict(&[0.0; 5], 100);
        assert!(model.health().is_none());
    }

    #[test]
    fn a_typical_threat_is_found_and_an_ordinary_event_is_not() {
        let model = Model::new(1);
        assert_eq!(model.predict(&[0.0; 5], 1_000).class(), "benign");
        assert_eq!(model.predict(&[input::THREAT; 5], 1_000).class(), "threat");
    }
}
