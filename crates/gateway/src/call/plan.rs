//! What a call needs at every target.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::time::Instant;

use super::order;
use crate::peek::Peek;
use crate::protocol::can_translate;
use crate::request::{Door, Request};
use crate::settings::{Condition, Kind};
use crate::snapshot::{RoutePlan, TargetPlan};

/// A call whose route is known.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) door: Door,
    pub(crate) request: Request,
    pub(crate) peek: Peek,
    pub(crate) route: Arc<RoutePlan>,
    /// By then all must be over.
    pub(crate) total: Instant,
}

impl Plan {
    /// The targets whose conditions hold, in the order in which they are tried.
    pub(super) fn order<'a>(&'a self, draws: &AtomicU64) -> impl Iterator<Item = &'a TargetPlan> + Clone + use<'a> {
        let eligible = |target: &&TargetPlan| target.settings.when.as_ref().is_none_or(|when| self.holds(when));
        let weights = self
            .route
            .targets
            .iter()
            .map(|target| if eligible(&target) { target.settings.weight.unwrap_or(0) } else { 0 });
        let total: u64 = weights.clone().map(u64::from).sum();
        let first = if total == 0 { None } else { order::drawn(weights, total, draws.fetch_add(1, Ordering::Relaxed)) };
        order::first_then_rest(&self.route.targets, first).filter(eligible)
    }

    /// Whether the provider can be asked this at all.
    pub(super) fn can_ask(&self, target: &TargetPlan) -> bool {
        let kind = target.provider.settings.kind;
        kind == Kind::Simulation || target.own_endpoint(self.door).is_some() || can_translate(kind, self.door)
    }

    /// Whether the gateway itself must ask for a stream's usage.
    pub(super) fn adds_usage(&self, target: &TargetPlan) -> bool {
        let is_chat = matches!(self.door, Door::Chat | Door::Completions);
        is_chat && self.peek.stream && !self.peek.wants_usage && target.provider.settings.stream_usage
    }

    fn holds(&self, when: &Condition) -> bool {
        let Request { caller, headers, body, .. } = &self.request;
        let length = body.len() as u64;
        when.service.as_ref().is_none_or(|service| *service == caller.service)
            && when.team.as_ref().is_none_or(|team| Some(team) == caller.team.as_ref())
            && when.stream.is_none_or(|stream| stream == self.peek.stream)
            && when.min_bytes.is_none_or(|least| length >= least)
            && when.max_bytes.is_none_or(|most| length <= most)
            && when
                .header
                .as_ref()
                .is_none_or(|(name, value)| headers.get(name).is_some_and(|found| found == value.as_str()))
    }
}

impl TargetPlan {
    /// How many tokens the model can read, if that is known.
    pub(super) fn context_tokens(&self) -> Option<u64> {
        self.settings.context_tokens.or_else(|| self.price?.context_tokens)
    }
}
