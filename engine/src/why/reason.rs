//! The reasons of a choice, each as a sentence and as a word that never changes.

use crate::frequency::{Capped, Members, Policy, Stop};
use crate::prompt::{Category, Missing, Reason};
use crate::rule::Consent;
use crate::time::Timestamp;

/// Why a prompt does not show, in a sentence.
pub fn in_words(reason: Reason, policy: &Policy, now: Timestamp) -> String {
    let wait = |until: Timestamp| wait(until, now);
    match reason {
        Reason::Ended => "Its schedule or its offer has ended.".to_owned(),
        Reason::NotBefore(then) => format!("Its schedule begins in {}.", wait(then)),
        Reason::Hours(then) => format!("It is outside its hours; they are looked at again in {}.", wait(then)),
        Reason::Rule | Reason::Unknown(Missing::Fact) => "Its rule does not hold.".to_owned(),
        Reason::Unknown(Missing::Zone) => "Its hours, or the lot that is drawn for it, are not known here.".to_owned(),
        Reason::Unknown(Missing::Page) => {
            "It depends on what stands in the page, which is not seen from here.".to_owned()
        }
        Reason::Unknown(Missing::Unit) => "It is tried out by lot, and who draws the lot is not known here.".to_owned(),
        Reason::Moment(_) | Reason::Waiting => "It would show: it waits for its moment on the page.".to_owned(),
        Reason::Cancelled => "Something happened on the page that it does not want to follow.".to_owned(),
        Reason::Consent(Consent::Store) => {
            "The visitor has not agreed that something is kept in the browser.".to_owned()
        }
        Reason::Consent(Consent::Profile) => "The visitor has not agreed that what they do is looked at.".to_owned(),
        Reason::Consent(Consent::Answer) => "The visitor has not agreed that answers are kept.".to_owned(),
        Reason::Guarded => "It is an offer, and the account is unhealthy, stuck or delayed.".to_owned(),
        Reason::Held => "An element is on the page beside which it does not stand.".to_owned(),
        Reason::Absent => "The element that it stands in is not on the page.".to_owned(),
        Reason::Taken => "Another prompt stands on the page.".to_owned(),
        Reason::Uncovered => "It is meant for a share of people, and this one is not of them.".to_owned(),
        Reason::HeldOut { by_site: false } => "By lot this one does not see it, to compare with.".to_owned(),
        Reason::HeldOut { by_site: true } => "By lot this one sees no prompt at all, to compare with.".to_owned(),
        Reason::Outranked => "Another prompt goes first.".to_owned(),
        Reason::Capped(capped) => capped_in_words(capped, policy, now),
    }
}

fn capped_in_words(capped: Capped, policy: &Policy, now: Timestamp) -> String {
    let wait = |until: Timestamp| wait(until, now);
    match capped {
        Capped::PerSession => "It was shown in this session already.".to_owned(),
        Capped::AtMost(None) => "It was shown as often as it may ever be.".to_owned(),
        Capped::AtMost(Some(until)) => format!("It was shown often enough; its next round begins in {}.", wait(until)),
        Capped::Window(until) => format!("It was shown often enough for now; again in {}.", wait(until)),
        Capped::Gap(until) => format!("It was shown a short while ago; again in {}.", wait(until)),
        Capped::Dismissed(until) => format!("It was dismissed; again in {}.", wait(until)),
        Capped::Snoozed(until) => format!("It was put off; again in {}.", wait(until)),
        Capped::Stopped(stop, until) => {
            let what = match stop {
                Stop::Closed => "It was closed",
                Stop::Declined => "It was turned down for good",
                Stop::Answered => "It was answered",
                Stop::Converted => "It has done what it is for",
            };
            until.map_or(format!("{what}."), |until| format!("{what}; again in {}.", wait(until)))
        }
        Capped::Muted => "The person wants to be asked nothing any more.".to_owned(),
        Capped::Interruptions => "Another prompt has interrupted this session already.".to_owned(),
        Capped::InterruptionGap(until) => {
            format!("Another prompt has interrupted lately; again in {}.", wait(until))
        }
        Capped::SitePerPage => "As many prompts as the site allows were shown on this page.".to_owned(),
        Capped::SitePerSession => "As many prompts as the site allows were shown in this session.".to_owned(),
        Capped::Group(place, until) => {
            let members = match policy.groups.get(place).map(|group| &group.of) {
                Some(Members::Tag(tag)) => format!("\"{tag}\" was shown"),
                Some(Members::Category(Category::Survey)) => "a survey was shown".to_owned(),
                Some(Members::Category(Category::Review)) => "a review was asked for".to_owned(),
                Some(Members::Category(Category::Offer)) => "an offer was made".to_owned(),
                Some(Members::Category(Category::Form)) => "a form was shown".to_owned(),
                Some(Members::Category(Category::Notice)) => "a notice was shown".to_owned(),
                Some(Members::Category(Category::Community | Category::Guide)) | None => {
                    "one of its kind was shown".to_owned()
                }
            };
            format!("Lately {members}; the next one in {}.", wait(until))
        }
    }
}

/// Why a prompt does not show, in a word that never changes, and what that is about if it could be several things.
pub fn code(reason: Reason) -> (&'static str, Option<String>) {
    let plain = match reason {
        Reason::Ended => "ended",
        Reason::NotBefore(_) => "not_before",
        Reason::Hours(_) => "hours",
        Reason::Moment(_) => "moment",
        Reason::Waiting => "waiting",
        Reason::Cancelled => "cancelled",
        Reason::Rule => "rule",
        Reason::Held => "held",
        Reason::Absent => "absent",
        Reason::Unknown(Missing::Fact) => "unknown",
        Reason::Unknown(Missing::Zone) => "unknown_zone",
        Reason::Unknown(Missing::Page) => "unknown_page",
        Reason::Unknown(Missing::Unit) => "unknown_unit",
        Reason::Consent(consent) => return ("consent", Some(consent.name().to_owned())),
        Reason::Guarded => "guarded",
        Reason::Taken => "taken",
        Reason::Uncovered => "uncovered",
        Reason::HeldOut { by_site: false } => "held_out",
        Reason::HeldOut { by_site: true } => "held_out_by_site",
        Reason::Outranked => "outranked",
        Reason::Capped(capped) => match capped {
            Capped::PerSession => "per_session",
            Capped::AtMost(_) => "at_most",
            Capped::Window(_) => "window",
            Capped::Gap(_) => "gap",
            Capped::Dismissed(_) => "dismissed",
            Capped::Snoozed(_) => "snoozed",
            Capped::Stopped(stop, _) => {
                let what = match stop {
                    Stop::Closed => "closed",
                    Stop::Declined => "declined",
                    Stop::Answered => "answered",
                    Stop::Converted => "converted",
                };
                return ("stopped", Some(what.to_owned()));
            }
            Capped::Muted => "muted",
            Capped::Interruptions => "interruptions",
            Capped::InterruptionGap(_) => "interruption_gap",
            Capped::SitePerPage => "site_per_page",
            Capped::SitePerSession => "site_per_session",
            Capped::Group(place, _) => return ("group", Some(place.to_string())),
        },
    };
    (plain, None)
}

/// How long it is until then, in words: the largest unit, rounded up below a day.
pub fn wait(until: Timestamp, now: Timestamp) -> String {
    let seconds = until.since(now).0.max(0) / 1000;
    let (number, unit) = match seconds {
        ..60 => (seconds + 1, "second"),
        60..3600 => (seconds / 60 + 1, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    if number == 1 { format!("1 {unit}") } else { format!("{number} {unit}s") }
}
