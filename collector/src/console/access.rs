//! Who may open which page. A page cannot be added without saying so.
//!
//! [`Pages`] is the only way in: it takes the need together with the address and the handler, and puts the guard in front. What was
//! declared can be listed, and tests walk that list with no session, with each role, and with somebody of another site.
//!
//! Pages of a site stand below `/s/{site}`. The guard has looked at who asks, at the site, and at what they are there; the handler
//! gets all three as [`Here`].

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::MethodRouter;
use jiff::tz::TimeZone;

use crate::auth::{May, Member, Role, Session};
use crate::error::ApiError;
use crate::reach::Samples;
use crate::sites::Site;
use crate::state::App;
use crate::store;

/// Where the pages of a site stand.
const SITE: &str = "/s/{site}";

/// What it takes to open a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing: signing in itself, and the files that every page has.
    Nothing,
    /// A session.
    Session,
    /// To be an owner of the installation.
    Owner,
    /// A role on the site that is named in the address, which may do this.
    Site(May),
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
pub struct Pages(Vec<(Declared, MethodRouter<App>)>);

impl Pages {
    /// Adds a page. The handler answers only the method it was declared for.
    ///
    /// # Panics
    /// When a page of a site does not stand below `/s/{site}`, or another one does: the guard could not know which site is meant.
    pub fn add(mut self, need: Need, method: &'static str, path: &'static str, handler: MethodRouter<App>) -> Self {
        assert_eq!(matches!(need, Need::Site(_)), path.starts_with(SITE), "{path} needs {need:?}");
        self.0.push((Declared { method, path, need }, handler));
        self
    }

    /// Adds those of a room.
    pub fn join(mut self, others: Pages) -> Self {
        self.0.extend(others.0);
        self
    }

    /// What was added.
    pub fn declared(&self) -> impl Iterator<Item = Declared> {
        self.0.iter().map(|(declared, _)| *declared)
    }

    /// All pages, each behind its guard.
    pub fn into_router(self, app: &App) -> Router<App> {
        self.0.into_iter().fold(Router::new(), |router, (Declared { path, need, .. }, handler)| {
            router.route(path, handler.route_layer(middleware::from_fn_with_state((app.clone(), need), guard)))
        })
    }
}

/// Who asks, on which site, and what they are there.
#[derive(Clone, Debug)]
pub struct Here {
    /// Who.
    pub member: Arc<Member>,
    /// Where.
    pub site: Arc<Site>,
    /// What they are.
    pub role: Role,
    /// All the sites they may see, by name.
    pub sites: Vec<Arc<Site>>,
}

impl Here {
    /// The address of a page of this site: `/prompts`.
    pub fn to(&self, page: &str) -> String {
        format!("/s/{}{page}", self.site.id)
    }

    /// The clocks of this site.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.site.timezone).unwrap_or(TimeZone::UTC)
    }

    /// Whether they may do more than read.
    pub fn may(&self, what: May) -> bool {
        self.role.may(what)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Here {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let here = parts.extensions.get::<Here>().cloned();
        here.ok_or_else(|| ApiError::Internal("a page without a guard of its site".to_owned()))
    }
}

/// Who asks, on pages of no site.
#[derive(Clone, Debug)]
pub struct Who(pub Arc<Member>);

impl<S: Send + Sync> FromRequestParts<S> for Who {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let who = parts.extensions.get::<Who>().cloned();
        who.ok_or_else(|| ApiError::Internal("a page without a guard".to_owned()))
    }
}

/// Without a session a reader is sent to sign in and comes back after; anything else is refused. A site that is not theirs is a site
/// that does not exist.
async fn guard(State((app, need)): State<(App, Need)>, mut request: Request, next: Next) -> Response {
    if need == Need::Nothing {
        return next.run(request).await;
    }
    let member = match Session::of(&app, request.headers()).await {
        Ok(Some(session)) => Arc::new(session.member),
        Ok(None) if request.method() == Method::GET => {
            let target = request.uri().path_and_query().map_or("/", |p| p.as_str());
            return Redirect::to(&sign_in_for(target)).into_response();
        }
        Ok(None) => return ApiError::SignedOut.into_response(),
        Err(error) => return ApiError::from(error).into_response(),
    };
    match admit(&app, need, &member, request.uri().path()).await {
        Ok(here) => {
            if let Some(here) = here {
                request.extensions_mut().insert(here);
            }
            request.extensions_mut().insert(Who(member));
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

async fn admit(app: &App, need: Need, member: &Arc<Member>, path: &str) -> Result<Option<Here>, ApiError> {
    match need {
        Need::Nothing | Need::Session => Ok(None),
        Need::Owner if member.is_owner => Ok(None),
        Need::Owner => Err(ApiError::Forbidden("Only an owner of this installation may do that.")),
        Need::Site(what) => {
            let id = path.split('/').nth(2).unwrap_or_default();
            let site = app.sites.by_id(id).ok_or(ApiError::NotFound("site"))?;
            let role = member.role_on(&app.db, &site.id).await?.ok_or(ApiError::NotFound("site"))?;
            if !role.may(what) {
                return Err(ApiError::Forbidden(refusal(what)));
            }
            // Whoever works on a site may ask for counts at any moment.
            Samples::ahead(app, &site);
            Ok(Some(Here { member: member.clone(), site, role, sites: sites_of(app, member).await? }))
        }
    }
}

/// The sites that a member may see, by name.
pub async fn sites_of(app: &App, member: &Member) -> Result<Vec<Arc<Site>>, ApiError> {
    let mut sites = app.sites.all();
    if !member.is_owner {
        let roles = store::members::roles(&mut app.db.read().await?.conn(), &member.id).await?;
        sites.retain(|site| roles.iter().any(|(id, _)| *id == site.id));
    }
    Ok(sites)
}

fn refusal(what: May) -> &'static str {
    match what {
        May::See => "You may not see this site.",
        May::Publish => "Your role on this site may not change prompts or journeys. An owner can give you another one.",
        May::Care => "Your role on this site may not act for customers. An owner can give you another one.",
        May::Note => "Your role on this site may not tag what customers said. An owner can give you another one.",
        May::Run => "Only owners of this site may do that.",
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
