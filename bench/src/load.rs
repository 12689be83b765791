//! The load: 64 connections that are kept open, each sending its next request when the last one was answered.
//!
//! One thread, hyper's own client without a pool: the generator must cost less than what it measures.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::batch::{Bodies, Sender};
use crate::scene::Site;
use crate::server::Server;

/// Connections.
pub const CONNECTIONS: usize = 64;
/// Not measured: caches fill, connections open.
const WARM_UP: Duration = Duration::from_secs(1);

/// What is sent.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// To which site.
    pub site: Site,
    /// By whom.
    pub sender: Sender,
    /// Events in a request.
    pub events: usize,
    /// How long is measured.
    pub time: Duration,
}

/// What was seen.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// Requests answered.
    pub requests: f64,
    /// For how long, in seconds.
    pub seconds: f64,
    /// The server's CPU, in microseconds a request.
    pub cpu: f64,
    /// Half of the answers took at most this many milliseconds.
    pub p50: f64,
    /// All but one in a hundred took at most this many.
    pub p99: f64,
}

/// Sends a load and measures. Every answer must be a success, or the measurement is none.
pub fn send(server: &Server, load: Load) -> Result<Seen, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    runtime.block_on(async {
        let begin = Instant::now() + WARM_UP;
        let end = begin + load.time;
        let connections: Vec<_> =
            (0..CONNECTIONS).map(|_| tokio::spawn(connection(server.address, load, begin, end))).collect();
        tokio::time::sleep_until(begin.into()).await;
        let (cpu, began) = (server.cpu_us(), Instant::now());
        tokio::time::sleep_until(end.into()).await;
        let (cpu, seconds) = (server.cpu_us() - cpu, began.elapsed().as_secs_f64());
        let mut times = Vec::new();
        for connection in connections {
            times.extend(connection.await.map_err(|e| e.to_string())??);
        }
        times.sort_unstable();
        let requests = times.len() as f64;
        let at =
            |share: f64| times.get((requests * share) as usize).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0);
        Ok(Seen { requests, seconds, cpu: cpu / requests, p50: at(0.5), p99: at(0.99) })
    })
}

/// One connection until the end; the time of each answer that came within the measured time.
async fn connection(address: SocketAddr, load: Load, begin: Instant, end: Instant) -> Result<Vec<Duration>, String> {
    let stream = TcpStream::connect(address).await.map_err(|e| format!("no connection: {e}"))?;
    stream.set_nodelay(true).map_err(|e| e.to_string())?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|e| e.to_string())?;
    let driving = tokio::spawn(connection);
    let mut bodies = Bodies::new(load.site, load.sender, load.events);
    let mut times = Vec::with_capacity(1 << 12);
    loop {
        let body = bodies.make();
        let sent = Instant::now();
        if sent >= end {
            break;
        }
        exchange(&mut sender, load, body).await?;
        let answered = Instant::now();
        if (begin..end).contains(&answered) {
            times.push(answered - sent);
        }
    }
    driving.abort();
    Ok(times)
}

async fn exchange(sender: &mut SendRequest<Full<Bytes>>, load: Load, body: String) -> Result<(), String> {
    let mut request =
        Request::post("/v1/events").header(header::HOST, "127.0.0.1").header(header::CONTENT_TYPE, "text/plain");
    if load.sender == Sender::Server {
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", load.site.secret()));
    }
    let request = request.body(Full::new(Bytes::from(body))).map_err(|e| e.to_string())?;
    let answer = sender.send_request(request).await.map_err(|e| format!("no answer: {e}"))?;
    let status = answer.status();
    let body = answer.into_body().collect().await.map_err(|e| format!("half an answer: {e}"))?.to_bytes();
    let rejected = mentions(&body, b"\"rejected\"");
    if status.is_success() && !rejected {
        return Ok(());
    }
    Err(format!("{status}: {}", String::from_utf8_lossy(&body)))
}

/// Whether `part` is in the first kilobytes of an answer.
fn mentions(body: &[u8], part: &[u8]) -> bool {
    body.windows(part.len()).take(256).any(|window| window == part)
}
