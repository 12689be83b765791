//! The prompt as visitors see it: a page for a frame, with the widget itself and nothing else on it.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use engine::facts::Facts;
use engine::prompt::{Placement, Prompt};
use maud::{DOCTYPE, html};
use serde::Deserialize;
use serde_json::{Value, json};

use super::edit::prompt_of;
use super::{desk, refused};
use crate::console::access::Here;
use crate::console::layout::file;
use crate::console::people::escape;
use crate::error::ApiError;
use crate::prompts::{Ruleset, templates};
use crate::server::{InPath, InQuery};
use crate::state::App;
use crate::visit;

/// The frame has a script and WebAssembly of ours, and pictures from wherever the prompt has them; our own pages may frame it.
const CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self'; img-src 'self' https: data:; \
                   frame-src https:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; \
                   require-trusted-types-for 'script'; trusted-types 'none'";

#[derive(Deserialize)]
pub struct FrameQuery {
    /// `dark` for a page that is dark, `auto` for one that is as the reader's system.
    #[serde(default)]
    scheme: String,
    /// The user id of the one whose traits its texts say.
    #[serde(default)]
    by: String,
    /// The language it is looked at in; empty for the one it is written in.
    #[serde(default)]
    language: String,
}

/// `GET /s/{site}/prompts/{key}/frame`.
pub async fn frame(
    State(app): State<App>,
    here: Here,
    InPath((_, key)): InPath<(String, String)>,
    InQuery(query): InQuery<FrameQuery>,
) -> Result<Response, ApiError> {
    let work = desk(&app, &here).one(&key).await.map_err(refused)?;
    let (by, language) = (escape(&query.by), escape(&query.language));
    let bundle = here.to(&format!("/prompts/{key}/bundle?by={by}&language={language}"));
    Ok(framed(prompt_of(&work.body).map(|_| key.as_str()), &bundle, &query))
}

/// `GET /s/{site}/prompts/{key}/bundle`: the draft as pages would get it, and the facts of somebody of whom nothing is known but, of a
/// person who is chosen, what texts may say of them.
pub async fn bundle(
    State(app): State<App>,
    here: Here,
    InPath((_, key)): InPath<(String, String)>,
    InQuery(query): InQuery<FrameQuery>,
) -> Result<Json<Value>, ApiError> {
    let work = desk(&app, &here).one(&key).await.map_err(refused)?;
    let prompt = prompt_of(&work.body).ok_or(ApiError::NotFound("whole prompt"))?;
    alone(&app, &here, prompt.in_languages(&[&query.language], ""), &query.by).await
}

/// `GET /s/{site}/templates/{name}/frame`.
pub async fn frame_of_template(
    here: Here,
    InPath((_, name)): InPath<(String, String)>,
    InQuery(query): InQuery<FrameQuery>,
) -> Result<Response, ApiError> {
    let template = templates::one(&name).ok_or(ApiError::NotFound("template"))?;
    let bundle = here.to(&format!("/templates/{name}/bundle"));
    Ok(framed(Some(template.prompt.key.as_str()), &bundle, &query))
}

/// `GET /s/{site}/templates/{name}/bundle`: the template as pages of this site would get it.
pub async fn bundle_of_template(
    State(app): State<App>,
    here: Here,
    InPath((_, name)): InPath<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let template = templates::one(&name).ok_or(ApiError::NotFound("template"))?;
    alone(&app, &here, template.prompt.clone(), "").await
}

/// The page with the widget on it, which shows the prompt `key` of what `bundle` answers; `None`: there is none to show.
fn framed(key: Option<&str>, bundle: &str, query: &FrameQuery) -> Response {
    let shown = key.zip(crate::assets::parts());
    let scheme = Some(query.scheme.as_str()).filter(|scheme| ["dark", "auto"].contains(scheme));
    let page = html! {
        (DOCTYPE)
        html lang="en" class=[scheme] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Preview" }
                link rel="stylesheet" href=(file("preview.css"));
            }
            body {
                @match shown {
                    Some((key, parts)) => {
                        div.page aria-hidden="true" { div.block {} div.line {} div.line {} div.line.half {} }
                        div #slot {}
                        div.page aria-hidden="true" { div.line {} div.line {} div.line.half {} }
                        script src=(file("preview.js")) data-at=(parts.widget.path()) data-bundle=(bundle) data-key=(key) {}
                    }
                    None => p { "There is nothing to see yet: the prompt is not whole." },
                }
            }
        }
    };
    let mut response = page.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    response
}

/// What the widget of a frame is told: this prompt and no other, with the site's look.
async fn alone(app: &App, here: &Here, mut prompt: Prompt, by: &str) -> Result<Json<Value>, ApiError> {
    // The page of the frame has one element of its own for what stands in a page.
    if let Placement::Inline(selector) = &mut prompt.placement {
        *selector = "#slot".to_owned();
    }
    // What it waits for on other pages would keep it from this one.
    prompt.hold_while.clear();
    let live = app.rulesets.of(&app.db, &here.site).await?;
    let shown = Ruleset::new(live.settings.clone(), vec![prompt], Vec::new());
    // A link to pass on is shown to those who have a code.
    let referral = Some("preview".to_owned());
    let (now, bundle) = (here.site.now(&app.clock), shown.bundle.version.clone());
    let person = (!by.is_empty()).then(|| format!("p:{by}"));
    let conn = &mut app.db.read().await?;
    let traits = visit::public_traits(&mut conn.conn(), &here.site.id, &shown, person.as_deref()).await?;
    let facts = Facts { now, bundle, referral, traits, ..Facts::default() };
    Ok(Json(json!({ "facts": facts, "prompts": shown.bundle })))
}
