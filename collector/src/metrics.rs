//! Numbers for operators, in Prometheus' text form at `/metrics`.
//!
//! The recorder belongs to the process, not to one collector: tests that run several at once see their sums.

use std::sync::OnceLock;

use metrics::{Counter, Gauge, Histogram, Unit, counter, gauge, histogram};
use metrics::{describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// What `/metrics` is rendered from, and the numbers that every request changes.
#[derive(Clone, Debug)]
pub struct Metrics {
    handle: Option<PrometheusHandle>,
    /// Of the way in.
    pub ingest: Ingest,
}

/// The numbers of the way in, looked up by their names once and not for each request.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the descriptions below say it")]
pub struct Ingest {
    pub accepted: Counter,
    pub duplicate: Counter,
    pub body_bytes: Histogram,
    pub clock_skew_seconds: Histogram,
    pub batch_events: Histogram,
    pub group_events: Histogram,
    pub commit_seconds: Histogram,
    pub queue_events: Gauge,
}

static INSTALLED: OnceLock<Metrics> = OnceLock::new();

impl Metrics {
    /// Installs the recorder, once in a process.
    pub fn install() -> Self {
        INSTALLED.get_or_init(|| Self { handle: build(), ingest: Ingest::look_up() }).clone()
    }

    /// The text that Prometheus reads.
    pub fn render(&self) -> String {
        self.handle.as_ref().map(PrometheusHandle::render).unwrap_or_default()
    }

    /// Folds recorded values together. To be called now and then, or histograms grow until somebody reads them.
    pub fn tidy(&self) {
        if let Some(handle) = &self.handle {
            handle.run_upkeep();
        }
    }
}

impl Ingest {
    fn look_up() -> Self {
        Self {
            accepted: counter!("waymark_events_total", "result" => "accepted"),
            duplicate: counter!("waymark_events_total", "result" => "duplicate"),
            body_bytes: histogram!("waymark_body_bytes"),
            clock_skew_seconds: histogram!("waymark_clock_skew_seconds"),
            batch_events: histogram!("waymark_batch_events"),
            group_events: histogram!("waymark_group_events"),
            commit_seconds: histogram!("waymark_commit_seconds"),
            queue_events: gauge!("waymark_queue_events"),
        }
    }
}

fn build() -> Option<PrometheusHandle> {
    const SECONDS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
    const COUNTS: [f64; 10] = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0];
    const BYTES: [f64; 8] = [256.0, 1024.0, 4096.0, 16384.0, 65536.0, 131_072.0, 262_144.0, 524_288.0];
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
        .and_then(|b| b.set_buckets_for_metric(Matcher::Suffix("_events".to_owned()), &COUNTS))
        .and_then(|b| b.set_buckets_for_metric(Matcher::Suffix("_bytes".to_owned()), &BYTES));
    match builder.and_then(PrometheusBuilder::install_recorder) {
        Ok(handle) => {
            describe();
            Some(handle)
        }
        Err(error) => {
            tracing::error!(%error, "metrics are off: another recorder is installed in this process");
            None
        }
    }
}

/// One line of meaning for each number.
fn describe() {
    describe_counter!("waymark_events_total", "Events by result: accepted, duplicate, rejected (with its code).");
    describe_counter!(
        "waymark_unknown_fields_total",
        "Fields on the way in that this release does not know; they are ignored."
    );
    describe_counter!("waymark_rate_limited_total", "Requests answered 429.");
    describe_counter!("waymark_origin_refused_total", "Requests from pages whose origin is not in the site's list.");
    describe_counter!("waymark_queue_full_total", "Requests answered 503 because the writer was too far behind.");
    describe_gauge!("waymark_queue_events", "Events that wait for the writer.");
    describe_gauge!("waymark_connections", "Open connections.");
    describe_histogram!("waymark_batch_events", "Events in one request.");
    describe_histogram!("waymark_group_events", "Events in one commit.");
    describe_histogram!(
        "waymark_commit_seconds",
        Unit::Seconds,
        "From the start of a group's transaction to its commit."
    );
    describe_histogram!(
        "waymark_clock_skew_seconds",
        Unit::Seconds,
        "How far a sender's clock is off, without its sign."
    );
    describe_histogram!("waymark_body_bytes", Unit::Bytes, "Size of a request body.");
}
