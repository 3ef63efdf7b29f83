//! Weights, probation and the position-dependent value of a detection.

/// The cost matrix of an application profile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Profile {
    pub name: &'static str,
    pub true_positive: f64,
    pub false_negative: f64,
    pub false_positive: f64,
}

impl Profile {
    pub const STANDARD: Self = Self { name: "standard", true_positive: 1.0, false_negative: 1.0, false_positive: 0.11 };
    pub const REWARD_LOW_FP: Self =
        Self { name: "reward_low_FP_rate", true_positive: 1.0, false_negative: 1.0, false_positive: 0.22 };
    pub const REWARD_LOW_FN: Self =
        Self { name: "reward_low_FN_rate", true_positive: 1.0, false_negative: 2.0, false_positive: 0.11 };
    pub const ALL: [Self; 3] = [Self::STANDARD, Self::REWARD_LOW_FP, Self::REWARD_LOW_FN];
}

/// Rows at the start of a series of `rows` rows that are not scored.
#[must_use]
pub fn probation(rows: usize) -> usize {
    ((0.15 * rows as f64) as usize).min(750)
}

/// Value of a detection at a relative position: -1 is the left edge of a window, 0 its right edge, positive
/// beyond it; from 1 down to -1.
#[must_use]
pub fn scaled_sigmoid(position: f64) -> f64 {
    if position > 3.0 { -1.0 } else { 2.0 / (1.0 + (5.0 * position).exp()) - 1.0 }
}

/// What each row of a series would add to the score if it were a detection, before weighting, and the window
/// it lies in, if any.
pub(super) fn row_values(rows: usize, windows: &[(usize, usize)]) -> Vec<(f64, Option<usize>)> {
    let best = scaled_sigmoid(-1.0);
    let mut past: Option<(usize, usize)> = None;
    let mut next = windows.iter().enumerate().peekable();
    (0..rows)
        .map(|row| {
            while let Some((_, window)) = next.peek().filter(|(_, window)| window.1 < row) {
                past = Some(**window);
                next.next();
            }
            match next.peek() {
                Some((index, (first, last))) if row >= *first => {
                    let width = (last - first + 1) as f64;
                    (scaled_sigmoid(-((last - row + 1) as f64) / width) / best, Some(*index))
                }
                _ => (past.map_or(-1.0, |(first, last)| after(row, first, last)), None),
            }
        })
        .collect()
}

fn after(row: usize, first: usize, last: usize) -> f64 {
    scaled_sigmoid((row - last) as f64 / (last - first) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probation_is_fifteen_percent_up_to_750_rows() {
        assert_eq!((probation(1000), probation(5000), probation(22_000)), (150, 750, 750));
    }

    #[test]
    fn a_detection_is_worth_most_at_the_left_edge_and_nothing_at_the_right() {
        let values = row_values(40, &[(10, 19)]);
        assert_eq!(values[0], (-1.0, None));
        assert_eq!(values[10], (1.0, Some(0)));
        assert!(values[19].0 > 0.2 && values[19].0 < 0.5 && values[19].1 == Some(0));
        assert!(values[20].0 > -0.3 && values[20].1.is_none());
        assert!(values[29].0 < -0.98);
    }
}
