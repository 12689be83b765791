//! The widget's files: in the binary, in the database for 30 days, and on their way to a page.
//!
//! A file's name carries the hash of its content, so it is never changed and may be kept for ever. A page that was loaded
//! before an upgrade asks for the old names: every release leaves its files in the database for whoever is asked.

use std::collections::HashMap;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use engine::Span;

use crate::encoding::Encoding;
use crate::error::ApiError;
use crate::state::App;
use crate::store::{self, Db};

/// One file in the binary; `build.rs` writes the tables.
#[derive(Clone, Copy, Debug)]
pub struct Embedded {
    /// `core-1a2b3c4d.js`, or the path below `examples/`.
    pub name: &'static str,
    /// As it is.
    pub plain: &'static [u8],
    /// The same in brotli, where the build made it.
    pub brotli: Option<&'static [u8]>,
    /// The same in gzip.
    pub gzip: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// The scripts that are sent with a site's settings in them, and so have no address of their own.
const LOADER: &str = "loader.js";
const MORE: &str = "loader-more.js";
const EVENTS: &str = "events.js";
const CONSENT_MODE: &str = "consent_mode.js";
const TCF: &str = "tcf.js";
const SCRIPTS: [&str; 5] = [LOADER, MORE, EVENTS, CONSENT_MODE, TCF];

/// How the name of a module ends that is JavaScript as a whole, for pages that let no WebAssembly run.
pub const PLAIN: &str = ".plain.js";

/// How long the files of a release stay in the database after its last start.
const KEPT: Span = Span::days(30);

/// The example sites, by path below `examples/`.
pub fn examples() -> &'static [Embedded] {
    EXAMPLES
}

/// The templates of prompts, by the name of their file.
pub fn templates() -> &'static [Embedded] {
    TEMPLATES
}

#[derive(Clone, Debug)]
struct File {
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

/// The widget of this release.
#[derive(Debug)]
pub struct Assets {
    files: HashMap<&'static str, File>,
    parts: Option<Parts>,
}

/// What a page of this release loads.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    /// The loader's source, with the token `...__WAYMARK__` where a site's settings go.
    pub loader: &'static str,
    /// The same with what only some sites need.
    pub more: &'static str,
    /// What stands behind it on pages that have something to look for, with the token `__EVENTS__` where that goes.
    pub events: &'static str,
    /// What stands before it where Google Consent Mode says what visitors have agreed to, with the token `__LAYER__` for the list's name.
    pub consent_mode: &'static str,
    /// The same where a banner of the TCF does.
    pub tcf: &'static str,
    /// The module that decides.
    pub widget: Module,
    /// The module that paints most contents, which only some pages fetch.
    pub contents: Module,
    /// The module that knows what stands in a page and what happens on it, which only some pages fetch.
    pub page: Module,
    /// The module that explains what is shown and what is not, which only the site's own people fetch.
    pub overlay: Module,
}

/// A module: its glue, its WebAssembly and both as JavaScript have this name, `core-1a2b3c4d`, and an ending of their own.
#[derive(Clone, Copy, Debug)]
pub struct Module(pub &'static str);

impl Module {
    fn embedded(name: &str) -> Option<Module> {
        let all = |stem: &&str| {
            [".wasm", PLAIN].iter().all(|end| WIDGET.iter().any(|e| e.name.strip_suffix(end) == Some(stem)))
        };
        let glue = WIDGET.iter().filter(|e| is_of(e.name, name)).filter_map(|e| e.name.strip_suffix(".js"));
        glue.filter(all).map(Module).next()
    }

    /// Where pages find it, without the ending.
    pub fn path(self) -> String {
        format!("/a/{}", self.0)
    }
}

fn is_of(file: &str, module: &str) -> bool {
    file.strip_prefix(module).is_some_and(|rest| rest.starts_with('-'))
}

impl Assets {
    /// The files in this binary.
    pub fn embedded() -> Self {
        let file = |e: &Embedded| File {
            plain: Bytes::from_static(e.plain),
            brotli: e.brotli.map(Bytes::from_static),
            gzip: e.gzip.map(Bytes::from_static),
        };
        let hashed = WIDGET.iter().filter(|e| !SCRIPTS.contains(&e.name));
        Self { files: hashed.map(|e| (e.name, file(e))).collect(), parts: parts() }
    }

    /// What a page loads; `None` in a binary that was built without the widget.
    pub fn parts(&self) -> Option<Parts> {
        self.parts
    }

    /// Leaves this release's files in the database, and takes away those of releases that nobody has run for 30 days.
    pub async fn keep(&self, db: &Db, now: engine::Timestamp) -> store::Result<()> {
        let mut tx = db.begin().await?;
        for (name, file) in &self.files {
            let (brotli, gzip) = (file.brotli.as_deref(), file.gzip.as_deref());
            store::assets::put(&mut tx.conn(), name, &file.plain, brotli, gzip, now.0).await?;
        }
        store::assets::delete_older(&mut tx.conn(), now.before(KEPT).0).await?;
        tx.commit().await
    }

    async fn find(&self, db: &Db, name: &str) -> store::Result<Option<File>> {
        if let Some(file) = self.files.get(name) {
            return Ok(Some(file.clone()));
        }
        let row = store::assets::get(&mut db.read().await?.conn(), name).await?;
        Ok(row.map(|(plain, brotli, gzip)| File {
            plain: plain.into(),
            brotli: brotli.map(Bytes::from),
            gzip: gzip.map(Bytes::from),
        }))
    }
}

/// What a page of this release loads; `None` in a binary that was built without the widget.
pub fn parts() -> Option<Parts> {
    let script = |name: &str| std::str::from_utf8(WIDGET.iter().find(|e| e.name == name)?.plain).ok();
    Some(Parts {
        loader: script(LOADER)?,
        more: script(MORE)?,
        events: script(EVENTS)?,
        consent_mode: script(CONSENT_MODE)?,
        tcf: script(TCF)?,
        widget: Module::embedded("core")?,
        contents: Module::embedded("contents")?,
        page: Module::embedded("page")?,
        overlay: Module::embedded("overlay")?,
    })
}

/// A script of the console that is made of what npm brings; `None` in a binary that was built without it.
pub fn console(name: &str) -> Option<&'static Embedded> {
    CONSOLE.iter().find(|embedded| embedded.name == name)
}

/// `GET /a/{name}`.
pub fn routes() -> Router<App> {
    Router::new().route("/a/{name}", get(asset))
}

async fn asset(State(app): State<App>, Path(name): Path<String>, headers: HeaderMap) -> Result<Response, ApiError> {
    let kind = media_type(&name).filter(|_| name.len() <= 100).ok_or(ApiError::NotFound("file"))?;
    let of_release = app.assets.parts().and_then(|parts| overlay(&name, parts.overlay));
    let is_kept = of_release.is_none();
    let file =
        app.assets.find(&app.db, of_release.as_deref().unwrap_or(&name)).await?.ok_or(ApiError::NotFound("file"))?;
    let encoding = Encoding::best(&headers, file.brotli.is_some(), file.gzip.is_some());
    let body = match encoding {
        Encoding::Brotli => file.brotli.unwrap_or(file.plain),
        Encoding::Gzip => file.gzip.unwrap_or(file.plain),
        Encoding::Identity => file.plain,
    };
    let mut response = body.into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let caching = if is_kept { "public, max-age=31536000, immutable" } else { "no-store" };
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    for_any_origin(out);
    encoding.describe(out);
    Ok(response)
}

/// The overlay has a name without a hash too, or each loader would have to carry one that hardly any page asks for.
fn overlay(name: &str, module: Module) -> Option<String> {
    let ending = name.strip_prefix("overlay").filter(|ending| [".js", ".wasm", PLAIN].contains(ending))?;
    Some([module.0, ending].concat())
}

/// Lets pages of every origin read this, and browsers take it for what it says it is.
pub fn for_any_origin(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

/// Lets pages of every origin have this in a tag, where the browser does not ask for leave to read it. Pages that embed nothing unless it
/// says so want it said.
pub fn for_any_tag(headers: &mut HeaderMap) {
    for_any_origin(headers);
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
}

/// The type that a file name's ending stands for; `None` for endings we never serve.
pub fn media_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => return None,
    })
}
