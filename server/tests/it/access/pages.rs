//! The table's rows of the pages.
//!
//! A page that a person may not see says so, with the status of the refusal.

use super::table::Need::{self, Govern, LogIn, Nothing, Person};
use super::table::Sample;
use super::table::{Door, Row};

const fn page(path: &'static str, need: Need, status: u16) -> Row {
    Row { door: Door::Page, method: "GET", path, sample: Sample::None, need, status }
}

/// In the order of `app/src/routes.rs`.
pub(super) const ROWS: &[Row] = &[
    page("/login", LogIn, 200),
    page("/set-up", Nothing, 302),
    page("/reset-password", Nothing, 200),
    page("/", Person, 200),
    page("/services", Person, 200),
    page("/services/:name", Person, 404),
    page("/anomalies", Person, 200),
    page("/anomalies/:id", Person, 404),
    page("/gateway", Person, 200),
    page("/gateway/requests", Person, 200),
    page("/gateway/requests/:id", Person, 404),
    page("/gateway/breakers", Person, 200),
    page("/gateway/chaos", Person, 200),
    page("/gateway/costs", Person, 200),
    page("/gateway/playground", Person, 200),
    page("/gateway/automation", Person, 200),
    page("/gateway/providers", Person, 200),
    page("/demo", Person, 200),
    page("/settings/targets", Person, 200),
    page("/settings/users", Govern, 200),
    page("/settings/keys", Govern, 200),
    page("/settings/account", Person, 200),
    page("/system", Govern, 200),
];
