//! Content encodings: which one a client prefers, and making one where the build did not.

use std::io::Write;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::assets::for_any_origin;
use crate::auth::secret::hex;

/// How a body is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Encoding {
    /// As it is.
    Identity,
    /// `gzip`.
    Gzip,
    /// `br`.
    Brotli,
}

impl Encoding {
    /// The smallest form that the client accepts and we have.
    pub fn best(headers: &HeaderMap, brotli: bool, gzip: bool) -> Self {
        let lines = headers.get_all(header::ACCEPT_ENCODING);
        let accepted = lines.iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(','));
        accepted
            .filter_map(offered)
            .filter(|e| matches!((e, brotli, gzip), (Self::Brotli, true, _) | (Self::Gzip, _, true)))
            .max()
            .unwrap_or(Self::Identity)
    }

    /// Says so in the answer's headers, and that other clients may get another form.
    pub fn describe(self, headers: &mut HeaderMap) {
        headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
        match self {
            Self::Identity => None,
            Self::Gzip => headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip")),
            Self::Brotli => headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br")),
        };
    }
}

/// A text that is sent often: compressed once, with an ETag of its content.
#[derive(Debug)]
pub struct Encoded {
    etag: HeaderValue,
    plain: Bytes,
    brotli: Bytes,
    gzip: Bytes,
}

impl Encoded {
    /// Compresses a text in every way we send it.
    pub fn new(plain: Bytes) -> Self {
        let hash = hex(&Sha256::digest(&plain)[..8]);
        Self {
            // Weak: the same text comes in three encodings.
            etag: HeaderValue::from_str(&format!("W/\"{hash}\"")).unwrap_or(HeaderValue::from_static("W/\"0\"")),
            brotli: brotli(&plain).into(),
            gzip: gzip(&plain).into(),
            plain,
        }
    }

    /// The text itself.
    pub fn plain(&self) -> &Bytes {
        &self.plain
    }

    /// What changes when the text does.
    pub fn etag(&self) -> &HeaderValue {
        &self.etag
    }

    /// The answer to a request for it, from a page of any origin; 304 where the browser has it already.
    pub fn respond(&self, headers: &HeaderMap, content_type: &'static str, cache: &'static str) -> Response {
        let mut response = if has(headers, &self.etag) {
            let mut response = StatusCode::NOT_MODIFIED.into_response();
            Encoding::Identity.describe(response.headers_mut());
            response
        } else {
            let encoding = Encoding::best(headers, true, true);
            let body = match encoding {
                Encoding::Brotli => &self.brotli,
                Encoding::Gzip => &self.gzip,
                Encoding::Identity => &self.plain,
            };
            let mut response = body.clone().into_response();
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
            encoding.describe(response.headers_mut());
            response
        };
        let out = response.headers_mut();
        out.insert(header::ETAG, self.etag.clone());
        out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        for_any_origin(out);
        response
    }
}

/// Whether the browser says that it has the version of this ETag (compared weakly, as `If-None-Match` asks).
fn has(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let strip = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let Ok(etag) = etag.to_str().map(strip) else { return false };
    let lines = headers.get_all(header::IF_NONE_MATCH);
    let tags = lines.iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(','));
    tags.into_iter().any(|tag| tag.trim() == "*" || strip(tag) == etag)
}

/// One entry of `Accept-Encoding`; `None` for what we do not make and for what is refused by `q=0`.
fn offered(entry: &str) -> Option<Encoding> {
    let mut parts = entry.split(';').map(str::trim);
    let name = parts.next()?;
    let refused = parts.filter_map(|part| part.strip_prefix("q=")).any(|q| q.parse::<f32>().is_ok_and(|q| q == 0.0));
    match name {
        _ if refused => None,
        "br" => Some(Encoding::Brotli),
        "gzip" | "x-gzip" => Some(Encoding::Gzip),
        _ => None,
    }
}

/// A text in brotli, as small as it gets (quality 11: about a millisecond for a loader).
pub fn brotli(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 2);
    let parameters =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 18, size_hint: text.len(), ..Default::default() };
    match brotli::BrotliCompress(&mut &*text, &mut out, &parameters) {
        Ok(_) => out,
        // Writing to memory does not fail; were it to, nobody would ask for an empty body by mistake.
        Err(_) => Vec::new(),
    }
}

/// A text in gzip.
pub fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::with_capacity(text.len() / 2), flate2::Compression::best());
    let _ = encoder.write_all(text);
    encoder.finish().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_accepted_form_is_sent() {
        for (accept, brotli, gzip, expected) in [
            ("gzip, deflate, br, zstd", true, true, Encoding::Brotli),
            ("gzip, deflate, br", false, true, Encoding::Gzip),
            ("gzip", true, true, Encoding::Gzip),
            ("br;q=0, gzip;q=0.5", true, true, Encoding::Gzip),
            ("br;q=0.1", true, true, Encoding::Brotli),
            ("br;q=0.0", true, true, Encoding::Identity),
            ("identity", true, true, Encoding::Identity),
            ("", true, true, Encoding::Identity),
            ("br", false, false, Encoding::Identity),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accept));
            assert_eq!(Encoding::best(&headers, brotli, gzip), expected, "{accept}");
        }
        assert_eq!(Encoding::best(&HeaderMap::new(), true, true), Encoding::Identity);
    }

    #[test]
    fn what_is_compressed_comes_back() {
        let text = "waymark ".repeat(200);
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut brotli(text.as_bytes()).as_slice(), &mut back).unwrap();
        assert_eq!(back, text.as_bytes());
        let mut back = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(gzip(text.as_bytes()).as_slice()), &mut back)
            .unwrap();
        assert_eq!(back, text);
    }

    #[test]
    fn a_browser_that_has_it_is_believed() {
        let etag = HeaderValue::from_static("W/\"abc\"");
        for (header, expected) in [
            ("W/\"abc\"", true),
            ("\"abc\"", true),
            ("\"x\", W/\"abc\"", true),
            ("*", true),
            ("\"abcd\"", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static(header));
            assert_eq!(has(&headers, &etag), expected, "{header}");
        }
        assert!(!has(&HeaderMap::new(), &etag));
    }
}
