//! The shape of the table.

use http::Method;

/// Its columns.
pub(super) const CALLERS: [&str; 9] =
    ["anonymous", "viewer", "operator", "admin", "key:read", "key:write", "key:admin", "key:ingest", "key:gateway"];

/// What a caller must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// Open to all.
    Nothing,
    /// Open to all, and people who are in already go on.
    LogIn,
    Observe,
    Operate,
    Govern,
    Ingest,
    /// Calls models.
    Gateway,
    /// A person with a log-in, about which the call is.
    Person,
    /// A program with a key, about which the call is.
    Key,
}

impl Need {
    /// Who is let through, a sign for each column.
    const fn admitted(self) -> [bool; 9] {
        match self {
            // anonymous, viewer, operator, admin, then the keys: read, write, admin, ingest, gateway
            Self::Nothing | Self::LogIn => [true; 9],
            Self::Observe => [false, true, true, true, true, true, true, false, false],
            Self::Operate => [false, false, true, true, false, true, true, false, false],
            Self::Govern => [false, false, false, true, false, false, true, false, false],
            Self::Ingest => [false, false, false, true, false, false, false, true, false],
            Self::Gateway => [false, false, true, true, false, false, false, false, true],
            Self::Person => [false, true, true, true, false, false, false, false, false],
            Self::Key => [false, false, false, false, true, true, true, true, true],
        }
    }
}

/// The body or query that goes with a request.
#[derive(Clone, Copy)]
pub(super) enum Sample {
    None,
    Query(&'static str),
    Json(&'static str),
    Form(&'static str),
    RemoteWrite,
}

/// How a route is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    Rest,
    /// The addresses of model providers, with their refusals.
    Model,
    ServerFunction,
    Page,
}

/// One route.
pub(super) struct Row {
    pub(super) door: Door,
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) sample: Sample,
    pub(super) need: Need,
    /// The status for those who are let through. The requests are about things that do not exist, or not acceptable.
    pub(super) status: u16,
}

impl Row {
    pub(super) fn method(&self) -> Method {
        self.method.parse().unwrap()
    }

    /// The path with ids of things that do not exist, and the query.
    pub(super) fn concrete_path(&self) -> String {
        let kind = match self.path.split('/').nth(3).unwrap_or_default() {
            "services" => "svc",
            "keys" => "key",
            "users" => "usr",
            "teams" => "team",
            "targets" => "tgt",
            "providers" => "prv",
            "routes" => "rte",
            "requests" => "req",
            "chaos" => "exp",
            "budgets" => "bud",
            "rate-limits" => "rat",
            _ => "ano",
        };
        let id = format!("{kind}_0190a0a0a0a07000800000000000000f");
        let query = if let Sample::Query(query) = self.sample { query } else { "" };
        format!("{}{query}", self.path)
            .replace("{id}", &id)
            .replace("{name}", "job")
            .replace("{*name}", "nothing")
            .replace(":name", "nothing")
            .replace(":id", &id)
    }

    /// The status this caller gets.
    pub(super) fn expected(&self, column: &str) -> u16 {
        let index = CALLERS.iter().position(|caller| *caller == column).unwrap();
        let is_person = matches!(column, "viewer" | "operator" | "admin");
        match self.door {
            Door::Page if is_person && self.need == Need::LogIn => 302,
            _ if matches!(self.need, Need::Nothing | Need::LogIn) => self.status,
            // Pages are for people; everybody else is sent to where people log in.
            Door::Page if !is_person => 302,
            _ if self.need.admitted()[index] => self.status,
            _ if column == "anonymous" => 401,
            // They sent no key to look at.
            _ if is_person && self.need == Need::Key => 401,
            _ => 403,
        }
    }
}
