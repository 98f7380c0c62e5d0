//! The client, its credentials and the handles on which requests are made.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{
    docs::doc,
    facade::{Request, Role},
    model::Spec,
    names::{camel, snake},
};

/// `client.rs`.
pub(super) fn emit(spec: &Spec, requests: &[Request<'_>]) -> TokenStream {
    let title = &spec.title;
    let client_doc = doc(&format!(
        "A client of {title}. Cheap to clone; clones share connections and rate limits."
    ));
    let credentials = credentials(spec);
    let (mut on_client, mut handles) = (Vec::new(), Vec::new());
    let (scoped, plain): (Vec<_>, Vec<_>) = requests
        .iter()
        .partition(|request| spec.is_scoped(request.operation));
    let in_both = |tag: &str| {
        scoped.iter().any(|r| r.operation.tag == tag)
            && plain.iter().any(|r| r.operation.tag == tag)
    };
    for (tag, text) in spec.tags() {
        let of_tag: Vec<&Request<'_>> = plain
            .iter()
            .filter(|request| request.operation.tag == tag)
            .copied()
            .collect();
        if !of_tag.is_empty() {
            let (method, handle, docs) = (snake(&tag), camel(&tag), doc(&text));
            on_client.push(quote! {
                #docs
                pub fn #method(&self) -> #handle {
                    #handle { core: self.core.clone() }
                }
            });
            handles.push(resource(&handle, &text, &[], &of_tag));
        }
    }
    if !scoped.is_empty() {
        let scope_method = spec.scope_method();
        let (method, scope) = (snake(&scope_method), camel(&scope_method));
        let idents: Vec<Ident> = spec.scope.iter().map(|wire| snake(wire)).collect();
        let about = doc(&format!(
            "Calls that need {}.",
            spec.scope
                .iter()
                .map(|wire| format!("`{wire}`"))
                .collect::<Vec<_>>()
                .join(" and ")
        ));
        on_client.push(quote! {
            #about
            pub fn #method(&self, #(#idents: impl Into<String>),*) -> #scope {
                #scope { core: self.core.clone(), #(#idents: #idents.into()),* }
            }
        });
        let mut methods = Vec::new();
        for (tag, text) in spec.tags() {
            let of_tag: Vec<&Request<'_>> = scoped
                .iter()
                .filter(|request| request.operation.tag == tag)
                .copied()
                .collect();
            if of_tag.is_empty() {
                continue;
            }
            let handle = if in_both(&tag) || camel(&tag) == scope {
                format_ident!("{scope}{}", camel(&tag))
            } else {
                camel(&tag)
            };
            let (method, docs) = (snake(&tag), doc(&text));
            let used: Vec<Ident> = spec
                .scope
                .iter()
                .filter(|wire| of_tag.iter().any(|r| r.operation.parameter(wire).is_some()))
                .map(|wire| snake(wire))
                .collect();
            methods.push(quote! {
                #docs
                pub fn #method(&self) -> #handle {
                    #handle { core: self.core.clone(), #(#used: self.#used.clone()),* }
                }
            });
            handles.push(resource(&handle, &text, &used, &of_tag));
        }
        let label = scope.to_string();
        handles.push(quote! {
            #about
            #[derive(Clone)]
            pub struct #scope { core: Core, #(#idents: String),* }
            impl #scope { #(#methods)* }
            impl std::fmt::Debug for #scope {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.debug_struct(#label).finish_non_exhaustive()
                }
            }
        });
    }
    let imports = if credentials.is_empty() {
        quote!(
            use botroster_client::{Builder, Settings, codegen::Core};
        )
    } else {
        quote!(
            use botroster_client::{
                Builder, Error, Settings, Source,
                codegen::{self, Core, CredentialSet},
            };
        )
    };
    quote! {
        #imports
        use super::{platform, requests::*};
        #[allow(unused_imports, reason = "a platform may document no type")]
        use crate::types;
        #client_doc
        #[derive(Clone, Debug)]
        pub struct Client { pub(super) core: Core }
        impl Client {
            /// Settings of a client to be.
            pub fn builder() -> Builder<Self> {
                Builder::new(|settings: Settings| Ok(Self { core: Core::connect(&platform::SPEC, settings)? }))
            }
            #(#on_client)*
        }
        #credentials
        #(#handles)*
    }
}

fn credentials(spec: &Spec) -> TokenStream {
    let slots: Vec<String> = spec
        .schemes
        .iter()
        .flat_map(|scheme| scheme.slots())
        .collect();
    if slots.is_empty() {
        return quote!();
    }
    let setters = slots.iter().map(|slot| {
        let method = format_ident!("with_{slot}");
        let docs = doc(&format!(
            "The {}, or where it is to be read; in the environment `{}`.",
            slot.replace('_', " "),
            variable(spec, slot)
        ));
        quote! {
            #docs
            #[must_use]
            pub fn #method(mut self, source: impl Into<Source>) -> Self {
                self.0.set(#slot, source.into());
                self
            }
        }
    });
    let variables = slots
        .iter()
        .map(|slot| format!("`{}`", variable(spec, slot)))
        .collect::<Vec<_>>()
        .join(", ");
    let from_env = doc(&format!("From the environment: {variables}."));
    let about = doc(&format!("What {} asks for to know you.", spec.title));
    quote! {
        #about
        ///
        /// The values are hidden from `Debug` and wiped from memory when dropped.
        #[derive(Clone, Debug, Default)]
        pub struct Credentials(CredentialSet);
        impl Credentials {
            /// None yet.
            pub fn new() -> Self {
                Self::default()
            }
            #from_env
            ///
            /// # Errors
            /// None of them is set, or one is not Unicode.
            pub fn from_env() -> Result<Self, Error> {
                codegen::credentials_from_env(&platform::INFO).map(Self)
            }
            #(#setters)*
        }
        impl From<Credentials> for CredentialSet {
            fn from(credentials: Credentials) -> Self {
                credentials.0
            }
        }
    }
}

pub(crate) fn variable(spec: &Spec, slot: &str) -> String {
    format!("{}_{slot}", spec.name).to_uppercase()
}

fn resource(handle: &Ident, text: &str, scope: &[Ident], requests: &[&Request<'_>]) -> TokenStream {
    let docs = doc(text);
    let label = handle.to_string();
    let methods = requests.iter().map(|request| {
        let (name, method) = (request.name(), snake(&request.operation.name));
        let docs = method_docs(request);
        let arguments = request.with_role(Role::Argument).map(|field| {
            let (ident, (taken, _)) = (&field.ident, field.parameter());
            quote!(#ident: #taken)
        });
        let passed = request.fields.iter().filter_map(|field| {
            let ident = &field.ident;
            match field.role {
                Role::Scope => Some(quote!(self.#ident.clone())),
                Role::Argument => Some(field.parameter().1),
                Role::Option | Role::Position => None,
            }
        });
        let deprecated = request.operation.deprecated.then(|| quote!(#[deprecated]));
        quote! {
            #docs
            #deprecated
            pub fn #method(&self, #(#arguments),*) -> #name {
                #name::new(self.core.clone(), #(#passed),*)
            }
        }
    });
    quote! {
        #docs
        #[derive(Clone)]
        pub struct #handle { core: Core, #(#scope: String),* }
        impl #handle { #(#methods)* }
        impl std::fmt::Debug for #handle {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(#label).finish_non_exhaustive()
            }
        }
    }
}

fn method_docs(request: &Request<'_>) -> TokenStream {
    let operation = request.operation;
    let mut text = format!("{}\n\n{}\n", operation.summary, operation.description);
    let arguments: Vec<_> = request.with_role(Role::Argument).collect();
    if !arguments.is_empty() {
        text.push('\n');
        for field in arguments {
            let about = field
                .wire
                .as_ref()
                .and_then(|wire| operation.parameter(wire))
                .map(|parameter| parameter.description.clone());
            let about = about.unwrap_or_else(|| "the request's body".to_owned());
            text.push_str(&format!(
                "- `{}`: {}\n",
                field.ident,
                about.replace('\n', " ")
            ));
        }
    }
    text.push_str(&format!("\n`{} {}`", operation.method, operation.path));
    if let Some(evidence) = &operation.evidence {
        text.push_str(&format!(", from “{}” ({})", evidence.from, evidence.grade));
    }
    text.push('.');
    doc(&text)
}
