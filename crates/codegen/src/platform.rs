//! The description of a platform, for programs that handle all platforms alike.

use anyhow::Result;
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use crate::{
    docs::doc,
    naming,
    operations::{option, rate_limit},
    paging,
    raw::Raw,
    schema::{self, ComponentUses},
    streams,
};
use botroster_spec::{
    Spec,
    model::{Operation, Parent, Scheme, SecurityScheme, Signature, Stream},
};

pub(crate) fn emit(spec: &Spec, uses: &ComponentUses, raw: &Raw) -> Result<TokenStream> {
    let (name, title, scope) = (&spec.model.name, &spec.model.title, &spec.model.scope);
    let base_url = option(spec.model.base_url.as_ref());
    let credentials = spec.model.schemes.iter().flat_map(|scheme| {
        scheme.slots.iter().map(move |slot| {
            let (env, scheme) = (naming::variable(&spec.model, slot), &scheme.name);
            quote!(CredentialInfo { name: #slot, env: #env, scheme: #scheme })
        })
    });
    let schemes = spec.model.schemes.iter().map(scheme);
    let (mut infos, mut arms) = (Vec::new(), Vec::new());
    for operation in &spec.model.operations {
        for stream in &operation.streams {
            infos.push(info(spec, operation, stream)?);
            arms.push(streams::arm(spec, uses, raw, operation, stream)?);
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
    let platform = naming::platform(&spec.model);
    let about = doc(&format!(
        "{} as a [`Platform`](crate::Platform), for programs that handle all platforms alike.",
        spec.model.title
    ));
    Ok(quote! {
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
        #about
        #[derive(Clone, Copy, Debug)]
        pub struct #platform;
        impl botroster_client::Platform for #platform {
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

fn scheme(scheme: &SecurityScheme) -> TokenStream {
    let name = &scheme.name;
    let slot = scheme.slots.first();
    let kind = match &scheme.scheme {
        Scheme::Signature(Signature {
            algorithm,
            encoding,
            timestamp,
            message,
            headers,
            tolerance,
        }) => {
            let headers = headers.iter().filter_map(|(name, value)| {
                let value = value.as_str()?;
                Some(quote!((#name, #value)))
            });
            let tolerance = Literal::u64_unsuffixed(tolerance.as_secs());
            quote!(AuthScheme::Signature {
                algorithm: #algorithm, encoding: #encoding, timestamp: #timestamp, message: #message,
                headers: &[#(#headers),*], tolerance: #tolerance,
            })
        }
        Scheme::Bearer => quote!(AuthScheme::Bearer { slot: #slot }),
        Scheme::Basic => quote!(AuthScheme::Basic),
        Scheme::Header { header, template } => {
            let header = header.to_lowercase();
            quote!(AuthScheme::Header { header: #header, template: #template, slot: #slot })
        }
        Scheme::Constant { header, value } => {
            let header = header.to_lowercase();
            quote!(AuthScheme::Constant { header: #header, value: #value })
        }
    };
    quote!(NamedScheme { name: #name, scheme: #kind })
}

fn info(spec: &Spec, operation: &Operation, stream: &Stream) -> Result<TokenStream> {
    let (name, id) = (&stream.name, &operation.id);
    let (key, updated) = (option(stream.key.as_ref()), option(stream.updated.as_ref()));
    let credentials = operation.security.iter().map(|set| {
        let schemes = set.iter().filter_map(|name| spec.model.scheme(name));
        let slots = schemes.flat_map(|scheme| &scheme.slots);
        quote!(&[#(#slots),*])
    });
    let scope = spec
        .model
        .scope
        .iter()
        .filter(|wire| operation.parameter(wire).is_some());
    let maps_to = maps_to(spec, operation)?.to_string();
    let seeds = &stream.seeds;
    let parent = option(stream.parent.as_ref().map(|Parent { stream, bind }| {
        let bind = bind.iter();
        let bind = bind.map(|(parameter, pointer)| quote!((#parameter, #pointer)));
        quote!(ParentInfo { stream: #stream, bind: &[#(#bind),*] })
    }));
    let rate_limit = rate_limit(operation);
    let page_size = option(page_size(spec, operation).map(Literal::u32_unsuffixed));
    Ok(quote! {
        StreamInfo {
            name: #name, operation: #id, key: #key, updated: #updated, credentials: &[#(#credentials),*], scope: &[#(#scope),*],
            maps_to: #maps_to, seeds: &[#(#seeds),*], parent: #parent, rate_limit: #rate_limit, page_size: #page_size,
        }
    })
}

/// Returns the mapping of the record's component, or of the response if no record is documented.
fn maps_to(spec: &Spec, operation: &Operation) -> Result<Value> {
    let record = schema::record(spec, operation)?;
    let record = record.as_ref().map(|schema| schema::resolve(spec, schema));
    let mapping = record
        .transpose()?
        .and_then(|record| record.get("x-maps-to"));
    Ok(mapping
        .cloned()
        .unwrap_or_else(|| Value::Object(Default::default())))
}

/// Returns the page size for reading whole lists: the documented maximum, or 100 or the default if that is larger.
fn page_size(spec: &Spec, operation: &Operation) -> Option<u32> {
    let pagination = operation.pagination.as_ref()?;
    let (at, size) = (pagination.at.as_ref()?, pagination.size.as_ref()?);
    let schema = paging::schema(spec, operation, at.carrier, size)?;
    let number = |key: &str| u32::try_from(schema.get(key)?.as_u64()?).ok();
    let default = || number("default").unwrap_or_default().max(100);
    Some(number("maximum").unwrap_or_else(default))
}
