//! What only the site's own people are told, who opened their page by a signed link: the rules as they were written, and what there
//! actually is. Everybody else gets verdicts.

use engine::prompt;
use engine::rule::{ChannelIs, Condition, LeafId, Names, Truth, Witness};
use engine::source::Touch;
use engine::why::in_words;
use engine::{Key, Timestamp};
use serde::Serialize;

use super::Caller;
use super::known::Visitor;
use super::witness::Seen;
use crate::prompts::Ruleset;

/// What stands behind the facts.
#[derive(Debug, Serialize)]
pub struct Inside {
    /// Who is here and where they stand: what it is, and what it is with them.
    about: Vec<(String, String)>,
    /// The whole rule of each prompt.
    rules: Vec<(Key, Condition)>,
    /// Why those do not show that no page is told of: by their schedule, or by lot.
    barred: Vec<(Key, String)>,
    /// What the collector knows of the parts of these rules: whether it holds, and what there is.
    known: Vec<(LeafId, bool, String)>,
    /// What people call the things in it.
    names: Names,
}

impl Inside {
    /// Of a visitor on a page.
    pub fn of(ruleset: &Ruleset, caller: &Caller, visitor: &Visitor, seen: &Seen<'_>) -> Inside {
        let mut known: Vec<(LeafId, bool, String)> = Vec::new();
        for prompt in &ruleset.prompts {
            prompt.rule.each_leaf(&mut |leaf| {
                let id = LeafId::of(leaf);
                let truth = seen.answer(leaf).truth;
                if truth != Truth::Unknown && !known.iter().any(|(other, ..)| *other == id) {
                    known.push((id, truth == Truth::Yes, seen.actual(leaf)));
                }
            });
        }
        let rules = ruleset.prompts.iter().map(|prompt| (prompt.key.clone(), prompt.rule.clone())).collect();
        let scene = visitor.scene();
        let barred = ruleset.prompts.iter().filter_map(|prompt| {
            let reason = prompt::barred(prompt, &scene)?;
            Some((prompt.key.clone(), in_words(reason, scene.policy, scene.now)))
        });
        let barred = barred.collect();
        Inside { barred, about: about(ruleset, caller, visitor, seen), rules, known, names: ruleset.names() }
    }
}

fn about(ruleset: &Ruleset, caller: &Caller, visitor: &Visitor, seen: &Seen<'_>) -> Vec<(String, String)> {
    let subjects = &visitor.log.subjects;
    let named = |name: &Option<String>| name.as_deref().and_then(|name| name.get(2..)).map(str::to_owned);
    let mut about = vec![("Person".to_owned(), named(&subjects.user).unwrap_or_else(|| "not known".to_owned()))];
    let mut add = |what: &str, is: Option<String>| about.extend(is.map(|is| (what.to_owned(), is)));
    add("Account", named(&subjects.account));
    for (journey, stage, entered_at) in visitor.log.stays.all() {
        let definitions = ruleset.journeys.iter().find(|(key, _)| key.as_str() == journey).map(|(_, all)| all.latest());
        let journey = definitions.map_or(journey, |journey| &journey.name);
        let known = definitions.and_then(|journey| journey.stages.iter().find(|one| one.key.as_str() == stage));
        let stage = known.map_or(stage, |stage| &stage.name);
        add(&format!("Stage in {journey}"), Some(format!("{stage}, {}", since(entered_at, visitor.now()))));
    }
    add("Offers", visitor.spare_offers.then(|| "none: the account is delayed or stuck".to_owned()));
    let channel = seen.actual(&Condition::Channel(ChannelIs { is: Vec::new(), touch: Touch::Session }));
    add("Channel", (!channel.is_empty()).then_some(channel));
    add("Device", caller.class.map(|class| class.name().to_owned()));
    add("System", caller.request.system.map(|system| system.name().to_owned()));
    add("Browser", caller.request.browser.map(|browser| browser.name().to_owned()));
    add("Country", caller.request.country.clone());
    add("Language", caller.language.clone());
    about
}

/// How long ago, in words.
fn since(then: Timestamp, now: Timestamp) -> String {
    let ago = engine::why::wait(Timestamp(now.0.saturating_add(now.since(then).0)), now);
    format!("for {ago}")
}
