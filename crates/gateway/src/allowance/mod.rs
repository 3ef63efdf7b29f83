//! What callers may spend: money by budgets, requests and tokens by rates.
//!
//! Always true: what a call may cost at most is set aside before it is made, and what it did cost is settled after, so that calls
//! in parallel cannot overshoot together; whatever happens to the call, what was set aside comes back.

mod budget;
mod rate;
mod scope;

use std::sync::Arc;

use parking_lot::RwLock;

pub use budget::{Budget, BudgetView, Spent, Window};
pub use rate::RateLimit;
pub use scope::Scope;
pub(crate) use scope::Spender;

use budget::Account;
use rate::Bucket;

use crate::price::NanoUsd;

/// All accounts and buckets. They outlive settings as long as their id stays.
#[derive(Debug, Default)]
pub(crate) struct Allowances {
    accounts: RwLock<Vec<Arc<Account>>>,
    buckets: RwLock<Vec<Arc<Bucket>>>,
}

/// Why a call may not be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Exhausted {
    /// A budget has not enough left; when it begins anew, in Unix milliseconds.
    Budget { id: String, left: NanoUsd, needed: NanoUsd, renews_ms: i64 },
    /// A rate is used up; for so many milliseconds.
    Rate { id: String, what: &'static str, wait_ms: u64 },
}

/// What was set aside for one call. Dropped without a settlement it is settled as having cost nothing.
#[derive(Debug, Default)]
pub(crate) struct Reservation {
    accounts: Vec<(Arc<Account>, NanoUsd)>,
    buckets: Vec<(Arc<Bucket>, u64)>,
}

impl Allowances {
    pub(crate) fn configure(&self, budgets: &[Budget], limits: &[RateLimit]) {
        let mut accounts = self.accounts.write();
        let kept = std::mem::take(&mut *accounts);
        *accounts = budgets.iter().map(|budget| Account::renewed(budget, &kept)).collect();
        let mut buckets = self.buckets.write();
        let kept = std::mem::take(&mut *buckets);
        *buckets = limits.iter().map(|limit| Bucket::renewed(limit, &kept)).collect();
    }

    /// Whether any budget or any rate concerns the spender, so that it is worth knowing what a call may use.
    pub(crate) fn is_metered(&self, spender: &Spender<'_>) -> bool {
        self.accounts.read().iter().any(|account| account.concerns(spender))
            || self.buckets.read().iter().any(|bucket| bucket.concerns(spender))
    }

    /// Takes one request and so many tokens from all rates that concern the spender.
    pub(crate) fn take(&self, spender: &Spender<'_>, tokens: u64, now_ms: i64) -> Result<Reservation, Exhausted> {
        let mut reservation = Reservation::default();
        for bucket in self.buckets.read().iter().filter(|bucket| bucket.concerns(spender)) {
            bucket.take(tokens, now_ms)?;
            reservation.buckets.push((bucket.clone(), tokens));
        }
        Ok(reservation)
    }

    /// Sets money aside in all budgets that concern the spender, in all of them or in none.
    pub(crate) fn reserve(
        &self,
        reservation: &mut Reservation,
        spender: &Spender<'_>,
        most: NanoUsd,
        now_ms: i64,
    ) -> Result<(), Exhausted> {
        for account in self.accounts.read().iter().filter(|account| account.concerns(spender)) {
            account.reserve(most, now_ms)?;
            reservation.accounts.push((account.clone(), most));
        }
        Ok(())
    }

    pub(crate) fn views(&self, now_ms: i64) -> Vec<BudgetView> {
        self.accounts.read().iter().map(|account| account.view(now_ms)).collect()
    }

    pub(crate) fn restore(&self, spent: &[Spent]) {
        for account in self.accounts.read().iter() {
            if let Some(spent) = spent.iter().find(|spent| spent.budget == account.id()) {
                account.restore(spent);
            }
        }
    }
}

impl Reservation {
    /// The call is over and has cost this and used so many tokens.
    pub(crate) fn settle(mut self, cost: NanoUsd, tokens: u64) {
        self.give_back(cost, tokens);
    }

    fn give_back(&mut self, cost: NanoUsd, tokens: u64) {
        for (account, reserved) in self.accounts.drain(..) {
            account.settle(reserved, cost);
        }
        for (bucket, taken) in self.buckets.drain(..) {
            bucket.settle(taken, tokens);
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.give_back(0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Caller;

    fn anybody(caller: &Caller) -> Spender<'_> {
        Spender { caller, route: "r", target: None }
    }

    fn with_budget(limit_usd: f64) -> Allowances {
        let allowances = Allowances::default();
        let budget = Budget { id: "b".into(), scope: Scope::default(), limit_usd, window: Window::Day };
        allowances.configure(&[budget], &[]);
        allowances
    }

    #[test]
    fn calls_in_parallel_cannot_overshoot_together() {
        let allowances = Arc::new(with_budget(1.0));
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let allowances = allowances.clone();
                std::thread::spawn(move || {
                    let mut spent = 0;
                    for _ in 0..1_000 {
                        let mut reservation = Reservation::default();
                        if allowances.reserve(&mut reservation, &anybody(&Caller::default()), 1_000_000, 0).is_ok() {
                            reservation.settle(700_000, 0);
                            spent += 700_000;
                        }
                    }
                    spent
                })
            })
            .collect();
        let spent: u64 = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
        assert!(spent <= 1_000_000_000 && spent > 998_000_000, "{spent}");
        assert_eq!(allowances.views(0)[0].spent_nano, spent);
    }

    #[test]
    fn what_is_refused_by_one_budget_is_given_back_to_the_others() {
        let allowances = Allowances::default();
        let budget =
            |id: &str, limit_usd| Budget { id: id.into(), scope: Scope::default(), limit_usd, window: Window::Day };
        allowances.configure(&[budget("large", 10.0), budget("small", 0.5)], &[]);
        let mut reservation = Reservation::default();
        let refused = allowances.reserve(&mut reservation, &anybody(&Caller::default()), 1_000_000_000, 0);
        assert!(matches!(refused, Err(Exhausted::Budget { id, .. }) if id == "small"));
        drop(reservation);
        assert!(allowances.views(0).iter().all(|view| view.reserved_nano == 0));
    }

    #[test]
    fn an_edit_keeps_what_was_spent_and_a_restart_restores_it() {
        let allowances = with_budget(1.0);
        let mut reservation = Reservation::default();
        allowances.reserve(&mut reservation, &anybody(&Caller::default()), 400_000_000, 0).unwrap();
        reservation.settle(400_000_000, 0);
        let larger = Budget { id: "b".into(), scope: Scope::default(), limit_usd: 2.0, window: Window::Day };
        allowances.configure(&[larger], &[]);
        let view = allowances.views(0).remove(0);
        assert_eq!((view.spent_nano, view.limit_nano), (400_000_000, 2_000_000_000));
        let restarted = with_budget(1.0);
        restarted.restore(&[Spent {
            budget: "b".into(),
            window_start_ms: view.window_start_ms,
            spent_nano: view.spent_nano,
        }]);
        assert_eq!(restarted.views(0)[0].spent_nano, 400_000_000);
    }
}
