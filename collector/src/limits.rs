//! How much, how fast, how long: what keeps one sender from taking everybody's share.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use governor::clock::{Clock as _, DefaultClock};
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::config::LimitsConfig;
use crate::error::ApiError;

type Buckets<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock>;

/// Token buckets by site and by address. A bucket that is full again is forgotten by [`Limits::tidy`].
#[derive(Debug)]
pub struct Limits {
    sites: Option<Buckets<Arc<str>>>,
    addresses: Option<Buckets<IpAddr>>,
    logins: Option<Buckets<IpAddr>>,
}

impl Limits {
    /// Buckets of the configured sizes; a rate of 0 means none.
    pub fn new(config: &LimitsConfig) -> Self {
        let per_second = |rate: u32, burst: u32| {
            let burst = NonZeroU32::new(burst).or(NonZeroU32::new(rate))?;
            Some(Quota::per_second(NonZeroU32::new(rate)?).allow_burst(burst))
        };
        Self {
            sites: per_second(config.site_per_second, config.site_burst).map(RateLimiter::keyed),
            addresses: per_second(config.address_per_second, config.address_burst).map(RateLimiter::keyed),
            logins: NonZeroU32::new(config.logins_per_minute).map(Quota::per_minute).map(RateLimiter::keyed),
        }
    }

    /// Takes one request from the bucket of the sender's address. For whoever has no secret key: servers that have one all come
    /// from few addresses. Before anything else is done for it, and before [`Limits::admit`]: one flooding sender must not
    /// empty the site's bucket for everybody else.
    pub fn admit_address(&self, address: IpAddr) -> Result<(), ApiError> {
        self.addresses.as_ref().map_or(Ok(()), |buckets| take(buckets, &bucket_of(address)))
    }

    /// Takes one request from the bucket of a site.
    pub fn admit(&self, site_id: &Arc<str>) -> Result<(), ApiError> {
        match &self.sites {
            Some(buckets) => take(buckets, site_id),
            None => Ok(()),
        }
    }

    /// Takes one attempt to sign in.
    pub fn admit_login(&self, address: IpAddr) -> Result<(), ApiError> {
        self.logins.as_ref().map_or(Ok(()), |buckets| take(buckets, &bucket_of(address)))
    }

    /// Forgets buckets that are full again. To be called now and then.
    pub fn tidy(&self) {
        if let Some(sites) = &self.sites {
            sites.retain_recent();
        }
        for buckets in [&self.addresses, &self.logins].into_iter().flatten() {
            buckets.retain_recent();
        }
    }
}

fn take<K: std::hash::Hash + Eq + Clone>(buckets: &Buckets<K>, key: &K) -> Result<(), ApiError> {
    buckets.check_key(key).map_err(|until| {
        metrics::counter!("waymark_rate_limited_total").increment(1);
        ApiError::RateLimited(until.wait_time_from(DefaultClock::default().now()))
    })
}

/// One IPv6 customer holds a whole /64; a bucket for each of its addresses would be no limit at all.
fn bucket_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
        },
    }
}

/// Reads a whole body of at most `max` bytes within `timeout`. A stated length that is too large is refused unread.
pub async fn read_body(headers: &HeaderMap, body: Body, max: usize, timeout: Duration) -> Result<Bytes, ApiError> {
    let stated =
        headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<usize>().ok());
    if stated.is_some_and(|length| length > max) {
        return Err(ApiError::TooLarge(max));
    }
    match tokio::time::timeout(timeout, Limited::new(body, max).collect()).await {
        Ok(Ok(whole)) => Ok(whole.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(ApiError::TooLarge(max)),
        Ok(Err(_)) => Err(ApiError::NotJson("it ended before it was complete".to_owned())),
        Err(_) => Err(ApiError::TooSlow),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(site: u32, address: u32) -> Limits {
        Limits::new(&LimitsConfig {
            site_per_second: site,
            site_burst: site,
            address_per_second: address,
            address_burst: address,
            ..LimitsConfig::default()
        })
    }

    #[test]
    fn an_empty_bucket_says_when_to_come_back() {
        let limits = limits(100, 2);
        let (one, other) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        assert!(limits.admit_address(one).is_ok());
        assert!(limits.admit_address(one).is_ok());
        assert!(matches!(limits.admit_address(one), Err(ApiError::RateLimited(wait)) if wait > Duration::ZERO));
        assert!(limits.admit_address(other).is_ok(), "another address has its own bucket");
        assert!(limits.admit(&"s".into()).is_ok(), "and the site has its own");
    }

    #[test]
    fn a_site_has_a_bucket_of_its_own() {
        let limits = limits(1, 1);
        assert!(limits.admit(&"s".into()).is_ok());
        assert!(matches!(limits.admit(&"s".into()), Err(ApiError::RateLimited(_))));
        assert!(limits.admit(&"t".into()).is_ok());
    }

    #[test]
    fn zero_means_no_limit() {
        let limits = limits(0, 0);
        let one = IpAddr::from([192, 0, 2, 1]);
        assert!((0..10_000).all(|_| limits.admit_address(one).is_ok() && limits.admit(&"s".into()).is_ok()));
    }

    #[test]
    fn an_ipv6_customer_is_one_sender() {
        let bucket = |text: &str| bucket_of(text.parse().unwrap()).to_string();
        assert_eq!(bucket("2001:db8:1:2:3:4:5:6"), bucket("2001:db8:1:2:ffff::1"));
        assert_ne!(bucket("2001:db8:1:2::1"), bucket("2001:db8:1:3::1"));
        assert_eq!(bucket("::ffff:192.0.2.1"), "192.0.2.1");
    }

    #[tokio::test]
    async fn a_body_is_read_up_to_its_limit() {
        let mut headers = HeaderMap::new();
        let second = Duration::from_secs(1);
        assert_eq!(read_body(&headers, Body::from("12345"), 5, second).await.unwrap(), "12345");
        assert!(matches!(read_body(&headers, Body::from("123456"), 5, second).await, Err(ApiError::TooLarge(5))));
        headers.insert(header::CONTENT_LENGTH, 6.into());
        let never = Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
        assert!(
            matches!(read_body(&headers, never, 5, Duration::from_secs(9)).await, Err(ApiError::TooLarge(5))),
            "unread"
        );
        let never = Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
        assert!(matches!(
            read_body(&HeaderMap::new(), never, 5, Duration::from_millis(20)).await,
            Err(ApiError::TooSlow)
        ));
    }
}
