//! Lists all users of a Peki chatbot in a sandbox that it starts itself, as a test of your own program would.

use std::{collections::HashSet, error::Error};

use botroster_peki::{Client, Credentials};
use botroster_sandbox::{Running, Sandbox};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start().await?;
    let mut platforms = sandbox.platforms().iter();
    let peki = platforms
        .find(|platform| platform.name == "peki")
        .ok_or("the sandbox has no Peki")?;
    let chatbot = peki.scope["chatbotId"].as_str();

    let mut ids = HashSet::new();
    let mut users = client(peki, &peki.credentials["api_secret"])?
        .chatbot(chatbot)
        .users()
        .list()
        .page_size(40)
        .stream();
    while let Some(user) = users.try_next().await? {
        ids.insert(user.id);
    }
    let state = peki.state();
    let expected = state
        .iter()
        .find(|collection| collection.name == "users")
        .map_or(0, |collection| collection.records);
    println!("users: {} of {expected}", ids.len());

    let wrong = client(peki, "a wrong secret")?;
    let refused = wrong.chatbot(chatbot).users().list().await;
    let status = refused.err().and_then(|error| error.status());
    // The response says no more than Peki would. The sandbox records the reason.
    let last = peki.requests().pop().ok_or("no request was recorded")?;
    let reasons: Vec<_> = last.violations.iter().map(|one| &*one.message).collect();
    println!("refused with {}: {}", last.status, reasons.join("; "));

    let refused = last.status == 401 && status.is_some_and(|status| status == 401);
    match ids.len() as u64 == expected && refused && !reasons.is_empty() {
        true => Ok(()),
        false => Err("the sandbox recorded something else".into()),
    }
}

fn client(peki: &Running, secret: &str) -> Result<Client, botroster_peki::Error> {
    let credentials = Credentials::new()
        .with_api_key(peki.credentials["api_key"].as_str())
        .with_api_secret(secret);
    Client::builder()
        .with_credentials(credentials)
        .with_base_url(&peki.base_url)
        .with_loopback_http()
        .build()
}
