//! The audit trail: who did what, when, to what.
//!
//! Always true: entries are only added; none holds a secret.

use serde::{Deserialize, Serialize};

use crate::ids::AuditId;
use crate::{DateTime, Utc};

/// One entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    pub id: AuditId,
    pub at: DateTime<Utc>,
    /// `user:…`, `key:…`, `system` or `anonymous`.
    pub actor: String,
    /// For example `auth.login_failed`.
    pub action: String,
    /// What it was done to.
    pub object: String,
    /// More, where it helps.
    pub detail: String,
}
