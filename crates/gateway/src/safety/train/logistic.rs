//! Logistic regression with an L2 penalty, by coordinate descent in the dual (Yu, Huang, Lin 2011): one sample at a time, each step solved
//! exactly in one dimension. Deterministic for a given order of samples.

use super::Dice;

/// A sample: its features (index, value), its label and how much its loss counts.
pub(crate) struct Sample<'a> {
    pub features: &'a [(u32, f32)],
    pub positive: bool,
    pub weight: f32,
}

/// The weights that minimise `½‖w‖² + Σ weight·ln(1 + exp(−y·w·x))`.
pub(crate) fn fit(samples: &[Sample<'_>], dimensions: usize) -> Vec<f32> {
    const ROUNDS: usize = 60;
    const CLOSE: f64 = 0.01;
    let mut weights = vec![0.0_f64; dimensions];
    let mut alphas: Vec<f64> = samples.iter().map(|s| (f64::from(s.weight) * 1e-3).min(1e-8)).collect();
    for (sample, alpha) in samples.iter().zip(&alphas) {
        step(&mut weights, sample, *alpha);
    }
    let mut order: Vec<usize> = (0..samples.len()).collect();
    let mut dice = Dice::new(3);
    for _ in 0..ROUNDS {
        dice.shuffle(&mut order);
        let mut largest = 0.0_f64;
        for i in &order {
            let sample = &samples[*i];
            let upper = f64::from(sample.weight);
            let (mut dot, mut square) = (0.0, 0.0);
            for (index, value) in sample.features {
                let value = f64::from(*value);
                dot += weights[*index as usize] * value;
                square += value * value;
            }
            let margin = if sample.positive { dot } else { -dot };
            let alpha = solve(alphas[*i], margin, square, upper);
            largest = largest.max(((alpha - alphas[*i]) / upper).abs());
            step(&mut weights, sample, alpha - alphas[*i]);
            alphas[*i] = alpha;
        }
        if largest < CLOSE {
            break;
        }
    }
    weights.into_iter().map(|w| w as f32).collect()
}

fn step(weights: &mut [f64], sample: &Sample<'_>, by: f64) {
    let by = if sample.positive { by } else { -by };
    for (index, value) in sample.features {
        weights[*index as usize] += by * f64::from(*value);
    }
}

/// The root of `square·(a − alpha) + margin + ln(a / (upper − a))` in (0, upper): increasing in `a`, so Newton within a shrinking bracket.
fn solve(alpha: f64, margin: f64, square: f64, upper: f64) -> f64 {
    let (mut low, mut high) = (0.0, upper);
    let mut a = alpha.clamp(upper * 1e-9, upper * (1.0 - 1e-9));
    for _ in 0..50 {
        let slope = square * (a - alpha) + margin + (a / (upper - a)).ln();
        if slope.abs() < 1e-6 {
            break;
        }
        if slope > 0.0 {
            high = a;
        } else {
            low = a;
        }
        let newton = a - slope / (square + upper / (a * (upper - a)));
        a = if newton > low && newton < high { newton } else { f64::midpoint(low, high) };
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gradient_is_zero_at_the_answer() {
        let rows: Vec<(Vec<(u32, f32)>, bool)> = (0..40)
            .map(|i| {
                let x = (i as f32 - 20.0) / 10.0;
                (vec![(0, x), (1, 1.0), (2, (i % 3) as f32)], x + (i % 5) as f32 * 0.3 > 0.4)
            })
            .collect();
        let samples: Vec<Sample<'_>> =
            rows.iter().map(|(features, positive)| Sample { features, positive: *positive, weight: 2.0 }).collect();
        let weights = fit(&samples, 3);
        let mut gradient: Vec<f32> = weights.clone();
        for s in &samples {
            let y = if s.positive { 1.0 } else { -1.0 };
            let z: f32 = y * s.features.iter().map(|(i, v)| weights[*i as usize] * v).sum::<f32>();
            for (i, v) in s.features {
                gradient[*i as usize] -= s.weight * y * v / (1.0 + z.exp());
            }
        }
        // Without any weights it is beyond 10 in the first direction.
        assert!(gradient.iter().all(|g| g.abs() < 0.5), "{gradient:?} at {weights:?}");
    }
}
