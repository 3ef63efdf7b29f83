//! The settings as calls use them: names resolved, addresses and headers made, breakers at hand.
//!
//! Always true: a snapshot never changes; a call keeps the one it began with.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Uri};
use parking_lot::RwLock;

use crate::breaker::{Switch, Switches};
use crate::json;
use crate::price::{Price, Prices};
use crate::request::Door;
use crate::settings::{Kind, Provider, Route, Settings, Target};

/// So many routes for `provider/model` names are remembered.
const MAX_DIRECT: usize = 1_000;

/// A provider, ready to be called.
#[derive(Debug)]
pub(crate) struct ProviderPlan {
    pub(crate) name: Arc<str>,
    pub(crate) settings: Provider,
    pub(crate) headers: HeaderMap,
}

/// A target, ready to be called.
#[derive(Debug)]
pub(crate) struct TargetPlan {
    pub(crate) provider: Arc<ProviderPlan>,
    pub(crate) model: Arc<str>,
    /// As it stands in a body, quotes included.
    pub(crate) quoted_model: Bytes,
    pub(crate) switch: Arc<Switch>,
    pub(crate) settings: Target,
    pub(crate) price: Option<Price>,
    uris: [Option<Uri>; 5],
}

/// A route, ready to be called.
#[derive(Debug)]
pub(crate) struct RoutePlan {
    pub(crate) name: Arc<str>,
    pub(crate) settings: Route,
    pub(crate) targets: Vec<TargetPlan>,
}

/// All of it.
#[derive(Debug, Default)]
pub(crate) struct Snapshot {
    pub(crate) settings: Settings,
    providers: HashMap<Arc<str>, Arc<ProviderPlan>>,
    prices: Prices,
    routes: HashMap<Arc<str>, Arc<RoutePlan>>,
    /// Routes that were made because a caller named `provider/model`, or a name that only `*` answers to.
    direct: RwLock<HashMap<String, Arc<RoutePlan>>>,
}

impl Snapshot {
    /// Resolves settings, which must have no problems.
    pub(crate) fn new(settings: Settings, switches: &Switches) -> Self {
        let providers: HashMap<Arc<str>, _> = settings
            .providers
            .iter()
            .map(|provider| {
                let name: Arc<str> = provider.name.as_str().into();
                let headers = crate::upstream::provider_headers(provider);
                (name.clone(), Arc::new(ProviderPlan { name, settings: provider.clone(), headers }))
            })
            .collect();
        let mut snapshot = Self { providers, prices: Prices::new(&settings.prices), ..Self::default() };
        for route in &settings.routes {
            let plan = snapshot.plan(route, &route.name, switches);
            snapshot.routes.insert(plan.name.clone(), Arc::new(plan));
        }
        snapshot.settings = settings;
        snapshot
    }

    /// The route that answers to a name: the one called so, else `provider/model`, else `*`.
    pub(crate) fn route(&self, name: &str, switches: &Switches) -> Option<Arc<RoutePlan>> {
        if let Some(route) = self.routes.get(name).filter(|_| name != "*") {
            return Some(route.clone());
        }
        if let Some(route) = self.direct.read().get(name) {
            return Some(route.clone());
        }
        let route = match name.split_once('/') {
            Some((provider, model)) if !model.is_empty() && self.providers.contains_key(provider) => {
                Route::new(name, vec![Target::new(provider, model)])
            }
            _ => self.routes.get("*")?.settings.clone(),
        };
        let plan = Arc::new(self.plan(&route, name, switches));
        let mut direct = self.direct.write();
        if direct.len() < MAX_DIRECT {
            direct.insert(name.to_owned(), plan.clone());
        }
        Some(plan)
    }

    fn plan(&self, route: &Route, asked: &str, switches: &Switches) -> RoutePlan {
        let targets = route.targets.iter().filter_map(|target| {
            let provider = self.providers.get(target.provider.as_str())?.clone();
            let model: Arc<str> = if target.model.is_empty() { asked.into() } else { target.model.as_str().into() };
            Some(TargetPlan {
                quoted_model: Bytes::from(json::quoted(&model)),
                switch: switches.of(&provider.name, &model),
                uris: DOORS.map(|door| endpoint(&provider.settings, door)),
                settings: target.clone(),
                price: self.prices.of(&provider.settings, &model),
                provider,
                model,
            })
        });
        RoutePlan { name: route.name.as_str().into(), settings: route.clone(), targets: targets.collect() }
    }
}

const DOORS: [Door; 5] = [Door::Chat, Door::Completions, Door::Embeddings, Door::Responses, Door::Messages];

impl TargetPlan {
    /// Where the provider speaks a door's own protocol, if it does.
    pub(crate) fn own_endpoint(&self, door: Door) -> Option<&Uri> {
        DOORS.iter().position(|own| *own == door).and_then(|i| self.uris[i].as_ref())
    }
}

fn endpoint(provider: &Provider, door: Door) -> Option<Uri> {
    let path = match (provider.kind, door) {
        (Kind::OpenAi, Door::Chat) => "/chat/completions",
        (Kind::OpenAi, Door::Completions) => "/completions",
        (Kind::OpenAi, Door::Embeddings) => "/embeddings",
        (Kind::OpenAi, Door::Responses) if provider.responses => "/responses",
        (Kind::Anthropic, Door::Messages) => "/messages",
        (Kind::HuggingFace, Door::Chat) => "/v1/chat/completions",
        _ => return None,
    };
    format!("{}{path}", provider.base()).parse().ok()
}
