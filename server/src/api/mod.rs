//! `/api/v1`: the REST door, one file a capability.
//!
//! Always true: a handler takes apart the request, calls one platform method and answers; authorization is in that
//! method; every route is in the OpenAPI document.

mod anomaly;
mod audit;
mod auth;
mod automation;
mod breaker;
mod budget;
mod catalogue;
mod chaos;
mod cost;
mod demo;
mod export;
mod figures;
mod ingest;
mod key;
mod prometheus;
mod provider;
mod rate_limit;
mod request;
mod responses;
mod route;
mod safety;
mod system;
mod target;
mod team;
mod user;

use axum::extract::DefaultBodyLimit;
pub(crate) use prometheus::{PrometheusError, is_prometheus};
pub(crate) use responses::Refusals;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

/// Every route of `/api/v1`, with its documentation.
pub(crate) fn router(max_write_bytes: usize) -> OpenApiRouter<AppState> {
    // Compressed, it is not larger than what it becomes.
    let remote_write = OpenApiRouter::new().routes(routes!(ingest::remote_write));
    OpenApiRouter::new()
        .merge(remote_write.layer(DefaultBodyLimit::max(max_write_bytes)))
        .routes(routes!(auth::log_in))
        .routes(routes!(auth::log_out))
        .routes(routes!(auth::log_out_everywhere))
        .routes(routes!(auth::refresh))
        .routes(routes!(auth::me))
        .routes(routes!(auth::change_password))
        .routes(routes!(auth::reset_password))
        .routes(routes!(auth::set_up))
        .routes(routes!(key::validate))
        .routes(routes!(key::list, key::create))
        .routes(routes!(key::delete))
        .routes(routes!(key::rotate))
        .routes(routes!(key::revoke))
        .routes(routes!(user::list, user::create))
        .routes(routes!(user::get, user::update, user::delete))
        .routes(routes!(user::reset_link))
        .routes(routes!(team::list, team::create))
        .routes(routes!(team::get, team::update, team::delete))
        .routes(routes!(audit::list))
        .routes(routes!(catalogue::list, catalogue::create))
        .routes(routes!(catalogue::get, catalogue::update, catalogue::delete))
        .routes(routes!(catalogue::health))
        .routes(routes!(catalogue::overview))
        .routes(routes!(catalogue::detail))
        .routes(routes!(figures::summary))
        .routes(routes!(figures::ai))
        .routes(routes!(figures::traffic))
        .routes(routes!(target::list, target::create))
        .routes(routes!(target::get, target::update, target::delete))
        .routes(routes!(ingest::push))
        .routes(routes!(prometheus::query, prometheus::query_form))
        .routes(routes!(prometheus::query_range, prometheus::query_range_form))
        .routes(routes!(prometheus::series, prometheus::series_form))
        .routes(routes!(prometheus::labels, prometheus::labels_form))
        .routes(routes!(prometheus::label_values))
        .routes(routes!(prometheus::metadata))
        .routes(routes!(prometheus::build_info))
        .routes(routes!(anomaly::list))
        .routes(routes!(anomaly::get))
        .routes(routes!(anomaly::feedback))
        .routes(routes!(system::tasks))
        .routes(routes!(system::database))
        .routes(routes!(system::config))
        .routes(routes!(system::status))
        .routes(routes!(system::run_retention))
        .routes(routes!(system::stream_status))
        .routes(routes!(provider::list, provider::create))
        .routes(routes!(provider::get, provider::update, provider::delete))
        .routes(routes!(route::list, route::create))
        .routes(routes!(route::get, route::update, route::delete))
        .routes(routes!(request::list, request::log))
        .routes(routes!(export::csv))
        .routes(routes!(export::json))
        .routes(routes!(request::get))
        .routes(routes!(request::ask))
        .routes(routes!(safety::rules))
        .routes(routes!(safety::judge))
        .routes(routes!(breaker::list))
        .routes(routes!(breaker::reset_all))
        .routes(routes!(breaker::reset))
        .routes(routes!(breaker::open))
        .routes(routes!(chaos::inject))
        .routes(routes!(chaos::stop))
        .routes(routes!(chaos::list))
        .routes(routes!(chaos::get))
        .routes(routes!(automation::list, automation::start))
        .routes(routes!(automation::stop))
        .routes(routes!(budget::list, budget::create))
        .routes(routes!(budget::get, budget::update, budget::delete))
        .routes(routes!(rate_limit::list, rate_limit::create))
        .routes(routes!(rate_limit::get, rate_limit::update, rate_limit::delete))
        .routes(routes!(cost::costs))
        .routes(routes!(cost::prices, cost::put_price, cost::post_price, cost::delete_price))
        .routes(routes!(demo::status))
        .routes(routes!(demo::inject))
        .routes(routes!(demo::clear))
}
