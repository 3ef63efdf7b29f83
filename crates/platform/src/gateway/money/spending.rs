//! Keeps what calls cost, in the transaction that writes the calls: the sums of hours, and what budgets have spent.
//!
//! Always true: what is stored of a budget is never less than what the calls that are stored with it have cost; of each window somebody is
//! told once when four fifths are spent and once when a call was refused or all is spent; callers choose the names of their services, so in
//! an hour only so many are kept apart.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use ::gateway::allowance::{BudgetView, Spent};
use ::gateway::{Outcome, Record};
use domain::Time;
use sea_orm::ConnectionTrait;

use super::costs::hour_of;
use super::store::{self, Standing};
use super::usage::{Sums, UsageKey, add_usage};
use super::{budgets, nano};
use crate::context::Context;
use crate::error::Result;
use crate::gateway::view::{storable, time};
use crate::stream::NewEvent;

const WARNING: i32 = 80;
const EXHAUSTED: i32 = 100;
/// Services of an hour; further ones are `other`.
const MAX_SERVICES: usize = 1_000;

/// Writes what was spent.
#[derive(Debug)]
pub(in crate::gateway) struct Keeper {
    path: Arc<::gateway::Gateway>,
    stored: HashMap<String, Standing>,
    services: Services,
}

/// The services that have called in an hour.
#[derive(Debug, Default)]
struct Services {
    hour: Time,
    known: HashSet<String>,
}

/// What one transaction says of budgets; to be confirmed after it has committed.
#[derive(Debug)]
pub(in crate::gateway) struct Written(Vec<(String, Standing)>);

impl Keeper {
    /// Hands what was spent to the data path. To be made after the first settings and before the first call.
    pub(in crate::gateway) async fn restore(context: &Context, path: Arc<::gateway::Gateway>) -> Result<Self> {
        let all = store::budgets(context.db.read()).await?;
        let stored: HashMap<_, _> = all.into_iter().map(|budget| (budget.id.to_string(), budget.standing)).collect();
        let spent: Vec<_> = stored
            .iter()
            .map(|(id, standing)| Spent {
                budget: id.clone(),
                window_start_ms: standing.window_start_ms,
                spent_nano: standing.spent_nano_usd.unsigned_abs(),
            })
            .collect();
        path.restore_spending(&spent);
        Ok(Self { path, stored, services: Services::default() })
    }

    /// Writes what the calls cost, and what budgets have spent; adds what is to be told.
    pub(in crate::gateway) async fn write<'a>(
        &mut self,
        context: &Context,
        db: &impl ConnectionTrait,
        calls: impl Iterator<Item = &'a Record>,
        events: &mut Vec<NewEvent>,
    ) -> Result<Written> {
        add_usage(db, sums(calls, &mut self.services)).await?;
        let mut written = Vec::new();
        for view in self.path.budgets() {
            let before = self.stored.get(&view.budget).copied().unwrap_or_default();
            let now = standing(&view, before);
            if now == before {
                continue;
            }
            store::update_standing(db, &view.budget, now).await?;
            if now.told_percent > before.told_percent
                || now.told_percent > 0 && now.window_start_ms > before.window_start_ms
            {
                let name = if now.told_percent >= EXHAUSTED { "budget.exhausted" } else { "budget.warning" };
                events.extend(event(context, db, name, &view).await?);
            }
            written.push((view.budget, now));
        }
        Ok(Written(written))
    }

    /// The transaction has committed.
    pub(in crate::gateway) fn confirm(&mut self, written: Written) {
        self.stored.extend(written.0);
    }
}

fn standing(view: &BudgetView, before: Standing) -> Standing {
    let is_over = view.spent_nano >= view.limit_nano || view.refused > 0;
    let is_near = u128::from(view.spent_nano) * 100 >= u128::from(view.limit_nano) * 80;
    let due = if is_over {
        EXHAUSTED
    } else if is_near {
        WARNING
    } else {
        0
    };
    let told = if view.window_start_ms > before.window_start_ms { 0 } else { before.told_percent };
    Standing {
        spent_nano_usd: nano(view.spent_nano),
        window_start_ms: view.window_start_ms,
        told_percent: told.max(due),
    }
}

async fn event(
    context: &Context,
    db: &impl ConnectionTrait,
    name: &'static str,
    view: &BudgetView,
) -> Result<Option<NewEvent>> {
    let Ok(id) = view.budget.parse() else { return Ok(None) };
    // One that was deleted a moment ago is nobody's concern.
    let Some(stored) = store::budget(db, id).await? else { return Ok(None) };
    let budget = budgets::view(stored, Some(view), context.clock.now_ms());
    Ok(Some(NewEvent::about(name, context.now(), None, "budget", &budget)?))
}

impl Services {
    /// The name under which a service is added up.
    fn named(&mut self, hour: Time, service: &str) -> String {
        if self.hour < hour {
            *self = Self { hour, known: HashSet::new() };
        }
        let service = storable(service);
        if self.known.len() < MAX_SERVICES {
            self.known.insert(service.clone());
        }
        if self.known.contains(&service) { service } else { "other".to_owned() }
    }
}

fn sums<'a>(calls: impl Iterator<Item = &'a Record>, services: &mut Services) -> BTreeMap<(Time, UsageKey), Sums> {
    let mut sums = BTreeMap::<_, Sums>::new();
    for record in calls {
        let text = |name: Option<&str>| storable(name.unwrap_or_default());
        let hour = hour_of(time(record.started_ms));
        let key = UsageKey {
            service: services.named(hour, &record.caller.service),
            team: text(record.caller.team.as_deref()),
            key: text(record.caller.key.as_deref()),
            route: text(record.route.as_deref()),
            provider: text(record.provider.as_deref()),
            model: text(record.model.as_deref()),
        };
        let is_failed = matches!(record.outcome, Outcome::Failed | Outcome::Incomplete | Outcome::Refused);
        let one = Sums {
            calls: 1,
            failed_calls: is_failed.into(),
            unpriced_calls: record.cost_nano.is_none().into(),
            input_tokens: nano(record.usage.input),
            output_tokens: nano(record.usage.output),
            cost_nano_usd: nano(record.cost_nano.unwrap_or(0)),
        };
        let sum = sums.entry((hour, key)).or_default();
        *sum = sum.plus(one);
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_cannot_make_up_services_without_end() {
        let (mut services, first) = (Services::default(), time(3_600_000));
        for i in 0..MAX_SERVICES {
            assert_eq!(services.named(first, &format!("s{i}")), format!("s{i}"));
        }
        assert_eq!((services.named(first, "one more"), services.named(first, "s7")), ("other".into(), "s7".into()));
        assert_eq!(services.named(time(7_200_000), "one more"), "one more", "in the next hour there is room");
    }
}
