//! The arguments of an operation: their types and their place in the request.

use anyhow::{Context as _, Result};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use crate::{
    evidence, paging,
    parameters::{self, Sending},
    raw::{Argument, Raw},
    schema::{self, rust_type},
};
use botroster_spec::{
    Spec,
    idents::{argument, camel, is_argument_of},
    model::{Body, Carrier, Location, Operation, Parameter, QueryStyle},
};

/// One argument of the operation.
pub(crate) struct RequestField {
    pub(crate) ident: Ident,
    /// Name of the parameter on the wire; `None` for the body.
    pub(crate) wire: Option<String>,
    pub(crate) ty: TokenStream,
    /// The type of a list's items.
    pub(crate) item: Option<TokenStream>,
    pub(crate) role: ArgumentRole,
    /// Documentation, with bounds and default.
    pub(crate) text: String,
    pub(super) sent: Placement,
    pub(super) is_path: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ArgumentRole {
    /// Given once, on the client.
    Scope,
    /// An argument of the method.
    Argument,
    /// A setter.
    Option,
    /// A setter that paging drives.
    Position,
}

/// Where a value is put in the request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Placement {
    /// Passed to progenitor's function.
    Raw {
        by_reference: bool,
        optional: bool,
        as_text: bool,
    },
    Query(QueryStyle),
    /// Written as the body; progenitor writes none.
    Body,
}

impl Placement {
    fn raw(argument: &Argument, as_text: bool) -> Self {
        Self::Raw {
            by_reference: argument.by_reference,
            optional: argument.optional,
            as_text,
        }
    }
}

impl RequestField {
    /// Returns the arguments of an operation: progenitor's in its order, then the others in the spec's, the body last.
    pub(super) fn all(spec: &Spec, operation: &Operation, raw: &Raw) -> Result<Vec<Self>> {
        let arguments = raw.functions.get(&operation.id).with_context(|| {
            let place = spec.tree.locate(&operation.pointer());
            format!("{place}: progenitor made no function `{}`", operation.id)
        })?;
        let (mut fields, mut body) = (Vec::new(), Placement::Body);
        for argument in arguments {
            let mut parameters = operation.parameters.iter();
            match parameters.find(|one| is_argument_of(&argument.name, &one.name)) {
                Some(parameter) => fields.push(Self::raw(spec, operation, parameter, argument)?),
                None => body = Placement::raw(argument, false),
            }
        }
        for parameter in &operation.parameters {
            if let Sending::Query(style) = parameters::sending(spec, operation, parameter)? {
                fields.push(Self::query(spec, operation, parameter, style)?);
            }
        }
        if let Some(written) = &operation.body {
            fields.push(Self::body(spec, written, body)?);
        }
        Ok(fields)
    }

    fn raw(
        spec: &Spec,
        operation: &Operation,
        parameter: &Parameter,
        argument: &Argument,
    ) -> Result<Self> {
        let raw_type = &argument.ty;
        let as_text = parameters::sending(spec, operation, parameter)? == Sending::RawText;
        let ty = match schema::reference(&parameter.schema) {
            Some(name) => {
                let name = camel(name);
                quote!(types::#name)
            }
            None if as_text => quote!(botroster_client::NumberOrText),
            None => quote!(#raw_type),
        };
        let sent = Placement::raw(argument, as_text);
        Ok(Self::parameter_field(spec, operation, parameter, ty, sent))
    }

    fn query(
        spec: &Spec,
        operation: &Operation,
        parameter: &Parameter,
        style: QueryStyle,
    ) -> Result<Self> {
        let ty = if parameters::is_numeric_cursor(spec, operation, parameter)? {
            quote!(botroster_client::NumberOrText)
        } else {
            rust_type(&parameter.schema, &quote!(types::))?
        };
        let list = schema::resolve(spec, &parameter.schema)?;
        let item = list.get("items");
        let item = item.map(|item| rust_type(item, &quote!(types::)));
        let item = item.transpose()?;
        let mut field =
            Self::parameter_field(spec, operation, parameter, ty, Placement::Query(style));
        field.item = item;
        Ok(field)
    }

    fn parameter_field(
        spec: &Spec,
        operation: &Operation,
        parameter: &Parameter,
        ty: TokenStream,
        sent: Placement,
    ) -> Self {
        let is_position = paging::position(operation, Carrier::Query) == Some(&parameter.name);
        let role = if spec.model.scope.contains(&parameter.name) {
            ArgumentRole::Scope
        } else if is_position {
            ArgumentRole::Position
        } else if parameter.required {
            ArgumentRole::Argument
        } else {
            ArgumentRole::Option
        };
        let text = format!("{}{}", parameter.description, bounds(&parameter.schema));
        let at = evidence::parameter(spec, operation, &parameter.name);
        Self {
            ident: argument(&parameter.name),
            wire: Some(parameter.name.clone()),
            ty,
            item: None,
            role,
            text: evidence::noted(spec, &text, (&at, &operation.pointer())),
            sent,
            is_path: parameter.location == Location::Path,
        }
    }

    fn body(spec: &Spec, body: &Body, sent: Placement) -> Result<Self> {
        let text = schema::resolve(spec, &body.schema)?["description"]
            .as_str()
            .unwrap_or("The request body.");
        let role = match body.required {
            true => ArgumentRole::Argument,
            false => ArgumentRole::Option,
        };
        Ok(Self {
            ident: format_ident!("body"),
            wire: None,
            ty: rust_type(&body.schema, &quote!(types::))?,
            item: None,
            role,
            text: text.trim().to_owned(),
            sent,
            is_path: false,
        })
    }

    pub(super) fn is_given(&self) -> bool {
        matches!(self.role, ArgumentRole::Scope | ArgumentRole::Argument)
    }

    pub(crate) fn is_text(&self) -> bool {
        self.ty.to_string() == "String"
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(
            self.ty.to_string().as_str(),
            "u32" | "u64" | "i32" | "i64" | "f32" | "f64" | "bool"
        )
    }

    /// Copies the value from a handle.
    pub(crate) fn kept(&self) -> TokenStream {
        let ident = &self.ident;
        if self.is_number() {
            quote!(self.#ident)
        } else {
            quote!(self.#ident.clone())
        }
    }

    /// Returns the parameter type of a method and the conversion to the field. Numbers are not converted: an integer literal has no
    /// type to convert from.
    pub(crate) fn parameter(&self) -> (TokenStream, TokenStream) {
        let (ident, ty) = (&self.ident, &self.ty);
        match &self.item {
            Some(item) => (
                quote!(impl IntoIterator<Item = impl Into<#item>>),
                quote!(#ident.into_iter().map(Into::into).collect()),
            ),
            None if self.is_number() => (quote!(#ty), quote!(#ident)),
            None => (quote!(impl Into<#ty>), quote!(#ident.into())),
        }
    }
}

/// Describes the bounds and the default of a schema.
fn bounds(schema: &Value) -> String {
    let number = |key: &str| {
        let bound = schema.get(key).filter(|value| value.is_number());
        bound.map(ToString::to_string)
    };
    let over = schema["exclusiveMinimum"] == true;
    let under = schema["exclusiveMaximum"] == true;
    let mut words = match (number("minimum"), number("maximum")) {
        (Some(low), Some(high)) if !over && !under => format!(" Range: {low} to {high}."),
        (low, high) => {
            let low = low.map(|low| match over {
                true => format!(" Greater than {low}."),
                false => format!(" At least {low}."),
            });
            let high = high.map(|high| match under {
                true => format!(" Less than {high}."),
                false => format!(" At most {high}."),
            });
            low.unwrap_or_default() + &high.unwrap_or_default()
        }
    };
    for (low, high, what) in [
        ("minLength", "maxLength", "characters"),
        ("minItems", "maxItems", "items"),
    ] {
        words.push_str(&match (number(low), number(high)) {
            (Some(low), Some(high)) => format!(" {low} to {high} {what}."),
            (Some(low), None) => format!(" At least {low} {what}."),
            (None, Some(high)) => format!(" At most {high} {what}."),
            (None, None) => String::new(),
        });
    }
    match schema.get("default") {
        Some(Value::String(text)) => format!("{words} Default: `{text}`."),
        Some(value) => format!("{words} Default: {value}."),
        None => words,
    }
}
