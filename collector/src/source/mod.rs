//! Where visits come from, as far as the world is known: the list of search engines, networks, mailboxes, assistants and gateways
//! in `data/referrers.txt`, behind the function that [`engine::source::Sources`] asks. What follows from an answer, the
//! engine decides.

#[cfg(test)]
mod cases;
mod table;

use engine::source::{Places, Settings, Sources};

/// The list.
pub const PLACES: Places = Places { edition: table::EDITION, find: table::find };

/// How this site reads sources: its own settings, and the list.
pub fn sources(settings: Settings) -> Sources {
    Sources { settings, places: PLACES }
}
