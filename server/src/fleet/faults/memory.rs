//! The memory leak: pages that are mapped, touched and kept.
//!
//! Always true: dropping the future unmaps everything it took, whatever allocator the process has.

use std::convert::Infallible;
use std::time::Duration;

use memmap2::MmapMut;

/// Bytes a second at full intensity.
const RATE: f64 = 8.0 * 1024.0 * 1024.0;

/// The most it ever holds, in bytes.
const LIMIT: usize = 512 * 1024 * 1024;

/// How often it takes more.
const PERIOD: Duration = Duration::from_millis(250);

/// Small enough that every page of every common size is touched.
const PAGE: usize = 4_096;

/// Grows up to [`LIMIT`] bytes and holds them until it is dropped.
pub(super) async fn leak(intensity: f64) -> Infallible {
    let step = step(intensity);
    let mut held: Vec<MmapMut> = Vec::new();
    let mut ticks = tokio::time::interval(PERIOD);
    while (held.len() + 1) * step <= LIMIT {
        ticks.tick().await;
        match touched(step) {
            Ok(pages) => held.push(pages),
            Err(error) => {
                tracing::warn!(%error, "the memory leak cannot grow further");
                break;
            }
        }
    }
    std::future::pending().await
}

/// Bytes per period, in whole pages.
fn step(intensity: f64) -> usize {
    ((RATE * PERIOD.as_secs_f64() * intensity / PAGE as f64) as usize).max(1) * PAGE
}

/// Memory counts as resident only once it was written to.
fn touched(bytes: usize) -> std::io::Result<MmapMut> {
    let mut pages = MmapMut::map_anon(bytes)?;
    for first in pages.iter_mut().step_by(PAGE) {
        *first = 1;
    }
    Ok(pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_intensity_is_eight_mebibytes_a_second_and_the_weakest_still_grows() {
        assert_eq!(step(1.0) as f64 / PERIOD.as_secs_f64(), RATE);
        assert_eq!(step(0.000_1), PAGE);
    }
}
