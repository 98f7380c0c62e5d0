//! Circles of files: each imports the next, and the last the first.
//!
//! An import leads to the file that defines the name, whatever re-exports it. A file and its own direct children may import each
//! other. What stands behind `#[cfg(test)]` in a file that is built without it does not count.

use std::path::Path;

use petgraph::{algo::tarjan_scc, prelude::DiGraphMap};

use super::modules::Tree;

/// Files, and the first import of each by each other: its line and name.
type Imports<'t> = DiGraphMap<&'t Path, (usize, String)>;

/// Returns a description of each circle, with all files that belong to it.
pub(super) fn find(trees: &[Tree]) -> Vec<String> {
    let imports = imports(trees);
    let mut components = tarjan_scc(&imports);
    components.retain(|files| files.len() > 1);
    components
        .iter()
        .map(|files| describe(&imports, files))
        .collect()
}

fn imports(trees: &[Tree]) -> Imports<'_> {
    let mut imports = Imports::new();
    for tree in trees {
        for used in &tree.uses {
            let from = tree.modules[used.module].file.as_path();
            for to in tree.resolve(used.module, &used.path) {
                if to == from || tree.are_parent_and_child(from, to) || tree.files[to].generated {
                    continue;
                }
                let import = (used.line, used.path.join("::"));
                if imports
                    .edge_weight(from, to)
                    .is_none_or(|first| import < *first)
                {
                    imports.add_edge(from, to, import);
                }
            }
        }
    }
    imports
}

fn describe(imports: &Imports<'_>, files: &[&Path]) -> String {
    let mut lines: Vec<String> = imports
        .all_edges()
        .filter(|(from, to, _)| files.contains(from) && files.contains(to))
        .map(|(from, to, (line, name))| {
            let (from, to) = (from.display(), to.display());
            format!("  {from}:{line}: imports `{name}` of {to}\n")
        })
        .collect();
    lines.sort();
    format!(
        "circle of {} files:\n{}  \
         fix: move what they share to a file that imports none of them, or make one the child of the other\n",
        files.len(),
        lines.concat()
    )
}
