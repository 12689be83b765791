//! The pictures of a site: what was uploaded, and where more are uploaded. The editor of a prompt uploads here too.

use axum::Json;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use engine::{Problem, Timestamp};
use maud::{Markup, html};
use serde_json::json;

use super::access::{Here, Need, Pages};
use super::layout::{Room, page};
use super::words::{Calendar, count};
use crate::auth::May;
use crate::error::ApiError;
use crate::pictures::{MAX_FILE, Picture, take};
use crate::state::App;
use crate::store;

const PAGE: &str = "/s/{site}/pictures";

/// What a form around a file has, in bytes.
const AROUND: usize = 64 * 1024;

/// The pages of this room.
pub fn pages() -> Pages {
    let upload = post(upload).layer(DefaultBodyLimit::max(MAX_FILE + AROUND));
    Pages::default().add(Need::Site(May::See), "GET", PAGE, get(show)).add(
        Need::Site(May::Publish),
        "POST",
        PAGE,
        upload,
    )
}

async fn show(State(app): State<App>, here: Here) -> Result<Response, ApiError> {
    Ok(page(&here, Room::Prompts, "Pictures", &content(&app, &here, None).await?))
}

/// `POST /s/{site}/pictures`: answers a script with the picture's address, anybody else with the page.
async fn upload(State(app): State<App>, here: Here, request: Request) -> Result<Response, ApiError> {
    let accepts = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let is_script = accepts.contains("application/json");
    let file = file_of(request).await?;
    match take(&app, &here.site, &here.member, file).await {
        Ok(picture) if is_script => {
            let (width, height) = picture.size;
            Ok(Json(json!({ "url": picture.address(&app), "width": width, "height": height })).into_response())
        }
        Ok(_) => Ok(Redirect::to(&here.to("/pictures")).into_response()),
        Err(ApiError::Invalid(problems)) if !is_script => {
            let content = content(&app, &here, problems.first()).await?;
            Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page(&here, Room::Prompts, "Pictures", &content))
                .into_response())
        }
        Err(error) => Err(error),
    }
}

async fn file_of(request: Request) -> Result<Vec<u8>, ApiError> {
    let refuse = |code, sentence: &str| ApiError::Invalid(vec![Problem::new("picture", code, sentence)]);
    let broke_off = |_| refuse("too_large", "The file is too large, or broke off on its way: at most 8 MB.");
    let mut form =
        Multipart::from_request(request, &()).await.map_err(|_| refuse("no_picture", "Choose a picture first."))?;
    while let Some(field) = form.next_field().await.map_err(broke_off)? {
        if field.name() == Some("picture") {
            return Ok(field.bytes().await.map_err(broke_off)?.to_vec());
        }
    }
    Err(refuse("no_picture", "Choose a picture first."))
}

async fn content(app: &App, here: &Here, problem: Option<&Problem>) -> Result<Markup, ApiError> {
    let pictures = store::pictures::all(&mut app.db.read().await?.conn(), &here.site.id).await?;
    let calendar = Calendar::of(&here.site.timezone);
    Ok(html! {
        p.way { a href=(here.to("/prompts")) { "Prompts" } }
        h1 { "Pictures" }
        p.hint { "PNG, JPEG or WebP, up to 8 MB. Pictures are resized to at most 1 600 pixels, and camera data such as the place is removed." }
        @if let Some(problem) = problem { p.wrong role="alert" { (problem.message) } }
        @if here.may(May::Publish) {
            form.filter method="post" action=(here.to("/pictures")) enctype="multipart/form-data" {
                label.wide { span { "A picture" } input type="file" name="picture" accept="image/png,image/jpeg,image/webp" required; }
                button type="submit" { "Upload" }
            }
        }
        @if pictures.is_empty() { p.empty { "No picture yet. In a prompt, tick “A picture above the words” and upload one there, or here." } }
        ul.pictures { @for (hash, kind, width, height, at) in &pictures {
            @let picture = Picture { file: format!("{hash}.{kind}"), size: (0, 0) };
            @let id = format!("at-{hash}");
            li {
                img src={ "/i/" (picture.file) } alt="" loading="lazy";
                p.hint { (count(*width)) " × " (count(*height)) ", " (calendar.moment(Timestamp(*at))) }
                p { code id=(id) { (picture.address(app)) } }
                button.quiet type="button" data-copy=(id) { "Copy address" }
            }
        } }
    })
}
