//! What is made right where a rule asks for it: page groups, events without code, segments. It goes into the site's settings, by the same
//! fields and the same checks as there, and is chosen where it was asked for.

use engine::Problem;

use super::access::Here;
use super::form::making::{AT, Makeable, Making, Step, making, without};
use super::prompts::refused;
use super::settings::MAKEABLE;
use crate::auth::May;
use crate::error::ApiError;
use crate::prompts::work::{Desk, WorkError};
use crate::state::App;

/// What became of it.
#[derive(Debug, Default)]
pub struct Made {
    /// What is still being made.
    pub making: Option<Making>,
    /// The field that whoever pressed a button goes on with; empty for none in particular.
    pub focus: String,
    /// The version of the settings before it was saved, and after.
    pub versions: Option<(String, String)>,
}

impl Made {
    /// Whether a form asked for any of it.
    pub fn is_any(&self) -> bool {
        self.making.is_some() || !self.focus.is_empty()
    }

    /// Whether something is wrong with it.
    pub fn is_wrong(&self) -> bool {
        self.making.as_ref().is_some_and(|making| !making.problems.is_empty())
    }
}

/// What may be made by whoever is here.
pub fn makes(here: &Here) -> &'static [Makeable] {
    if here.may(May::Publish) { &MAKEABLE } else { &[] }
}

/// Does what a form wants with what is being made, of these kinds; what is left of `pairs` is the form as if it had never asked.
pub async fn settle(
    app: &App,
    here: &mut Here,
    pairs: &mut Vec<(String, String)>,
    makes: &[Makeable],
) -> Result<Made, ApiError> {
    let Some((mut making, step)) = making(pairs, makes, &here.zone()) else { return Ok(Made::default()) };
    let was_pressed = pairs.iter().any(|(name, value)| name == "do" && value.starts_with("make "));
    let (kind, place) = (making.what.kind, making.place.clone());
    without(pairs);
    match step {
        Step::Begin => {
            let focus = if was_pressed { format!("{AT}.{}", making.what.name) } else { String::new() };
            Ok(Made { making: Some(making), focus, versions: None })
        }
        Step::Fill => Ok(Made { making: Some(making), ..Made::default() }),
        Step::Leave => Ok(Made { focus: place, ..Made::default() }),
        Step::Keep => {
            let item = making.value[AT].clone();
            let name = item[making.what.name].as_str().unwrap_or_default().to_owned();
            let desk = Desk { app, site: &here.site, member: &here.member };
            match desk.add_to_settings(kind, &item, &format!("{} {name}", making.what.word)).await {
                Ok(versions) => {
                    here.site = app.sites.by_id(&here.site.id).ok_or(ApiError::NotFound("site"))?;
                    pairs.retain(|(one, _)| *one != place);
                    pairs.push((place.clone(), name));
                    Ok(Made { making: None, focus: place, versions: Some(versions) })
                }
                Err(WorkError::Mistakes(problems)) => {
                    making.problems = own(problems, kind);
                    Ok(Made { focus: format!("{AT}.{}", making.what.name), making: Some(making), versions: None })
                }
                Err(error) => Err(refused(error)),
            }
        }
    }
}

/// Problems of the last one of a list of the settings, as problems of what is being made.
fn own(problems: Vec<Problem>, kind: &str) -> Vec<Problem> {
    let within = |at: &str| {
        let rest = at.strip_prefix(kind)?.strip_prefix('[')?;
        rest.split_once(']').map(|(_, rest)| format!("{AT}{rest}"))
    };
    let moved = |problem: Problem| Problem { at: within(&problem.at).unwrap_or(problem.at), ..problem };
    problems.into_iter().map(moved).collect()
}
