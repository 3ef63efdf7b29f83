//! Prices: the list that comes along, and those that were entered above it.

use ::gateway::price::{self, Price as ListPrice, builtin};
use domain::access::Permission;
use domain::gateway::{Price, PriceFilter, PriceList, PriceName, PriceSource, PutPrice};
use domain::page::{Page, PageRequest};
use sea_orm::TransactionTrait as _;

use super::store::{self, StoredPrice};
use crate::actor::Actor;
use crate::audit;
use crate::error::{Doing as _, Error, Result};
use crate::gateway::Gateway;

impl Gateway {
    /// Prices by provider and model. An entered one hides the list's.
    ///
    /// # Errors
    /// Without the permission to observe, or when a filter is not acceptable.
    pub async fn prices(&self, actor: &Actor, filter: PriceFilter) -> Result<PriceList> {
        actor.require(Permission::Observe)?;
        let limit = PageRequest { limit: filter.limit, cursor: None }.limit()?;
        let mut all: Vec<Price> = store::prices(self.context.db.read()).await?.into_iter().map(entered).collect();
        let known: Vec<_> = all.iter().map(|price| (price.provider.clone(), price.model.clone())).collect();
        let is_hidden = |provider: &str, model: &str| known.iter().any(|(p, m)| p == provider && m == model);
        let list = builtin().all().filter(|(provider, model, _)| !is_hidden(provider, model));
        all.extend(list.map(|(provider, model, price)| listed(provider, model, price)));
        let words = filter.q.unwrap_or_default().to_lowercase();
        all.retain(|price| {
            filter.provider.as_ref().is_none_or(|provider| *provider == price.provider)
                && price.model.to_lowercase().contains(&words)
        });
        all.sort_by_key(cursor);
        if let Some(after) = filter.cursor {
            all.retain(|price| cursor(price) > after);
        }
        let page = Page::cut(all, limit, cursor);
        let (as_of, list_source) = (builtin().as_of.clone(), builtin().source.clone());
        Ok(PriceList { as_of, list_source, items: page.items, next_cursor: page.next_cursor })
    }

    /// Enters a price, or replaces the entered one; effective for the next call.
    ///
    /// # Errors
    /// Without the permission to govern, or when something is not acceptable.
    pub async fn put_price(&self, actor: &Actor, input: PutPrice) -> Result<Price> {
        actor.require(Permission::Govern)?;
        input.validate()?;
        let txn = self.context.db.write().begin().await.doing("writing a price")?;
        let stored = StoredPrice { settings: input, updated_at: self.context.now() };
        store::put_price(&txn, &stored).await?;
        let PutPrice { provider, model, input_usd, output_usd, .. } = &stored.settings;
        let (object, detail) = (format!("{provider}/{model}"), format!("{input_usd} in, {output_usd} out"));
        audit::record(&self.context, &txn, actor, "price.entered", object, detail).await?;
        txn.commit().await.doing("writing a price")?;
        self.settings.reload().await?;
        Ok(entered(stored))
    }

    /// Removes an entered price; the list's holds again, where there is one.
    ///
    /// # Errors
    /// As above, or when none was entered.
    pub async fn delete_price(&self, actor: &Actor, name: PriceName) -> Result<()> {
        actor.require(Permission::Govern)?;
        name.validate()?;
        let txn = self.context.db.write().begin().await.doing("deleting a price")?;
        if !store::delete_price(&txn, &name).await? {
            return Err(Error::NotFound { what: "entered price" });
        }
        let object = format!("{}/{}", name.provider, name.model);
        audit::record(&self.context, &txn, actor, "price.deleted", object, "").await?;
        txn.commit().await.doing("deleting a price")?;
        self.settings.reload().await
    }
}

fn cursor(price: &Price) -> String {
    format!("{}/{}", price.provider, price.model)
}

fn entered(stored: StoredPrice) -> Price {
    let price = stored.settings;
    Price {
        provider: price.provider,
        model: price.model,
        input_usd: price.input_usd,
        output_usd: price.output_usd,
        cached_input_usd: price.cached_input_usd,
        cache_write_usd: price.cache_write_usd,
        context_tokens: price.context_tokens,
        max_output_tokens: price.max_output_tokens,
        source: PriceSource::Entered,
        updated_at: Some(stored.updated_at),
    }
}

fn listed(provider: &str, model: &str, price: ListPrice) -> Price {
    Price {
        provider: provider.to_owned(),
        model: model.to_owned(),
        input_usd: price::usd(price.input),
        output_usd: price::usd(price.output),
        cached_input_usd: price.cached_input.map(price::usd),
        cache_write_usd: price.cache_write.map(price::usd),
        context_tokens: price.context_tokens,
        max_output_tokens: price.max_output_tokens,
        source: PriceSource::List,
        updated_at: None,
    }
}
