//! The frame of every page behind the log-in: header, navigation, content, keyboard.
//!
//! Always true: what is inside it is rendered only for somebody who is logged in.

use leptos::either::Either;
use leptos_router::components::{Outlet, Redirect};
use leptos_router::hooks::use_location;

use crate::call::Call;
use crate::components::{BrandMark, CallForm, Failed, Glyph, Icon, Nav, ThemeSwitch, destinations};
use crate::fetched::suspend;
use crate::format;
use crate::islands::{Desk, LiveBadge};
use crate::now::provide_now;
use crate::prelude::*;
use crate::rpc::auth::LogOut;
use crate::rpc::session::Session;
use crate::session::{provide_role, use_session};

/// Lets in who is logged in, and sends everybody else to where they can.
#[component]
pub(crate) fn MainLayout() -> impl IntoView {
    let session = use_session();
    let location = use_location();
    let login = move || {
        let (path, search) = (location.pathname.get_untracked(), location.search.get_untracked());
        let here = if search.is_empty() { path } else { format!("{path}?{search}") };
        if here == "/" { "/login".to_owned() } else { format!("/login?next={}", format::segment(&here)) }
    };
    let body = suspend(async move {
        match session.load().await {
            Err(failure) => {
                crate::rpc::page_status(&failure);
                Either::Left(view! { <main id="main" class="bare"><Failed failure/></main> })
            }
            Ok(session) if session.is_set_up_needed => Either::Left(view! { <Redirect path="/set-up"/> }),
            Ok(session) if session.user.is_none() => Either::Left(view! { <Redirect path=login()/> }),
            Ok(session) => Either::Right(view! { <Inside session/> }),
        }
    });
    view! { <Suspense>{body}</Suspense> }
}

#[component]
fn Inside(session: Session) -> impl IntoView {
    provide_now(session.now);
    if let Some(user) = &session.user {
        provide_role(user.role);
    }
    let pages = destinations(&session);
    view! {
        // For the browser, not the router: following it moves the focus, not only the view.
        <a class="skip" href="#main" rel="external">"Skip to content"</a>
        <div class="frame">
            <Top session=session.clone()/>
            <Nav session/>
            <main id="main" tabindex="-1">
                <Outlet/>
            </main>
        </div>
        <Desk pages/>
    }
}

#[component]
fn Top(session: Session) -> impl IntoView {
    let log_out = Call::to::<LogOut>();
    let user = session.user.map(|user| (user.email, user.role)).unzip();
    view! {
        <header class="top">
            <button type="button" class="quiet menu-button" popovertarget="nav">
                <Icon glyph=Glyph::Menu/>
                <span class="visually-hidden">"Menu"</span>
            </button>
            <a class="brand" href="/"><BrandMark/>"Bellwether"</a>
            <LiveBadge/>
            <button type="button" class="quiet go-to" data-opens="palette">
                <Icon glyph=Glyph::Search/>
                <span class="go-to-label">"Go to"</span>
                <kbd>"Ctrl K"</kbd>
            </button>
            <details class="account">
                <summary><Icon glyph=Glyph::Account/><span class="visually-hidden">"Account and theme"</span></summary>
                <div class="account-sheet">
                    <p><b>{user.0}</b><br/><span class="muted">{user.1.map(|role| role.as_str())}</span></p>
                    <ThemeSwitch initial=session.theme/>
                    <p><a href="/settings/account">"Password and log-ins"</a></p>
                    <CallForm action=log_out>
                        <button type="submit" class="quiet"><Icon glyph=Glyph::LogOut/>"Log out"</button>
                    </CallForm>
                </div>
            </details>
        </header>
    }
}
