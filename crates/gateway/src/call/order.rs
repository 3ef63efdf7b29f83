//! In which order targets are tried.

/// The target that is first this time. Shares come out even after few calls, because draws do not cluster: they are the
/// multiples of the golden ratio (a Kronecker sequence).
pub(super) fn drawn(weights: impl Iterator<Item = u32>, total: u64, draw: u64) -> Option<usize> {
    let at = draw.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    let mut point = (at * total) >> 32;
    for (i, weight) in weights.enumerate() {
        let weight = u64::from(weight);
        if point < weight {
            return Some(i);
        }
        point -= weight;
    }
    None
}

/// All of them, the drawn one first.
pub(super) fn first_then_rest<T>(all: &[T], first: Option<usize>) -> impl Iterator<Item = &T> + Clone {
    let rest = all.iter().enumerate().filter(move |(i, _)| Some(*i) != first).map(|(_, target)| target);
    first.and_then(|first| all.get(first)).into_iter().chain(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_even_after_few_calls() {
        let weights = [70, 20, 10];
        let mut counts = [0; 3];
        for draw in 0..100 {
            counts[drawn(weights.into_iter(), 100, draw).unwrap()] += 1;
        }
        for (count, weight) in counts.into_iter().zip(weights) {
            assert!((count - i32::try_from(weight).unwrap()).abs() <= 2, "{counts:?}");
        }
    }

    #[test]
    fn the_drawn_one_is_not_tried_twice() {
        assert_eq!(first_then_rest(&[1, 2, 3], Some(1)).collect::<Vec<_>>(), [&2, &1, &3]);
        assert_eq!(first_then_rest(&[1, 2], None).collect::<Vec<_>>(), [&1, &2]);
    }
}
