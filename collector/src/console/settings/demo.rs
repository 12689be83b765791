//! The demo, loaded and taken away by a button: for who wants to look around before anything of theirs is there.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use crate::console::access::{Here, Who};
use crate::demo;
use crate::error::ApiError;
use crate::state::App;

/// The button that loads it.
pub fn load_form() -> Markup {
    html! {
        form.stack method="post" action="/sites/demo" {
            p { "The demo is a shop with sixty made-up customers, their stages, and prompts that were shown to them. It stands beside your sites and goes by one click." }
            button.quiet type="submit" { "Load the demo" }
        }
    }
}

/// The button that takes it away.
pub fn remove_form() -> Markup {
    html! {
        form method="post" action="/sites/demo/remove" { button.quiet type="submit" { "Remove the demo" } }
    }
}

/// What owners of the installation see of it among the settings.
pub fn section(app: &App, here: &Here) -> Markup {
    if !here.member.is_owner {
        return html! {};
    }
    html! {
        h2 { "Demo" }
        @if demo::is_loaded(app) {
            p.hint { "The demo is there. Removing it takes its sites, its customers and all that happened there, and nothing of yours." }
            (remove_form())
        } @else { (load_form()) }
    }
}

/// What the first page of the demo says on top.
pub fn notice(app: &App, here: &Here, has_customers: bool) -> Markup {
    if !demo::is_site(&here.site) {
        return html! {};
    }
    html! {
        div.done.demo {
            p { "This is the demo: its customers are made up. " a href={ (app.public_url) "/demo/shop/#demo" } target="_blank" rel="noopener" { "Visit the shop" }
                " as one of them: a panel beside it jumps ahead in time and plays what the shop's servers would send." }
            @if here.member.is_owner {
                @if !has_customers { form method="post" action="/sites/demo" { button.quiet type="submit" { "Add sixty made-up customers" } } }
                (remove_form())
            }
        }
    }
}

/// `POST /sites/demo`.
pub async fn load(State(app): State<App>, Who(member): Who) -> Result<Response, ApiError> {
    demo::load(&app, &member).await?;
    Ok(Redirect::to(&format!("/s/{}", demo::SITE)).into_response())
}

/// `POST /sites/demo/remove`.
pub async fn remove(State(app): State<App>, Who(member): Who) -> Result<Response, ApiError> {
    demo::remove(&app, &member).await?;
    Ok(Redirect::to("/").into_response())
}
