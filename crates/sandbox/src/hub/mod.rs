//! The page and the control API of a running sandbox, on a port of their own.

mod guard;
mod routes;
mod snippets;
mod views;

use crate::{
    Fault, FaultError,
    faults::{Faults, advice, names},
    platform::Platform,
};
pub(crate) use routes::answer;
use serde_json::Value;
use std::{net::IpAddr, sync::Arc, time::Duration};
use tokio::sync::mpsc::UnboundedSender;
pub(crate) use views::described;

/// What the hub tells about and acts on.
#[derive(Debug)]
pub(crate) struct Hub {
    pub(crate) platforms: Vec<Listed>,
    pub(crate) faults: Arc<Faults>,
    /// Where the hub listens.
    pub(crate) address: IpAddr,
}

/// A platform and what is always true of it.
pub(crate) struct Listed {
    pub(crate) platform: Arc<Platform>,
    /// Its name, address, keys and operations.
    pub(crate) described: Value,
    /// Makes it refuse connections for a while.
    pub(crate) down: UnboundedSender<Duration>,
}

/// The description holds credentials.
impl std::fmt::Debug for Listed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listed")
            .field("name", &self.platform.spec.platform)
            .finish_non_exhaustive()
    }
}

impl Hub {
    fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.platforms
            .iter()
            .map(|listed| listed.platform.spec.platform.as_str())
    }

    /// Sets a fault that some operation here can suffer, and tells its id.
    pub(crate) fn add_fault(&self, fault: Fault) -> Result<u64, FaultError> {
        let wanted = fault.platform.as_deref();
        let fits = |name: &str| wanted.is_none_or(|wanted| wanted == name);
        if let Some(name) = wanted.filter(|_| !self.names().any(fits)) {
            let advice = advice(name, self.names());
            return Err(FaultError(format!(
                "there is no platform '{name}' here{advice}"
            )));
        }
        let chosen = self.platforms.iter().map(|listed| &listed.platform.spec);
        let chosen = chosen.filter(|spec| fits(&spec.platform));
        let operations = chosen.flat_map(|spec| &spec.operations).flat_map(names);
        if let Some(name) = &fault.operation
            && !operations.clone().any(|known| known == name)
        {
            let advice = advice(name, operations);
            return Err(FaultError(format!(
                "there is no operation '{name}' here{advice}"
            )));
        }
        if fault.is_at_once() {
            let time = Duration::from_secs(fault.count("seconds"));
            for listed in &self.platforms {
                if fits(&listed.platform.spec.platform) {
                    let _ = listed.down.send(time);
                }
            }
        }
        Ok(self.faults.add(fault))
    }

    /// The platforms as they were at the start, without faults.
    pub(crate) fn reset(&self) {
        self.faults.clear();
        for listed in &self.platforms {
            listed.platform.reset();
        }
    }
}
