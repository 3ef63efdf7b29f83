//! The pages of the gateway: calls, breakers, providers and routes.

mod breakers;
mod providers;
mod request;
mod requests;
mod routes;

pub(crate) use breakers::BreakersPage;
pub(crate) use providers::ProvidersPage;
pub(crate) use request::RequestPage;
pub(crate) use requests::RequestsPage;
