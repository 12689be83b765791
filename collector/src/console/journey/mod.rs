//! The room of journeys: where people are, and what moves them.

mod connected;
mod curves;
mod edit;
mod fields;
mod map;
mod moved;
mod trial;

use axum::routing::{get, post};

use super::access::{Need, Pages};
use crate::auth::May;

/// The journey that a new site begins with.
pub const USUAL_JOURNEY: &str = include_str!("../../../../examples/journeys/saas.json");

/// The pages of this room.
pub fn pages() -> Pages {
    Pages::default()
        .add(Need::Site(May::See), "GET", "/s/{site}/journey", get(map::show))
        .add(Need::Site(May::See), "GET", "/s/{site}/journey/{key}/edit", get(edit::show))
        .add(Need::Site(May::Publish), "POST", "/s/{site}/journey/{key}/edit", post(edit::save))
}
