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
    /// Generates the files of a workspace: a crate per platform in [`CRATES`](crate::CRATES), the crate [`LIST`](crate::LIST) that
    /// lists them, the models of the sandbox in [`MODELS`](crate::MODELS), and the page [`PERSONAL_DATA`](crate::PERSONAL_DATA).
    /// Paths are relative to the root of the workspace.
    ///
    /// `version` is the version of the crates, which the list requires.
    pub fn workspace(version: impl Into<String>) -> Self {
        let version = version.into();
        Self {
            target: OutputTarget::Workspace { version },
        }
    }

    /// Generates modules for a build script: one module per platform, and functions that list the platforms.
    ///
    /// Write the files to `OUT_DIR` and include `platforms.rs` in the root of the crate. `crate_name` is the name of that crate
    /// in code, with underscores:
    ///
    /// ```text
    /// include!(concat!(env!("OUT_DIR"), "/platforms.rs"));
    /// ```
    ///
    /// The crate requires the dependency `botroster-client`, and for the generated doctests the dev-dependencies
    /// `botroster-sandbox`, `serde_json` and `tokio`.
    pub fn modules(crate_name: impl Into<String>) -> Self {
        let crate_name = crate_name.into();
        Self {
            target: OutputTarget::Modules { crate_name },
        }
    }
}
