//! The shared cases of `tests/cases/source/` and `tests/cases/channel/`, with the list. Nothing here says what a source is; it reads
//! and compares.

use std::collections::BTreeSet;
use std::path::Path;

use engine::source::{Channel, Class, Settings, Source};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::sources;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case<T> {
    name: String,
    url: String,
    #[serde(default)]
    referrer: String,
    #[serde(default)]
    settings: Settings,
    expect: T,
}

impl<T> Case<T> {
    fn source(&self) -> Source {
        sources(self.settings.clone()).of_visit(&self.url, &self.referrer)
    }
}

/// The arrivals of one visitor, in order.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Visitor {
    name: String,
    visits: Vec<Visit>,
    first: Channel,
    last: Channel,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Visit {
    url: String,
    #[serde(default)]
    referrer: String,
    expect: Channel,
}

fn read<T: DeserializeOwned>(file: &str) -> Vec<T> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn channels() -> Vec<Case<Channel>> {
    let files = ["ga4", "referrers", "clicks", "settings"];
    files.iter().flat_map(|file| read(&format!("channel/{file}.json"))).collect()
}

#[track_caller]
fn report(wrong: Vec<String>) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn visits_belong_to_the_channels_their_cases_say() {
    let cases = channels();
    assert!(cases.len() >= 200, "{}", cases.len());
    let wrong = cases.iter().filter_map(|case| {
        let source = case.source();
        (source.channel != case.expect).then(|| format!("{}: {}, expected {}", case.name, source.channel, case.expect))
    });
    report(wrong.collect());
}

#[test]
fn sources_are_read_as_their_cases_say() {
    let cases: Vec<Case<Source>> =
        ["tags", "referrers"].iter().flat_map(|file| read(&format!("source/{file}.json"))).collect();
    let wrong = cases.iter().filter_map(|case| {
        let source = case.source();
        let written = serde_json::to_string(&source).unwrap_or_default();
        if serde_json::from_str::<Source>(&written).ok().as_ref() != Some(&source) {
            return Some(format!("{}: does not survive writing and reading: {written}", case.name));
        }
        (source != case.expect).then(|| format!("{}: {written}", case.name))
    });
    report(wrong.collect());
}

#[test]
fn arrivals_touch_as_their_cases_say() {
    let read_all = sources(Settings::default());
    for visitor in read::<Visitor>("source/touches.json") {
        let sources: Vec<Source> =
            visitor.visits.iter().map(|visit| read_all.of_visit(&visit.url, &visit.referrer)).collect();
        for (source, visit) in sources.iter().zip(&visitor.visits) {
            assert_eq!(source.channel, visit.expect, "{}: {}", visitor.name, visit.url);
        }
        let last = sources.iter().rfind(|source| !source.is_direct()).map(Source::channel);
        assert_eq!(sources.first().map(Source::channel), Some(visitor.first), "{}", visitor.name);
        assert_eq!(last, Some(visitor.last), "{}", visitor.name);
    }
}

/// The word of a channel. A new one does not compile until it has a line here, and with one it needs a case.
fn word(channel: &Channel) -> &'static str {
    match channel {
        Channel::Direct => "direct",
        Channel::CrossNetwork => "cross_network",
        Channel::PaidShopping => "paid_shopping",
        Channel::PaidSearch => "paid_search",
        Channel::PaidSocial => "paid_social",
        Channel::PaidVideo => "paid_video",
        Channel::Display => "display",
        Channel::PaidOther => "paid_other",
        Channel::OrganicShopping => "organic_shopping",
        Channel::OrganicSocial => "organic_social",
        Channel::OrganicVideo => "organic_video",
        Channel::AiAssistant => "ai_assistant",
        Channel::OrganicSearch => "organic_search",
        Channel::Referral => "referral",
        Channel::Email => "email",
        Channel::Affiliates => "affiliates",
        Channel::Audio => "audio",
        Channel::Sms => "sms",
        Channel::MobilePushNotifications => "mobile_push_notifications",
        Channel::Unassigned => "unassigned",
        Channel::Own(_) => "own",
    }
}

#[test]
fn every_channel_and_every_class_has_a_case() {
    let cases = channels();
    let words: BTreeSet<&str> = cases.iter().map(|case| word(&case.expect)).collect();
    let missing = |known: &&Channel| !words.contains(word(known));
    assert_eq!(Channel::all().filter(missing).count(), 0, "{words:?}");
    assert!(words.contains("own") && Channel::all().count() == 20);
    for channel in Channel::all() {
        assert_eq!(channel.word(), word(channel));
        assert_eq!(Channel::parse(channel.word()).as_ref(), Some(channel));
    }
    let read: Vec<Source> = cases.iter().map(Case::source).collect();
    // Gateways are forgotten; their cases are those of source/.
    for class in Class::ALL.into_iter().filter(|class| *class != Class::Gateway) {
        assert!(read.iter().any(|source| source.class == Some(class)), "no case of the class {}", class.name());
    }
}

#[test]
fn settings_that_cannot_be_meant_are_named() {
    let settings = serde_json::json!({
        "own_hosts": ["*.shop.example", "https://shop.example/"],
        "ignored_referrers": ["pay.example", ""],
        "channels": [{"channel": "never", "when": []}],
    });
    let settings: Settings = serde_json::from_value(settings).unwrap_or_default();
    let problems: Vec<String> = settings.check().into_iter().map(|problem| problem.at).collect();
    assert_eq!(problems, ["own_hosts[1]", "ignored_referrers[1]", "channels[0].when"]);
    let webinar = Channel::parse("webinar").unwrap_or_default();
    assert!(!settings.can_give(&webinar) && settings.can_give(&Channel::Email));
    let rule = serde_json::json!({"channels": [{"channel": "webinar", "when": []}]});
    assert!(serde_json::from_value::<Settings>(rule).unwrap_or_default().can_give(&webinar));
    for bad in [r#"{"chanels": []}"#, r#"{"channels": [{"channel": "Paid Search", "when": []}]}"#] {
        assert!(serde_json::from_str::<Settings>(bad).is_err(), "{bad}");
    }
}

#[test]
fn nothing_that_is_sent_makes_reading_fail() {
    let sources = sources(Settings::default());
    let odd = [
        "",
        "/",
        "://",
        "a://",
        "https://",
        "https://@",
        "https://[",
        "https://]:",
        "https://.",
        "http://..uk/",
        "\u{0}",
        "é",
        "?&=&%",
        "#?",
    ];
    for (address, referrer) in odd.iter().flat_map(|address| odd.iter().map(move |referrer| (address, referrer))) {
        let source = sources.of_visit(address, referrer);
        assert_eq!(source.is_direct(), source.channel == Channel::Direct, "{address:?} {referrer:?}");
    }
}
