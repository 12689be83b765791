//! `GET /w/{key}.js`: the loader with one site's settings in it.
//!
//! Addresses in it come from the public URL, never from the request's Host: a cache in between could be made to keep a
//! stranger's.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use axum::http::{HeaderMap, header};
use axum::response::Response;
use engine::nocode::{NamedEvent, When};
use engine::prompt::{Moment, Prompt};
use serde_json::Value;

use crate::addresses::Addresses;
use crate::agent::Client;
use crate::assets::{self, Parts};
use crate::encoding::Encoded;
use crate::error::ApiError;
use crate::origin;
use crate::prompts::{ConsentFrom, Engine, Ruleset, Settings};
use crate::state::App;

/// The token in the loader's source that becomes the settings: key, address of this collector, the module's without its ending, and what only
/// some sites need.
const TOKEN: &str = "...__WAYMARK__";
/// The token behind it that becomes the list of what the page has to look for.
const EVENTS: &str = "__EVENTS__";

/// The token before it that becomes the name of the list where Consent Mode is told.
const LAYER: &str = "__LAYER__";

/// What a loader depends on. Nothing else in it changes while the process runs.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Needs {
    /// What the page has to look for.
    events: Vec<NamedEvent>,
    /// Whether prompts wait for what a page is called.
    names: bool,
    /// Whether visitors are known by a cookie.
    cookie: bool,
    /// As what modules run.
    engine: Engine,
    /// Who says what visitors have agreed to.
    consent: ConsentFrom,
    /// The list where that is said.
    layer: String,
}

impl Needs {
    fn of(ruleset: &Ruleset) -> Needs {
        let events = &ruleset.settings.events;
        let is_page = |name: &str| events.iter().any(|event| event.name == name && matches!(event.when, When::Page(_)));
        let waits = |prompt: &Prompt| {
            let moment = match &prompt.moment {
                Moment::Event(happens) => Some(happens),
                _ => None,
            };
            prompt.cancel_on.iter().chain(moment).any(|happens| is_page(&happens.name))
        };
        let names = ruleset.prompts.iter().any(waits);
        let Settings { cookie, engine, consent, data_layer, .. } = &ruleset.settings;
        let layer = data_layer.name().to_owned();
        Needs { events: events.clone(), names, cookie: *cookie, engine: *engine, consent: *consent, layer }
    }

    /// Whether the plain loader is not enough.
    fn more(&self) -> bool {
        self.names || self.cookie || self.engine != Engine::Auto
    }
}

/// Loaders by site key, each with what it was made of; made once.
#[derive(Debug, Default)]
pub struct Loaders(RwLock<HashMap<String, (Needs, Arc<Encoded>)>>);

impl Loaders {
    fn of(&self, key: &str, addresses: &Addresses, needs: Needs, parts: &Parts) -> Arc<Encoded> {
        if let Some((made_of, ready)) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(key)
            && *made_of == needs
        {
            return ready.clone();
        }
        let ready = Arc::new(make(key, addresses, &needs, parts));
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(key.to_owned(), (needs, ready.clone()));
        ready
    }
}

fn make(key: &str, addresses: &Addresses, needs: &Needs, parts: &Parts) -> Encoded {
    // Arguments, and not an object with names for them: those would travel twice.
    let mut settings: Vec<Value> = [key, addresses.base(), &parts.widget.path()].map(Value::from).into();
    let engine = match needs.engine {
        Engine::Auto => None,
        Engine::Wasm => Some(0.into()),
        Engine::Js => Some(assets::PLAIN.into()),
    };
    if needs.cookie || engine.is_some() {
        settings.push(i32::from(needs.cookie).into());
    }
    settings.extend(engine);
    let settings = settings.iter().map(Value::to_string).collect::<Vec<_>>().join(",");
    let loader = if needs.more() { parts.more } else { parts.loader };
    let mut text = match needs.consent {
        ConsentFrom::Page => String::new(),
        ConsentFrom::ConsentMode => parts.consent_mode.replace(LAYER, &Value::from(needs.layer.as_str()).to_string()),
        ConsentFrom::Tcf => parts.tcf.to_owned(),
    };
    text.push_str(&addresses.told(loader).replace(TOKEN, &settings));
    let on_page = needs.events.iter().filter_map(|event| event.when.on_page().zip(Some(event.name.as_str())));
    let looked_for: Vec<(&str, &str, &str)> = on_page.map(|((kind, selector), name)| (kind, selector, name)).collect();
    if !looked_for.is_empty() {
        let list = serde_json::to_string(&looked_for).unwrap_or_default();
        // JSON may hold these two as they are; scripts of before 2019 may not.
        let list = list.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
        text.push_str(&parts.events.replace(EVENTS, &list));
    }
    Encoded::new(text.into())
}

/// The loader of the site with this key; 304 where the browser has it already. Which page asks is remembered for the console, and so is a
/// key that belongs to no site.
pub async fn serve(app: &App, key: &str, headers: &HeaderMap) -> Result<Response, ApiError> {
    let page = asking(headers).filter(|_| !Client::of(headers).is_bot());
    let Some(site) = app.sites.by_key(key) else {
        if let Some(origin) = page {
            app.refusals.key(origin, key, app.clock.now());
        }
        return Err(ApiError::NotFound("site"));
    };
    if let Some(origin) = page {
        app.sightings.asked(&site.id, origin, app.clock.now());
    }
    let parts = app.assets.parts().ok_or_else(|| {
        ApiError::Internal(
            "this binary was built without the widget: run `cargo xtask run`, or use a release".to_owned(),
        )
    })?;
    let ruleset = app.rulesets.of(&app.db, &site).await?;
    let ready = app.loaders.of(&site.key, &app.addresses, Needs::of(&ruleset), &parts);
    let caching = "public, max-age=300, stale-while-revalidate=86400";
    let mut response = ready.respond(headers, "text/javascript; charset=utf-8", caching);
    assets::for_any_tag(response.headers_mut());
    Ok(response)
}

/// The origin of the page that asks for a script, as far as browsers tell.
fn asking(headers: &HeaderMap) -> Option<&str> {
    origin::of_address(headers.get(header::REFERER)?.to_str().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::Module;

    const WIDGET: Module = Module("waymark-1");
    const PARTS: Parts = Parts {
        loader: "start(...__WAYMARK__);",
        more: "more(...__WAYMARK__);",
        events: "look(__EVENTS__);",
        consent_mode: "follow(__LAYER__);",
        tcf: "ask();",
        widget: WIDGET,
        contents: WIDGET,
        page: WIDGET,
        overlay: WIDGET,
    };

    fn usual() -> Addresses {
        Addresses::new("u", "")
    }

    #[test]
    fn the_settings_stand_where_the_token_was() {
        let nothing = Needs::default();
        let addresses = Addresses::new("https://w.example", "");
        let ready = make("wk_demo", &addresses, &nothing, &PARTS);
        assert_eq!(ready.plain(), r#"start("wk_demo","https://w.example","/a/waymark-1");"#);
        assert_ne!(make("wk_other", &addresses, &nothing, &PARTS).etag(), ready.etag());
    }

    #[test]
    fn only_who_needs_more_gets_more() {
        let text = |needs: Needs| String::from_utf8(make("wk", &usual(), &needs, &PARTS).plain().to_vec()).unwrap();
        let with_cookie = Needs { cookie: true, ..Needs::default() };
        assert_eq!(text(with_cookie), r#"more("wk","u","/a/waymark-1",1);"#);
        assert_eq!(text(Needs { names: true, ..Needs::default() }), r#"more("wk","u","/a/waymark-1");"#);
        let engine = |engine| text(Needs { engine, ..Needs::default() });
        assert_eq!(engine(Engine::Auto), r#"start("wk","u","/a/waymark-1");"#);
        assert_eq!(engine(Engine::Wasm), r#"more("wk","u","/a/waymark-1",0,0);"#);
        assert_eq!(engine(Engine::Js), r#"more("wk","u","/a/waymark-1",0,".plain.js");"#);
    }

    #[test]
    fn who_says_what_is_agreed_to_goes_first() {
        let text = |consent| {
            let needs = Needs { consent, layer: "dataLayer".to_owned(), ..Needs::default() };
            String::from_utf8(make("wk", &usual(), &needs, &PARTS).plain().to_vec()).unwrap()
        };
        let loader = text(ConsentFrom::Page);
        assert_eq!(text(ConsentFrom::Tcf), ["ask();", &loader].concat());
        assert_eq!(text(ConsentFrom::ConsentMode), [r#"follow("dataLayer");"#, &loader].concat());
    }

    #[test]
    fn what_the_page_has_to_look_for_stands_behind_it_and_costs_others_nothing() {
        let named = |json: &str| Needs { events: serde_json::from_str(json).unwrap(), ..Needs::default() };
        let plain = make("wk", &usual(), &Needs::default(), &PARTS).plain().to_vec();
        let pages = named(r#"[{"name": "Pricing Seen", "when": {"page": "/pricing"}}]"#);
        assert_eq!(make("wk", &usual(), &pages, &PARTS).plain().to_vec(), plain, "pages are named elsewhere");
        let clicks = named("[{\"name\": \"B \\\"x\\\" \u{2028}\", \"when\": {\"click\": \"#buy\"}}]");
        let script = make("wk", &usual(), &clicks, &PARTS);
        let script = String::from_utf8(script.plain().to_vec()).unwrap();
        assert!(script.ends_with(r##"look([["click","#buy","B \"x\" \u2028"]]);"##), "{script}");
    }
}
