//! Where a visit came from: its utm parameters, click id and referrer, and the channel they add up to.

use crate::page::Url;
use serde::{Deserialize, Serialize};

/// What brought one arrival. All empty means direct.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Source {
    /// `utm_source`.
    pub source: Option<String>,
    /// `utm_medium`.
    pub medium: Option<String>,
    /// `utm_campaign`.
    pub campaign: Option<String>,
    /// `utm_term`.
    pub term: Option<String>,
    /// `utm_content`.
    pub content: Option<String>,
    /// The name of the advertiser's click id in the address: `gclid`, `fbclid`, ….
    pub click_id: Option<String>,
    /// Host of the page that linked here, without `www.`; never the site's own.
    pub referrer: Option<String>,
}

/// Click ids that advertising networks append, and whether the network is a social one. Alone they mean paid.
const CLICK_IDS: [(&str, bool); 8] = [
    ("gclid", false),
    ("gbraid", false),
    ("wbraid", false),
    ("msclkid", false),
    ("fbclid", true),
    ("ttclid", true),
    ("li_fat_id", true),
    ("twclid", true),
];

const SEARCH: [&str; 8] = ["google", "bing", "duckduckgo", "yahoo", "ecosia", "baidu", "yandex", "qwant"];
const SOCIAL: [&str; 9] =
    ["facebook", "instagram", "linkedin", "twitter", "reddit", "tiktok", "pinterest", "youtube", "mastodon"];

impl Source {
    /// Reads the source of a visit from its address and referrer.
    pub fn of_visit(address: &str, referrer: &str) -> Source {
        let url = Url::parse(address);
        let param = |name| url.param(name).filter(|value: &String| !value.is_empty());
        let bare = |host: &'_ str| host.strip_prefix("www.").unwrap_or(host).to_ascii_lowercase();
        let from = bare(Url::parse(referrer).host);
        Source {
            source: param("utm_source"),
            medium: param("utm_medium"),
            campaign: param("utm_campaign"),
            term: param("utm_term"),
            content: param("utm_content"),
            click_id: CLICK_IDS.iter().find(|(id, _)| param(id).is_some()).map(|(id, _)| (*id).to_owned()),
            referrer: (!from.is_empty() && from != bare(url.host)).then_some(from),
        }
    }

    /// Whether nothing is known of where the visit came from.
    pub fn is_direct(&self) -> bool {
        *self == Source::default()
    }

    /// The value of a field.
    pub fn field(&self, field: SourceField) -> Option<&str> {
        match field {
            SourceField::Source => self.source.as_deref(),
            SourceField::Medium => self.medium.as_deref(),
            SourceField::Campaign => self.campaign.as_deref(),
            SourceField::Term => self.term.as_deref(),
            SourceField::Content => self.content.as_deref(),
            SourceField::ClickId => self.click_id.as_deref(),
            SourceField::Referrer => self.referrer.as_deref(),
        }
    }

    /// The class of the visit: GA4's default channel grouping, its names and its order, first version.
    pub fn channel(&self) -> Channel {
        let medium = self.medium.as_deref().unwrap_or("").to_ascii_lowercase();
        let named = self.source.as_deref().or(self.referrer.as_deref()).unwrap_or("").to_ascii_lowercase();
        let is_one_of = |names: &[&str]| names.iter().any(|name| named.split('.').any(|label| label == *name));
        let click = CLICK_IDS.iter().find(|(id, _)| self.click_id.as_deref() == Some(id));
        let paid = medium.contains("cp") || medium.starts_with("paid") || medium == "ppc" || medium == "retargeting";
        let social = is_one_of(&SOCIAL) || click.is_some_and(|(_, social)| *social);
        let search = is_one_of(&SEARCH) || click.is_some_and(|(_, social)| !*social);
        match medium.as_str() {
            _ if self.is_direct() => Channel::Direct,
            _ if (paid || (click.is_some() && medium.is_empty())) && search => Channel::PaidSearch,
            _ if (paid || (click.is_some() && medium.is_empty())) && social => Channel::PaidSocial,
            "display" | "banner" | "cpm" | "interstitial" | "expandable" => Channel::Display,
            _ if paid => Channel::PaidOther,
            _ if social || matches!(medium.as_str(), "social" | "social-network" | "social-media" | "sm") => {
                Channel::OrganicSocial
            }
            _ if search && matches!(medium.as_str(), "" | "organic") => Channel::OrganicSearch,
            "organic" => Channel::OrganicSearch,
            "email" | "e-mail" | "e_mail" | "newsletter" => Channel::Email,
            "affiliate" | "affiliates" => Channel::Affiliates,
            "referral" | "app" | "link" => Channel::Referral,
            "" if self.referrer.is_some() => Channel::Referral,
            _ => Channel::Unassigned,
        }
    }
}

/// A field of a [`Source`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceField {
    /// `utm_source`.
    Source,
    /// `utm_medium`.
    Medium,
    /// `utm_campaign`.
    Campaign,
    /// `utm_term`.
    Term,
    /// `utm_content`.
    Content,
    /// The kind of advertiser's click id.
    ClickId,
    /// The referring host.
    Referrer,
}

/// The class of a source.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "GA4's names say it")]
pub enum Channel {
    Direct,
    PaidSearch,
    PaidSocial,
    Display,
    PaidOther,
    OrganicSearch,
    OrganicSocial,
    Email,
    Affiliates,
    Referral,
    Unassigned,
}

/// Which arrival a rule asks about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Touch {
    /// The very first one.
    First,
    /// The latest one that was not direct: a later direct visit erases nothing.
    Last,
    /// The latest one of this session that was not direct.
    #[default]
    Session,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utm_click_ids_and_referrers_add_up_to_a_channel() {
        use Channel::*;
        for (address, referrer, channel) in [
            ("https://a.example/", "", Direct),
            ("https://a.example/", "https://www.a.example/x", Direct),
            ("https://www.a.example/", "https://a.example/x", Direct),
            ("https://a.example/?utm_campaign=spring&utm_medium=email", "", Email),
            ("https://a.example/?utm_source=newsletter&utm_medium=email", "https://mail.example", Email),
            ("https://a.example/?gclid=x", "https://www.google.com/", PaidSearch),
            ("https://a.example/?fbclid=x", "https://l.facebook.com/", PaidSocial),
            ("https://a.example/?utm_source=google&utm_medium=cpc", "", PaidSearch),
            ("https://a.example/?utm_source=partner&utm_medium=cpc", "", PaidOther),
            ("https://a.example/?utm_source=x&utm_medium=cpm", "", Display),
            ("https://a.example/", "https://www.google.co.uk/search", OrganicSearch),
            ("https://a.example/", "https://google.evil-example.com/", OrganicSearch),
            ("https://a.example/", "https://notgoogle.com/", Referral),
            ("https://a.example/", "https://old.reddit.com/r/x", OrganicSocial),
            ("https://a.example/?utm_medium=affiliate&utm_source=bob", "", Affiliates),
            ("https://a.example/", "https://blog.example/post", Referral),
            ("https://a.example/?utm_medium=carrier-pigeon", "", Unassigned),
        ] {
            // A look-alike such as google.evil-example.com still passes here: the maintained referrer list, which
            // knows whole host names, replaces these few names.
            assert_eq!(Source::of_visit(address, referrer).channel(), channel, "{address} {referrer}");
        }
    }
}
