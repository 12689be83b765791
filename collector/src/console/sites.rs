//! Making a site: its name, the addresses of its pages, its clocks and its currency. Whatever can be guessed is, and asked about.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::access::Who;
use super::journey::USUAL_JOURNEY;
use super::layout::card;
use super::prompts::refused;
use super::region::{self, NO_CURRENCY, NO_ZONE, currency_field, zone_field};
use crate::auth::{Member, secret};
use crate::currency;
use crate::error::ApiError;
use crate::origin::{self, OriginPattern};
use crate::prompts::files::File;
use crate::prompts::work::Desk;
use crate::server::Submitted;
use crate::state::App;
use crate::store;

/// Characters of a site's name.
pub const NAME_MAX: usize = 100;

/// What somebody has filled in.
#[derive(Debug, Default)]
struct Wanted {
    name: String,
    /// As it was typed: several, in any way people write them.
    addresses: String,
    timezone: String,
    currency: String,
    /// The origins that were ticked.
    allowed: Vec<String>,
    /// Which button was pressed: empty for that of the first page.
    pressed: String,
}

/// What is wrong with it, each beside its field.
#[derive(Debug, Default)]
struct Wrong {
    name: Option<&'static str>,
    addresses: Option<String>,
    timezone: Option<&'static str>,
    currency: Option<&'static str>,
}

/// What the first page shows while there is no site.
pub fn first_form() -> Markup {
    html! {
        h1 { "Your first site" }
        p { "Four things, and all of them can be changed later." }
        (form(&Wanted::default(), &Wrong::default()))
        h2 { "Or look around first" }
        (super::settings::demo::load_form())
    }
}

/// `GET /sites/new`: for those after the first.
pub async fn form_page() -> Response {
    card("Another site", &page_of(&Wanted::default(), &Wrong::default()))
}

fn page_of(wanted: &Wanted, wrong: &Wrong) -> Markup {
    html! {
        h1 { "A new site" }
        p { "It has its own snippet, keys, prompts and people." }
        (form(wanted, wrong))
        p.more { a href="/" { "Back, without a change" } }
    }
}

fn form(wanted: &Wanted, wrong: &Wrong) -> Markup {
    let zone = if wanted.timezone.is_empty() { "UTC" } else { &wanted.timezone };
    html! {
        form.stack.narrow method="post" action="/sites/new" {
            label for="name" { "Name" }
            input id="name" name="name" type="text" value=(wanted.name) placeholder="Acme" maxlength=(NAME_MAX) required
                aria-invalid=[wrong.name.map(|_| "true")];
            @if let Some(sentence) = wrong.name { p.wrong role="alert" { (sentence) } }
            label for="addresses" { "Address of its pages" }
            input id="addresses" name="addresses" type="text" inputmode="url" autocomplete="url" spellcheck="false" value=(wanted.addresses)
                placeholder="www.example.com" required
                aria-invalid=[wrong.addresses.as_ref().map(|_| "true")] aria-describedby="addresses-hint";
            p.hint #addresses-hint { "Only pages of these addresses may send. Several? Put a space between them." }
            @if let Some(sentence) = &wrong.addresses { p.wrong role="alert" { (sentence) } }
            (zone_field(zone, wanted.timezone.is_empty(), true, wrong.timezone))
            (currency_field(&wanted.currency, true, wrong.currency))
            button type="submit" { "Make the site" }
        }
    }
}

/// Asks which of the addresses that may be meant are theirs.
fn which(wanted: &Wanted, meant: &[OriginPattern], sentence: Option<&str>) -> Markup {
    html! {
        h1 { "Which of these are yours?" }
        p { "Browsers say exactly which one a page is on, so each has to be in the list." }
        form.stack.narrow method="post" action="/sites/new" {
            @for (name, value) in [("name", &wanted.name), ("addresses", &wanted.addresses), ("timezone", &wanted.timezone), ("currency", &wanted.currency)] {
                input type="hidden" name=(name) value=(value);
            }
            fieldset {
                legend.unseen { "Addresses that may send" }
                @for pattern in meant {
                    label.choice { input type="checkbox" name="allow" value=(pattern) checked[sentence.is_none()]; span { code { (pattern) } } }
                }
            }
            @if let Some(sentence) = sentence { p.wrong role="alert" { (sentence) } }
            button type="submit" name="do" value="make" { "Make the site" }
            button.quiet type="submit" name="do" value="back" { "Back" }
        }
    }
}

/// `POST /sites/new`.
pub async fn make(
    State(app): State<App>,
    Who(member): Who,
    Submitted(pairs): Submitted<Vec<(String, String)>>,
) -> Result<Response, ApiError> {
    let mut wanted = read(pairs);
    let (wrong, meant) = check(&mut wanted);
    if let Some(wrong) = wrong {
        let again = card("A new site", &page_of(&wanted, &wrong));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    let origins: Vec<OriginPattern> = match wanted.pressed.as_str() {
        "back" => return Ok(card("A new site", &page_of(&wanted, &Wrong::default()))),
        "make" => meant.iter().filter(|one| wanted.allowed.contains(&one.to_string())).cloned().collect(),
        // Who wrote all of it as browsers do is not asked.
        _ if meant.iter().all(|one| wanted.addresses.split_whitespace().any(|word| word == one.to_string())) => {
            meant.clone()
        }
        _ => return Ok(card("Which of these are yours?", &which(&wanted, &meant, None))),
    };
    if origins.is_empty() {
        let page = card("Which of these are yours?", &which(&wanted, &meant, Some("Choose one of them at least.")));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let id = keep(&app, &member, &wanted, &origins).await?;
    Ok(Redirect::to(&format!("/s/{id}/settings/install")).into_response())
}

fn read(pairs: Vec<(String, String)>) -> Wanted {
    let mut wanted = Wanted::default();
    for (name, value) in pairs {
        match name.as_str() {
            "name" => wanted.name = value.trim().to_owned(),
            "addresses" => wanted.addresses = value.trim().to_owned(),
            "timezone" => wanted.timezone = value,
            "currency" => wanted.currency = value,
            "allow" => wanted.allowed.push(value),
            "do" => wanted.pressed = value,
            _ => {}
        }
    }
    wanted
}

/// What is wrong, if anything is, and which origins may be meant.
fn check(wanted: &mut Wanted) -> (Option<Wrong>, Vec<OriginPattern>) {
    let mut wrong = Wrong::default();
    if wanted.name.is_empty() || wanted.name.chars().count() > NAME_MAX {
        wrong.name = Some("A site needs a name of at most 100 characters.");
    }
    let meant = match origin::meant(&wanted.addresses) {
        Ok(meant) if meant.is_empty() => {
            wrong.addresses = Some("Write the address of a page, such as www.example.com.".to_owned());
            meant
        }
        Ok(meant) => meant,
        Err(sentence) => {
            wrong.addresses = Some(sentence);
            Vec::new()
        }
    };
    match region::zone(&wanted.timezone) {
        Some(zone) => wanted.timezone = zone,
        None => wrong.timezone = Some(NO_ZONE),
    }
    match currency::parse(&wanted.currency) {
        Some(currency) => wanted.currency = currency.code().to_owned(),
        None => wrong.currency = Some(NO_CURRENCY),
    }
    let is_wrong =
        wrong.name.is_some() || wrong.addresses.is_some() || wrong.timezone.is_some() || wrong.currency.is_some();
    (is_wrong.then_some(wrong), meant)
}

/// Stores the site with what it begins with; answers its id.
async fn keep(app: &App, member: &Member, wanted: &Wanted, origins: &[OriginPattern]) -> Result<String, ApiError> {
    let (id, key) = (random(20)?, format!("wk_{}", random(20)?));
    let mut tx = app.db.begin().await?;
    store::sites::insert(&mut tx.conn(), &id, &key, &wanted.name, &wanted.timezone, app.clock.now().0).await?;
    store::sites::describe(&mut tx.conn(), &id, &wanted.name, &wanted.timezone, &wanted.currency).await?;
    for origin in origins {
        store::sites::insert_origin(&mut tx.conn(), &id, &origin.to_string()).await?;
    }
    tx.commit().await?;
    app.sites.refresh(&app.db).await?;
    begin(app, &id, member, &wanted.name).await?;
    Ok(id)
}

/// Gives a new site the usual journey, which templates go by, and the page group that it asks for.
async fn begin(app: &App, site_id: &str, member: &Member, name: &str) -> Result<(), ApiError> {
    const GROUPS: &str = r#"{"page_groups": [{"key": "pricing", "paths": ["**/pricing*", "**/plan*"]}]}"#;
    let site = app.sites.by_id(site_id).ok_or(ApiError::NotFound("site"))?;
    let file = |text: &str| File { path: String::new(), text: text.to_owned() };
    let desk = Desk { app, site: &site, member };
    desk.load(&[file(GROUPS), file(USUAL_JOURNEY)], ("site.made", name)).await.map_err(refused)
}

/// Random letters and digits, such as keys are made of.
pub fn random(characters: usize) -> Result<String, ApiError> {
    secret::random(characters).map_err(|e| ApiError::Internal(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let said = |name: &str, addresses: &str, timezone: &str, currency: &str| {
            let pairs = [("name", name), ("addresses", addresses), ("timezone", timezone), ("currency", currency)];
            let mut wanted = read(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
            let (wrong, meant) = check(&mut wanted);
            let wrong = wrong
                .map(|it| [it.name.is_some(), it.addresses.is_some(), it.timezone.is_some(), it.currency.is_some()]);
            (wrong, meant.len())
        };
        assert_eq!(said("Acme", "www.acme.test", "europe/berlin", "eur"), (None, 2));
        assert_eq!(said(" ", "", "Berlin", "money"), (Some([true; 4]), 0));
        assert_eq!(said("Acme", "ftp://acme.test", "UTC", "USD"), (Some([false, true, false, false]), 0));
    }
}
