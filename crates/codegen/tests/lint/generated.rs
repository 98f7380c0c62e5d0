//! For tests: what the generator makes of a spec that lint lets through, and whether it can be Rust.

use std::collections::BTreeSet;

use syn::{Fields, ImplItem, Item, ItemImpl};

use botroster_codegen::{Options, generate as generate_files};
use botroster_spec::{Spec, Tree};

/// Generates all files of a spec, and looks for names that stand twice.
///
/// # Errors
/// It cannot be generated, or what is generated cannot be compiled.
pub(crate) fn generate(tree: Tree) -> Result<Vec<(String, String)>, String> {
    let spec = Spec::read(tree).map_err(|error| format!("{error:#}"))?;
    let files =
        generate_files(&[spec], &Options::workspace("0.0.0")).map_err(|error| error.to_string())?;
    let files: Vec<(String, String)> = files
        .iter()
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .collect();
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".rs")) {
        let file = syn::parse_file(text).map_err(|error| format!("{path}: {error}"))?;
        names_twice(&file.items).map_err(|error| format!("{path}: {error}"))?;
    }
    Ok(files)
}

/// What the compiler would refuse as defined twice.
fn names_twice(items: &[Item]) -> Result<(), String> {
    let mut types = Names::default();
    let mut functions = Names::default();
    let mut methods = Names::default();
    for item in items {
        match item {
            Item::Struct(item) => {
                types.insert(&item.ident)?;
                fields(&item.fields)?;
            }
            Item::Enum(item) => {
                types.insert(&item.ident)?;
                let mut variants = Names::default();
                item.variants
                    .iter()
                    .try_for_each(|variant| variants.insert(&variant.ident))?;
            }
            Item::Type(item) => types.insert(&item.ident)?,
            Item::Static(item) => functions.insert(&item.ident)?,
            Item::Fn(item) => functions.insert(&item.sig.ident)?,
            Item::Use(item) => imported(&item.tree, &mut types)?,
            Item::Impl(item) if item.trait_.is_none() => members(item, &mut methods)?,
            _ => {}
        }
    }
    Ok(())
}

#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn insert(&mut self, name: &impl ToString) -> Result<(), String> {
        let name = name.to_string();
        if self.0.contains(&name) {
            return Err(format!("`{name}` is defined twice"));
        }
        self.0.insert(name);
        Ok(())
    }
}

/// Traits and types that are imported by name share the namespace with what is defined.
fn imported(tree: &syn::UseTree, types: &mut Names) -> Result<(), String> {
    match tree {
        syn::UseTree::Path(path) => imported(&path.tree, types),
        syn::UseTree::Group(group) => group
            .items
            .iter()
            .try_for_each(|tree| imported(tree, types)),
        syn::UseTree::Name(name) if name.ident.to_string().starts_with(char::is_uppercase) => {
            types.insert(&name.ident)
        }
        _ => Ok(()),
    }
}

fn fields(fields: &Fields) -> Result<(), String> {
    let mut names = Names::default();
    fields
        .iter()
        .filter_map(|field| field.ident.as_ref())
        .try_for_each(|name| names.insert(name))
}

fn members(item: &ItemImpl, methods: &mut Names) -> Result<(), String> {
    let ty = &item.self_ty;
    let ty = quote::quote!(#ty).to_string();
    for member in &item.items {
        let ImplItem::Fn(function) = member else {
            continue;
        };
        methods.insert(&format!("{ty}::{}", function.sig.ident))?;
        let mut arguments = Names::default();
        for input in &function.sig.inputs {
            if let syn::FnArg::Typed(typed) = input
                && let syn::Pat::Ident(name) = &*typed.pat
            {
                arguments.insert(&name.ident)?;
            }
        }
    }
    Ok(())
}

#[test]
fn names_that_stand_twice_are_seen() {
    for text in [
        "struct A; enum A {}",
        "struct A { a: u8, a: u8 }",
        "enum A { B, B }",
        "struct A; impl A { fn a(&self) {} } impl A { fn a() {} }",
        "struct A; impl A { fn a(a: u8, a: u8) {} }",
        "use x::{y, A}; struct A;",
        "static A: u8 = 1; static A: u8 = 2;",
    ] {
        let file = syn::parse_file(text).unwrap();
        assert!(names_twice(&file.items).is_err(), "{text}");
    }
    let file =
        syn::parse_file("struct A { a: u8 } struct B { a: u8 } impl A { fn a() {} }").unwrap();
    assert_eq!(names_twice(&file.items), Ok(()));
}
