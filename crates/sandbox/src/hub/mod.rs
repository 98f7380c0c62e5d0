//! The page and the control API of a running sandbox, on a port of their own.

mod guard;
mod routes;
mod views;

use crate::platform::Platform;
pub(crate) use routes::answer;
use serde_json::Value;
use std::{net::IpAddr, sync::Arc};
pub(crate) use views::described;

/// What the hub tells about and acts on.
pub(crate) struct Hub {
    pub(crate) platforms: Vec<Listed>,
    /// Where the hub listens.
    pub(crate) address: IpAddr,
}

/// A platform and what is always true of it.
pub(crate) struct Listed {
    pub(crate) platform: Arc<Platform>,
    /// Its name, address, keys and operations.
    pub(crate) described: Value,
}

impl Hub {
    fn names(&self) -> impl Iterator<Item = &str> {
        self.platforms
            .iter()
            .map(|listed| listed.platform.spec.platform.as_str())
    }

    /// The platforms as they were at the start.
    fn reset(&self) {
        for listed in &self.platforms {
            listed.platform.reset();
        }
    }
}
