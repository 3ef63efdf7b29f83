//! The list prices that come with the product, and those that were entered.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::{Price, PriceEntry, nano};
use crate::settings::{Kind, Provider};

/// Hosts whose prices are known although their protocol is `OpenAI`'s.
const HOSTS: [(&str, &str); 7] = [
    ("api.openai.com", "openai"),
    ("api.groq.com", "groq"),
    ("api.deepseek.com", "deepseek"),
    ("api.mistral.ai", "mistral"),
    ("api.perplexity.ai", "perplexity"),
    ("api.together.xyz", "together"),
    ("api.x.ai", "xai"),
];

/// List prices by provider and model.
#[derive(Debug, Default)]
pub struct PriceTable {
    /// The day the prices were taken.
    pub as_of: String,
    /// Where they were taken from.
    pub source: String,
    models: HashMap<String, HashMap<String, Price>>,
}

#[derive(Deserialize)]
struct File {
    as_of: String,
    source: String,
    models: HashMap<String, HashMap<String, Row>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    input: f64,
    output: f64,
    cached_input: Option<f64>,
    cache_write: Option<f64>,
    context: Option<u64>,
    max_output: Option<u64>,
}

impl PriceTable {
    /// Reads a file like `config/prices.toml`.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn read(text: &str) -> Result<Self, toml::de::Error> {
        let file: File = toml::from_str(text)?;
        let price = |row: Row| Price {
            input: nano(row.input),
            output: nano(row.output),
            cached_input: row.cached_input.map(nano),
            cache_write: row.cache_write.map(nano),
            context_tokens: row.context,
            max_output_tokens: row.max_output,
        };
        let models = file.models.into_iter().map(|(provider, rows)| {
            let rows = rows.into_iter().map(|(model, row)| (model, price(row))).collect();
            (provider, rows)
        });
        Ok(Self { as_of: file.as_of, source: file.source, models: models.collect() })
    }

    /// The price of a provider's model, under its own name or without the date or tag at the end of it.
    #[must_use]
    pub fn price(&self, provider: &str, model: &str) -> Option<Price> {
        let models = self.models.get(provider)?;
        let plain = model.strip_prefix("models/").unwrap_or(model);
        models.get(plain).or_else(|| models.get(undated(plain))).copied()
    }

    /// All prices: provider, model, price.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str, Price)> {
        self.models.iter().flat_map(|(provider, models)| {
            models.iter().map(move |(model, price)| (provider.as_str(), model.as_str(), *price))
        })
    }

    fn add(&mut self, entry: &PriceEntry) {
        let models = self.models.entry(entry.provider.clone()).or_default();
        models.insert(entry.model.clone(), entry.price());
    }
}

/// `gpt-x-2025-08-07`, `claude-x-20250929`, `x-latest` and `x:tag` without their end.
fn undated(model: &str) -> &str {
    let model = model.split(':').next().unwrap_or(model);
    if let Some(model) = model.strip_suffix("-latest") {
        return model;
    }
    let is_date = |end: &str| {
        end.len() == 11 && end.starts_with("-20") || end.len() == 9 && end.starts_with("-20") && !end[1..].contains('-')
    };
    let digits = model.bytes().rev().take_while(|b| b.is_ascii_digit() || *b == b'-').count();
    let tail = &model[model.len() - digits..];
    [11, 9]
        .into_iter()
        .find_map(|length| tail.get(tail.len().checked_sub(length)?..).filter(|end| is_date(end)))
        .map_or(model, |end| &model[..model.len() - end.len()])
}

/// `config/prices.toml`, as it was when the product was built.
#[must_use]
pub fn builtin() -> &'static PriceTable {
    static BUILTIN: LazyLock<PriceTable> = LazyLock::new(|| {
        PriceTable::read(include_str!("../../../../config/prices.toml")).unwrap_or_else(|error| {
            tracing::error!(%error, "the price table cannot be read: no model has a price");
            PriceTable::default()
        })
    });
    &BUILTIN
}

/// Finds prices for targets: what was entered comes before the list.
#[derive(Debug, Default)]
pub(crate) struct Prices {
    entered: PriceTable,
}

impl Prices {
    pub(crate) fn new(entries: &[PriceEntry]) -> Self {
        let mut entered = PriceTable::default();
        entries.iter().for_each(|entry| entered.add(entry));
        Self { entered }
    }

    pub(crate) fn of(&self, provider: &Provider, model: &str) -> Option<Price> {
        if provider.kind == Kind::Simulation {
            return Some(Price::FREE);
        }
        let entered =
            self.entered.price(&provider.name, model).or_else(|| self.entered.price(provider.kind.as_str(), model));
        entered.or_else(|| builtin().price(list_of(provider)?, model))
    }
}

/// Whose list prices hold for a provider. A server of one's own has none, whatever its models are called.
fn list_of(provider: &Provider) -> Option<&str> {
    let uri: http::Uri = provider.base().parse().ok()?;
    let host = uri.host()?;
    match provider.kind {
        Kind::OpenAi => HOSTS.iter().find(|(known, _)| *known == host).map(|(_, name)| *name),
        kind => provider.base_url.is_none().then(|| kind.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_that_comes_along_can_be_read() {
        let table = PriceTable::read(include_str!("../../../../config/prices.toml")).unwrap();
        assert!(table.all().count() > 400 && table.as_of.starts_with("2026-"));
        for (provider, model, price) in table.all() {
            assert!(price.input > 0 || price.output > 0, "{provider} {model} costs nothing");
            assert!(price.input < nano(1_000.0) && price.output < nano(1_000.0), "{provider} {model} costs a fortune");
            assert!(price.cached_input.is_none_or(|cached| cached <= price.input), "{provider} {model}");
        }
    }

    #[test]
    fn dates_and_tags_are_looked_through() {
        for (name, plain) in [
            ("gpt-x-2025-08-07", "gpt-x"),
            ("claude-x-4-5-20250929", "claude-x-4-5"),
            ("claude-x-4-5", "claude-x-4-5"),
            ("mistral-large-latest", "mistral-large"),
            ("llama3:8b", "llama3"),
            ("20250929", "20250929"),
            ("", ""),
        ] {
            assert_eq!(undated(name), plain, "{name}");
        }
    }

    #[test]
    fn entered_prices_come_first_and_own_servers_have_no_list_price() {
        let entry = PriceEntry {
            provider: "mine".into(),
            model: "gpt-5".into(),
            input_usd: 1.0,
            output_usd: 2.0,
            cached_input_usd: None,
            cache_write_usd: None,
            context_tokens: None,
            max_output_tokens: None,
        };
        let prices = Prices::new(&[entry]);
        let mine = Provider { base_url: Some("http://10.0.0.1/v1".into()), ..Provider::new("mine", Kind::OpenAi) };
        assert_eq!(prices.of(&mine, "gpt-5").unwrap().input, nano(1.0));
        let other = Provider { name: "other".into(), ..mine };
        assert_eq!(prices.of(&other, "gpt-5"), None);
        assert!(prices.of(&Provider::new("o", Kind::OpenAi), "gpt-5").is_some());
        assert_eq!(prices.of(&Provider::new("s", Kind::Simulation), "x"), Some(Price::FREE));
    }
}
