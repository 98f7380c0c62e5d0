//! Protection against other sites in the same browser, which can send requests to the hub.

use http::{HeaderMap, Method, header};
use std::net::IpAddr;

/// The reason why a request is refused.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The host is a foreign name that resolves to this address (DNS rebinding).
    Host,
    /// A script of another site sent it (cross-site request forgery).
    Origin,
}

/// Accepts a request with the host of this hub and, if it changes anything, with the origin of the hub or none.
pub(crate) fn check(method: &Method, headers: &HeaderMap, own: IpAddr) -> Result<(), Refused> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok());
    let host = host.filter(|host| hosts.next().is_none() && is_own(name(host), own));
    let host = host.ok_or(Refused::Host)?;
    let reads = matches!(*method, Method::GET | Method::HEAD);
    let mut origins = headers.get_all(header::ORIGIN).iter();
    match reads || origins.all(|origin| origin.as_bytes() == format!("http://{host}").as_bytes()) {
        true => Ok(()),
        false => Err(Refused::Origin),
    }
}

/// A host without its port.
fn name(host: &str) -> &str {
    match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split(':').next().unwrap_or_default(),
    }
}

fn is_own(name: &str, own: IpAddr) -> bool {
    match name.parse::<IpAddr>() {
        // An address cannot be rebound.
        Ok(address) => address.is_loopback() || address == own || own.is_unspecified(),
        Err(_) => name.eq_ignore_ascii_case("localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    fn checked(method: Method, own: IpAddr, headers: &[(&str, &str)]) -> Result<(), Refused> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name = http::HeaderName::from_bytes(name.as_bytes()).unwrap();
            map.append(name, value.parse().unwrap());
        }
        check(&method, &map, own)
    }

    #[test]
    fn only_own_names_lead_here() {
        let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let get = |own, host| checked(Method::GET, own, &[("host", host)]);
        for host in [
            "127.0.0.1:4010",
            "localhost",
            "LOCALHOST:1",
            "[::1]:4010",
            "127.0.0.1",
        ] {
            assert_eq!(get(loopback, host), Ok(()), "{host}");
        }
        for host in [
            "evil.example:4010",
            "",
            "localhost.evil.example",
            "10.0.0.1",
            "127.0.0.1.nip.io",
            "[::1",
        ] {
            assert_eq!(get(loopback, host), Err(Refused::Host), "{host}");
        }
        assert_eq!(checked(Method::GET, loopback, &[]), Err(Refused::Host));
        let two = [("host", "localhost"), ("host", "localhost")];
        assert_eq!(checked(Method::GET, loopback, &two), Err(Refused::Host));
        let everywhere = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
        assert_eq!(get(everywhere, "10.0.0.1:4010"), Ok(()));
        assert_eq!(get(everywhere, "evil.example"), Err(Refused::Host));
        let other = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
        assert_eq!(get(other, "10.0.0.1"), Ok(()));
        assert_eq!(get(other, "10.0.0.2"), Err(Refused::Host));
    }

    #[test]
    fn other_sites_change_nothing() {
        let own = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let from = |method, origin| {
            checked(
                method,
                own,
                &[("host", "localhost:4010"), ("origin", origin)],
            )
        };
        assert_eq!(from(Method::POST, "http://localhost:4010"), Ok(()));
        for origin in [
            "http://localhost:4011",
            "https://localhost:4010",
            "http://evil.example",
            "null",
        ] {
            assert_eq!(from(Method::POST, origin), Err(Refused::Origin), "{origin}");
            assert_eq!(
                from(Method::DELETE, origin),
                Err(Refused::Origin),
                "{origin}"
            );
            assert_eq!(from(Method::GET, origin), Ok(()), "{origin}");
        }
        assert_eq!(checked(Method::POST, own, &[("host", "localhost")]), Ok(()));
    }
}
