//! One side of a comparison: a process that makes the same call again and again.

use std::env;

use anyhow::{Context as _, Result, bail};
use tokio::runtime::{Builder, Runtime};

use crate::{baseline, typed};

/// The calls of a side.
pub struct Side {
    runtime: Runtime,
    client: Client,
    page: String,
}

enum Client {
    Hand(baseline::Client),
    Typed(botroster_peki::Client),
}

impl Side {
    /// Returns the side that the arguments of this process ask for, and the arguments that follow; nothing for a process that
    /// compares.
    ///
    /// # Errors
    /// The arguments are incomplete, or the URL is malformed.
    pub fn of_arguments() -> Result<Option<(Self, Vec<String>)>> {
        let mut arguments = env::args()
            .skip_while(|argument| argument != "side")
            .skip(1);
        let Some(case) = arguments.next() else {
            return Ok(None);
        };
        let url = arguments.next().context("a side needs a URL")?;
        // The chatbot's id tells the server which page to give.
        let (way, page) = case.split_once('-').context("a case is WAY-PAGE")?;
        let client = match way {
            "hand" => Client::Hand(baseline::Client::new(&url)?),
            _ => Client::Typed(typed(&url)?),
        };
        let side = Self {
            runtime: Builder::new_current_thread().enable_all().build()?,
            client,
            page: page.to_owned(),
        };
        Ok(Some((side, arguments.collect())))
    }

    /// Makes so many calls.
    ///
    /// # Errors
    /// A call fails, or returns an empty page.
    pub fn calls(&self, times: u32) -> Result<()> {
        self.runtime.block_on(async {
            match &self.client {
                Client::Hand(client) => {
                    for _ in 0..times {
                        filled(client.list(&self.page).await?.data.len())?;
                    }
                }
                Client::Typed(client) => {
                    let users = client.chatbot(&self.page).users();
                    for _ in 0..times {
                        filled(users.list().page(1).page_size(100).await?.items.len())?;
                    }
                }
            }
            Ok(())
        })
    }
}

/// Keeps the work from being optimised away, and shows that it was done.
fn filled(users: usize) -> Result<()> {
    if users == 0 {
        bail!("a page was empty");
    }
    Ok(())
}
