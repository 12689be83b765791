//! The room where prompts are written, published and looked after.

mod act;
pub mod audience;
mod audience_words;
mod changes;
mod contents;
mod edit;
mod gallery;
mod goal;
pub mod known;
mod languages;
pub mod list;
mod new;
mod pane;
pub mod parts;
pub mod passes;
mod preview;
mod publish;
mod questions;
pub mod reach;
mod reaches;
pub mod sentence;
mod trial;

use axum::routing::{get, post};

use super::access::{Here, Need, Pages};
use crate::auth::May;
use crate::error::ApiError;
use crate::prompts::work::{Desk, WorkError};
use crate::state::App;

/// The pages of this room.
pub fn pages() -> Pages {
    let see = Need::Site(May::See);
    let write = Need::Site(May::Publish);
    Pages::default()
        .add(see, "GET", "/s/{site}/prompts", get(list::show))
        .add(see, "GET", "/s/{site}/reaches", get(reaches::show))
        .add(write, "GET", "/s/{site}/templates", get(new::show))
        .add(write, "POST", "/s/{site}/templates", post(new::begin))
        .add(see, "GET", "/s/{site}/prompts/{key}", get(edit::show))
        .add(write, "POST", "/s/{site}/prompts/{key}", post(edit::save))
        .add(write, "POST", "/s/{site}/prompts/{key}/undo", post(act::undo))
        .add(write, "POST", "/s/{site}/prompts/{key}/status", post(act::status))
        .add(write, "POST", "/s/{site}/prompts/{key}/copy", post(act::copy))
        .add(see, "GET", "/s/{site}/prompts/{key}/publish", get(publish::show))
        .add(write, "POST", "/s/{site}/prompts/{key}/publish", post(publish::publish))
        .add(see, "GET", "/s/{site}/prompts/{key}/versions", get(publish::versions))
        .add(write, "POST", "/s/{site}/prompts/{key}/versions", post(publish::bring_back))
        .add(see, "GET", "/s/{site}/prompts/{key}/reach", get(reach::show))
        .add(see, "GET", "/s/{site}/prompts/{key}/reach/figures", get(reach::later))
        .add(see, "GET", "/s/{site}/prompts/{key}/reach/fits", get(reach::fits))
        .add(write, "GET", "/s/{site}/prompts/{key}/try", get(trial::show))
        .add(see, "GET", "/s/{site}/prompts/{key}/frame", get(preview::frame))
        .add(see, "GET", "/s/{site}/prompts/{key}/bundle", get(preview::bundle))
        .add(write, "GET", "/s/{site}/templates/{name}/frame", get(preview::frame_of_template))
        .add(write, "GET", "/s/{site}/templates/{name}/bundle", get(preview::bundle_of_template))
}

/// Who does something, where.
pub fn desk<'a>(app: &'a App, here: &'a Here) -> Desk<'a> {
    Desk { app, site: &here.site, member: &here.member }
}

/// What went wrong, as an answer. A conflict is told on the page where it can be solved.
pub fn refused(error: WorkError) -> ApiError {
    match error {
        WorkError::Missing => ApiError::NotFound("prompt"),
        WorkError::Mistakes(problems) => ApiError::Invalid(problems),
        WorkError::Conflict(_) => {
            ApiError::Forbidden("Somebody else has changed this prompt since. Nothing was overwritten: open it again.")
        }
        WorkError::Outdated(_) => {
            ApiError::Forbidden("Somebody else has changed this since. Nothing was overwritten: open it again.")
        }
        WorkError::Store(error) => ApiError::from(error),
    }
}
