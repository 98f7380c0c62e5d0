//! Calls that read streams.

mod body;

use anyhow::{Result, bail};
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use crate::{
    error::rejected,
    facade::{ArgumentRole, Request, RequestField},
    paging,
    raw::Raw,
    schema::{self, ComponentKind, ComponentUses, rust_type},
};
use botroster_spec::{
    Spec,
    idents::camel,
    model::{Carrier, Operation, Stream},
};

/// Generates the match arm of a stream.
pub(super) fn arm(
    spec: &Spec,
    uses: &ComponentUses,
    raw: &Raw,
    operation: &Operation,
    stream: &Stream,
) -> Result<TokenStream> {
    let request = Request::of(spec, operation, raw)?;
    let arm = Arm {
        spec,
        uses,
        operation,
        stream,
    };
    let name = request.name();
    let (mut arguments, mut setters) = (Vec::new(), Vec::new());
    for field in request.fields.iter().filter(|field| field.wire.is_some()) {
        match (field.role, arm.given(field)?) {
            (ArgumentRole::Scope | ArgumentRole::Argument, Some(value)) => arguments.push(value),
            (ArgumentRole::Argument, None)
                if field.wire.as_deref() == paging::size(operation, Carrier::Query) =>
            {
                let size = arm.size_as(&field.ty)?;
                arguments.push(required_size(&size));
            }
            (ArgumentRole::Scope | ArgumentRole::Argument, None) => bail!(arm.rejected()),
            (ArgumentRole::Option, Some(value)) => {
                let ident = &field.ident;
                setters.push(quote!(let call = call.#ident(#value);));
            }
            (ArgumentRole::Option | ArgumentRole::Position, _) => {}
        }
    }
    let size = arm.size(&request)?;
    let body = request.fields.iter().find(|field| field.wire.is_none());
    let body = match body {
        None => quote!(),
        Some(field) => {
            let (made, is_set) = arm.body(field)?;
            if field.role == ArgumentRole::Argument {
                arguments.push(quote!(body));
                made
            } else if is_set {
                setters.push(quote!(let call = call.body(body);));
                made
            } else {
                quote!()
            }
        }
    };
    let stream_name = &stream.name;
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

struct Arm<'s> {
    spec: &'s Spec,
    uses: &'s ComponentUses,
    operation: &'s Operation,
    stream: &'s Stream,
}

impl Arm<'_> {
    fn rejected(&self) -> anyhow::Error {
        rejected(self.spec, &self.operation.pointer())
    }

    /// Returns the value of a parameter, or `None` if the stream does not determine it.
    fn given(&self, field: &RequestField) -> Result<Option<TokenStream>> {
        let Some(wire) = &field.wire else {
            return Ok(None);
        };
        let ty = &field.ty;
        if field.role == ArgumentRole::Scope {
            return Ok(Some(if field.is_text() {
                quote!(core.scope(#wire)?.to_owned())
            } else {
                quote!(codegen::parse::<#ty>(#wire, core.scope(#wire)?)?)
            }));
        }
        if let (Some(value), Some(parameter)) =
            (self.stream.with.get(wire), self.operation.parameter(wire))
        {
            // Timestamps are strings in parameters.
            if field.is_text() {
                let text = written(value);
                return Ok(Some(quote!(#text.to_owned())));
            }
            // A timestamp is passed as its string or number.
            let mut schema = parameter.schema.clone();
            if let Some(schema) = schema.as_object_mut() {
                schema.remove("x-timestamp");
            }
            return self.literal(wire, &schema, value).map(Some);
        }
        let one = self.supplied(wire, field.item.as_ref().unwrap_or(ty));
        Ok(one.map(|one| match &field.item {
            Some(_) => quote!(vec![#one]),
            None => one,
        }))
    }

    /// Returns the value from a parent's record or a row of seeds, if the stream has one.
    fn supplied(&self, wire: &str, ty: &TokenStream) -> Option<TokenStream> {
        let parent = self.stream.parent.as_ref();
        let is_supplied = parent.is_some_and(|parent| parent.bind.contains_key(wire))
            || self.stream.seeds.iter().any(|seed| seed == wire);
        let text = quote!(codegen::argument(arguments, #wire)?);
        is_supplied.then(|| match ty.to_string() == "String" {
            true => text,
            false => quote!(codegen::parse::<#ty>(#wire, &#text)?),
        })
    }

    /// Converts `size` to the type of its field.
    fn size_as(&self, ty: &TokenStream) -> Result<TokenStream> {
        Ok(match ty.to_string().as_str() {
            "u32" => quote!(size),
            "i32" | "i64" | "u64" => quote!(<#ty as codegen::PageNumber>::from_number(size.into())),
            _ => bail!(self.rejected()),
        })
    }

    /// Sets the page size.
    fn size(&self, request: &Request<'_>) -> Result<TokenStream> {
        let wire = paging::size(self.operation, Carrier::Query);
        let field = wire.and_then(|wire| request.field(wire));
        let Some(field) = field.filter(|field| field.role == ArgumentRole::Option) else {
            return Ok(quote!());
        };
        let (ident, size) = (&field.ident, self.size_as(&field.ty)?);
        Ok(
            quote!(let call = match core.page_size().or(stream.page_size) { Some(size) => call.#ident(#size), None => call };),
        )
    }

    /// Returns a value of `with` as the type of its schema.
    fn literal(&self, wire: &str, schema: &Value, value: &Value) -> Result<TokenStream> {
        let target = schema::resolve(self.spec, schema)?;
        if let ComponentKind::Enum(_) = schema::kind(target) {
            let ty = camel(schema::reference(schema).unwrap_or_default());
            let text = written(value);
            return Ok(quote!(codegen::parse::<types::#ty>(#wire, #text)?));
        }
        let ty = rust_type(target, &quote!(types::))?.to_string();
        let text = written(value);
        Ok(match (ty.replace(' ', "").as_str(), value) {
            ("String", _) => quote!(#text.to_owned()),
            ("bool", Value::Bool(value)) => quote!(#value),
            ("i64", Value::Number(number)) if number.is_i64() => {
                let number = Literal::i64_unsuffixed(number.as_i64().unwrap_or_default());
                quote!(#number)
            }
            ("botroster_client::Timestamp", Value::Number(number)) if number.is_i64() => {
                let millis = Literal::i64_suffixed(number.as_i64().unwrap_or_default());
                quote!(botroster_client::Timestamp::from(#millis))
            }
            ("botroster_client::Timestamp", _) => {
                quote!(botroster_client::Timestamp::from(#text))
            }
            ("botroster_client::NumberOrText" | "botroster_client::Number", _) => {
                quote!(codegen::parse(#wire, #text)?)
            }
            (_, Value::Array(items)) if target["type"] == "array" => {
                let items = items
                    .iter()
                    .map(|item| self.literal(wire, &target["items"], item))
                    .collect::<Result<Vec<_>>>()?;
                quote!(vec![#(#items),*])
            }
            (_, value) if target["type"] == "array" && !value.is_object() => {
                let item = self.literal(wire, &target["items"], value)?;
                quote!(vec![#item])
            }
            _ => bail!(self.rejected()),
        })
    }
}

/// Returns a required page size; `made` converts it from `size`.
fn required_size(made: &TokenStream) -> TokenStream {
    let size = quote!(core.page_size().or(stream.page_size).unwrap_or(100));
    if made.to_string() == "size" {
        size
    } else {
        quote!({ let size = #size; #made })
    }
}

fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
