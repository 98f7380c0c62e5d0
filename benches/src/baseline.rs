//! The same call, written by hand as somebody would who cares: the same HTTP settings, a bounded read, plain structs.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde::Deserialize;

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

/// The client by hand.
pub struct Client {
    http: reqwest::Client,
    url: String,
    path: String,
    mac: Hmac<sha2::Sha256>,
}

impl Client {
    /// A client of the server at `url`.
    ///
    /// # Errors
    /// A malformed URL.
    pub fn new(url: &str) -> Result<Self, String> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(Duration::from_secs(30))
            .pool_idle_timeout(Duration::from_secs(4))
            .no_gzip()
            .referer(false)
            .http1_only()
            .no_proxy()
            .build()
            .map_err(|error| error.to_string())?;
        let parsed = reqwest::Url::parse(url).map_err(|error| error.to_string())?;
        let mac = Hmac::new_from_slice(SECRET.as_bytes()).map_err(|error| error.to_string())?;
        Ok(Self {
            http,
            url: url.to_owned(),
            path: parsed.path().to_owned(),
            mac,
        })
    }

    /// One signed page.
    ///
    /// # Errors
    /// Whatever goes wrong, as text.
    pub async fn list(&self, chatbot: &str) -> Result<Page, String> {
        let target = format!("/Dev/{chatbot}/users?page=1&pageSize=100");
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_err(|error| error.to_string())?
            .as_secs();
        let timestamp = now.to_string();
        let mut mac = self.mac.clone();
        mac.update(format!("GET\n{}{target}\n\n{timestamp}", self.path).as_bytes());
        let signature =
            base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
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
            .await
            .map_err(|error| error.to_string())?;
        if !response.status().is_success() {
            return Err(response.status().to_string());
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| error.to_string())? {
            if body.len() + chunk.len() > MOST_BYTES {
                return Err("too large".to_owned());
            }
            body.extend_from_slice(&chunk);
        }
        let page: Page = serde_json::from_slice(&body).map_err(|error| error.to_string())?;
        match page.error {
            Some(error) => Err(error),
            None => Ok(page),
        }
    }
}
