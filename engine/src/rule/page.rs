//! What a page knows, as a witness: its address, the device, the visit, what stands in it. The widget asks it with all of that, the
//! collector, which sees the address only, with what it has; what is not given stays unknown. Nobody else may answer these leaves,
//! or the two would drift apart.

use super::eval::{Answer, Witness};
use super::page_leaf::{Calendar, Consent, NowIs, PageIs, PagePart, SessionIs, Visit};
use super::{Condition, Device, Need, Test};
use crate::page::{PageGroups, Url, as_named};
use crate::time::Timestamp;
use crate::value::Value;
use core::fmt;
use std::borrow::Cow;

/// The page that a rule is asked on. Made once for each decision, since reading its address again for every leaf would cost more than
/// all answers together.
#[derive(Clone, Copy, Debug)]
pub struct OnPage<'a> {
    /// Its address.
    pub address: Option<Address<'a>>,
    /// What stands behind its `#`, without that. Pages do not send it: it may be a secret.
    pub hash: Option<&'a str>,
    /// The site's page groups.
    pub groups: &'a PageGroups,
    /// The class of the device.
    pub device: Option<Device>,
    /// The language of the page or the browser: `de` or `de-AT`.
    pub language: Option<&'a str>,
    /// The title of the document.
    pub title: Option<&'a str>,
    /// The width of the window in CSS pixels.
    pub width: Option<f64>,
    /// Whether it is touched.
    pub touch: Option<bool>,
    /// What the visitor has consented to.
    pub consent: Option<&'a [Consent]>,
    /// The visit, and now.
    pub visit: Option<(Visit<'a>, Timestamp)>,
    /// The calendar on the site's clocks. The collector leaves it out where it says what a page must load: the hour may come while
    /// the page is open.
    pub calendar: Option<Calendar>,
    /// What stands in the page.
    pub inside: Option<&'a dyn Inside>,
}

/// An address, whole and in its parts.
#[derive(Clone, Copy, Debug)]
pub struct Address<'a> {
    whole: &'a str,
    parts: Url<'a>,
}

impl<'a> Address<'a> {
    /// Reads an address, absolute or from its path on.
    pub fn of(whole: &'a str) -> Address<'a> {
        Address { whole, parts: Url::parse(whole) }
    }
}

/// Looks into a page for what rules name. Asked leaf by leaf: nobody knows all variables and elements of a page beforehand.
pub trait Inside: fmt::Debug {
    /// The variable at a path of names joined by dots; none where there is none.
    fn variable(&self, path: &str) -> Option<Value>;

    /// The decoded value of a cookie; none where there is none.
    fn cookie(&self, name: &str) -> Option<String>;

    /// Whether any element matches the selector; false for one that cannot be read.
    fn has_element(&self, selector: &str) -> bool;
}

impl<'a> OnPage<'a> {
    /// A page of which nothing is known but its address, absolute or from its path on, and the site's page groups.
    pub fn new(address: Option<&'a str>, groups: &'a PageGroups) -> OnPage<'a> {
        let address = address.map(Address::of);
        OnPage {
            address,
            hash: address.map(|address| address.parts.hash),
            groups,
            device: None,
            language: None,
            title: None,
            width: None,
            touch: None,
            consent: None,
            visit: None,
            calendar: None,
            inside: None,
        }
    }

    fn url(&self) -> Option<&Url<'a>> {
        self.address.as_ref().map(|address| &address.parts)
    }

    fn part(&self, part: PagePart) -> Option<&'a str> {
        match part {
            PagePart::Path => self.url().map(|url| url.path),
            PagePart::Host => self.url().map(|url| url.host),
            PagePart::Hash => self.hash,
            PagePart::Url => self.address.map(|address| address.whole),
            PagePart::Title => self.title,
        }
    }

    fn passes(&self, wanted: &PageIs) -> Option<bool> {
        let text = self.part(wanted.part)?;
        Some(match wanted.part {
            PagePart::Url => wanted.test.passes_address(&|named| as_named(text, named)),
            PagePart::Path => wanted.test.passes_address(&|_| text.into()),
            PagePart::Host | PagePart::Hash | PagePart::Title => wanted.test.passes_text(text),
        })
    }

    fn now(&self, wanted: &NowIs) -> Option<Answer> {
        let calendar = self.calendar?;
        let holds = match wanted {
            NowIs::Hour(test) => test.passes_number(f64::from(calendar.hour)),
            NowIs::Weekday(days) => days.contains(&calendar.weekday),
            NowIs::Date(from, to) => (from.0..=to.0).contains(&calendar.date.0),
        };
        Some(Answer::until(holds, calendar.until))
    }

    fn session(&self, wanted: &SessionIs) -> Option<Answer> {
        let (visit, now) = self.visit?;
        let counts = |test: &Test, number: u32| Answer::of(test.passes_number(f64::from(number)));
        Some(match wanted {
            SessionIs::Pages(test) => counts(test, visit.pages),
            SessionIs::Visit(test) => counts(test, visit.number?),
            SessionIs::Landing(test) => {
                let path = Url::parse(visit.landing?).path;
                Answer::of(test.passes_address(&|_| path.into()))
            }
            SessionIs::Lasting(span) => {
                let then = visit.since.after(*span);
                if now < then { Answer::until(false, then) } else { Answer::of(true) }
            }
        })
    }
}

impl Witness for OnPage<'_> {
    fn answer(&self, leaf: &Condition) -> Answer {
        let known = match leaf {
            Condition::Path(pattern) => self.url().map(|url| pattern.matches(url.path)),
            Condition::Page(wanted) => self.passes(wanted),
            Condition::Query(wanted) => self.url().map(|url| {
                let value = url.value(&wanted.param);
                value.is_some_and(|value| wanted.test.passes_param(&value))
            }),
            Condition::PageGroup(group) => self.url().map(|url| self.groups.contains(group, url.path)),
            Condition::Device(list) => self.device.map(|device| list.contains(&device)),
            Condition::Width(test) => self.width.map(|width| test.passes_number(width)),
            Condition::Touch(wanted) => self.touch.map(|touch| touch == *wanted),
            Condition::Language(list) => {
                self.language.map(|language| list.iter().any(|wanted| stands_for(wanted, language)))
            }
            Condition::Js(wanted) => self.inside.map(|inside| {
                let value = inside.variable(&wanted.path);
                value.is_some_and(|value| wanted.test.passes(&value))
            }),
            Condition::Cookie(wanted) => self.inside.map(|inside| {
                let value = inside.cookie(&wanted.name);
                value.is_some_and(|value| wanted.test.passes_param(&value))
            }),
            Condition::Element(selector) => self.inside.map(|inside| inside.has_element(selector)),
            Condition::Consent(wanted) => self.consent.map(|given| given.contains(wanted)),
            Condition::Now(wanted) => return self.now(wanted).unwrap_or(Answer::UNKNOWN),
            Condition::Session(wanted) => return self.session(wanted).unwrap_or(Answer::UNKNOWN),
            _ => None,
        };
        known.map_or(Answer::UNKNOWN, Answer::of)
    }

    fn actual(&self, leaf: &Condition) -> String {
        let there = |value: Option<Cow<'_, str>>| match value {
            Some(value) => value.into_owned(),
            None => "not there".to_owned(),
        };
        let yes = |flag: bool| if flag { "yes" } else { "no" }.to_owned();
        let text = match leaf {
            Condition::Path(_) | Condition::PageGroup(_) => self.url().map(|url| url.path.to_owned()),
            Condition::Page(wanted) => self.part(wanted.part).map(str::to_owned),
            Condition::Query(wanted) => self.url().map(|url| there(url.value(&wanted.param))),
            Condition::Device(_) => self.device.map(|device| device.name().to_owned()),
            Condition::Width(_) => self.width.map(|width| width.to_string()),
            Condition::Touch(_) => self.touch.map(yes),
            Condition::Language(_) => self.language.map(str::to_owned),
            Condition::Js(wanted) => self.inside.map(|inside| match inside.variable(&wanted.path) {
                Some(value) => super::words::value(&value),
                None => there(None),
            }),
            Condition::Cookie(wanted) => self.inside.map(|inside| there(inside.cookie(&wanted.name).map(Cow::Owned))),
            Condition::Element(selector) => self.inside.map(|inside| yes(inside.has_element(selector))),
            Condition::Consent(wanted) => self.consent.map(|given| yes(given.contains(wanted))),
            Condition::Now(wanted) => self.calendar.map(|calendar| match wanted {
                NowIs::Hour(_) => calendar.hour.to_string(),
                NowIs::Weekday(_) => calendar.weekday.name().to_owned(),
                NowIs::Date(..) => calendar.date.to_string(),
            }),
            Condition::Session(wanted) => self.visit.and_then(|(visit, now)| match wanted {
                SessionIs::Pages(_) => Some(visit.pages.to_string()),
                SessionIs::Visit(_) => visit.number.map(|number| number.to_string()),
                SessionIs::Landing(_) => visit.landing.map(|landing| Url::parse(landing).path.to_owned()),
                SessionIs::Lasting(_) => Some(now.since(visit.since).to_string()),
            }),
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
    /// Answers what needs the page or the visit.
    pub page: P,
    /// Answers what needs the log.
    pub log: L,
}

impl<P: Witness, L: Witness> Witness for Both<P, L> {
    fn answer(&self, leaf: &Condition) -> Answer {
        match leaf.need() {
            Some(Need::Page | Need::Visit) => self.page.answer(leaf),
            _ => self.log.answer(leaf),
        }
    }

    fn actual(&self, leaf: &Condition) -> String {
        match leaf.need() {
            Some(Need::Page | Need::Visit) => self.page.actual(leaf),
            _ => self.log.actual(leaf),
        }
    }
}
