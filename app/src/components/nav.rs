//! The navigation: shows only what exists and what the person may use.

use domain::access::Permission;
use leptos_router::components::A;

use super::icon::{Glyph, Icon};
use crate::islands::Destination;
use crate::prelude::*;
use crate::rpc::session::Session;

/// A page one can go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) group: &'static str,
    pub(crate) href: &'static str,
    pub(crate) label: &'static str,
    glyph: Glyph,
    needs: Permission,
    /// Not a page of this application: the browser loads it whole.
    pub(crate) is_external: bool,
}

const fn place(group: &'static str, href: &'static str, label: &'static str, glyph: Glyph, needs: Permission) -> Place {
    Place { group, href, label, glyph, needs, is_external: false }
}

const PLACES: [Place; 18] = [
    place("", "/", "Overview", Glyph::Overview, Permission::Observe),
    place("Observe", "/services", "Services", Glyph::Services, Permission::Observe),
    place("Observe", "/anomalies", "Anomalies", Glyph::Anomalies, Permission::Observe),
    place("Gateway", "/gateway", "Traffic", Glyph::Gateway, Permission::Observe),
    place("Gateway", "/gateway/requests", "Requests", Glyph::Requests, Permission::Observe),
    place("Gateway", "/gateway/breakers", "Breakers", Glyph::Breakers, Permission::Observe),
    place("Gateway", "/gateway/chaos", "Chaos", Glyph::Chaos, Permission::Observe),
    place("Gateway", "/gateway/costs", "Costs and budgets", Glyph::Costs, Permission::Observe),
    place("Gateway", "/gateway/playground", "Playground", Glyph::Playground, Permission::Gateway),
    place("Gateway", "/gateway/automation", "Automation", Glyph::Automation, Permission::Observe),
    place("Gateway", "/gateway/providers", "Providers and routes", Glyph::Providers, Permission::Observe),
    place("Demo", "/demo", "Demo fleet", Glyph::Demo, Permission::Observe),
    place("Settings", "/settings/targets", "Targets", Glyph::Targets, Permission::Govern),
    place("Settings", "/settings/users", "Users and teams", Glyph::Users, Permission::Govern),
    place("Settings", "/settings/keys", "API keys", Glyph::Keys, Permission::Govern),
    place("Settings", "/settings/account", "Account", Glyph::Account, Permission::Observe),
    place("System", "/system", "System", Glyph::System, Permission::Govern),
    Place { is_external: true, ..place("System", "/api/docs", "API documentation", Glyph::Api, Permission::Observe) },
];

/// The pages this visit has, in the order of the navigation.
pub(crate) fn places(session: &Session) -> Vec<Place> {
    let role = session.user.as_ref().map(|user| user.role);
    let is_shown =
        |place: &Place| role.is_some_and(|role| role.allows(place.needs)) && (place.href != "/demo" || session.is_demo);
    PLACES.into_iter().filter(is_shown).collect()
}

/// The same pages for the palette.
pub(crate) fn destinations(session: &Session) -> Vec<Destination> {
    let destination = |place: Place| Destination {
        label: place.label.to_owned(),
        group: "Page".to_owned(),
        href: place.href.to_owned(),
        is_external: place.is_external,
    };
    places(session).into_iter().map(destination).collect()
}

/// The sidebar. Below 640 px it is a popover that the menu button opens, with or without WASM.
#[component]
pub(crate) fn Nav(session: Session) -> impl IntoView {
    let mut groups: Vec<(&'static str, Vec<Place>)> = Vec::new();
    for place in places(&session) {
        match groups.last_mut() {
            Some((group, members)) if *group == place.group => members.push(place),
            _ => groups.push((place.group, vec![place])),
        }
    }
    let groups = groups.into_iter().map(|(group, members)| {
        let links = members.into_iter().map(|place| view! { <li><NavLink place/></li> }).collect_view();
        view! {
            <div class="nav-group">
                {(!group.is_empty()).then(|| view! { <p class="nav-title">{group}</p> })}
                <ul>{links}</ul>
            </div>
        }
    });
    view! {
        <nav id="nav" class="side" popover="auto" aria-label="Main">
            {groups.collect_view()}
        </nav>
    }
}

#[component]
fn NavLink(place: Place) -> impl IntoView {
    let inner = move || {
        view! {
            <Icon glyph=place.glyph/>
            <span class="nav-label">{place.label}</span>
        }
    };
    if place.is_external {
        leptos::either::Either::Left(view! { <a href=place.href rel="external" title=place.label>{inner()}</a> })
    } else {
        leptos::either::Either::Right(view! {
            <A href=place.href exact={matches!(place.href, "/" | "/gateway")} attr:title=place.label>{inner()}</A>
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::Theme;
    use domain::access::Role;
    use domain::{Time, user::User};

    fn session(role: Role, is_demo: bool) -> Session {
        let user = User {
            id: domain::ids::UserId("01900000-0000-7000-8000-000000000000".parse().unwrap()),
            email: "a@b".into(),
            name: String::new(),
            role,
            team_id: None,
            is_disabled: false,
            created_at: Time::UNIX_EPOCH,
            last_login_at: None,
        };
        Session { user: Some(user), is_set_up_needed: false, is_demo, now: Time::UNIX_EPOCH, theme: Theme::Auto }
    }

    fn hrefs(session: &Session) -> Vec<&'static str> {
        places(session).into_iter().map(|place| place.href).collect()
    }

    #[test]
    fn only_what_exists_and_is_allowed_is_shown() {
        assert!(hrefs(&session(Role::Admin, true)).contains(&"/demo"));
        assert!(!hrefs(&session(Role::Admin, false)).contains(&"/demo"));
        let viewer = hrefs(&session(Role::Viewer, false));
        assert!(viewer.contains(&"/services") && !viewer.contains(&"/settings/keys"));
        assert!(places(&Session { user: None, ..session(Role::Admin, true) }).is_empty());
    }
}
