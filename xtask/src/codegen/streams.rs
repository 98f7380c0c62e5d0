//! The calls that read whole streams.

use anyhow::{Result, bail};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::{
    facade::{Field, Request, Role},
    model::{AtPlace, OperationModel, Spec, Stream},
    names::snake,
    operations::first,
    raw::Raw,
    schema::{self, rust_type},
};

/// Reading a whole list asks for the documented maximum, else for a hundred or a larger default: fewer requests.
pub(super) fn page_size(spec: &Spec, operation: &OperationModel) -> Result<Option<u32>> {
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
pub(super) fn arm(
    spec: &Spec,
    raw: &Raw,
    operation: &OperationModel,
    stream: &Stream,
) -> Result<TokenStream> {
    let request = Request::of(spec, operation, raw)?;
    let source = Source {
        spec,
        operation,
        stream,
    };
    let name = request.name();
    let arguments = request
        .fields
        .iter()
        .filter(|field| matches!(field.role, Role::Scope | Role::Argument))
        .map(|field| source.argument(field))
        .collect::<Result<Vec<_>>>()?;
    let setters = request
        .fields
        .iter()
        .filter(|field| field.role == Role::Option)
        .filter_map(|field| source.setter(field));
    let body = request
        .fields
        .iter()
        .find(|field| field.wire.is_none())
        .map(|field| source.body(field))
        .transpose()?;
    let stream_name = &stream.name;
    Ok(quote! {
        #stream_name => {
            #body
            let call = requests::#name::new(core.clone(), #(#arguments),*);
            #(#setters)*
            Ok(codegen::pages(call))
        }
    })
}

/// Where the arguments of a stream's call come from.
struct Source<'s> {
    spec: &'s Spec,
    operation: &'s OperationModel,
    stream: &'s Stream,
}

impl Source<'_> {
    /// What the stream's words say about a parameter or a property of the body.
    fn given(&self, wire: &str, ty: &TokenStream) -> Option<TokenStream> {
        if let Some(value) = self.stream.with.get(wire) {
            return Some(literal(value, ty));
        }
        let parent = self.stream.parent.as_ref();
        let is_bound = parent.is_some_and(|parent| parent.bind.contains_key(wire));
        if !is_bound && !self.stream.seeds.iter().any(|seed| seed == wire) {
            return None;
        }
        Some(if ty.to_string() == "String" {
            quote!(codegen::argument(arguments, #wire)?)
        } else {
            quote!(codegen::parsed_argument::<#ty>(arguments, #wire)?)
        })
    }

    fn is_size(&self, wire: &str) -> bool {
        let pagination = self.operation.pagination.as_ref();
        pagination.and_then(|pagination| pagination.size.as_deref()) == Some(wire)
    }

    /// The value of a required argument.
    fn argument(&self, field: &Field) -> Result<TokenStream> {
        let Some(wire) = &field.wire else {
            return Ok(quote!(body));
        };
        if field.role == Role::Scope {
            return Ok(quote!(core.scope(#wire)?.to_owned()));
        }
        if let Some(value) = self.given(wire, &field.ty) {
            return Ok(value);
        }
        if self.is_size(wire) {
            return Ok(required_size(&field.ty));
        }
        self.nothing_gives(&format!("parameter `{wire}`"))
    }

    fn setter(&self, field: &Field) -> Option<TokenStream> {
        let wire = field.wire.as_ref()?;
        let ident = &field.ident;
        if let Some(value) = self.given(wire, &field.ty) {
            return Some(quote!(let call = call.#ident(#value);));
        }
        if !self.is_size(wire) {
            return None;
        }
        let size = match field.ty.to_string().as_str() {
            "u32" => quote!(size),
            _ => quote!(codegen::PageNumber::from_number(size.into())),
        };
        Some(
            quote!(let call = match core.page_size().or(stream.page_size) { Some(size) => call.#ident(#size), None => call };),
        )
    }

    /// The body: what it cannot be without, then what makes this stream of it.
    fn body(&self, field: &Field) -> Result<TokenStream> {
        let Some(schema) = self.operation.body.as_ref() else {
            return Ok(quote!());
        };
        let at = format!(
            "{}/requestBody/content/application~1json/schema",
            self.operation.pointer
        );
        let schema = schema::resolve(self.spec, schema)?;
        let ty = &field.ty;
        let (mut required, mut set) = (Vec::new(), Vec::new());
        let properties = match schema::reference(self.operation.body.as_ref().unwrap_or(schema)) {
            Some(name) => self
                .spec
                .tree
                .entries(&format!("/components/schemas/{name}/properties")),
            None => Vec::new(),
        };
        if properties.is_empty() {
            bail!(
                "{}: a stream's body is an object with properties: write a $ref to one",
                self.spec.tree.locate(&at)
            );
        }
        let mut deprecated = false;
        for (wire, property, _) in properties {
            let property_type = rust_type(property, &quote!(types::))?;
            let value = self.given(wire, &property_type);
            let (ident, presence) = (snake(wire), schema::presence(self.spec, schema, wire)?);
            deprecated |= value.is_some() && property["deprecated"] == true;
            match (presence, value) {
                (schema::Presence::Required, Some(value)) => required.push(value),
                (schema::Presence::Required, None) => {
                    required.push(self.position_or_size(wire, &property_type)?);
                }
                (schema::Presence::Optional, Some(value)) => {
                    set.push(quote!(body.#ident = Some(#value);));
                }
                (_, Some(value)) => set.push(quote!(body.#ident = #value;)),
                (presence, None) if self.is_size(wire) => set.push(size_of_body(&ident, presence)),
                (_, None) => {}
            }
        }
        let mutable = (!set.is_empty()).then(|| quote!(mut));
        let made = quote! {
            let #mutable body = #ty::new(#(#required),*);
            #(#set)*
        };
        Ok(if deprecated {
            quote!(#[allow(deprecated)] let body = { #made body };)
        } else {
            made
        })
    }

    /// A required property that paging gives.
    fn position_or_size(&self, wire: &str, ty: &TokenStream) -> Result<TokenStream> {
        let Some(pagination) = &self.operation.pagination else {
            return self.nothing_gives(&format!("property `{wire}`"));
        };
        if self.is_size(wire) {
            return Ok(required_size(ty));
        }
        if pagination.at.as_ref().is_some_and(|at| at.name == wire) {
            let first = Literal::u64_unsuffixed(first(pagination));
            return Ok(quote!(<#ty as codegen::PageNumber>::from_number(#first)));
        }
        self.nothing_gives(&format!("property `{wire}`"))
    }

    fn nothing_gives<T>(&self, what: &str) -> Result<T> {
        bail!(
            "{}: nothing gives the {what} of the stream `{}`: write it under `with`, `seeds` or `parent`",
            self.spec
                .tree
                .locate(&format!("{}/x-stream", self.operation.pointer)),
            self.stream.name
        )
    }
}

/// The length of a page where the platform must be told one.
fn required_size(ty: &TokenStream) -> TokenStream {
    quote! {
        <#ty as codegen::PageNumber>::from_number(core.page_size().or(stream.page_size).unwrap_or(100).into())
    }
}

fn size_of_body(ident: &Ident, presence: schema::Presence) -> TokenStream {
    let size = quote!(codegen::PageNumber::from_number(size.into()));
    let size = match presence {
        schema::Presence::Optional => quote!(Some(#size)),
        _ => size,
    };
    quote! {
        if let Some(size) = core.page_size().or(stream.page_size) {
            body.#ident = #size;
        }
    }
}

fn literal(value: &Value, ty: &TokenStream) -> TokenStream {
    let name = ty.to_string();
    match value {
        Value::String(text) if name == "String" => quote!(#text.to_owned()),
        Value::String(text) => quote!(#text.parse::<#ty>()?),
        Value::Bool(value) => quote!(#value),
        Value::Number(number) if name == "f64" => {
            let number = Literal::f64_unsuffixed(number.as_f64().unwrap_or_default());
            quote!(#number)
        }
        other => {
            let number = Literal::i64_unsuffixed(other.as_i64().unwrap_or_default());
            quote!(#number)
        }
    }
}
