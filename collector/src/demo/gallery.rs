//! The gallery: each content in each placement, as one site of its own, so that the demo shop stays a shop.
//!
//! A file in `examples/gallery/prompts` is one prompt in the place that suits it; here it is published once more for each other place,
//! under its key and the place's name.

use serde_json::{Value, json};

use super::setup;
use crate::clock::Clock;
use crate::config::Config;
use crate::ops;
use crate::prompts::files::File;
use crate::store::Db;

/// The gallery's public key, which its page names.
const KEY: &str = "wk_gallery";
/// Its id.
pub const SITE: &str = "gallery";

/// Makes the gallery's site where it is missing and publishes its prompts. Does nothing where its files are not.
pub async fn prepare(db: &Db, config: &Config, public_url: &str, clock: &Clock) -> Result<(), String> {
    let mut all = setup::documents(&config.demo, &["gallery/journey.json", "gallery/site.json"])?;
    if all.is_empty() {
        return Ok(());
    }
    let site = setup::site(db, SITE, KEY, "Gallery", public_url, clock).await?.0;
    all.extend(setup::documents(&config.demo, &["gallery/prompts"])?.into_iter().flat_map(everywhere));
    let said = ops::publish_files(db, clock, &site, &all).await?;
    tracing::info!("{said}");
    Ok(())
}

/// The prompt of a file where it stands and in each placement, as often as somebody wants to see it. What cannot be read stays as it
/// is, for the import to say what is wrong with it.
fn everywhere(file: File) -> Vec<File> {
    let Some(mut prompt) = serde_json::from_str::<Value>(&file.text).ok().filter(Value::is_object) else {
        return vec![file];
    };
    prompt["frequency"] = json!({
        "per_session": 10_000, "at_most": 10_000, "gap": "0s", "after_dismissal": "0s", "snooze": "0s", "stop_on": []
    });
    let at = |(name, placement): (&str, Value)| {
        let mut prompt = prompt.clone();
        let key = prompt["key"].as_str().unwrap_or_default();
        prompt["key"] = json!(format!("{key}_{name}"));
        prompt["placement"] = placement;
        File { path: format!("{} ({name})", file.path), text: prompt.to_string() }
    };
    let corners = ["bottom_end", "bottom_start", "top_end", "top_start"];
    let corners = corners.map(|corner| (corner, json!({ "corner": corner })));
    let bars = [("bar_top", json!({ "bar": "top" })), ("bar_bottom", json!({ "bar": "bottom" }))];
    let others = [("modal", json!("modal")), ("inline", json!({ "inline": "#slot" }))];
    let mut all: Vec<File> = corners.into_iter().chain(bars).chain(others).map(at).collect();
    all.push(File { text: prompt.to_string(), path: file.path });
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_is_published_once_for_each_place() {
        let file =
            File { path: "tip.json".to_owned(), text: json!({ "key": "tip", "placement": "modal" }).to_string() };
        let all = everywhere(file);
        assert_eq!(all.len(), 9);
        assert!(
            all.iter().any(|file| file.text.contains("\"tip_bar_top\"") && file.text.contains("{\"bar\":\"top\"}"))
        );
        let torn = everywhere(File { path: "torn.json".to_owned(), text: "no".to_owned() });
        assert_eq!(torn.iter().map(|file| file.text.as_str()).collect::<Vec<_>>(), ["no"]);
    }
}
