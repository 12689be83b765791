//! Reading what people have written as what it should be, with a place and a sentence for each mistake.

use engine::Problem;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads a value as what it should be. All unknown names are found; of values that do not fit, the first.
pub fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut track = serde_path_to_error::Track::new();
    let mut unknown = |path: serde_ignored::Path<'_>| {
        let message = "There is no such field here. Is it misspelt?";
        problems.push(Problem::new(written(&path), "unknown_field", message));
    };
    let json = serde_path_to_error::Deserializer::new(&value, &mut track);
    let read = T::deserialize(serde_ignored::Deserializer::new(json, &mut unknown));
    match read {
        Ok(read) if problems.is_empty() => Ok(read),
        Ok(_) => Err(problems),
        Err(error) => {
            let path = track.path();
            let message = match at(&value, &path).and_then(Value::as_str) {
                Some("") => "This is empty: choose or type what is meant.".to_owned(),
                _ => in_words(&error.to_string()),
            };
            problems.push(Problem::new(path.to_string(), "wrong_value", message));
            Err(problems)
        }
    }
}

/// What stands at a place.
fn at<'v>(value: &'v Value, path: &serde_path_to_error::Path) -> Option<&'v Value> {
    use serde_path_to_error::Segment;
    path.iter().try_fold(value, |value, segment| match segment {
        Segment::Seq { index } => value.get(index),
        Segment::Map { key: name } | Segment::Enum { variant: name } => value.get(name),
        Segment::Unknown => None,
    })
}

/// A place as everything else names it: `history[0].did`.
fn written(path: &serde_ignored::Path<'_>) -> String {
    use serde_ignored::Path;
    match path {
        Path::Root => String::new(),
        Path::Seq { parent, index } => format!("{}[{index}]", written(parent)),
        Path::Map { parent, key } => match written(parent) {
            before if before.is_empty() => key.clone(),
            before => format!("{before}.{key}"),
        },
        Path::Some { parent } | Path::NewtypeStruct { parent } | Path::NewtypeVariant { parent } => written(parent),
    }
}

/// What the parser says, for those who have never written one.
fn in_words(error: &str) -> String {
    match error {
        "invalid type: unit variant, expected newtype variant" => {
            "This word needs a value: write {\"word\": value}.".to_owned()
        }
        "invalid type: map, expected unit variant" | "invalid type: newtype variant, expected unit variant" => {
            "This word stands alone, without a value.".to_owned()
        }
        other => format!("This cannot be read: {other}."),
    }
}
