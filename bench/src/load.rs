//! The load: 64 connections that are kept open, each sending its next request when the last one was answered.
//!
//! One thread, hyper's own client without a pool: the generator must cost less than what it measures.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::HeaderValue;
use hyper::{HeaderMap, Request, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::batch::{Bodies, Sender, Shape};
use crate::scene::Site;
use crate::server::Server;

/// Connections.
pub const CONNECTIONS: usize = 64;
/// Not measured: caches fill, connections open.
const BROWSER: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
const WARM_UP: Duration = Duration::from_secs(1);

/// What is asked, again and again.
#[derive(Clone, Copy, Debug)]
pub enum Ask {
    /// That events be stored.
    Store(Shape),
    /// `GET /hello`, of the bare server.
    Hello,
    /// The bundle of a site, which the asker has already: 304.
    Bundle(Site),
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
    /// What the server sent to the disk, in bytes a request.
    pub written: f64,
    /// Half of the answers took at most this many milliseconds.
    pub p50: f64,
    /// All but one in a hundred took at most this many.
    pub p99: f64,
}

/// Asks for so long and measures. Every answer must be a success, or the measurement is none.
pub fn send(server: &Server, ask: Ask, time: Duration) -> Result<Seen, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    runtime.block_on(async {
        let begin = Instant::now() + WARM_UP;
        let end = begin + time;
        let connections: Vec<_> =
            (0..CONNECTIONS).map(|_| tokio::spawn(connection(server.address, ask, begin, end))).collect();
        tokio::time::sleep_until(begin.into()).await;
        let (cpu, written, began) = (server.cpu_us(), server.written(), Instant::now());
        tokio::time::sleep_until(end.into()).await;
        let (cpu, written) = (server.cpu_us() - cpu, server.written() - written);
        let seconds = began.elapsed().as_secs_f64();
        let mut times = Vec::new();
        for connection in connections {
            times.extend(connection.await.map_err(|e| e.to_string())??);
        }
        times.sort_unstable();
        let requests = times.len() as f64;
        let at =
            |share: f64| times.get((requests * share) as usize).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0);
        Ok(Seen { requests, seconds, cpu: cpu / requests, written: written / requests, p50: at(0.5), p99: at(0.99) })
    })
}

/// One connection until the end; the time of each answer that came within the measured time.
async fn connection(address: SocketAddr, ask: Ask, begin: Instant, end: Instant) -> Result<Vec<Duration>, String> {
    let stream = TcpStream::connect(address).await.map_err(|e| format!("no connection: {e}"))?;
    stream.set_nodelay(true).map_err(|e| e.to_string())?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|e| e.to_string())?;
    let driving = tokio::spawn(connection);
    let mut requests = Requests::of(&mut sender, ask).await?;
    let mut times = Vec::with_capacity(1 << 12);
    loop {
        let request = requests.make()?;
        let sent = Instant::now();
        if sent >= end {
            break;
        }
        exchange(&mut sender, request).await?;
        let answered = Instant::now();
        if (begin..end).contains(&answered) {
            times.push(answered - sent);
        }
    }
    driving.abort();
    Ok(times)
}

/// The requests of one connection.
enum Requests {
    Store(Bodies, Option<String>),
    Get(String, Option<HeaderValue>),
}

impl Requests {
    /// What is asked, and what has to be known for that.
    async fn of(sender: &mut SendRequest<Full<Bytes>>, ask: Ask) -> Result<Self, String> {
        match ask {
            Ask::Store(shape) => {
                let secret = (shape.sender == Sender::Server).then(|| format!("Bearer {}", shape.site.secret()));
                Ok(Self::Store(Bodies::new(shape), secret))
            }
            Ask::Hello => Ok(Self::Get("/hello".to_owned(), None)),
            Ask::Bundle(site) => {
                let path = format!("/w/{}.json", site.key());
                let first = exchange(sender, Self::Get(path.clone(), None).make()?).await?;
                let etag = first.get(header::ETAG).cloned().ok_or("the bundle has no ETag")?;
                Ok(Self::Get(path, Some(etag)))
            }
        }
    }

    fn make(&mut self) -> Result<Request<Full<Bytes>>, String> {
        let (mut request, body) = match self {
            Self::Store(bodies, _) => {
                (Request::post("/v1/events").header(header::CONTENT_TYPE, "text/plain"), Bytes::from(bodies.make()))
            }
            Self::Get(path, _) => (Request::get(path.as_str()), Bytes::new()),
        };
        request = request.header(header::HOST, "127.0.0.1");
        request = match self {
            Self::Store(_, Some(secret)) => request.header(header::AUTHORIZATION, secret.as_str()),
            // Crawlers are not counted.
            Self::Store(_, None) => request.header(header::USER_AGENT, BROWSER),
            Self::Get(_, Some(etag)) => request.header(header::IF_NONE_MATCH, etag.clone()),
            _ => request,
        };
        request.body(Full::new(body)).map_err(|e| e.to_string())
    }
}

/// Sends a request and reads its whole answer; the answer's head. Success is 2xx, and 304 for who has it already.
async fn exchange(sender: &mut SendRequest<Full<Bytes>>, request: Request<Full<Bytes>>) -> Result<HeaderMap, String> {
    let wanted = if request.headers().contains_key(header::IF_NONE_MATCH) { 304..305 } else { 200..300 };
    let answer = sender.send_request(request).await.map_err(|e| format!("no answer: {e}"))?;
    let (head, body) = answer.into_parts();
    let body = body.collect().await.map_err(|e| format!("half an answer: {e}"))?.to_bytes();
    if wanted.contains(&head.status.as_u16()) && !mentions(&body, b"\"rejected\"") {
        return Ok(head.headers);
    }
    Err(format!("{}: {}", head.status, String::from_utf8_lossy(&body)))
}

/// Whether `part` is in the first kilobytes of an answer.
fn mentions(body: &[u8], part: &[u8]) -> bool {
    body.windows(part.len()).take(256).any(|window| window == part)
}
