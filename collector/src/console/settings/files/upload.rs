//! An upload: what it would change, and publishing it.
//!
//! Nothing is kept between the two: the page that shows the plan carries the files. It carries too what it was made from, and where that
//! is another by then, the plan is made anew instead of carried out.

use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use engine::Problem;
use maud::{Markup, html};

use super::document::{Fate, Kind, Planned, Stored, plan as planned};
use super::{PAGE, archive, content, stored};
use crate::auth::secret;
use crate::console::access::Here;
use crate::console::layout::{Room, page};
use crate::error::ApiError;
use crate::prompts::difference::Change;
use crate::prompts::files::File;
use crate::prompts::import::{self, ImportError, Mistake};
use crate::prompts::work::{Desk, Status, Work};
use crate::server::Submitted;
use crate::state::App;
use crate::store;

/// `POST /s/{site}/settings/files`.
pub async fn plan(State(app): State<App>, here: Here, request: Request) -> Result<Response, ApiError> {
    let files = match uploaded(request).await {
        Ok(files) if files.is_empty() => Err("There is no .json file in it.".to_owned()),
        read => read,
    };
    match files {
        Ok(files) => shown(&app, &here, &files, "").await,
        Err(sentence) => {
            let again = content(&here, &stored(&mut app.db.read().await?.conn(), &here).await?, Some(&sentence));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&here, Room::Settings, "Files", &again)).into_response())
        }
    }
}

/// The files of a form. The sentence in `Err` says what is wrong with them.
async fn uploaded(request: Request) -> Result<Vec<File>, String> {
    let broken =
        |error: axum::extract::multipart::MultipartError| format!("The upload broke off: {}.", error.body_text());
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| "Choose the files first.".to_owned())?;
    let mut files = Vec::new();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let path = field.file_name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(broken)?;
        if path.is_empty() {
            continue;
        }
        if archive::is_archive(&bytes) {
            files.extend(archive::unpack(&bytes)?);
        } else if bytes.len() > archive::FILE_BYTES_MAX {
            return Err(format!("{path} is larger than 1 MB, so it is no document."));
        } else {
            files.push(archive::file(path, bytes.into())?);
        }
    }
    Ok(files)
}

/// The page that says what files would change. `news` stands above it.
async fn shown(app: &App, here: &Here, files: &[File], news: &str) -> Result<Response, ApiError> {
    let stored = stored(&mut app.db.read().await?.conn(), here).await?;
    let mistakes = import::all_mistakes(&app.db, &here.site, files).await?;
    let plan = planned(files, &stored);
    let works = Desk { app, site: &here.site, member: &here.member }.all().await?;
    let count = plan.iter().filter(|one| one.fate != Fate::Same || wakes(one, &works)).count();
    let content = html! {
        (super::tabs(here, PAGE))
        @if !news.is_empty() { p.clash role="alert" { (news) } }
        @if !mistakes.is_empty() {
            h2 { "Nothing can be published from these files" }
            ul.problems { @for Mistake { file, problem } in &mistakes { li { code { (file) } " " (said(problem)) } } }
            p.more { a.button href=(here.to(PAGE)) { "Choose files again" } }
        } @else {
            h2 { @match count {
                0 => "Nothing would change",
                1 => "One document would change",
                _ => { (count) " documents would change" },
            } }
            ol.plan { @for one in &plan { (line(one, &works, &stored)) } }
            @if count > 0 {
                form.more method="post" action=(here.to("/settings/files/publish")) {
                    input type="hidden" name="seen" value=(seen(&stored));
                    @for File { path, text } in files {
                        input type="hidden" name="path" value=(path);
                        textarea.away name="text" hidden { "\n" (text) }
                    }
                    button type="submit" { "Publish" }
                    " " a href=(here.to(PAGE)) { "Not now" }
                }
            } @else {
                p.more { a.button href=(here.to(PAGE)) { "Back to the files" } }
            }
        }
    };
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, page(here, Room::Settings, "What would change", &content)).into_response())
}

fn line(one: &Planned, works: &[Work], stored: &[Stored]) -> Markup {
    html! {
        li {
            p { strong { (one.kind.word()) " " code { (one.key) } } ": "
                @match &one.fate {
                    Fate::New => "new",
                    Fate::Same => "no difference",
                    Fate::Changed(changes) if changes.len() == 1 => "one difference",
                    Fate::Changed(changes) => { (changes.len()) " differences" },
                }
                " " span.hint { "from " (one.path) } }
            @if wakes(one, works) { p.hint { "It is not on the site now, and goes live." } }
            @if has_draft(one, works, stored) { p.hint { "Its draft has changes that nobody has published. They give way; undo in the editor brings them back." } }
            @if let Fate::Changed(changes) = &one.fate { (changed(changes)) }
        }
    }
}

fn changed(changes: &[Change]) -> Markup {
    html! {
        table.list.changes {
            thead { tr { th { "Where" } th { "Now" } th { "Then" } } }
            tbody { @for (place, now, then) in changes {
                tr {
                    td { code { (place) } }
                    td { @if !now.is_empty() { del { (now) } } }
                    td { @if !then.is_empty() { ins { (then) } } }
                }
            } }
        }
    }
}

fn said(problem: &Problem) -> Markup {
    html! { (problem.message) @if !problem.at.is_empty() { " " code { (problem.at) } } }
}

fn work<'w>(one: &Planned, works: &'w [Work]) -> Option<&'w Work> {
    works.iter().find(|work| one.kind == Kind::Prompt && work.key == one.key)
}

/// Whether it is a prompt that visitors do not see now.
fn wakes(one: &Planned, works: &[Work]) -> bool {
    work(one, works).is_some_and(|work| work.status != Status::Live)
}

/// Whether it is a live prompt that somebody has begun to change.
fn has_draft(one: &Planned, works: &[Work], stored: &[Stored]) -> bool {
    let live = stored.iter().find(|stored| stored.kind == one.kind && stored.key == one.key);
    let draft = work(one, works).filter(|work| work.status == Status::Live);
    live.zip(draft).is_some_and(|(live, draft)| live.differs(&draft.body.to_string()))
}

/// What a plan was made from.
fn seen(stored: &[Stored]) -> String {
    let all: Vec<String> =
        stored.iter().map(|one| format!("{}/{}/{}", one.kind.name(), one.key, one.version)).collect();
    secret::hash(&all.join("\n"))
}

/// `POST /s/{site}/settings/files/publish`.
pub async fn apply(
    State(app): State<App>,
    here: Here,
    Submitted(pairs): Submitted<Vec<(String, String)>>,
) -> Result<Response, ApiError> {
    let all =
        |wanted: &'static str| pairs.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value.clone());
    let files: Vec<File> = all("path").zip(all("text")).map(|(path, text)| File { path, text }).collect();
    let mut tx = app.db.begin().await?;
    store::sites::hold(&mut tx.conn(), &here.site.id).await?;
    if all("seen").next() != Some(seen(&stored(&mut tx.conn(), &here).await?)) {
        drop(tx);
        let news = "Somebody has published something meanwhile. This is what your files would change now.";
        return shown(&app, &here, &files, news).await;
    }
    // As files: drafts give way, so that what people edit next is what is live.
    let done = match import::import_within(&mut tx, &here.site, (here.site.now(&app.clock).0, ""), &files).await {
        Ok(done) => done,
        Err(ImportError::Mistakes(_)) => {
            drop(tx);
            return shown(&app, &here, &files, "").await;
        }
        Err(ImportError::Store(error)) => return Err(error.into()),
    };
    if !done.changed.is_empty() {
        let desk = Desk { app: &app, site: &here.site, member: &here.member };
        desk.note(&mut tx, "files.published", &done.changed.join(", "), "").await?;
    }
    tx.commit().await?;
    app.sites.refresh(&app.db).await?;
    Ok(Redirect::to(&here.to(PAGE)).into_response())
}
