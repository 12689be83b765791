//! Reviews are asked of everybody or of nobody: a survey that asks for a score must not lead some of those who answered to a review
//! platform and others elsewhere. The platforms and the law call that review gating.

use crate::page::Url;
use crate::problem::Problem;
use crate::survey::{Ending, Survey};

/// Where people write reviews. A place that is not here is the marketer's own affair.
const PLATFORMS: [&str; 14] = [
    "apps.apple.com",
    "capterra.com",
    "chromewebstore.google.com",
    "g.page",
    "g2.com",
    "gartner.com",
    "getapp.com",
    "play.google.com",
    "producthunt.com",
    "search.google.com",
    "softwareadvice.com",
    "trustpilot.com",
    "trustradius.com",
    "yelp.com",
];

pub fn check(survey: &Survey, at: &str, problems: &mut Vec<Problem>) {
    let asks_for_score = survey.questions.iter().any(|question| question.ask.scale().is_some());
    if !asks_for_score || survey.endings.iter().all(asks_for_review) {
        return;
    }
    for (index, _) in survey.endings.iter().enumerate().filter(|(_, ending)| asks_for_review(ending)) {
        let message = "Sending only some of those who gave a score to a review platform is review gating; the platforms and the law forbid it. \
                       Give all endings the link, or none.";
        problems.push(Problem::new(format!("{at}[{index}]"), "score_gated_review", message));
    }
}

fn asks_for_review(ending: &Ending) -> bool {
    let button = ending.button.as_ref().map(|button| button.url.as_str());
    let mut urls = [button, ending.redirect.as_deref()].into_iter().flatten();
    urls.any(|url| {
        let host = Url::parse(url).host.to_ascii_lowercase();
        let is_at =
            |platform: &&str| host.strip_suffix(*platform).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        PLATFORMS.iter().any(is_at)
    })
}
