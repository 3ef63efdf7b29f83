//! Secrets at rest. See [`store`].

mod store;

pub(crate) use store::Secrets;
