//! progenitor's layer: how each request is built. Private in the generated crate.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, anyhow};
use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle, TypeImpl};
use quote::quote;
use syn::{
    Expr, FnArg, GenericArgument, ImplItem, Item, Pat, PathArguments, Stmt, Token, Type,
    parse_quote,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

use crate::lower;
use botroster_spec::Spec;

/// progenitor's code, and the signatures that it chose.
pub(crate) struct Raw {
    pub(crate) file: syn::File,
    /// By function name, the arguments in order.
    pub(crate) functions: BTreeMap<String, Vec<Argument>>,
}

/// One argument of a raw function.
#[derive(Clone)]
pub(crate) struct Argument {
    pub(crate) name: String,
    /// Without `Option` and reference; `str` is `String`.
    pub(crate) ty: Type,
    pub(crate) optional: bool,
    pub(crate) by_reference: bool,
}

pub(crate) fn generate(spec: &Spec) -> Result<Raw> {
    let document = lower::lower(spec)?;
    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Optional);
    for (name, _, _) in spec.tree.entries("/components/schemas") {
        settings.with_replacement(
            name,
            format!("crate::types::{name}"),
            [TypeImpl::Display, TypeImpl::FromStr].into_iter(),
        );
    }
    let tokens = Generator::new(&settings)
        .generate_tokens(&document)
        .map_err(|error| anyhow!("{}: progenitor: {error}", spec.tree.file))?;
    let mut file: syn::File =
        syn::parse2(reserved(tokens)).context("progenitor's code cannot be parsed")?;
    let functions = signatures(&file);
    harden(&mut file);
    Ok(Raw { file, functions })
}

/// `gen` is a word of this edition, which progenitor does not know: it becomes a raw name.
fn reserved(tokens: TokenStream) -> TokenStream {
    let token = |token| match token {
        TokenTree::Group(group) => {
            TokenTree::Group(Group::new(group.delimiter(), reserved(group.stream())))
        }
        TokenTree::Ident(ident) if ident == "gen" => {
            TokenTree::Ident(Ident::new_raw("gen", ident.span()))
        }
        other => other,
    };
    tokens.into_iter().map(token).collect()
}

/// Leaves what builds requests: puts our path encoder in place of progenitor's, and takes out all that sends and decodes.
///
/// The transport sends, because it alone can authenticate each attempt, bound the answer and keep the error.
fn harden(file: &mut syn::File) {
    Cleaner.visit_file_mut(file);
    file.attrs.clear();
    // Its struct parses the base URL anew for every request; `new` sets timeouts of its own and panics.
    file.items.retain_mut(|item| {
        let Item::Impl(block) = item else {
            return false;
        };
        let is_call =
            |item: &ImplItem| matches!(item, ImplItem::Fn(function) if function.sig.asyncness.is_some());
        block.items.retain(is_call);
        block.items.iter_mut().for_each(only_build);
        *block.self_ty = parse_quote!(Client<'_>);
        block.trait_.is_none() && !block.items.is_empty()
    });
    file.items.splice(
        0..0,
        [
            parse_quote!(
                use botroster_client::{
                    OutgoingRequest,
                    codegen::{
                        Core, QueryParam, RequestError, Requests, encode_segment as encode_path,
                        http,
                    },
                };
            ),
            parse_quote!(
                pub struct Client<'c>(pub &'c Core);
            ),
        ],
    );
}

/// A function that sends becomes one that gives the request it would have sent.
fn only_build(item: &mut ImplItem) {
    let ImplItem::Fn(function) = item else { return };
    function.sig.asyncness = None;
    function.sig.output = parse_quote!(-> Result<OutgoingRequest, RequestError>);
    let statements = &mut function.block.stmts;
    let built = statements
        .iter()
        .position(|statement| quote!(#statement).to_string().contains(". build () ?"));
    statements.truncate(built.map_or(0, |place| place + 1));
    // What changed the request afterwards is gone. It is not called `request` where a parameter is.
    if let Some(Stmt::Local(local)) = statements.last_mut() {
        local.attrs.clear();
        if let Pat::Ident(name) = &mut local.pat {
            name.mutability = None;
            let request = name.ident.clone();
            statements.push(Stmt::Expr(parse_quote!(Ok(#request)), None));
        }
    }
}

struct Cleaner;

impl VisitMut for Cleaner {
    // Nobody reads the documentation of private code, and it has bare URLs and worse.
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<syn::Attribute>) {
        attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    }

    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        match expression {
            Expr::Field(field) if quote!(#field).to_string() == "self . client" => {
                *expression = parse_quote!(Requests);
            }
            Expr::Macro(call) if call.mac.path.is_ident("format") => {
                if let Some(at) = at(&call.mac) {
                    *expression = at;
                }
            }
            _ => {}
        }
    }

    // The spec's version is nobody's business; where it is the only header, the map goes with it.
    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        let declares = |statement: &Stmt| {
            matches!(statement, Stmt::Local(local)
                if matches!(&local.pat, Pat::Ident(name) if name.ident == "header_map"))
        };
        if block.stmts.iter().any(declares) {
            let text = |statement: &Stmt| quote!(#statement).to_string();
            block.stmts.retain(|statement| {
                let text = text(statement);
                !(text.starts_with("header_map . append") && text.contains("Self :: api_version"))
            });
            if !quote!(#block).to_string().contains("header_map . ") {
                block.stmts.retain(|statement| !declares(statement));
                WithoutHeaders.visit_block_mut(block);
            }
        }
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        let is_global = path.leading_colon.is_some();
        if let Some(first) = path.segments.first_mut() {
            if first.ident == "progenitor_client" {
                path.segments = path.segments.iter().skip(1).cloned().collect();
                path.leading_colon = None;
            } else if is_global && first.ident == "reqwest" {
                first.ident = Ident::new("http", first.ident.span());
                path.leading_colon = None;
            }
        }
        visit_mut::visit_path_mut(self, path);
    }
}

/// `format!("{}/users", self.baseurl)` becomes a URL with that path, of which only the path is left to be parsed.
fn at(format: &syn::Macro) -> Option<Expr> {
    let arguments = format
        .parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated)
        .ok()?;
    let mut arguments = arguments.into_iter();
    let template = arguments.next()?;
    let base = arguments.next()?;
    (quote!(#base).to_string() == "self . baseurl").then(|| {
        parse_quote!(
            self.0
                .at(&format!(#template, self.0.base_path() #(, #arguments)*))
        )
    })
}

struct WithoutHeaders;

impl VisitMut for WithoutHeaders {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        if let Expr::MethodCall(call) = expression
            && call.method == "headers"
        {
            *expression = (*call.receiver).clone();
        }
        visit_mut::visit_expr_mut(self, expression);
    }
}

fn signatures(file: &syn::File) -> BTreeMap<String, Vec<Argument>> {
    let mut functions = BTreeMap::new();
    for item in &file.items {
        let Item::Impl(block) = item else { continue };
        for item in &block.items {
            let ImplItem::Fn(function) = item else {
                continue;
            };
            if function.sig.asyncness.is_none() {
                continue;
            }
            let arguments = function.sig.inputs.iter().filter_map(argument).collect();
            functions.insert(function.sig.ident.to_string(), arguments);
        }
    }
    functions
}

fn argument(input: &FnArg) -> Option<Argument> {
    let FnArg::Typed(typed) = input else {
        return None;
    };
    let Pat::Ident(name) = &*typed.pat else {
        return None;
    };
    let (inner, optional) = match generic(&typed.ty, "Option") {
        Some(inner) => (inner, true),
        None => ((*typed.ty).clone(), false),
    };
    let (owned, by_reference) = match inner {
        Type::Reference(reference) => (*reference.elem, true),
        other => (other, false),
    };
    let is_text = matches!(&owned, Type::Path(path) if path.path.is_ident("str"));
    let ty = if is_text { parse_quote!(String) } else { owned };
    Some(Argument {
        name: name.ident.to_string(),
        ty,
        optional,
        by_reference,
    })
}

/// The argument of a generic type of this name.
fn generic(ty: &Type, name: &str) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let last = path
        .path
        .segments
        .last()
        .filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    })
}
