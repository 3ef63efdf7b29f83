//! The gateway's words: whom calls go to, what answers to a name, what happened to a call, how a breaker stands,
//! what may be spent, what calls have cost, which faults are injected.
//!
//! Always true: a provider's key goes in and never comes out; money is in US dollars, times of a call in milliseconds.

mod automation;
mod breaker;
mod budget;
mod chaos;
mod cost;
mod figures;
mod provider;
mod request;
mod route;
mod safety;

pub use automation::{
    Automation, AutomationList, AutomationResult, StartAutomation, StopAutomation, StoppedAutomation,
};
pub use breaker::{Breaker, BreakerChange, BreakerList, BreakerState, OpenBreaker};
pub use budget::{Budget, BudgetWindow, GatewayRateLimit, PutBudget, PutRateLimit, SpendScope};
pub use chaos::{
    Experiment, ExperimentEnd, ExperimentReport, ExperimentScope, FaultKind, InjectChaos, StopChaos, StoppedChaos,
};
pub use cost::{
    CostBy, CostFilter, CostGroup, CostHour, CostProjection, CostReport, Price, PriceFilter, PriceList, PriceName,
    PriceSource, PutPrice, Spending,
};
pub use figures::{AiMetrics, CallGroup, CallLatency, CallSums, ModelTraffic, SecurityCounts, Traffic};
pub use provider::{Provider, ProviderKind, PutProvider};
pub use request::{
    AiAnswer, AiCall, Attempt, LogRequest, RequestDetail, RequestFilter, RequestOutcome, RequestSummary, TokenCounts,
};
pub use route::{PutRoute, Route, RouteLimits, RouteTarget, SafetyMode, TargetCondition};
pub use safety::{
    CallPart, JudgeText, SafetyFinding, SafetyKind, SafetyRole, SafetyRule, SafetyRuleList, SafetyScores,
    SafetySeverity, SafetyVerdict,
};
