//! The same call, written by hand as somebody would who cares: the same HTTP settings, a bounded read, plain structs.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Result, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde::Deserialize;
use sha2::Sha256;

/// Any key does: the server does not look.
pub const KEY: &str = "pk_bench";
/// As above.
pub const SECRET: &str = "sk_bench";
const MOST_BYTES: usize = 64 << 20;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "decoded for its cost")]
/// A user, plain.
pub struct User {
    id: String,
    chatbot_id: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    phone_number: Option<String>,
    username: Option<String>,
    source: Option<String>,
    data_dictionary: Option<serde_json::Map<String, serde_json::Value>>,
    message_timestamp: Option<String>,
    last_received_text: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "decoded for its cost")]
/// A page, plain.
pub struct Page {
    /// The users.
    pub data: Vec<User>,
    error: Option<String>,
    total_items: Option<u64>,
    total_pages: Option<u64>,
    page_size: Option<u64>,
}

/// Prepares a secret for [`sign`].
///
/// # Errors
/// None for a text.
pub fn mac(secret: &str) -> Result<Hmac<Sha256>> {
    Ok(Hmac::new_from_slice(secret.as_bytes())?)
}

/// Signs a `GET` request for a path with its query, and returns the signature and the timestamp.
///
/// # Errors
/// The clock is before 1970.
pub fn sign(mut mac: Hmac<Sha256>, target: &str) -> Result<(String, String)> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let timestamp = now.as_secs().to_string();
    mac.update(format!("GET\n{target}\n\n{timestamp}").as_bytes());
    Ok((STANDARD.encode(mac.finalize().into_bytes()), timestamp))
}

/// The client by hand.
pub struct Client {
    http: reqwest::Client,
    url: String,
    path: String,
    mac: Hmac<Sha256>,
}

impl Client {
    /// A client of the server at `url`.
    ///
    /// # Errors
    /// A malformed URL.
    pub fn new(url: &str) -> Result<Self> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(Duration::from_secs(30))
            .pool_idle_timeout(Duration::from_secs(4))
            .no_gzip()
            .referer(false)
            .http1_only()
            .no_proxy()
            .build()?;
        let parsed = reqwest::Url::parse(url)?;
        Ok(Self {
            http,
            url: url.to_owned(),
            path: parsed.path().to_owned(),
            mac: mac(SECRET)?,
        })
    }

    /// One signed page.
    ///
    /// # Errors
    /// Whatever goes wrong.
    pub async fn list(&self, chatbot: &str) -> Result<Page> {
        let target = format!("/Dev/{chatbot}/users?page=1&pageSize=100");
        let signed = format!("{}{target}", self.path);
        let (signature, timestamp) = sign(self.mac.clone(), &signed)?;
        let mut response = self
            .http
            .get(format!("{}{target}", self.url))
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .header("accept", HeaderValue::from_static("application/json"))
            .header("user-agent", HeaderValue::from_static("by-hand/1"))
            .header("x-api-key", HeaderValue::from_static(KEY))
            .header("x-signature", signature)
            .header("x-timestamp", timestamp)
            .send()
            .await?;
        if !response.status().is_success() {
            bail!("{}", response.status());
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > MOST_BYTES {
                bail!("too large");
            }
            body.extend_from_slice(&chunk);
        }
        let page: Page = serde_json::from_slice(&body)?;
        match page.error {
            Some(error) => bail!(error),
            None => Ok(page),
        }
    }
}
