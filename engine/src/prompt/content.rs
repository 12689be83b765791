//! What prompts say and ask. All of it is text and links; there is no markup anywhere.

use crate::event::Action;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What a prompt says and asks.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// How likely are you to recommend us, 0 to 10, and why?
    Nps(Nps),
    /// Read or write a review on a platform. Never asked for by score.
    Review(Links),
    /// An offer, perhaps with a coupon.
    Offer(Offer),
    /// Places where customers meet.
    Community(Links),
}

/// The recommendation question.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Nps {
    /// The question.
    pub question: String,
    /// What 0 means. Left out: "Not at all likely".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<String>,
    /// What 10 means. Left out: "Extremely likely".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<String>,
    /// A second question after the score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<FollowUp>,
    /// The last line. Left out: "Thank you for your answer."
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thanks: Option<String>,
}

/// The question after a score.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FollowUp {
    /// The question.
    pub question: String,
    /// The button. Left out: "Send".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button: Option<String>,
}

/// A few words and links.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Links {
    /// The first line.
    pub heading: String,
    /// A sentence or two below it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// One to six places to go.
    pub links: Vec<Link>,
    /// The quiet way out. Left out: "No thanks".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decline: Option<String>,
}

/// An offer with one button.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Offer {
    /// The first line.
    pub heading: String,
    /// A sentence or two below it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// A code to copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon: Option<Coupon>,
    /// What to do about it.
    pub button: Link,
    /// The quiet way out. Left out: "No thanks".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decline: Option<String>,
}

/// A code that makes something cheaper.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Coupon {
    /// The code.
    pub code: String,
    /// Its real end. The prompt is not shown after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Timestamp>,
    /// The query parameter of the button's address that carries the code. Left out: none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub param: Option<String>,
}

/// A text that leads somewhere: `http`, `https`, `mailto`, `tel`, or a path on the site.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Link {
    /// What it says.
    pub label: String,
    /// Where it leads.
    pub url: String,
}

impl Link {
    /// Whether the address is of a kind that cannot run anything in the page.
    pub fn is_safe(&self) -> bool {
        let url = self.url.as_bytes();
        let starts =
            |scheme: &str| url.len() > scheme.len() && url[..scheme.len()].eq_ignore_ascii_case(scheme.as_bytes());
        let is_path = matches!(url, [b'/', rest @ ..] if rest.first() != Some(&b'/') && rest.first() != Some(&b'\\'))
            || matches!(url, [b'.', ..] | [b'?', ..] | [b'#', ..]);
        let is_clean = !url.iter().any(|byte| byte.is_ascii_control());
        is_clean && (is_path || starts("https://") || starts("http://") || starts("mailto:") || starts("tel:"))
    }
}

impl Content {
    /// The log's own name for what was done with this content; `None` where the general name says it all.
    pub fn event_name(&self, action: Action) -> Option<&'static str> {
        match (self, action) {
            (Content::Nps(_), Action::Answered) => Some("NPS Answered"),
            (Content::Review(_), Action::Converted) => Some("Review Link Followed"),
            (Content::Offer(_), Action::Converted) => Some("Offer Accepted"),
            (Content::Offer(_), Action::Clicked) => Some("Coupon Copied"),
            (Content::Community(_), Action::Converted) => Some("Community Link Followed"),
            _ => None,
        }
    }

    /// The instant from which on showing it would be untrue.
    pub fn ends(&self) -> Option<Timestamp> {
        match self {
            Content::Offer(offer) => offer.coupon.as_ref().and_then(|coupon| coupon.ends),
            Content::Nps(_) | Content::Review(_) | Content::Community(_) => None,
        }
    }
}
