//! Who sends: a page with the public write key, from an origin of the site's list; or a server with the secret key.

use std::borrow::Cow;
use std::sync::Arc;

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use engine::event::Sender;

use crate::auth::{Scope, ServerKey};
use crate::error::ApiError;
use crate::sites::Site;
use crate::state::App;

/// Base64 with or without padding: clients differ.
const STANDARD_LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The secret key that a request carries, if any: `Bearer sk_…`, or `Basic` with the key as user name, where Segment's
/// protocol has it.
pub fn secret_of(headers: &HeaderMap) -> Option<Cow<'_, str>> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = value.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Cow::Borrowed(rest.trim()));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let mut text = String::from_utf8(STANDARD_LENIENT.decode(rest.trim()).ok()?).ok()?;
    text.truncate(text.find(':').unwrap_or(text.len()));
    Some(Cow::Owned(text))
}

/// What a server's secret key opens.
pub fn key_of(app: &App, secret: &str) -> Result<ServerKey, ApiError> {
    let key = app.sites.by_secret(secret).ok_or(ApiError::UnknownKey)?;
    app.key_uses.used(&key.hash, app.clock.now());
    Ok(key)
}

/// The site that a server with this secret key sends events of.
pub fn server(app: &App, secret: &str) -> Result<(Arc<Site>, Sender), ApiError> {
    Ok((key_of(app, secret)?.may(Scope::Events)?, Sender::Server))
}

/// The site of a page's write key, if the page's origin may send for it. A refused origin is remembered for the console, and so is a key
/// that belongs to no site.
pub fn browser(app: &App, key: Option<&str>, origin: Option<&str>) -> Result<(Arc<Site>, Sender), ApiError> {
    let Some(site) = key.and_then(|key| app.sites.by_key(key)) else {
        if let (Some(key), Some(origin)) = (key, origin) {
            app.refusals.key(origin, key, app.clock.now());
        }
        return Err(ApiError::UnknownKey);
    };
    // No Origin header: not a page but a program with the public key; it gets no more than a page would.
    let Some(origin) = origin else { return Ok((site, Sender::Browser)) };
    if !site.allows(origin) {
        metrics::counter!("waymark_origin_refused_total").increment(1);
        app.refusals.origin(&site.id, origin, site.now(&app.clock));
        return Err(ApiError::OriginRefused(origin.chars().take(200).collect()));
    }
    app.sightings.came(&site.id, origin, app.clock.now());
    Ok((site, Sender::Browser))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_key_stands_where_segment_puts_its_key() {
        for (header, secret) in [
            ("Bearer sk_abc", Some("sk_abc")),
            ("bearer sk_abc", Some("sk_abc")),
            ("Basic c2tfYWJjOg==", Some("sk_abc")),
            ("Basic c2tfYWJj", Some("sk_abc")),
            ("Basic !!", None),
            ("Digest x", None),
            ("sk_abc", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, header.parse().unwrap());
            assert_eq!(secret_of(&headers).as_deref(), secret, "{header}");
        }
    }
}
