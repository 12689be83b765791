//! A lost password: whoever has the address gets a link, by an e-mail that goes nowhere else.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use serde::Deserialize;

use super::layout::card;
use super::settings::hours;
use super::sign_in::{EMAIL, field};
use crate::auth::member;
use crate::error::ApiError;
use crate::mail::Letter;
use crate::server::{ClientAddress, Submitted};
use crate::state::App;

/// `GET /forgot`.
pub async fn show(State(app): State<App>) -> Response {
    if !app.mail.is_set() {
        return Redirect::to("/login").into_response();
    }
    let form = html! {
        h1 { "A new password" }
        p { "We send you a link to choose one." }
        form.stack method="post" action="/forgot" {
            (field(&EMAIL, "", None))
            button type="submit" { "Send the link" }
        }
        p { a href="/login" { "Back to sign in" } }
    };
    card("A new password", &form).into_response()
}

#[derive(Deserialize)]
pub struct Asked {
    email: String,
}

/// `POST /forgot`.
pub async fn send(
    State(app): State<App>,
    client: ClientAddress,
    Submitted(form): Submitted<Asked>,
) -> Result<Response, ApiError> {
    app.limits.admit_login(client.0)?;
    if !app.mail.is_set() {
        return Ok(Redirect::to("/login").into_response());
    }
    // Neither what is answered nor how long it takes tells whether there is anybody of that address.
    let asked = app.clone();
    tokio::spawn(async move {
        if let Err(error) = write_to(&asked, &form.email).await {
            tracing::warn!(error, "an e-mail with a link was not sent");
        }
    });
    Ok(card(
        "Look into your inbox",
        &html! {
            h1 { "Look into your inbox" }
            p { "If somebody with this address works here, an e-mail with a link is on its way." }
            p.hint { "Nothing there after some minutes? Look among unwanted e-mails, or ask an owner of your site for a link." }
        },
    )
    .into_response())
}

async fn write_to(app: &App, email: &str) -> Result<(), String> {
    let link = member::asked_for_link(&app.db, &app.config, &app.public_url, &app.clock, email);
    let Some(link) = link.await.map_err(|error| error.to_string())? else { return Ok(()) };
    let text = format!(
        "Somebody, most likely you, asked for a new password for Waymark. Choose it here:\n\n{link}\n\nThe link works once, and for {}. If it was \
         not you, do nothing: your password stays as it is.\n",
        hours(member::asked(&app.config))
    );
    app.mail.send(Letter { to: &member::address(email), subject: "A new password for Waymark", text }).await.map(drop)
}
