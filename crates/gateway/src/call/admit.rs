//! Before anybody is asked: rates, answers that were given before, and budgets.

use super::Stop;
use super::ledger::Ledger;
use super::plan::Plan;
use crate::allowance::Exhausted;
use crate::cache::{CacheKey, Kept};
use crate::door::Refusal;
use crate::price::{NanoUsd, usd};
use crate::record::Usage;
use crate::request::Door;
use crate::tokens;

/// When neither the caller nor the price table says how long an answer may be.
const USUAL_OUTPUT: u64 = 4_096;
/// Longer bodies are looked at, because much of them may be images; of shorter ones the length says enough.
const LOOK_AT: usize = 32 << 10;

/// Lets a call in. An answer that is kept is given again without being paid for.
pub(super) fn admit(ledger: &mut Ledger, plan: &Plan) -> Result<Option<Kept>, Stop> {
    let shared = ledger.shared.clone();
    let now_ms = shared.clock.now_ms();
    let (caller, route) = (&plan.request.caller, &*plan.route.name);
    let is_metered = shared.allowances.is_metered(caller, route);
    let input = if is_metered { input_bound(&plan.request.body) } else { 0 };
    let mut reservation = if is_metered {
        let taken = shared.allowances.take(caller, route, input, now_ms);
        taken.map_err(|exhausted| refusal(&exhausted, now_ms))?
    } else {
        crate::allowance::Reservation::default()
    };
    let cache_secs = plan.route.settings.cache_secs;
    if cache_secs > 0 {
        let key = CacheKey::of(plan.door, route, &plan.request);
        if let Some(kept) = shared.cache.get(key, now_ms) {
            return Ok(Some(kept));
        }
        ledger.keep_answer(key, now_ms + i64::from(cache_secs) * 1_000);
    }
    if is_metered {
        let most = most(plan, input);
        let reserved = shared.allowances.reserve(&mut reservation, caller, route, most, now_ms);
        reserved.map_err(|exhausted| refusal(&exhausted, now_ms))?;
        ledger.reserved(reservation);
    }
    Ok(None)
}

/// More tokens than the body has: texts of all languages have fewer than one for three bytes.
fn input_bound(body: &[u8]) -> u64 {
    const OVERHEAD: u64 = 500;
    let tokens = if body.len() < LOOK_AT { body.len() as u64 / 3 } else { tokens::of_body(body) * 5 / 4 };
    tokens + OVERHEAD
}

/// What the call costs at most, at the dearest of its targets.
fn most(plan: &Plan, input: u64) -> NanoUsd {
    let costs = plan.route.targets.iter().filter_map(|target| {
        let price = target.price?;
        let output = match plan.door {
            Door::Embeddings => 0,
            _ => plan
                .peek
                .max_tokens
                .or(price.max_output_tokens)
                .unwrap_or(USUAL_OUTPUT)
                .saturating_mul(plan.peek.choices),
        };
        Some(price.cost(&Usage { input, output, ..Usage::default() }))
    });
    costs.max().unwrap_or(0)
}

fn refusal(exhausted: &Exhausted, now_ms: i64) -> Stop {
    Stop::Refused(match exhausted {
        Exhausted::Budget { id, left, needed, renews_ms } => {
            let message = format!(
                "budget `{id}` has {:.6} dollars left, and this call may cost up to {:.6}; a lower limit of tokens lowers that",
                usd(*left),
                usd(*needed)
            );
            let wait_ms = u64::try_from(renews_ms.saturating_sub(now_ms)).unwrap_or(0);
            Refusal {
                retry_after_secs: (*renews_ms < i64::MAX).then_some(wait_ms.div_ceil(1_000)),
                ..Refusal::new(402, "budget_exceeded", message)
            }
        }
        Exhausted::Rate { id, what, wait_ms } => {
            let message = format!("rate limit `{id}`: too many {what} in this minute");
            Refusal {
                retry_after_secs: Some(wait_ms.div_ceil(1_000)),
                ..Refusal::new(429, "rate_limit_exceeded", message)
            }
        }
    })
}
