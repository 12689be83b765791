//! What is wrong with when, how often and by whom a prompt is seen, and with the site's caps.

use super::selector;
use crate::event::MAX_NAME;
use crate::experiment::Goal;
use crate::frequency::{Frequency, KEPT, Policy, Window};
use crate::problem::Problem;
use crate::prompt::{Category, Happens, Moment, Prompt, Says, Schedule};
use crate::time::Span;

/// What checks report to: where, code, sentence.
type Report<'a> = &'a mut dyn FnMut(String, &'static str, &str);

/// All mistakes of the site's caps.
pub fn policy(policy: &Policy) -> Vec<Problem> {
    let mut problems = Vec::new();
    let report: Report<'_> = &mut |at, code, message| problems.push(Problem::new(at, code, message));
    for (place, group) in policy.groups.iter().enumerate() {
        window(Window { at_most: group.at_most, within: group.within }, format!("groups[{place}]"), report);
    }
    if !(0.0..1.0).contains(&policy.holdout) {
        let message = "The share of people who see nothing is 0 or more and less than 1: 0.05 is 5 in a hundred.";
        report("holdout".into(), "holdout_range", message);
    }
    if policy.per_page == Some(0) || policy.per_session == Some(0) {
        let message = "With a cap of 0 no prompt would ever be shown. Leave it out for no cap.";
        report("policy".into(), "never_shown", message);
    }
    problems
}

pub(super) fn plan(prompt: &Prompt, problems: &mut Vec<Problem>) {
    elements(prompt, problems);
    let report: Report<'_> = &mut |at, code, message| problems.push(Problem::new(at, code, message));
    schedule(&prompt.schedule, report);
    moment(prompt, report);
    frequency(&prompt.frequency, report);
    experiment(prompt, report);
    if let Some(goal) = &prompt.experiment.goal {
        self::goal(goal, report);
    }
    let lots = &prompt.experiment;
    if prompt.mandatory && (lots.holdout > 0.0 || lots.coverage < 1.0) {
        let message = "A notice that must be seen cannot be kept from some people by lot.";
        report("experiment".into(), "mandatory_holdout", message);
    }
    if let Some(why) = &prompt.offer_anyway {
        if why.trim().is_empty() {
            let message = "Say why this offer is right for accounts that are unhealthy, stuck or delayed.";
            report("offer_anyway".into(), "reason_missing", message);
        }
        if prompt.content.category() != Category::Offer {
            let message = "Only offers are kept from accounts that are not well; leave this out.";
            report("offer_anyway".into(), "no_offer", message);
        }
    }
}

/// The longest that one waits for what a prompt is for.
const LONGEST: Span = Span::days(90);

fn goal(goal: &Goal, report: Report<'_>) {
    named("experiment.goal.event".into(), &goal.event, report);
    if goal.within.0 <= 0 || goal.within > LONGEST {
        report("experiment.goal.within".into(), "goal_range", "Wait for a second at least and for 90 days at most.");
    }
}

fn schedule(schedule: &Schedule, report: Report<'_>) {
    if let (Some(start), Some(end)) = (schedule.start, schedule.end)
        && end <= start
    {
        report("schedule.end".into(), "schedule_order", "It ends before it begins.");
    }
    for (place, hours) in schedule.hours.iter().enumerate() {
        let at = format!("schedule.hours[{place}]");
        if hours.days.is_empty() {
            report(format!("{at}.days"), "weekdays_empty", "Name at least one day of the week.");
        }
        if hours.from == hours.to {
            report(at, "hours_empty", "These hours end when they begin. The whole day is 00:00 to 24:00.");
        }
    }
}

fn moment(prompt: &Prompt, report: Report<'_>) {
    match &prompt.moment {
        Moment::Dwell(span) if *span > Span::hours(1) => {
            report("moment.dwell".into(), "dwell_range", "Nobody stays that long: at most 1h.");
        }
        Moment::TimeOnSite(span) if *span > Span::hours(24) => {
            report("moment.time_on_site".into(), "time_on_site_range", "A visit ends after a day: at most 24h.");
        }
        Moment::Inactivity(span) if *span < Span(1000) || *span > Span::hours(1) => {
            report("moment.inactivity".into(), "inactivity_range", "Between 1s and 1h without a movement.");
        }
        Moment::Scroll(part) if !(1..=100).contains(part) => {
            report("moment.scroll".into(), "scroll_range", "How much of the page was seen: 1 to 100 in a hundred.");
        }
        Moment::PagesViewed(pages) if !(1..=1000).contains(pages) => {
            report("moment.pages_viewed".into(), "pages_range", "Between 1 and 1000 pages of a visit.");
        }
        Moment::Event(happens) => event("moment.event".into(), happens, report),
        _ => {}
    }
    if prompt.delay > Span::hours(1) {
        report("delay".into(), "delay_range", "Nobody stays that long: at most 1h.");
    }
    for (place, happens) in prompt.cancel_on.iter().enumerate() {
        event(format!("cancel_on[{place}]"), happens, report);
    }
}

/// The elements that it waits for and keeps clear of.
fn elements(prompt: &Prompt, problems: &mut Vec<Problem>) {
    match &prompt.moment {
        Moment::Click(element) => selector("moment.click", element, problems),
        Moment::ElementVisible(element) => selector("moment.element_visible", element, problems),
        _ => {}
    }
    for (place, element) in prompt.hold_while.iter().enumerate() {
        selector(&format!("hold_while[{place}]"), element, problems);
    }
}

fn event(at: String, happens: &Happens, report: Report<'_>) {
    named(format!("{at}.name"), &happens.name, report);
}

/// What is wrong with the name of an event.
fn named(at: String, name: &str, report: Report<'_>) {
    if name.trim().is_empty() {
        report(at, "name_empty", "Say which event.");
    } else if name.len() > MAX_NAME {
        report(at, "name_too_long", "The name of an event has at most 128 bytes.");
    }
}

fn frequency(frequency: &Frequency, report: Report<'_>) {
    if frequency.at_most == 0 || frequency.per_session == 0 {
        report("frequency".into(), "never_shown", "With a cap of 0 the prompt would never be shown.");
    }
    for (place, of) in frequency.windows.iter().enumerate() {
        window(*of, format!("frequency.windows[{place}]"), report);
    }
    if frequency.repeat_every.is_some_and(|every| every < Span::hours(1)) {
        let message = "A new round begins after an hour at the earliest.";
        report("frequency.repeat_every".into(), "repeat_range", message);
    }
    if frequency.repeat_every.is_some() && frequency.at_most as usize > KEPT {
        let message = "In one round it is shown 64 times at most.";
        report("frequency.at_most".into(), "repeat_count", message);
    }
}

fn window(window: Window, at: String, report: Report<'_>) {
    if !(1..=KEPT).contains(&(window.at_most as usize)) {
        report(format!("{at}.at_most"), "window_count", "Between 1 and 64 times.");
    }
    if window.within <= Span(0) {
        report(format!("{at}.within"), "window_span", "Say within how long, such as 7d.");
    }
}

fn experiment(prompt: &Prompt, report: Report<'_>) {
    let experiment = &prompt.experiment;
    if !(0.0..=1.0).contains(&experiment.coverage) {
        let message = "The share of people it is meant for is between 0 and 1: 0.5 is every second.";
        report("experiment.coverage".into(), "coverage_range", message);
    }
    if !(0.0..1.0).contains(&experiment.holdout) {
        let message = "The share of people who see nothing is 0 or more and less than 1: 0.1 is one in ten.";
        report("experiment.holdout".into(), "holdout_range", message);
    }
    let variants = &experiment.variants;
    if !variants.is_empty() && variants.iter().all(|variant| variant.weight == 0) {
        report("experiment.variants".into(), "weights_zero", "Give at least one variant a weight above 0.");
    }
    for (place, variant) in variants.iter().enumerate() {
        if variants[..place].iter().any(|other| other.key == variant.key) {
            let message = "Two variants have this key; reports could not tell them apart.";
            report(format!("experiment.variants[{place}].key"), "variant_twice", message);
        }
        let category = prompt.content.category();
        if variant.content.as_ref().is_some_and(|said| said.category() != category) {
            let message = "This is of another category than the prompt: caps and guards could not tell what is shown.";
            report(format!("experiment.variants[{place}].content"), "variant_category", message);
        }
    }
}
