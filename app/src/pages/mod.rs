//! The pages, one file each.
//!
//! Always true: a page loads its data by one resource, keeps filters and range in the address, and has one `h1`.

mod account;
mod anomalies;
mod anomaly;
mod bare;
mod demo;
mod gateway;
mod keys;
mod layout;
mod login;
mod not_found;
mod overview;
mod reset_password;
mod roles;
mod service;
mod services;
mod set_up;
mod system;
mod targets;
mod team_options;
mod users;

pub(crate) use account::AccountPage;
pub(crate) use anomalies::AnomaliesPage;
pub(crate) use anomaly::AnomalyPage;
pub(crate) use demo::DemoPage;
pub(crate) use gateway::{
    AutomationPage, BreakersPage, ChaosPage, CostsPage, GatewayPage, PlaygroundPage, ProvidersPage, RequestPage,
    RequestsPage,
};
pub(crate) use keys::KeysPage;
pub(crate) use layout::MainLayout;
pub(crate) use login::LoginPage;
pub(crate) use not_found::NotFound;
pub(crate) use overview::OverviewPage;
pub(crate) use reset_password::ResetPasswordPage;
pub(crate) use service::ServicePage;
pub(crate) use services::ServicesPage;
pub(crate) use set_up::SetUpPage;
pub(crate) use system::SystemPage;
pub(crate) use targets::TargetsPage;
pub(crate) use users::UsersPage;
