//! Four lists of three platforms, as their servers give them and as the generated clients read them.

use std::{fmt::Debug, sync::Arc, time::Duration};

use botroster_client::{
    Builder, Completeness, Error, HttpSend, Item, Options, OutgoingRequest, Pages, Runtime,
};
use serde_json::{Value, json};

use super::canaries::Canaries;
use crate::clients;

/// A list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Numbered pages with totals.
    PekiUsers,
    /// The last record's id is the cursor.
    ChatbotUsers,
    /// Numbered pages until one is empty, a hundred requests a minute.
    BotpenguinChats,
    /// The same with the page number in a body.
    BotpenguinContacts,
}

/// What a walk gave.
pub struct Walked {
    /// Records, as JSON.
    pub items: Vec<Value>,
    /// Records that were set aside, as they came.
    pub set_aside: Vec<Value>,
    /// How it ended, unless well.
    pub error: Option<Error>,
    /// What is known about the whole.
    pub completeness: Completeness,
    /// `Debug` of all that came by.
    pub shown: String,
}

impl List {
    /// All four.
    pub const ALL: [Self; 4] = [
        Self::PekiUsers,
        Self::ChatbotUsers,
        Self::BotpenguinChats,
        Self::BotpenguinContacts,
    ];

    /// Returns whether the server says how many records there are.
    pub fn has_totals(self) -> bool {
        self == Self::PekiUsers
    }

    /// The field that tells records apart.
    pub fn key(self) -> &'static str {
        match self {
            Self::PekiUsers | Self::ChatbotUsers => "id",
            Self::BotpenguinChats | Self::BotpenguinContacts => "_id",
        }
    }

    /// The `number`th record: a person with everything that must not show.
    ///
    /// `mark` stands for a text of any shape in a documented field, `any` for a value in an undocumented one.
    pub fn record(self, canaries: &Canaries, number: usize) -> Value {
        let Canaries {
            id,
            name,
            email,
            phone,
            text,
            field,
        } = canaries;
        let id = format!("{id}{number:05}");
        let mail = format!("{email}@example.com");
        let mut record = match self {
            Self::PekiUsers => json!({
                "id": id, "chatbotId": "bot-1", "firstName": name, "email": mail, "phoneNumber": phone,
                "source": "Dev", "dataDictionary": { "said": text }, "lastReceivedText": "mark",
                "updatedAt": "2026-01-02T10:11:12.131Z",
            }),
            Self::ChatbotUsers => json!({
                "id": id, "userId": "mark", "banned": false,
                "attributes": { "default_name": name, "default_email": mail, "phone": phone, "said": text },
                "conversations": 2, "createdAt": "2019-01-23 13:32:30.163Z",
            }),
            Self::BotpenguinChats | Self::BotpenguinContacts => json!({
                "_id": id, "status": "OPEN", "websiteVisits": 2,
                "lastMessage": { "at": "2026-01-02T10:11:12.131Z", "by": "user", "text": "mark" },
                "profile": { "userDetails": {
                    "name": name, "city": text, "contact": { "email": mail, "phone": { "prefix": "+49", "number": phone } },
                } },
                "updatedAt": "2026-01-02T10:11:12.131Z",
            }),
        };
        record[field.as_str()] = json!(text);
        record["undocumented"] = json!("any");
        record
    }

    /// The field that holds one of a documented set of texts, by pointer.
    pub fn enumeration(self) -> Option<&'static str> {
        match self {
            Self::PekiUsers => Some("/source"),
            Self::ChatbotUsers => None,
            Self::BotpenguinChats | Self::BotpenguinContacts => Some("/status"),
        }
    }

    /// A field with a time, by pointer.
    pub fn time(self) -> &'static str {
        match self {
            Self::ChatbotUsers => "/createdAt",
            _ => "/updatedAt",
        }
    }

    /// The place in the list that a request asks for.
    pub fn start(self, request: &OutgoingRequest, records: &[Value], size: usize) -> usize {
        let query = |name: &str| {
            let mut pairs = request.url.query_pairs();
            pairs
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
        };
        let page = match self {
            Self::PekiUsers | Self::BotpenguinChats => query("page"),
            Self::ChatbotUsers => {
                let Some(after) = query("after") else {
                    return 0;
                };
                let key = |record: &Value| record["id"].as_str().unwrap_or_default().to_owned();
                return records
                    .iter()
                    .position(|record| key(record) > after)
                    .unwrap_or(records.len());
            }
            Self::BotpenguinContacts => {
                let body: Value = serde_json::from_slice(&request.body).unwrap();
                Some(body["page"].to_string())
            }
        };
        let page: usize = page.unwrap().parse().unwrap();
        ((page - 1) * size).min(records.len())
    }

    /// The server's answer.
    pub fn answer(self, records: &[Value], start: usize, size: usize) -> Value {
        let page = &records[start.min(records.len())..(start + size).min(records.len())];
        match self {
            Self::PekiUsers => json!({
                "data": page, "error": null, "totalItems": records.len(), "pageSize": size,
                "currentPage": start / size + 1, "totalPages": records.len().div_ceil(size),
            }),
            Self::ChatbotUsers => json!({ "data": page, "count": page.len() }),
            Self::BotpenguinChats | Self::BotpenguinContacts => {
                json!({ "success": true, "message": "Fetched", "code": 200, "data": page })
            }
        }
    }

    /// A success by its status that says it is none, with a person in it.
    pub fn refusal(self, canaries: &Canaries) -> Value {
        match self {
            Self::PekiUsers => json!({ "data": null, "error": canaries.name }),
            Self::ChatbotUsers => {
                json!({ "status": { "code": 500, "type": canaries.name, "message": canaries.email } })
            }
            Self::BotpenguinChats | Self::BotpenguinContacts => {
                json!({ "success": false, "message": canaries.name, "code": 400, "data": [canaries.email] })
            }
        }
    }

    /// Reads the whole list.
    pub async fn walk(self, clients: &Clients) -> Walked {
        match self {
            Self::PekiUsers => {
                let list = clients.peki.chatbot("bot-1").users().list();
                collect(
                    list.clone().pages(),
                    format!("{:?}\n{list:#?}\n", clients.peki),
                )
                .await
            }
            Self::ChatbotUsers => {
                let list = clients.chatbot.users().list();
                collect(
                    list.clone().pages(),
                    format!("{:?}\n{list:#?}\n", clients.chatbot),
                )
                .await
            }
            Self::BotpenguinChats => {
                let lead = botroster_botpenguin::types::ChatType::Lead;
                let inbox = clients.botpenguin.bot("cus-1", "bot-1").inbox();
                let list = inbox.list_chats(lead);
                collect(list.clone().pages(), format!("{inbox:?}\n{list:#?}\n")).await
            }
            Self::BotpenguinContacts => {
                let inbox = clients.botpenguin.inbox();
                let list = inbox.list_users(botroster_botpenguin::types::InboxFilter::new());
                collect(list.clone().pages(), format!("{inbox:?}\n{list:#?}\n")).await
            }
        }
    }
}

/// Clients of the three platforms.
pub struct Clients {
    peki: botroster_peki::Client,
    chatbot: botroster_chatbot::Client,
    botpenguin: botroster_botpenguin::Client,
}

impl Clients {
    /// On this network, in this time.
    pub fn new(network: Arc<dyn HttpSend>, runtime: Arc<dyn Runtime>, options: Options) -> Self {
        let on = Place {
            network,
            runtime,
            options,
        };
        Self {
            peki: on.build(clients::peki()),
            chatbot: on.build(clients::chatbot()),
            botpenguin: on.build(clients::botpenguin()),
        }
    }
}

struct Place {
    network: Arc<dyn HttpSend>,
    runtime: Arc<dyn Runtime>,
    options: Options,
}

impl Place {
    fn build<C>(&self, builder: Builder<C>) -> C {
        let builder = builder.with_base_url("https://api.example.com/api");
        let builder = builder
            .with_http(self.network.clone())
            .with_runtime(self.runtime.clone());
        builder.with_options(self.options).build().unwrap()
    }
}

/// Pages of a list to their end; one that takes more than ten virtual days hangs.
async fn collect<T: Item + Debug>(mut pages: Pages<T>, shown: String) -> Walked {
    let mut walked = Walked {
        items: Vec::new(),
        set_aside: Vec::new(),
        error: None,
        completeness: Completeness::Unfinished,
        shown,
    };
    loop {
        let patience = Duration::from_secs(10 * 24 * 60 * 60);
        let next = tokio::time::timeout(patience, pages.try_next()).await;
        match next.expect("a walk that hangs") {
            Ok(Some(page)) => {
                walked.shown.push_str(&format!(
                    "\n{page:#?}\n{:?}\n{:?}\n",
                    page.metadata(),
                    page.cursor()
                ));
                for rejected in page.rejected() {
                    walked.shown.push_str(rejected.reason());
                    walked
                        .set_aside
                        .push(serde_json::from_str(rejected.raw().get()).unwrap());
                }
                let items = page
                    .items
                    .iter()
                    .map(|item| serde_json::to_value(item).unwrap());
                walked.items.extend(items);
            }
            Ok(None) => break,
            Err(error) => {
                walked.shown.push_str(&show(&error));
                walked.error = Some(error);
                break;
            }
        }
    }
    walked.completeness = pages.completeness();
    walked
}

/// `Display`, `Debug` and all sources of an error.
pub fn show(error: &Error) -> String {
    let mut text = format!("{error}\n{error:#}\n{error:?}\n{error:#?}\n");
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        text.push_str(&format!("{inner}\n{inner:?}\n"));
        source = inner.source();
    }
    text
}
