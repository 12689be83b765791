//! Who may open which page. A page cannot be added without saying so.
//!
//! [`Pages`] is the only way in: it takes the need together with the address and the handler, and puts the guard in front.
//! What was declared can be listed, and a test walks that list without a session.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::MethodRouter;

use crate::auth::Session;
use crate::error::ApiError;
use crate::state::App;

/// What it takes to open a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing: signing in itself, and the style sheet.
    Nothing,
    /// A session.
    Session,
}

/// A page and its need.
#[derive(Clone, Copy, Debug)]
pub struct Declared {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The address, with its parameters in braces.
    pub path: &'static str,
    /// What it takes.
    pub need: Need,
}

/// The console's pages.
#[derive(Debug, Default)]
pub struct Pages {
    open: Router<App>,
    guarded: Router<App>,
    declared: Vec<Declared>,
}

impl Pages {
    /// Adds a page. The handler answers only the method it was declared for.
    pub fn add(mut self, need: Need, method: &'static str, path: &'static str, handler: MethodRouter<App>) -> Self {
        self.declared.push(Declared { method, path, need });
        match need {
            Need::Nothing => self.open = self.open.route(path, handler),
            Need::Session => self.guarded = self.guarded.route(path, handler),
        }
        self
    }

    /// What was added.
    pub fn declared(&self) -> &[Declared] {
        &self.declared
    }

    /// All pages, with the guard in front of those that need it.
    pub fn into_router(self, app: &App) -> Router<App> {
        self.open.merge(self.guarded.route_layer(middleware::from_fn_with_state(app.clone(), guard)))
    }
}

/// Without a session a reader is sent to sign in and comes back after; anything else is refused.
async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    match Session::of(&app, request.headers()).await {
        Ok(Some(_)) => next.run(request).await,
        Ok(None) if request.method() == Method::GET => {
            let target = request.uri().path_and_query().map_or("/", |p| p.as_str());
            Redirect::to(&sign_in_for(target)).into_response()
        }
        Ok(None) => ApiError::SignedOut.into_response(),
        Err(error) => ApiError::from(error).into_response(),
    }
}

fn sign_in_for(target: &str) -> String {
    if target == "/" {
        return "/login".to_owned();
    }
    let escaped: String = target.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    });
    format!("/login?next={escaped}")
}

/// The page to go on to after signing in: one of ours, or the first. `//host` and `/\host` would lead elsewhere.
pub fn own_page(next: &str) -> &str {
    let own = next.starts_with('/') && !next[1..].starts_with(['/', '\\']) && !next.contains(|c: char| c.is_control());
    if own { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_back_to_our_own_pages_only() {
        for (next, expected) in [
            ("/people?q=a", "/people?q=a"),
            ("", "/"),
            ("people", "/"),
            ("https://evil.example", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("/a\r\nset-cookie: x", "/"),
        ] {
            assert_eq!(own_page(next), expected, "{next:?}");
        }
        assert_eq!(sign_in_for("/people?q=a b&x"), "/login?next=/people%3Fq%3Da%20b%26x");
    }
}
