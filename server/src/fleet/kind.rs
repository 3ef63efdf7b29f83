//! The four services of the fleet: their names, whom they call and which faults they can be given.
//!
//! Always true: a service calls only services that do not call it, directly or through others.

use std::fmt;
use std::str::FromStr;

use domain::demo::FaultKind;

/// Which service this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ServiceKind {
    /// Takes orders: asks `users` and `payments` for each.
    Orders,
    /// Knows people: a cache in front of a connection pool.
    Users,
    /// Charges cards at a bank.
    Payments,
    /// A model that judges events.
    ThreatDetection,
}

/// The text was none of the services.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a service of the demo fleet; there are orders, users, payments, threat-detection")]
pub struct UnknownService(pub String);

const EVERYWHERE: [FaultKind; 5] =
    [FaultKind::Latency, FaultKind::Errors, FaultKind::MemoryLeak, FaultKind::Cpu, FaultKind::Crash];
const WITH_DATABASE: [FaultKind; 6] = [
    FaultKind::Latency,
    FaultKind::Errors,
    FaultKind::MemoryLeak,
    FaultKind::ConnectionLeak,
    FaultKind::Cpu,
    FaultKind::Crash,
];
const WITH_MODEL: [FaultKind; 6] =
    [FaultKind::Latency, FaultKind::Errors, FaultKind::MemoryLeak, FaultKind::Cpu, FaultKind::Drift, FaultKind::Crash];

impl ServiceKind {
    /// Every service, those that are called before those that call them.
    pub const ALL: [Self; 4] = [Self::Users, Self::Payments, Self::Orders, Self::ThreatDetection];

    /// The name in labels and addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Users => "users",
            Self::Payments => "payments",
            Self::ThreatDetection => "threat-detection",
        }
    }

    /// One sentence for a person.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::Orders => "Takes orders; asks users and payments for each of them",
            Self::Users => "Looks people up in a cache and, on a miss, in a database",
            Self::Payments => "Charges cards at a bank",
            Self::ThreatDetection => "A model that says whether an event is a threat; asks users for the account",
        }
    }

    /// The services it calls.
    #[must_use]
    pub const fn peers(self) -> &'static [Self] {
        match self {
            Self::Orders => &[Self::Users, Self::Payments],
            Self::ThreatDetection => &[Self::Users],
            Self::Users | Self::Payments => &[],
        }
    }

    /// The faults it can be given.
    #[must_use]
    pub const fn supported(self) -> &'static [FaultKind] {
        match self {
            Self::Orders | Self::Users => &WITH_DATABASE,
            Self::Payments => &EVERYWHERE,
            Self::ThreatDetection => &WITH_MODEL,
        }
    }

    /// Method and route of its work.
    pub(super) const fn route(self) -> (&'static str, &'static str) {
        match self {
            Self::Orders => ("POST", "/orders"),
            Self::Users => ("GET", "/users/{id}"),
            Self::Payments => ("POST", "/charges"),
            Self::ThreatDetection => ("POST", "/predict"),
        }
    }

    /// Whether its scarce resource is a pool of database connections.
    pub(super) const fn has_database(self) -> bool {
        matches!(self, Self::Orders | Self::Users)
    }

    /// Whether traffic enters the fleet here.
    pub(super) const fn makes_load(self) -> bool {
        matches!(self, Self::Orders | Self::ThreatDetection)
    }
}

impl fmt::Display for ServiceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ServiceKind {
    type Err = UnknownService;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or_else(|| UnknownService(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_parses_to_its_service_and_another_is_refused() {
        for kind in ServiceKind::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
        }
        assert_eq!("billing".parse::<ServiceKind>(), Err(UnknownService("billing".to_owned())));
    }

    #[test]
    fn a_service_stands_after_those_it_calls() {
        let place = |kind| ServiceKind::ALL.iter().position(|&k| k == kind).unwrap();
        for kind in ServiceKind::ALL {
            assert!(kind.peers().iter().all(|&peer| place(peer) < place(kind)), "{kind}");
        }
    }

    #[test]
    fn every_fault_can_be_given_to_some_service() {
        for fault in FaultKind::ALL {
            assert!(ServiceKind::ALL.iter().any(|kind| kind.supported().contains(fault)), "{fault}");
        }
    }
}
