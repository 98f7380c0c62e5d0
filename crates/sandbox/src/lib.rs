//! The platforms on loopback, driven by their specs: strict checks, real authentication, deterministic invented people.
//!
//! Each platform listens on its own port of 127.0.0.1 and behaves as the real host: it verifies signatures and tokens, refuses
//! what its document does not allow, paginates, limits rates, and keeps writes until it stops. All of this follows from the
//! platform's spec; the code contains nothing about any platform.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! use botroster_sandbox::{Sandbox, SandboxOptions};
//!
//! let mut options = SandboxOptions::default();
//! options.users = 20;
//! let sandbox = Sandbox::start_with(options).await?;
//! for platform in sandbox.platforms() {
//!     println!("{} at {}", platform.name, platform.base_url);
//! }
//! let mut people = Vec::new();
//! sandbox.dump(&mut people)?;
//! assert!(!people.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod access;
mod data;
mod error;
mod faults;
#[rustfmt::skip]
mod generated;
mod hash;
mod http;
mod hub;
mod keys;

mod options;
mod platform;

mod recorded;
mod reply;
mod request;
mod running;
mod sandbox;

mod spec;
mod values;

pub use error::SandboxError;
pub use faults::{
    fault::{Fault, FaultError},
    kinds::FaultKind,
};
pub use keys::{AccessKey, Scope};
pub use options::{Churn, SandboxOptions};
pub use platform::summary::{CollectionState, OperationInfo};
pub use recorded::{RecordedRequest, SignatureVerdict, Violation, ViolationKind};
pub use running::Running;
pub use sandbox::Sandbox;
