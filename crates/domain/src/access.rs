//! Roles of people, scopes of keys and the permissions both come down to.
//!
//! Always true: a higher role may do all that a lower one may; a key may do only what its scopes say.

use serde::{Deserialize, Serialize};

use crate::words::text_enum;

text_enum! {
    /// What a person may do.
    Role {
        /// Reads everything but what administrators govern.
        Viewer = "viewer",
        /// Also acts: acknowledges, gives feedback, edits the catalogue, injects demo faults.
        Operator = "operator",
        /// Also governs: users, keys, targets, settings.
        Admin = "admin",
    }
}

text_enum! {
    /// What an API key may do.
    Scope {
        /// Read everything.
        Read = "read",
        /// Read and act as an operator does.
        Write = "write",
        /// Govern, as an administrator does.
        Admin = "admin",
        /// Send samples and other telemetry, nothing else.
        Ingest = "ingest",
        /// Call models through the gateway, nothing else.
        Gateway = "gateway",
    }
}

text_enum! {
    /// The smallest unit of authorization: what a service method asks for in its first line.
    Permission {
        /// See services, series, anomalies, the stream.
        Observe = "observe",
        /// Acknowledge, give feedback, edit the catalogue, run demo faults.
        Operate = "operate",
        /// Users, keys, teams, targets, system state.
        Govern = "govern",
        /// Write telemetry.
        Ingest = "ingest",
        /// Call models.
        Gateway = "gateway",
    }
}

impl Role {
    /// Whether the role carries the permission.
    #[must_use]
    pub const fn allows(self, permission: Permission) -> bool {
        match permission {
            Permission::Observe => true,
            Permission::Operate | Permission::Gateway => !matches!(self, Self::Viewer),
            Permission::Govern | Permission::Ingest => matches!(self, Self::Admin),
        }
    }
}

impl Scope {
    /// Whether the scope carries the permission.
    #[must_use]
    pub const fn allows(self, permission: Permission) -> bool {
        match self {
            Self::Read => matches!(permission, Permission::Observe),
            Self::Write => matches!(permission, Permission::Observe | Permission::Operate),
            Self::Admin => matches!(permission, Permission::Observe | Permission::Operate | Permission::Govern),
            Self::Ingest => matches!(permission, Permission::Ingest),
            Self::Gateway => matches!(permission, Permission::Gateway),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_higher_role_may_do_all_a_lower_one_may() {
        for pair in Role::ALL.windows(2) {
            for &permission in Permission::ALL {
                assert!(!pair[0].allows(permission) || pair[1].allows(permission), "{permission}");
            }
        }
    }

    #[test]
    fn telemetry_and_gateway_scopes_cannot_read() {
        for scope in [Scope::Ingest, Scope::Gateway] {
            assert!(!scope.allows(Permission::Observe) && !scope.allows(Permission::Govern));
        }
    }

    #[test]
    fn an_unknown_word_lists_the_known_ones() {
        let error = "root".parse::<Role>().unwrap_err();
        assert_eq!(error.to_string(), "\"root\" is not one of viewer, operator, admin");
    }
}
