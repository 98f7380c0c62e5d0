//! Clients with invented credentials.

use std::sync::Arc;

use botroster_chatbot::types::{Attributes, CreateUser};
use botroster_client::{Builder, Options};

use crate::{
    network::Network,
    runtime::{PATIENCE, Runtime},
    server::Server,
};

/// Peki's key.
pub const PEKI_KEY: &str = "pk_invented_key";
/// Peki's secret.
pub const PEKI_SECRET: &str = "sk_invented_secret";
/// ChatBot's token.
pub const CHATBOT_TOKEN: &str = "invented-access-token";
/// BotPenguin's token of the account.
pub const API_TOKEN: &str = "invented-api-token";
/// BotPenguin's token for chats.
pub const BOT_TOKEN: &str = "invented-bot-token";
/// MyBOT's key.
pub const MYBOT_KEY: &str = "invented-mybot-key";

/// All of them.
pub const SECRETS: [&str; 6] = [
    PEKI_KEY,
    PEKI_SECRET,
    CHATBOT_TOKEN,
    API_TOKEN,
    BOT_TOKEN,
    MYBOT_KEY,
];

/// A Peki client to be.
pub fn peki() -> Builder<botroster_peki::Client> {
    let credentials = botroster_peki::Credentials::new()
        .with_api_key(PEKI_KEY)
        .with_api_secret(PEKI_SECRET);
    botroster_peki::Client::builder().with_credentials(credentials)
}

/// A ChatBot client to be.
pub fn chatbot() -> Builder<botroster_chatbot::Client> {
    let credentials = botroster_chatbot::Credentials::new().with_access_token(CHATBOT_TOKEN);
    botroster_chatbot::Client::builder().with_credentials(credentials)
}

/// A BotPenguin client to be.
pub fn botpenguin() -> Builder<botroster_botpenguin::Client> {
    let credentials = botroster_botpenguin::Credentials::new()
        .with_api_token(API_TOKEN)
        .with_bot_token(BOT_TOKEN);
    botroster_botpenguin::Client::builder().with_credentials(credentials)
}

/// A MyBOT client to be.
pub fn mybot() -> Builder<botroster_mybot::Client> {
    let credentials = botroster_mybot::Credentials::new().with_api_key(MYBOT_KEY);
    botroster_mybot::Client::builder().with_credentials(credentials)
}

/// What ChatBot takes as attributes: there must be one.
pub fn attributes() -> Attributes {
    let mut attributes = Attributes::new();
    attributes.default_name = Some("Ada Example".to_owned());
    attributes
}

/// A user that ChatBot could be asked to create.
pub fn new_user() -> CreateUser {
    let mut user = CreateUser::new(attributes());
    user.user_id = Some("crm-7".to_owned());
    user
}

/// Where a client's requests go in a test.
pub trait Attach: Sized {
    /// What it builds.
    type Client;

    /// To a scripted network, in virtual time.
    fn on(self, network: &Arc<Network>, runtime: &Runtime) -> Self;

    /// To a server on loopback, below `path`.
    fn at(self, server: &Server, path: &str, runtime: &Runtime) -> Self;

    /// To a scripted network, each request sent once.
    fn once(self, network: &Arc<Network>) -> Self::Client;
}

impl<C> Attach for Builder<C> {
    type Client = C;

    fn on(self, network: &Arc<Network>, runtime: &Runtime) -> Self {
        self.with_base_url("https://api.example.com/api")
            .with_http(network.clone())
            .with_runtime(Arc::new(runtime.clone()))
    }

    fn at(self, server: &Server, path: &str, runtime: &Runtime) -> Self {
        self.with_base_url(server.base_url(path))
            .with_loopback_http()
            .with_options(Options::new().with_attempt_timeout(PATIENCE))
            .with_runtime(Arc::new(runtime.clone()))
    }

    fn once(self, network: &Arc<Network>) -> C {
        self.on(network, &Runtime::new())
            .with_options(Options::new().with_attempts(1))
            .build()
            .unwrap()
    }
}
