//! What a browser says of itself when it opens a page. Kept with the page view, so that a draft can be tried on visits that are over.

use std::sync::Arc;

use engine::rule::{Browser, Device, Request, System};
use serde::{Deserialize, Serialize};

use super::Caller;

/// Longest name of a language that is kept, in bytes; those in use are a third of it.
const LONGEST_LANGUAGE: usize = 35;

/// What a browser says of itself. What it did not say is unknown.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Opened {
    /// The class of the device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<Device>,
    /// The language of the page, or of the browser.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<System>,
    #[serde(skip_serializing_if = "Option::is_none")]
    browser: Option<Browser>,
}

impl Opened {
    /// What a caller says.
    pub fn of(caller: &Caller) -> Opened {
        let Request { country, system, browser } = caller.request.clone();
        let language = caller.language.clone().filter(|language| language.len() <= LONGEST_LANGUAGE);
        Opened { device: caller.class, language, country, system, browser }
    }

    /// Reads what was kept; of what is none nothing is known.
    pub fn read(json: &str) -> Opened {
        serde_json::from_str(json).unwrap_or_default()
    }

    /// As it is kept.
    pub fn written(&self) -> Option<Arc<str>> {
        serde_json::to_string(self).ok().map(Arc::from)
    }

    /// The same as rules ask it.
    pub fn request(&self) -> Request {
        Request { country: self.country.clone(), system: self.system, browser: self.browser }
    }
}
