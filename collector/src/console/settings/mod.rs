//! The room where a site is run: who may send, keys, the team, what was done.

mod fields;
mod log;
mod rules;
mod site;
mod team;

use axum::routing::{get, post};
use maud::{Markup, html};

use super::access::{Here, Need, Pages};
use crate::auth::May;

/// The pages of this room.
pub fn pages() -> Pages {
    Pages::default()
        .add(Need::Site(May::See), "GET", "/s/{site}/settings", get(site::show))
        .add(Need::Site(May::Run), "POST", "/s/{site}/settings", post(site::rename))
        .add(Need::Site(May::Run), "POST", "/s/{site}/settings/origins/allow", post(site::allow))
        .add(Need::Site(May::Run), "POST", "/s/{site}/settings/origins/remove", post(site::remove))
        .add(Need::Site(May::Run), "POST", "/s/{site}/settings/secret", post(site::new_secret))
        .add(Need::Site(May::See), "GET", "/s/{site}/settings/team", get(team::show))
        .add(Need::Site(May::Run), "POST", "/s/{site}/settings/team", post(team::invite))
        .add(Need::Site(May::Run), "POST", "/s/{site}/settings/team/role", post(team::change))
        .add(Need::Site(May::Run), "POST", "/s/{site}/settings/team/link", post(team::link))
        .add(Need::Site(May::Run), "POST", "/s/{site}/settings/team/remove", post(team::remove))
        .add(Need::Site(May::See), "GET", "/s/{site}/settings/rules/{part}", get(rules::show))
        .add(Need::Site(May::Publish), "POST", "/s/{site}/settings/rules/{part}", post(rules::save))
        .add(Need::Site(May::Run), "GET", "/s/{site}/settings/log", get(log::show))
}

/// The parts of the room, one of them open.
fn tabs(here: &Here, open: &str) -> Markup {
    let rules = fields::PARTS.iter().map(|part| (format!("/settings/rules/{}", part.name), part.word, May::See));
    let mut parts = vec![("/settings".to_owned(), "Site", May::See)];
    parts.extend(rules);
    parts.push(("/settings/team".to_owned(), "Team", May::See));
    parts.push(("/settings/log".to_owned(), "What was done", May::Run));
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
