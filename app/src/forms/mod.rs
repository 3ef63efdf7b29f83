//! What HTML forms send: texts, turned into the inputs of the contract.
//!
//! Always true: a text that cannot be read becomes an error that names its field; an empty text is an absent value.

mod chaos;
mod gateway;
mod key;
mod money;
mod service;
mod target;
mod text;
mod user;

pub use chaos::{AutomationForm, ChaosForm};
pub use gateway::{ProviderForm, RouteForm};
pub use key::KeyForm;
pub use money::{BudgetForm, PriceForm, RateLimitForm};
pub use service::{NewServiceForm, ObjectivesForm, ServiceForm};
pub use target::TargetForm;
pub(crate) use text::{id, labels_text};
pub use user::{EditUserForm, NewUserForm};
