//! Budgets: listed by whoever observes, changed by whoever governs.
//!
//! Always true: a budget whose window is changed begins anew.

use ::gateway::allowance::BudgetView;
use domain::access::Permission;
use domain::gateway::{Budget, BudgetWindow, PutBudget};
use domain::ids::BudgetId;
use sea_orm::{DatabaseTransaction, TransactionTrait as _};

use super::store::{self, StoredBudget};
use crate::actor::Actor;
use crate::audit;
use crate::context::Context;
use crate::error::{Doing as _, Error, Result};
use crate::gateway::Gateway;
use crate::gateway::view::time;

impl Gateway {
    /// All budgets as they stand, by name.
    ///
    /// # Errors
    /// Without the permission to observe, or when the database fails.
    pub async fn budgets(&self, actor: &Actor) -> Result<Vec<Budget>> {
        actor.require(Permission::Observe)?;
        let standing = self.path.budgets();
        let all = store::budgets(self.context.db.read()).await?;
        Ok(all.into_iter().map(|stored| self.view_budget(stored, &standing)).collect())
    }

    /// One budget.
    ///
    /// # Errors
    /// As above, or when there is no such budget.
    pub async fn budget(&self, actor: &Actor, id: BudgetId) -> Result<Budget> {
        actor.require(Permission::Observe)?;
        let found = store::budget(self.context.db.read(), id).await?;
        let stored = found.ok_or(Error::NotFound { what: "budget" })?;
        Ok(self.view_budget(stored, &self.path.budgets()))
    }

    /// Adds a budget.
    ///
    /// # Errors
    /// Without the permission to govern, or when something is not acceptable.
    pub async fn create_budget(&self, actor: &Actor, input: PutBudget) -> Result<Budget> {
        actor.require(Permission::Govern)?;
        input.validate()?;
        let now = self.context.now();
        let stored = StoredBudget { settings: input, ..StoredBudget::new(Context::id(), now) };
        let txn = self.context.db.write().begin().await.doing("writing a budget")?;
        store::insert_budget(&txn, &stored).await?;
        self.finish_budget(actor, txn, "budget.created", &stored).await?;
        Ok(self.view_budget(stored, &self.path.budgets()))
    }

    /// Replaces a budget; what it has spent stays spent, unless its window changes.
    ///
    /// # Errors
    /// As above, or when there is no such budget.
    pub async fn update_budget(&self, actor: &Actor, id: BudgetId, input: PutBudget) -> Result<Budget> {
        actor.require(Permission::Govern)?;
        input.validate()?;
        let txn = self.context.db.write().begin().await.doing("writing a budget")?;
        let before = store::budget(&txn, id).await?.ok_or(Error::NotFound { what: "budget" })?;
        let begins_anew = before.settings.window != input.window;
        let stored = StoredBudget { settings: input, updated_at: self.context.now(), ..before };
        store::update_budget(&txn, &stored, begins_anew).await?;
        self.finish_budget(actor, txn, "budget.changed", &stored).await?;
        Ok(self.view_budget(stored, &self.path.budgets()))
    }

    /// Removes a budget.
    ///
    /// # Errors
    /// As above.
    pub async fn delete_budget(&self, actor: &Actor, id: BudgetId) -> Result<()> {
        actor.require(Permission::Govern)?;
        let txn = self.context.db.write().begin().await.doing("deleting a budget")?;
        let stored = store::budget(&txn, id).await?.ok_or(Error::NotFound { what: "budget" })?;
        store::delete_budget(&txn, id).await?;
        self.finish_budget(actor, txn, "budget.deleted", &stored).await
    }

    async fn finish_budget(
        &self,
        actor: &Actor,
        txn: DatabaseTransaction,
        action: &str,
        stored: &StoredBudget,
    ) -> Result<()> {
        let settings = &stored.settings;
        let scope = serde_json::to_string(&settings.scope).unwrap_or_default();
        let detail = format!("{} dollars a {} for {scope}", settings.limit_usd, settings.window);
        audit::record(&self.context, &txn, actor, action, &settings.name, detail).await?;
        txn.commit().await.doing("writing a budget")?;
        self.settings.reload().await
    }

    fn view_budget(&self, stored: StoredBudget, standing: &[BudgetView]) -> Budget {
        let id = stored.id.to_string();
        let now_ms = self.context.clock.now_ms();
        view(stored, standing.iter().find(|view| view.budget == id), now_ms)
    }
}

/// A budget with how it stands in the data path.
pub(super) fn view(stored: StoredBudget, standing: Option<&BudgetView>, now_ms: i64) -> Budget {
    let dollars = |pick: fn(&BudgetView) -> u64| standing.map_or(0.0, |view| ::gateway::price::usd(pick(view)));
    let (spent_usd, reserved_usd) = (dollars(|view| view.spent_nano), dollars(|view| view.reserved_nano));
    let left = |view: &BudgetView| view.limit_nano.saturating_sub(view.spent_nano).saturating_sub(view.reserved_nano);
    let settings = stored.settings;
    let window = standing.filter(|_| settings.window != BudgetWindow::Total);
    Budget {
        id: stored.id,
        spent_usd,
        reserved_usd,
        remaining_usd: standing.map_or(settings.limit_usd, |view| ::gateway::price::usd(left(view))),
        window_started_at: window.map(|view| time(view.window_start_ms)),
        renews_at: window.map(|view| time(view.renews_ms)),
        projected_usd: window.map(|view| projected(view, spent_usd, now_ms)),
        name: settings.name,
        scope: settings.scope,
        limit_usd: settings.limit_usd,
        window: settings.window,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
    }
}

/// The pace since the window began, to its end. In its first minute the pace of one minute is taken.
#[expect(clippy::cast_precision_loss, reason = "milliseconds of a month fit")]
fn projected(view: &BudgetView, spent_usd: f64, now_ms: i64) -> f64 {
    let passed = (now_ms - view.window_start_ms).max(60_000) as f64;
    let whole = (view.renews_ms - view.window_start_ms) as f64;
    spent_usd * (whole / passed).max(1.0)
}
