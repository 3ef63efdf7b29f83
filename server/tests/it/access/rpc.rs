//! The table's rows of the server functions.

use super::table::Need::{self, Gateway, Govern, Nothing, Observe, Operate, Person};
use super::table::Sample::{self, Form, Json};
use super::table::{Door, Row};

const fn row(path: &'static str, sample: Sample, need: Need, status: u16) -> Row {
    Row { door: Door::ServerFunction, method: "POST", path, sample, need, status }
}

macro_rules! absent {
    ($kind:literal) => {
        concat!("id=", $kind, "_0190a0a0a0a07000800000000000000f")
    };
    ($kind:literal, $more:literal) => {
        concat!("id=", $kind, "_0190a0a0a0a07000800000000000000f&", $more)
    };
}

/// By capability.
pub(super) const ROWS: &[Row] = &[
    row("/rpc/anomalies", Json(r#"{"filter": {}}"#), Observe, 200),
    row("/rpc/anomaly", Json(r#"{"id": "ano_0190a0a0a0a07000800000000000000f"}"#), Observe, 404),
    row("/rpc/give_feedback", Form(absent!("ano", "verdict=noise")), Operate, 404),
    row("/rpc/log_in", Form("input[email]=a@b"), Nothing, 400),
    row("/rpc/set_up", Form("input[email]=a@b&input[password]=short"), Nothing, 422),
    row("/rpc/log_out", Form(""), Person, 200),
    row("/rpc/log_out_everywhere", Form(""), Person, 200),
    row("/rpc/change_password", Form("input[current_password]=x&input[new_password]=short"), Person, 422),
    row("/rpc/reset_password", Form("input[token]=x&input[new_password]=short"), Nothing, 422),
    row("/rpc/services", Json("{}"), Observe, 200),
    row("/rpc/create_service", Form("input[name]="), Operate, 422),
    row("/rpc/describe_service", Form(absent!("svc", "input[description]=a")), Operate, 404),
    row("/rpc/set_objectives", Form(absent!("svc")), Operate, 404),
    row("/rpc/delete_service", Form(absent!("svc")), Operate, 404),
    row("/rpc/demo_status", Json("{}"), Observe, 200),
    row("/rpc/inject_fault", Form("input[service]=orders&input[fault]=latency"), Operate, 409),
    row("/rpc/clear_fault", Form("input[service]=orders"), Operate, 409),
    row("/rpc/traffic", Json(r#"{"range": "1h"}"#), Observe, 200),
    row("/rpc/requests", Json(r#"{"filter": {}}"#), Observe, 200),
    row("/rpc/request", Json(r#"{"id": "req_0190a0a0a0a07000800000000000000f"}"#), Observe, 404),
    row("/rpc/breakers", Json("{}"), Observe, 200),
    row("/rpc/reset_breaker", Form("id=none/none"), Operate, 404),
    row("/rpc/open_breaker", Form("id=none/none"), Operate, 404),
    row("/rpc/providers", Json("{}"), Observe, 200),
    row("/rpc/create_provider", Form("input[name]=&input[kind]=openai"), Govern, 422),
    row("/rpc/update_provider", Form(absent!("prv", "input[name]=a&input[kind]=openai")), Govern, 404),
    row("/rpc/delete_provider", Form(absent!("prv")), Govern, 404),
    row("/rpc/routes", Json("{}"), Observe, 200),
    row("/rpc/create_route", Form(NEW_ROUTE), Govern, 422),
    row("/rpc/update_route", Form(absent!("rte", "input[name]=a&input[safety]=off")), Govern, 404),
    row("/rpc/delete_route", Form(absent!("rte")), Govern, 404),
    row("/rpc/experiments", Json("{}"), Observe, 200),
    row("/rpc/inject_chaos", Form("input[service]=*&input[type]=latency&input[duration]=0"), Operate, 422),
    row("/rpc/stop_chaos", Form(absent!("exp")), Operate, 404),
    row("/rpc/automations", Json("{}"), Observe, 200),
    row(
        "/rpc/start_automation",
        Form("input[service]=&input[prompt]=a&input[interval]=1&input[count]=1"),
        Gateway,
        422,
    ),
    row("/rpc/stop_automation", Form(absent!("aut")), Gateway, 404),
    row("/rpc/costs", Json(r#"{"range": "1h", "by": "model"}"#), Observe, 200),
    row("/rpc/budgets", Json("{}"), Observe, 200),
    row("/rpc/create_budget", Form("input[name]=&input[limit_usd]=1&input[window]=day"), Govern, 422),
    row("/rpc/delete_budget", Form(absent!("bud")), Govern, 404),
    row("/rpc/rate_limits", Json("{}"), Observe, 200),
    row("/rpc/create_rate_limit", Form("input[name]="), Govern, 422),
    row("/rpc/delete_rate_limit", Form(absent!("rat")), Govern, 404),
    row("/rpc/prices", Json(r#"{"q": ""}"#), Observe, 200),
    row("/rpc/enter_price", Form("input[provider]=&input[model]=&input[input_usd]=1&input[output_usd]=1"), Govern, 422),
    row("/rpc/remove_price", Form("provider=none&model=none"), Govern, 404),
    row("/rpc/keys", Json("{}"), Govern, 200),
    row("/rpc/create_key", Form("input[name]=&input[scopes][0]=read"), Govern, 422),
    row("/rpc/rotate_key", Form(absent!("key")), Govern, 404),
    row("/rpc/revoke_key", Form(absent!("key")), Govern, 404),
    row("/rpc/delete_key", Form(absent!("key")), Govern, 404),
    row("/rpc/overview", Json(r#"{"range": "1h"}"#), Observe, 200),
    row("/rpc/service_detail", Json(r#"{"name": "nothing", "range": "1h"}"#), Observe, 404),
    row("/rpc/session", Json("{}"), Nothing, 200),
    row("/rpc/system", Json("{}"), Govern, 200),
    row("/rpc/audit", Json(r#"{"page": {}}"#), Govern, 200),
    row("/rpc/targets", Json("{}"), Observe, 200),
    row("/rpc/create_target", Form(NEW_TARGET), Govern, 422),
    row("/rpc/update_target", Form(TARGET), Govern, 404),
    row("/rpc/delete_target", Form(absent!("tgt")), Govern, 404),
    row("/rpc/teams", Json("{}"), Observe, 200),
    row("/rpc/create_team", Form("input[name]="), Govern, 422),
    row("/rpc/rename_team", Form(absent!("team", "input[name]=a")), Govern, 404),
    row("/rpc/delete_team", Form(absent!("team")), Govern, 404),
    row("/rpc/set_theme", Form("theme=dark"), Nothing, 200),
    row("/rpc/people", Json("{}"), Govern, 200),
    row("/rpc/create_user", Form("input[email]=nobody&input[role]=viewer"), Govern, 422),
    row("/rpc/update_user", Form(absent!("usr", "input[role]=viewer")), Govern, 404),
    row("/rpc/delete_user", Form(absent!("usr")), Govern, 404),
    row("/rpc/make_reset_link", Form(absent!("usr")), Govern, 404),
];

const NEW_ROUTE: &str = "input[name]=&input[targets]=a/b&input[safety]=off&input[retries]=0&input[first_token_ms]=1&input[silence_ms]=1&input[total_ms]=1";
const NEW_TARGET: &str =
    "input[service]=&input[url]=&input[interval_ms]=15000&input[timeout_ms]=10000&input[sample_limit]=50000";
const TARGET: &str = absent!(
    "tgt",
    "input[service]=a&input[url]=http://127.0.0.1:9/metrics&input[interval_ms]=15000&input[timeout_ms]=10000&input[sample_limit]=50000"
);
