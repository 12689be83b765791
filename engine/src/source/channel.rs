//! The class of a visit: GA4's default channel group (https://support.google.com/analytics/answer/9756891), its names and its
//! order, the AI assistants that it has since 2026 among them. Google's regular expressions are written as text tests here; the
//! cases in `tests/cases/channel/` hold both to the same.
//!
//! Ours goes on where Google gives up: a missing medium is read off the click id or the referrer, and a missing `utm_source` off
//! the referrer.

use super::place::Class;
use super::{Source, SourceField};
use crate::id::Key;
use core::fmt;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The class of a source. In rules and files it is one word: GA4's name in small letters with `_`, else a site's own.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
#[expect(missing_docs, reason = "GA4's names say it")]
pub enum Channel {
    #[default]
    Direct,
    CrossNetwork,
    PaidShopping,
    PaidSearch,
    PaidSocial,
    PaidVideo,
    Display,
    PaidOther,
    OrganicShopping,
    OrganicSocial,
    OrganicVideo,
    AiAssistant,
    OrganicSearch,
    Referral,
    Email,
    Affiliates,
    Audio,
    Sms,
    MobilePushNotifications,
    Unassigned,
    /// A site's own, by one of its rules.
    Own(Key),
}

/// GA4's channels in its order, each with its word in rules and its name for people.
const NAMES: [(Channel, &str, &str); 20] = [
    (Channel::Direct, "direct", "Direct"),
    (Channel::CrossNetwork, "cross_network", "Cross-network"),
    (Channel::PaidShopping, "paid_shopping", "Paid Shopping"),
    (Channel::PaidSearch, "paid_search", "Paid Search"),
    (Channel::PaidSocial, "paid_social", "Paid Social"),
    (Channel::PaidVideo, "paid_video", "Paid Video"),
    (Channel::Display, "display", "Display"),
    (Channel::PaidOther, "paid_other", "Paid Other"),
    (Channel::OrganicShopping, "organic_shopping", "Organic Shopping"),
    (Channel::OrganicSocial, "organic_social", "Organic Social"),
    (Channel::OrganicVideo, "organic_video", "Organic Video"),
    (Channel::AiAssistant, "ai_assistant", "AI Assistant"),
    (Channel::OrganicSearch, "organic_search", "Organic Search"),
    (Channel::Referral, "referral", "Referral"),
    (Channel::Email, "email", "Email"),
    (Channel::Affiliates, "affiliates", "Affiliates"),
    (Channel::Audio, "audio", "Audio"),
    (Channel::Sms, "sms", "SMS"),
    (Channel::MobilePushNotifications, "mobile_push_notifications", "Mobile Push Notifications"),
    (Channel::Unassigned, "unassigned", "Unassigned"),
];

impl Channel {
    /// GA4's channels, in the order in which they are tried.
    pub fn all() -> impl Iterator<Item = &'static Channel> {
        NAMES.iter().map(|(channel, ..)| channel)
    }

    /// Reads a word: one of GA4's, else a key of the site's own.
    pub fn parse(word: &str) -> Option<Channel> {
        let known = NAMES.iter().find(|(_, name, _)| *name == word);
        known.map_or_else(|| Key::parse(word).map(Channel::Own), |(channel, ..)| Some(channel.clone()))
    }

    /// The word in rules.
    pub fn word(&self) -> &str {
        match self {
            Channel::Own(key) => key.as_str(),
            known => known.names().0,
        }
    }

    fn names(&self) -> (&'static str, &'static str) {
        NAMES.iter().find(|(channel, ..)| channel == self).map_or(("", ""), |(_, word, name)| (word, name))
    }

    /// The channel of a source by GA4's rules.
    pub(super) fn of(source: &Source) -> Channel {
        if source.is_direct() { Channel::Direct } else { Tagged::of(source).channel() }
    }
}

impl fmt::Display for Channel {
    /// The name for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Channel::Own(key) => f.write_str(key.as_str()),
            known => f.write_str(known.names().1),
        }
    }
}

impl Serialize for Channel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for Channel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Channel::parse(&word).ok_or_else(|| {
            de::Error::custom(
                "a channel is a word such as paid_search, or a site's own: small letters, digits, _ and -",
            )
        })
    }
}

/// What Google's rules look at: the tags in small letters, those that are missing filled in.
struct Tagged {
    source: String,
    medium: String,
    campaign: String,
    platform: String,
    format: String,
    class: Option<Class>,
}

impl Tagged {
    fn of(source: &Source) -> Tagged {
        let lower = |field| source.field(field).unwrap_or_default().to_ascii_lowercase();
        let mut medium = lower(SourceField::Medium);
        // "(none)" and "(not set)" is how exports write that there is none.
        if medium.is_empty() || matches!(medium.as_str(), "(none)" | "(not set)") {
            medium = match source.click() {
                Some(click) => click.medium.to_owned(),
                None if source.referrer.is_some() && source.source.is_none() => "referral".to_owned(),
                None => String::new(),
            };
        }
        Tagged {
            source: lower(SourceField::Source),
            medium,
            campaign: lower(SourceField::Campaign),
            platform: lower(SourceField::SourcePlatform),
            format: lower(SourceField::CreativeFormat),
            class: source.class,
        }
    }

    /// `^(.*cp.*|ppc|retargeting|paid.*)$`
    fn is_paid(&self) -> bool {
        let medium = self.medium.as_str();
        medium.contains("cp") || medium == "ppc" || medium == "retargeting" || medium.starts_with("paid")
    }

    /// `^(.*(([^a-df-z]|^)shop|shopping).*)$`: a shop that is no workshop, though an eshop is one.
    fn sells(&self) -> bool {
        let other = |before: Option<char>| before.is_none_or(|c| !matches!(c, 'a'..='d' | 'f'..='z'));
        let mut shops = self.campaign.match_indices("shop");
        self.campaign.contains("shopping") || shops.any(|(at, _)| other(self.campaign[..at].chars().next_back()))
    }

    /// What Display & Video 360 writes into `utm_creative_format`.
    fn format_of_dv360(&self) -> Option<Channel> {
        if !matches!(self.platform.as_str(), "dv360" | "display & video 360") {
            return None;
        }
        match self.format.as_str() {
            "standard"
            | "expandable"
            | "native site square"
            | "native site"
            | "backdrop"
            | "lightbox"
            | "templated app install interstitial"
            | "templated app install"
            | "deprecated"
            | "native app install"
            | "native app install square" => Some(Channel::Display),
            "native video" | "video" | "templated app install video" | "flipbook" => Some(Channel::PaidVideo),
            "audio" => Some(Channel::Audio),
            "publisher hosted" | "tracking" | "unknown" => Some(Channel::PaidOther),
            _ => None,
        }
    }

    fn channel(&self) -> Channel {
        let (source, medium, class) = (self.source.as_str(), self.medium.as_str(), self.class);
        let is = |wanted: Class| class == Some(wanted);
        let mail = |text: &str| matches!(text, "email" | "e-mail" | "e_mail" | "e mail");
        let paid = self.is_paid();
        match medium {
            "" if source == "(direct)" => Channel::Direct,
            _ if self.campaign.contains("cross-network") => Channel::CrossNetwork,
            _ if let Some(channel) = self.format_of_dv360() => channel,
            _ if paid && (is(Class::Shopping) || self.sells()) => Channel::PaidShopping,
            _ if paid && is(Class::Search) => Channel::PaidSearch,
            _ if paid && is(Class::Social) => Channel::PaidSocial,
            _ if paid && is(Class::Video) => Channel::PaidVideo,
            "display" | "banner" | "expandable" | "interstitial" | "cpm" => Channel::Display,
            _ if paid => Channel::PaidOther,
            _ if is(Class::Shopping) || self.sells() => Channel::OrganicShopping,
            "social" | "social-network" | "social-media" | "sm" | "social network" | "social media" => {
                Channel::OrganicSocial
            }
            _ if is(Class::Social) => Channel::OrganicSocial,
            _ if is(Class::Video) || medium.contains("video") => Channel::OrganicVideo,
            _ if is(Class::Ai) || medium == "ai-assistant" => Channel::AiAssistant,
            _ if is(Class::Search) || medium == "organic" => Channel::OrganicSearch,
            // A mailbox on the web is a page that refers, but not a referral.
            "referral" if is(Class::Mail) => Channel::Email,
            "referral" | "app" | "link" => Channel::Referral,
            _ if mail(source) || mail(medium) || is(Class::Mail) => Channel::Email,
            "affiliate" | "affiliates" => Channel::Affiliates,
            "audio" => Channel::Audio,
            _ if source == "sms" || medium == "sms" => Channel::Sms,
            _ if medium.ends_with("push") || medium.contains("mobile") || medium.contains("notification") => {
                Channel::MobilePushNotifications
            }
            _ if source == "firebase" => Channel::MobilePushNotifications,
            _ => Channel::Unassigned,
        }
    }
}
