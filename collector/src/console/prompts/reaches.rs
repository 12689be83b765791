//! Whom each published prompt reaches, for the list of prompts, which comes first and asks for this.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use engine::Key;
use maud::{Markup, html};

use super::reach::about;
use crate::console::access::Here;
use crate::error::ApiError;
use crate::reach::of_published;
use crate::state::App;

/// `GET /s/{site}/reaches`.
pub async fn show(State(app): State<App>, here: Here) -> Result<Response, ApiError> {
    let all = of_published(&app, &here.site).await?;
    let content = html! {
        @for (key, reach) in all.iter() {
            output.none[reach.shown.is_empty()] id=(reach_of(key.as_str())) hx-swap-oob="true" { (about(reach.shown.len(), reach)) }
        }
    };
    Ok(content.into_response())
}

/// The number of a prompt, or the place where it will stand.
pub fn cell(here: &Here, key: &str, is_live: bool) -> Markup {
    html! {
        @if is_live {
            a href=(here.to(&format!("/prompts/{key}/reach"))) { output id=(reach_of(key)) { "…" } }
        } @else { "–" }
    }
}

/// What fills the cells.
pub fn asked_for(here: &Here) -> Markup {
    html! { span hx-get=(here.to("/reaches")) hx-trigger="load" hx-swap="none" {} }
}

fn reach_of(key: &str) -> String {
    match Key::parse(key) {
        Some(key) => format!("reach-{key}"),
        None => String::new(),
    }
}
