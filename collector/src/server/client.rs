//! Who is at the other end.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;

use crate::error::ApiError;
use crate::state::App;

/// The other end of the connection: the client, or the proxy in front of us. The accept loop puts it into each request.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// The client's address: the peer's, or what a trusted proxy says. Used for rate limits and never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<App> for ClientAddress {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let peer =
            parts.extensions.get::<Peer>().ok_or_else(|| ApiError::Internal("a request without a peer".to_owned()))?;
        Ok(Self(client_of(peer.0.ip(), &parts.headers, &app.config.trusted_proxies)))
    }
}

/// The country of the client, as two capital letters, if a trusted proxy says it in the header that the operator has named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCountry(pub Option<String>);

impl FromRequestParts<App> for ClientCountry {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let is_trusted = |peer: &Peer| trusts(&app.config.trusted_proxies, &peer.0.ip().to_canonical());
        let proxy = parts.extensions.get::<Peer>().filter(|peer| is_trusted(peer));
        Ok(Self(proxy.and_then(|_| country_of(&parts.headers, &app.config.country_header))))
    }
}

/// What a header says of the country. Said twice, one of them was not the proxy.
fn country_of(headers: &HeaderMap, name: &str) -> Option<String> {
    // Cloudflare's words for an unknown one and for Tor.
    const NONE: [&str; 2] = ["XX", "T1"];
    let mut said = headers.get_all(HeaderName::from_str(name).ok()?).iter();
    let (Some(country), None) = (said.next(), said.next()) else { return None };
    let country = country.to_str().ok()?.trim().to_ascii_uppercase();
    let is_code = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_alphabetic());
    (is_code && !NONE.contains(&country.as_str())).then_some(country)
}

fn trusts(trusted: &[IpNet], address: &IpAddr) -> bool {
    trusted.iter().any(|net| net.contains(address))
}

/// Walks `X-Forwarded-For` from its end as long as the speaker is trusted: what stands before the first untrusted address
/// was written by whoever sent the request, and may be invented.
fn client_of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let mut client = peer.to_canonical();
    let lines = headers.get_all("x-forwarded-for");
    let named: Vec<&str> =
        lines.iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')).collect();
    for name in named.iter().rev() {
        if !trusts(trusted, &client) {
            break;
        }
        match parse(name.trim()) {
            Some(address) => client = address.to_canonical(),
            None => break,
        }
    }
    client
}

/// An address, with the port and brackets that some proxies add.
fn parse(text: &str) -> Option<IpAddr> {
    text.parse()
        .ok()
        .or_else(|| text.parse::<SocketAddr>().ok().map(|a| a.ip()))
        .or_else(|| text.trim_matches(['[', ']']).parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_two_letters_said_once() {
        for (said, expected) in [
            (vec!["DE"], Some("DE")),
            (vec![" at "], Some("AT")),
            (vec!["XX"], None),
            (vec!["T1"], None),
            (vec!["DEU"], None),
            (vec!["D3"], None),
            (vec![""], None),
            (vec!["DE", "AT"], None),
            (vec![], None),
        ] {
            let mut headers = HeaderMap::new();
            for country in &said {
                headers.append("cf-ipcountry", country.parse().unwrap());
            }
            assert_eq!(country_of(&headers, "CF-IPCountry").as_deref(), expected, "{said:?}");
            assert_eq!(country_of(&headers, ""), None, "no header is named");
        }
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap(), "127.0.0.1/32".parse().unwrap()];
        for (peer, forwarded, expected) in [
            ("203.0.113.9", "", "203.0.113.9"),
            ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
            ("127.0.0.1", "", "127.0.0.1"),
            ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
            ("127.0.0.1", "6.6.6.6, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
            ("127.0.0.1", "198.51.100.1, nonsense", "127.0.0.1"),
            ("127.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
            ("::ffff:127.0.0.1", "198.51.100.1:80", "198.51.100.1"),
        ] {
            let mut headers = HeaderMap::new();
            if !forwarded.is_empty() {
                headers.insert("x-forwarded-for", forwarded.parse().unwrap());
            }
            let got = client_of(peer.parse().unwrap(), &headers, &trusted);
            assert_eq!(got.to_string(), expected, "{peer} says {forwarded}");
        }
    }
}
