//! The only place that reads the time and waits. Time is the site's: the browser's clock, corrected by what the collector
//! said last.

use crate::host;
use engine::{Span, Timestamp};
use gloo_timers::callback::Timeout;
use js_sys::Function;
use wasm_bindgen::JsValue;

/// How far the browser's clock is from the site's.
#[derive(Clone, Copy, Default)]
pub struct Clock {
    ahead: Span,
}

impl Clock {
    /// A clock that shows `site` at this moment.
    pub fn set(site: Timestamp) -> Clock {
        Clock { ahead: site.since(browser()) }
    }

    /// The site's time.
    pub fn now(self) -> Timestamp {
        self.site(browser())
    }

    /// The site's time at an instant of the browser's clock.
    pub fn site(self, local: Timestamp) -> Timestamp {
        local.after(self.ahead)
    }
}

fn browser() -> Timestamp {
    Timestamp(js_sys::Date::now() as i64)
}

/// Does something after so long, at most an hour, unless the result is dropped before.
pub fn after(span: Span, run: impl Fn() + 'static) -> Timeout {
    wait(span, host::guarded(move |_| run()))
}

fn wait(span: Span, run: Function) -> Timeout {
    let ms = span.clamp(Span(0), Span::hours(1)).0 as u32;
    Timeout::new(ms, move || {
        let _ = run.call0(&JsValue::NULL);
    })
}
