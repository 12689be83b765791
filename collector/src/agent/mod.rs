//! Who asks, as far as the headers of a request tell: a person or a crawler, on what device, system and browser. Pure: the same
//! headers give the same answer.
//!
//! Headers see less than the page. An iPad says that it is a Mac, and an Android tablet that shows pages made for desktops that
//! it is a Linux; only the page can count their fingers. So whoever has the page's word gives it to
//! [`Client::corrected`], and where no page has spoken the device stays what the headers say.

mod crawler;
mod family;

#[cfg(test)]
mod cases;

use axum::http::{HeaderMap, HeaderName, header};
use engine::rule::{Browser, Device, Request, System};
use serde::Serialize;

/// Longest user agent that is looked at, in bytes. Real ones are a third of it.
const LONGEST: usize = 1024;

const BRANDS: HeaderName = HeaderName::from_static("sec-ch-ua");
const PLATFORM: HeaderName = HeaderName::from_static("sec-ch-ua-platform");
const MOBILE: HeaderName = HeaderName::from_static("sec-ch-ua-mobile");

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Client {
    /// Person or crawler.
    pub kind: Kind,
    /// The class of the device.
    pub device: Device,
    /// The family of the operating system.
    pub system: System,
    /// The family of the browser.
    pub browser: Browser,
}

/// Who sits before a browser.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Somebody.
    Person,
    /// A crawler, a monitor, a preview, a library: gets no prompts and is counted nowhere.
    Bot,
}

/// What the headers say of the browser; a hint that was not sent is empty.
#[derive(Clone, Copy, Debug, Default)]
struct Hints<'a> {
    /// `User-Agent`.
    agent: &'a str,
    /// `Sec-CH-UA`: `"Chromium";v="140", "Microsoft Edge";v="140"`.
    brands: &'a str,
    /// `Sec-CH-UA-Platform`, without its quotes.
    platform: &'a str,
    /// `Sec-CH-UA-Mobile`: `?1` or `?0`.
    mobile: &'a str,
}

impl Client {
    /// Reads the headers of a request that came from a page.
    pub fn of(headers: &HeaderMap) -> Client {
        let text = |name: HeaderName| {
            let value = headers.get(name).map(|value| value.as_bytes()).unwrap_or_default();
            String::from_utf8_lossy(value.get(..LONGEST).unwrap_or(value)).into_owned()
        };
        let (agent, brands, platform, mobile) = (text(header::USER_AGENT), text(BRANDS), text(PLATFORM), text(MOBILE));
        let platform = platform.trim().trim_matches('"');
        // Some proxies hand it on as they would log it, in quotes.
        let agent = agent.trim().trim_matches('"');
        Client::read(Hints { agent, brands: &brands, platform, mobile: mobile.trim() })
    }

    fn read(hints: Hints<'_>) -> Client {
        let kind = if crawler::is_crawler(hints.agent, hints.brands) { Kind::Bot } else { Kind::Person };
        Client { kind, device: hints.device(), system: hints.system(), browser: hints.browser() }
    }

    /// With the page's word: how many fingers the screen can tell apart (`navigator.maxTouchPoints`), and `navigator.platform`,
    /// which may be empty.
    #[must_use]
    pub fn corrected(self, touches: u32, platform: &str) -> Client {
        let fingers = touches > 1 && self.device == Device::Desktop;
        let arm = ["arm", "aarch", "android"].iter().any(|word| platform.to_ascii_lowercase().contains(word));
        match self.system {
            // No Mac has a touch screen.
            System::MacOs if fingers => Client { device: Device::Tablet, system: System::Ios, ..self },
            // Linux on a laptop with a touch screen is a PC's.
            System::Linux if fingers && arm => Client { device: Device::Tablet, system: System::Android, ..self },
            _ => self,
        }
    }

    /// The same as rules ask it. Where the client is, no header of its own says.
    pub fn request(&self, country: Option<String>) -> Request {
        Request { country, system: Some(self.system), browser: Some(self.browser) }
    }

    /// Whether it is one of those that get no prompts and are not counted.
    pub fn is_bot(&self) -> bool {
        self.kind == Kind::Bot
    }
}
