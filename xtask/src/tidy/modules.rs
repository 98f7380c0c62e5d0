//! The modules of one target: which file each is in, the names it knows, and the paths it uses.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Component, Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use proc_macro2::TokenTree;
use quote::ToTokens as _;
use syn::{Attribute, Item, ItemMod, Meta, UseTree, spanned::Spanned as _};

use super::{paths, workspace};

/// All modules of a target. The root is the first.
pub(super) struct Tree {
    pub(super) modules: Vec<Module>,
    pub(super) files: BTreeMap<PathBuf, SourceFile>,
    pub(super) uses: Vec<Use>,
}

pub(super) struct Module {
    pub(super) file: PathBuf,
    pub(super) parent: Option<usize>,
    pub(super) names: BTreeMap<String, Vec<Binding>>,
    pub(super) globs: Vec<Vec<String>>,
}

/// What a name of a module stands for.
pub(super) enum Binding {
    Module(usize),
    /// Something that the file of this module defines.
    Item(usize),
    Import(Vec<String>),
}

/// A path that a module names outside its unit tests.
pub(super) struct Use {
    pub(super) module: usize,
    pub(super) path: Vec<String>,
    pub(super) line: usize,
}

#[derive(Default)]
pub(super) struct SourceFile {
    /// The file with the `mod` declaration of this one.
    pub(super) parent: Option<PathBuf>,
    pub(super) generated: bool,
    /// The lines of items behind `#[cfg(test)]`: all of them where the module itself is.
    pub(super) test_lines: BTreeSet<usize>,
}

/// Where a module is read, and where the files of its children are.
struct Place {
    module: usize,
    children: PathBuf,
    test: bool,
    /// Whether the whole file is built for tests only.
    test_file: bool,
}

impl Tree {
    pub(super) fn read(root: &Path, target: &Path) -> Result<Tree> {
        let mut tree = Tree {
            modules: Vec::new(),
            files: BTreeMap::new(),
            uses: Vec::new(),
        };
        let children = target.parent().unwrap_or(Path::new("")).to_owned();
        tree.file(root, target, None, children, false)?;
        Ok(tree)
    }

    /// Reads a file and its children, and returns its module.
    fn file(
        &mut self,
        root: &Path,
        file: &Path,
        parent: Option<usize>,
        children: PathBuf,
        test: bool,
    ) -> Result<usize> {
        let text =
            fs::read_to_string(root.join(file)).with_context(|| file.display().to_string())?;
        let generated = workspace::is_generated(&text);
        let source = SourceFile {
            parent: parent.map(|parent| self.modules[parent].file.clone()),
            generated,
            test_lines: if test {
                (1..=text.lines().count()).collect()
            } else {
                BTreeSet::new()
            },
        };
        self.files.insert(file.to_owned(), source);
        let module = self.module(file, parent);
        if !generated {
            let items = syn::parse_file(&text)
                .with_context(|| file.display().to_string())?
                .items;
            self.items(
                root,
                items,
                &Place {
                    module,
                    children,
                    test,
                    test_file: test,
                },
            )?;
        }
        Ok(module)
    }

    fn module(&mut self, file: &Path, parent: Option<usize>) -> usize {
        self.modules.push(Module {
            file: file.to_owned(),
            parent,
            names: BTreeMap::new(),
            globs: Vec::new(),
        });
        self.modules.len() - 1
    }

    fn items(&mut self, root: &Path, items: Vec<Item>, place: &Place) -> Result<()> {
        for item in items {
            let test = place.test || is_test(attributes(&item));
            if test {
                let lines = item.span().start().line..=item.span().end().line;
                let file = &self.modules[place.module].file;
                if let Some(file) = self.files.get_mut(file) {
                    file.test_lines.extend(lines);
                }
            }
            match item {
                Item::Mod(item) => {
                    let child = self.child(root, &item, place, test)?;
                    self.bind(place.module, item.ident.to_string(), Binding::Module(child));
                    if let Some((_, items)) = item.content {
                        let children = place.children.join(item.ident.to_string());
                        let module = child;
                        self.items(
                            root,
                            items,
                            &Place {
                                module,
                                children,
                                test,
                                test_file: place.test_file,
                            },
                        )?;
                    }
                }
                item => {
                    self.names(&item, place.module);
                    // What a unit test imports is no import of the code around it.
                    if !test || place.test_file {
                        self.uses(item, place.module);
                    }
                }
            }
        }
        Ok(())
    }

    /// The module of a `mod` item; its items are read if they are in another file.
    fn child(&mut self, root: &Path, item: &ItemMod, place: &Place, test: bool) -> Result<usize> {
        let parent = Some(place.module);
        if item.content.is_some() {
            let file = self.modules[place.module].file.clone();
            return Ok(self.module(&file, parent));
        }
        let name = item.ident.to_string();
        let name = name.trim_start_matches("r#");
        let (beside, children) = match path_attribute(&item.attrs) {
            Some(path) => {
                let file = plain(&self.modules[place.module].file.with_file_name(path));
                let folder = file.parent().unwrap_or(&file).to_owned();
                (file, folder)
            }
            None => (
                place.children.join(format!("{name}.rs")),
                place.children.join(name),
            ),
        };
        let inside = children.join("mod.rs");
        for file in [beside, inside] {
            if root.join(&file).is_file() {
                return self.file(root, &file, parent, children, test);
            }
        }
        let (file, line) = (
            self.modules[place.module].file.display(),
            item.span().start().line,
        );
        bail!("{file}:{line}: the file of module `{name}` is missing")
    }

    fn bind(&mut self, module: usize, name: String, binding: Binding) {
        self.modules[module]
            .names
            .entry(name)
            .or_default()
            .push(binding);
    }

    fn names(&mut self, item: &Item, module: usize) {
        let ident = match item {
            Item::Const(item) => &item.ident,
            Item::Enum(item) => &item.ident,
            Item::Fn(item) => &item.sig.ident,
            Item::Static(item) => &item.ident,
            Item::Struct(item) => &item.ident,
            Item::Trait(item) => &item.ident,
            Item::TraitAlias(item) => &item.ident,
            Item::Type(item) => &item.ident,
            Item::Union(item) => &item.ident,
            Item::Use(item) => {
                self.imports(&item.tree, &mut Vec::new(), module);
                return;
            }
            Item::Macro(item) => {
                match &item.ident {
                    Some(ident) => {
                        self.bind(module, ident.to_string(), Binding::Item(module));
                        if item
                            .attrs
                            .iter()
                            .any(|attribute| attribute.path().is_ident("macro_export"))
                        {
                            self.bind(0, ident.to_string(), Binding::Item(module));
                        }
                    }
                    None => self.made_by_macro(item.mac.tokens.clone(), module),
                }
                return;
            }
            _ => return,
        };
        self.bind(module, ident.to_string(), Binding::Item(module));
    }

    /// The items in the arguments of a macro, which most likely are defined by it.
    fn made_by_macro(&mut self, tokens: proc_macro2::TokenStream, module: usize) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for pair in tokens.windows(2) {
            if let [TokenTree::Ident(word), TokenTree::Ident(name)] = pair
                && ["struct", "enum", "fn", "const", "static", "type", "trait"]
                    .iter()
                    .any(|known| word == known)
            {
                self.bind(module, name.to_string(), Binding::Item(module));
            }
        }
    }

    fn imports(&mut self, tree: &UseTree, prefix: &mut Vec<String>, module: usize) {
        match tree {
            UseTree::Path(path) => {
                prefix.push(path.ident.to_string());
                self.imports(&path.tree, prefix, module);
                prefix.pop();
            }
            UseTree::Name(name) if name.ident == "self" => {
                if let Some(last) = prefix.last() {
                    self.bind(module, last.clone(), Binding::Import(prefix.clone()));
                }
            }
            UseTree::Name(name) => {
                let path = prefix
                    .iter()
                    .cloned()
                    .chain([name.ident.to_string()])
                    .collect();
                self.bind(module, name.ident.to_string(), Binding::Import(path));
            }
            UseTree::Rename(rename) => {
                let own = (rename.ident != "self").then(|| rename.ident.to_string());
                let path = prefix.iter().cloned().chain(own).collect();
                self.bind(module, rename.rename.to_string(), Binding::Import(path));
            }
            UseTree::Glob(_) => self.modules[module].globs.push(prefix.clone()),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.imports(tree, prefix, module);
                }
            }
        }
    }

    fn uses(&mut self, item: Item, module: usize) {
        let found = paths::paths(item.into_token_stream());
        self.uses.extend(found.into_iter().map(|found| Use {
            module,
            path: found.path,
            line: found.line,
        }));
    }
}

/// Returns whether an item exists in tests only.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let Meta::List(list) = &attribute.meta else {
            return false;
        };
        let condition = list.tokens.to_string();
        list.path.is_ident("cfg") && (condition == "test" || condition.starts_with("all (test"))
    })
}

/// The value of `#[path = "..."]`.
fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    let pair = attributes
        .iter()
        .find_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("path") => Some(pair),
            _ => None,
        });
    let value = pair?.value.to_token_stream().to_string();
    Some(value.trim_matches('"').to_owned())
}

/// The path without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        if part == Component::ParentDir {
            plain.pop();
        } else {
            plain.push(part);
        }
    }
    plain
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
