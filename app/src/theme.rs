//! Light, dark, or as the system says.
//!
//! Always true: the choice is a cookie, so that the first paint is already right and no script is needed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Name of the cookie.
pub(crate) const COOKIE: &str = "theme";

/// A choice of theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system says.
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    /// In the order they are offered.
    pub(crate) const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// The word in the cookie and in `data-theme`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// How it is called in the interface.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Auto => "Auto",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    /// The cookie that remembers it for a year. Holds no secret, but no script needs it either.
    pub(crate) fn cookie(self) -> String {
        format!("{COOKIE}={self}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly")
    }
}

impl fmt::Display for Theme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Theme {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == word).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_is_its_word() {
        for theme in Theme::ALL {
            assert_eq!(theme.to_string().parse(), Ok(theme));
        }
        assert!("sepia".parse::<Theme>().is_err());
    }
}
