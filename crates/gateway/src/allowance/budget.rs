//! A budget: so much money in each hour, day or month.

use std::sync::Arc;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use super::scope::Spender;
use super::{Exhausted, Scope};
use crate::price::{NanoUsd, nano};

/// How long a budget lasts until it begins anew. Windows are those of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Window {
    /// From one full hour to the next.
    Hour,
    /// From midnight to midnight.
    Day,
    /// From the first of a month to the first of the next.
    Month,
    /// For good.
    Total,
}

/// So much money in each window.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Names it; what was spent is kept under it.
    pub id: String,
    /// Whom it concerns.
    #[serde(default)]
    pub scope: Scope,
    /// US dollars.
    pub limit_usd: f64,
    /// How long it lasts.
    pub window: Window,
}

/// A budget as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BudgetView {
    /// Its id.
    pub budget: String,
    /// Since when the window runs, in Unix milliseconds.
    pub window_start_ms: i64,
    /// When the next one begins, in Unix milliseconds.
    pub renews_ms: i64,
    /// Nano-dollars in all.
    pub limit_nano: NanoUsd,
    /// Nano-dollars that calls have cost.
    pub spent_nano: NanoUsd,
    /// Nano-dollars that running calls may cost.
    pub reserved_nano: NanoUsd,
    /// Calls that were refused in this window, in this process.
    pub refused: u64,
}

/// What is kept of a budget over a restart.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Spent {
    /// Its id.
    pub budget: String,
    /// In which window, in Unix milliseconds.
    pub window_start_ms: i64,
    /// Nano-dollars.
    pub spent_nano: NanoUsd,
}

#[derive(Debug, Default, Clone, Copy)]
struct Balance {
    window_start_ms: i64,
    spent: NanoUsd,
    reserved: NanoUsd,
    refused: u64,
}

/// A budget and what has been spent of it.
#[derive(Debug)]
pub(super) struct Account {
    budget: Budget,
    limit: NanoUsd,
    balance: Arc<Mutex<Balance>>,
}

impl Account {
    /// An account for a budget that keeps the balance of the one with the same id and window.
    pub(super) fn renewed(budget: &Budget, kept: &[Arc<Self>]) -> Arc<Self> {
        let same = kept.iter().find(|account| account.budget.id == budget.id && account.budget.window == budget.window);
        let balance = same.map_or_else(Arc::default, |account| account.balance.clone());
        Arc::new(Self { budget: budget.clone(), limit: nano(budget.limit_usd), balance })
    }

    pub(super) fn id(&self) -> &str {
        &self.budget.id
    }

    pub(super) fn concerns(&self, spender: &Spender<'_>) -> bool {
        self.budget.scope.holds(spender)
    }

    pub(super) fn reserve(&self, most: NanoUsd, now_ms: i64) -> Result<(), Exhausted> {
        let mut balance = self.balance.lock();
        self.roll(&mut balance, now_ms);
        let left = self.limit.saturating_sub(balance.spent).saturating_sub(balance.reserved);
        // A budget that is used up refuses even what costs nothing as far as is known.
        if most > left || left == 0 {
            balance.refused += 1;
            let renews_ms = self.budget.window.ends(now_ms);
            return Err(Exhausted::Budget { id: self.budget.id.clone(), left, needed: most, renews_ms });
        }
        balance.reserved += most;
        Ok(())
    }

    pub(super) fn settle(&self, reserved: NanoUsd, cost: NanoUsd) {
        let mut balance = self.balance.lock();
        balance.reserved = balance.reserved.saturating_sub(reserved);
        balance.spent = balance.spent.saturating_add(cost);
    }

    pub(super) fn restore(&self, spent: &Spent) {
        let mut balance = self.balance.lock();
        (balance.window_start_ms, balance.spent) = (spent.window_start_ms, spent.spent_nano);
    }

    pub(super) fn view(&self, now_ms: i64) -> BudgetView {
        let mut balance = self.balance.lock();
        self.roll(&mut balance, now_ms);
        BudgetView {
            budget: self.budget.id.clone(),
            window_start_ms: balance.window_start_ms,
            renews_ms: self.budget.window.ends(now_ms),
            limit_nano: self.limit,
            spent_nano: balance.spent,
            reserved_nano: balance.reserved,
            refused: balance.refused,
        }
    }

    /// A new window begins with nothing spent; what running calls have set aside stays set aside.
    fn roll(&self, balance: &mut Balance, now_ms: i64) {
        let start = self.budget.window.starts(now_ms);
        if start > balance.window_start_ms || balance.window_start_ms == 0 {
            if balance.window_start_ms != 0 {
                (balance.spent, balance.refused) = (0, 0);
            }
            balance.window_start_ms = start;
        }
    }
}

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

impl Window {
    /// When the window of a time began, in Unix milliseconds; 1 for a total.
    #[must_use]
    pub fn starts(self, now_ms: i64) -> i64 {
        match self {
            Self::Hour => now_ms - now_ms.rem_euclid(HOUR),
            Self::Day => now_ms - now_ms.rem_euclid(DAY),
            Self::Month => {
                let day = now_ms.div_euclid(DAY);
                (day - i64::from(day_of_month(day)) + 1) * DAY
            }
            Self::Total => 1,
        }
    }

    /// When the next one begins; never for a total.
    #[must_use]
    pub fn ends(self, now_ms: i64) -> i64 {
        match self {
            Self::Hour => self.starts(now_ms) + HOUR,
            Self::Day => self.starts(now_ms) + DAY,
            // The 32nd day of any month lies in the next one.
            Self::Month => self.starts(self.starts(now_ms) + 31 * DAY),
            Self::Total => i64::MAX,
        }
    }
}

/// The day of the month of a day since 1970-01-01, in the Gregorian calendar: H. Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms", `civil_from_days`.
fn day_of_month(days: i64) -> u8 {
    let shifted = days + 719_468;
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    u8::try_from(of_year - (153 * month + 2) / 5 + 1).unwrap_or(1)
}

impl Budget {
    pub(crate) fn problems(&self) -> Vec<(String, String)> {
        let mut problems = Vec::new();
        if self.id.is_empty() {
            problems.push(("id".to_owned(), "must not be empty".to_owned()));
        }
        if !(self.limit_usd > 0.0 && self.limit_usd <= 1e9) {
            problems.push(("limit_usd".to_owned(), "must be above 0 and at most 1000000000 dollars".to_owned()));
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_begin_and_end_where_calendars_say() {
        // 2028-02-29T13:45:00Z
        let now = 1_835_444_700_000;
        assert_eq!(Window::Hour.starts(now), 1_835_442_000_000);
        assert_eq!(Window::Day.starts(now), 1_835_395_200_000);
        assert_eq!(Window::Month.starts(now), 1_832_976_000_000, "2028-02-01");
        assert_eq!(Window::Month.ends(now), 1_835_481_600_000, "2028-03-01");
        assert_eq!(
            Window::Month.ends(1_830_297_600_000),
            1_830_297_600_000 + 31 * DAY - (1_830_297_600_000_i64.rem_euclid(DAY)),
            "2028-01-01 to 2028-02-01"
        );
    }

    #[test]
    fn a_new_window_begins_with_nothing_spent() {
        let budget = Budget { id: "b".into(), scope: Scope::default(), limit_usd: 1.0, window: Window::Hour };
        let account = Account::renewed(&budget, &[]);
        let now = 1_835_444_700_000;
        account.reserve(1_000_000_000, now).unwrap();
        account.settle(1_000_000_000, 1_000_000_000);
        assert!(account.reserve(1, now).is_err());
        assert!(account.reserve(0, now).is_err(), "used up is used up");
        assert!(account.reserve(1, now + HOUR).is_ok());
    }
}
