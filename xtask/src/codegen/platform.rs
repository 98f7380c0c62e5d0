//! The platform as data: what programs that treat all platforms alike need.

use anyhow::{Result, bail};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use super::{
    facade::{Field, Request, Role},
    handles::variable,
    model::{AtPlace, OperationModel, SchemeKind, SchemeModel, Spec, Stream},
    names::{camel, snake},
    operations::{option, rate_limit},
    raw::Raw,
    schema::{self, Output, output},
};

pub(crate) fn emit(spec: &Spec, raw: &Raw) -> Result<TokenStream> {
    let (name, title, base_url) = (&spec.name, &spec.title, option(spec.base_url.as_ref()));
    let scope = &spec.scope;
    let credentials = spec.schemes.iter().flat_map(|scheme| {
        scheme.slots().into_iter().map(move |slot| {
            let (env, scheme) = (variable(spec, &slot), &scheme.name);
            quote!(CredentialInfo { name: #slot, env: #env, scheme: #scheme })
        })
    });
    let schemes = spec.schemes.iter().map(scheme);
    let (mut infos, mut arms) = (Vec::new(), Vec::new());
    for operation in &spec.operations {
        for stream in &operation.streams {
            infos.push(info(spec, operation, stream)?);
            arms.push(arm(spec, raw, operation, stream)?);
        }
    }
    let walk = if arms.is_empty() {
        quote! {
            let _ = (&self.0, stream, arguments);
            Err(codegen::no_such_stream(#name))
        }
    } else {
        quote! {
            let core = &self.0;
            let _ = arguments;
            match stream.name {
                #(#arms)*
                _ => Err(codegen::no_such_stream(#name)),
            }
        }
    };
    Ok(quote! {
        #[allow(unused_imports, reason = "which of them is used depends on the streams")]
        use std::{collections::BTreeMap, sync::Arc};
        #[allow(unused_imports, reason = "which of them is used depends on the streams")]
        use botroster_client::{
            Connection, CredentialInfo, Error, ParentInfo, PlatformInfo, RateLimit, RawPages, Settings, StreamInfo,
            codegen::{self, Core, PlatformSpec, Scheme, SchemeInfo},
        };
        #[allow(unused_imports, reason = "which of them is used depends on the streams")]
        use super::requests;
        #[allow(unused_imports, reason = "a platform may document no type")]
        use crate::types;

        pub(super) static SPEC: PlatformSpec = PlatformSpec {
            info: &INFO,
            schemes: &[#(#schemes),*],
            user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")),
        };
        pub(super) static INFO: PlatformInfo = PlatformInfo {
            name: #name,
            title: #title,
            base_url: #base_url,
            scope: &[#(#scope),*],
            credentials: &[#(#credentials),*],
            streams: &[#(#infos),*],
        };
        /// This platform, for programs that treat all platforms alike.
        #[derive(Clone, Copy, Debug)]
        pub struct Platform;
        impl botroster_client::Platform for Platform {
            fn info(&self) -> &'static PlatformInfo {
                &INFO
            }
            fn connect(&self, settings: Settings) -> Result<Arc<dyn Connection>, Error> {
                Ok(Arc::new(Streams(Core::connect(&SPEC, settings)?)))
            }
        }
        struct Streams(Core);
        impl Connection for Streams {
            fn walk(&self, stream: &'static StreamInfo, arguments: &BTreeMap<String, String>) -> Result<RawPages, Error> {
                #walk
            }
        }
    })
}

fn scheme(scheme: &SchemeModel) -> TokenStream {
    let name = &scheme.name;
    let slots = scheme.slots();
    let slot = slots.first();
    let kind = match &scheme.kind {
        SchemeKind::Signature { recipe, tolerance } => {
            let (algorithm, encoding, timestamp, message) = (
                &recipe.algorithm,
                &recipe.encoding,
                &recipe.timestamp,
                &recipe.message,
            );
            let headers = recipe.headers.iter().filter_map(|(name, value)| {
                let value = value.as_str()?;
                Some(quote!((#name, #value)))
            });
            let tolerance = Literal::u64_unsuffixed(*tolerance);
            quote!(Scheme::Signature {
                algorithm: #algorithm, encoding: #encoding, timestamp: #timestamp, message: #message,
                headers: &[#(#headers),*], tolerance: #tolerance,
            })
        }
        SchemeKind::Bearer => quote!(Scheme::Bearer { slot: #slot }),
        SchemeKind::Basic => quote!(Scheme::Basic),
        SchemeKind::Header { header, template } => {
            quote!(Scheme::Header { header: #header, template: #template, slot: #slot })
        }
        SchemeKind::Constant { header, value } => {
            quote!(Scheme::Constant { header: #header, value: #value })
        }
    };
    quote!(SchemeInfo { name: #name, scheme: #kind })
}

fn info(spec: &Spec, operation: &OperationModel, stream: &Stream) -> Result<TokenStream> {
    let (name, id) = (&stream.name, &operation.id);
    let (key, updated) = (option(stream.key.as_ref()), option(stream.updated.as_ref()));
    let first = operation.security.first().into_iter().flatten();
    let credentials: Vec<String> = first
        .filter_map(|name| spec.schemes.iter().find(|scheme| scheme.name == *name))
        .flat_map(SchemeModel::slots)
        .collect();
    let scope = spec
        .scope
        .iter()
        .filter(|wire| operation.parameter(wire).is_some());
    let maps_to = maps_to(spec, operation)?.to_string();
    let seeds = &stream.seeds;
    let parent = match &stream.parent {
        None => quote!(None),
        Some(parent) => {
            let stream = &parent.stream;
            let bind = parent.bind.iter().filter_map(|(parameter, pointer)| {
                let pointer = pointer.as_str()?;
                Some(quote!((#parameter, #pointer)))
            });
            quote!(Some(ParentInfo { stream: #stream, bind: &[#(#bind),*] }))
        }
    };
    let rate_limit = rate_limit(operation);
    let page_size = option(page_size(spec, operation)?.map(Literal::u32_unsuffixed));
    Ok(quote! {
        StreamInfo {
            name: #name, operation: #id, key: #key, updated: #updated, credentials: &[#(#credentials),*], scope: &[#(#scope),*],
            maps_to: #maps_to, seeds: &[#(#seeds),*], parent: #parent, rate_limit: #rate_limit, page_size: #page_size,
        }
    })
}

/// The mapping stands on the record's component, or on the answer where no record is documented.
fn maps_to(spec: &Spec, operation: &OperationModel) -> Result<Value> {
    let empty = Value::Object(serde_json::Map::new());
    let record = match output(spec, operation)? {
        Output::Page(Some(schema)) => Some(schema),
        _ => operation.answer.clone(),
    };
    let Some(record) = record else {
        return Ok(empty);
    };
    Ok(schema::resolve(spec, &record)?
        .get("x-maps-to")
        .cloned()
        .unwrap_or(empty))
}

/// Reading a whole list asks for the documented maximum, else for a hundred or a larger default: fewer requests.
fn page_size(spec: &Spec, operation: &OperationModel) -> Result<Option<u32>> {
    let Some((_, schema)) = size_place(spec, operation)? else {
        return Ok(None);
    };
    let number = |key: &str| {
        schema
            .get(key)
            .and_then(Value::as_u64)
            .and_then(|number| u32::try_from(number).ok())
    };
    Ok(Some(number("maximum").unwrap_or_else(|| {
        number("default").unwrap_or_default().max(100)
    })))
}

fn size_place<'s>(
    spec: &'s Spec,
    operation: &'s OperationModel,
) -> Result<Option<(AtPlace, &'s Value)>> {
    let Some(pagination) = &operation.pagination else {
        return Ok(None);
    };
    let (Some(at), Some(size)) = (&pagination.at, &pagination.size) else {
        return Ok(None);
    };
    Ok(match at.place {
        AtPlace::Query => operation
            .parameter(size)
            .map(|parameter| (AtPlace::Query, &parameter.schema)),
        AtPlace::Body => match &operation.body {
            Some(body) => schema::resolve(spec, body)?["properties"]
                .get(size)
                .map(|schema| (AtPlace::Body, schema)),
            None => None,
        },
    })
}

/// The call that reads a stream.
fn arm(spec: &Spec, raw: &Raw, operation: &OperationModel, stream: &Stream) -> Result<TokenStream> {
    let request = Request::of(spec, operation, raw)?;
    let name = request.name();
    let arguments = request
        .fields
        .iter()
        .filter(|field| matches!(field.role, Role::Scope | Role::Argument));
    let arguments = arguments
        .map(|field| given(spec, operation, stream, field))
        .collect::<Result<Vec<_>>>()?;
    let setters = request
        .fields
        .iter()
        .filter(|field| field.role == Role::Option)
        .filter_map(|field| {
            let wire = field.wire.as_ref()?;
            let ident = &field.ident;
            if let Some(value) = stream.with.get(wire) {
                let value = literal(spec, &operation.parameter(wire)?.schema, value);
                return Some(quote!(let call = call.#ident(#value);));
            }
            is_given(stream, wire)
                .then(|| quote!(let call = call.#ident(codegen::argument(arguments, #wire)?);))
        });
    let size = match size_place(spec, operation)? {
        Some((AtPlace::Query, _)) => {
            let field = snake(
                operation
                    .pagination
                    .as_ref()
                    .and_then(|p| p.size.as_deref())
                    .unwrap_or_default(),
            );
            quote!(let call = match core.page_size().or(stream.page_size) { Some(size) => call.#field(size), None => call };)
        }
        _ => quote!(),
    };
    let stream_name = &stream.name;
    let with = stream
        .with
        .iter()
        .filter(|(wire, _)| operation.parameter(wire).is_none());
    let with = with.map(|(wire, value)| {
        let field = snake(wire);
        let property = property(spec, operation, wire).unwrap_or(&Value::Null);
        let value = literal(spec, property, value);
        let target = schema::resolve(spec, property).unwrap_or(property);
        let value = match target.get("x-timestamp") {
            Some(_) => quote!(botroster_client::Timestamp::from(#value)),
            None => value,
        };
        let value = match property.get("x-send") {
            Some(_) => value,
            None => quote!(Some(#value)),
        };
        quote!(body.#field = #value;)
    });
    let body = request
        .fields
        .iter()
        .find(|field| field.wire.is_none())
        .map(|field| {
            let ty = &field.ty;
            let with: Vec<_> = with.collect();
            let mutable = (!with.is_empty()).then(|| format_ident!("mut"));
            quote! {
                let #mutable body = #ty::new();
                #(#with)*
            }
        });
    Ok(quote! {
        #stream_name => {
            #body
            let call = requests::#name::new(core.clone(), #(#arguments),*);
            #(#setters)*
            #size
            Ok(codegen::pages(call))
        }
    })
}

/// A property at the top of an operation's body.
fn property<'s>(spec: &'s Spec, operation: &'s OperationModel, wire: &str) -> Option<&'s Value> {
    schema::resolve(spec, operation.body.as_ref()?)
        .ok()?
        .get("properties")?
        .get(wire)
}

/// The value of an argument of a stream's call.
fn given(
    spec: &Spec,
    operation: &OperationModel,
    stream: &Stream,
    field: &Field,
) -> Result<TokenStream> {
    let Some(wire) = &field.wire else {
        return Ok(quote!(body));
    };
    if field.role == Role::Scope {
        return Ok(quote!(core.scope(#wire)?.to_owned()));
    }
    if let Some(value) = stream.with.get(wire)
        && let Some(parameter) = operation.parameter(wire)
    {
        return Ok(literal(spec, &parameter.schema, value));
    }
    if is_given(stream, wire) {
        return Ok(quote!(codegen::argument(arguments, #wire)?));
    }
    bail!(
        "{}: nothing gives the parameter `{wire}` of the stream `{}`: write it under `with`, `seeds` or `parent`",
        spec.tree.locate(&format!("{}/x-stream", operation.pointer)),
        stream.name
    )
}

/// Whether whoever reads the stream gives this parameter.
fn is_given(stream: &Stream, wire: &String) -> bool {
    let parent = stream.parent.as_ref();
    parent.is_some_and(|parent| parent.bind.contains_key(wire)) || stream.seeds.contains(wire)
}

/// A fixed value of a parameter or property.
fn literal(spec: &Spec, schema: &Value, value: &Value) -> TokenStream {
    if let (Some(name), Value::String(text)) = (schema::reference(schema), value)
        && matches!(
            schema::resolve(spec, schema).map(schema::kind),
            Ok(schema::Kind::Enum(_))
        )
    {
        let (ty, variant) = (camel(name), camel(text));
        return quote!(types::#ty::#variant);
    }
    match value {
        Value::String(text) => quote!(#text.to_owned()),
        Value::Bool(value) => quote!(#value),
        other => {
            let number = Literal::i64_unsuffixed(other.as_i64().unwrap_or_default());
            quote!(#number)
        }
    }
}
