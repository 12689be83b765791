//! Whom a draft would have reached: the visits of the last weeks, gone through again with the draft among what is published, by the
//! engine that decides on pages.
//!
//! It is a replay, not a forecast. The one thing to know: what happened is taken as it was recorded, what the log cannot know (whether
//! somebody scrolled, what stood in the page, what they agreed to) is taken to have been well, and said so beside the numbers.

mod draft;
mod fits;
mod missed;
mod replay;
mod sample;

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use engine::prompt::Prompt;
use engine::{Key, Span, Timestamp};

use crate::prompts::{Ruleset, ruleset};
use crate::sites::Site;
use crate::state::App;
use crate::store::Result;

pub use draft::Assumed;
use draft::{Draft, Past};
pub use fits::Fit;
pub use missed::{Missed, missed};
use replay::Fate;
use sample::{Person, Sample};

/// So far back visits are looked at.
pub const LOOKED_BACK: Span = Span::days(30);

/// A sample is used again for so long, so that somebody who types does not wait for the log at each letter.
const KEPT: Span = Span(60_000);

/// After that another one is taken, and until then it is still good enough for who asks meanwhile.
const STALE: Span = Span(5 * 60_000);

/// Of so many sites.
const SITES: usize = 4;

/// Whom a draft would have reached, of those who were looked at.
#[derive(Debug, Default)]
pub struct Reach {
    /// How many browsers came.
    pub came: usize,
    /// How many of them were looked at.
    pub looked_at: usize,
    /// How many people those are, as far as they have said who they are.
    pub people: usize,
    /// The people who would have seen it: `p:…`, or `v:…` of a browser whose person is not known.
    pub shown: Vec<String>,
    /// How many of these only if what nobody recorded went well.
    pub doubtful: usize,
    /// How many pages were opened.
    pub views: usize,
    /// How many times it would have been shown.
    pub times: usize,
    /// The pages where it would have been shown, by path, with how many people; those with the most first.
    pub pages: Vec<(String, usize)>,
    /// Those who would not have seen it, by what stood against it where they came closest to it; the largest first.
    pub lost: Vec<(Loss, usize)>,
    /// The published prompts that could have come at the same moment: for how many people, and for how many of them they went first.
    pub beside: Vec<(Key, usize, usize)>,
    /// Whom each part of its rule fits, a group before its parts.
    pub fits: Vec<Fit>,
    /// What was taken to have been well.
    pub assumed: Vec<Assumed>,
}

/// What stood against it, from what keeps somebody furthest from it to what all but let it show.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Loss {
    /// Outside its hours.
    Hours,
    /// Its rule did not hold.
    Rule,
    /// It did, as far as one knows, but its moment did not come while they were on the page.
    Moment,
    /// It sells, and the account was not well.
    Guarded,
    /// Its own caps, or a stop.
    OwnCap,
    /// The site's caps, or a group's.
    SiteCap,
    /// They want to be asked nothing any more.
    Muted,
    /// By lot.
    Lot,
    /// Another prompt went first.
    Outranked,
}

/// The samples that were taken last, one a site; the newest first. A sample may be large, so only [`SITES`] are kept.
#[derive(Debug, Default)]
pub struct Samples {
    kept: Mutex<Vec<(String, Arc<Sample>)>>,
    /// Held while one is taken: who asks meanwhile waits for that one.
    taking: tokio::sync::Mutex<()>,
}

impl Samples {
    /// Takes a sample of a site beside whatever else is done, so that nobody has to wait who asks for one soon. Nothing is done where one
    /// is at hand, or is being taken.
    pub fn ahead(app: &App, site: &Arc<Site>) {
        let (app, site) = (app.clone(), site.clone());
        tokio::spawn(async move {
            let Ok(_alone) = app.samples.taking.try_lock() else { return };
            if let Err(error) = app.samples.at_hand_or_taken(&app, &site, KEPT).await {
                tracing::warn!(%error, "no sample of the visits was taken ahead; whoever asks takes one");
            }
        });
    }

    /// One that is at hand, also if it is a little old; then the next one is taken meanwhile.
    async fn of(&self, app: &App, site: &Arc<Site>) -> Result<Arc<Sample>> {
        let (now, ruleset) = (site.now(&app.clock), app.rulesets.of(&app.db, site).await?);
        if let Some(sample) = self.known(site, &ruleset, now, STALE) {
            if now.since(sample.to) >= KEPT {
                Self::ahead(app, site);
            }
            return Ok(sample);
        }
        let _alone = self.taking.lock().await;
        self.at_hand_or_taken(app, site, STALE).await
    }

    async fn at_hand_or_taken(&self, app: &App, site: &Arc<Site>, within: Span) -> Result<Arc<Sample>> {
        let (now, ruleset) = (site.now(&app.clock), app.rulesets.of(&app.db, site).await?);
        if let Some(sample) = self.known(site, &ruleset, now, within) {
            return Ok(sample);
        }
        let sample = Arc::new(Sample::take(app, site, ruleset, now).await?);
        let mut all = self.all();
        all.retain(|(id, _)| *id != site.id);
        all.insert(0, (site.id.clone(), sample.clone()));
        all.truncate(SITES);
        Ok(sample)
    }

    /// The one that was taken of a site within a time, of what is published now.
    fn known(&self, site: &Site, ruleset: &Arc<Ruleset>, now: Timestamp, within: Span) -> Option<Arc<Sample>> {
        let known = self.all().iter().find(|(id, _)| *id == site.id).map(|(_, sample)| sample.clone());
        let is_good = |sample: &Arc<Sample>| {
            // That nobody came is not said of a site whose first visitor has just been there.
            let within = if sample.came == 0 { KEPT.0.min(within.0) } else { within.0 };
            (0..within).contains(&now.since(sample.to).0) && Arc::ptr_eq(&sample.ruleset, ruleset)
        };
        known.filter(is_good)
    }

    fn all(&self) -> MutexGuard<'_, Vec<(String, Arc<Sample>)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whom each published prompt reaches, as it is published. Kept with the sample that it was reckoned from.
pub async fn of_published(app: &App, site: &Arc<Site>) -> Result<Arc<Vec<(Key, Reach)>>> {
    let sample = app.samples.of(app, site).await?;
    if let Some(known) = sample.of_published.get() {
        return Ok(known.clone());
    }
    let (at, timezone) = (sample.clone(), site.timezone.clone());
    let reckon = move || {
        let one = |prompt: &Prompt| {
            (prompt.key.clone(), sum(&at, &Draft::new(at.ruleset.clone(), prompt.clone(), &timezone, Past::Tried)))
        };
        at.ruleset.prompts.iter().map(one).collect::<Vec<_>>()
    };
    let told = tokio::task::spawn_blocking(reckon).await.unwrap_or_default();
    Ok(sample.of_published.get_or_init(|| Arc::new(told)).clone())
}

/// Whom a draft would have reached. It may take a second, and does so on a thread of its own.
pub async fn reach(app: &App, site: &Arc<Site>, prompt: Prompt) -> Result<Reach> {
    let sample = app.samples.of(app, site).await?;
    let mut trial = sample.ruleset.with(prompt.clone());
    if trial.salt.is_empty() && trial.has_lots() {
        trial.salt = ruleset::salt(&app.db, &site.id).await?;
    }
    let draft = Draft::new(Arc::new(trial), prompt, &site.timezone, Past::Tried);
    let told = tokio::task::spawn_blocking(move || sum(&sample, &draft)).await;
    Ok(told.unwrap_or_default())
}

/// What became of a draft for each of these people: the cores of the machine share them.
fn fates(draft: &Draft, people: &[&Person], from: Timestamp) -> Vec<Fate> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = people.len().div_ceil(cores).max(1);
    let replay = |some: &[&Person]| some.iter().map(|person| draft.replay(person, from)).collect::<Vec<_>>();
    std::thread::scope(|scope| {
        let shares: Vec<_> = people.chunks(share).map(|some| scope.spawn(move || replay(some))).collect();
        // One that panics takes the whole count with it, as it would have without threads.
        shares.into_iter().flat_map(|share| share.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

fn sum(sample: &Sample, draft: &Draft) -> Reach {
    let mut reach = Reach {
        came: sample.came,
        looked_at: sample.looked_at,
        people: sample.people.len(),
        views: sample.people.iter().map(|person| person.views).sum(),
        assumed: draft.assumed.clone(),
        ..Reach::default()
    };
    let (mut pages, mut lost, mut beside) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let everybody: Vec<&Person> = sample.people.iter().collect();
    for (person, fate) in everybody.iter().zip(fates(draft, &everybody, sample.from)) {
        let Fate { shown, is_doubtful, pages: on, closest, parts, beside: others } = fate;
        fits::count(&mut reach.fits, &parts);
        for (key, was_first) in others {
            let counts: &mut (usize, usize) = beside.entry(key).or_default();
            counts.0 += 1;
            counts.1 += usize::from(was_first);
        }
        if shown == 0 {
            if let Some(loss) = closest {
                *lost.entry(loss).or_insert(0) += 1;
            }
            continue;
        }
        reach.times += shown;
        reach.doubtful += usize::from(is_doubtful);
        reach.shown.push(person.subjects.person().to_owned());
        on.into_iter().for_each(|page| *pages.entry(page).or_insert(0) += 1);
    }
    reach.pages = pages.into_iter().collect();
    reach.pages.sort_by_key(|(_, people)| std::cmp::Reverse(*people));
    reach.lost = lost.into_iter().collect();
    reach.lost.sort_by_key(|(_, people)| std::cmp::Reverse(*people));
    reach.beside = beside.into_iter().map(|(key, (people, first))| (key, people, first)).collect();
    reach.beside.sort_by_key(|(_, people, _)| std::cmp::Reverse(*people));
    reach
}
