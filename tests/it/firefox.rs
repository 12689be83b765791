//! The main stories in a real Firefox: each is one of those told in Chromium, told again there.
//!
//! Not every test: what is drawn and what the engine means is the same code, so here stands what browsers have of their own: closed
//! roots and their focus, policies, modules, storage, locks among tabs, requests of a page that goes, pages that come back.
//!
//! The one thing to know: where Firefox or geckodriver is missing these pass, and say so on standard error; with
//! `WAYMARK_TEST_FIREFOX=required` they fail. Any other test can be looked at in Firefox by `WAYMARK_TEST_BROWSER=firefox`.

use harness::BrowserOptions;

use crate::page::SHOWN;
use crate::story::{Scene, Words, tell};
use crate::ways::Delivery;
use crate::{delivery, session, strict, surveys};

/// Each line is a test: its name, the options of a Firefox, and what is told there.
macro_rules! in_firefox {
    ($($name:ident: |$firefox:ident| $told:expr;)*) => {
        $(#[tokio::test]
        async fn $name() {
            let Some($firefox) = BrowserOptions::firefox() else { return };
            $told.await;
        })*
    };
}

in_firefox! {
    the_story: |firefox| tell(&Scene::demo().await, "firefox", firefox);
    the_story_under_a_strict_policy: |firefox| elsewhere(Delivery::Strict, firefox);
    the_story_where_no_webassembly_runs: |firefox| elsewhere(Delivery::JavaScript, firefox);
    prompts_work_and_look_the_same_under_each_policy: |firefox| strict::under_each_policy(firefox, &SHOWN[..1]);
    prompts_show_without_webassembly: |firefox| strict::without_webassembly(firefox);
    two_tabs_at_once_show_one_prompt_and_lose_no_visit: |firefox| delivery::two_tabs_at_once(firefox);
    without_storage_it_goes_on_from_memory: |firefox| session::without_storage(firefox);
    each_kind_is_answered_by_the_keyboard_alone: |firefox| surveys::answered_by("keyboard", firefox);
    what_waits_is_sent_when_the_page_is_left: |firefox| session::left(firefox);
    what_happens_last_on_a_page_is_sent: |firefox| session::last_words(firefox);
    a_page_that_comes_back_is_a_page_view: |firefox| delivery::back_and_forward(firefox);
}

async fn elsewhere(way: Delivery, firefox: BrowserOptions) {
    let name = format!("firefox-{way:?}").to_lowercase();
    tell(&Scene::elsewhere(Words::default(), way, "").await, &name, firefox).await;
}
