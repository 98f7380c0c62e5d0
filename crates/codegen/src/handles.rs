//! The client, its credentials and its resources, on which requests are created.

use anyhow::Result;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::{
    docs::{doc, many_arguments, opaque_debug},
    doctest,
    facade::{ArgumentRole, Request, RequestField},
    imports::ImportCandidate,
    naming, operation_docs,
};
use botroster_spec::{
    Spec,
    idents::{camel, snake},
    model::Tag,
};

/// The client, and for each tag the resource types on which its requests are created.
pub(super) struct Handles {
    pub(super) client: TokenStream,
    pub(super) resources: Vec<(String, TokenStream)>,
}

pub(super) fn emit(spec: &Spec, requests: &[Request<'_>]) -> Result<Handles> {
    let scope = scope_fields(spec, requests);
    let (mut on_client, mut on_scope, mut resources) = (Vec::new(), Vec::new(), Vec::new());
    for Tag {
        name: tag,
        description: text,
    } in &spec.model.tags
    {
        let mut handles = TokenStream::new();
        for is_scoped in [false, true] {
            let own = requests.iter().filter(|request| {
                let operation = request.operation;
                operation.tag == *tag && spec.model.is_scoped(operation) == is_scoped
            });
            let of_handle: Vec<&Request<'_>> = own.collect();
            let Some(first) = of_handle.first() else {
                continue;
            };
            let handle = naming::handle(&spec.model, first.operation);
            let (method, docs) = (snake(tag), doc(text));
            // A field that no request takes would never be read.
            let is_taken = |field: &&&RequestField| {
                let wire = field.wire.as_deref().unwrap_or_default();
                let mut requests = of_handle.iter();
                requests.any(|request| request.operation.parameter(wire).is_some())
            };
            let scope = scope.iter().filter(|_| is_scoped).filter(is_taken);
            let given: Vec<&RequestField> = scope.copied().collect();
            let idents = given.iter().map(|field| &field.ident);
            let kept = given.iter().map(|field| field.kept());
            let opens = quote! {
                #docs
                pub fn #method(&self) -> #handle {
                    #handle { core: self.core.clone(), #(#idents: #kept),* }
                }
            };
            if is_scoped {
                on_scope.push(opens);
            } else {
                on_client.push(opens);
            }
            handles.extend(resource(spec, &handle, text, &given, &of_handle)?);
        }
        if !handles.is_empty() {
            resources.push((tag.clone(), handles));
        }
    }
    let scope = (!on_scope.is_empty()).then(|| scope_handle(spec, &scope, &on_scope));
    if let Some((opens, _)) = &scope {
        on_client.push(opens.clone());
    }
    Ok(Handles {
        client: client(spec, &on_client, scope.map(|(_, handle)| handle))?,
        resources,
    })
}

/// Returns the parameters of the scope. Each has the same type in all operations.
fn scope_fields<'r>(spec: &Spec, requests: &'r [Request<'_>]) -> Vec<&'r RequestField> {
    let find = |wire: &String| {
        let mut fields = requests.iter().flat_map(|request| &request.fields);
        fields.find(|field| field.wire.as_ref() == Some(wire))
    };
    spec.model.scope.iter().filter_map(find).collect()
}

/// Generates the method that opens the scope, and the type it returns.
fn scope_handle(
    spec: &Spec,
    fields: &[&RequestField],
    methods: &[TokenStream],
) -> (TokenStream, TokenStream) {
    let name = naming::scope_method(&spec.model);
    let (method, scope) = (snake(&name), camel(&name));
    let names = spec.model.scope.iter().map(|wire| format!("`{wire}`"));
    let names: Vec<String> = names.collect();
    let about = doc(&format!("Resources that require {}.", names.join(" and ")));
    let debug = opaque_debug(&scope);
    let idents: Vec<&Ident> = fields.iter().map(|field| &field.ident).collect();
    let types = fields.iter().map(|field| &field.ty);
    let taken = fields.iter().map(|field| field.parameter().0);
    let made = fields.iter().map(|field| {
        let (ident, (_, made)) = (&field.ident, field.parameter());
        // clippy rejects redundant field names.
        match *ident == made.to_string() {
            true => quote!(#ident),
            false => quote!(#ident: #made),
        }
    });
    let opens = quote! {
        #about
        pub fn #method(&self, #(#idents: #taken),*) -> #scope {
            #scope { core: self.core.clone(), #(#made),* }
        }
    };
    let handle = quote! {
        #about
        #[derive(Clone)]
        pub struct #scope { core: Core, #(#idents: #types),* }
        impl #scope { #(#methods)* }
        #debug
    };
    (opens, handle)
}

fn client(spec: &Spec, methods: &[TokenStream], scope: Option<TokenStream>) -> Result<TokenStream> {
    let about = doc(&format!(
        "A client for the {} API. Cheap to clone; clones share connections and rate limits.",
        spec.model.title
    ));
    let from_env = if spec.model.slots().is_empty() {
        ""
    } else {
        "[`Credentials::from_env`] reads the credentials from the environment."
    };
    let builder = doc(&format!(
        "Returns a builder for a [`Client`].\n\n{}\n\n{from_env}",
        doctest::connecting(spec)?
    ));
    let credentials = credentials(spec);
    Ok(quote! {
        #about
        #[derive(Clone, Debug)]
        pub struct Client { core: Core }
        impl Client {
            #builder
            pub fn builder() -> Builder<Self> {
                Builder::new(|settings: Settings| Ok(Self { core: Core::connect(&platform::SPEC, settings)? }))
            }
            #(#methods)*
        }
        #credentials
        #scope
    })
}

/// Imports that the client and its resources may need.
pub(super) fn imports() -> Vec<ImportCandidate> {
    ImportCandidate::several(&[
        (
            "botroster_client",
            "Builder Error SecretSource Settings codegen",
        ),
        ("botroster_client::codegen", "Core CredentialSet"),
        ("crate::generated", "platform"),
        ("crate", "types"),
    ])
}

fn credentials(spec: &Spec) -> TokenStream {
    let slots = spec.model.slots();
    if slots.is_empty() {
        return quote!();
    }
    let setters = slots.iter().map(|slot| {
        let method = format_ident!("with_{slot}");
        let docs = doc(&format!(
            "Sets the {}, as a string or a source. Environment variable: `{}`.",
            slot.replace('_', " ").replace("api ", "API "),
            naming::variable(&spec.model, slot)
        ));
        quote! {
            #docs
            #[must_use]
            pub fn #method(mut self, source: impl Into<SecretSource>) -> Self {
                self.0.set(#slot, source.into());
                self
            }
        }
    });
    let variables = slots.iter();
    let variables = variables.map(|slot| format!("`{}`", naming::variable(&spec.model, slot)));
    let from_env = doc(&format!(
        "Reads the credentials from environment variables: {}.",
        variables.collect::<Vec<_>>().join(", ")
    ));
    let about = doc(&format!("Credentials for the {} API.", spec.model.title));
    quote! {
        #about
        ///
        /// `Debug` hides the values, and their memory is cleared on drop.
        #[derive(Clone, Debug, Default)]
        pub struct Credentials(CredentialSet);
        impl Credentials {
            /// Creates an empty set of credentials.
            pub fn new() -> Self {
                Self::default()
            }
            #from_env
            ///
            /// # Errors
            /// None of the variables is set, or one is not Unicode.
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

fn resource(
    spec: &Spec,
    handle: &Ident,
    text: &str,
    scope: &[&RequestField],
    requests: &[&Request<'_>],
) -> Result<TokenStream> {
    let docs = doc(text);
    let debug = opaque_debug(handle);
    let idents = scope.iter().map(|field| &field.ident);
    let types = scope.iter().map(|field| &field.ty);
    let methods = requests.iter().map(|request| {
        let (name, method) = (request.name(), snake(&request.operation.name));
        let docs = doc(&operation_docs::text(spec, request)?);
        let arguments = request.with_role(ArgumentRole::Argument).map(|field| {
            let (ident, (taken, _)) = (&field.ident, field.parameter());
            quote!(#ident: #taken)
        });
        let passed = request.fields.iter().filter_map(|field| match field.role {
            ArgumentRole::Scope => Some(field.kept()),
            ArgumentRole::Argument => Some(field.parameter().1),
            ArgumentRole::Option | ArgumentRole::Position => None,
        });
        let many = many_arguments(request.with_role(ArgumentRole::Argument).count() + 1);
        let deprecated = request.operation.deprecated.then(|| quote!(#[deprecated]));
        Ok(quote! {
            #docs
            #deprecated
            #many
            pub fn #method(&self, #(#arguments),*) -> #name {
                #name::new(self.core.clone(), #(#passed),*)
            }
        })
    });
    let methods = methods.collect::<Result<Vec<_>>>()?;
    Ok(quote! {
        #docs
        #[derive(Clone)]
        pub struct #handle { pub(super) core: Core, #(pub(super) #idents: #types),* }
        impl #handle { #(#methods)* }
        #debug
    })
}
