//! Where snapshots are, and that there are none too many.

use std::{collections::BTreeSet, fs, path::Path};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots");

/// Settings of the snapshots in one folder.
pub fn snapshots(folder: &str) -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new(FOLDER).join(folder));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

/// The names of the snapshots in one folder.
pub fn names(folder: &str) -> BTreeSet<String> {
    let files = fs::read_dir(Path::new(FOLDER).join(folder)).unwrap();
    let files = files.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    files
        .filter_map(|name| Some(name.strip_suffix(".snap")?.to_owned()))
        .collect()
}

/// The snapshots of a platform are those that were just compared.
pub fn assert_no_stale(folder: &str, platform: &str, compared: &BTreeSet<String>) {
    let prefix = format!("{platform}__");
    let stale: Vec<_> = names(folder)
        .into_iter()
        .filter(|name| name.starts_with(&prefix) && !compared.contains(name))
        .collect();
    assert!(
        stale.is_empty(),
        "snapshots that no test compares: {stale:?}"
    );
}
