//! Slows guessing down: after some failures an e-mail or an address has to wait, twice as long each time.
//!
//! Always true: the wait is at most fifteen minutes, so nobody can be locked out for good by somebody else; it survives
//! a restart; an unknown e-mail waits like a known one.

use std::net::IpAddr;
use std::time::Duration;

use super::store;
use crate::context::Context;
use crate::error::{Error, Result};

const FREE_BY_EMAIL: i32 = 5;
const FREE_BY_ADDRESS: i32 = 20;
const MAX_WAIT_SECS: u64 = 15 * 60;

fn subjects(email: &str, ip: Option<IpAddr>) -> Vec<(String, i32)> {
    let by_email = (!email.is_empty()).then(|| (format!("email:{email}"), FREE_BY_EMAIL));
    let by_address = ip.map(|ip| (format!("ip:{ip}"), FREE_BY_ADDRESS));
    by_email.into_iter().chain(by_address).collect()
}

/// Seconds to wait after so many failures when `free` of them cost nothing.
fn wait_secs(failures: i32, free: i32) -> u64 {
    match u32::try_from(failures - free) {
        Ok(over @ 0..=20) => (1 << over).min(MAX_WAIT_SECS),
        Ok(_) => MAX_WAIT_SECS,
        Err(_) => 0,
    }
}

/// Refuses while the e-mail or the address has to wait.
pub(super) async fn check(context: &Context, email: &str, ip: Option<IpAddr>) -> Result<()> {
    let now = context.now();
    for (subject, _) in subjects(email, ip) {
        let blocked_until = store::find_throttle(context.db.read(), &subject).await?.map(|(_, until)| until);
        if let Some(until) = blocked_until.filter(|until| *until > now) {
            let wait_ms = (until - now).num_milliseconds().unsigned_abs();
            let retry_after_secs = wait_ms.div_ceil(1_000).max(1);
            let message = format!("too many failed attempts; try again in {retry_after_secs} s");
            return Err(Error::RateLimited { message, retry_after_secs, rate: None });
        }
    }
    Ok(())
}

/// Counts a failure and sets the wait.
pub(super) async fn note_failure(context: &Context, email: &str, ip: Option<IpAddr>) -> Result<()> {
    for (subject, free) in subjects(email, ip) {
        let failures = store::find_throttle(context.db.read(), &subject).await?.map_or(0, |(failures, _)| failures) + 1;
        let until = context.now() + Duration::from_secs(wait_secs(failures, free));
        store::set_throttle(context.db.write(), &subject, failures, until).await?;
    }
    Ok(())
}

/// A success clears the e-mail's count; the address keeps its own.
pub(super) async fn forget(context: &Context, email: &str) -> Result<()> {
    store::delete_throttle(context.db.write(), &format!("email:{email}")).await
}

#[cfg(test)]
mod tests {
    use super::wait_secs;

    #[test]
    fn the_wait_doubles_and_is_bounded() {
        let waits: Vec<_> = [1, 4, 5, 6, 7, 14, 15, 40, i32::MAX].map(|n| wait_secs(n, 5)).into();
        assert_eq!(waits, [0, 0, 1, 2, 4, 512, 900, 900, 900]);
    }
}
