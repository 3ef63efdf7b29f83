//! Providers: listed by whoever observes, changed by whoever governs.
//!
//! Always true: a key is sealed before it is stored; no answer contains it; a provider that a route names is not deleted.

use domain::access::Permission;
use domain::gateway::{Provider, ProviderKind, PutProvider};
use domain::ids::ProviderId;
use sea_orm::TransactionTrait as _;

use super::store::{self, ProviderRow};
use super::{Gateway, settings};
use crate::actor::Actor;
use crate::audit;
use crate::context::Context;
use crate::error::{Doing as _, Error, Result};

impl Gateway {
    /// All providers, by name.
    ///
    /// # Errors
    /// Without the permission to observe, or when the database fails.
    pub async fn providers(&self, actor: &Actor) -> Result<Vec<Provider>> {
        actor.require(Permission::Observe)?;
        let mut all = Vec::new();
        for row in store::providers(self.context.db.read()).await? {
            all.push(self.view_provider(row).await?);
        }
        Ok(all)
    }

    /// One provider.
    ///
    /// # Errors
    /// As above, or when there is no such provider.
    pub async fn provider(&self, actor: &Actor, id: ProviderId) -> Result<Provider> {
        actor.require(Permission::Observe)?;
        let row = store::provider(self.context.db.read(), id).await?.ok_or(Error::NotFound { what: "provider" })?;
        self.view_provider(row).await
    }

    /// Adds a provider; effective for the next call.
    ///
    /// # Errors
    /// Without the permission to govern, or when something is not acceptable.
    pub async fn create_provider(&self, actor: &Actor, input: PutProvider) -> Result<Provider> {
        actor.require(Permission::Govern)?;
        input.validate()?;
        let row = row(Context::id(), &input, self.context.now());
        self.put_provider(actor, "provider.created", row, input.api_key, None).await
    }

    /// Replaces a provider; its key stays unless another is given.
    ///
    /// # Errors
    /// As above, or when there is no such provider.
    pub async fn update_provider(&self, actor: &Actor, id: ProviderId, input: PutProvider) -> Result<Provider> {
        actor.require(Permission::Govern)?;
        input.validate()?;
        let before = store::provider(self.context.db.read(), id).await?.ok_or(Error::NotFound { what: "provider" })?;
        let row = row(id, &input, before.created_at);
        self.put_provider(actor, "provider.changed", row, input.api_key, Some(before)).await
    }

    /// Removes a provider that no route names.
    ///
    /// # Errors
    /// As above, or while a route names it.
    pub async fn delete_provider(&self, actor: &Actor, id: ProviderId) -> Result<()> {
        actor.require(Permission::Govern)?;
        let row = store::provider(self.context.db.read(), id).await?.ok_or(Error::NotFound { what: "provider" })?;
        self.refuse_if_named(&row.name).await?;
        let txn = self.context.db.write().begin().await.doing("deleting a provider")?;
        store::delete_provider(&txn, id).await?;
        self.settings.secrets.remove(&txn, &settings::secret_name(id)).await?;
        audit::record(&self.context, &txn, actor, "provider.deleted", &row.name, row.kind.as_str()).await?;
        txn.commit().await.doing("deleting a provider")?;
        self.settings.reload().await
    }

    async fn put_provider(
        &self,
        actor: &Actor,
        action: &str,
        row: ProviderRow,
        key: Option<String>,
        before: Option<ProviderRow>,
    ) -> Result<Provider> {
        if let Some(before) = before.as_ref().filter(|before| before.name != row.name) {
            self.refuse_if_named(&before.name).await?;
        }
        let txn = self.context.db.write().begin().await.doing("writing a provider")?;
        match before {
            Some(_) => store::update_provider(&txn, &row).await?,
            None => store::insert_provider(&txn, &row).await?,
        }
        let secret = settings::secret_name(row.id);
        let said = match key.as_deref() {
            None => "",
            Some("") => {
                self.settings.secrets.remove(&txn, &secret).await?;
                ", key removed"
            }
            Some(key) => {
                self.settings.secrets.set(&txn, &secret, key.as_bytes()).await?;
                ", key replaced"
            }
        };
        self.settings.check_provider(&txn, &row.name).await?;
        audit::record(&self.context, &txn, actor, action, &row.name, format!("{}{said}", row.kind)).await?;
        txn.commit().await.doing("writing a provider")?;
        self.settings.reload().await?;
        self.view_provider(row).await
    }

    async fn refuse_if_named(&self, provider: &str) -> Result<()> {
        let routes = store::routes(self.context.db.read()).await?;
        let named = routes.iter().find(|route| route.settings.targets.iter().any(|target| target.provider == provider));
        match named {
            Some(route) => Err(Error::Conflict {
                message: format!("the route {} sends calls to {provider}; change it first", route.settings.name),
            }),
            None => Ok(()),
        }
    }

    async fn view_provider(&self, row: ProviderRow) -> Result<Provider> {
        let has_api_key = self.settings.key(self.context.db.read(), &row).await?.is_some();
        Ok(Provider {
            id: row.id,
            name: row.name,
            kind: row.kind,
            base_url: row.base_url,
            has_api_key,
            enabled: row.enabled,
            keyless: row.keyless,
            created_at: row.created_at,
        })
    }
}

fn row(id: ProviderId, input: &PutProvider, created_at: domain::Time) -> ProviderRow {
    ProviderRow {
        id,
        name: input.name.clone(),
        kind: input.kind,
        base_url: input.base_url.clone().filter(|_| input.kind != ProviderKind::Simulation),
        enabled: input.enabled,
        keyless: input.keyless,
        created_at,
    }
}
