//! Request construction by progenitor, private in the generated crate.

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

/// progenitor's code and the signatures of its functions.
pub(crate) struct Raw {
    pub(crate) file: syn::File,
    /// Arguments in order, by function name.
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

/// Turns `gen`, a keyword since edition 2024 that progenitor does not escape, into a raw identifier.
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

/// Reduces the code to building requests, with the path encoder of `botroster-client`.
///
/// The transport sends and decodes: it authenticates each attempt, bounds the response and keeps the error.
fn harden(file: &mut syn::File) {
    Cleaner.visit_file_mut(file);
    file.attrs.clear();
    // progenitor's client parses the base URL for every request, and its `new` sets timeouts and may panic.
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

/// Makes a function return its request instead of sending it.
fn only_build(item: &mut ImplItem) {
    let ImplItem::Fn(function) = item else { return };
    function.sig.asyncness = None;
    function.sig.output = parse_quote!(-> Result<OutgoingRequest, RequestError>);
    let statements = &mut function.block.stmts;
    let built = statements
        .iter()
        .position(|statement| quote!(#statement).to_string().contains(". build () ?"));
    statements.truncate(built.map_or(0, |place| place + 1));
    // The variable is not called `request` if a parameter is.
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
    // The code is private, and rustdoc warns about bare URLs in its documentation.
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

    // Removes the header with the version of the spec, and the header map if that was its only entry.
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

/// Turns `format!("{}/users", self.baseurl)` into a call that parses the path only.
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
    let blocks = file.items.iter().filter_map(|item| match item {
        Item::Impl(block) => Some(&block.items),
        _ => None,
    });
    for item in blocks.flatten() {
        if let ImplItem::Fn(function) = item
            && function.sig.asyncness.is_some()
        {
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

/// Returns the argument of a generic type with this name.
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
