//! The pages that people work with: server-rendered, nothing inline.
//!
//! Pages lay out what [`view`] holds and decide nothing. Who may open them is said where they are added ([`pages`]).

pub mod access;
mod arrival;
mod failure;
mod forgot;
mod form;
mod home;
mod journey;
mod layout;
mod made;
mod people;
mod people_filter;
mod pictures;
mod plot;
mod prompts;
mod region;
mod results;
mod settings;
mod sign_in;
mod sites;
mod subject;
mod theme;
pub mod view;
mod why;
pub(crate) mod words;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use maud::html;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;

use crate::auth::May;
use crate::error::ApiError;
use crate::state::App;
use access::{Need, Pages};

pub use failure::reads_pages;
pub use settings::snippet;

/// Largest form, in bytes.
const FORM_BYTES: usize = 512 * 1024;

/// Every page, with what it takes to open it.
pub fn pages() -> Pages {
    Pages::default()
        .add(Need::Nothing, "GET", "/static/{name}", get(layout::serve_file))
        .add(Need::Nothing, "GET", "/setup", get(sign_in::setup_page))
        .add(Need::Nothing, "POST", "/setup", post(sign_in::setup))
        .add(Need::Nothing, "GET", "/login", get(sign_in::login_page))
        .add(Need::Nothing, "POST", "/login", post(sign_in::login))
        .add(Need::Nothing, "GET", "/forgot", get(forgot::show))
        .add(Need::Nothing, "POST", "/forgot", post(forgot::send))
        .add(Need::Nothing, "POST", "/logout", post(sign_in::logout))
        .add(Need::Session, "POST", "/theme", post(theme::choose))
        .add(Need::Session, "GET", "/", get(home::first))
        .add(Need::Owner, "GET", "/sites/new", get(sites::form_page))
        .add(Need::Owner, "POST", "/sites/new", post(sites::make))
        .add(Need::Site(May::See), "GET", "/s/{site}", get(home::home))
        .add(Need::Site(May::See), "GET", "/s/{site}/people", get(people::list))
        .add(Need::Site(May::See), "GET", "/s/{site}/people/{kind}/{id}", get(people::one))
        .add(Need::Site(May::See), "GET", "/s/{site}/people/{kind}/{id}/why", get(why::show))
        .join(prompts::pages())
        .join(journey::pages())
        .join(pictures::pages())
        .join(results::pages())
        .join(settings::pages())
}

/// Every page behind its guard. What changes something is taken from our own pages only.
pub fn routes(app: &App) -> Router<App> {
    let csrf = CsrfLayer::new();
    // Behind a proxy that rewrites Host the public address is still ours.
    let csrf = csrf.clone().add_trusted_origin(&app.public_url).unwrap_or(csrf);
    let csrf = csrf.with_rejection_response(|_| {
        ApiError::Forbidden("This did not come from a page of this console, so nothing was changed.").into_response()
    });
    pages()
        .into_router(app)
        .layer(csrf)
        .layer(DefaultBodyLimit::max(FORM_BYTES))
        .layer(middleware::from_fn(failure::as_page))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(theme::beside))
        .layer(middleware::map_response(layout::strict))
}

/// For people who followed a link that leads nowhere.
pub async fn not_found() -> Response {
    let page = layout::card(
        "Not here",
        &html! {
            h1 { "There is no page here" }
            p { "The address may be mistyped, or what it led to may be gone." }
            p.more { a.button href="/" { "Go to Home" } }
        },
    );
    layout::strict((StatusCode::NOT_FOUND, page).into_response()).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::{self, Peer};
    use crate::{Clock, Config};
    use axum::body::Body;
    use axum::http::{Request, header};
    use tower::ServiceExt;

    #[tokio::test]
    async fn no_page_opens_without_what_it_declares() {
        let dir = tempfile::tempdir().unwrap();
        let running = crate::start(Config::for_testing(dir.path()), Clock::System).await.unwrap();
        let router = server::router(running.app.clone());
        let pages = pages();
        assert!(pages.declared().filter(|page| page.need != Need::Nothing).count() >= 25);
        for page in pages.declared() {
            let address = page
                .path
                .replace("{kind}", "person")
                .replace("{id}", "u1")
                .replace("{name}", "console-0.css")
                .replace("{site}", "demo");
            let form = "application/x-www-form-urlencoded";
            let request = Request::builder().method(page.method).uri(&address).header(header::CONTENT_TYPE, form);
            let mut request =
                request.body(Body::from("site=s&origin=https://x.example&token=x&password=x&again=x")).unwrap();
            request.extensions_mut().insert(Peer("192.0.2.1:1".parse().unwrap()));
            let response = router.clone().oneshot(request).await.unwrap();
            let status = response.status();
            let to =
                response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
            let refused =
                status == StatusCode::UNAUTHORIZED || (status == StatusCode::SEE_OTHER && to.starts_with("/login"));
            match page.need {
                Need::Session | Need::Owner | Need::Site(_) => {
                    assert!(refused, "{} {} answers {status} {to}", page.method, page.path);
                }
                Need::Nothing => assert!(!status.is_server_error(), "{} {} answers {status}", page.method, page.path),
            }
            let csp = response.headers()["content-security-policy"].to_str().unwrap();
            assert!(csp.contains("default-src 'none'") && !csp.contains("unsafe"), "{}: {csp}", page.path);
            assert_eq!(response.headers()["referrer-policy"], "no-referrer");
        }
        running.stop().await;
    }
}
