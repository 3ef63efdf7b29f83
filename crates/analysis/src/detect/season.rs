//! The learned daily and weekly shape of a series, used only once it has been seen at least twice and only
//! as far as it predicts better than the recent level does.

use serde::{Deserialize, Serialize};

use super::judge::{Judge, Judged};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// 1970-01-01 was a Thursday; weeks are counted from there, which shifts the names of days and nothing else.
const WEEK_MS: i64 = 7 * DAY_MS;
const DAILY: Shape = Shape { period_ms: DAY_MS, buckets: 48 };
const WEEKLY: Shape = Shape { period_ms: WEEK_MS, buckets: 168 };
/// Passes through a bucket before it is believed.
const NEEDED_VISITS: u8 = 2;
/// Weight of a new pass once several have been seen.
const LEAST_GAIN: f32 = 0.25;

#[derive(Debug, Clone, Copy)]
struct Shape {
    period_ms: i64,
    buckets: usize,
}

impl Shape {
    fn width_ms(self) -> i64 {
        self.period_ms / self.buckets as i64
    }

    fn bucket(self, time_ms: i64) -> usize {
        (time_ms.rem_euclid(self.period_ms) / self.width_ms()) as usize
    }
}

/// One period's mean values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Profile {
    means: Box<[f32]>,
    visits: Box<[u8]>,
    sum: f64,
    count: u32,
    tainted: bool,
    current: u16,
    /// Decayed mean absolute error of its predictions, once it has made one.
    error: Option<f64>,
}

impl Profile {
    fn new(shape: Shape) -> Self {
        Self {
            means: vec![0.0; shape.buckets].into(),
            visits: vec![0; shape.buckets].into(),
            sum: 0.0,
            count: 0,
            tainted: false,
            current: u16::MAX,
            error: None,
        }
    }

    /// Between the middles of two neighbouring buckets, straight; `None` until both were visited often enough.
    fn predict(&self, shape: Shape, time_ms: i64) -> Option<f64> {
        let width = shape.width_ms();
        let shifted = time_ms.saturating_sub(width / 2);
        let left = shape.bucket(shifted);
        let right = (left + 1) % shape.buckets;
        if self.visits[left].min(self.visits[right]) < NEEDED_VISITS {
            return None;
        }
        let part = shifted.rem_euclid(width) as f64 / width as f64;
        Some(f64::from(self.means[left]) * (1.0 - part) + f64::from(self.means[right]) * part)
    }

    fn learn(&mut self, shape: Shape, time_ms: i64, value: f64, tainted: bool) {
        let bucket = shape.bucket(time_ms) as u16;
        if bucket != self.current {
            self.commit();
            self.current = bucket;
        }
        self.sum += value;
        self.count += 1;
        self.tainted |= tainted;
    }

    fn error_or_worst(&self) -> f64 {
        self.error.unwrap_or(f64::INFINITY)
    }

    fn commit(&mut self) {
        if self.count > 0 && !self.tainted {
            let at = usize::from(self.current);
            let gain = (1.0 / (f32::from(self.visits[at]) + 1.0)).max(LEAST_GAIN);
            let mean = (self.sum / f64::from(self.count)) as f32;
            if mean.is_finite() {
                self.means[at] += gain * (mean - self.means[at]);
                self.visits[at] = self.visits[at].saturating_add(1);
            }
        }
        self.sum = 0.0;
        self.count = 0;
        self.tainted = false;
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Season {
    daily: Profile,
    weekly: Profile,
    /// Slow difference between the profile and the present.
    offset: f64,
    judge: Judge,
    /// Decayed mean absolute error of the recent level, to compare with.
    local_error: f64,
}

/// What the season says about one value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seasonal {
    pub(super) predicted: f64,
    pub(super) judged: Judged,
    /// 0: no better than the recent level; 1: at most half its error.
    pub(super) weight: f64,
}

impl Season {
    pub(super) fn new() -> Self {
        Self {
            daily: Profile::new(DAILY),
            weekly: Profile::new(WEEKLY),
            offset: 0.0,
            judge: Judge::default(),
            local_error: 0.0,
        }
    }

    fn shape(&self, time_ms: i64) -> Option<f64> {
        let daily = self.daily.predict(DAILY, time_ms);
        let weekly = self.weekly.predict(WEEKLY, time_ms);
        match (daily, weekly) {
            (Some(_), Some(weekly)) if self.weekly.error_or_worst() < self.daily.error_or_worst() => Some(weekly),
            (daily, weekly) => daily.or(weekly),
        }
    }

    pub(super) fn judge(&self, time_ms: i64, value: f64, floor: f64) -> Option<Seasonal> {
        let predicted = self.shape(time_ms)? + self.offset;
        let error = self.daily.error_or_worst().min(self.weekly.error_or_worst());
        let skill = if self.local_error > 0.0 { 1.0 - error / self.local_error } else { 0.0 };
        Some(Seasonal {
            predicted,
            judged: self.judge.surprise(value - predicted, floor),
            weight: (2.0 * skill).clamp(0.0, 1.0),
        })
    }

    pub(super) fn band(&self, predicted: f64, surprise: f64, floor: f64) -> (f64, f64) {
        let (low, high) = self.judge.band(surprise, floor);
        (predicted + low, predicted + high)
    }

    /// `in_episode` values change neither the profile nor the spread.
    pub(super) fn learn(&mut self, time_ms: i64, value: f64, level: f64, floor: f64, gain: f64, in_episode: bool) {
        if !in_episode {
            if let Some(shape) = self.shape(time_ms) {
                let predicted = shape + self.offset;
                let sigma = self.judge.sigma_above(floor).max(self.judge.sigma_below(floor));
                let residual = value - predicted;
                self.judge.learn(residual, floor, floor, gain);
                let near = if sigma > floor { residual.clamp(-3.0 * sigma, 3.0 * sigma) } else { residual };
                self.offset += 0.5 * gain * near;
                self.local_error += gain * ((value - level).abs() - self.local_error);
            }
            let offset = self.offset;
            for (profile, shape) in [(&mut self.daily, DAILY), (&mut self.weekly, WEEKLY)] {
                if let Some(predicted) = profile.predict(shape, time_ms) {
                    let error = (value - predicted - offset).abs();
                    let before = profile.error.unwrap_or(error);
                    profile.error = Some(before + gain * (error - before));
                }
            }
        }
        self.daily.learn(DAILY, time_ms, value, in_episode);
        self.weekly.learn(WEEKLY, time_ms, value, in_episode);
    }
}
