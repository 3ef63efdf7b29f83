//! Before anybody is asked: rates, answers that were given before, and budgets.

use super::Stop;
use super::ledger::Ledger;
use super::plan::Plan;
use crate::allowance::{Exhausted, Reservation, Spender};
use crate::cache::{CacheKey, Kept};
use crate::door::Refusal;
use crate::price::{NanoUsd, usd};
use crate::record::{Skipped, Usage};
use crate::request::Door;
use crate::snapshot::TargetPlan;
use crate::tokens;

/// When neither the caller nor the price table says how long an answer may be.
const USUAL_OUTPUT: u64 = 4_096;
/// Longer bodies are looked at, because much of them may be images; of shorter ones the length says enough.
const LOOK_AT: usize = 32 << 10;

/// Lets a call in. An answer that is kept is given again without being paid for.
pub(super) fn admit(ledger: &mut Ledger, plan: &Plan) -> Result<Option<Kept>, Stop> {
    let shared = ledger.shared.clone();
    let now_ms = shared.clock.now_ms();
    let spender = Spender { caller: &plan.request.caller, route: &plan.route.name, target: None };
    let is_metered = shared.allowances.is_metered(&spender);
    let input = if is_metered { input_bound(&plan.request.body) } else { 0 };
    let mut reservation = if is_metered {
        let taken = shared.allowances.take(&spender, input, now_ms);
        taken.map_err(|exhausted| Stop::Refused(refusal(&exhausted, now_ms)))?
    } else {
        Reservation::default()
    };
    let cache_secs = plan.route.settings.cache_secs;
    if cache_secs > 0 {
        let key = CacheKey::of(plan.door, &plan.route.name, &plan.request);
        if let Some(kept) = shared.cache.get(key, now_ms) {
            return Ok(Some(kept));
        }
        ledger.keep_answer(key, now_ms + i64::from(cache_secs) * 1_000);
    }
    if is_metered {
        let most = plan.route.targets.iter().map(|target| most(plan, target, input)).max().unwrap_or(0);
        let reserved = shared.allowances.reserve(&mut reservation, &spender, most, now_ms);
        reserved.map_err(|exhausted| Stop::Refused(refusal(&exhausted, now_ms)))?;
        ledger.reserved(reservation);
    }
    Ok(None)
}

/// Lets a call go to one target, as far as budgets and rates of its provider and model are concerned.
pub(super) fn admit_to(ledger: &mut Ledger, plan: &Plan, target: &TargetPlan) -> Result<(), (Skipped, Refusal)> {
    let shared = ledger.shared.clone();
    let place = Some((&*target.provider.name, &*target.model));
    let spender = Spender { caller: &plan.request.caller, route: &plan.route.name, target: place };
    // What was set aside for the target before comes back now.
    ledger.reserved_at_target(Reservation::default());
    if !shared.allowances.is_metered(&spender) {
        return Ok(());
    }
    let (now_ms, input) = (shared.clock.now_ms(), input_bound(&plan.request.body));
    let reserved = shared.allowances.take(&spender, input, now_ms).and_then(|mut reservation| {
        shared.allowances.reserve(&mut reservation, &spender, most(plan, target, input), now_ms)?;
        Ok(reservation)
    });
    let reservation = reserved.map_err(|exhausted| {
        let skipped = match &exhausted {
            Exhausted::Budget { .. } => Skipped::OverBudget,
            Exhausted::Rate { .. } => Skipped::OverRate,
        };
        (skipped, refusal(&exhausted, now_ms))
    })?;
    ledger.reserved_at_target(reservation);
    Ok(())
}

/// More tokens than the body has: texts of all languages have fewer than one for three bytes.
fn input_bound(body: &[u8]) -> u64 {
    const OVERHEAD: u64 = 500;
    let tokens = if body.len() < LOOK_AT { body.len() as u64 / 3 } else { tokens::of_body(body) * 5 / 4 };
    tokens + OVERHEAD
}

/// What the call costs at most at a target; nothing where no price is known.
fn most(plan: &Plan, target: &TargetPlan, input: u64) -> NanoUsd {
    let Some(price) = target.price else { return 0 };
    let output = match plan.door {
        Door::Embeddings => 0,
        _ => {
            let most = plan.peek.max_tokens.or(price.max_output_tokens).unwrap_or(USUAL_OUTPUT);
            most.saturating_mul(plan.peek.choices)
        }
    };
    price.cost(&Usage { input, output, ..Usage::default() })
}

fn refusal(exhausted: &Exhausted, now_ms: i64) -> Refusal {
    match exhausted {
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
    }
}
