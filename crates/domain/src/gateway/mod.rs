//! The gateway's words: whom calls go to, what answers to a name, what happened to a call, how a breaker stands.
//!
//! Always true: a provider's key goes in and never comes out; money is in US dollars, times of a call in milliseconds.

mod breaker;
mod figures;
mod provider;
mod request;
mod route;

pub use breaker::{Breaker, BreakerChange, BreakerList, BreakerState, OpenBreaker};
pub use figures::{AiMetrics, CallGroup, CallLatency, CallSums, ModelTraffic, SecurityCounts, Traffic};
pub use provider::{Provider, ProviderKind, PutProvider};
pub use request::{
    AiAnswer, AiCall, Attempt, RequestDetail, RequestFilter, RequestOutcome, RequestSummary, TokenCounts,
};
pub use route::{PutRoute, Route, RouteLimits, RouteTarget, SafetyMode, TargetCondition};
