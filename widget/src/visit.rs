//! The visit that is going on, as the loader keeps it for all tabs, and what the visitor has agreed to.

use engine::Timestamp;
use engine::rule::Consent;
use view::clock::Clock;
use view::host::host;
use view::read::field;

/// The visit. What an older loader has not kept is not known.
pub struct Visit {
    /// The browser.
    pub visitor: String,
    /// The visit's id.
    pub session: String,
    /// When it began.
    pub since: Option<Timestamp>,
    /// How many pages it has had.
    pub pages: Option<u32>,
}

impl Visit {
    /// What the loader has kept, on the site's clock.
    pub fn now(clock: Clock) -> Visit {
        let state = host().state();
        let session = field(&state, "session");
        let number = |name| field(&session, name).as_f64();
        let text = |of, name| field(of, name).as_string();
        Visit {
            visitor: text(&state, "visitor").unwrap_or_default(),
            session: text(&session, "id").unwrap_or_default(),
            since: number("since").map(|since| clock.site(Timestamp(since as i64))),
            pages: number("pages").map(|pages| pages as u32),
        }
    }
}

/// What the visitor has agreed to: whatever the page has not taken back. Whether anybody has to be asked before is the site's affair.
pub fn consents() -> Vec<Consent> {
    let given = host().given();
    let is_given = |consent: &Consent| field(&given, consent.name()).is_truthy();
    [Consent::Store, Consent::Profile, Consent::Answer].into_iter().filter(is_given).collect()
}
