//! What a page knows, as a witness: its address, the device, the language. The widget asks it with all three, the collector,
//! which sees the address only, with what it has; what is not given stays unknown. Nobody else may answer these leaves, or
//! the two would drift apart.

use super::eval::{Answer, Witness};
use super::{Condition, Device, Need};
use crate::page::{PageGroups, Url};

/// The page that a rule is asked on.
#[derive(Clone, Copy, Debug)]
pub struct OnPage<'a> {
    /// Its address.
    pub address: Option<&'a str>,
    /// The site's page groups.
    pub groups: &'a PageGroups,
    /// The class of the device.
    pub device: Option<Device>,
    /// The language of the page or the browser: `de` or `de-AT`.
    pub language: Option<&'a str>,
}

impl Witness for OnPage<'_> {
    fn answer(&self, leaf: &Condition) -> Answer {
        let url = self.address.map(Url::parse);
        let known = match leaf {
            Condition::Path(pattern) => url.map(|url| pattern.matches(url.path)),
            Condition::Query(wanted) => url.map(|url| {
                let value = url.param(&wanted.param);
                value.is_some_and(|value| wanted.test.passes_param(&value))
            }),
            Condition::PageGroup(group) => url.map(|url| self.groups.contains(group, url.path)),
            Condition::Device(list) => self.device.map(|device| list.contains(&device)),
            Condition::Language(list) => {
                self.language.map(|language| list.iter().any(|wanted| stands_for(wanted, language)))
            }
            _ => None,
        };
        known.map_or(Answer::UNKNOWN, Answer::of)
    }

    fn actual(&self, leaf: &Condition) -> String {
        let url = self.address.map(Url::parse);
        let text = match leaf {
            Condition::Path(_) | Condition::PageGroup(_) => url.map(|url| url.path.to_owned()),
            Condition::Query(wanted) => url.and_then(|url| url.param(&wanted.param)),
            Condition::Device(_) => self.device.map(|device| device.name().to_owned()),
            Condition::Language(_) => self.language.map(str::to_owned),
            _ => None,
        };
        text.unwrap_or_default()
    }
}

/// Whether a language that a rule names stands for the one there is: `de` for `de-AT`, but `de-AT` not for `de`.
fn stands_for(wanted: &str, actual: &str) -> bool {
    let (wanted, actual) = (wanted.as_bytes(), actual.as_bytes());
    actual.len() >= wanted.len()
        && actual[..wanted.len()].eq_ignore_ascii_case(wanted)
        && actual.get(wanted.len()).is_none_or(|next| *next == b'-' || *next == b'_')
}

/// Two witnesses, each asked what it is there for.
#[derive(Clone, Copy, Debug)]
pub struct Both<P, L> {
    /// Answers what needs the page.
    pub page: P,
    /// Answers what needs the log.
    pub log: L,
}

impl<P: Witness, L: Witness> Witness for Both<P, L> {
    fn answer(&self, leaf: &Condition) -> Answer {
        match leaf.need() {
            Some(Need::Page) => self.page.answer(leaf),
            _ => self.log.answer(leaf),
        }
    }

    fn actual(&self, leaf: &Condition) -> String {
        match leaf.need() {
            Some(Need::Page) => self.page.actual(leaf),
            _ => self.log.actual(leaf),
        }
    }
}
