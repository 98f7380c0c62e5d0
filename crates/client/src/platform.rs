//! A platform as an object, for programs that treat all platforms alike.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::value::RawValue;

use crate::{
    Error, Pages,
    platform_info::{PlatformInfo, StreamInfo},
    settings::Settings,
};

/// Pages of undecoded records.
pub type RawPages = Pages<Box<RawValue>>;

/// A platform that has a client.
pub trait Platform: Send + Sync + 'static {
    /// Returns the description of the platform.
    fn info(&self) -> &'static PlatformInfo;

    /// Creates a client of this platform. No request is made.
    ///
    /// # Errors
    /// A setting is missing or malformed.
    fn connect(&self, settings: Settings) -> Result<Arc<dyn Connection>, Error>;
}

/// A client of a platform, addressed by stream.
pub trait Connection: Send + Sync {
    /// Returns the records of a stream. `arguments` are the parameters named in [`StreamInfo::seeds`] or
    /// [`ParentInfo::bind`](crate::ParentInfo::bind), by wire name. Requests are made on demand.
    ///
    /// # Errors
    /// The stream belongs to another platform, or an argument or scope parameter is missing.
    fn walk(
        &self,
        stream: &'static StreamInfo,
        arguments: &BTreeMap<String, String>,
    ) -> Result<RawPages, Error>;
}
