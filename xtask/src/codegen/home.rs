//! Where the specs of a kind are, and where what is made of them goes.

/// The places of one kind of platforms, as paths from the workspace's root.
pub(crate) struct Home {
    /// Folder of the specs.
    pub(crate) specs: &'static str,
    /// Folder of the crates.
    crates: &'static str,
    /// Folder of the crate that lists all, in `crates`; its package is `package`.
    pub(crate) list: &'static str,
    pub(super) package: &'static str,
    pub(super) about: &'static str,
    /// Folder of the specs as JSON.
    pub(super) documents: &'static str,
    /// The page on personal data.
    pub(super) personal_data: &'static str,
    is_published: bool,
}

/// The platforms that there are.
pub(crate) const PLATFORMS: Home = Home {
    specs: "specs",
    crates: "crates",
    list: "platforms",
    package: "botroster-platforms",
    about: "Every platform that botroster has a client for, as one list.",
    documents: "crates/sandbox/src/generated",
    personal_data: "docs/personal-data.md",
    is_published: true,
};

/// Invented platforms, which show that a spec is all that a platform takes. Nothing that is published knows them.
pub(crate) const TEST_PLATFORMS: Home = Home {
    specs: "xtask/tests/platforms",
    crates: "tests/platforms",
    list: "all",
    package: "botroster-test-platforms",
    about: "Every platform of xtask/tests/platforms, as one list.",
    documents: "tests/platforms/all/src/generated",
    personal_data: "tests/platforms/personal-data.md",
    is_published: false,
};

impl Home {
    /// The home of a spec's file.
    pub(super) fn of(file: &str) -> &'static Self {
        if file.starts_with(TEST_PLATFORMS.specs) {
            &TEST_PLATFORMS
        } else {
            &PLATFORMS
        }
    }

    /// The spec as JSON, from the folder of its crate; `None` where the sandbox has it.
    pub(super) fn document(&self, platform: &str) -> Option<String> {
        let folder = self.documents.strip_prefix(self.crates)?;
        (!self.is_published).then(|| format!("/..{folder}/{platform}.json"))
    }

    /// What the sandbox shows as examples of a client, as JSON; `None` where it does not know the platform.
    pub(crate) fn examples(&self, platform: &str) -> Option<String> {
        self.is_published
            .then(|| format!("{}/examples/{platform}.json", self.documents))
    }

    /// Folder of a platform's crate.
    pub(crate) fn folder(&self, platform: &str) -> String {
        format!("{}/{platform}", self.crates)
    }

    pub(crate) fn spec(&self, platform: &str) -> String {
        format!("{}/{platform}.yaml", self.specs)
    }

    /// Every folder that may hold generated files.
    pub(crate) fn crates(&self) -> &'static str {
        self.crates
    }

    /// Whether other files than those of a crate's spec are generated into `src/generated` of this folder of `crates`.
    pub(crate) fn holds_documents(&self, folder: &str) -> bool {
        self.documents == format!("{}/{folder}/src/generated", self.crates)
    }

    /// The page on personal data, from the folder of a platform's crate.
    pub(super) fn personal_data(&self) -> String {
        let up = self.crates.split('/').map(|_| "../").collect::<String>();
        format!("../{up}{}", self.personal_data)
    }

    /// The line of a manifest that keeps a crate from being published.
    pub(super) fn publish(&self) -> &'static str {
        if self.is_published {
            ""
        } else {
            "publish = false\n"
        }
    }

    /// What the list of test platforms has besides the list: the crates by name, and the specs.
    pub(super) fn more(&self, crates: &[(String, String)]) -> String {
        if self.is_published {
            return String::new();
        }
        let uses: String = crates
            .iter()
            .map(|(name, krate)| format!("pub use {krate} as {name};\n"))
            .collect();
        format!(
            "
mod generated;

{uses}
/// Name and spec, as JSON, of every platform, as a sandbox takes them.
pub fn specs() -> &'static [(&'static str, &'static str)] {{
    generated::SPECS
}}
"
        )
    }
}
