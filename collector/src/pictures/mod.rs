//! Pictures that prompts show: taken from members, made anew, served by what is in them.
//!
//! Nothing that somebody uploads is ever served as it came: it is decoded and encoded again, so whatever else was in the file (where it
//! was taken, a script) is gone, and a file that is no picture is refused.

mod encode;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use engine::Problem;

use crate::assets::for_any_tag;
use crate::auth::Member;
use crate::error::ApiError;
use crate::sites::Site;
use crate::state::App;
use crate::store::{self, pictures::NewPicture};

/// Largest file that is taken, in bytes.
pub const MAX_FILE: usize = 8 * 1024 * 1024;

/// Most bytes of all pictures of a site.
const MAX_SITE: i64 = 200 * 1024 * 1024;

/// A picture that is kept.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Its file: `0123….jpg`.
    pub file: String,
    /// Width and height in pixels.
    pub size: (u32, u32),
}

impl Picture {
    /// Where browsers get it.
    pub fn address(&self, app: &App) -> String {
        app.addresses.picture(&self.file)
    }
}

/// Takes a file. It may take a second, and does so on a thread of its own.
pub async fn take(app: &App, site: &Site, member: &Member, file: Vec<u8>) -> Result<Picture, ApiError> {
    let refuse = |code, sentence: String| ApiError::Invalid(vec![Problem::new("picture", code, sentence)]);
    let used = store::pictures::size(&mut app.db.read().await?.conn(), &site.id).await?;
    if used >= MAX_SITE {
        return Err(refuse("no_room", "The site has 200 MB of pictures already.".to_owned()));
    }
    let made = tokio::task::spawn_blocking(move || encode::anew(&file)).await;
    let made = made.map_err(|error| ApiError::Internal(error.to_string()))?;
    let made = made.map_err(|(code, sentence)| refuse(code, sentence))?;
    let mut tx = app.db.begin().await?;
    let at = site.now(&app.clock).0;
    let encode::Made { hash, kind, bytes, size } = &made;
    let row = NewPicture { site_id: &site.id, hash, kind, bytes, size: *size, at, member: &member.id };
    store::pictures::put(&mut tx.conn(), &row).await?;
    tx.commit().await?;
    Ok(Picture { file: format!("{hash}.{kind}"), size: *size })
}

/// `GET /i/{file}`.
pub fn routes() -> Router<App> {
    Router::new().route("/i/{file}", get(serve))
}

async fn serve(State(app): State<App>, Path(file): Path<String>) -> Result<Response, ApiError> {
    let (hash, kind) = file.rsplit_once('.').ok_or(ApiError::NotFound("picture"))?;
    let media = match kind {
        "jpg" => "image/jpeg",
        "png" => "image/png",
        _ => return Err(ApiError::NotFound("picture")),
    };
    let bytes = store::pictures::bytes(&mut app.db.read().await?.conn(), hash, kind).await?;
    let mut response = bytes.ok_or(ApiError::NotFound("picture"))?.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    for_any_tag(headers);
    Ok(response)
}
