//! What had better not be said, though nothing forbids to publish it: what the platforms hold against whoever asks for it.

use super::{Content, Prompt};
use crate::problem::Problem;

/// What asks for votes. Product Hunt's guidelines count asking for upvotes as spam.
const VOTES: [&str; 4] = ["vote", "votes", "upvote", "upvotes"];

/// What rewards. A review that is paid for is none: the platforms take it down, and the law of many places forbids it.
const REWARDS: [&str; 10] =
    ["discount", "coupon", "voucher", "reward", "rewards", "bonus", "gift", "giveaway", "raffle", "prize"];

/// What somebody should think about before it is published; each with its place.
pub fn advice(prompt: &Prompt) -> Vec<Problem> {
    let mut all = Vec::new();
    advise(&prompt.content, "content", &mut all);
    for (place, variant) in prompt.experiment.variants.iter().enumerate() {
        if let Some(content) = &variant.content {
            advise(content, &format!("experiment.variants[{place}].content"), &mut all);
        }
    }
    all
}

fn advise(content: &Content, at: &str, all: &mut Vec<Problem>) {
    let (mut for_votes, mut with_reward) = (false, false);
    content.clone().each_text(&mut |text| {
        for_votes |= has_word(text, &VOTES);
        with_reward |= has_word(text, &REWARDS);
    });
    if for_votes {
        let message =
            "Product Hunt and others count asking for votes as spam. Ask people to look and to say what they think.";
        all.push(Problem::new(at, "asks_for_votes", message));
    }
    if with_reward && matches!(content, Content::Review(_)) {
        let message = "A review for a reward counts as bought: the platforms take it down. Ask for it without one.";
        all.push(Problem::new(at, "rewards_review", message));
    }
}

fn has_word(text: &str, words: &[&str]) -> bool {
    let mut parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word)))
}
