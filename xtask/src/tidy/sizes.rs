//! `cargo xtask tidy --sizes`: lines and files of each room.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;

use super::{
    circles, trees,
    workspace::{self, Workspace},
};

#[derive(Default)]
struct Size {
    files: usize,
    code: usize,
    tests: usize,
    generated: usize,
}

/// Lines as `wc -l` counts them. Hand-written lines are those of tests in `tests/`, and behind `#[cfg(test)]` elsewhere.
pub(super) fn table(workspace: &Workspace) -> Result<String> {
    let trees = trees(workspace)?;
    let mut test_lines: BTreeMap<&PathBuf, BTreeSet<usize>> = BTreeMap::new();
    for (path, file) in trees.iter().flat_map(|tree| &tree.files) {
        test_lines.entry(path).or_default().extend(&file.test_lines);
    }
    let mut rooms: BTreeMap<String, Size> = BTreeMap::new();
    for path in workspace.files()? {
        let text = fs::read_to_string(workspace.root.join(&path))?;
        let lines = text.lines().count();
        let size = rooms.entry(room(&path)).or_default();
        size.files += 1;
        if workspace::is_generated(&text) {
            size.generated += lines;
            continue;
        }
        let of_tests = if path.iter().any(|folder| folder == "tests") {
            lines
        } else {
            test_lines.get(&path).map_or(0, BTreeSet::len)
        };
        size.tests += of_tests;
        size.code += lines - of_tests;
    }
    let mut table = String::new();
    let head = ("room", "files", "code", "tests", "generated");
    writeln!(
        table,
        "{:<20}{:>8}{:>10}{:>10}{:>12}",
        head.0, head.1, head.2, head.3, head.4
    )?;
    let mut total = Size::default();
    for (room, size) in &rooms {
        row(&mut table, room, size)?;
        total.files += size.files;
        total.code += size.code;
        total.tests += size.tests;
        total.generated += size.generated;
    }
    row(&mut table, "all", &total)?;
    writeln!(table, "circles of files: {}", circles::find(&trees).len())?;
    Ok(table)
}

fn row(table: &mut String, room: &str, size: &Size) -> Result<()> {
    let Size {
        files,
        code,
        tests,
        generated,
    } = size;
    writeln!(
        table,
        "{room:<20}{files:>8}{code:>10}{tests:>10}{generated:>12}"
    )?;
    Ok(())
}

/// A crate, or a folder beside `crates`.
fn room(path: &Path) -> String {
    let depth = if path.starts_with("crates") { 2 } else { 1 };
    let folders: PathBuf = path.iter().take(depth).collect();
    folders.display().to_string()
}
