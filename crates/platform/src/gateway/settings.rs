//! From what is stored to what the data path uses.
//!
//! Always true: reloads do not overlap, so an older state never replaces a newer one; settings with problems are refused
//! before they are stored.

use std::sync::Arc;

use ::gateway::settings as path;
use domain::error::{ApiError, FieldError};
use domain::gateway::{ProviderKind, PutRoute, Route, RouteTarget, SafetyMode, TargetCondition};
use sea_orm::ConnectionTrait;
use tokio::sync::Mutex;

use super::key_name;
use super::store::{self, ProviderRow};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::secret::Secrets;

/// Makes settings effective.
#[derive(Debug)]
pub(super) struct Settings {
    context: Context,
    pub(super) secrets: Secrets,
    path: Arc<::gateway::Gateway>,
    turn: Mutex<()>,
}

/// Where the key of a provider is kept among the secrets.
pub(super) fn secret_name(id: domain::ids::ProviderId) -> String {
    format!("provider/{id}")
}

impl Settings {
    pub(super) fn new(context: Context, secrets: Secrets, path: Arc<::gateway::Gateway>) -> Self {
        Self { context, secrets, path, turn: Mutex::default() }
    }

    /// Reads everything and hands it to the data path.
    pub(super) async fn reload(&self) -> Result<()> {
        let _turn = self.turn.lock().await;
        let settings = self.read(self.context.db.read()).await?;
        self.path.configure(settings).map_err(|problems| refuse(problems, None))
    }

    /// Refuses what the data path would refuse, as it would be after an open transaction that writes this route.
    pub(super) async fn check(&self, db: &impl ConnectionTrait, route: Option<&str>) -> Result<()> {
        let settings = self.read(db).await?;
        let at = route.and_then(|name| settings.routes.iter().position(|route| route.name == name));
        verdict(&settings, at.map(|i| format!("routes[{i}].")))
    }

    /// The same of one that writes this provider.
    pub(super) async fn check_provider(&self, db: &impl ConnectionTrait, name: &str) -> Result<()> {
        let settings = self.read(db).await?;
        let at = settings.providers.iter().position(|provider| provider.name == name);
        verdict(&settings, at.map(|i| format!("providers[{i}].")))
    }

    /// The key of a provider: what was entered, else what the environment has.
    pub(super) async fn key(&self, db: &impl ConnectionTrait, provider: &ProviderRow) -> Result<Option<String>> {
        if let Some(key) = self.secrets.get(db, &secret_name(provider.id)).await? {
            return Ok(Some(String::from_utf8_lossy(&key).into_owned()));
        }
        Ok(self.context.config.gateway.keys.get(&key_name(&provider.name)).cloned())
    }

    async fn read(&self, db: &impl ConnectionTrait) -> Result<path::Settings> {
        let mut providers = Vec::new();
        for row in store::providers(db).await? {
            let key = self.key(db, &row).await?;
            providers.push(provider(row, key));
        }
        let routes = store::routes(db).await?.into_iter().map(|route: Route| self::route(route.settings)).collect();
        let breakers = self.context.config.gateway.breakers;
        let mut settings = path::Settings { providers, routes, breakers, ..path::Settings::default() };
        super::money::read_into(&mut settings, db).await?;
        Ok(settings)
    }
}

/// `own` is what the fields of the one thing that is being written begin with.
fn verdict(settings: &path::Settings, own: Option<String>) -> Result<()> {
    let problems = settings.problems();
    if problems.is_empty() { Ok(()) } else { Err(refuse(problems, own.as_deref())) }
}

/// Says problems in the words of the one thing that is being written: `routes[3].targets[0]` is `targets[0]` of route 3.
fn refuse(problems: Vec<path::Problem>, own: Option<&str>) -> Error {
    let fields = problems.into_iter().map(|problem| {
        let field = own.and_then(|own| problem.field.strip_prefix(own)).unwrap_or(&problem.field).to_owned();
        FieldError { field, message: problem.message }
    });
    ApiError::invalid(fields.collect()).into()
}

fn provider(row: ProviderRow, key: Option<String>) -> path::Provider {
    let kind = match row.kind {
        ProviderKind::OpenAi => path::Kind::OpenAi,
        ProviderKind::Anthropic => path::Kind::Anthropic,
        ProviderKind::Gemini => path::Kind::Gemini,
        ProviderKind::Cohere => path::Kind::Cohere,
        ProviderKind::HuggingFace => path::Kind::HuggingFace,
        ProviderKind::Simulation => path::Kind::Simulation,
    };
    path::Provider {
        base_url: row.base_url,
        api_key: key.map(path::Secret::new),
        enabled: row.enabled,
        keyless: row.keyless,
        ..path::Provider::new(row.name, kind)
    }
}

fn route(put: PutRoute) -> path::Route {
    let limits = path::Limits {
        first_token_ms: put.limits.first_token_ms,
        silence_ms: put.limits.silence_ms,
        total_ms: put.limits.total_ms,
        ..path::Limits::default()
    };
    path::Route {
        retries: put.retries,
        limits,
        buffered: put.buffered,
        safety: match put.safety {
            SafetyMode::Off => path::SafetyMode::Off,
            SafetyMode::Monitor => path::SafetyMode::Monitor,
            SafetyMode::Flag => path::SafetyMode::Flag,
            SafetyMode::Block => path::SafetyMode::Block,
        },
        fallback_to_simulation: put.fallback_to_simulation,
        cache_secs: put.cache_secs,
        keep_bodies: put.keep_bodies,
        ..path::Route::new(put.name, put.targets.into_iter().map(target).collect())
    }
}

fn target(target: RouteTarget) -> path::Target {
    path::Target {
        weight: target.weight,
        when: target.when.map(condition),
        context_tokens: target.context_tokens,
        ..path::Target::new(target.provider, target.model)
    }
}

fn condition(when: TargetCondition) -> path::Condition {
    path::Condition {
        service: when.service,
        team: when.team,
        stream: when.stream,
        min_bytes: when.min_bytes,
        max_bytes: when.max_bytes,
        header: None,
    }
}
