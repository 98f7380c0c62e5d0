//! Which file defines what a path names, through all re-exports.

use std::{collections::BTreeSet, path::Path};

use super::modules::{Binding, Tree};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Module(usize),
    /// Something that the file of this module defines.
    Item(usize),
}

/// The imports and globs that were followed on the way, by module, name and position.
type Followed<'t> = BTreeSet<(usize, &'t str, usize)>;

impl Tree {
    /// The files that a path may lead to: none where it leaves the crate.
    pub(super) fn resolve<'t>(&'t self, module: usize, path: &'t [String]) -> BTreeSet<&'t Path> {
        // A name by itself says something only where a glob brought it: an import is a path too.
        let [name] = path else {
            return self.files_of(&self.walk(module, path, &mut BTreeSet::new()));
        };
        if self.modules[module].names.contains_key(name) {
            return BTreeSet::new();
        }
        self.files_of(&self.by_glob(module, name, &mut BTreeSet::new()))
    }

    fn files_of(&self, targets: &BTreeSet<Target>) -> BTreeSet<&Path> {
        targets
            .iter()
            .map(|target| match target {
                Target::Module(module) | Target::Item(module) => {
                    self.modules[*module].file.as_path()
                }
            })
            .collect()
    }

    fn walk<'t>(
        &'t self,
        module: usize,
        path: &'t [String],
        followed: &mut Followed<'t>,
    ) -> BTreeSet<Target> {
        let (mut at, mut rest) = (module, path);
        while let Some((first, others)) = rest.split_first() {
            match first.as_str() {
                "crate" => at = 0,
                "super" => at = self.modules[at].parent.unwrap_or(0),
                "self" => {}
                _ => break,
            }
            rest = others;
        }
        let Some((name, others)) = rest.split_first() else {
            return BTreeSet::from([Target::Module(at)]);
        };
        let found = self.name(at, name, followed);
        if found.is_empty() && rest.len() < path.len() {
            // A macro defines it.
            return BTreeSet::from([Target::Item(at)]);
        }
        self.onward(found, others, followed)
    }

    /// Follows the rest of a path from what its beginning may be.
    fn onward<'t>(
        &'t self,
        from: BTreeSet<Target>,
        rest: &'t [String],
        followed: &mut Followed<'t>,
    ) -> BTreeSet<Target> {
        let Some((name, others)) = rest.split_first() else {
            return from;
        };
        let modules: Vec<usize> = from
            .iter()
            .filter_map(|target| match target {
                Target::Module(module) => Some(*module),
                Target::Item(_) => None,
            })
            .collect();
        if modules.is_empty() || name == "*" {
            return from;
        }
        let mut targets = BTreeSet::new();
        for module in modules {
            let found = self.name(module, name, followed);
            if found.is_empty() {
                targets.insert(Target::Item(module));
            } else {
                targets.extend(self.onward(found, others, followed));
            }
        }
        targets
    }

    /// What a name of a module may be.
    fn name<'t>(
        &'t self,
        module: usize,
        name: &'t str,
        followed: &mut Followed<'t>,
    ) -> BTreeSet<Target> {
        let Some(bindings) = self.modules[module].names.get(name) else {
            return self.by_glob(module, name, followed);
        };
        let mut targets = BTreeSet::new();
        for (position, binding) in bindings.iter().enumerate() {
            match binding {
                Binding::Module(module) => {
                    targets.insert(Target::Module(*module));
                }
                Binding::Item(module) => {
                    targets.insert(Target::Item(*module));
                }
                Binding::Import(path) => {
                    if followed.insert((module, name, position)) {
                        targets.extend(self.walk(module, path, followed));
                    }
                }
            }
        }
        targets
    }

    fn by_glob<'t>(
        &'t self,
        module: usize,
        name: &'t str,
        followed: &mut Followed<'t>,
    ) -> BTreeSet<Target> {
        let mut targets = BTreeSet::new();
        for (position, glob) in self.modules[module].globs.iter().enumerate() {
            // Globs are counted from where imports end.
            if !followed.insert((module, name, usize::MAX - position)) {
                continue;
            }
            for target in self.walk(module, glob, followed) {
                if let Target::Module(brought) = target
                    && brought != module
                {
                    targets.extend(self.name(brought, name, followed));
                }
            }
        }
        targets
    }
}
