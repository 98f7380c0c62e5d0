//! How generated code is spread over files: one for each resource and each type, so that none grows with the spec.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::parse_quote;

use crate::{
    errors, facade,
    handles::{self, Handles},
    imports::{Import, with_imports},
    limits::{self, Bounded},
    operations, personal, platform,
    raw::Raw,
    schema::{self, Uses},
    types,
};
use botroster_spec::{
    Spec,
    idents::{camel, snake},
};

/// A file below `src/generated`.
pub(crate) struct Module {
    /// Its path there, without the ending.
    pub(crate) path: String,
    pub(crate) about: String,
    pub(crate) code: syn::File,
}

impl Module {
    fn new(
        path: impl Into<String>,
        about: impl Into<String>,
        code: TokenStream,
        imports: &[Import],
    ) -> Result<Self> {
        let path = path.into();
        let code = with_imports(code, imports).with_context(|| path.clone())?;
        Ok(Self {
            path,
            about: about.into(),
            code,
        })
    }
}

/// Modules, and what of them their parent gives on.
#[derive(Default)]
struct Declared {
    modules: TokenStream,
    uses: TokenStream,
}

impl Declared {
    fn add(&mut self, module: &Ident, name: Option<&Ident>) {
        self.modules.extend(quote!(mod #module;));
        self.uses.extend(match name {
            Some(name) => quote!(pub use #module::#name;),
            None => quote!(pub use #module::*;),
        });
    }
}

impl ToTokens for Declared {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend([self.modules.clone(), self.uses.clone()]);
    }
}

/// All files of a platform.
pub(crate) fn modules(spec: &Spec, raw: &Raw) -> Result<Vec<Module>> {
    let uses = schema::uses(spec)?;
    let requests = facade::requests(spec, raw)?;
    let mut modules = client(handles::emit(spec, &requests)?, &requests)?;
    let bounded = Bounded::of(spec);
    modules.extend(builders(&requests, &bounded)?);
    modules.extend(data(spec, &uses)?);
    modules.push(Module::new(
        "operations",
        "The operations as data.",
        operations::emit(spec)?,
        &operations::imports(),
    )?);
    modules.push(Module::new(
        "personal",
        "The fields that may contain personal data.",
        personal::emit(spec)?,
        &personal::imports(),
    )?);
    modules.push(Module::new(
        "platform",
        "The platform as data.",
        platform::emit(spec, &uses, raw)?,
        &platform::imports(),
    )?);
    let mut optional = TokenStream::new();
    if errors::are_documented(spec) {
        optional.extend(quote!(
            pub mod errors;
        ));
        modules.push(Module::new(
            "errors",
            "The documented bodies of errors.",
            errors::emit(spec)?,
            &errors::imports(),
        )?);
    }
    let limits = limits::emit(spec, &uses, &bounded)?;
    if !limits.is_empty() {
        optional.extend(quote!(
            mod limits;
        ));
        modules.push(Module::new(
            "limits",
            "The limits of request values.",
            limits,
            &limits::imports(),
        )?);
    }
    let mut code = raw.file.clone();
    code.attrs = vec![parse_quote!(
        #![allow(clippy::all, missing_docs, unreachable_pub, dead_code, unused_imports, reason = "progenitor's code, as it writes it")]
    )];
    modules.push(Module {
        path: "raw".into(),
        about: "progenitor's layer, which builds requests.".into(),
        code,
    });
    modules.push(Module::new(
        "mod",
        "Generated from the spec.",
        quote! {
            pub(crate) mod client;
            #optional
            mod operations;
            pub(crate) mod personal;
            pub(crate) mod platform;
            mod raw;
            pub(crate) mod requests;
            pub mod types;
        },
        &[],
    )?);
    Ok(modules)
}

fn client(handles: Handles, requests: &[facade::Request<'_>]) -> Result<Vec<Module>> {
    let mut imports = handles::imports();
    imports.extend(
        requests
            .iter()
            .map(|request| Import::new("crate::generated::requests", &request.name().to_string())),
    );
    let mut modules = Vec::new();
    let mut declared = Declared::default();
    for (tag, code) in handles.resources {
        let module = snake(&tag);
        declared.add(&module, None);
        modules.push(Module::new(
            format!("client/{module}"),
            format!("Requests on `{tag}`."),
            code,
            &imports,
        )?);
    }
    let code = with_imports(handles.client, &imports)?;
    modules.push(Module::new(
        "client/mod",
        "The client and its credentials.",
        quote!(#declared #code),
        &[],
    )?);
    Ok(modules)
}

fn builders(requests: &[facade::Request<'_>], bounded: &Bounded) -> Result<Vec<Module>> {
    let imports = facade::imports();
    let mut modules = Vec::new();
    let mut declared = Declared::default();
    for request in requests {
        let module = snake(&request.operation.id);
        declared.add(&module, Some(&request.name()));
        modules.push(Module::new(
            format!("requests/{module}"),
            format!("The request builder of `{}`.", request.operation.id),
            request.emit(bounded)?,
            &imports,
        )?);
    }
    modules.push(Module::new(
        "requests/mod",
        "The request builders, one for each operation.",
        quote!(#declared),
        &[],
    )?);
    Ok(modules)
}

fn data(spec: &Spec, uses: &Uses) -> Result<Vec<Module>> {
    let types = types::emit(spec, uses)?;
    let names: BTreeSet<Ident> = types.iter().map(|ty| camel(&ty.name)).collect();
    let mut modules = Vec::new();
    let mut declared = Declared::default();
    for ty in types {
        let (module, name) = (snake(&ty.name), camel(&ty.name));
        let mut imports = types::imports();
        let others = names.iter().filter(|other| **other != name);
        imports.extend(others.map(|other| Import::new("super", &other.to_string())));
        declared.add(&module, Some(&name));
        modules.push(Module::new(
            format!("types/{module}"),
            format!("The type `{name}`."),
            ty.code,
            &imports,
        )?);
    }
    modules.push(Module::new(
        "types/mod",
        "The types of requests and responses.",
        quote!(#declared),
        &[],
    )?);
    Ok(modules)
}

#[cfg(test)]
mod tests {
    use crate::{Options, generate, testing};

    #[test]
    fn no_file_is_long_and_only_progenitors_may_break_lints() {
        let files = generate(&testing::all(), &Options::workspace("0.0.0")).unwrap();
        for (path, text) in files.iter() {
            if path.ends_with(".json") {
                continue;
            }
            let lines = text.lines().count();
            assert!(lines <= 1500, "{path} has {lines} lines");
            let is_raw = path.ends_with("/raw.rs");
            assert_eq!(text.contains("allow("), is_raw, "{path}");
        }
    }
}
