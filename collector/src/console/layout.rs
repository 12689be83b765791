//! The frame around every page: rail, top, content. No script, no inline style.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::auth::secret;

const STYLE: &str = include_str!("style.css");

/// The rooms of the rail that exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// What is installed, what was refused, recent numbers.
    Home,
    /// Visitors, persons, accounts.
    People,
}

impl Room {
    const ALL: [Room; 2] = [Room::Home, Room::People];

    fn word(self) -> &'static str {
        match self {
            Self::Home => "Home",
            Self::People => "People",
        }
    }

    fn address(self) -> &'static str {
        match self {
            Self::Home => "/",
            Self::People => "/people",
        }
    }

    /// Drawn in a box of 24, in the colour of the word beside it.
    fn icon(self) -> &'static str {
        match self {
            Self::Home => "M4 11.5 12 5l8 6.5M6.5 10v9h11v-9M10 19v-5h4v5",
            Self::People => {
                "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm-6 8c0-3 2.7-5 6-5s6 2 6 5M16 5.3a3 3 0 0 1 0 5.4M18 14.4c1.8.7 3 2.3 3 4.6"
            }
        }
    }
}

/// Out by a door.
const OUT: &str = "M10 5H5v14h5M14 8l4 4-4 4M18 12H9";

/// Address of the style sheet; it changes with its content, so browsers keep it for ever.
pub fn style_address() -> String {
    format!("/static/console-{}.css", &secret::hash(STYLE)[..8])
}

/// `GET /static/{name}`: the style sheet. An old name gets the new sheet, but does not keep it.
pub async fn style(uri: axum::http::Uri) -> Response {
    let caching = if uri.path() == style_address() { "public, max-age=31536000, immutable" } else { "no-store" };
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, caching)], STYLE).into_response()
}

/// A page in a room, for somebody who is signed in.
pub fn page(room: Room, title: &str, content: &Markup) -> Response {
    document(
        title,
        &html! {
            div.shell {
                nav.rail aria-label="Rooms" {
                    (mark())
                    @for one in Room::ALL {
                        a.room href=(one.address()) title=(one.word()) aria-current=[(one == room).then_some("page")] {
                            (icon(one.icon()))
                            span { (one.word()) }
                        }
                    }
                    form.leave method="post" action="/logout" {
                        button.room type="submit" title="Sign out" { (icon(OUT)) span { "Sign out" } }
                    }
                }
                main { (content) }
            }
        },
    )
}

/// A page for somebody who is not signed in: one card in the middle.
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
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Waymark" }
                link rel="stylesheet" href=(style_address());
                link rel="icon" href=(ICON);
            }
            body { (body) }
        }
    };
    page.into_response()
}

/// A way sign.
const SIGN: &str = "M4 6h18l6 6-6 6H4zM12 18h4v10h-4z";

/// The same for the browser's tab, so that nothing is asked for at `/favicon.ico`.
const ICON: PreEscaped<&str> = PreEscaped(
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cpath fill='%230b6b6b' d='M4 6h18l6 6-6 6H4zM12 18h4v10h-4z'/%3E%3C/svg%3E",
);

/// What every page of the console says to the browser: nothing from elsewhere, nothing inline, in nobody's frame.
pub async fn strict(mut response: Response) -> Response {
    const CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
                       frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
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
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Pages of the console are somebody's; neither proxies nor the next user of this browser may see them again.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
