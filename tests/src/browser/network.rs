//! What crossed the wire, as the browser itself counted it.
//!
//! Read from Chromium's network events (the driver's performance log), or from those of WebDriver BiDi in Firefox, so lazy parts,
//! retries and preflights are in it, whoever asked for them.

use std::collections::HashMap;

use serde_json::Value;

/// One request and what came back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exchange {
    /// The address, without fragment.
    pub url: String,
    /// `GET`, `POST`, …
    pub method: String,
    /// What was sent, where the browser kept it (short text bodies; none in Firefox).
    pub sent: Option<String>,
    /// The status, 0 as long as there was none.
    pub status: u16,
    /// All bytes received: head and body as they were on the wire, so after compression.
    pub bytes: u64,
    /// The bytes of the body alone, as they were on the wire.
    pub body_bytes: u64,
    /// Answered from a cache: no byte crossed the wire.
    pub cached: bool,
    /// How it ended.
    pub end: End,
}

/// How an [`Exchange`] ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum End {
    /// Still under way.
    #[default]
    Open,
    /// The last byte is here.
    Finished,
    /// Broken off, with the browser's word for it, in Chromium e.g. `net::ERR_CONNECTION_REFUSED`.
    Failed(String),
}

/// Folds network events into exchanges, in the order in which they began.
#[derive(Debug, Default)]
pub(super) struct NetworkLog {
    exchanges: Vec<Exchange>,
    /// The page that each of them belongs to, by its document's request.
    pages: Vec<String>,
    /// The page that was asked for last.
    page: String,
    index: HashMap<String, usize>,
}

impl NetworkLog {
    pub(super) fn exchanges(&self) -> &[Exchange] {
        &self.exchanges
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Takes one entry of the performance log: JSON text with `message.method` and `message.params`.
    pub(super) fn take(&mut self, entry: &str) {
        let Ok(entry) = serde_json::from_str::<Value>(entry) else {
            return;
        };
        let message = &entry["message"];
        let params = &message["params"];
        let Some(id) = params["requestId"].as_str() else {
            return;
        };
        let bytes = || params["encodedDataLength"].as_u64().unwrap_or_default();
        match message["method"].as_str().unwrap_or_default() {
            "Network.requestWillBeSent" => self.begin(id, params),
            "Network.responseReceived" => self.change(id, |exchange| {
                let response = &params["response"];
                exchange.status =
                    response["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or_default();
                exchange.cached |= response["fromDiskCache"] == true || response["fromPrefetchCache"] == true;
            }),
            "Network.requestServedFromCache" => self.change(id, |exchange| exchange.cached = true),
            "Network.dataReceived" => self.change(id, |exchange| exchange.body_bytes += bytes()),
            "Network.loadingFinished" => self.change(id, |exchange| {
                exchange.bytes = if exchange.cached { 0 } else { bytes() };
                exchange.end = End::Finished;
            }),
            "Network.loadingFailed" => self.change(id, |exchange| {
                exchange.end = End::Failed(params["errorText"].as_str().unwrap_or("unknown").to_owned());
            }),
            _ => {}
        }
    }

    /// Takes an event of Firefox, by WebDriver BiDi's name for it.
    pub(super) fn take_bidi(&mut self, method: &str, params: &Value) {
        let request = &params["request"];
        // A redirect keeps the id.
        let id = format!("{} {}", request["request"], params["redirectCount"]);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match method {
            "network.beforeRequestSent" => {
                // What stays open to be told of news has no end to wait for.
                let headers = request["headers"].as_array().map(Vec::as_slice).unwrap_or_default();
                if headers.iter().any(|header| header["value"]["value"] == "text/event-stream") {
                    return;
                }
                let url = text(&request["url"]);
                let url = url.split('#').next().unwrap_or_default().to_owned();
                self.pages.push(text(&params["context"]));
                self.index.insert(id, self.exchanges.len());
                let sent = params["sent"].as_str().map(str::to_owned);
                self.exchanges.push(Exchange { url, method: text(&request["method"]), sent, ..Exchange::default() });
            }
            "network.responseCompleted" => self.change(&id, |exchange| {
                let response = &params["response"];
                let number = |name: &str| response[name].as_u64().unwrap_or_default();
                exchange.status = u16::try_from(number("status")).unwrap_or_default();
                exchange.cached = response["fromCache"] == true;
                if !exchange.cached {
                    (exchange.bytes, exchange.body_bytes) = (number("bytesReceived"), number("bodySize"));
                }
                exchange.end = End::Finished;
            }),
            "network.fetchError" => self.change(&id, |exchange| {
                exchange.end = End::Failed(text(&params["errorText"]));
            }),
            _ => {}
        }
    }

    fn begin(&mut self, id: &str, params: &Value) {
        // What stays open to be told of news has no end to wait for.
        if params["type"] == "EventSource" {
            return;
        }
        let request = &params["request"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        // A redirect keeps the id and begins again: what went before was its own exchange.
        if let Some(status) = params["redirectResponse"]["status"].as_u64() {
            self.change(id, |exchange| {
                exchange.status = u16::try_from(status).unwrap_or_default();
                exchange.bytes = params["redirectResponse"]["encodedDataLength"].as_u64().unwrap_or_default();
                exchange.end = End::Finished;
            });
        }
        // What a page left under way goes on without it (keepalive), and the browser tells no more about it.
        // It may have begun after the next page was asked for: then the next page's own first request says that it is gone.
        let page = text(&params["loaderId"]);
        if params["type"] == "Document" && page == id {
            self.page.clone_from(&page);
        }
        if page == self.page {
            let begun = self.exchanges.iter_mut().zip(&self.pages);
            for (exchange, _) in begun.filter(|(exchange, its)| exchange.end == End::Open && **its != page) {
                exchange.end = End::Failed("left under way by its page".to_owned());
            }
        }
        self.pages.push(page);
        self.index.insert(id.to_owned(), self.exchanges.len());
        self.exchanges.push(Exchange {
            url: text(&request["url"]),
            method: text(&request["method"]),
            sent: request["postData"].as_str().map(str::to_owned),
            ..Exchange::default()
        });
    }

    fn change(&mut self, id: &str, change: impl FnOnce(&mut Exchange)) {
        if let Some(exchange) = self.index.get(id).and_then(|&at| self.exchanges.get_mut(at)) {
            change(exchange);
        }
    }
}
