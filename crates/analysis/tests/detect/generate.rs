//! Synthetic series of the kinds services have, from a seed.

/// A small deterministic generator (`SplitMix64`), so that a failing seed can be named.
#[derive(Debug, Clone)]
pub(crate) struct Noise(u64);

impl Noise {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// A high quantile of few log-normal requests per scrape.
    SparseLatency,
    /// The 99th percentile of many requests.
    DenseLatency,
    /// Autocorrelated, between 0 and 100.
    Cpu,
    /// Almost always 0, rarely a little.
    ErrorRate,
    /// Requests a second with a daily cycle.
    Traffic,
    /// A sawtooth: grows, then is collected.
    Memory,
    /// Whole numbers near zero.
    QueueDepth,
    Gaussian,
}

pub(crate) const KINDS: [Kind; 8] = [
    Kind::SparseLatency,
    Kind::DenseLatency,
    Kind::Cpu,
    Kind::ErrorRate,
    Kind::Traffic,
    Kind::Memory,
    Kind::QueueDepth,
    Kind::Gaussian,
];

pub(crate) fn healthy(kind: Kind, seed: u64, interval_ms: i64, samples: usize) -> Vec<f64> {
    let mut noise = Noise::new(seed * 7919 + kind as u64);
    let mut state = 0.0_f64;
    (0..samples)
        .map(|i| {
            let day = (i as i64 * interval_ms) as f64 / 86_400_000.0 * std::f64::consts::TAU;
            match kind {
                Kind::SparseLatency => (0..12).map(|_| 60.0 * (0.5 * noise.normal()).exp()).fold(0.0, f64::max),
                Kind::DenseLatency => 100.0 * (0.06 * noise.normal()).exp() * (1.0 + 0.1 * day.sin()),
                Kind::Cpu => {
                    state = 0.9 * state + noise.normal();
                    (25.0 + 3.0 * state + 5.0 * day.sin()).clamp(0.0, 100.0)
                }
                Kind::ErrorRate => {
                    if noise.uniform() < 0.01 {
                        0.002 + 0.02 * noise.uniform()
                    } else {
                        0.0
                    }
                }
                Kind::Traffic => {
                    let mean: f64 = 50.0 * (1.0 + 0.6 * day.sin());
                    (mean + mean.sqrt() * noise.normal()).max(0.0)
                }
                Kind::Memory => {
                    state += 1.0 + noise.uniform();
                    if state > 300.0 {
                        state = 0.0;
                    }
                    500.0 + state
                }
                Kind::QueueDepth => (-(1.0 - noise.uniform()).ln() * 1.5).floor(),
                Kind::Gaussian => 10.0 + noise.normal(),
            }
        })
        .collect()
}
