//! Which file defines what a path names, through all re-exports.

use std::{collections::BTreeSet, path::Path};

use super::{
    modules::{Binding, Tree},
    paths::GLOB,
};

/// What a path may name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Module(usize),
    /// Something that the file of this module defines.
    Item(usize),
}

/// The imports that were followed on the way: the module, the name that was looked up, and the path.
type Followed<'t> = BTreeSet<(usize, &'t str, &'t [String])>;

impl Tree {
    /// Returns the files that a path may lead to: none where it leaves the crate.
    pub(super) fn resolve<'t>(&'t self, module: usize, path: &'t [String]) -> BTreeSet<&'t Path> {
        let mut followed = Followed::new();
        let targets = match path {
            // A name by itself says something only where a glob brought it: an import is a path too.
            [name] if self.modules[module].names.contains_key(name) => BTreeSet::new(),
            [name] => self.by_glob(module, name, &mut followed),
            _ => self.walk(module, path, &mut followed),
        };
        let file = |target| match target {
            Target::Module(module) | Target::Item(module) => self.modules[module].file.as_path(),
        };
        targets.into_iter().map(file).collect()
    }

    fn walk<'t>(
        &'t self,
        module: usize,
        path: &'t [String],
        followed: &mut Followed<'t>,
    ) -> BTreeSet<Target> {
        let mut targets = BTreeSet::from([Target::Module(module)]);
        let is_module = |target: &Target| matches!(target, Target::Module(_));
        for (position, name) in path.iter().enumerate() {
            // A path leads on through a module, not through a function or macro of the same name.
            if targets.iter().any(is_module) {
                targets.retain(is_module);
            }
            let mut next = BTreeSet::new();
            for target in targets {
                let Target::Module(module) = target else {
                    next.insert(target);
                    continue;
                };
                let found = match name.as_str() {
                    "crate" => BTreeSet::from([Target::Module(0)]),
                    "super" => {
                        BTreeSet::from([Target::Module(self.modules[module].parent.unwrap_or(0))])
                    }
                    "self" | GLOB => BTreeSet::from([target]),
                    name => self.name(module, name, followed),
                };
                if found.is_empty() && position > 0 {
                    // A macro defines it.
                    next.insert(Target::Item(module));
                }
                next.extend(found);
            }
            targets = next;
        }
        targets
    }

    /// Returns what a name of a module may be.
    fn name<'t>(
        &'t self,
        module: usize,
        name: &'t str,
        followed: &mut Followed<'t>,
    ) -> BTreeSet<Target> {
        let Some(bindings) = self.modules[module].names.get(name) else {
            return self.by_glob(module, name, followed);
        };
        let targets = bindings.iter().flat_map(|binding| match binding {
            Binding::Module(module) => BTreeSet::from([Target::Module(*module)]),
            Binding::Item(module) => BTreeSet::from([Target::Item(*module)]),
            Binding::Import(path) if followed.insert((module, name, path)) => {
                self.walk(module, path, followed)
            }
            Binding::Import(_) => BTreeSet::new(),
        });
        targets.collect()
    }

    fn by_glob<'t>(
        &'t self,
        module: usize,
        name: &'t str,
        followed: &mut Followed<'t>,
    ) -> BTreeSet<Target> {
        let globs = self.modules[module].names.get(GLOB);
        let mut targets = BTreeSet::new();
        for glob in globs.into_iter().flatten() {
            let Binding::Import(path) = glob else {
                continue;
            };
            if !followed.insert((module, name, path)) {
                continue;
            }
            for target in self.walk(module, path, followed) {
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
