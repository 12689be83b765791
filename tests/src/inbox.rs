//! A mail server that takes every e-mail and keeps it.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use mailin::{Action, Handler, Response, SessionBuilder, response};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};

/// Where e-mails arrive.
#[derive(Debug)]
pub struct Inbox {
    address: SocketAddr,
    mails: Mails,
}

/// To whom, and the text with its headers.
type Mails = Arc<Mutex<Vec<(String, String)>>>;

impl Inbox {
    /// Opens one on a free port of this machine.
    ///
    /// # Panics
    /// When there is none.
    pub async fn open() -> Inbox {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap_or_else(|error| panic!("{error}"));
        let address = listener.local_addr().unwrap_or_else(|error| panic!("{error}"));
        let mails = Mails::default();
        let kept = mails.clone();
        tokio::spawn(async move {
            while let Ok((stream, from)) = listener.accept().await {
                tokio::spawn(talk(stream, from, kept.clone()));
            }
        });
        Inbox { address, mails }
    }

    /// What `mail.smtp` must be for e-mails to arrive here.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// What has arrived so far for an address, oldest first, lines put together again.
    pub fn of(&self, address: &str) -> Vec<String> {
        let mails = self.mails.lock().unwrap_or_else(PoisonError::into_inner);
        let for_them = mails.iter().filter(|(to, _)| to == address);
        for_them.map(|(_, text)| text.replace("=\r\n", "").replace("=3D", "=")).collect()
    }
}

/// One e-mail on its way in.
struct Arriving {
    to: String,
    text: Vec<u8>,
    kept: Mails,
}

impl Handler for Arriving {
    fn rcpt(&mut self, to: &str) -> Response {
        to.clone_into(&mut self.to);
        response::OK
    }

    fn data(&mut self, line: &[u8]) -> io::Result<()> {
        self.text.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let text = String::from_utf8_lossy(&std::mem::take(&mut self.text)).into_owned();
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).push((self.to.clone(), text));
        response::OK
    }
}

async fn talk(stream: TcpStream, from: SocketAddr, kept: Mails) -> io::Result<()> {
    let handler = Arriving { to: String::new(), text: Vec::new(), kept };
    let mut session = SessionBuilder::new("inbox.test").build(from.ip(), handler);
    let mut stream = BufStream::new(stream);
    let mut answer = session.greeting();
    loop {
        if answer.action != Action::NoReply {
            stream.write_all(&answer.buffer()?).await?;
            stream.flush().await?;
        }
        let mut line = Vec::new();
        if answer.action == Action::Close || stream.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        answer = session.process(&line);
    }
}
