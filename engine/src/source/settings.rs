//! What a site says about where its visits come from, and reading a visit's source with it.

use super::place::{Asked, Class, Place, Places};
use super::referrer::{From, host_of, is_below};
use super::{Channel, Source, SourceField};
use crate::page::Url;
use crate::problem::Problem;
use crate::rule::Test;
use serde::{Deserialize, Serialize};

/// A site's own settings. All empty is a good beginning.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Further hosts of the site: who comes from there, or from below, was here already.
    pub own_hosts: Vec<String>,
    /// Hosts that a visitor only comes back from, in addition to the well-known ones: a payment page, a login.
    pub ignored_referrers: Vec<String>,
    /// Well-known ones that are a source for this site nevertheless.
    pub kept_referrers: Vec<String>,
    /// Parameters that say what `utm_source` would, where that is missing: `ref`, `via`. The first one found counts.
    pub source_params: Vec<String>,
    /// Channels of the site's own, tried before GA4's, from the top.
    pub channels: Vec<ChannelRule>,
}

/// When a visit belongs to a channel, before GA4's rules are asked.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelRule {
    /// The channel: a word of the site's own such as `webinar`, or one of GA4's.
    pub channel: Channel,
    /// All of these must pass. Empty: never.
    pub when: Vec<FieldIs>,
}

/// A field of the source passes a test.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldIs {
    /// Which field.
    pub field: SourceField,
    /// What it must pass. What is missing passes nothing.
    pub test: Test,
    /// It must not pass; what is missing does not.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub not: bool,
}

impl ChannelRule {
    fn holds(&self, source: &Source) -> bool {
        let passes = |part: &FieldIs| {
            let value = source.field(part.field);
            value.is_some_and(|value| part.test.passes_text(value)) != part.not
        };
        !self.when.is_empty() && self.when.iter().all(passes)
    }
}

impl Settings {
    /// Whether a visit can get this channel here; a rule that names another one is mistaken.
    pub fn can_give(&self, channel: &Channel) -> bool {
        !matches!(channel, Channel::Own(_)) || self.channels.iter().any(|rule| rule.channel == *channel)
    }

    /// What is wrong with them.
    pub fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let hosts = [
            ("own_hosts", &self.own_hosts),
            ("ignored_referrers", &self.ignored_referrers),
            ("kept_referrers", &self.kept_referrers),
        ];
        for (list, hosts) in hosts {
            for (at, host) in hosts.iter().enumerate() {
                if host.contains(['/', ':', '?']) || host_of(host.trim_start_matches("*.")).is_none() {
                    let sentence =
                        format!("\"{host}\" is no host. Write it as pay.example.com, without https:// and path.");
                    problems.push(Problem::new(format!("{list}[{at}]"), "not_a_host", sentence));
                }
            }
        }
        for (at, rule) in self.channels.iter().enumerate() {
            if rule.when.is_empty() {
                let sentence = "Say at least one thing that makes a visit belong to this channel.";
                problems.push(Problem::new(format!("channels[{at}].when"), "empty_list", sentence));
            }
        }
        problems
    }
}

/// Reads sources: a site's settings, and the list of known places.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Sources {
    /// What the site says.
    pub settings: Settings,
    /// Which places are known.
    pub places: Places,
}

impl Sources {
    /// Reads the source of a visit from its address and referrer.
    pub fn of_visit(&self, address: &str, referrer: &str) -> Source {
        let url = Url::parse(address);
        let mut source = Source::of_address(url, &self.settings.source_params);
        let mut place = self.named(&source);
        let from = From::parse(referrer).map(|from| (self.found(&from), from));
        if let Some((known, from)) = from.filter(|(known, from)| !self.was_here(from, *known, url.host)) {
            // Tags say who sent the visit; what they leave open, the referrer says.
            if source.source.is_none() && source.click_id.is_none() {
                place = known.map(|place| (place.name, place.class));
            }
            let (From::Page { host, .. } | From::App(host)) = from;
            source.referrer = Some(host);
        }
        source.place = place.map(|(name, _)| name.to_owned());
        source.class = place.map(|(_, class)| class);
        source.channel = self.channel(&source);
        source
    }

    /// The place that the address names: in `utm_source`, else by a click id.
    fn named(&self, source: &Source) -> Option<(&'static str, Class)> {
        let Some(written) = &source.source else {
            return source.click().map(|click| (click.platform, click.class));
        };
        let written = written.to_ascii_lowercase();
        let of_host = || self.found(&From::parse(&written)?);
        (self.places.find)(Asked::Name(&written)).or_else(of_host).map(|place| (place.name, place.class))
    }

    fn found(&self, from: &From<'_>) -> Option<Place> {
        match from {
            From::Page { host, path } => (self.places.find)(Asked::Host(host, path)),
            From::App(package) => (self.places.find)(Asked::App(package)),
        }
    }

    /// Whether who comes from there was on the site before: it is the site itself, or a page that one comes back from.
    fn was_here(&self, from: &From<'_>, known: Option<Place>, page: &str) -> bool {
        let From::Page { host, .. } = from else { return false };
        let any = |hosts: &[String]| hosts.iter().any(|parent| is_below(host, parent));
        let own = host_of(page).is_some_and(|page| {
            // Known places are no part of the sites below them: a blog on blogspot.com may well come from there.
            *host == page || known.is_none() && (is_below(host, &page) || host.contains('.') && is_below(&page, host))
        });
        let gateway = known.is_some_and(|place| place.class == Class::Gateway) && !any(&self.settings.kept_referrers);
        own || gateway || any(&self.settings.own_hosts) || any(&self.settings.ignored_referrers)
    }

    fn channel(&self, source: &Source) -> Channel {
        if source.is_direct() {
            return Channel::Direct;
        }
        let own = self.settings.channels.iter().find(|rule| rule.holds(source));
        own.map_or_else(|| Channel::of(source), |rule| rule.channel.clone())
    }
}
