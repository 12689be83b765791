//! Who works on a site, as what; invitations and new passwords by one-time link.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use engine::Span;
use maud::{Markup, html};
use serde::Deserialize;

use super::tabs;
use crate::auth::{May, Role, member};
use crate::console::access::Here;
use crate::console::layout::{Room, page};
use crate::error::ApiError;
use crate::mail::Letter;
use crate::prompts::work::Desk;
use crate::server::Submitted;
use crate::state::App;
use crate::store::{self, members::TeamRow};

/// What was just done, to be said above the list.
enum News {
    None,
    /// A link for somebody's address, to be passed on by hand; why it was not sent to them, where it should have been.
    Link(String, String, Option<String>),
    /// A link is on its way to an address.
    Sent(String),
    /// What is wrong with what was typed.
    Wrong(String, &'static str),
}

/// `GET /s/{site}/settings/team`.
pub async fn show(State(app): State<App>, here: Here) -> Result<Response, ApiError> {
    Ok(page(&here, Room::Settings, "Team", &content(&app, &here, &News::None).await?))
}

async fn content(app: &App, here: &Here, news: &News) -> Result<Markup, ApiError> {
    let team = store::members::team(&mut app.db.read().await?.conn(), &here.site.id).await?;
    let owners = store::members::owners(&mut app.db.read().await?.conn()).await?;
    let typed = if let News::Wrong(typed, _) = news { typed } else { "" };
    Ok(html! {
        (tabs(here, "/settings/team"))
        @if let News::Sent(email) = news {
            div.done role="status" { p { "An e-mail with a link is on its way to " strong { (email) } ". The link works once, and for " (hours(member::handed_over(&app.config))) "." } }
        }
        @if let News::Link(email, link, unsent) = news {
            div.done role="status" {
                @if let Some(why) = unsent { p.wrong { "The e-mail was not sent: " (why) "." } }
                p { "Send this link to " strong { (email) } ". It works once, and for " (hours(member::handed_over(&app.config))) "." }
                pre { code { (link) } }
            }
        }
        table.list {
            thead { tr { th { "Who" } th { "Role" } th { span.unseen { "What to do" } } } }
            tbody {
                @for owner in &owners {
                    tr { td { strong { (name(&owner.2, &owner.1)) } } td { "Owner of the installation" } td {} }
                }
                @for row in &team { (line(here, row)) }
            }
        }
        @if here.may(May::Run) {
            h2 { "Invite somebody" }
            form.stack.narrow method="post" action=(here.to("/settings/team")) {
                label for="email" { "E-mail address" }
                input id="email" name="email" type="email" value=(typed) required
                    aria-invalid=[matches!(news, News::Wrong(..)).then_some("true")];
                @if let News::Wrong(_, sentence) = news { p.wrong role="alert" { (sentence) } }
                fieldset {
                    legend { "Role on " (here.site.name) }
                    @for role in Role::ALL {
                        label.choice {
                            input type="radio" name="role" value=(role.name()) checked[role == Role::Marketer];
                            span { strong { (role) } br; span.hint { (role.meaning()) } }
                        }
                    }
                }
                button type="submit" { "Make an invitation" }
            }
        }
    })
}

fn line(here: &Here, (id, email, called, role, has_password): &TeamRow) -> Markup {
    html! {
        tr {
            td { strong { (name(called, email)) } @if *has_password == 0 { " " span.hint { "has not signed in yet" } } }
            td {
                @if here.may(May::Run) {
                    form.inline method="post" action=(here.to("/settings/team/role")) {
                        input type="hidden" name="member" value=(id);
                        label.unseen for={ "role-" (id) } { "Role of " (email) }
                        select id={ "role-" (id) } name="role" {
                            @for one in Role::ALL { option value=(one.name()) selected[one.name() == role] { (one) } }
                        }
                        button.quiet type="submit" { "Change" }
                    }
                } @else {
                    (Role::parse(role).map_or("", Role::word))
                }
            }
            td.actions {
                @if here.may(May::Run) {
                    form method="post" action=(here.to("/settings/team/link")) {
                        input type="hidden" name="member" value=(id);
                        button.quiet type="submit" aria-label={ "New link for " (email) } { "New link" }
                    }
                    form method="post" action=(here.to("/settings/team/remove")) {
                        input type="hidden" name="member" value=(id);
                        button.quiet type="submit" aria-label={ "Remove " (email) } { "Remove" }
                    }
                }
            }
        }
    }
}

fn name<'a>(called: &'a str, email: &'a str) -> &'a str {
    if called.is_empty() { email } else { called }
}

/// How long a link is good, in words.
pub fn hours(good: Span) -> String {
    match good.0 / 60_000 {
        60 => "an hour".to_owned(),
        minutes if minutes % 1440 == 0 && minutes > 1440 => format!("{} days", minutes / 1440),
        minutes if minutes % 60 == 0 => format!("{} hours", minutes / 60),
        minutes => format!("{minutes} minutes"),
    }
}

#[derive(Deserialize)]
pub struct Invitation {
    email: String,
    role: String,
}

/// `POST /s/{site}/settings/team`.
pub async fn invite(
    State(app): State<App>,
    here: Here,
    Submitted(form): Submitted<Invitation>,
) -> Result<Response, ApiError> {
    let role = Role::parse(&form.role).ok_or(ApiError::NotFound("role"))?;
    if !member::is_address(form.email.trim()) {
        let news = News::Wrong(form.email, "This is not an e-mail address.");
        let again = page(&here, Room::Settings, "Team", &content(&app, &here, &news).await?);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    let email = member::address(&form.email);
    let link = member::invite(&app.db, &app.config, &app.public_url, &app.clock, (&here.site.id, &email, role)).await?;
    note(&app, &here, "member.invited", &email, role.word()).await?;
    match link {
        Some(link) => {
            let subject = format!("{} invites you to {}", here.member.label(), here.site.name);
            let text = format!(
                "{} asks you to work on {} in Waymark, as {role}. Choose your password here:",
                here.member.label(),
                here.site.name
            );
            handed_over(&app, &here, email, link, (&subject, &text)).await
        }
        // Who has a password already only needed the role.
        None => Ok(back(&here)),
    }
}

#[derive(Deserialize)]
pub struct Change {
    member: String,
    #[serde(default)]
    role: String,
}

/// `POST /s/{site}/settings/team/role`.
pub async fn change(
    State(app): State<App>,
    here: Here,
    Submitted(form): Submitted<Change>,
) -> Result<Response, ApiError> {
    let role = Role::parse(&form.role).ok_or(ApiError::NotFound("role"))?;
    let email = of_team(&app, &here, &form.member).await?;
    let mut tx = app.db.begin().await?;
    store::members::set_role(&mut tx.conn(), &here.site.id, &form.member, role.name()).await?;
    tx.commit().await?;
    note(&app, &here, "member.changed", &email, role.word()).await?;
    Ok(back(&here))
}

/// `POST /s/{site}/settings/team/link`.
pub async fn link(
    State(app): State<App>,
    here: Here,
    Submitted(form): Submitted<Change>,
) -> Result<Response, ApiError> {
    let email = of_team(&app, &here, &form.member).await?;
    if !here.member.is_owner && !member::is_of_one_site(&app.db, &form.member).await? {
        return Err(ApiError::Forbidden(
            "This member works on other sites too: an owner of the installation makes the link.",
        ));
    }
    let good_for = member::handed_over(&app.config);
    let link = member::new_link(&app.db, &app.public_url, &app.clock, &form.member, good_for).await?;
    note(&app, &here, "member.link_made", &email, "").await?;
    let text = format!("{} has made you a link for a new password. Choose it here:", here.member.label());
    handed_over(&app, &here, email, link, ("A new password for Waymark", &text)).await
}

/// Sends a link to whom it is for; where that cannot be, shows it to whoever made it.
async fn handed_over(
    app: &App,
    here: &Here,
    email: String,
    link: String,
    (subject, text): (&str, &str),
) -> Result<Response, ApiError> {
    let text =
        format!("{text}\n\n{link}\n\nThe link works once, and for {}.\n", hours(member::handed_over(&app.config)));
    let news = match app.mail.send(Letter { to: &email, subject, text }).await {
        Ok(true) => News::Sent(email),
        Ok(false) => News::Link(email, link, None),
        Err(why) => News::Link(email, link, Some(why)),
    };
    Ok(page(here, Room::Settings, "Team", &content(app, here, &news).await?))
}

/// `POST /s/{site}/settings/team/remove`.
pub async fn remove(
    State(app): State<App>,
    here: Here,
    Submitted(form): Submitted<Change>,
) -> Result<Response, ApiError> {
    let email = of_team(&app, &here, &form.member).await?;
    let mut tx = app.db.begin().await?;
    store::members::delete_role(&mut tx.conn(), &here.site.id, &form.member).await?;
    tx.commit().await?;
    note(&app, &here, "member.removed", &email, "").await?;
    Ok(back(&here))
}

/// The address of a member of this site; somebody else's members are nobody here.
async fn of_team(app: &App, here: &Here, id: &str) -> Result<String, ApiError> {
    let team = store::members::team(&mut app.db.read().await?.conn(), &here.site.id).await?;
    let row = team.into_iter().find(|row| row.0 == id);
    row.map(|row| row.1).ok_or(ApiError::NotFound("member"))
}

async fn note(app: &App, here: &Here, did: &str, about: &str, detail: &str) -> Result<(), ApiError> {
    let mut tx = app.db.begin().await?;
    Desk { app, site: &here.site, member: &here.member }.note(&mut tx, did, about, detail).await?;
    Ok(tx.commit().await?)
}

fn back(here: &Here) -> Response {
    Redirect::to(&here.to("/settings/team")).into_response()
}
