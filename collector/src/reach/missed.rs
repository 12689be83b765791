//! Who came while a prompt was live and did not see it, and why: the same visits gone through again as they were, with what it had done
//! before.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::event::Action;
use engine::prompt::Prompt;
use engine::{Key, Timestamp};

use super::draft::{Assumed, Draft, Past};
use super::sample::{Person, Sample, is_view};
use super::{Loss, fates};
use crate::sites::Site;
use crate::state::App;
use crate::store::Result;

/// Those who came and did not see a prompt.
#[derive(Debug, Default)]
pub struct Missed {
    /// Since when they came: it was published then, or it is as far as one looks back.
    pub since: Timestamp,
    /// How many browsers came to the site in all these days, and how many of them were looked at.
    pub came: usize,
    /// See `came`.
    pub looked_at: usize,
    /// How many people those are who came since.
    pub people: usize,
    /// How many of them saw it.
    pub saw: usize,
    /// Those who did not, by what stood against it where they came closest to it; the largest group first.
    pub lost: Vec<(Loss, Vec<String>)>,
    /// Those against whom nothing stood that anybody records.
    pub unknown: Vec<String>,
    /// What was taken to have been well.
    pub assumed: Vec<Assumed>,
}

/// Goes through those who came; `None` where the prompt is on no page. `published`: when it first was.
pub async fn missed(app: &App, site: &Arc<Site>, key: &Key, published: Timestamp) -> Result<Option<Missed>> {
    let sample = app.samples.of(app, site).await?;
    let Some(prompt) = sample.ruleset.prompts.iter().find(|prompt| prompt.key == *key).cloned() else {
        return Ok(None);
    };
    let timezone = site.timezone.clone();
    let told = tokio::task::spawn_blocking(move || sum(&sample, prompt, &timezone, published)).await;
    Ok(Some(told.unwrap_or_default()))
}

fn sum(sample: &Sample, prompt: Prompt, timezone: &str, published: Timestamp) -> Missed {
    let since = sample.from.max(published);
    let draft = Draft::new(sample.ruleset.clone(), prompt, timezone, Past::Lived);
    let mut missed = Missed {
        since,
        came: sample.came,
        looked_at: sample.looked_at,
        assumed: draft.assumed.clone(),
        ..Missed::default()
    };
    let mut lost: BTreeMap<Loss, Vec<String>> = BTreeMap::new();
    let there: Vec<&Person> = sample.people.iter().filter(|person| came(person, since)).collect();
    let others: Vec<&Person> = there.iter().copied().filter(|person| !saw(person, &draft.key, since)).collect();
    (missed.people, missed.saw) = (there.len(), there.len() - others.len());
    for (person, fate) in others.iter().zip(fates(&draft, &others, since)) {
        let name = person.subjects.person().to_owned();
        match fate.closest.filter(|_| fate.shown == 0) {
            Some(loss) => lost.entry(loss).or_default().push(name),
            None => missed.unknown.push(name),
        }
    }
    missed.lost = lost.into_iter().collect();
    missed.lost.sort_by_key(|(_, people)| std::cmp::Reverse(people.len()));
    missed
}

fn came(person: &Person, since: Timestamp) -> bool {
    person.log.iter().any(|event| event.at >= since && is_view(event))
}

fn saw(person: &Person, key: &Key, since: Timestamp) -> bool {
    let is_it = |of: &(Key, Action)| of.0 == *key && of.1 == Action::Shown;
    person.log.iter().any(|event| event.at >= since && event.prompt.as_ref().is_some_and(is_it))
}
