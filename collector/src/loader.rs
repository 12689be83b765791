//! `GET /w/{key}.js`: the loader with one site's settings in it.
//!
//! Addresses in it come from the public URL, never from the request's Host: a cache in between could be made to keep a
//! stranger's.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;

use crate::assets::Parts;
use crate::encoding::Encoded;
use crate::error::ApiError;
use crate::state::App;

/// The token in the loader's source that becomes the settings.
const TOKEN: &str = "__WAYMARK__";

/// What the loader is told about its site.
#[derive(Serialize)]
struct Settings<'a> {
    key: &'a str,
    url: &'a str,
    glue: String,
    wasm: String,
}

/// Loaders by site key. They depend on nothing that changes while the process runs, so each is made once.
#[derive(Debug, Default)]
pub struct Loaders(RwLock<HashMap<String, Arc<Encoded>>>);

impl Loaders {
    fn of(&self, key: &str, public_url: &str, parts: &Parts) -> Arc<Encoded> {
        if let Some(ready) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(key) {
            return ready.clone();
        }
        let ready = Arc::new(make(key, public_url, parts));
        self.0.write().unwrap_or_else(PoisonError::into_inner).entry(key.to_owned()).or_insert(ready).clone()
    }
}

fn make(key: &str, public_url: &str, parts: &Parts) -> Encoded {
    let settings =
        Settings { key, url: public_url, glue: format!("/a/{}", parts.glue), wasm: format!("/a/{}", parts.wasm) };
    let settings = serde_json::to_string(&settings).unwrap_or_default();
    let text = parts.loader.replace(TOKEN, &settings);
    Encoded::new(text.into())
}

/// The loader of the site with this key; 304 where the browser has it already.
pub fn serve(app: &App, key: &str, headers: &HeaderMap) -> Result<Response, ApiError> {
    let site = app.sites.by_key(key).ok_or(ApiError::NotFound("site"))?;
    let parts = app.assets.parts().ok_or_else(|| {
        ApiError::Internal(
            "this binary was built without the widget: run `cargo xtask run`, or use a release".to_owned(),
        )
    })?;
    let ready = app.loaders.of(&site.key, &app.public_url, &parts);
    Ok(ready.respond(headers, "text/javascript; charset=utf-8", "public, max-age=300, stale-while-revalidate=86400"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARTS: Parts = Parts { loader: "start(__WAYMARK__);", glue: "waymark-1.js", wasm: "waymark-1_bg.wasm" };

    #[test]
    fn the_settings_stand_where_the_token_was() {
        let ready = make("wk_demo", "https://w.example", &PARTS);
        assert_eq!(
            ready.plain(),
            r#"start({"key":"wk_demo","url":"https://w.example","glue":"/a/waymark-1.js","wasm":"/a/waymark-1_bg.wasm"});"#
        );
        assert_ne!(make("wk_other", "https://w.example", &PARTS).etag(), ready.etag());
    }
}
