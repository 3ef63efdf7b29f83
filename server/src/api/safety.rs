//! Safety: the rules, and texts judged on request.

use axum::Json;
use axum::extract::State;
use domain::gateway::{JudgeText, SafetyRuleList, SafetyVerdict};
use platform::Platform;

use super::responses::Refusals;
use crate::error::Answer;
use crate::extract::{Body, Who};

/// The rules and models, each with what was measured about it.
#[utoipa::path(get, path = "/api/v1/safety/rules", tag = "Gateway", responses((status = 200, body = SafetyRuleList), Refusals))]
pub(crate) async fn rules(State(platform): State<Platform>, Who(actor): Who) -> Answer<Json<SafetyRuleList>> {
    Ok(Json(platform.gateway().safety_rules(&actor)?))
}

/// Judge a text as a call with it would be judged.
///
/// It is not kept and not counted.
#[utoipa::path(post, path = "/api/v1/safety/judge", tag = "Gateway", request_body = JudgeText, responses((status = 200, body = SafetyVerdict), Refusals))]
pub(crate) async fn judge(
    State(platform): State<Platform>,
    Who(actor): Who,
    Body(input): Body<JudgeText>,
) -> Answer<Json<SafetyVerdict>> {
    Ok(Json(platform.gateway().judge(&actor, &input)?))
}
