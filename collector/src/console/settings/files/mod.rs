//! Everything that is published as files, in the form that `waymark import` reads: to keep, to bring elsewhere, to edit by hand. What is
//! uploaded is shown with all that it would change before anybody publishes it.

mod archive;
mod document;
mod upload;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::tabs;
use crate::auth::May;
use crate::console::access::Here;
use crate::console::layout::{Room, page};
use crate::error::ApiError;
use crate::prompts::files::File;
use crate::server::InPath;
use crate::state::App;
use crate::store;
use document::{Kind, Stored};

pub use upload::{apply, plan};

/// This page, below that of its site.
const PAGE: &str = "/settings/files";
/// Largest upload, in bytes. A form writes each quotation mark as three.
pub const UPLOAD_BYTES: usize = 16 * 1024 * 1024;

/// `GET /s/{site}/settings/files`.
pub async fn show(State(app): State<App>, here: Here) -> Result<Response, ApiError> {
    Ok(page(
        &here,
        Room::Settings,
        "Files",
        &content(&here, &stored(&mut app.db.read().await?.conn(), &here).await?, None),
    ))
}

fn content(here: &Here, stored: &[Stored], wrong: Option<&str>) -> Markup {
    html! {
        (tabs(here, PAGE))
        h2 { "Download" }
        p { "All that is published here, one file each, as " code { "waymark import" } " reads it: for your repository, for another installation, or to edit by hand. Drafts are not included." }
        @if stored.is_empty() { p.empty { "Nothing is published yet." } }
        @else {
            p.more { a.button.quiet href=(here.to("/settings/files/all.zip")) download { "Download all of it" } }
            table.list {
                thead { tr { th { "File" } th { "What it is" } } }
                tbody { @for one in stored {
                    tr {
                        td { a href=(here.to(&format!("/settings/files/{}/{}", one.kind.name(), one.key))) download { (one.file().path) } }
                        td { (one.kind.word()) }
                    }
                } }
            }
        }
        @if here.may(May::Publish) {
            h2 { "Upload" }
            p { "First you are shown what would change, document by document. What you do not upload stays as it is." }
            form.stack.narrow method="post" action=(here.to(PAGE)) enctype="multipart/form-data" {
                label for="files" { "JSON files, or a zip of them" }
                input id="files" name="files" type="file" multiple accept=".json,.zip" required
                    aria-invalid=[wrong.map(|_| "true")] aria-describedby=[wrong.map(|_| "files-wrong")];
                @if let Some(sentence) = wrong { p.wrong id="files-wrong" role="alert" { (sentence) } }
                button type="submit" { "Show what would change" }
            }
        }
    }
}

/// All documents of a site, the settings first.
async fn stored(conn: &mut store::Conn<'_>, here: &Here) -> Result<Vec<Stored>, ApiError> {
    let mut all = Vec::new();
    for kind in Kind::ALL {
        let rows = store::documents::of_kind(conn, &here.site.id, kind.name()).await?;
        all.extend(rows.into_iter().map(|row| Stored::of(kind, row)));
    }
    Ok(all)
}

/// `GET /s/{site}/settings/files/all.zip`.
pub async fn all(State(app): State<App>, here: Here) -> Result<Response, ApiError> {
    let files: Vec<File> = stored(&mut app.db.read().await?.conn(), &here).await?.iter().map(Stored::file).collect();
    let zip = archive::pack(&files).map_err(|error| ApiError::Internal(format!("no archive was made: {error}")))?;
    Ok(download("application/zip", "waymark.zip", zip))
}

/// `GET /s/{site}/settings/files/{kind}/{key}`.
pub async fn one(
    State(app): State<App>,
    here: Here,
    InPath((_, kind, key)): InPath<(String, String, String)>,
) -> Result<Response, ApiError> {
    let stored = stored(&mut app.db.read().await?.conn(), &here).await?;
    let found =
        stored.iter().find(|one| one.kind.name() == kind && one.key == key).ok_or(ApiError::NotFound("file"))?;
    let File { path, text } = found.file();
    Ok(download("application/json", path.rsplit('/').next().unwrap_or_default(), text.into_bytes()))
}

/// Keys are small letters, digits and underscores, so the name needs no quoting.
fn download(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, bytes).into_response()
}
