//! Pages that somebody is on, of which more or less is known.

use crate::log::DAY;
use crate::text::matches;
use engine::page::PageGroups;
use engine::prompt::Zone;
use engine::rule::{Consent, Device, Inside, OnPage, Visit, pattern};
use engine::{Timestamp, Value};
use proptest::prelude::*;
use proptest::sample::select;

#[derive(Clone, Debug)]
pub struct PageSeen {
    url: Option<&'static str>,
    device: Option<Device>,
    language: Option<&'static str>,
    /// What else a page knows, or that nobody asked one.
    rest: Option<Rest>,
}

#[derive(Clone, Debug)]
pub struct Rest {
    width: f64,
    touch: bool,
    variable: Option<Value>,
    pages: u32,
    /// When the visit began, before the log or after it.
    since: i64,
    /// How far the site's clocks are from UTC.
    ahead: i64,
}

impl Inside for Rest {
    fn variable(&self, _: &str) -> Option<Value> {
        self.variable.clone()
    }

    fn cookie(&self, _: &str) -> Option<String> {
        self.touch.then(String::new)
    }

    fn has_element(&self, _: &str) -> bool {
        !self.touch
    }
}

pub fn page_seen() -> impl Strategy<Value = PageSeen> {
    let urls = ["https://x.example/", "https://x.example/pricing?plan=pro", "https://x.example/docs/a"];
    let variable = select(vec![None, Some(Value::Text("pro".into())), Some(Value::Number(7.0)), Some(Value::Null)]);
    let rest = (
        select(vec![400.0, 1200.0]),
        any::<bool>(),
        variable,
        1..4u32,
        1_700_000_000_000..1_800_000_000_000i64,
        -DAY / 2..DAY / 2,
    );
    let rest = rest.prop_map(|(width, touch, variable, pages, since, ahead)| Rest {
        width,
        touch,
        variable,
        pages,
        since,
        ahead,
    });
    (
        prop::option::weighted(0.9, select(urls.to_vec())),
        select(vec![None, Some(Device::Phone), Some(Device::Desktop)]),
        select(vec![None, Some("de-AT"), Some("en")]),
        prop::option::weighted(0.8, rest),
    )
        .prop_map(|(url, device, language, rest)| PageSeen { url, device, language, rest })
}

impl PageSeen {
    /// What a visit says of itself, which the collector knows too.
    pub fn visit<'a>(&'a self, groups: &'a PageGroups) -> OnPage<'a> {
        pattern::install(matches);
        OnPage { device: self.device, language: self.language, ..OnPage::new(self.url, groups) }
    }

    /// What the page knows at an instant.
    pub fn on<'a>(&'a self, groups: &'a PageGroups, now: Timestamp) -> OnPage<'a> {
        let page = self.visit(groups);
        let Some(rest) = &self.rest else { return page };
        let visit = Visit { pages: rest.pages, since: Timestamp(rest.since), number: None, landing: self.url };
        OnPage {
            title: Some("Pricing"),
            width: Some(rest.width),
            touch: Some(rest.touch),
            consent: Some(&[Consent::Store, Consent::Profile]),
            visit: Some((visit, now)),
            calendar: Zone { ahead: rest.ahead, until: None }.calendar(now),
            inside: Some(rest),
            ..page
        }
    }
}
