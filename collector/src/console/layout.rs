//! The frame around every page: rail, top, content. No inline script, no inline style.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::access::Here;
use super::plot;
use super::theme::{self, Theme};
use crate::assets::{self, Embedded};
use crate::auth::secret::hex;
use crate::encoding::Encoding;
use crate::error::ApiError;

/// The rooms of the rail that exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// What is installed, what was refused, recent numbers.
    Home,
    /// What visitors are shown.
    Prompts,
    /// Where people are, and what moves them.
    Journey,
    /// Visitors, persons, accounts.
    People,
    /// What became of prompts.
    Results,
    /// Who may send, keys, the team.
    Settings,
}

impl Room {
    const ALL: [Room; 6] = [Room::Home, Room::Prompts, Room::Journey, Room::People, Room::Results, Room::Settings];

    fn word(self) -> &'static str {
        match self {
            Self::Home => "Home",
            Self::Prompts => "Prompts",
            Self::Journey => "Journey",
            Self::People => "People",
            Self::Results => "Results",
            Self::Settings => "Settings",
        }
    }

    /// Its first page, below that of its site.
    fn address(self) -> &'static str {
        match self {
            Self::Home => "",
            Self::Prompts => "/prompts",
            Self::Journey => "/journey",
            Self::People => "/people",
            Self::Results => "/results",
            Self::Settings => "/settings",
        }
    }

    /// Drawn in a box of 24, in the colour of the word beside it.
    fn icon(self) -> &'static str {
        match self {
            Self::Home => "M4 11.5 12 5l8 6.5M6.5 10v9h11v-9M10 19v-5h4v5",
            Self::Prompts => "M4 5h16v11H11l-4 4v-4H4ZM8 9h8M8 12h5",
            Self::Journey => {
                "M6 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM18 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM8 17h7a3 3 0 0 0 0-6H9a3 3 0 0 1 0-6h7"
            }
            Self::People => {
                "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm-6 8c0-3 2.7-5 6-5s6 2 6 5M16 5.3a3 3 0 0 1 0 5.4M18 14.4c1.8.7 3 2.3 3 4.6"
            }
            Self::Results => "M5 19V11M12 19V5M19 19v-6M3 19h18",
            Self::Settings => {
                "M4 7h9M17 7h3M4 17h3M11 17h9M13 7a2 2 0 1 0 4 0 2 2 0 1 0-4 0ZM7 17a2 2 0 1 0 4 0 2 2 0 1 0-4 0Z"
            }
        }
    }
}

/// Out by a door.
const OUT: &str = "M10 5H5v14h5M14 8l4 4-4 4M18 12H9";

/// A file that pages of the console have: name, type, content.
type Static = (&'static str, &'static str, &'static str);

/// One sheet, so that a page waits for one.
const STYLE: &str = concat!(
    include_str!("style.css"),
    include_str!("forms.css"),
    include_str!("prompts.css"),
    include_str!("templates.css"),
    include_str!("results.css"),
    include_str!("plot/plot.css"),
    include_str!("journey/map.css"),
    include_str!("first_run.css")
);

const FILES: [Static; 4] = [
    ("console.css", "text/css; charset=utf-8", STYLE),
    ("console.js", "text/javascript; charset=utf-8", include_str!("console.js")),
    ("preview.css", "text/css; charset=utf-8", include_str!("preview.css")),
    ("preview.js", "text/javascript; charset=utf-8", include_str!("preview.js")),
];

/// What a file is; `None` where there is none of the name, or this binary was built without it.
fn content(name: &str) -> Option<(&'static str, Embedded)> {
    let plain = |text: &'static str| Embedded { name: "", plain: text.as_bytes(), brotli: None, gzip: None };
    let own = FILES.iter().find(|(one, ..)| *one == name).map(|(_, kind, text)| (*kind, plain(text)));
    own.or_else(|| Some(("text/javascript; charset=utf-8", *assets::console(name)?)))
}

/// Address of a file; it changes with its content, so browsers keep it for ever. Empty where there is no such file.
pub fn file(name: &str) -> String {
    // Pages name each of them again and again, and some are large.
    static KNOWN: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());
    let Some(((stem, ending), (_, content))) = name.split_once('.').zip(content(name)) else { return String::new() };
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let address = || format!("/static/{stem}-{}.{ending}", &hex(&Sha256::digest(content.plain))[..8]);
    known.entry(name.to_owned()).or_insert_with(address).clone()
}

/// `GET /static/{name}`. An old name gets the new file, but does not keep it.
pub async fn serve_file(uri: axum::http::Uri, headers: HeaderMap) -> Result<Response, ApiError> {
    let asked = uri.path().trim_start_matches("/static/");
    let parts = asked.rsplit_once('.').and_then(|(stem, ending)| Some((stem.rsplit_once('-')?.0, ending)));
    let name = parts.map(|(stem, ending)| format!("{stem}.{ending}")).unwrap_or_default();
    let (kind, content) = content(&name).ok_or(ApiError::NotFound("file"))?;
    let caching = if uri.path() == file(&name) { "public, max-age=31536000, immutable" } else { "no-store" };
    let encoding = Encoding::best(&headers, content.brotli.is_some(), content.gzip.is_some());
    let packed = match encoding {
        Encoding::Brotli => content.brotli,
        Encoding::Gzip => content.gzip,
        Encoding::Identity => None,
    };
    let body = packed.unwrap_or(content.plain);
    let mut response = ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, caching)], body).into_response();
    encoding.describe(response.headers_mut());
    Ok(response)
}

/// A page in a room of a site.
pub fn page(here: &Here, room: Room, title: &str, content: &Markup) -> Response {
    document(
        title,
        &html! {
            a.skip href="#page" { "Skip to the page" }
            div.shell {
                nav.rail aria-label="Rooms" {
                    (mark())
                    @for one in Room::ALL {
                        a.room href=(here.to(one.address())) title=(one.word()) aria-current=[(one == room).then_some("page")] {
                            (icon(one.icon()))
                            span { (one.word()) }
                        }
                    }
                }
                div.floor {
                    header.top {
                        @if here.sites.len() > 1 {
                            details.sites {
                                summary { span.unseen { "Site: " } (here.site.name) }
                                ul { @for site in &here.sites {
                                    li { a href={ "/s/" (site.id) (room.address()) } aria-current=[(site.id == here.site.id).then_some("true")] { (site.name) } }
                                } }
                            }
                        } @else {
                            span.here { (here.site.name) }
                        }
                        span.me { (here.member.label()) " · " (here.role) }
                        (theme::switch())
                        form method="post" action="/logout" {
                            button.leave type="submit" title="Sign out" { (icon(OUT)) span { "Sign out" } }
                        }
                    }
                    main #page tabindex="-1" { (content) }
                }
            }
        },
    )
}

/// Goes to another page of the console. A form that a script has sent is told so in a header: what a redirect answers would be put into
/// the page that is there, below its old address.
pub fn go(headers: &HeaderMap, address: &str) -> Response {
    if headers.contains_key("hx-request") {
        return [("hx-redirect", address.to_owned())].into_response();
    }
    Redirect::to(address).into_response()
}

/// A page of no site: one card in the middle.
pub fn card(title: &str, content: &Markup) -> Response {
    document(
        title,
        &html! {
            main.card {
                (mark())
                (content)
            }
        },
    )
}

/// The way sign with the name, which leads to the first page.
fn mark() -> Markup {
    html! {
        a.mark href="/" {
            svg viewBox="0 0 32 32" aria-hidden="true" { path d=(SIGN) {} }
            span { "Waymark" }
        }
    }
}

fn icon(path: &str) -> Markup {
    html! { svg viewBox="0 0 24 24" aria-hidden="true" { path d=(path) {} } }
}

fn document(title: &str, body: &Markup) -> Response {
    let theme = Theme::now();
    let page = html! {
        (DOCTYPE)
        html lang="en" data-theme=(theme.name()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content=(if theme == Theme::Auto { "light dark" } else { theme.name() });
                title { (title) " · Waymark" }
                link rel="stylesheet" href=(file("console.css"));
                link rel="icon" href=(ICON);
                // Pages work without them; with them they are quick.
                @if assets::console("htmx.js").is_some() {
                    meta name="htmx-config" content=(HTMX);
                    script src=(file("htmx.js")) defer {}
                    script src=(file("console.js")) defer {}
                }
                // Larger than all the rest of a page: only where there is something for it to draw.
                @if plot::is_in(body) { script src=(file(plot::SCRIPT)) defer {} }
            }
            body { (body) }
        }
    };
    page.into_response()
}

/// How htmx behaves: it evaluates nothing, and asks nobody but us.
const HTMX: &str = r#"{"extensions":"own","history":false,"mode":"same-origin"}"#;

/// A way sign.
const SIGN: &str = "M4 6h18l6 6-6 6H4zM12 18h4v10h-4z";

/// The same for the browser's tab, so that nothing is asked for at `/favicon.ico`.
const ICON: PreEscaped<&str> = PreEscaped(
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cpath fill='%230b6b6b' d='M4 6h18l6 6-6 6H4zM12 18h4v10h-4z'/%3E%3C/svg%3E",
);

/// What every page of the console says to the browser: nothing from elsewhere, nothing inline, in nobody's frame.
pub async fn strict(mut response: Response) -> Response {
    const CSP: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; \
                       frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types htmx";
    let headers = response.headers_mut();
    for (name, value) in [
        ("content-security-policy", CSP),
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        // The one-time link has its token in the address; it must not travel on.
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ] {
        // A page that needs something else says so itself.
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    // Pages of the console are somebody's; neither proxies nor the next user of this browser may see them again.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
