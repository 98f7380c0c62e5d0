//! The client, its credentials and the handles on which requests are made.

use anyhow::{Result, bail};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{
    docs::{doc, many_arguments},
    facade::{Field, Request, Role},
    model::Spec,
    names::{camel, snake},
};

/// `client.rs`.
pub(super) fn emit(spec: &Spec, requests: &[Request<'_>]) -> Result<TokenStream> {
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
        let given = spec
            .scope
            .iter()
            .map(|wire| scope_field(spec, wire, &scoped))
            .collect::<Result<Vec<_>>>()?;
        let idents: Vec<&Ident> = given.iter().map(|field| &field.ident).collect();
        let types = given.iter().map(|field| &field.ty);
        let (taken, made): (Vec<_>, Vec<_>) = given
            .iter()
            .map(|field| {
                let (ident, (taken, made)) = (&field.ident, field.parameter());
                // What is taken as it is needs no name twice.
                let is_itself = *ident == made.to_string();
                let made = if is_itself {
                    quote!(#ident)
                } else {
                    quote!(#ident: #made)
                };
                (taken, made)
            })
            .unzip();
        let kept: Vec<_> = given.iter().map(|field| field.kept()).collect();
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
            pub fn #method(&self, #(#idents: #taken),*) -> #scope {
                #scope { core: self.core.clone(), #(#made),* }
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
            let handle = if in_both(&tag) {
                format_ident!("{scope}{}", camel(&tag))
            } else {
                camel(&tag)
            };
            let (method, docs) = (snake(&tag), doc(&text));
            methods.push(quote! {
                #docs
                pub fn #method(&self) -> #handle {
                    #handle { core: self.core.clone(), #(#idents: #kept),* }
                }
            });
            handles.push(resource(&handle, &text, &given, &of_tag));
        }
        let label = scope.to_string();
        handles.push(quote! {
            #about
            #[derive(Clone)]
            pub struct #scope { core: Core, #(#idents: #types),* }
            impl #scope { #(#methods)* }
            impl std::fmt::Debug for #scope {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.debug_struct(#label).finish_non_exhaustive()
                }
            }
        });
    }
    Ok(quote! {
        use botroster_client::{Builder, Error, Settings, Source, codegen::{self, Core, CredentialSet}};
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
    })
}

/// A parameter of the scope: of one type, whichever operation declares it.
fn scope_field<'r>(spec: &Spec, wire: &str, requests: &[&'r Request<'_>]) -> Result<&'r Field> {
    let mut fields = requests
        .iter()
        .flat_map(|request| &request.fields)
        .filter(|field| field.role == Role::Scope && field.wire.as_deref() == Some(wire));
    let Some(first) = fields.next() else {
        bail!(
            "{}: no operation has the parameter `{wire}`: leave it out",
            spec.tree.locate("/x-scope")
        );
    };
    if fields.any(|field| field.ty.to_string() != first.ty.to_string()) {
        bail!(
            "{}: operations give `{wire}` different types: write the same schema everywhere",
            spec.tree.locate("/x-scope")
        );
    }
    Ok(first)
}

fn credentials(spec: &Spec) -> TokenStream {
    let slots: Vec<String> = spec
        .schemes
        .iter()
        .flat_map(|scheme| scheme.slots())
        .collect();
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

fn resource(
    handle: &Ident,
    text: &str,
    scope: &[&Field],
    requests: &[&Request<'_>],
) -> TokenStream {
    let docs = doc(text);
    let label = handle.to_string();
    let idents = scope.iter().map(|field| &field.ident);
    let types = scope.iter().map(|field| &field.ty);
    let methods = requests.iter().map(|request| {
        let (name, method) = (request.name(), snake(&request.operation.name));
        let docs = method_docs(request);
        let arguments = request.with_role(Role::Argument).map(|field| {
            let (ident, (taken, _)) = (&field.ident, field.parameter());
            quote!(#ident: #taken)
        });
        let passed = request.fields.iter().filter_map(|field| match field.role {
            Role::Scope => Some(field.kept()),
            Role::Argument => Some(field.parameter().1),
            Role::Option | Role::Position => None,
        });
        let many = many_arguments(request.with_role(Role::Argument).count() + 1);
        let deprecated = request.operation.deprecated.then(|| quote!(#[deprecated]));
        quote! {
            #docs
            #deprecated
            #many
            pub fn #method(&self, #(#arguments),*) -> #name {
                #name::new(self.core.clone(), #(#passed),*)
            }
        }
    });
    quote! {
        #docs
        #[derive(Clone)]
        pub struct #handle { core: Core, #(#idents: #types),* }
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
