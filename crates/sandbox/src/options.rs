//! Options of a sandbox.

use std::net::{IpAddr, Ipv4Addr};

/// What a sandbox contains and where it listens.
#[derive(Debug, Clone)]
pub struct SandboxOptions {
    /// Records in each stream of contacts whose requests are not rate limited; 100 by default.
    pub users: u64,
    /// Records in every other stream; by default as many as users, at most 1000.
    pub chats: Option<u64>,
    /// Seed of people, ids and credentials: the same seed gives the same sandbox. 1 by default.
    pub seed: u64,
    /// Number of records that differ from a sandbox without edits: in one mapped field and in the time of the last change.
    pub edits: u64,
    /// Whether some records contain undocumented properties and enum values, as real platforms return them; otherwise every
    /// response conforms to its schema. Off by default.
    pub surprises: bool,
    /// Rows inserted and deleted between the pages of a list while it is read; none by default.
    pub churn: Churn,
    /// Port of the page and the control API; the platforms use the ports after it. By default the system assigns free ports.
    pub ports: Option<u16>,
    /// Address to listen on; by default 127.0.0.1, reachable from this computer only.
    pub bind: IpAddr,
    /// Platforms to start; all by default.
    pub platforms: Option<Vec<String>>,
}

/// Average number of rows inserted into and deleted from a list after each page of it is read.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Churn {
    /// New rows; they come first where a list is sorted newest first.
    pub inserts: f64,
    /// Deleted rows, anywhere in the list.
    pub deletes: f64,
}

impl Default for SandboxOptions {
    fn default() -> Self {
        Self {
            users: 100,
            chats: None,
            seed: 1,
            edits: 0,
            surprises: false,
            churn: Churn::default(),
            ports: None,
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            platforms: None,
        }
    }
}

impl SandboxOptions {
    /// Returns the default options for a single platform.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// use botroster_sandbox::{Sandbox, SandboxOptions};
    ///
    /// let sandbox = Sandbox::start_with(SandboxOptions::only("peki")).await?;
    /// assert_eq!(sandbox.platforms()[0].name, "peki");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn only(platform: &str) -> Self {
        Self {
            platforms: Some(vec![platform.to_owned()]),
            ..Self::default()
        }
    }

    pub(crate) fn chats(&self) -> u64 {
        self.chats.unwrap_or(self.users.min(1000))
    }
}
