//! The HTTP client for addresses that people typed in.
//!
//! Always true: every address is checked after DNS, so a name cannot smuggle one in; redirects are not followed; what is
//! never a target (link-local with its metadata services, multicast, unspecified) is refused whatever is configured.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Url, redirect};

use crate::error::{Error, Result};

/// Which addresses may be called.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AddressPolicy {
    pub(crate) allow_private: bool,
}

impl AddressPolicy {
    /// Whether the address may be called.
    pub(crate) fn allows(self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        let is_never = ip.is_unspecified()
            || ip.is_multicast()
            || match ip {
                IpAddr::V4(v4) => v4.is_link_local() || v4.is_broadcast() || v4.octets()[0] == 0,
                IpAddr::V6(v6) => v6.is_unicast_link_local() || v6.segments()[..2] == [0xfd00, 0xec2],
            };
        let is_private = ip.is_loopback()
            || match ip {
                IpAddr::V4(v4) => v4.is_private() || is_shared(v4),
                IpAddr::V6(v6) => v6.is_unique_local(),
            };
        !is_never && (self.allow_private || !is_private)
    }
}

/// Carrier-grade NAT, 100.64.0.0/10 (RFC 6598).
fn is_shared(v4: Ipv4Addr) -> bool {
    v4.octets()[0] == 100 && v4.octets()[1] & 0xc0 == 64
}

struct CheckedDns(AddressPolicy);

impl Resolve for CheckedDns {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| policy.allows(address.ip())).collect();
            if allowed.is_empty() {
                return Err(format!("{} has no address that may be called", name.as_str()).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// A client that calls only what the policy allows.
pub(crate) fn client(policy: AddressPolicy) -> Result<Client> {
    let doing = "building the HTTP client";
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Losing the race to install it is fine: whoever won installed the same.
        rustls::crypto::ring::default_provider().install_default().unwrap_or_default();
    }
    Client::builder()
        .dns_resolver(Arc::new(CheckedDns(policy)))
        .redirect(redirect::Policy::none())
        .no_proxy()
        .user_agent(concat!("Bellwether/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(10))
        .pool_idle_timeout(Duration::from_secs(90))
        .pool_max_idle_per_host(2)
        .build()
        .map_err(|e| Error::internal(doing, e))
}

/// Checks an address that stands in the URL itself, which DNS never sees.
pub(crate) fn check_literal(url: &Url, policy: AddressPolicy) -> std::result::Result<(), String> {
    let host = url.host_str().unwrap_or_default();
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    match literal {
        Ok(ip) if !policy.allows(ip) => Err(format!("the address {ip} may not be called")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let table = [
            ("127.0.0.1", true, false),
            ("10.1.2.3", true, false),
            ("100.64.0.1", true, false),
            ("::1", true, false),
            ("fd12::1", true, false),
            ("::ffff:127.0.0.1", true, false),
            ("8.8.8.8", true, true),
            ("2001:4860:4860::8888", true, true),
            ("169.254.169.254", false, false),
            ("::ffff:169.254.169.254", false, false),
            ("fe80::1", false, false),
            ("fd00:ec2::254", false, false),
            ("0.0.0.0", false, false),
            ("224.0.0.1", false, false),
            ("255.255.255.255", false, false),
        ];
        for (text, with_private, without) in table {
            let ip = text.parse().unwrap();
            assert_eq!(AddressPolicy { allow_private: true }.allows(ip), with_private, "{text}");
            assert_eq!(AddressPolicy { allow_private: false }.allows(ip), without, "{text}");
        }
    }

    #[test]
    fn a_decimal_address_in_a_url_is_seen_as_what_it_is() {
        let url = Url::parse("http://2852039166/latest").unwrap();
        assert!(check_literal(&url, AddressPolicy { allow_private: true }).is_err());
    }
}
