//! Who speaks for a site with its secret key.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::ClientAddress;
use crate::error::ApiError;
use crate::ingest::sender;
use crate::sites::Site;
use crate::state::App;

/// The site whose secret key the request carries. Whoever has none, or a wrong one, has few tries.
#[derive(Clone, Debug)]
pub struct SecretKey(pub Arc<Site>);

impl FromRequestParts<App> for SecretKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let secret = sender::secret_of(&parts.headers);
        match secret.and_then(|secret| sender::server(app, &secret).ok()) {
            Some((site, _)) => Ok(Self(site)),
            None => {
                let ClientAddress(address) = ClientAddress::from_request_parts(parts, app).await?;
                app.limits.admit_address(address)?;
                Err(ApiError::UnknownKey)
            }
        }
    }
}
