//! A program that depends on one client crate can name every type of its API, and no two types have one name.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Fields, ImplItem, Item, ItemUse, TraitItem, Type, UseTree, Visibility};

type Names = BTreeSet<String>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The parsed files below a folder.
fn files(folder: &Path) -> Vec<syn::File> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(file(&path));
        }
    }
    files
}

fn file(path: &Path) -> syn::File {
    syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap()
}

fn idents(tokens: TokenStream, into: &mut Names) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => drop(into.insert(ident.to_string())),
            TokenTree::Group(group) => idents(group.stream(), into),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The names that public signatures of a type mention.
#[derive(Default)]
struct Api {
    mentioned: BTreeMap<String, Names>,
    /// Public types, once for each definition.
    defined: Vec<String>,
}

impl Api {
    fn of(files: &[syn::File]) -> Self {
        let mut api = Self::default();
        files
            .iter()
            .flat_map(|file| &file.items)
            .for_each(|item| api.add(item));
        api
    }

    fn mention(&mut self, name: &str, tokens: impl ToTokens) {
        let names = self.mentioned.entry(name.to_owned()).or_default();
        idents(tokens.into_token_stream(), names);
    }

    fn fields(&mut self, name: &str, fields: &Fields, all: bool) {
        for field in fields {
            if all || is_public(&field.vis) {
                self.mention(name, &field.ty);
            }
        }
    }

    fn add(&mut self, item: &Item) {
        match item {
            Item::Struct(item) if is_public(&item.vis) => {
                self.defined.push(item.ident.to_string());
                self.fields(&item.ident.to_string(), &item.fields, false);
            }
            Item::Enum(item) if is_public(&item.vis) => {
                let name = item.ident.to_string();
                self.defined.push(name.clone());
                for variant in &item.variants {
                    self.fields(&name, &variant.fields, true);
                }
            }
            Item::Type(item) if is_public(&item.vis) => {
                self.defined.push(item.ident.to_string());
                self.mention(&item.ident.to_string(), &item.ty);
            }
            Item::Trait(item) if is_public(&item.vis) => {
                let name = item.ident.to_string();
                self.defined.push(name.clone());
                self.mention(&name, &item.supertraits);
                for member in &item.items {
                    if let TraitItem::Fn(function) = member {
                        self.mention(&name, &function.sig);
                    }
                }
            }
            Item::Impl(item) if item.trait_.is_none() => {
                let Type::Path(path) = &*item.self_ty else {
                    return;
                };
                let name = path.path.segments.last().unwrap().ident.to_string();
                for member in &item.items {
                    if let ImplItem::Fn(function) = member
                        && is_public(&function.vis)
                        && function.attrs.iter().all(|attribute| !is_hidden(attribute))
                    {
                        self.mention(&name, &function.sig);
                    }
                }
            }
            _ => {}
        }
    }
}

fn is_hidden(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("doc") && attribute.to_token_stream().to_string().contains("hidden")
}

/// The names that `pub use` items of a file give, by the first segment of their path.
fn exports(file: &syn::File, of: impl Fn(&str) -> bool) -> Names {
    let mut names = Names::new();
    for item in &file.items {
        if let Item::Use(ItemUse { vis, tree, .. }) = item
            && is_public(vis)
            && let UseTree::Path(path) = tree
            && of(&path.ident.to_string())
        {
            leaves(&path.tree, &mut names);
        }
    }
    names
}

fn leaves(tree: &UseTree, into: &mut Names) {
    match tree {
        UseTree::Path(path) => leaves(&path.tree, into),
        UseTree::Name(name) => drop(into.insert(name.ident.to_string())),
        UseTree::Rename(name) => drop(into.insert(name.rename.to_string())),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, into)),
        UseTree::Glob(_) => {}
    }
}

/// What the shared crates define, and what of it `botroster-client` exports.
struct Shared {
    api: Api,
    exported: Names,
}

fn shared() -> Shared {
    let folders = ["crates/client/src", "crates/auth/src"];
    let files: Vec<syn::File> = folders
        .iter()
        .flat_map(|folder| files(&root().join(folder)))
        .collect();
    let lib = file(&root().join("crates/client/src/lib.rs"));
    Shared {
        api: Api::of(&files),
        exported: exports(&lib, |_| true),
    }
}

/// The exported names that signatures mention, followed through the signatures of what they name.
fn reachable(shared: &Shared, own: &Api) -> Names {
    let mut waiting: Vec<&String> = own.mentioned.values().flatten().collect();
    let mut found = Names::new();
    while let Some(name) = waiting.pop() {
        if shared.exported.contains(name) && found.insert(name.clone()) {
            waiting.extend(shared.api.mentioned.get(name).into_iter().flatten());
        }
    }
    found
}

const CRATES: [&str; 4] = ["botpenguin", "chatbot", "mybot", "peki"];

#[test]
fn a_client_exports_every_type_that_its_signatures_name() {
    let shared = shared();
    for name in CRATES {
        let source = root().join("crates").join(name).join("src");
        let exported = exports(&file(&source.join("lib.rs")), |head| {
            head == "botroster_client"
        });
        let reachable = reachable(&shared, &Api::of(&files(&source.join("generated"))));
        assert!(reachable.len() > 30, "{name}: {reachable:?}");
        let missing: Vec<_> = reachable.difference(&exported).collect();
        assert!(missing.is_empty(), "{name} does not export {missing:?}");
        for expected in [
            "Completeness",
            "Totals",
            "Extra",
            "Map",
            "RawResponse",
            "Cursor",
            "HttpSend",
            "Runtime",
            "SendError",
            "CallFuture",
            "Rejected",
            "UnknownValue",
            "ProvideSecret",
        ] {
            assert!(exported.contains(expected), "{name}: {expected}");
        }
    }
}

#[test]
fn a_type_that_only_the_shared_crates_name_would_be_missed_if_it_were_not_exported() {
    let shared = shared();
    let signature = "impl Start { pub fn start(&self) -> Pages<u8> { todo!() } }";
    let own = Api::of(&[syn::parse_file(signature).unwrap()]);
    let reachable = reachable(&shared, &own);
    for name in [
        "Pages",
        "Page",
        "Totals",
        "Cursor",
        "Metadata",
        "Rejected",
        "PageReport",
        "ErrorCode",
    ] {
        assert!(reachable.contains(name), "{name}: {reachable:?}");
    }
}

#[test]
fn no_two_public_types_of_a_client_have_one_name() {
    for name in CRATES {
        let source = root().join("crates").join(name).join("src");
        let mut seen = exports(&file(&source.join("lib.rs")), |head| {
            head == "botroster_client"
        });
        // progenitor's layer is private.
        let defined = Api::of(&files(&source.join("generated"))).defined;
        let own = defined.iter().enumerate().filter(|(index, name)| {
            *name != "Client" || !defined.iter().take(*index).any(|other| other == *name)
        });
        for (_, defined) in own {
            assert!(
                seen.insert(defined.clone()),
                "{name} has two types `{defined}`"
            );
        }
    }
}

#[test]
fn the_program_with_one_dependency_names_them_all() {
    let source = root().join("crates/peki/src");
    let exported = exports(&file(&source.join("lib.rs")), |head| {
        head == "botroster_client"
    });
    let program = file(&root().join("tests/one-dependency/src/lib.rs"));
    let named = exports(&program, |head| head == "botroster_peki");
    let types = exported
        .iter()
        .filter(|name| name.starts_with(char::is_uppercase));
    let missing: Vec<_> = types.filter(|name| !named.contains(*name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
