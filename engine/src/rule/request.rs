//! What the request of a page says of who asks, beside the log. The collector sees it, so no page has to carry what recognises a
//! browser.

use super::Condition;
use super::eval::{Answer, Witness};
use super::page_leaf::{Browser, System};

/// What is known of a request. What is not is unknown, never false.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Request {
    /// The country, as two letters, if a proxy that is believed says it. None is computed from an address.
    pub country: Option<String>,
    /// The system.
    pub system: Option<System>,
    /// The browser.
    pub browser: Option<Browser>,
}

impl Witness for Request {
    fn answer(&self, leaf: &Condition) -> Answer {
        let known = match leaf {
            Condition::Country(list) => {
                self.country.as_ref().map(|country| list.iter().any(|wanted| wanted.eq_ignore_ascii_case(country)))
            }
            Condition::System(list) => self.system.map(|system| list.contains(&system)),
            Condition::Browser(list) => self.browser.map(|browser| list.contains(&browser)),
            _ => None,
        };
        known.map_or(Answer::UNKNOWN, Answer::of)
    }

    fn actual(&self, leaf: &Condition) -> String {
        let text = match leaf {
            Condition::Country(_) => self.country.as_deref(),
            Condition::System(_) => self.system.map(System::name),
            Condition::Browser(_) => self.browser.map(Browser::name),
            _ => None,
        };
        text.unwrap_or_default().to_owned()
    }
}
