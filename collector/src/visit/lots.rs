//! Who draws lots for a visitor, and what was drawn before: the unit is the account if it is known, else the person, else the visitor.
//!
//! The one thing to know: a decision counts for a person from when its visitor became that person, and for an account from when its
//! member joined. The first that counts so is the unit's. Nobody who joins later can change what the others see, and all see the same.

use std::collections::BTreeSet;

use engine::experiment::{Arm, Assigned, Experiment, Lot, Recorded, Seed, Unit};
use engine::identity::Edges;
use engine::prompt::Prompt;
use engine::{Key, Timestamp};

use super::history::{self, Past};
use super::witness::Subjects;
use crate::auth::secret;
use crate::prompts::Ruleset;
use crate::store::{self, Conn, Result};

/// Something that was drawn.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// Who drew it: `v:…` or `p:…`, the second of a visitor also as the person that it turned out to be.
    by: [String; 2],
    /// From when on it counts for the unit.
    since: Timestamp,
    lot: Assigned,
}

impl Drawn {
    /// Reads what was recorded; `None` of what is no lot.
    pub fn read(by: [String; 2], prompt: Key, since: Timestamp, props: &str) -> Option<Drawn> {
        let recorded: Recorded = serde_json::from_str(props).ok()?;
        Some(Drawn { by, since, lot: recorded.of(prompt) })
    }
}

/// Whose an event of a visitor is, and from when on it counts for them: what it did before it first said who it is, from then on.
pub fn owner(edges: &Edges, at: Timestamp) -> Option<(&str, Timestamp)> {
    let since = at.max(edges.first()?);
    Some((edges.named_at(since)?, since))
}

/// The unit of a visitor. `past` is the person's own, or the visitor's. Where nobody draws lots, none.
pub async fn unit(
    conn: &mut Conn<'_>,
    site_id: &str,
    ruleset: &Ruleset,
    subjects: &Subjects,
    past: &Past,
) -> Result<Unit> {
    if !ruleset.has_lots() || ruleset.salt.is_empty() {
        return Ok(Unit::default());
    }
    let of_account;
    let drawn = match subjects.account.as_deref().and_then(|account| account.strip_prefix("a:")) {
        Some(account) => {
            of_account = drawn_in(conn, site_id, account).await?;
            &of_account
        }
        None => &past.drawn,
    };
    Ok(assign(ruleset, subjects, drawn))
}

/// What the people of an account drew.
async fn drawn_in(conn: &mut Conn<'_>, site_id: &str, account: &str) -> Result<Vec<Drawn>> {
    let rows = store::lots::of_account(conn, site_id, account).await?;
    let browsers: BTreeSet<&str> = rows.iter().filter_map(|(_, _, subject, ..)| subject.strip_prefix("v:")).collect();
    let edges = history::edges_of(conn, site_id, browsers).await?;
    let drawn = rows.into_iter().filter_map(|(member, joined, subject, prompt, at, props)| {
        let since = match subject.strip_prefix("v:").and_then(|browser| edges.get(browser)) {
            Some(edges) => {
                let (user, since) = owner(edges, Timestamp(at))?;
                (member.strip_prefix("p:") == Some(user)).then_some(since)?
            }
            None => Timestamp(at),
        };
        Drawn::read([subject, member], Key::parse(&prompt)?, since.max(Timestamp(joined)), &props)
    });
    Ok(drawn.collect())
}

/// The unit, from all that counts for it. Where nobody draws lots, none.
pub fn assign(ruleset: &Ruleset, subjects: &Subjects, drawn: &[Drawn]) -> Unit {
    if !ruleset.has_lots() || ruleset.salt.is_empty() {
        return Unit::default();
    }
    let mut drawn: Vec<&Drawn> = drawn.iter().collect();
    drawn.sort_by_key(|drawn| drawn.since);
    let seed = seed(&ruleset.salt, subjects.unit());
    let held_out = drawn.first().and_then(|first| held_out(ruleset, seed, first));
    let mut unit = Unit { seed: Some(seed), held_out, assigned: Vec::new() };
    for prompt in &ruleset.prompts {
        let own = drawn.iter().map(|drawn| &drawn.lot).filter(|lot| lot.prompt == prompt.key);
        unit.assigned.extend(first_of(ruleset, prompt, &unit, own));
    }
    unit
}

/// The decision that stands for a prompt.
fn first_of<'a>(
    ruleset: &Ruleset,
    prompt: &Prompt,
    unit: &Unit,
    mut lots: impl Iterator<Item = &'a Assigned>,
) -> Option<Assigned> {
    let share = if prompt.mandatory { 0.0 } else { ruleset.settings.policy.holdout };
    if prompt.experiment.is_none() && share <= 0.0 {
        return None;
    }
    // What the site decided lasts as long as it goes on holding this one out.
    let is_over = |lot: &Assigned| lot.arm == Arm::SiteHoldout && !is_held_out(unit, &prompt.key, share);
    lots.find(|lot| lot.epoch == prompt.experiment.epoch && !is_over(lot)).cloned()
}

/// What the site's holdout said when the unit first drew, if another seed said it. Which one it was shows in the place that was drawn.
fn held_out(ruleset: &Ruleset, own: Seed, first: &Drawn) -> Option<bool> {
    let share = ruleset.settings.policy.holdout;
    if share <= 0.0 {
        return None;
    }
    let mut units = first.by.iter().map(|name| unit_of(seed(&ruleset.salt, name)));
    let Assigned { prompt, epoch, place, .. } = &first.lot;
    let drew = units.find(|unit| unit.standing(prompt, *epoch) == Some(*place))?;
    (drew.seed != Some(own)).then(|| is_held_out(&drew, prompt, share))
}

fn is_held_out(unit: &Unit, prompt: &Key, share: f64) -> bool {
    unit.draw(prompt, &Experiment::default(), share) == Lot::HeldOut { by_site: true }
}

fn unit_of(seed: Seed) -> Unit {
    Unit { seed: Some(seed), ..Unit::default() }
}

/// 64 bits of a unit's name that nobody without the salt can tell beforehand.
fn seed(salt: &str, name: &str) -> Seed {
    let bytes = secret::keyed(salt, name);
    Seed(bytes.iter().take(8).fold(0, |bits, byte| (bits << 8) | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_the_beginning_of_the_mac() {
        // RFC 4231, test case 2.
        assert_eq!(seed("Jefe", "what do ya want for nothing?"), Seed(0x5bdc_c146_bf60_754e));
    }
}
