//! The calls that read streams.

use anyhow::{Result, bail};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use super::{
    facade::{Field, Request, Role},
    model::{AtPlace, OperationModel, Spec, Stream},
    names::{self, camel},
    operations::first,
    raw::Raw,
    schema::{self, Kind, Uses, rust_type},
    types::{Presence, presence},
};

/// One arm of the match over a platform's streams.
pub(super) fn arm(
    spec: &Spec,
    uses: &Uses,
    raw: &Raw,
    operation: &OperationModel,
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
            (Role::Scope | Role::Argument, Some(value)) => arguments.push(value),
            (Role::Argument, None) if field.wire.as_deref() == arm.size_wire(AtPlace::Query) => {
                let size = arm.size_as(&field.ty)?;
                arguments.push(required_size(&size));
            }
            (Role::Scope | Role::Argument, None) => bail!(
                "{}: nothing gives the parameter `{}` of the stream `{}`: write it under `with`, `seeds` or `parent`",
                arm.place(),
                field.wire.as_deref().unwrap_or_default(),
                stream.name
            ),
            (Role::Option, Some(value)) => {
                let ident = &field.ident;
                setters.push(quote!(let call = call.#ident(#value);));
            }
            (Role::Option | Role::Position, _) => {}
        }
    }
    let size = arm.size(&request)?;
    let body = request.fields.iter().find(|field| field.wire.is_none());
    let body = match body {
        None => quote!(),
        Some(field) => {
            let (made, is_set) = arm.body(field)?;
            if field.role == Role::Argument {
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
    uses: &'s Uses,
    operation: &'s OperationModel,
    stream: &'s Stream,
}

impl Arm<'_> {
    fn place(&self) -> String {
        self.spec
            .tree
            .locate(&format!("{}/x-stream", self.operation.pointer))
    }

    /// What gives a parameter its value, if anything does.
    fn given(&self, field: &Field) -> Result<Option<TokenStream>> {
        let Some(wire) = &field.wire else {
            return Ok(None);
        };
        let ty = &field.ty;
        if field.role == Role::Scope {
            return Ok(Some(if field.is_text() {
                quote!(core.scope(#wire)?.to_owned())
            } else {
                quote!(codegen::parse::<#ty>(#wire, core.scope(#wire)?)?)
            }));
        }
        if let (Some(value), Some(parameter)) =
            (self.stream.with.get(wire), self.operation.parameter(wire))
        {
            // Times are texts among parameters.
            if field.is_text() {
                let text = written(value);
                return Ok(Some(quote!(#text.to_owned())));
            }
            // A parameter that is a time is given as its text or number.
            let mut schema = parameter.schema.clone();
            if let Some(schema) = schema.as_object_mut() {
                schema.remove("x-timestamp");
            }
            return self.literal(wire, &schema, value).map(Some);
        }
        if !self.is_argument(wire) {
            return Ok(None);
        }
        let text = quote!(codegen::argument(arguments, #wire)?);
        Ok(Some(match &field.item {
            Some(item) if item.to_string() == "String" => quote!(vec![#text]),
            Some(item) => quote!(vec![codegen::parse::<#item>(#wire, &#text)?]),
            None if field.is_text() => text,
            None => quote!(codegen::parse::<#ty>(#wire, &#text)?),
        }))
    }

    /// Whether a record of the parent or a row of seeds gives it.
    fn is_argument(&self, wire: &str) -> bool {
        let parent = self.stream.parent.as_ref();
        parent.is_some_and(|parent| parent.bind.contains_key(wire))
            || self.stream.seeds.iter().any(|seed| seed == wire)
    }

    /// The parameter or property that says how many records a page has, if it stands in that place.
    fn size_wire(&self, place: AtPlace) -> Option<&str> {
        let pagination = self.operation.pagination.as_ref()?;
        let at = pagination.at.as_ref()?;
        let size = pagination.size.as_deref()?;
        (at.place == place).then_some(size)
    }

    /// The size of a page, from `size`, as the type of its field.
    fn size_as(&self, ty: &TokenStream) -> Result<TokenStream> {
        Ok(match ty.to_string().as_str() {
            "u32" => quote!(size),
            "i32" | "i64" | "u64" => quote!(<#ty as codegen::PageNumber>::from_number(size.into())),
            _ => bail!(
                "{}: the size of a page is a number: write `type: integer` for it",
                self.place()
            ),
        })
    }

    /// How many records a page is asked for.
    fn size(&self, request: &Request<'_>) -> Result<TokenStream> {
        let wire = self.size_wire(AtPlace::Query);
        let mut fields = request.fields.iter();
        let field = fields.find(|field| field.wire.is_some() && field.wire.as_deref() == wire);
        let Some(field) = field.filter(|field| field.role == Role::Option) else {
            return Ok(quote!());
        };
        let (ident, size) = (&field.ident, self.size_as(&field.ty)?);
        Ok(
            quote!(let call = match core.page_size().or(stream.page_size) { Some(size) => call.#ident(#size), None => call };),
        )
    }

    /// A required property that paging moves.
    fn position(&self, wire: &str, ty: &TokenStream) -> Option<TokenStream> {
        let pagination = self.operation.pagination.as_ref()?;
        if pagination.at.as_ref()?.name != wire {
            return None;
        }
        let first = Literal::u64_unsuffixed(first(pagination));
        Some(quote!(<#ty as codegen::PageNumber>::from_number(#first)))
    }

    /// The body with what the stream sets in it, and whether it sets anything.
    fn body(&self, field: &Field) -> Result<(TokenStream, bool)> {
        let ty = &field.ty;
        let schema = self.operation.body.as_ref();
        let Some(name) = schema.and_then(schema::reference) else {
            return Ok((quote!(let body = #ty::new();), false));
        };
        let (mut arguments, mut set) = (Vec::new(), Vec::new());
        let properties = &self.spec.schema(name)?["properties"];
        let mut deprecated = false;
        for (wire, property) in properties.as_object().into_iter().flatten() {
            let presence = presence(self.spec, self.uses, name, wire)?;
            let ty = rust_type(property, &quote!(types::))?;
            let value = if self.operation.parameter(wire).is_some() {
                None
            } else if let Some(value) = self.stream.with.get(wire) {
                Some(self.literal(wire, property, value)?)
            } else if self.is_argument(wire) {
                Some(if ty.to_string() == "String" {
                    quote!(codegen::argument(arguments, #wire)?)
                } else {
                    quote!(codegen::parse::<#ty>(#wire, &codegen::argument(arguments, #wire)?)?)
                })
            } else {
                None
            };
            deprecated |= value.is_some() && property["deprecated"] == true;
            let ident = names::field(wire);
            let wrapped = |value: TokenStream| match presence {
                Presence::Required | Presence::Always | Presence::List => value,
                Presence::RequiredOrNull | Presence::AlwaysOrNull | Presence::Optional => {
                    quote!(Some(#value))
                }
                Presence::Nullable => quote!(botroster_client::Nullable::Value(#value)),
            };
            if value.is_none() && self.size_wire(AtPlace::Body) == Some(wire.as_str()) {
                let size = wrapped(self.size_as(&ty)?);
                if matches!(presence, Presence::Required | Presence::RequiredOrNull) {
                    arguments.push(required_size(&size));
                } else {
                    set.push(quote! {
                        if let Some(size) = core.page_size().or(stream.page_size) {
                            body.#ident = #size;
                        }
                    });
                }
                continue;
            }
            match (presence, value) {
                (Presence::Required | Presence::RequiredOrNull, Some(value)) => {
                    arguments.push(wrapped(value));
                }
                (Presence::Required, None) => match self.position(wire, &ty) {
                    Some(value) => arguments.push(value),
                    None => bail!(
                        "{}: nothing gives the property `{wire}` of the body of the stream `{}`: write it under `with`",
                        self.place(),
                        self.stream.name
                    ),
                },
                (Presence::RequiredOrNull, None) => arguments.push(quote!(None)),
                (_, Some(value)) => {
                    let value = wrapped(value);
                    set.push(quote!(body.#ident = #value;));
                }
                (_, None) => {}
            }
        }
        let mutable = (!set.is_empty()).then(|| format_ident!("mut"));
        let made = quote! {
            let #mutable body = #ty::new(#(#arguments),*);
            #(#set)*
        };
        let made = if deprecated {
            quote!(#[allow(deprecated)] let body = { #made body };)
        } else {
            made
        };
        Ok((made, !set.is_empty() || !arguments.is_empty()))
    }

    /// A value of `with`, as the type of its schema.
    fn literal(&self, wire: &str, schema: &Value, value: &Value) -> Result<TokenStream> {
        let target = schema::resolve(self.spec, schema)?;
        if let Kind::Enum(_) = schema::kind(target) {
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
            _ => bail!(
                "{}: `with` has a value for `{wire}` that its schema does not have: write a text, a number or a truth value of its type",
                self.place()
            ),
        })
    }
}

/// The length of a page where the platform must be told one; `made` makes it of `size`.
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
