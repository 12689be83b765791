//! What is left of the caps, in words and numbers.

use super::wait;
use crate::frequency::{History, Members};
use crate::prompt::{Category, Prompt, Says, Scene, Shape};
use crate::time::{Span, Timestamp};

/// A cap, and how far it is used up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Count {
    /// What is counted: "shown in this session".
    pub what: String,
    /// How often that was.
    pub used: u32,
    /// How often it may be.
    pub most: u32,
    /// When one more becomes free by time alone, in words.
    pub again: Option<String>,
}

/// A prompt's own caps.
pub fn caps_of<F: Shape>(prompt: &Prompt<F>, history: &History, now: Timestamp) -> Vec<Count> {
    let (frequency, past) = (&prompt.frequency, history.past(&prompt.key));
    let count = |what: &str, used, most| Count { what: what.to_owned(), used, most, again: None };
    let mut counts = vec![count("shown in this session", past.shown_in_session, frequency.per_session)];
    match frequency.repeat_every {
        None => counts.push(count("shown in all", past.shown(), frequency.at_most)),
        Some(every) => {
            counts.push(within(&format!("shown in a round of {every}"), past.times(), every, frequency.at_most, now))
        }
    }
    for window in &frequency.windows {
        counts.push(within(
            &format!("shown within {}", window.within),
            past.times(),
            window.within,
            window.at_most,
            now,
        ));
    }
    let gap = frequency.gap.unwrap_or(prompt.content.usual_gap());
    if gap > Span(0) {
        counts.push(within(&format!("shown within {gap}"), past.times(), gap, 1, now));
    }
    // A preview has none of them.
    counts.retain(|count| count.most < u32::MAX);
    counts
}

/// The site's caps over all of its prompts.
pub fn caps_of_site<F: Shape>(prompts: &[Prompt<F>], scene: &Scene<'_, F>) -> Vec<Count> {
    let Scene { policy, history, now, .. } = *scene;
    let count = |what: &str, used, most| Count { what: what.to_owned(), used, most, again: None };
    let mut counts = vec![count(
        "interruptions in this session",
        history.interruptions_in_session,
        policy.interruptions_per_session,
    )];
    if policy.interruption_gap > Span(0) {
        let what = format!("interruptions within {}", policy.interruption_gap);
        counts.push(within(&what, history.last_interruption.as_slice(), policy.interruption_gap, 1, now));
    }
    counts.extend(policy.per_page.map(|most| count("prompts on this page", scene.page.shown, most)));
    counts.extend(policy.per_session.map(|most| count("prompts in this session", history.shown_in_session, most)));
    for group in &policy.groups {
        let times = group.times(prompts, history);
        let what = format!("{} within {}", named(&group.of), group.within);
        counts.push(within(&what, &times, group.within, group.at_most, now));
    }
    counts
}

fn within(what: &str, times: &[Timestamp], span: Span, most: u32, now: Timestamp) -> Count {
    let counting: Vec<&Timestamp> = times.iter().filter(|at| now < at.after(span)).collect();
    let used = counting.len() as u32;
    let again = counting.len().checked_sub(most.max(1) as usize).and_then(|at| counting.get(at));
    let again = again.map(|at| format!("again in {}", wait(at.after(span), now)));
    Count { what: what.to_owned(), used, most, again }
}

/// Prompts that share a cooldown, in words.
fn named(members: &Members) -> String {
    match members {
        Members::Tag(tag) => format!("prompts with the tag \"{tag}\""),
        Members::Category(category) => match category {
            Category::Survey => "surveys",
            Category::Form => "forms",
            Category::Review => "requests for a review",
            Category::Offer => "offers",
            Category::Community => "invitations",
            Category::Notice => "notices",
            Category::Guide => "guides",
        }
        .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Action;
    use crate::frequency::{Exposure, Frequency};
    use crate::id::Key;

    #[test]
    fn what_is_used_up_says_when_it_is_free_again() {
        let key = Key::parse("nps").unwrap();
        let mut history = History::default();
        let now = Timestamp(Span::days(30).0);
        for (at, in_session) in [(1, false), (29, false), (30, true)] {
            let exposure = Exposure {
                prompt: &key,
                action: Action::Shown,
                at: Timestamp(Span::days(at).0),
                in_session,
                interrupts: true,
                partial: false,
            };
            history.observe(&exposure);
        }
        let frequency: Frequency = Frequency { gap: Some(Span::days(2)), ..Frequency::default() };
        let json = serde_json::json!({ "key": "nps", "placement": "modal", "content": { "nps": { "question": "?" } }, "frequency": frequency });
        let prompt: Prompt = serde_json::from_value(json).unwrap();
        let told: Vec<String> = caps_of(&prompt, &history, now)
            .iter()
            .map(|count| {
                format!("{} {} of {} {}", count.what, count.used, count.most, count.again.as_deref().unwrap_or("-"))
            })
            .collect();
        assert_eq!(
            told,
            ["shown in this session 1 of 1 -", "shown in all 3 of 3 -", "shown within 2d 2 of 1 again in 2 days"]
        );
    }
}
