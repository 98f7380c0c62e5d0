//! `cargo xtask tidy --sizes`: lines and files of each room.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;

use super::{
    circles, trees,
    workspace::{self, Workspace},
};

/// Files, and lines of code, tests and generated files.
type Size = [usize; 4];

/// Lines as `wc -l` counts them. Hand-written lines are those of tests in `tests/`, and behind `#[cfg(test)]` elsewhere.
pub(super) fn table(workspace: &Workspace) -> Result<String> {
    let trees = trees(workspace)?;
    let mut test_lines: BTreeMap<&PathBuf, BTreeSet<usize>> = BTreeMap::new();
    for (path, file) in trees.iter().flat_map(|tree| &tree.files) {
        test_lines.entry(path).or_default().extend(&file.test_lines);
    }
    let (mut rooms, mut all) = (BTreeMap::<String, Size>::new(), Size::default());
    for path in workspace.files()? {
        let text = fs::read_to_string(workspace.root.join(&path))?;
        let lines = text.lines().count();
        let size = if workspace::is_generated(&text) {
            [1, 0, 0, lines]
        } else if path.iter().any(|folder| folder == "tests") {
            [1, 0, lines, 0]
        } else {
            let of_tests = test_lines.get(&path).map_or(0, BTreeSet::len);
            [1, lines - of_tests, of_tests, 0]
        };
        let room = rooms.entry(room(&path)).or_default();
        for (column, count) in size.into_iter().enumerate() {
            room[column] += count;
            all[column] += count;
        }
    }
    let mut table = row("room", ["files", "code", "tests", "generated"]);
    for (room, size) in &rooms {
        table += &row(room, *size);
    }
    table += &row("all", all);
    let circles = circles::find(&trees).len();
    Ok(format!("{table}circles of files: {circles}\n"))
}

fn row(room: &str, [files, code, tests, generated]: [impl Display; 4]) -> String {
    format!("{room:<20}{files:>8}{code:>10}{tests:>10}{generated:>12}\n")
}

/// A crate, or a folder beside `crates`.
fn room(path: &Path) -> String {
    let depth = if path.starts_with("crates") { 2 } else { 1 };
    let folders: PathBuf = path.iter().take(depth).collect();
    folders.display().to_string()
}
