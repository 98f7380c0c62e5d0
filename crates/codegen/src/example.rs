//! A program that reads the first list of a platform.

use anyhow::Result;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{
    facade::{ArgumentRole, Request, RequestField},
    naming,
    raw::Raw,
    schema,
};
use botroster_spec::{Spec, idents::snake, model::Operation};

/// The operation of the example: the first list without required values that only a caller can choose.
pub(crate) fn operation(spec: &Spec) -> Option<&Operation> {
    // A body with required fields would need values that only the caller knows.
    let is_simple = |operation: &&Operation| {
        let body = operation.body_schema().filter(|_| operation.needs_body());
        let body = body.and_then(|body| schema::resolve(spec, body).ok());
        !operation.streams.is_empty()
            && !operation.deprecated
            && !body.is_some_and(schema::needs_arguments)
    };
    spec.model.operations.iter().find(is_simple)
}

/// The example, or `None` for a platform without a stream.
pub(crate) fn emit(spec: &Spec, raw: &Raw) -> Result<Option<TokenStream>> {
    let Some(operation) = operation(spec) else {
        return Ok(None);
    };
    let request = Request::of(spec, operation, raw)?;
    let krate = naming::crate_ident(&spec.model);
    let (tag, name) = (snake(&operation.tag), snake(&operation.name));
    let handle = if spec.model.is_scoped(operation) {
        let scope = snake(&naming::scope_method(&spec.model));
        let arguments = spec.model.scope.iter().map(|wire| {
            let field = request.field(wire);
            field.map_or_else(|| quote!(next(#wire)?), |field| asked(field, &krate))
        });
        quote!(client.#scope(#(#arguments),*))
    } else {
        quote!(client)
    };
    let arguments = request.with_role(ArgumentRole::Argument);
    let arguments = arguments.map(|field| asked(field, &krate));
    let base_url = spec
        .model
        .base_url
        .is_none()
        .then(|| quote!(.with_base_url(next("base URL")?)));
    let mut given = request.with_role(ArgumentRole::Argument);
    let needs_arguments = base_url.is_some()
        || spec.model.is_scoped(operation)
        || given.any(|field| field.wire.is_some());
    let next = needs_arguments.then(|| {
        quote! {
            let mut arguments = std::env::args().skip(1);
            let mut next = |name: &str| arguments.next().ok_or(format!("missing argument: {name}"));
        }
    });
    let needs_credentials = !spec.model.slots().is_empty();
    let credentials =
        needs_credentials.then(|| quote!(.with_credentials(#krate::Credentials::from_env()?)));
    Ok(Some(quote! {
        #[rustfmt::skip]
        #[tokio::main(flavor = "current_thread")]
        async fn main() -> Result<(), Box<dyn std::error::Error>> {
            #next
            let client = #krate::Client::builder()#credentials #base_url.build()?;
            let mut pages = #handle.#tag().#name(#(#arguments),*).pages();
            let mut records = 0;
            while let Some(page) = pages.try_next().await? {
                records += page.items.len();
                println!("{records} records");
            }
            println!("{:?}", pages.completeness());
            Ok(())
        }
    }))
}

/// Reads an argument from the command line.
fn asked(field: &RequestField, krate: &Ident) -> TokenStream {
    let Some(wire) = &field.wire else {
        let ty = &field.ty;
        return quote!(#krate::#ty::new());
    };
    let ty = field.item.as_ref().unwrap_or(&field.ty);
    let one = match ty.to_string() {
        text if text == "String" => quote!(next(#wire)?),
        // An enumeration of the platform, or a primitive type.
        text if text.starts_with("types") => quote!(next(#wire)?.parse::<#krate::#ty>()?),
        text if text.starts_with("botroster_client") => quote!(next(#wire)?.as_str()),
        _ => quote!(next(#wire)?.parse::<#ty>()?),
    };
    if field.item.is_some() {
        quote!([#one])
    } else {
        one
    }
}
