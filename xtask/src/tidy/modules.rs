//! The modules of one target: which file each is in, the names it knows, and the paths it uses.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Component, Path, PathBuf},
};

use anyhow::{Context as _, Result};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{
    Attribute, Item, ItemMod, Meta,
    parse::{ParseStream, Parser as _},
    spanned::Spanned as _,
};

use super::{
    paths::{self, Import, Use},
    workspace,
};

/// All modules of a target. The root is the first.
pub(super) struct Tree {
    root: PathBuf,
    pub(super) modules: Vec<Module>,
    pub(super) files: BTreeMap<PathBuf, SourceFile>,
    /// What the modules name outside their unit tests.
    pub(super) uses: Vec<Use>,
}

#[derive(Default)]
pub(super) struct Module {
    pub(super) file: PathBuf,
    pub(super) parent: Option<usize>,
    /// What each name stands for; globs are under [`paths::GLOB`].
    pub(super) names: BTreeMap<String, Vec<Binding>>,
    /// The folder with the files of its children.
    children: PathBuf,
    test: bool,
}

/// What a name of a module stands for.
pub(super) enum Binding {
    Module(usize),
    /// Something that the file of this module defines.
    Item(usize),
    Import(Vec<String>),
}

pub(super) struct SourceFile {
    /// The file with the `mod` declaration of this one.
    parent: Option<PathBuf>,
    pub(super) generated: bool,
    /// Whether the whole file is built for tests only.
    test: bool,
    /// The lines of items behind `#[cfg(test)]`: all of them where the module itself is.
    pub(super) test_lines: BTreeSet<usize>,
}

impl Tree {
    pub(super) fn read(root: &Path, target: &Path) -> Result<Tree> {
        let mut tree = Tree {
            root: root.to_owned(),
            modules: Vec::new(),
            files: BTreeMap::new(),
            uses: Vec::new(),
        };
        tree.file(Module {
            file: target.to_owned(),
            children: target.with_file_name(""),
            ..Module::default()
        })?;
        Ok(tree)
    }

    pub(super) fn are_parent_and_child(&self, one: &Path, other: &Path) -> bool {
        let parent = |file: &Path| self.files[file].parent.as_deref();
        parent(one) == Some(other) || parent(other) == Some(one)
    }

    /// Reads the file of a module and of its children, and returns the module.
    fn file(&mut self, module: Module) -> Result<usize> {
        let (file, test) = (module.file.clone(), module.test);
        let name = || file.display().to_string();
        let text = fs::read_to_string(self.root.join(&file)).with_context(name)?;
        let generated = workspace::is_generated(&text);
        let lines = if test { text.lines().count() } else { 0 };
        let source = SourceFile {
            parent: module
                .parent
                .map(|parent| self.modules[parent].file.clone()),
            generated,
            test,
            test_lines: (1..=lines).collect(),
        };
        self.files.insert(file.clone(), source);
        let module = self.module(module);
        if !generated {
            let parsed = syn::parse_file(&text).with_context(name)?;
            self.items(module, parsed.items)?;
        }
        Ok(module)
    }

    fn module(&mut self, module: Module) -> usize {
        self.modules.push(module);
        self.modules.len() - 1
    }

    fn items(&mut self, module: usize, items: Vec<Item>) -> Result<()> {
        let (file, in_test) = (self.modules[module].file.clone(), self.modules[module].test);
        for item in items {
            let test = in_test || is_test(&item)?;
            let lines = item.span().start().line..=item.span().end().line;
            if let Some(source) = self.files.get_mut(&file).filter(|_| test) {
                source.test_lines.extend(lines);
            }
            if let Item::Mod(item) = item {
                self.child(module, item, test)?;
                continue;
            }
            self.names(&item, module);
            // What a unit test imports is no import of the code around it.
            if !test || self.files[&file].test {
                self.uses.extend(paths::paths(module, &item));
            }
        }
        Ok(())
    }

    /// Reads the module of a `mod` item.
    fn child(&mut self, parent: usize, item: ItemMod, test: bool) -> Result<()> {
        let above = &self.modules[parent];
        let name = item.ident.to_string();
        let stem = name.trim_start_matches("r#");
        let mut child = Module {
            file: above.file.clone(),
            parent: Some(parent),
            children: above.children.join(stem),
            test,
            ..Module::default()
        };
        let line = item.span().start().line;
        let child = if let Some((_, items)) = item.content {
            let child = self.module(child);
            self.items(child, items)?;
            child
        } else {
            let mut file = child.children.with_extension("rs");
            if let Some(path) = path_attribute(&item.attrs) {
                file = plain(&above.file.with_file_name(path));
                child.children = file.with_file_name("");
            }
            let files = [file, child.children.join("mod.rs")];
            let found = files
                .into_iter()
                .find(|file| self.root.join(file).is_file());
            child.file = found.with_context(|| {
                let file = above.file.display();
                format!("{file}:{line}: the file of module `{stem}` is missing")
            })?;
            self.file(child)?
        };
        self.bind(parent, name, Binding::Module(child));
        Ok(())
    }

    fn bind(&mut self, module: usize, name: String, binding: Binding) {
        let names = &mut self.modules[module].names;
        names.entry(name).or_default().push(binding);
    }

    fn names(&mut self, item: &Item, module: usize) {
        match item {
            Item::Use(item) => {
                for Import { name, path, .. } in paths::imports(&item.tree, &[]) {
                    self.bind(module, name, Binding::Import(path));
                }
            }
            Item::Macro(item) => {
                if let Some(name) = &item.ident {
                    self.bind(module, name.to_string(), Binding::Item(module));
                    if has_attribute(&item.attrs, "macro_export") {
                        self.bind(0, name.to_string(), Binding::Item(module));
                    }
                } else {
                    // What stands in the arguments of a macro is most likely defined by it.
                    self.definitions(item.mac.tokens.clone(), module);
                }
            }
            _ => self.definitions(item.to_token_stream(), module),
        }
    }

    /// Binds each name that follows a keyword of definitions.
    fn definitions(&mut self, tokens: TokenStream, module: usize) {
        const KEYWORDS: [&str; 8] = [
            "const", "enum", "fn", "static", "struct", "trait", "type", "union",
        ];
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for pair in tokens.windows(2) {
            if let [TokenTree::Ident(word), TokenTree::Ident(name)] = pair
                && KEYWORDS.iter().any(|known| word == known)
            {
                self.bind(module, name.to_string(), Binding::Item(module));
            }
        }
    }
}

fn has_attribute(attributes: &[Attribute], name: &str) -> bool {
    let mut paths = attributes.iter().map(Attribute::path);
    paths.any(|path| path.is_ident(name))
}

/// Returns whether an item exists in tests only.
fn is_test(item: &Item) -> Result<bool> {
    let attributes = |input: ParseStream<'_>| {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<TokenStream>()?;
        Ok(attributes)
    };
    let attributes = attributes.parse2(item.to_token_stream())?;
    Ok(attributes.iter().any(|attribute| {
        let Meta::List(list) = &attribute.meta else {
            return false;
        };
        let condition = list.tokens.to_string();
        list.path.is_ident("cfg") && (condition == "test" || condition.starts_with("all (test"))
    }))
}

/// Returns the value of `#[path = "..."]`.
fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    let mut values = attributes.iter().filter_map(|attribute| {
        let pair = attribute.meta.require_name_value().ok()?;
        pair.path.is_ident("path").then_some(&pair.value)
    });
    let value = values.next()?.to_token_stream().to_string();
    Some(value.trim_matches('"').to_owned())
}

/// Returns the path without `..`.
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
