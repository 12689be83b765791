//! The room where a site is run: how it is installed, who may send, keys, the team, everything as files, what was done.

pub mod demo;
mod fields;
mod files;
mod install;
mod keys;
mod log;
mod rules;
mod site;
mod team;

use axum::extract::DefaultBodyLimit;
use axum::routing::{MethodRouter, get, post};
use maud::{Markup, html};

use super::access::{Here, Need, Pages};
use crate::auth::May;
use crate::state::App;

pub use fields::MAKEABLE;
pub use install::snippet;
pub use team::hours;

/// The pages of this room.
pub fn pages() -> Pages {
    Pages::default()
        .add(Need::Site(May::See), "GET", "/s/{site}/settings", get(site::show))
        .add(Need::Site(May::Run), "POST", "/s/{site}/settings", post(site::rename))
        .add(Need::Site(May::Run), "POST", "/s/{site}/settings/origins/allow", post(site::allow))
        .add(Need::Site(May::Run), "POST", "/s/{site}/settings/origins/remove", post(site::remove))
        .add(Need::Site(May::See), "GET", "/s/{site}/settings/install", get(install::show))
        .add(Need::Site(May::See), "GET", "/s/{site}/settings/install/live", get(install::follow))
        .add(Need::Site(May::Run), "POST", "/s/{site}/refusals/forget", post(install::forget))
        .add(Need::Site(May::Publish), "POST", "/s/{site}/settings/engine", post(install::run_javascript))
        .add(Need::Site(May::Run), "GET", "/s/{site}/settings/keys", get(keys::show))
        .add(Need::Site(May::Run), "POST", "/s/{site}/settings/keys", post(keys::make))
        .add(Need::Site(May::Run), "POST", "/s/{site}/settings/keys/revoke", post(keys::revoke))
        .add(Need::Site(May::See), "GET", "/s/{site}/settings/files", get(files::show))
        .add(Need::Site(May::Publish), "POST", "/s/{site}/settings/files", large(post(files::plan)))
        .add(Need::Site(May::Publish), "POST", "/s/{site}/settings/files/publish", large(post(files::apply)))
        .add(Need::Site(May::See), "GET", "/s/{site}/settings/files/all.zip", get(files::all))
        .add(Need::Site(May::See), "GET", "/s/{site}/settings/files/{kind}/{key}", get(files::one))
        .add(Need::Owner, "POST", "/sites/demo", post(demo::load))
        .add(Need::Owner, "POST", "/sites/demo/remove", post(demo::remove))
        .add(Need::Site(May::See), "GET", "/s/{site}/settings/team", get(team::show))
        .add(Need::Site(May::Run), "POST", "/s/{site}/settings/team", post(team::invite))
        .add(Need::Site(May::Run), "POST", "/s/{site}/settings/team/role", post(team::change))
        .add(Need::Site(May::Run), "POST", "/s/{site}/settings/team/link", post(team::link))
        .add(Need::Site(May::Run), "POST", "/s/{site}/settings/team/remove", post(team::remove))
        .add(Need::Site(May::See), "GET", "/s/{site}/settings/rules/{part}", get(rules::show))
        .add(Need::Site(May::Publish), "POST", "/s/{site}/settings/rules/{part}", post(rules::save))
        .add(Need::Site(May::Run), "GET", "/s/{site}/settings/log", get(log::show))
}

/// For uploads, which are larger than other forms.
fn large(handler: MethodRouter<App>) -> MethodRouter<App> {
    handler.layer(DefaultBodyLimit::max(files::UPLOAD_BYTES))
}

/// The parts of the room, one of them open.
fn tabs(here: &Here, open: &str) -> Markup {
    let rules = fields::PARTS.iter().map(|part| (format!("/settings/rules/{}", part.name), part.word, May::See));
    let part = |address: &str, word, may| (address.to_owned(), word, may);
    let mut parts = vec![part("/settings", "Site", May::See), part("/settings/install", "Install", May::See)];
    parts.extend(rules);
    parts.push(part("/settings/team", "Team", May::See));
    parts.push(part("/settings/keys", "Keys", May::Run));
    parts.push(part("/settings/files", "Files", May::See));
    parts.push(part("/settings/log", "Activity log", May::Run));
    html! {
        h1 { "Settings" }
        nav.tabs aria-label="Settings" {
            @for (address, word, may) in &parts {
                @if here.may(*may) {
                    a href=(here.to(address)) aria-current=[(address.as_str() == open).then_some("page")] { (word) }
                }
            }
        }
    }
}
