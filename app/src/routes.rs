//! Every address of the interface, in one place.
//!
//! Always true: every route renders whole on the server (`SsrMode::Async`), so pages read without WASM and carry the right status.

use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::pages::{
    AccountPage, AnomaliesPage, AnomalyPage, AutomationPage, BreakersPage, ChaosPage, CostsPage, DemoPage, GatewayPage,
    KeysPage, LoginPage, MainLayout, NotFound, OverviewPage, PlaygroundPage, ProvidersPage, RequestPage, RequestsPage,
    ResetPasswordPage, ServicePage, ServicesPage, SetUpPage, SystemPage, TargetsPage, UsersPage,
};
use crate::prelude::*;
use crate::session::provide_session;

/// The application.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_session();
    view! {
        <Title formatter=|title: String| if title.is_empty() { "Bellwether".to_owned() } else { format!("{title} · Bellwether") }/>
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async/>
                <Route path=path!("/set-up") view=SetUpPage ssr=SsrMode::Async/>
                <Route path=path!("/reset-password") view=ResetPasswordPage ssr=SsrMode::Async/>
                <ParentRoute path=path!("") view=MainLayout ssr=SsrMode::Async>
                    <Route path=path!("") view=OverviewPage ssr=SsrMode::Async/>
                    <Route path=path!("/services") view=ServicesPage ssr=SsrMode::Async/>
                    <Route path=path!("/services/:name") view=ServicePage ssr=SsrMode::Async/>
                    <Route path=path!("/anomalies") view=AnomaliesPage ssr=SsrMode::Async/>
                    <Route path=path!("/anomalies/:id") view=AnomalyPage ssr=SsrMode::Async/>
                    <Route path=path!("/gateway") view=GatewayPage ssr=SsrMode::Async/>
                    <Route path=path!("/gateway/requests") view=RequestsPage ssr=SsrMode::Async/>
                    <Route path=path!("/gateway/requests/:id") view=RequestPage ssr=SsrMode::Async/>
                    <Route path=path!("/gateway/breakers") view=BreakersPage ssr=SsrMode::Async/>
                    <Route path=path!("/gateway/chaos") view=ChaosPage ssr=SsrMode::Async/>
                    <Route path=path!("/gateway/costs") view=CostsPage ssr=SsrMode::Async/>
                    <Route path=path!("/gateway/playground") view=PlaygroundPage ssr=SsrMode::Async/>
                    <Route path=path!("/gateway/automation") view=AutomationPage ssr=SsrMode::Async/>
                    <Route path=path!("/gateway/providers") view=ProvidersPage ssr=SsrMode::Async/>
                    <Route path=path!("/demo") view=DemoPage ssr=SsrMode::Async/>
                    <Route path=path!("/settings/targets") view=TargetsPage ssr=SsrMode::Async/>
                    <Route path=path!("/settings/users") view=UsersPage ssr=SsrMode::Async/>
                    <Route path=path!("/settings/keys") view=KeysPage ssr=SsrMode::Async/>
                    <Route path=path!("/settings/account") view=AccountPage ssr=SsrMode::Async/>
                    <Route path=path!("/system") view=SystemPage ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
