//! The pages of the gateway.

mod automation;
mod board;
mod breakers;
mod budgets;
mod chaos;
mod costs;
mod figure;
mod playground;
mod prices;
mod providers;
mod request;
mod requests;
mod routes;

pub(crate) use automation::AutomationPage;
pub(crate) use board::GatewayPage;
pub(crate) use breakers::BreakersPage;
pub(crate) use chaos::ChaosPage;
pub(crate) use costs::CostsPage;
pub(crate) use playground::PlaygroundPage;
pub(crate) use providers::ProvidersPage;
pub(crate) use request::RequestPage;
pub(crate) use requests::RequestsPage;
