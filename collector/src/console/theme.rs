//! Light or dark: what the reader has chosen, else what their device says. It is kept in a cookie and set by the server, so that no page
//! flashes in the other one and no script is needed.
//!
//! The one thing to know: it goes beside a request ([`beside`]), not through every page.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::access::own_page;
use crate::error::ApiError;
use crate::server::Submitted;

/// The cookie. Whoever else sets it changes the colours.
const COOKIE: &str = "waymark_theme";
/// A year.
const COOKIE_SECONDS: u32 = 31_536_000;

/// What a reader has chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Theme {
    /// As their device.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// A request that is being answered: its reader's theme, and the page to come back to.
#[derive(Clone)]
struct Asked {
    theme: Theme,
    page: String,
}

tokio::task_local! {
    static ASKED: Asked;
}

impl Theme {
    const ALL: [Theme; 3] = [Theme::Auto, Theme::Light, Theme::Dark];

    /// That of the request that is being answered.
    pub fn now() -> Theme {
        ASKED.try_with(|asked| asked.theme).unwrap_or_default()
    }

    fn of(headers: &HeaderMap) -> Theme {
        let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(name, _)| *name == COOKIE).map_or(Theme::Auto, |(_, value)| Theme::parse(value))
    }

    fn parse(name: &str) -> Theme {
        Theme::ALL.into_iter().find(|theme| theme.name() == name).unwrap_or_default()
    }

    /// Its name in the cookie, in forms and in the style.
    pub fn name(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Theme::Auto => "As my device",
            Theme::Light => "Light",
            Theme::Dark => "Dark",
        }
    }

    /// Drawn in a box of 24: half and half, a sun, a moon.
    fn icon(self) -> &'static str {
        match self {
            Theme::Auto => "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM12 4v16M15 5v14M18 7v10",
            Theme::Light => {
                "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5"
            }
            Theme::Dark => "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z",
        }
    }
}

/// Lets every page that is made for a request know what its reader has chosen.
pub async fn beside(request: Request, next: Next) -> Response {
    let uri = request.uri();
    // A form that was refused is no page to come back to.
    let page =
        if request.method() == Method::GET { uri.path_and_query().map_or("/", |page| page.as_str()) } else { "/" };
    let asked = Asked { theme: Theme::of(request.headers()), page: page.to_owned() };
    ASKED.scope(asked, next.run(request)).await
}

/// The switch in the top bar.
pub fn switch() -> Markup {
    let (theme, page) =
        ASKED.try_with(|asked| (asked.theme, asked.page.clone())).unwrap_or((Theme::Auto, "/".to_owned()));
    html! {
        details.sites.theme {
            summary title="Colours" { (icon(theme)) span.unseen { "Colours: " (theme.word()) } }
            form method="post" action="/theme" {
                input type="hidden" name="back" value=(page);
                @for one in Theme::ALL {
                    button type="submit" name="theme" value=(one.name()) aria-pressed=[(one == theme).then_some("true")] { (icon(one)) (one.word()) }
                }
            }
        }
    }
}

fn icon(theme: Theme) -> Markup {
    html! { svg viewBox="0 0 24 24" aria-hidden="true" { path d=(theme.icon()) {} } }
}

#[derive(Deserialize)]
pub struct Chosen {
    theme: String,
    #[serde(default)]
    back: String,
}

/// `POST /theme`.
pub async fn choose(Submitted(form): Submitted<Chosen>) -> Result<Response, ApiError> {
    let name = Theme::parse(&form.theme).name();
    let line = format!("{COOKIE}={name}; Path=/; HttpOnly; SameSite=Lax; Max-Age={COOKIE_SECONDS}");
    let line = HeaderValue::from_str(&line).map_err(|error| ApiError::Internal(error.to_string()))?;
    Ok(([(header::SET_COOKIE, line)], Redirect::to(own_page(&form.back))).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_theme_is_what_the_cookie_says_if_it_says_one() {
        for (line, theme) in [
            ("", Theme::Auto),
            ("a=b; waymark_theme=dark", Theme::Dark),
            ("waymark_theme=light; a=b", Theme::Light),
            ("waymark_theme=\"><script>", Theme::Auto),
            ("xwaymark_theme=dark", Theme::Auto),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_static(line));
            assert_eq!(Theme::of(&headers), theme, "{line}");
        }
    }
}
