//! Roles as the options of a choice.

use domain::access::Role;

/// Every role with what it may do.
pub(super) fn role_options() -> Vec<(String, String)> {
    let about = |role| match role {
        Role::Viewer => "viewer: reads",
        Role::Operator => "operator: reads and acts",
        Role::Admin => "admin: reads, acts and governs",
    };
    Role::ALL.iter().map(|&role| (role.as_str().to_owned(), about(role).to_owned())).collect()
}
