//! `GET /demo/shop/...`, `/demo/spa/...` and `/demo/gallery/...`: the example sites, from the folder where it is there, else from the binary.

use std::path::{Component, Path, PathBuf};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};

use crate::assets;
use crate::console;
use crate::error::ApiError;
use crate::server::InPath;
use crate::state::App;

/// Example sites that are served. The folder holds prompts and journeys too, and those are nobody's pages.
const SITES: [&str; 4] = ["shop", "spa", "gallery", "hostile"];

/// A file of an example site, or the page of it that an address without an end means.
pub async fn file(
    State(app): State<App>,
    headers: HeaderMap,
    InPath(path): InPath<String>,
) -> Result<Response, ApiError> {
    match found(&app, &path) {
        Err(ApiError::NotFound(_)) if console::reads_pages(&headers) => Ok(console::not_found().await),
        answer => answer,
    }
}

fn found(app: &App, path: &str) -> Result<Response, ApiError> {
    let site = path.split('/').next().unwrap_or_default();
    if !SITES.contains(&site) || !is_plain(path) {
        return Err(ApiError::NotFound("page"));
    }
    if path == site {
        return Ok(Redirect::to(&format!("/demo/{site}/")).into_response());
    }
    let app_page = format!("{site}/index.html");
    for name in candidates(path).into_iter().chain((site == "spa").then_some(app_page)) {
        let (Some(kind), Some(bytes)) = (assets::media_type(&name), read(app, &name)) else { continue };
        let mut response = bytes.into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        return Ok(response);
    }
    Err(ApiError::NotFound("page"))
}

/// `pricing` may mean `pricing.html`, `shop/` means its index.
fn candidates(path: &str) -> Vec<String> {
    match path.strip_suffix('/') {
        Some(folder) => vec![format!("{folder}/index.html")],
        None if path.rsplit('/').next().is_some_and(|name| name.contains('.')) => vec![path.to_owned()],
        None => vec![format!("{path}.html"), format!("{path}/index.html")],
    }
}

/// Nothing but names: no `..`, no root, no drive, no backslash.
fn is_plain(path: &str) -> bool {
    !path.contains(['\\', '\0']) && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

fn read(app: &App, name: &str) -> Option<Bytes> {
    let on_disk: Option<PathBuf> = (!app.config.demo.as_os_str().is_empty()).then(|| app.config.demo.join(name));
    // Small files of a demo; a reader waits microseconds.
    if let Some(Ok(bytes)) = on_disk.map(std::fs::read) {
        return Some(bytes.into());
    }
    assets::examples().iter().find(|file| file.name == name).map(|file| Bytes::from_static(file.plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_below_the_folder_are_read() {
        for (path, plain) in [
            ("shop/index.html", true),
            ("shop/", true),
            ("shop/../prompts/x.json", false),
            ("../secrets", false),
            ("/etc/passwd", false),
            ("shop\\..\\x", false),
        ] {
            assert_eq!(is_plain(path), plain, "{path}");
        }
        assert_eq!(candidates("shop/"), ["shop/index.html"]);
        assert_eq!(candidates("shop/pricing"), ["shop/pricing.html", "shop/pricing/index.html"]);
        assert_eq!(candidates("shop/style.css"), ["shop/style.css"]);
    }
}
