//! What is sent when.
//!
//! Always true: times only grow; with a ramp the rate grows evenly from nothing to the one that was asked for.

use std::time::Duration;

use super::Args;
use super::body::{Shape, prompt_bodies};

/// The plan of one run.
#[derive(Debug)]
pub(super) struct Plan {
    /// Calls a second; none is a closed loop.
    pub(super) rate: Option<f64>,
    pub(super) callers: u32,
    pub(super) duration: Duration,
    ramp_secs: f64,
    shapes: Vec<Shape>,
    /// Of a thousand calls, so many ask for a stream.
    streams: usize,
}

impl Plan {
    pub(super) fn new(args: &Args) -> anyhow::Result<Self> {
        anyhow::ensure!((0.0..=1.0).contains(&args.stream), "--stream must be between 0 and 1");
        anyhow::ensure!((0.0..=args.seconds).contains(&args.ramp), "--ramp must be between 0 and --seconds");
        anyhow::ensure!(args.bytes.iter().all(|n| *n <= 32 << 20), "--bytes must be at most 33554432");
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
        let streams = (args.stream * 1_000.0).round() as usize;
        Ok(Self {
            rate: args.rate,
            callers: args.callers,
            duration: Duration::from_secs_f64(args.seconds),
            ramp_secs: args.ramp,
            shapes: prompt_bodies(args),
            streams,
        })
    }

    /// When each call is due, from the start. With rate r reached after w seconds, call n is due at sqrt(2·w·n / r) during
    /// the ramp (the integral of a rate that grows evenly) and evenly after it.
    #[expect(clippy::cast_precision_loss, reason = "no run has 2^53 calls")]
    pub(super) fn times(&self) -> impl Iterator<Item = Duration> {
        let (rate, ramp) = (self.rate.unwrap_or(1.0), self.ramp_secs);
        let in_ramp = rate * ramp / 2.0;
        let at = move |n: u64| {
            let n = n as f64;
            if n < in_ramp { (2.0 * ramp * n / rate).sqrt() } else { ramp + (n - in_ramp) / rate }
        };
        let end = self.duration;
        (0..).map(at).map(Duration::from_secs_f64).take_while(move |due| *due < end)
    }

    /// What the n-th call sends: sizes in turn, streams spread evenly.
    pub(super) fn shape(&self, n: usize) -> Shape {
        let is_stream = (n + 1) * self.streams / 1_000 > n * self.streams / 1_000;
        let sizes = self.shapes.len() / 2;
        let at = n % sizes.max(1) + if is_stream { sizes } else { 0 };
        self.shapes.get(at).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(rate: f64, seconds: u64, ramp_secs: f64, streams: usize) -> Plan {
        let shapes = vec![Shape::default(), Shape { is_stream: true, ..Shape::default() }];
        Plan { rate: Some(rate), callers: 1, duration: Duration::from_secs(seconds), ramp_secs, shapes, streams }
    }

    #[test]
    fn a_rate_is_kept_and_a_ramp_halves_its_calls() {
        assert_eq!(plan(100.0, 3, 0.0, 0).times().count(), 300);
        let ramped: Vec<_> = plan(100.0, 4, 2.0, 0).times().collect();
        assert_eq!(ramped.len(), 300);
        assert!(ramped.is_sorted());
        let first_second = ramped.iter().filter(|due| **due < Duration::from_secs(1)).count();
        assert_eq!(first_second, 25);
    }

    #[test]
    fn streams_are_spread_evenly() {
        let plan = plan(1.0, 1, 0.0, 250);
        let streams: Vec<_> = (0..8).map(|n| plan.shape(n).is_stream).collect();
        assert_eq!(streams, [false, false, false, true, false, false, false, true]);
    }
}
