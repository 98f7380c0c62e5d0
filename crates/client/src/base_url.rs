//! The base URL of a client, which fixes its origin.

use url::Url;

use crate::{Error, ErrorKind};

/// A validated base URL without a trailing slash.
#[derive(Debug, Clone)]
pub(crate) struct BaseUrl {
    text: String,
    host: String,
    url: Url,
}

impl BaseUrl {
    /// Parses an https URL, or an http URL of a loopback address if `loopback_http` is set.
    pub(crate) fn parse(text: &str, loopback_http: bool) -> Result<Self, Error> {
        let refuse = |why: &str| Error::new(ErrorKind::Configuration, format!("base URL {why}"));
        let url = Url::parse(text.trim()).map_err(|error| {
            refuse(&format!(
                "cannot be parsed ({error}): expected a URL like https://api.example.com/path"
            ))
        })?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse(
                "has a user name or password: remove it, credentials are set separately",
            ));
        }
        if url.query().is_some() {
            return Err(refuse("has a query: remove everything from `?` on"));
        }
        if url.fragment().is_some() {
            return Err(refuse("has a fragment: remove everything from `#` on"));
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) && loopback_http => {}
            "http" if is_loopback(&url) => {
                return Err(refuse(
                    "is plain http: for a loopback server, allow it (with_loopback_http, or allow_loopback_http = true in a configuration file)",
                ));
            }
            "http" => {
                return Err(refuse(
                    "is plain http to another host, which would expose the credentials: use https",
                ));
            }
            _ => return Err(refuse("is neither https nor http")),
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(refuse("has no host"));
        }
        let text = url.as_str().trim_end_matches('/').to_owned();
        let host = match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (host, _) => host.unwrap_or_default().to_owned(),
        };
        Ok(Self { text, host, url })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn path(&self) -> &str {
        self.url.path().trim_end_matches('/')
    }

    /// The same origin with another, encoded path. Host and port are not parsed again.
    pub(crate) fn at(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(path);
        url
    }

    /// The value of the `Host` header.
    pub(crate) fn host_header(&self) -> &str {
        &self.host
    }

    pub(crate) fn host_and_port(&self) -> (&str, u16) {
        (
            self.url.host_str().unwrap_or_default(),
            self.url.port_or_known_default().unwrap_or_default(),
        )
    }

    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.url)
    }

    /// Returns whether a URL has the origin of the base URL and no credentials.
    pub(crate) fn is_origin_of(&self, url: &Url) -> bool {
        url.scheme() == self.url.scheme()
            && url.host() == self.url.host()
            && url.port_or_known_default() == self.url.port_or_known_default()
            && url.username().is_empty()
            && url.password().is_none()
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn setting_a_path_equals_parsing_the_whole_url(segments in proptest::collection::vec(".{1,8}", 0..4)) {
            let path: String = segments.iter().map(|one| format!("/{}", crate::segment::encode(one))).collect();
            for text in ["https://api.example.com", "https://api.example.com/a/b/", "http://127.0.0.1:9/%41"] {
                let base = BaseUrl::parse(text, true).unwrap();
                let whole = Url::parse(&format!("{}{path}", base.as_str())).unwrap();
                proptest::prop_assert_eq!(base.at(&format!("{}{path}", base.path())), whole);
            }
        }
    }

    #[test]
    fn invalid_base_urls_are_rejected_with_a_fix() {
        for (text, word) in [
            ("http://api.example.com", "https"),
            ("http://127.0.0.1:1", "loopback"),
            ("https://user@api.example.com", "user name"),
            ("https://:pw@api.example.com", "user name"),
            ("https://api.example.com/x?y=1", "query"),
            ("https://api.example.com/#x", "fragment"),
            ("ftp://api.example.com", "neither"),
            ("api.example.com", "cannot be parsed"),
            ("", "cannot be parsed"),
        ] {
            let error = BaseUrl::parse(text, false).unwrap_err();
            assert!(error.to_string().contains(word), "{text}: {error}");
            assert!(!error.to_string().contains("pw"), "{error}");
        }
        assert!(BaseUrl::parse("http://192.0.2.1", true).is_err());
    }

    #[test]
    fn trailing_slashes_are_removed_and_paths_kept() {
        assert_eq!(
            BaseUrl::parse("https://h/api//", false).unwrap().as_str(),
            "https://h/api"
        );
        assert!(
            BaseUrl::parse("http://[::1]:8080/", true)
                .unwrap()
                .is_loopback()
        );
    }

    #[test]
    fn the_origin_is_scheme_host_and_port() {
        let base = BaseUrl::parse("https://h/api", false).unwrap();
        for (url, same) in [
            ("https://h/x", true),
            ("https://h:443/x", true),
            ("http://h/x", false),
            ("https://h:444/x", false),
            ("https://h.example/x", false),
            ("https://u@h/x", false),
        ] {
            assert_eq!(base.is_origin_of(&Url::parse(url).unwrap()), same, "{url}");
        }
    }
}
