//! What a call costs, beside the same call written by hand: a fixed server, a client by hand, the typed client.

pub mod baseline;
pub mod server;

/// The typed client for the server at `url`.
///
/// # Errors
/// The URL is malformed.
pub fn typed(url: &str) -> Result<botroster_peki::Client, botroster_peki::Error> {
    let credentials = botroster_peki::Credentials::new()
        .with_api_key(baseline::KEY)
        .with_api_secret(baseline::SECRET);
    botroster_peki::Client::builder()
        .with_credentials(credentials)
        .with_base_url(url)
        .with_loopback_http()
        .build()
}
