//! Prompts, journeys and settings from files. All mistakes of all files are found at once, each with its file, its place and a
//! sentence; if there is one, nothing is loaded.

use engine::event::MAX_NAME;
use engine::journey::{self, Journey};
use engine::prompt::{self, Prompt};
use engine::rule::{Condition, Known, Place};
use engine::{Key, Problem};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::files::File;
use super::ruleset::{self, Settings, goal_of};
use super::typed::typed;
use super::work;
use crate::auth::secret::hex;
use crate::sites::Site;
use crate::store::{self, Db};

/// A file with any of these holds the site's settings.
const SETTINGS: [&str; 13] = [
    "page_groups",
    "language",
    "policy",
    "theme",
    "segments",
    "sources",
    "public_traits",
    "events",
    "referral",
    "cookie",
    "data_layer",
    "engine",
    "consent",
];

/// What an import did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Documents that were new or different, by key.
    pub changed: Vec<String>,
    /// Documents that were the same already.
    pub unchanged: usize,
}

/// Why nothing was loaded.
#[derive(Debug)]
pub enum ImportError {
    /// Mistakes in the files.
    Mistakes(Vec<Mistake>),
    /// The database failed.
    Store(store::Error),
}

/// A mistake in a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mistake {
    /// The file.
    pub file: String,
    /// What is wrong, and where in it.
    pub problem: Problem,
}

impl From<store::Error> for ImportError {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

/// What a file holds.
#[derive(Debug)]
enum Document {
    Prompt(Box<Prompt>),
    Journey(Box<Journey>),
    Settings(Box<Settings>),
}

impl Document {
    fn kind(&self) -> &'static str {
        match self {
            Document::Prompt(_) => "prompt",
            Document::Journey(_) => "journey",
            Document::Settings(_) => "settings",
        }
    }

    fn key(&self) -> &str {
        match self {
            Document::Prompt(prompt) => prompt.key.as_str(),
            Document::Journey(journey) => journey.key.as_str(),
            Document::Settings(_) => "site",
        }
    }

    fn body(&self) -> String {
        let body = match self {
            Document::Prompt(prompt) => serde_json::to_string(prompt),
            Document::Journey(journey) => serde_json::to_string(journey),
            Document::Settings(settings) => serde_json::to_string(settings),
        };
        body.unwrap_or_default()
    }
}

/// What stands against a file: all of it, each with its place.
pub async fn mistakes(db: &Db, site: &Site, file: &File) -> store::Result<Vec<Problem>> {
    let mistakes = all_mistakes(db, site, std::slice::from_ref(file)).await?;
    Ok(mistakes.into_iter().map(|mistake| mistake.problem).collect())
}

/// What stands against files: all of it, each with its file and its place.
pub async fn all_mistakes(db: &Db, site: &Site, files: &[File]) -> store::Result<Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let documents = read(files, &mut mistakes);
    check(&documents, &ruleset::load(&mut db.read().await?.conn(), &site.id).await?, &mut mistakes);
    Ok(mistakes)
}

/// Loads the files of an operator, which drafts give way to, in a transaction of their own.
pub async fn import(db: &Db, site: &Site, now_ms: i64, files: &[File]) -> Result<Imported, ImportError> {
    let mut tx = db.begin().await?;
    let imported = import_within(&mut tx, site, (now_ms, ""), files).await?;
    tx.commit().await?;
    Ok(imported)
}

/// Checks files against each other and what the site has, and loads them, all or none. Nobody else publishes for the site until the
/// transaction ends, so what was checked is what they join. `by` is the member who publishes; empty for files of the operator.
pub async fn import_within(
    tx: &mut store::Tx,
    site: &Site,
    (now_ms, by): (i64, &str),
    files: &[File],
) -> Result<Imported, ImportError> {
    let mut mistakes = Vec::new();
    let documents = read(files, &mut mistakes);
    store::sites::hold(&mut tx.conn(), &site.id).await?;
    let before = ruleset::load(&mut tx.conn(), &site.id).await?;
    check(&documents, &before, &mut mistakes);
    if !mistakes.is_empty() {
        mistakes.sort_by(|a, b| (&a.file, &a.problem.at).cmp(&(&b.file, &b.problem.at)));
        return Err(ImportError::Mistakes(mistakes));
    }
    let mut imported = Imported::default();
    for (_, document) in &documents {
        let body = document.body();
        let version = hex(&Sha256::digest(&body)[..8]);
        let (kind, key) = (document.kind(), document.key());
        if !store::documents::put(&mut tx.conn(), &site.id, kind, key, &body, &version, now_ms).await? {
            imported.unchanged += 1;
            continue;
        }
        imported.changed.push(key.to_owned());
        if let Document::Prompt(_) = document {
            record(tx, &site.id, key, &body, (now_ms, by)).await?;
        }
        if let Document::Journey(journey) = document {
            // The first version holds for all that was before; a later one from now on.
            let is_first = !before.journeys.iter().any(|(known, _)| *known == journey.key);
            let from = if is_first { i64::MIN } else { now_ms };
            store::states::insert_version(&mut tx.conn(), &site.id, key, &version, from, &body).await?;
            if is_first {
                store::states::begin(&mut tx.conn(), &site.id, key).await?;
            }
        }
    }
    if !imported.changed.is_empty() {
        store::sites::bump(&mut tx.conn(), &site.id).await?;
    }
    Ok(imported)
}

/// What marketers see of a prompt that goes live: its status, its version, and, if it came from a file, its draft.
async fn record(tx: &mut store::Tx, site_id: &str, key: &str, body: &str, by: (i64, &str)) -> store::Result<()> {
    let mut conn = tx.conn();
    let is_new = store::work::insert(&mut conn, site_id, key, "live", body, by).await?;
    store::work::set_status(&mut conn, site_id, key, "live").await?;
    if is_new {
        store::work::put_step(&mut conn, site_id, key, 1, body, work::STEPS).await?;
    } else if by.1.is_empty()
        && let Some((_, _, _, step, place, ..)) = store::work::one(&mut conn, site_id, key).await?
    {
        store::work::change(&mut conn, site_id, key, (step, place + 1), body, by).await?;
        store::work::put_step(&mut conn, site_id, key, place + 1, body, work::STEPS).await?;
    }
    let versions = store::work::versions(&mut conn, site_id, key).await?;
    let goal_before = versions.first().and_then(|latest| goal_of(&latest.1));
    if goal_before != goal_of(body) {
        store::results::unsettle_prompt(&mut conn, site_id, key).await?;
    }
    if versions.first().is_none_or(|latest| latest.1 != body) {
        store::work::insert_version(&mut conn, site_id, key, body, by).await?;
    }
    Ok(())
}

/// Reads each file for itself.
fn read<'f>(files: &'f [File], mistakes: &mut Vec<Mistake>) -> Vec<(&'f File, Document)> {
    let mut documents: Vec<(&File, Document)> = Vec::new();
    for file in files {
        let mut report = |problem: Problem| mistakes.push(Mistake { file: file.path.clone(), problem });
        let value: Value = match serde_json::from_str(&file.text) {
            Ok(value) => value,
            Err(error) => {
                let place = format!("line {}, column {}", error.line(), error.column());
                report(Problem::new(
                    place,
                    "not_json",
                    format!("This is not JSON: {}.", error.to_string().split(" at line").next().unwrap_or_default()),
                ));
                continue;
            }
        };
        let has = |field: &str| value.get(field).is_some();
        let document = if has("stages") || has("transitions") {
            typed(value).map(|journey| Document::Journey(Box::new(journey)))
        } else if has("content") || has("placement") {
            typed(value).map(|prompt| Document::Prompt(Box::new(prompt)))
        } else if SETTINGS.iter().any(|field| has(field)) {
            typed(value).map(|settings| Document::Settings(Box::new(settings)))
        } else {
            let message =
                "This is neither a prompt (\"content\"), nor a journey (\"stages\"), nor settings (\"page_groups\").";
            Err(vec![Problem::new("", "unknown_kind", message)])
        };
        match document {
            Ok(document) => {
                match documents.iter().find(|(_, d)| (d.kind(), d.key()) == (document.kind(), document.key())) {
                    Some((other, _)) => {
                        let message = format!("\"{}\" is in {} too.", document.key(), other.path);
                        report(Problem::new("key", "duplicate_key", message));
                    }
                    None => documents.push((file, document)),
                }
            }
            Err(problems) => problems.into_iter().for_each(report),
        }
    }
    documents
}

/// Checks documents against each other and against what the site has beside them.
fn check(documents: &[(&File, Document)], before: &ruleset::Ruleset, mistakes: &mut Vec<Mistake>) {
    let settings = documents.iter().find_map(|(_, document)| match document {
        Document::Settings(settings) => Some(&**settings),
        _ => None,
    });
    let settings = settings.unwrap_or(&before.settings);
    let mut known = Known {
        page_groups: settings.page_groups.0.iter().map(|group| group.key.clone()).collect(),
        segments: settings.segments.iter().map(|segment| (segment.key.clone(), segment.rule.clone())).collect(),
        // What was answered while it was there was answered: rules may ask for prompts that are on no page any more.
        prompts: before.prompts.iter().map(|prompt| &prompt.key).chain(&before.rested).cloned().collect(),
        journeys: before.journeys.iter().map(|(key, definitions)| stages_of(key, definitions.latest())).collect(),
        sources: settings.sources.clone(),
        theme: settings.theme.clone(),
        public_traits: settings.public_traits.clone(),
        milestones: Vec::new(),
        tasks: before.journeys.iter().flat_map(|(_, definitions)| definitions.latest().milestones()).collect(),
    };
    for (_, document) in documents {
        match document {
            Document::Prompt(prompt) => known.prompts.push(prompt.key.clone()),
            Document::Journey(journey) => {
                known.journeys.retain(|(key, _)| *key != journey.key);
                known.journeys.push(stages_of(&journey.key, journey));
                known.tasks.extend(journey.milestones());
            }
            Document::Settings(_) => {}
        }
    }
    for (file, document) in documents {
        let problems = match document {
            Document::Prompt(prompt) => prompt::check(prompt, &known),
            Document::Journey(journey) => journey::check(journey, &known),
            Document::Settings(settings) => check_settings(settings, &known),
        };
        mistakes.extend(problems.into_iter().map(|problem| Mistake { file: file.path.clone(), problem }));
    }
    check_published(documents, before, &known, mistakes);
}

/// What is published already and stays must go on to fit: its segments, page groups and stages may be gone now.
fn check_published(
    documents: &[(&File, Document)],
    before: &ruleset::Ruleset,
    known: &Known,
    mistakes: &mut Vec<Mistake>,
) {
    let stays =
        |prompt: &&Prompt| documents.iter().all(|(_, new)| (new.kind(), new.key()) != ("prompt", prompt.key.as_str()));
    let staying: Vec<&Prompt> = before.prompts.iter().filter(stays).collect();
    let Some((file, _)) = documents.iter().find(|(_, new)| new.kind() != "prompt").or(documents.first()) else {
        return;
    };
    let mut report = |problem: Problem| mistakes.push(Mistake { file: file.path.clone(), problem });
    for prompt in &staying {
        for Problem { at, code, message } in prompt::check(prompt, known) {
            report(Problem::new(
                "",
                code,
                format!("The published prompt \"{}\" would not fit any more, at {at}: {message}", prompt.key),
            ));
        }
    }
    let new = documents.iter().filter_map(|(_, document)| match document {
        Document::Prompt(prompt) => Some(&**prompt),
        _ => None,
    });
    if let Some((one, other)) = engine::facts::mistakable(staying.iter().copied().chain(new).map(|prompt| &prompt.rule))
    {
        let message = format!(
            "By a rare accident pages could not tell these two apart: {}; {}. Write one of them in another order.",
            engine::rule::words(&one),
            engine::rule::words(&other)
        );
        report(Problem::new("rule", "mistakable", message));
    }
}

fn stages_of(key: &Key, journey: &Journey) -> (Key, Vec<Key>) {
    (key.clone(), journey.stages.iter().map(|stage| stage.key.clone()).collect())
}

fn check_settings(settings: &Settings, known: &Known) -> Vec<Problem> {
    let mut problems = settings.sources.check();
    problems.iter_mut().for_each(|problem| problem.at.insert_str(0, "sources."));
    problems.extend(prompt::check_policy(&settings.policy).into_iter().map(|Problem { at, code, message }| {
        // Of the policy as a whole it says nothing more.
        let at = if at == "policy" { at } else { format!("policy.{at}") };
        Problem::new(at, code, message)
    }));
    problems.extend(prompt::check_theme(&settings.theme, "theme"));
    if !prompt::is_language(&settings.language.0) {
        problems.push(Problem::new("language", "language_tag", "A language is written as de, pt-BR or zh-Hant."));
    }
    for (index, name) in settings.public_traits.iter().enumerate() {
        let at = format!("public_traits[{index}]");
        if name.trim().is_empty() {
            problems.push(Problem::new(at, "name_empty", "Say which trait."));
        } else if name.len() > MAX_NAME {
            problems.push(Problem::new(at, "name_too_long", "The name of a trait is at most 128 bytes long."));
        }
    }
    problems.extend(engine::nocode::check(&settings.events));
    for (index, group) in settings.page_groups.0.iter().enumerate() {
        if settings.page_groups.0[..index].iter().any(|other| other.key == group.key) {
            let message = format!("There is a page group \"{}\" already. Choose another name.", group.key);
            problems.push(Problem::new(format!("page_groups[{index}].key"), "named_twice", message));
        }
        if group.paths.is_empty() {
            let message = "Say which pages: paths such as /docs/**.";
            problems.push(Problem::new(format!("page_groups[{index}].paths"), "paths_empty", message));
        }
    }
    if settings.referral.event.trim().is_empty() || settings.referral.event.len() > MAX_NAME {
        problems.push(Problem::new("referral.event", "name_empty", "Say which event, in at most 128 bytes."));
    }
    for (index, segment) in settings.segments.iter().enumerate() {
        if settings.segments[..index].iter().any(|other| other.key == segment.key) {
            let message = format!("There is a segment \"{}\" already. Choose another name.", segment.key);
            problems.push(Problem::new(format!("segments[{index}].key"), "named_twice", message));
        }
        let at = format!("segments[{index}].rule");
        engine::rule::check(&segment.rule, Place::Segment, known, &at, &mut problems);
        let mut is_circle = false;
        known.each_leaf(&segment.rule, &mut |leaf| is_circle |= *leaf == Condition::Segment(segment.key.clone()));
        if is_circle {
            let message = format!("The segment \"{}\" refers to itself, perhaps through others.", segment.key);
            problems.push(Problem::new(at, "circle", message));
        }
    }
    problems
}
