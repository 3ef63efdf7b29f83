//! Who am I: asked by the layouts.
//!
//! Always true: a page below the main layout is only rendered for somebody who is logged in.

use domain::access::{Permission, Role};
use leptos::prelude::*;

use crate::fetched::{Fetched, fetch};
use crate::rpc::session::{Session, SessionCall};

/// The question, in context.
#[derive(Clone, Copy)]
pub(crate) struct CurrentSession(pub(crate) Fetched<Session>);

/// Called once, by `App`.
pub(crate) fn provide_session() {
    provide_context(CurrentSession(fetch(|| SessionCall {})));
}

/// What [`provide_session`] provided.
pub(crate) fn use_session() -> Fetched<Session> {
    let CurrentSession(resource) = expect_context();
    resource
}

/// The person's role, in context below the main layout.
#[derive(Clone, Copy)]
struct CurrentRole(Role);

/// Tells the pages below what the person is.
pub(crate) fn provide_role(role: Role) {
    provide_context(CurrentRole(role));
}

/// Whether a form is worth showing; whether it is allowed is decided by the service behind it.
pub(crate) fn may(permission: Permission) -> bool {
    use_context::<CurrentRole>().is_some_and(|CurrentRole(role)| role.allows(permission))
}

/// A path of this site to go on to; anything else is the Overview, so that no link can send people elsewhere.
pub(crate) fn safe_next(next: &str) -> &str {
    let is_own_path =
        next.starts_with('/') && !next.starts_with("//") && !next.contains('\\') && !next.contains(char::is_control);
    if is_own_path { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_paths_are_gone_on_to() {
        assert_eq!(safe_next("/services?range=1h"), "/services?range=1h");
        for elsewhere in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/a\r\nSet-Cookie: x",
            "/\t/evil.example",
            "/\u{7f}",
        ] {
            assert_eq!(safe_next(elsewhere), "/", "{elsewhere}");
        }
    }
}
