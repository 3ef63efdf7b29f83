//! What is there at the very first start: the known providers and a route that needs no key.
//!
//! Always true: nothing is added to an installation that has ever had a provider, so what people delete stays deleted.

use domain::gateway::{ProviderKind, PutRoute, RouteLimits, RouteTarget, SafetyMode};
use sea_orm::TransactionTrait as _;

use super::store;
use crate::context::Context;
use crate::error::{Doing as _, Result};

const PROVIDERS: [(&str, ProviderKind, Option<&str>); 7] = [
    ("openai", ProviderKind::OpenAi, None),
    ("anthropic", ProviderKind::Anthropic, None),
    ("gemini", ProviderKind::Gemini, None),
    ("cohere", ProviderKind::Cohere, None),
    ("huggingface", ProviderKind::HuggingFace, None),
    ("groq", ProviderKind::OpenAi, Some("https://api.groq.com/openai/v1")),
    ("simulation", ProviderKind::Simulation, None),
];

pub(super) async fn first_start(context: &Context) -> Result<()> {
    let is_first =
        store::providers(context.db.read()).await?.is_empty() && store::routes(context.db.read()).await?.is_empty();
    if !is_first {
        return Ok(());
    }
    let txn = context.db.write().begin().await.doing("setting up the gateway")?;
    for (name, kind, base_url) in PROVIDERS {
        let provider = store::ProviderRow {
            id: Context::id(),
            name: name.to_owned(),
            kind,
            base_url: base_url.map(str::to_owned),
            enabled: true,
            // Groq has an own address and still wants a key.
            keyless: base_url.map(|_| false),
            created_at: context.now(),
        };
        store::insert_provider(&txn, &provider).await?;
    }
    let target = RouteTarget {
        provider: "simulation".to_owned(),
        model: "simulated-chat".to_owned(),
        weight: None,
        when: None,
        context_tokens: None,
    };
    let settings = PutRoute {
        name: "simulated".to_owned(),
        targets: vec![target],
        retries: 1,
        limits: RouteLimits::default(),
        buffered: false,
        safety: SafetyMode::Monitor,
        fallback_to_simulation: false,
        cache_secs: 0,
        keep_bodies: false,
        unknown: std::collections::BTreeMap::new(),
    };
    store::insert_route(&txn, &super::routes::new_route(settings, context.now())).await?;
    txn.commit().await.doing("setting up the gateway")
}
