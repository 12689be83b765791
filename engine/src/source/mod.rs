//! Where a visit came from: its tags (utm), click id and referrer, and the channel they add up to. What address and referrer
//! say is read here; which hosts are search engines, social networks or mailboxes is a list that only the collector has, so it
//! is handed in ([`Places`]), and a page pays nothing for it.

mod channel;
mod click;
mod place;
mod referrer;
mod settings;

pub use channel::Channel;
pub use click::{CLICKS, Click};
pub use place::{Asked, Class, Place, Places};
pub use referrer::{From, host_of, is_below};
pub use settings::{ChannelRule, FieldIs, Settings, Sources};

use crate::page::Url;
use serde::{Deserialize, Serialize};

/// Longest value that is kept of an address, in characters: a source lies in the state of every visitor.
const LONGEST: usize = 200;

/// What brought one arrival. All empty means direct.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Source {
    /// `utm_source`, or the first parameter that the site has named as one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// `utm_medium`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub medium: Option<String>,
    /// `utm_campaign`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
    /// `utm_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `utm_term`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<String>,
    /// `utm_content`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// `utm_source_platform`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_platform: Option<String>,
    /// `utm_creative_format`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creative_format: Option<String>,
    /// `utm_marketing_tactic`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marketing_tactic: Option<String>,
    /// The name of the advertiser's click id in the address: `gclid`, `fbclid`, ….
    #[serde(skip_serializing_if = "Option::is_none")]
    pub click_id: Option<String>,
    /// Host of the page that linked here, without `www.`, or the package of the app; never the site's own, nor one that a
    /// visitor only comes back from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referrer: Option<String>,
    /// The place that this is, by the name that people know: `Google`, `ChatGPT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What kind of place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<Class>,
    /// What it all adds up to.
    pub channel: Channel,
}

impl Source {
    /// Reads the source of a visit without any knowledge of places and without a site's settings.
    pub fn of_visit(address: &str, referrer: &str) -> Source {
        Sources::default().of_visit(address, referrer)
    }

    /// What the address says, and nothing else.
    fn of_address(url: Url<'_>, source_params: &[String]) -> Source {
        // Applications that route by the fragment carry their tags there: /#/pricing?utm_source=x.
        let within = Url { query: url.hash.rsplit_once('?').map_or(url.hash, |(_, query)| query), ..url };
        let param = |name: &str| {
            // Most addresses have none of some sixty names; finding that out costs no allocation.
            let of = |url: Url<'_>| url.query.contains(name).then(|| url.param(name)).flatten();
            let value = of(url).or_else(|| of(within))?;
            let value = value.trim();
            (!value.is_empty()).then(|| value.chars().take(LONGEST).collect::<String>())
        };
        Source {
            source: param("utm_source").or_else(|| source_params.iter().find_map(|name| param(name))),
            medium: param("utm_medium"),
            campaign: param("utm_campaign"),
            id: param("utm_id"),
            term: param("utm_term"),
            content: param("utm_content"),
            source_platform: param("utm_source_platform"),
            creative_format: param("utm_creative_format"),
            marketing_tactic: param("utm_marketing_tactic"),
            click_id: CLICKS.iter().find(|click| param(click.param).is_some()).map(|click| click.param.to_owned()),
            ..Source::default()
        }
    }

    /// Whether nothing is known of where the visit came from.
    pub fn is_direct(&self) -> bool {
        *self == Source::default()
    }

    /// The advertiser's click, if its id was in the address.
    pub fn click(&self) -> Option<&'static Click> {
        CLICKS.iter().find(|click| self.click_id.as_deref() == Some(click.param))
    }

    /// The class of the visit.
    pub fn channel(&self) -> Channel {
        self.channel.clone()
    }

    /// The value of a field.
    pub fn field(&self, field: SourceField) -> Option<&str> {
        match field {
            SourceField::Source => self.source.as_deref(),
            SourceField::Medium => self.medium.as_deref(),
            SourceField::Campaign => self.campaign.as_deref(),
            SourceField::Id => self.id.as_deref(),
            SourceField::Term => self.term.as_deref(),
            SourceField::Content => self.content.as_deref(),
            SourceField::SourcePlatform => self.source_platform.as_deref(),
            SourceField::CreativeFormat => self.creative_format.as_deref(),
            SourceField::MarketingTactic => self.marketing_tactic.as_deref(),
            SourceField::ClickId => self.click_id.as_deref(),
            SourceField::Referrer => self.referrer.as_deref(),
            SourceField::Place => self.place.as_deref(),
            SourceField::Class => self.class.map(Class::name),
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
    /// `utm_id`.
    Id,
    /// `utm_term`.
    Term,
    /// `utm_content`.
    Content,
    /// `utm_source_platform`.
    SourcePlatform,
    /// `utm_creative_format`.
    CreativeFormat,
    /// `utm_marketing_tactic`.
    MarketingTactic,
    /// The kind of advertiser's click id.
    ClickId,
    /// The referring host or app.
    Referrer,
    /// The name of the place, as the list knows it.
    Place,
    /// The class of the place: `search`, `social`, `ai`, ….
    Class,
}

impl SourceField {
    /// Its name in sentences.
    pub fn name(self) -> &'static str {
        match self {
            SourceField::Source => "source",
            SourceField::Medium => "medium",
            SourceField::Campaign => "campaign",
            SourceField::Id => "campaign id",
            SourceField::Term => "term",
            SourceField::Content => "content",
            SourceField::SourcePlatform => "source platform",
            SourceField::CreativeFormat => "creative format",
            SourceField::MarketingTactic => "marketing tactic",
            SourceField::ClickId => "click id",
            SourceField::Referrer => "referrer",
            SourceField::Place => "place",
            SourceField::Class => "class of place",
        }
    }
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
