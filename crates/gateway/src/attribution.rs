//! Who calls: which service a call belongs to, and how that is known.
//!
//! Always true: a key's own service cannot be overridden by what the caller says of itself; a caller of whom nothing is known is
//! called [`UNKNOWN`].

use http::HeaderMap;
use http::header::USER_AGENT;
use serde::{Deserialize, Serialize};

use crate::request::Caller;

/// The service of callers who do not say what they are.
pub const UNKNOWN: &str = "unknown";
/// The header in which a caller names its service.
pub const SERVICE_HEADER: &str = "x-bellwether-service";
/// A name is no longer than this.
const MAX_NAME: usize = 64;

/// How the service of a call is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The key belongs to it.
    Key,
    /// [`SERVICE_HEADER`].
    Header,
    /// `service.name` in OpenTelemetry baggage.
    Baggage,
    /// The first product of the user agent.
    UserAgent,
    /// It is not known.
    #[default]
    Unknown,
}

/// What is known of the key that a call came with.
#[derive(Clone, Copy, Debug, Default)]
pub struct KeyFacts<'a> {
    /// Its id.
    pub id: Option<&'a str>,
    /// The service it belongs to.
    pub service: Option<&'a str>,
    /// The team it belongs to.
    pub team: Option<&'a str>,
}

/// Who calls: by its key, else by the header, else by baggage, else by its user agent.
#[must_use]
pub fn attribute(key: KeyFacts<'_>, headers: &HeaderMap) -> Caller {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    let found = [
        (Source::Key, key.service.and_then(name)),
        (Source::Header, text(SERVICE_HEADER).and_then(name)),
        (Source::Baggage, text("baggage").and_then(in_baggage)),
        (Source::UserAgent, text(USER_AGENT.as_str()).and_then(product)),
    ];
    let (source, service) = found
        .into_iter()
        .find_map(|(source, name)| Some((source, name?)))
        .unwrap_or((Source::Unknown, UNKNOWN.to_owned()));
    Caller { service, source, team: key.team.map(str::to_owned), key: key.id.map(str::to_owned) }
}

/// A usable name: what is too long or not printable is none.
fn name(text: &str) -> Option<String> {
    let text = text.trim();
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':' | ' ');
    (!text.is_empty() && text.len() <= MAX_NAME && text.chars().all(is_plain)).then(|| text.to_owned())
}

/// W3C baggage: `service.name=checkout;property, other=value`, percent-encoded.
fn in_baggage(baggage: &str) -> Option<String> {
    let mut members = baggage.split(',').filter_map(|member| member.split(';').next()?.split_once('='));
    let (_, value) = members.find(|(key, _)| key.trim() == "service.name")?;
    name(&percent_decoded(value.trim())?)
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        rest = others;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, others) = rest.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
        rest = others;
    }
    String::from_utf8(bytes).ok()
}

/// `checkout/1.2 (linux)` is `checkout`; `OpenAI/Python 1.2` is `OpenAI/Python`.
fn product(user_agent: &str) -> Option<String> {
    let first = user_agent.split_whitespace().next()?;
    match first.rsplit_once('/') {
        Some((product, version)) if version.starts_with(|c: char| c.is_ascii_digit()) => name(product),
        _ => name(first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn the_order_is_key_header_baggage_user_agent() {
        let all = headers(&[
            ("x-bellwether-service", "from-header"),
            ("baggage", "a=b, service.name=from%2Dbaggage;x=y"),
            ("user-agent", "from-agent/1.2 (linux)"),
        ]);
        let key = KeyFacts { id: Some("key_1"), service: Some("from-key"), team: Some("tea_1") };
        let caller = attribute(key, &all);
        assert_eq!(
            (caller.service.as_str(), caller.source, caller.team.as_deref(), caller.key.as_deref()),
            ("from-key", Source::Key, Some("tea_1"), Some("key_1"))
        );
        let without_key = attribute(KeyFacts::default(), &all);
        assert_eq!((without_key.service.as_str(), without_key.source), ("from-header", Source::Header));
        let mut fewer = all;
        fewer.remove("x-bellwether-service");
        assert_eq!(attribute(KeyFacts::default(), &fewer).service, "from-baggage");
        fewer.remove("baggage");
        assert_eq!(attribute(KeyFacts::default(), &fewer).service, "from-agent");
        fewer.remove("user-agent");
        let nobody = attribute(KeyFacts::default(), &fewer);
        assert_eq!((nobody.service.as_str(), nobody.source), (UNKNOWN, Source::Unknown));
    }

    #[test]
    fn what_is_no_name_is_not_taken_for_one() {
        let bad = headers(&[
            ("x-bellwether-service", "<script>"),
            ("baggage", "service.name=%zz"),
            ("user-agent", "OpenAI/Python 1.109"),
        ]);
        assert_eq!(attribute(KeyFacts::default(), &bad).service, "OpenAI/Python");
        let long = "x".repeat(65);
        assert_eq!(attribute(KeyFacts::default(), &headers(&[("x-bellwether-service", &long)])).service, UNKNOWN);
    }
}
