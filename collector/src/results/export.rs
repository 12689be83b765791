//! Responses as files: all that a filter finds, a slice at a time, so that nothing is kept in memory.

use axum::body::{Body, Bytes};
use http_body_util::channel::{Channel, Sender};
use serde_json::json;

use super::responses::{Dictionary, Query, Response, cursor_of, page};
use crate::console::words::Calendar;
use crate::error::ApiError;
use crate::sites::Site;
use crate::state::App;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For spreadsheets.
    Csv,
    /// One JSON object a line.
    Ndjson,
}

/// Responses read at once.
const SLICE: usize = 500;

impl Format {
    /// The ending of the file, and its type.
    pub fn file(self) -> (&'static str, &'static str) {
        match self {
            Format::Csv => ("csv", "text/csv; charset=utf-8"),
            Format::Ndjson => ("ndjson", "application/x-ndjson"),
        }
    }
}

/// The file. It is read from the database as fast as it is taken; if that fails half way, the connection breaks, so that nobody takes a
/// part for the whole.
pub fn export(app: App, site: std::sync::Arc<Site>, query: Query, format: Format) -> Body {
    let (mut sender, body) = Channel::<Bytes, ApiError>::new(2);
    tokio::spawn(async move {
        if let Err(error) = write(&app, &site, &query, format, &mut sender).await {
            tracing::warn!(?error, "an export broke off");
            sender.abort(error);
        }
    });
    Body::new(http_body_util::BodyExt::map_err(body, |error| std::io::Error::other(format!("{error:?}"))))
}

async fn write(
    app: &App,
    site: &Site,
    query: &Query,
    format: Format,
    sender: &mut Sender<Bytes, ApiError>,
) -> Result<(), ApiError> {
    let calendar = Calendar::of("UTC");
    let mut dictionary = Dictionary::default();
    let mut after = query.after.clone();
    let mut text = if format == Format::Csv { csv_line(&HEAD.map(str::to_owned)) } else { String::new() };
    loop {
        // A connection for a slice, not for all of it: whoever takes the file may be slow.
        let mut reader = app.db.read().await?;
        let rows = page(&mut reader.conn(), site, query, &after, SLICE).await?;
        let last = rows.last().filter(|_| rows.len() == SLICE).map(cursor_of);
        let found = dictionary.in_words(&mut reader.conn(), &site.id, rows).await?;
        drop(reader);
        for response in &found {
            match format {
                Format::Csv => text.push_str(&csv_line(&cells(response, &calendar))),
                Format::Ndjson => text.push_str(&json_line(response, &calendar)),
            }
        }
        // Whoever is gone needs no more.
        if sender.send_data(Bytes::from(std::mem::take(&mut text))).await.is_err() {
            return Ok(());
        }
        let Some(last) = last else { return Ok(()) };
        after = last;
    }
}

const HEAD: [&str; 9] = ["at", "prompt", "kind", "id", "score", "band", "finished", "answers", "tags"];

fn cells(response: &Response, calendar: &Calendar) -> [String; 9] {
    let said: Vec<String> = response.said.iter().map(|said| format!("{}: {}", said.question, said.answer)).collect();
    [
        calendar.machine(response.at),
        response.prompt.clone(),
        response.who.kind.clone(),
        response.who.id.clone(),
        response.score.map(|score| score.to_string()).unwrap_or_default(),
        response.band.clone(),
        if response.finished { "yes" } else { "no" }.to_owned(),
        said.join("\n"),
        response.tags.join(", "),
    ]
}

/// A line as RFC 4180 wants it.
fn csv_line(cells: &[String; 9]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", harmless(cell).replace('"', "\"\""))).collect();
    cells.join(",") + "\r\n"
}

/// A spreadsheet calculates what begins with one of these; an apostrophe before it makes it text. OWASP, "CSV Injection".
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

fn json_line(response: &Response, calendar: &Calendar) -> String {
    let said = response.said.iter().map(|said| json!({ "question": said.question, "answer": said.answer }));
    let line = json!({
        "id": response.id, "at": calendar.machine(response.at), "prompt": response.prompt,
        "who": { "kind": response.who.kind, "id": response.who.id },
        "score": response.score, "band": Some(&response.band).filter(|band| !band.is_empty()),
        "finished": response.finished, "answers": said.collect::<Vec<_>>(), "tags": response.tags,
    });
    line.to_string() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_none_ends_early() {
        for (cell, written) in
            [("=1+1", "'=1+1"), ("+49", "'+49"), ("-1", "'-1"), ("@sum", "'@sum"), ("a=b", "a=b"), ("", "")]
        {
            assert_eq!(harmless(cell), written);
        }
        let line = csv_line(&["=\"x\"", "a,b", "c\nd", "", "", "", "", "", ""].map(str::to_owned));
        assert_eq!(line, "\"'=\"\"x\"\"\",\"a,b\",\"c\nd\",\"\",\"\",\"\",\"\",\"\",\"\"\r\n");
    }
}
