//! `GET /w/{key}.js`: the loader with one site's settings in it.
//!
//! Addresses in it come from the public URL, never from the request's Host: a cache in between could be made to keep a
//! stranger's.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use axum::http::HeaderMap;
use axum::response::Response;
use engine::nocode::NamedEvent;
use serde::Serialize;

use crate::assets::Parts;
use crate::encoding::Encoded;
use crate::error::ApiError;
use crate::state::App;

/// The token in the loader's source that becomes the settings.
const TOKEN: &str = "__WAYMARK__";
/// The token behind it that becomes the list of what the page has to look for.
const EVENTS: &str = "__EVENTS__";

/// What the loader is told about its site.
#[derive(Serialize)]
struct Settings<'a> {
    key: &'a str,
    url: &'a str,
    glue: String,
    wasm: String,
}

/// Loaders by site key, each with what its page has to look for. They depend on nothing else that changes while the process runs, so
/// each is made once.
#[derive(Debug, Default)]
pub struct Loaders(RwLock<HashMap<String, Ready>>);

/// What a page has to look for, and the loader that tells it.
type Ready = (Vec<NamedEvent>, Arc<Encoded>);

impl Loaders {
    fn of(&self, key: &str, public_url: &str, events: &[NamedEvent], parts: &Parts) -> Arc<Encoded> {
        if let Some((looked_for, ready)) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(key)
            && looked_for == events
        {
            return ready.clone();
        }
        let ready = Arc::new(make(key, public_url, events, parts));
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(key.to_owned(), (events.to_vec(), ready.clone()));
        ready
    }
}

fn make(key: &str, public_url: &str, events: &[NamedEvent], parts: &Parts) -> Encoded {
    let [glue, wasm] = parts.widget.paths();
    let settings = Settings { key, url: public_url, glue, wasm };
    let settings = serde_json::to_string(&settings).unwrap_or_default();
    let mut text = parts.loader.replace(TOKEN, &settings);
    let on_page = events.iter().filter_map(|event| event.when.on_page().zip(Some(event.name.as_str())));
    let looked_for: Vec<(&str, &str, &str)> = on_page.map(|((kind, selector), name)| (kind, selector, name)).collect();
    if !looked_for.is_empty() {
        let list = serde_json::to_string(&looked_for).unwrap_or_default();
        // JSON may hold these two as they are; scripts of before 2019 may not.
        let list = list.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
        text.push_str(&parts.events.replace(EVENTS, &list));
    }
    Encoded::new(text.into())
}

/// The loader of the site with this key; 304 where the browser has it already.
pub async fn serve(app: &App, key: &str, headers: &HeaderMap) -> Result<Response, ApiError> {
    let site = app.sites.by_key(key).ok_or(ApiError::NotFound("site"))?;
    let parts = app.assets.parts().ok_or_else(|| {
        ApiError::Internal(
            "this binary was built without the widget: run `cargo xtask run`, or use a release".to_owned(),
        )
    })?;
    let ruleset = app.rulesets.of(&app.db, &site).await?;
    let ready = app.loaders.of(&site.key, &app.public_url, &ruleset.settings.events, &parts);
    Ok(ready.respond(headers, "text/javascript; charset=utf-8", "public, max-age=300, stale-while-revalidate=86400"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::Module;

    const WIDGET: Module = Module { glue: "waymark-1.js", wasm: "waymark-1_bg.wasm" };
    const PARTS: Parts = Parts {
        loader: "start(__WAYMARK__);",
        events: "look(__EVENTS__);",
        widget: WIDGET,
        contents: WIDGET,
        page: WIDGET,
    };

    #[test]
    fn the_settings_stand_where_the_token_was() {
        let ready = make("wk_demo", "https://w.example", &[], &PARTS);
        assert_eq!(
            ready.plain(),
            r#"start({"key":"wk_demo","url":"https://w.example","glue":"/a/waymark-1.js","wasm":"/a/waymark-1_bg.wasm"});"#
        );
        assert_ne!(make("wk_other", "https://w.example", &[], &PARTS).etag(), ready.etag());
    }

    #[test]
    fn what_the_page_has_to_look_for_stands_behind_it_and_costs_others_nothing() {
        let named = |json: &str| serde_json::from_str::<Vec<NamedEvent>>(json).unwrap();
        let plain = make("wk", "u", &[], &PARTS).plain().to_vec();
        let pages = named(r#"[{"name": "Pricing Seen", "when": {"page": "/pricing"}}]"#);
        assert_eq!(make("wk", "u", &pages, &PARTS).plain().to_vec(), plain, "pages are named elsewhere");
        let clicks = named("[{\"name\": \"B \\\"x\\\" \u{2028}\", \"when\": {\"click\": \"#buy\"}}]");
        let script = make("wk", "u", &clicks, &PARTS);
        let script = String::from_utf8(script.plain().to_vec()).unwrap();
        assert!(script.ends_with(r##"look([["click","#buy","B \"x\" \u2028"]]);"##), "{script}");
    }
}
