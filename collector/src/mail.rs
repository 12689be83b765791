//! E-mails that Waymark sends: one-time links, to those they are for.

use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::config::MailConfig;

/// A server that has not taken an e-mail by then gets none: somebody waits for the page.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The way to people's inboxes, where the operator has set one.
#[derive(Debug, Default)]
pub struct Mailer(Option<(AsyncSmtpTransport<Tokio1Executor>, Mailbox)>);

/// An e-mail: to whom, its subject, its text.
#[derive(Debug)]
pub struct Letter<'a> {
    /// The address.
    pub to: &'a str,
    /// One line.
    pub subject: &'a str,
    /// Plain text.
    pub text: String,
}

impl Mailer {
    /// By what the operator has set. The error names the setting and says what is wrong with it.
    pub fn new(config: &MailConfig) -> Result<Mailer, (&'static str, String)> {
        if config.smtp.is_empty() {
            return Ok(Mailer::default());
        }
        let example = "write smtps://user:password@smtp.example.com";
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(&config.smtp)
            .map_err(|error| ("mail.smtp", format!("{error}: {example}")))?;
        let from = config
            .from
            .parse()
            .map_err(|error| ("mail.from", format!("{error}: write Waymark <waymark@example.com>")))?;
        Ok(Mailer(Some((server.timeout(Some(TIMEOUT)).build(), from))))
    }

    /// Whether e-mails can be sent at all.
    pub fn is_set(&self) -> bool {
        self.0.is_some()
    }

    /// Hands an e-mail to the operator's server. `Ok(false)`: none is set. The error says why the server did not take it.
    pub async fn send(&self, letter: Letter<'_>) -> Result<bool, String> {
        let Some((server, from)) = &self.0 else { return Ok(false) };
        let to = letter.to.parse().map_err(|error| format!("{}: {error}", letter.to))?;
        let message = Message::builder()
            .from(from.clone())
            .to(to)
            .subject(letter.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text)
            .map_err(|error| error.to_string())?;
        server.send(message).await.map_err(|error| error.to_string())?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_setting_is_said_with_its_name() {
        let from = "Waymark <waymark@example.com>";
        for (smtp, from, wrong) in [
            ("", "", None),
            ("smtps://ada:s%40cret@smtp.example.com", from, None),
            ("smtp://smtp.example.com?tls=required", "waymark@example.com", None),
            ("smtp.example.com", from, Some("mail.smtp")),
            ("https://smtp.example.com", from, Some("mail.smtp")),
            ("smtps://smtp.example.com", "", Some("mail.from")),
            ("smtps://smtp.example.com", "nobody", Some("mail.from")),
        ] {
            let made = Mailer::new(&MailConfig { smtp: smtp.to_owned(), from: from.to_owned() });
            assert_eq!(made.as_ref().err().map(|(place, _)| *place), wrong, "{smtp} {from}: {made:?}");
        }
    }
}
