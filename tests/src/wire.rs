//! Requests as they were on the wire, and how they are shown without what must not be shown.

use std::fmt::Write as _;

/// Headers whose values are credentials or depend on them and on the time.
const MASKED: [&str; 5] = [
    "authorization",
    "x-api-key",
    "x-signature",
    "x-timestamp",
    "x-bot-token",
];

/// The bytes of one request.
#[derive(Clone)]
pub struct Recorded {
    bytes: Vec<u8>,
}

/// Where the head ends and the body begins.
fn body_start(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    Some(end + 4)
}

/// Returns whether these bytes are a whole request.
pub(crate) fn is_complete(bytes: &[u8]) -> bool {
    let Some(start) = body_start(bytes) else {
        return false;
    };
    let head = String::from_utf8_lossy(&bytes[..start]).to_lowercase();
    assert!(
        !head.contains("transfer-encoding"),
        "a request without a length: {head}"
    );
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map_or(0, |text| text.trim().parse().unwrap());
    assert!(
        bytes.len() - start <= length,
        "bytes after the end of the request"
    );
    bytes.len() - start == length
}

impl Recorded {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self { bytes }
    }

    fn head(&self) -> &str {
        let end = body_start(&self.bytes).unwrap() - 4;
        std::str::from_utf8(&self.bytes[..end]).unwrap()
    }

    /// All bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The request line.
    pub fn line(&self) -> &str {
        self.head().lines().next().unwrap()
    }

    /// Method.
    pub fn method(&self) -> &str {
        self.line().split(' ').next().unwrap()
    }

    /// Path and query.
    pub fn target(&self) -> &str {
        self.line().split(' ').nth(1).unwrap()
    }

    /// Names and values in their order.
    pub fn headers(&self) -> Vec<(&str, &str)> {
        let lines = self.head().lines().skip(1);
        lines.map(|line| line.split_once(": ").unwrap()).collect()
    }

    /// The value of a header that must not be there twice.
    pub fn header(&self, name: &str) -> Option<&str> {
        let headers = self.headers();
        let mut found = headers
            .iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case(name));
        let value = found.next().map(|(_, value)| *value);
        assert!(found.next().is_none(), "`{name}` twice");
        value
    }

    /// The body.
    pub fn body(&self) -> &[u8] {
        &self.bytes[body_start(&self.bytes).unwrap()..]
    }

    /// The request with masked credentials, signatures, times and port.
    ///
    /// `credentials` are the headers that must be there to be masked, and none of the `secrets` may be left.
    pub fn masked(&self, credentials: &[&str], secrets: &[&str]) -> String {
        let mut text = format!("{}\n", self.line());
        let mut masked = Vec::new();
        for (name, value) in self.headers() {
            let lower = name.to_ascii_lowercase();
            let shown = if MASKED.contains(&lower.as_str()) {
                masked.push(lower);
                mask(value)
            } else if lower == "host" {
                let (host, port) = value.split_once(':').unwrap();
                assert!(port.parse::<u16>().is_ok());
                format!("{host}:<port>")
            } else {
                value.to_owned()
            };
            writeln!(text, "{name}: {shown}").unwrap();
        }
        write!(text, "\n{}", std::str::from_utf8(self.body()).unwrap()).unwrap();
        masked.sort();
        let mut wanted = credentials.to_vec();
        wanted.sort_unstable();
        assert_eq!(masked, wanted, "masked headers");
        for secret in secrets {
            assert!(!text.contains(secret), "a secret is left in {text}");
        }
        text
    }
}

/// The scheme's word stays, what follows it goes.
fn mask(value: &str) -> String {
    match value.split_once(' ') {
        Some((word @ ("Bearer" | "Basic"), _)) => format!("{word} <masked>"),
        _ => "<masked>".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(secret: &str) -> Recorded {
        let text = format!(
            "GET /x?key={secret} HTTP/1.1\r\nhost: 127.0.0.1:9\r\nauthorization: Bearer topsecret\r\n\r\n"
        );
        Recorded::new(text.into_bytes())
    }

    #[test]
    fn credentials_and_ports_are_masked() {
        let text = recorded("1").masked(&["authorization"], &["topsecret"]);
        assert_eq!(
            text,
            "GET /x?key=1 HTTP/1.1\nhost: 127.0.0.1:<port>\nauthorization: Bearer <masked>\n\n"
        );
    }

    #[test]
    #[should_panic(expected = "a secret is left")]
    fn a_secret_anywhere_else_fails() {
        recorded("topsecret").masked(&["authorization"], &["topsecret"]);
    }

    #[test]
    #[should_panic(expected = "masked headers")]
    fn a_credential_that_is_not_there_fails() {
        recorded("1").masked(&["authorization", "x-api-key"], &[]);
    }
}
