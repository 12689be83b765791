//! Accepting connections and letting go of them: limits and time-outs for each, and a drain that loses nothing.
//!
//! axum's own `serve` has no time-outs and no connection limit, hence this loop.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt;

use super::Peer;
use super::guard::guarded;
use super::watched::{Pulse, Watched};
use crate::config::{LimitsConfig, Timeouts};

/// Where the process is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Takes connections.
    Running,
    /// Takes no more, finishes what is open.
    Draining,
}

/// Serves until the phase says to drain, then finishes open requests within the drain time.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: &LimitsConfig,
    timeouts: &Timeouts,
    mut phase: watch::Receiver<Phase>,
) {
    let graceful = GracefulShutdown::new();
    let permits = Arc::new(Semaphore::new(limits.connections.clamp(1, Semaphore::MAX_PERMITS)));
    let mut http = http1::Builder::new();
    http.max_buf_size(64 * 1024);

    loop {
        let permit = tokio::select! {
            permit = permits.clone().acquire_owned() => permit,
            _ = phase.wait_for(|p| *p == Phase::Draining) => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = phase.wait_for(|p| *p == Phase::Draining) => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, or the client went away before we looked. A short pause keeps this from spinning.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let pulse = Pulse::default();
        let stream = TokioIo::new(Watched::new(undelayed(stream), pulse.clone(), timeouts));
        let connection = http.serve_connection(stream, handler(router.clone(), Peer(peer), pulse));
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            let open = metrics::gauge!("waymark_connections");
            open.increment(1);
            // What ends a connection early is the client's business or its network's.
            if let Err(error) = connection.await {
                tracing::debug!(%error, %peer, "a connection ended early");
            }
            open.decrement(1);
            drop(permit);
        });
    }
    drop(listener);
    if tokio::time::timeout(timeouts.drain(), graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests were still open when the drain time was over");
    }
}

/// Small answers must not wait for the client's delayed acknowledgement.
fn undelayed(stream: TcpStream) -> TcpStream {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "nodelay");
    }
    stream
}

fn handler(
    router: Router,
    peer: Peer,
    pulse: Pulse,
) -> impl hyper::service::Service<Request<Incoming>, Response = Response, Error = Infallible, Future: Send> {
    service_fn(move |mut request: Request<Incoming>| {
        let beat = pulse.begin();
        request.extensions_mut().insert(peer);
        let answer = router.clone().oneshot(request.map(Body::new));
        async move {
            let answer = guarded(answer).await;
            drop(beat);
            Ok(answer)
        }
    })
}
