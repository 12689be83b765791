//! Setting the password by the one-time link, signing in, signing out.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::access::own_page;
use super::layout::card;
use crate::auth::{self, Password, Session};
use crate::error::ApiError;
use crate::server::{ClientAddress, InQuery, Submitted};
use crate::state::App;
use crate::store;

#[derive(Deserialize)]
pub struct SetupQuery {
    #[serde(default)]
    token: String,
}

/// `GET /setup?token=...`.
pub async fn setup_page(
    State(app): State<App>,
    client: ClientAddress,
    InQuery(query): InQuery<SetupQuery>,
) -> Result<Response, ApiError> {
    app.limits.admit_login(client.0)?;
    if !auth::link_is_good(&app.db, &query.token, &app.clock).await? {
        return Ok(used_up());
    }
    Ok(card("Set the password", &setup_form(&query.token, app.config.console.password_characters, None)))
}

#[derive(Deserialize)]
pub struct SetupForm {
    token: String,
    password: String,
    again: String,
}

/// `POST /setup`.
pub async fn setup(
    State(app): State<App>,
    client: ClientAddress,
    Submitted(form): Submitted<SetupForm>,
) -> Result<Response, ApiError> {
    app.limits.admit_login(client.0)?;
    let characters_min = app.config.console.password_characters;
    let password = match Password::choose(&form.password, &form.again, characters_min) {
        Ok(password) => password,
        Err(sentence) => {
            let again = card("Set the password", &setup_form(&form.token, characters_min, Some(&sentence)));
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
        }
    };
    if !auth::set_password_by_link(&app.db, &form.token, &password, &app.clock).await? {
        return Ok(used_up());
    }
    tracing::info!("the administrator's password was set");
    signed_in(&app, "/").await
}

#[derive(Deserialize)]
pub struct LoginQuery {
    #[serde(default)]
    next: String,
}

/// `GET /login`.
pub async fn login_page(State(app): State<App>, InQuery(query): InQuery<LoginQuery>) -> Result<Response, ApiError> {
    if store::admin::password_hash(&mut app.db.read().await?.conn()).await?.is_none() {
        return Ok(card(
            "Set the password first",
            &html! {
                h1 { "Nobody has set a password yet" }
                p { "When Waymark started, it printed a link to do that, in its terminal or its log. Open that link." }
                p.hint { "It works for an hour. After that start Waymark again, and it prints a new one." }
            },
        ));
    }
    Ok(card("Sign in", &login_form(own_page(&query.next), None)))
}

#[derive(Deserialize)]
pub struct LoginForm {
    password: String,
    #[serde(default)]
    next: String,
}

/// `POST /login`.
pub async fn login(
    State(app): State<App>,
    client: ClientAddress,
    Submitted(form): Submitted<LoginForm>,
) -> Result<Response, ApiError> {
    app.limits.admit_login(client.0)?;
    let next = own_page(&form.next);
    let right = match Password::given(&form.password) {
        Some(password) => auth::password_is_right(&app.db, &password).await?,
        None => false,
    };
    if !right {
        let again = card("Sign in", &login_form(next, Some("This is not the password.")));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    signed_in(&app, next).await
}

/// `POST /logout`.
pub async fn logout(State(app): State<App>, headers: HeaderMap) -> Result<Response, ApiError> {
    if let Some(session) = Session::of(&app, &headers).await? {
        session.end(&app).await?;
    }
    Ok(([(header::SET_COOKIE, auth::ended_cookie(&app))], Redirect::to("/login")).into_response())
}

async fn signed_in(app: &App, next: &str) -> Result<Response, ApiError> {
    let session = Session::open(app).await?;
    Ok(([(header::SET_COOKIE, auth::cookie_of(app, &session))], Redirect::to(next)).into_response())
}

fn used_up() -> Response {
    let page = card(
        "This link is used up",
        &html! {
            h1 { "This link is used up" }
            p { "A link to set the password works once, and for an hour." }
            p { a.button href="/login" { "Sign in" } }
            p.hint { "No password yet? Start Waymark again, and it prints a new link. A lost password is replaced the same way, with "
                code { "waymark serve --new-password" } "." }
        },
    );
    (StatusCode::GONE, page).into_response()
}

fn setup_form(token: &str, characters_min: usize, wrong: Option<&str>) -> Markup {
    html! {
        h1 { "Choose a password" }
        p { "It opens this console. At least " (characters_min) " characters; three or four words are easy to remember." }
        form.stack method="post" action="/setup" {
            input type="hidden" name="token" value=(token);
            // Password managers ask for a name to keep it under.
            input type="hidden" name="username" value="admin" autocomplete="username";
            (field("password", "Password", "new-password", wrong))
            (field("again", "The same again", "new-password", None))
            button type="submit" { "Set the password" }
        }
    }
}

fn login_form(next: &str, wrong: Option<&str>) -> Markup {
    html! {
        h1 { "Sign in" }
        form.stack method="post" action="/login" {
            input type="hidden" name="next" value=(next);
            input type="hidden" name="username" value="admin" autocomplete="username";
            (field("password", "Password", "current-password", wrong))
            button type="submit" { "Sign in" }
        }
    }
}

fn field(name: &str, label: &str, autocomplete: &str, wrong: Option<&str>) -> Markup {
    let hint = format!("{name}-wrong");
    html! {
        label for=(name) { (label) }
        input id=(name) name=(name) type="password" autocomplete=(autocomplete) required autofocus[name == "password"]
            aria-invalid=[wrong.map(|_| "true")] aria-describedby=[wrong.map(|_| hint.as_str())];
        @if let Some(sentence) = wrong {
            p.wrong id=(hint) role="alert" { (sentence) }
        }
    }
}
