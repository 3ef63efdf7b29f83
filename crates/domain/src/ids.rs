//! Ids: one newtype per kind over a `UUIDv7`, shown with a kind prefix (`ano_0190…`).
//!
//! Always true: an id of one kind never parses as another; ids sort by the time they were made.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// The text was not an id of the expected kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid id: expected {prefix}_ followed by 32 hexadecimal digits")]
pub struct ParseIdError {
    /// The prefix that was expected.
    pub prefix: &'static str,
}

fn parse(prefix: &'static str, text: &str) -> Result<Uuid, ParseIdError> {
    text.strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .filter(|hex| hex.len() == 32)
        .and_then(|hex| Uuid::try_parse(hex).ok())
        .ok_or(ParseIdError { prefix })
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "orm", derive(sea_orm::DeriveValueType))]
        #[cfg_attr(feature = "orm", sea_orm(value_type = "String"))]
        pub struct $name(pub Uuid);

        impl $name {
            /// The kind prefix, without the underscore.
            pub const PREFIX: &'static str = $prefix;
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                parse($prefix, text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let pattern = concat!("^", $prefix, "_[0-9a-fA-F]{32}$");
                utoipa::openapi::Schema::Object($crate::shape::text(36, 37, pattern)).into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}

        // Keys are made by the application, never by the database.
        #[cfg(feature = "orm")]
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )*};
}

ids! {
    /// A detector's finding on a series.
    AnomalyId = "ano";
    /// A row of the audit trail.
    AuditId = "aud";
    /// A question that is asked again and again.
    AutomationId = "aut";
    /// So much money in each hour, day or month.
    BudgetId = "bud";
    /// A chaos experiment.
    ExperimentId = "exp";
    /// An API key.
    KeyId = "key";
    /// Whom the gateway can send calls to.
    ProviderId = "prv";
    /// So many requests and tokens a minute.
    RateLimitId = "rat";
    /// A call through the gateway.
    RequestId = "req";
    /// A name that callers send as the model.
    RouteId = "rte";
    /// A log-in of a person.
    SessionId = "ses";
    /// A thing we watch.
    ServiceId = "svc";
    /// A scrape target.
    TargetId = "tgt";
    /// A team (namespace).
    TeamId = "team";
    /// A person.
    UserId = "usr";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_round_trips_and_another_kind_does_not_parse() {
        let id = AnomalyId(Uuid::from_u128(7));
        assert_eq!(id.to_string().parse::<AnomalyId>(), Ok(id));
        assert!(id.to_string().parse::<UserId>().is_err());
        for bad in ["", "ano", "ano_", "ano_xyz", "ano_00000000-0000-0000-0000-000000000007"] {
            assert!(bad.parse::<AnomalyId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn an_id_is_a_string_in_json() {
        let id = UserId(Uuid::from_u128(1));
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"usr_00000000000000000000000000000001\"");
        assert_eq!(serde_json::from_str::<UserId>(&json).unwrap(), id);
    }
}
