//! What the log knows about visitors, persons and accounts, for the console's pages.

use crate::console::view::{PeoplePage, PeopleQuery, SubjectPage, Summary};
use crate::error::ApiError;
use crate::sites::Site;
use crate::state::App;

/// The numbers of a site's first page.
pub async fn summary(_app: &App, _site: &Site) -> Result<Summary, ApiError> {
    Ok(Summary::default())
}

/// One page of the list, latest activity first.
pub async fn list(_app: &App, _site: &Site, _query: &PeopleQuery) -> Result<PeoplePage, ApiError> {
    Ok(PeoplePage::default())
}

/// The page of one of them, its timeline up to the cursor `before`; `None` where nobody of this kind and id was seen.
pub async fn subject(
    _app: &App,
    _site: &Site,
    _kind: &str,
    _id: &str,
    _before: Option<&str>,
) -> Result<Option<SubjectPage>, ApiError> {
    Ok(None)
}
