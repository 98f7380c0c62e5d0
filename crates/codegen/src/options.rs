//! Options of code generation.

/// Selects the files that [`generate`](crate::generate) returns.
#[derive(Debug, Clone)]
pub struct Options {
    pub(crate) target: OutputTarget,
}

#[derive(Debug, Clone)]
pub(crate) enum OutputTarget {
    /// A crate for each platform, in a workspace.
    Workspace { version: String },
    /// A module for each platform, in the crate of this name.
    Modules { crate_name: String },
}

impl Options {
    /// Generates the crates of a workspace: one for each platform under [`CRATES`](crate::CRATES), the one that lists them,
    /// the sandbox's models, and the page on personal data. Paths are relative to the workspace's root.
    ///
    /// `version` is that of the workspace; the list of platforms depends on the crates in it.
    pub fn workspace(version: impl Into<String>) -> Self {
        let version = version.into();
        Self {
            target: OutputTarget::Workspace { version },
        }
    }

    /// Generates modules for a build script. Write the files to `OUT_DIR` and include `platforms.rs` of them in the root of
    /// the crate, whose name as code spells it is `crate_name`:
    ///
    /// ```text
    /// include!(concat!(env!("OUT_DIR"), "/platforms.rs"));
    /// ```
    ///
    /// The crate depends on `botroster-client`, and its tests on `botroster-sandbox`, `serde_json` and `tokio`.
    pub fn modules(crate_name: impl Into<String>) -> Self {
        let crate_name = crate_name.into();
        Self {
            target: OutputTarget::Modules { crate_name },
        }
    }
}
