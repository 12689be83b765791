//! Who speaks for a site with its secret key.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::ClientAddress;
use crate::auth::ServerKey;
use crate::error::ApiError;
use crate::ingest::sender;
use crate::state::App;

/// The secret key that the request carries; what it may do, the handler asks. Whoever has none, or a wrong one, has few tries.
#[derive(Clone, Debug)]
pub struct SecretKey(pub ServerKey);

impl FromRequestParts<App> for SecretKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let secret = sender::secret_of(&parts.headers);
        match secret.and_then(|secret| sender::key_of(app, &secret).ok()) {
            Some(key) => Ok(Self(key)),
            None => {
                let ClientAddress(address) = ClientAddress::from_request_parts(parts, app).await?;
                app.limits.admit_address(address)?;
                Err(ApiError::UnknownKey)
            }
        }
    }
}
