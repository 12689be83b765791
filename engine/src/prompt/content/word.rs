//! Contents that say something and lead somewhere, and the links they lead by.

use crate::survey::Question;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

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

    /// Whether it is safe and leads to a page, not to a mail program or a telephone.
    pub fn leads_to_a_page(&self) -> bool {
        let starts = |scheme: &str| self.url.get(..scheme.len()).is_some_and(|s| s.eq_ignore_ascii_case(scheme));
        self.is_safe() && !starts("mailto:") && !starts("tel:")
    }
}

/// A picture.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Image {
    /// Where it is: `https`, or a path on the site.
    pub url: String,
    /// What it shows, for those who do not see it. Empty: it only decorates.
    pub alt: String,
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

/// Something worth knowing.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Notice {
    /// What it is about.
    #[serde(default)]
    pub purpose: Purpose,
    /// The first line.
    pub heading: String,
    /// A sentence or two below it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// A picture above the words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button: Option<Link>,
    /// The quiet way out. Left out: "No thanks", or "Got it" where there is nothing else to press.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decline: Option<String>,
    /// From then on it is not news any more: it is not shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Timestamp>,
}

/// What a notice is about: how it is counted, and the small picture beside it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// News.
    #[default]
    Announcement,
    /// A feature that they have not used yet.
    Tip,
    /// A subscription renews soon: what it costs, and when.
    Renewal,
    /// Help where somebody is stuck.
    Help,
    /// A call to book.
    Booking,
    /// An invitation to try something unfinished.
    Beta,
    /// Support for a launch elsewhere. Never asks for votes.
    Launch,
    /// A webinar or another event.
    Webinar,
}

impl Purpose {
    /// The log's name for following its button.
    pub fn event_name(self) -> &'static str {
        match self {
            Purpose::Announcement => "Announcement Followed",
            Purpose::Tip => "Feature Tip Followed",
            Purpose::Renewal => "Renewal Notice Followed",
            Purpose::Help => "Help Followed",
            Purpose::Booking => "Booking Link Followed",
            Purpose::Beta => "Beta Invitation Accepted",
            Purpose::Launch => "Launch Link Followed",
            Purpose::Webinar => "Webinar Link Followed",
        }
    }
}

/// A few fields on one card.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Form {
    /// What is wished for.
    pub wish: Wish,
    /// The first line.
    pub heading: String,
    /// A sentence or two below it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// One to eight fields, all on the card. Their branches say nothing.
    pub fields: Vec<Question>,
    /// The button. Left out: "Send".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button: Option<String>,
    /// The quiet way out. Left out: "No thanks".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decline: Option<String>,
    /// The last line. Left out: "Thank you."
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thanks: Option<String>,
}

/// What a form is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// To be contacted.
    Lead,
    /// To say something nice in public.
    Testimonial,
    /// To be helped.
    Help,
}

impl Wish {
    /// The log's name for a form that was sent.
    pub fn event_name(self) -> &'static str {
        match self {
            Wish::Lead => "Lead Given",
            Wish::Testimonial => "Testimonial Given",
            Wish::Help => "Help Requested",
        }
    }
}

/// A text to pass on.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Share {
    /// The first line.
    pub heading: String,
    /// A sentence or two below it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// What is passed on. It can be read before.
    pub text: String,
    /// The address that goes with it.
    pub url: String,
    /// One to four ways to pass it on.
    pub to: Vec<ShareTo>,
    /// The quiet way out. Left out: "No thanks".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decline: Option<String>,
}

/// A way to pass something on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum ShareTo {
    X,
    LinkedIn,
    Facebook,
    /// To the clipboard.
    Copy,
}

/// A link to give to others, one for each person.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Referral {
    /// The first line.
    pub heading: String,
    /// A sentence or two below it: what both sides get.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// Where the link leads; the person's code is added as `wm_ref`.
    pub url: String,
    /// A code that the person may give along, the same for everybody. Never for a review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reward: Option<String>,
    /// The quiet way out. Left out: "No thanks".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decline: Option<String>,
}

/// The parameter of an address that carries the code of who passed it on.
pub const REFERRAL_PARAM: &str = "wm_ref";
