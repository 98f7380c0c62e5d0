//! Circles of files: each imports the next, and the last the first.
//!
//! An import leads to the file that defines the name, whatever re-exports it. A file and its own direct children may import each
//! other. What stands behind `#[cfg(test)]` in a file that is built without it does not count.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::PathBuf,
};

use super::modules::Tree;

pub(super) struct Circle {
    files: BTreeSet<PathBuf>,
    imports: Vec<Import>,
}

struct Import {
    from: PathBuf,
    line: usize,
    name: String,
    to: PathBuf,
}

/// The first import of each file by each other file.
type Imports = BTreeMap<PathBuf, BTreeMap<PathBuf, (usize, String)>>;

/// All circles, each of as many files as belong to it.
pub(super) fn find(trees: &[Tree]) -> Vec<Circle> {
    let imports = imports(trees);
    let reached: BTreeMap<&PathBuf, BTreeSet<&PathBuf>> = imports
        .keys()
        .map(|file| (file, reach(&imports, file)))
        .collect();
    let mut circles = Vec::new();
    let mut known = BTreeSet::new();
    for (file, others) in &reached {
        if known.contains(file) || !others.contains(file) {
            continue;
        }
        let back = |other: &&PathBuf| {
            reached
                .get(*other)
                .is_some_and(|others| others.contains(file))
        };
        let files: BTreeSet<PathBuf> = others.iter().copied().filter(back).cloned().collect();
        known.extend(others.iter().copied().filter(back));
        circles.push(Circle {
            imports: within(&imports, &files),
            files,
        });
    }
    circles
}

fn imports(trees: &[Tree]) -> Imports {
    let mut imports = Imports::new();
    for tree in trees {
        for used in &tree.uses {
            let from = &tree.modules[used.module].file;
            for to in tree.resolve(used.module, &used.path) {
                if to == from || tree.are_parent_and_child(from, to) || tree.files[to].generated {
                    continue;
                }
                let first = (used.line, used.path.join("::"));
                imports
                    .entry(from.clone())
                    .or_default()
                    .entry(to.to_owned())
                    .and_modify(|known| *known = known.clone().min(first.clone()))
                    .or_insert(first);
            }
        }
    }
    imports
}

impl Tree {
    fn are_parent_and_child(&self, one: &std::path::Path, other: &std::path::Path) -> bool {
        let parent = |file: &std::path::Path| self.files[file].parent.as_deref();
        parent(one) == Some(other) || parent(other) == Some(one)
    }
}

/// Every file that a file imports, directly or through others.
fn reach<'i>(imports: &'i Imports, file: &PathBuf) -> BTreeSet<&'i PathBuf> {
    let mut reached = BTreeSet::new();
    let mut queue = vec![file];
    while let Some(file) = queue.pop() {
        for other in imports.get(file).into_iter().flat_map(BTreeMap::keys) {
            if reached.insert(other) {
                queue.push(other);
            }
        }
    }
    reached
}

fn within(imports: &Imports, files: &BTreeSet<PathBuf>) -> Vec<Import> {
    let mut found = Vec::new();
    for from in files {
        for (to, (line, name)) in imports.get(from).into_iter().flatten() {
            if files.contains(to) {
                let (from, to) = (from.clone(), to.clone());
                found.push(Import {
                    from,
                    line: *line,
                    name: name.clone(),
                    to,
                });
            }
        }
    }
    found
}

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "circle of {} files:", self.files.len())?;
        for import in &self.imports {
            let Import {
                from,
                line,
                name,
                to,
            } = import;
            writeln!(
                f,
                "  {}:{line}: imports `{name}` of {}",
                from.display(),
                to.display()
            )?;
        }
        writeln!(
            f,
            "  fix: move what they share to a file that imports none of them, or make one the child of the other"
        )
    }
}
