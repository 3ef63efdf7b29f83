//! The session cookie of browsers.
//!
//! Always true: `HttpOnly`, `SameSite=Lax`, whole site; over https also Secure with the `__Host-` prefix.

use domain::user::LoggedIn;

use super::Auth;

const PLAIN: &str = "bellwether_session";
const HOST: &str = "__Host-bellwether_session";

impl Auth {
    fn is_secure(&self) -> bool {
        self.context.config.public_url.starts_with("https:")
    }

    /// The cookie's name on this installation.
    #[must_use]
    pub fn cookie_name(&self) -> &'static str {
        if self.is_secure() { HOST } else { PLAIN }
    }

    /// A `Set-Cookie` value that keeps the log-in until it ends.
    #[must_use]
    pub fn session_cookie(&self, logged_in: &LoggedIn) -> String {
        let seconds = (logged_in.expires_at - self.context.now()).num_seconds().max(0);
        self.cookie(&logged_in.token, seconds)
    }

    /// A `Set-Cookie` value that forgets the log-in.
    #[must_use]
    pub fn clear_session_cookie(&self) -> String {
        self.cookie("", 0)
    }

    fn cookie(&self, value: &str, max_age: i64) -> String {
        let secure = if self.is_secure() { "; Secure" } else { "" };
        format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}", self.cookie_name())
    }
}
