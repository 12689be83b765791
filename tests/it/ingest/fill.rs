//! What a case cannot know before it runs: keys, ids, the time; and what would be too long to write down.

use std::collections::HashMap;
use std::sync::Mutex;

use base64::prelude::{BASE64_STANDARD, Engine};
use engine::Timestamp;
use harness::{Site, Visitor, event_id};
use serde_json::{Value, json};
use uuid::Uuid;

/// The values of one case.
pub(super) struct Fill {
    site: Site,
    visitor: Visitor,
    now: Timestamp,
    ids: Mutex<HashMap<String, Uuid>>,
}

impl Fill {
    pub(super) fn new(site: Site, now: Timestamp) -> Self {
        Self { site, visitor: Visitor::random(), now, ids: Mutex::default() }
    }

    /// A text with its `{placeholders}` replaced. What is not one of ours stays.
    pub(super) fn text(&self, text: &str) -> String {
        let Some((front, rest)) = text.split_once('{') else {
            return text.to_owned();
        };
        match rest.split_once('}').and_then(|(name, rest)| Some((self.value_of(name)?, rest))) {
            Some((Value::String(value), rest)) => format!("{front}{value}{}", self.text(rest)),
            Some((value, rest)) => format!("{front}{value}{}", self.text(rest)),
            None => format!("{front}{{{}", self.text(rest)),
        }
    }

    /// A value with all texts in it filled. A text that is one placeholder becomes its value, so `"{now}"` a number.
    pub(super) fn value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => {
                let whole = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
                whole.and_then(|name| self.value_of(name)).unwrap_or_else(|| json!(self.text(text)))
            }
            Value::Array(values) => values.iter().map(|value| self.value(value)).collect(),
            Value::Object(fields) => {
                if let (Some(Value::String(part)), Some(times)) =
                    (fields.get("$repeat"), fields.get("times").and_then(Value::as_u64))
                {
                    return json!(part.repeat(usize::try_from(times).unwrap()));
                }
                if let (Some(copies), Some(of)) = (fields.get("$copies").and_then(Value::as_u64), fields.get("of")) {
                    return (0..copies).map(|_| self.value(of)).collect();
                }
                fields.iter().map(|(name, value)| (name.clone(), self.value(value))).collect()
            }
            other => other.clone(),
        }
    }

    fn value_of(&self, name: &str) -> Option<Value> {
        Some(match name {
            "key" => json!(self.site.key),
            "secret" => json!(self.site.secret),
            "secret_basic" => json!(BASE64_STANDARD.encode(format!("{}:", self.site.secret))),
            "origin" => json!(self.site.origin),
            "visitor" => json!(self.visitor.visitor),
            "device" => json!(self.visitor.device),
            "session" => json!(self.visitor.session),
            "id" => json!(event_id()),
            "now" => json!(self.now.0),
            _ => {
                if let Some(letter) = name.strip_prefix("id:") {
                    let mut ids = self.ids.lock().unwrap();
                    return Some(json!(ids.entry(letter.to_owned()).or_insert_with(event_id)));
                }
                json!(self.now.0 + name.strip_prefix("now")?.parse::<i64>().ok()?)
            }
        })
    }
}
