//! The configuration: defaults in the binary, then a file, then the environment.
//!
//! Always true: an unknown key is refused; all problems are reported at once, each with its key; secrets are masked
//! wherever the configuration is shown.

use std::collections::BTreeMap;
use std::path::Path;

use domain::error::FieldError;
use domain::system::ConfigLine;
use platform::anomaly::DetectionConfig;
use platform::config::{PlatformConfig, RetentionConfig, SecurityConfig};
use platform::database::DatabaseConfig;
use platform::demo::DemoConfig;
use platform::gateway::{BreakerSettings, GatewayConfig};
use platform::metric::MetricsConfig;
use platform::target::ScrapeConfig;
use serde::Deserialize;
use toml::{Table, Value};

const DEFAULTS: &str = include_str!("../../config/default.toml");
const PREFIX: &str = "BELLWETHER__";

/// `[server]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerConfig {
    pub address: String,
    pub public_url: String,
    pub trust_forwarded_for: bool,
    pub max_body_bytes: usize,
    pub request_timeout_secs: u64,
    pub metrics_need_key: bool,
    pub log_format: LogFormat,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    server: ServerConfig,
    database: DatabaseConfig,
    security: SecurityConfig,
    metrics: MetricsConfig,
    scrape: ScrapeConfig,
    detection: DetectionConfig,
    gateway: GatewayConfig,
    breakers: BreakerSettings,
    retention: RetentionConfig,
    demo: DemoConfig,
}

/// The configuration in force.
#[derive(Clone, Debug)]
pub struct Config {
    pub server: ServerConfig,
    pub platform: PlatformConfig,
    /// Every setting as text, secrets masked.
    pub lines: Vec<ConfigLine>,
}

/// What is wrong, all of it.
#[derive(Debug, thiserror::Error)]
#[error("the configuration is not usable:{}", .0.iter().map(|f| format!("\n  {}: {}", f.field, f.message)).collect::<String>())]
pub struct ConfigError(pub Vec<FieldError>);

impl ConfigError {
    fn one(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self(vec![FieldError { field: field.into(), message: message.into() }])
    }
}

/// Where the SDKs of providers look for a key, and the provider it is for.
const PROVIDER_KEYS: [(&str, &str); 6] = [
    ("OPENAI_API_KEY", "openai"),
    ("ANTHROPIC_API_KEY", "anthropic"),
    ("GEMINI_API_KEY", "gemini"),
    ("COHERE_API_KEY", "cohere"),
    ("HF_TOKEN", "huggingface"),
    ("GROQ_API_KEY", "groq"),
];
const PROVIDER_PREFIX: &str = "BELLWETHER_PROVIDER_";

/// Keys by the name of the provider, as it is written in capitals in the environment; our own variables win.
fn provider_keys(environment: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let usual = PROVIDER_KEYS.iter().filter_map(|(variable, provider)| {
        environment.get(*variable).map(|key| (platform::gateway::key_name(provider), key.clone()))
    });
    let own = environment.iter().filter_map(|(variable, key)| {
        let name = variable.strip_prefix(PROVIDER_PREFIX)?.strip_suffix("_API_KEY")?;
        Some((platform::gateway::key_name(name), key.clone()))
    });
    usual.chain(own).filter(|(_, key)| !key.is_empty()).collect()
}

impl Config {
    /// Reads defaults, a file and the environment.
    ///
    /// # Errors
    /// All problems at once.
    pub fn load(file: Option<&Path>, environment: impl Iterator<Item = (String, String)>) -> Result<Self, ConfigError> {
        let mut table: Table =
            DEFAULTS.parse().map_err(|e: toml::de::Error| ConfigError::one("config/default.toml", e.to_string()))?;
        if let Some(path) = file {
            let name = path.display().to_string();
            let text =
                std::fs::read_to_string(path).map_err(|e| ConfigError::one(&name, format!("cannot be read: {e}")))?;
            let over: Table = text.parse().map_err(|e: toml::de::Error| ConfigError::one(&name, e.to_string()))?;
            merge(&mut table, over);
        }
        let mut usual = BTreeMap::new();
        for (key, value) in environment {
            if PROVIDER_KEYS.iter().any(|(name, _)| *name == key) || key.starts_with(PROVIDER_PREFIX) {
                usual.insert(key, value);
            } else if let Some(path) = key.strip_prefix(PREFIX) {
                set(&mut table, &path.to_lowercase(), &value).map_err(|message| ConfigError::one(&key, message))?;
            }
        }
        let lines = lines(&table);
        let keys = provider_keys(&usual);
        let file: File = Value::Table(table)
            .try_into()
            .map_err(|e: toml::de::Error| ConfigError::one("configuration", e.message().to_owned()))?;
        let mut config = Self::from_file(file, lines);
        config.platform.gateway.keys = keys;
        config.validate()?;
        Ok(config)
    }

    fn from_file(file: File, lines: Vec<ConfigLine>) -> Self {
        let public_url = file.server.public_url.trim_end_matches('/').to_owned();
        let platform = PlatformConfig {
            public_url,
            database: file.database,
            security: file.security,
            metrics: file.metrics,
            scrape: file.scrape,
            detection: file.detection,
            gateway: GatewayConfig { breakers: file.breakers, ..file.gateway },
            retention: file.retention,
            demo: file.demo,
        };
        Self { server: file.server, platform, lines }
    }

    fn validate(&self) -> Result<(), ConfigError> {
        let mut found = self.platform.validate().err().unwrap_or_default();
        let mut check = |is_right: bool, field: &str, message: &str| {
            if !is_right {
                found.push(FieldError { field: field.to_owned(), message: message.to_owned() });
            }
        };
        check(
            self.server.address.parse::<std::net::SocketAddr>().is_ok(),
            "server.address",
            "must be ADDRESS:PORT, for example 127.0.0.1:3000",
        );
        check(
            (1_024..=1_073_741_824).contains(&self.server.max_body_bytes),
            "server.max_body_bytes",
            "must be between 1024 and 1073741824",
        );
        check(
            (1..=600).contains(&self.server.request_timeout_secs),
            "server.request_timeout_secs",
            "must be between 1 and 600",
        );
        if found.is_empty() { Ok(()) } else { Err(ConfigError(found)) }
    }
}

fn merge(into: &mut Table, over: Table) {
    for (key, value) in over {
        match (into.get_mut(&key), value) {
            (Some(Value::Table(into)), Value::Table(over)) => merge(into, over),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}

/// Sets `section__key`; the value is read as what the default is.
fn set(table: &mut Table, path: &str, text: &str) -> Result<(), String> {
    let (section, key) = path.split_once("__").ok_or("must be BELLWETHER__SECTION__KEY")?;
    let section = table
        .get_mut(section)
        .and_then(Value::as_table_mut)
        .ok_or_else(|| format!("there is no section [{section}]"))?;
    let default = section.get(key).ok_or_else(|| format!("there is no setting {key} in this section"))?;
    let value = match default {
        Value::String(_) => Value::String(text.to_owned()),
        Value::Integer(_) => Value::Integer(text.parse().map_err(|_| format!("{text:?} is not a whole number"))?),
        Value::Float(_) => Value::Float(text.parse().map_err(|_| format!("{text:?} is not a number"))?),
        Value::Boolean(_) => Value::Boolean(text.parse().map_err(|_| format!("{text:?} is not true or false"))?),
        Value::Array(_) => Value::Array(
            text.split(',').map(str::trim).filter(|s| !s.is_empty()).map(|s| Value::String(s.to_owned())).collect(),
        ),
        Value::Datetime(_) | Value::Table(_) => return Err("cannot be set from the environment".to_owned()),
    };
    section.insert(key.to_owned(), value);
    Ok(())
}

fn lines(table: &Table) -> Vec<ConfigLine> {
    let mut all = Vec::new();
    for (section, settings) in table {
        for (key, value) in settings.as_table().into_iter().flatten() {
            let key = format!("{section}.{key}");
            let value = match (key.as_str(), value) {
                ("security.master_key", Value::String(text)) if !text.is_empty() => "********".to_owned(),
                ("database.url", Value::String(text)) => mask_password(text),
                (_, Value::String(text)) => text.clone(),
                (_, other) => serde_json::to_string(other).unwrap_or_default(),
            };
            all.push(ConfigLine { key, value });
        }
    }
    all
}

/// `postgres://user:secret@host` without the secret.
fn mask_password(url: &str) -> String {
    let parts = url.split_once("://").and_then(|(scheme, rest)| {
        let (credentials, host) = rest.rsplit_once('@')?;
        let (user, _) = credentials.split_once(':')?;
        Some(format!("{scheme}://{user}:********@{host}"))
    });
    parts.unwrap_or_else(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::load(None, environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))
    }

    #[test]
    fn the_defaults_are_usable() {
        let config = load(&[]).unwrap();
        assert_eq!(config.server.address, "127.0.0.1:3000");
        assert_eq!(config.platform.database.url, "sqlite:data/bellwether.db");
    }

    #[test]
    fn every_setting_is_documented() {
        let documented = include_str!("../../docs/configuration.md");
        for line in load(&[]).unwrap().lines {
            assert!(documented.contains(&format!("`{}`", line.key)), "{} is not in docs/configuration.md", line.key);
        }
    }

    #[test]
    fn the_environment_overrides_and_is_typed() {
        let config =
            load(&[("BELLWETHER__SERVER__ADDRESS", "0.0.0.0:80"), ("BELLWETHER__DETECTION__SEASONAL", "false")])
                .unwrap();
        assert_eq!(config.server.address, "0.0.0.0:80");
        assert!(!config.platform.detection.seasonal);
        for (key, value) in [
            ("BELLWETHER__SERVER__NOPE", "1"),
            ("BELLWETHER__NOPE__A", "1"),
            ("BELLWETHER__DATABASE__MAX_CONNECTIONS", "many"),
        ] {
            assert_eq!(load(&[(key, value)]).unwrap_err().0[0].field, key);
        }
    }

    #[test]
    fn all_problems_are_reported_at_once() {
        let error =
            load(&[("BELLWETHER__SERVER__ADDRESS", "here"), ("BELLWETHER__DATABASE__URL", "mysql://x")]).unwrap_err();
        let fields: Vec<_> = error.0.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["database.url", "server.address"]);
    }

    #[test]
    fn secrets_are_masked() {
        let key = "a".repeat(64);
        let config = load(&[
            ("BELLWETHER__SECURITY__MASTER_KEY", &key),
            ("BELLWETHER__DATABASE__URL", "postgres://u:secret@h/d"),
        ])
        .unwrap();
        let shown = format!("{:?} {:?}", config.lines, config.platform.security);
        assert!(!shown.contains("secret@") && !shown.contains(&key), "{shown}");
    }
}
