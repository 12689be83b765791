//! Setting the password by the one-time link, signing in, signing out.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::access::own_page;
use super::layout::card;
use crate::auth::{self, Member, Password, Session, member};
use crate::error::ApiError;
use crate::server::{ClientAddress, InQuery, Submitted};
use crate::state::App;

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
    let Some(member) = Member::of_link(&app.db, &query.token, &app.clock).await? else { return Ok(used_up(&app)) };
    Ok(card("Choose a password", &setup_form(&app, &query.token, &member, "", None)))
}

#[derive(Deserialize)]
pub struct SetupForm {
    token: String,
    #[serde(default)]
    email: String,
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
    let Some(member) = Member::of_link(&app.db, &form.token, &app.clock).await? else { return Ok(used_up(&app)) };
    let wrong = |wrong: Wrong<'_>| {
        let again = card("Choose a password", &setup_form(&app, &form.token, &member, &form.email, Some(wrong)));
        Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
    };
    if member.is_nameless() && !member::is_address(form.email.trim()) {
        return wrong(Wrong::Email("This is not an e-mail address."));
    }
    let password = match Password::choose(&form.password, &form.again, app.config.console.password_characters) {
        Ok(password) => password,
        Err(sentence) => return wrong(Wrong::Password(&sentence)),
    };
    let member = member::set_password_by_link(&app.db, &form.token, &form.email, &password, &app.clock).await?;
    let Some(member) = member else { return Ok(used_up(&app)) };
    tracing::info!(member = member.id, "a password was set");
    signed_in(&app, member, "/").await
}

#[derive(Deserialize)]
pub struct LoginQuery {
    #[serde(default)]
    next: String,
}

/// `GET /login`.
pub async fn login_page(State(app): State<App>, InQuery(query): InQuery<LoginQuery>) -> Result<Response, ApiError> {
    if Member::nobody_has_a_password(&app.db).await? {
        return Ok(card(
            "Set the password first",
            &html! {
                h1 { "Nobody has set a password yet" }
                p { "When Waymark started, it printed a link to do that, in its terminal or its log. Open that link." }
                p.hint { "It works for an hour. After that start Waymark again, and it prints a new one." }
            },
        ));
    }
    Ok(card("Sign in", &login_form(&app, own_page(&query.next), "", None)))
}

#[derive(Deserialize)]
pub struct LoginForm {
    email: String,
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
    let member = match Password::given(&form.password) {
        Some(password) => Member::of_password(&app.db, &form.email, &password).await?,
        None => None,
    };
    let Some(member) = member else {
        // Which of the two is wrong is nobody's business.
        let sentence = "This address and this password do not go together.";
        let again = card("Sign in", &login_form(&app, next, &form.email, Some(sentence)));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    };
    signed_in(&app, member, next).await
}

/// `POST /logout`.
pub async fn logout(State(app): State<App>, headers: HeaderMap) -> Result<Response, ApiError> {
    if let Some(session) = Session::of(&app, &headers).await? {
        session.end(&app).await?;
    }
    Ok(([(header::SET_COOKIE, auth::ended_cookie(&app))], Redirect::to("/login")).into_response())
}

async fn signed_in(app: &App, member: Member, next: &str) -> Result<Response, ApiError> {
    let session = Session::open(app, member).await?;
    Ok(([(header::SET_COOKIE, auth::cookie_of(app, &session))], Redirect::to(next)).into_response())
}

fn used_up(app: &App) -> Response {
    let page = card(
        "This link is used up",
        &html! {
            h1 { "This link is used up" }
            p { "A link to set the password works once, and for an hour." }
            p { a.button href="/login" { "Sign in" } }
            @if app.mail.is_set() { p { a href="/forgot" { "Have a new link sent to you" } } }
            p.hint { "No password yet? Start Waymark again, and it prints a new link. A lost password is replaced the same way, with "
                code { "waymark serve --new-password" } "." }
        },
    );
    (StatusCode::GONE, page).into_response()
}

/// What is wrong with what somebody typed.
enum Wrong<'a> {
    Email(&'a str),
    Password(&'a str),
}

fn setup_form(app: &App, token: &str, member: &Member, email: &str, wrong: Option<Wrong<'_>>) -> Markup {
    let characters_min = app.config.console.password_characters;
    let (of_email, of_password) = match wrong {
        Some(Wrong::Email(sentence)) => (Some(sentence), None),
        Some(Wrong::Password(sentence)) => (None, Some(sentence)),
        None => (None, None),
    };
    html! {
        h1 { "Choose a password" }
        p { "It opens this console. At least " (characters_min) " characters; three or four words are easy to remember." }
        form.stack method="post" action="/setup" {
            input type="hidden" name="token" value=(token);
            @if member.is_nameless() {
                (field(&EMAIL, email, of_email))
            } @else {
                // Password managers ask for a name to keep it under.
                p { "For " strong { (member.email) } }
                input type="hidden" name="username" value=(member.email) autocomplete="username";
            }
            (field(&Field { name: "password", label: "Password", kind: "password", fill: "new-password" }, "", of_password))
            (field(&Field { name: "again", label: "The same again", kind: "password", fill: "new-password" }, "", None))
            button type="submit" { "Set the password" }
        }
    }
}

fn login_form(app: &App, next: &str, email: &str, wrong: Option<&str>) -> Markup {
    html! {
        h1 { "Sign in" }
        form.stack method="post" action="/login" {
            input type="hidden" name="next" value=(next);
            (field(&EMAIL, email, None))
            (field(&Field { name: "password", label: "Password", kind: "password", fill: "current-password" }, "", wrong))
            button type="submit" { "Sign in" }
        }
        @if app.mail.is_set() {
            p { a href="/forgot" { "I have lost my password" } }
        } @else {
            p.hint { "A lost password: an owner of a site makes you a new link, under Settings, Team." }
        }
    }
}

/// A field of a form on a card.
pub struct Field {
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    fill: &'static str,
}

/// The address that somebody signs in with.
pub const EMAIL: Field = Field { name: "email", label: "E-mail address", kind: "email", fill: "username" };

/// A field with its label and what is wrong with what was typed.
pub fn field(field: &Field, value: &str, wrong: Option<&str>) -> Markup {
    let hint = format!("{}-wrong", field.name);
    html! {
        label for=(field.name) { (field.label) }
        input id=(field.name) name=(field.name) type=(field.kind) autocomplete=(field.fill) value=(value) required
            aria-invalid=[wrong.map(|_| "true")] aria-describedby=[wrong.map(|_| hint.as_str())];
        @if let Some(sentence) = wrong {
            p.wrong id=(hint) role="alert" { (sentence) }
        }
    }
}
