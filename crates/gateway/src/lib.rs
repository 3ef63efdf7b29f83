//! The LLM data path: what happens between a caller's request and a provider's answer. No database, no HTTP status of ours.

pub mod safety;
