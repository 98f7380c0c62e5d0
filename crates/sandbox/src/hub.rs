//! The page and the control API of a running sandbox, on their own port.

mod guard;
mod routes;
mod snippets;
mod views;

use crate::{
    faults::{
        active::{ActiveFaults, operation_names},
        fault::{Fault, FaultError, known_names},
    },
    platform::Platform,
};
pub(crate) use routes::handle;
use serde_json::Value;
use std::{net::IpAddr, sync::Arc, time::Duration};
use tokio::sync::mpsc::UnboundedSender;
pub(crate) use views::describe;

/// The platforms and faults of a running sandbox.
#[derive(Debug)]
pub(crate) struct Hub {
    pub(crate) platforms: Vec<ListedPlatform>,
    pub(crate) faults: Arc<ActiveFaults>,
    /// Where the hub listens.
    pub(crate) address: IpAddr,
}

/// A platform and its description.
pub(crate) struct ListedPlatform {
    pub(crate) platform: Arc<Platform>,
    /// Name, address, keys and operations.
    pub(crate) description: Value,
    /// Makes the platform refuse connections for a time.
    pub(crate) outage: UnboundedSender<Duration>,
}

/// Omits the description, which contains credentials.
impl std::fmt::Debug for ListedPlatform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ListedPlatform")
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

    /// Sets a fault and returns its id, if its platform and operation exist.
    pub(crate) fn add_fault(&self, fault: Fault) -> Result<u64, FaultError> {
        let wanted = fault.only.platform.as_deref();
        let fits = |name: &str| wanted.is_none_or(|wanted| wanted == name);
        if let Some(name) = wanted.filter(|_| !self.names().any(fits)) {
            let known = known_names(name, self.names());
            return Err(FaultError(format!(
                "platform '{name}' does not exist{known}"
            )));
        }
        let chosen = self.platforms.iter().map(|listed| &listed.platform.spec);
        let chosen = chosen.filter(|spec| fits(&spec.platform));
        let operations = chosen
            .flat_map(|spec| &spec.operations)
            .flat_map(operation_names);
        if let Some(name) = &fault.only.operation
            && !operations.clone().any(|known| known == name)
        {
            let known = known_names(name, operations);
            return Err(FaultError(format!(
                "operation '{name}' does not exist{known}"
            )));
        }
        if fault.is_immediate() {
            let time = Duration::from_secs(fault.count("seconds"));
            for listed in &self.platforms {
                if fits(&listed.platform.spec.platform) {
                    let _ = listed.outage.send(time);
                }
            }
        }
        Ok(self.faults.add(fault))
    }

    /// Restores the initial state of all platforms, without faults.
    pub(crate) fn reset(&self) {
        self.faults.clear();
        for listed in &self.platforms {
            listed.platform.reset();
        }
    }
}
