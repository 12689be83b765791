//! What a host, an app or a name in `utm_source` is known as. The list itself is not here: whoever has one hands in a function.

use core::fmt;
use core::hash::{Hash, Hasher};
use serde::{Deserialize, Serialize};

/// What kind of place a visit came from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// A search engine.
    Search,
    /// A social network, a messenger, a forum.
    Social,
    /// A video site.
    Video,
    /// A shop, a marketplace, a price comparison.
    Shopping,
    /// A mailbox or what sends to them.
    Mail,
    /// An assistant that answers with links.
    Ai,
    /// A link shortener that tells nothing of who used it.
    Shortener,
    /// An app store.
    Store,
    /// Where a visitor pays or signs in and comes back from: never a source.
    Gateway,
    /// Known, and none of these, though its parent is.
    Other,
}

impl Class {
    /// Every class.
    pub const ALL: [Class; 10] = [
        Class::Search,
        Class::Social,
        Class::Video,
        Class::Shopping,
        Class::Mail,
        Class::Ai,
        Class::Shortener,
        Class::Store,
        Class::Gateway,
        Class::Other,
    ];

    /// Its name in rules and in the list.
    pub fn name(self) -> &'static str {
        match self {
            Class::Search => "search",
            Class::Social => "social",
            Class::Video => "video",
            Class::Shopping => "shopping",
            Class::Mail => "mail",
            Class::Ai => "ai",
            Class::Shortener => "shortener",
            Class::Store => "store",
            Class::Gateway => "gateway",
            Class::Other => "other",
        }
    }
}

/// A known place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Place {
    /// The name that people know it by.
    pub name: &'static str,
    /// Its class.
    pub class: Class,
}

/// What is looked up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asked<'a> {
    /// A host in small letters without `www.`, and the path on it.
    Host(&'a str, &'a str),
    /// The package of an app.
    App(&'a str),
    /// What somebody wrote into `utm_source`, in small letters.
    Name(&'a str),
}

/// A list of known places, as the function that looks one up.
#[derive(Clone, Copy)]
pub struct Places {
    /// Which edition of the list: what was derived with another one may differ. The function's own address says nothing, it is
    /// another one in each process.
    pub edition: u32,
    /// Finds a place.
    pub find: fn(Asked<'_>) -> Option<Place>,
}

impl Default for Places {
    /// Knows none.
    fn default() -> Places {
        Places { edition: 0, find: |_| None }
    }
}

impl PartialEq for Places {
    fn eq(&self, other: &Places) -> bool {
        self.edition == other.edition
    }
}

impl Eq for Places {}

impl Hash for Places {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.edition.hash(state);
    }
}

impl fmt::Debug for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Places({:08x})", self.edition)
    }
}
