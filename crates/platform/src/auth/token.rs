//! The JWT that names a session.
//!
//! Always true: signed with HS256 under a key that is sealed in the database; any other algorithm is refused.

use domain::Time;
use domain::ids::{SessionId, UserId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Signs and verifies tokens.
#[derive(Clone)]
pub(crate) struct TokenKey {
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl std::fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenKey(…)")
    }
}

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) sub: UserId,
    pub(super) sid: SessionId,
    /// Unix seconds.
    pub(super) iat: i64,
    /// Unix seconds.
    pub(super) exp: i64,
}

impl TokenKey {
    pub(crate) fn new(secret: &[u8]) -> Self {
        Self { encoding: EncodingKey::from_secret(secret), decoding: DecodingKey::from_secret(secret) }
    }

    pub(super) fn sign(&self, claims: &Claims) -> Result<String> {
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &self.encoding)
            .map_err(|e| Error::internal("signing a token", e))
    }

    /// The claims, if the signature is ours and the time is not over.
    pub(super) fn verify(&self, token: &str, now: Time) -> Option<Claims> {
        let mut validation = Validation::new(Algorithm::HS256);
        // Expiry is judged by our clock, which tests can move.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &validation).ok()?.claims;
        (claims.exp > now.timestamp()).then_some(claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_ms;

    #[test]
    fn a_token_is_good_until_it_ends_and_only_under_its_key() {
        let key = TokenKey::new(&[1; 32]);
        let claims =
            Claims { sub: uuid::Uuid::from_u128(1).into(), sid: uuid::Uuid::from_u128(2).into(), iat: 10, exp: 20 };
        let token = key.sign(&claims).unwrap();
        assert_eq!(key.verify(&token, from_ms(19_000)), Some(claims));
        assert_eq!(key.verify(&token, from_ms(20_000)), None);
        assert_eq!(TokenKey::new(&[2; 32]).verify(&token, from_ms(0)), None);
        let none = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.";
        assert_eq!(key.verify(none, from_ms(0)), None);
    }
}
