//! Tables of the limits of request values.

use std::collections::BTreeSet;

use heck::ToShoutySnakeCase as _;
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use crate::{
    naming,
    operations::option,
    schema::{self, ComponentUses},
};
use botroster_spec::{
    Spec,
    model::Operation,
    schema::{EXCLUSIVE, LIMITS},
};

/// Generates `limits.rs`: a table for each sent component that has limits, directly or in its parts.
pub(crate) fn emit(spec: &Spec, uses: &ComponentUses, bounded: &Bounded) -> TokenStream {
    let mut tables = TokenStream::new();
    for (name, schema, _) in spec.tree.entries("/components/schemas") {
        if !uses.sent.contains(name) || !bounded.0.contains(name) {
            continue;
        }
        let (ident, limits) = (ident(name), bounded.table(spec, schema));
        tables.extend(quote!(pub(super) static #ident: ValueLimits = #limits;));
    }
    for operation in &spec.model.operations {
        let parameters = operation.parameters.iter();
        let arguments = parameters
            .map(|parameter| (Some(parameter.name.as_str()), &parameter.schema))
            .chain(operation.body_schema().map(|body| (None, body)));
        for (wire, schema) in arguments {
            let is_named = schema::reference(schema).is_some() && !has_own(schema);
            if bounded.has(schema) && !is_named && bounded.leaf(schema).is_none() {
                let ident = argument_ident(operation, wire);
                let limits = bounded.table(spec, schema);
                tables.extend(quote!(pub(super) static #ident: ValueLimits = #limits;));
            }
        }
    }
    tables
}

fn ident(component: &str) -> proc_macro2::Ident {
    format_ident!("{}", component.to_shouty_snake_case())
}

/// The leading underscore keeps these apart from components.
fn argument_ident(operation: &Operation, wire: Option<&str>) -> proc_macro2::Ident {
    let wire = wire.map_or("BODY".to_owned(), |wire| {
        wire.replace(|c: char| !c.is_ascii_alphanumeric(), "_")
            .to_shouty_snake_case()
    });
    format_ident!("_{}_{wire}", naming::table(operation))
}

/// The components that have limits.
pub(crate) struct Bounded(BTreeSet<String>);

impl Bounded {
    pub(crate) fn of(spec: &Spec) -> Self {
        let mut bounded = Self(BTreeSet::new());
        let schemas = spec.tree.entries("/components/schemas");
        // Components may contain each other in cycles.
        loop {
            let before = bounded.0.len();
            for (name, schema, _) in &schemas {
                if bounded.has(schema) {
                    bounded.0.insert((*name).clone());
                }
            }
            if bounded.0.len() == before {
                return bounded;
            }
        }
    }

    fn has(&self, schema: &Value) -> bool {
        has_own(schema)
            || schema::reference(schema).is_some_and(|name| self.0.contains(name))
            || parts(schema).any(|part| self.has(part))
    }

    /// Returns a reference to the limits of a schema, or `None` if it has none.
    fn reference(&self, spec: &Spec, schema: &Value) -> Option<TokenStream> {
        self.has(schema).then(|| match schema::reference(schema) {
            Some(name) if !has_own(schema) => {
                let ident = ident(name);
                quote!(&#ident)
            }
            _ => {
                let limits = self.table(spec, schema);
                quote!(&#limits)
            }
        })
    }

    /// Returns a reference to the limits of an argument for use in its request builder; `wire` is `None` for the body.
    pub(crate) fn of_argument(
        &self,
        operation: &Operation,
        wire: Option<&str>,
        schema: &Value,
    ) -> Option<TokenStream> {
        if !self.has(schema) {
            return None;
        }
        Some(match (schema::reference(schema), self.leaf(schema)) {
            (Some(name), _) if !has_own(schema) => {
                let ident = ident(name);
                quote!(&limits::#ident)
            }
            (_, Some(leaf)) => quote!(&codegen::ValueLimits::#leaf),
            _ => {
                let ident = argument_ident(operation, wire);
                quote!(&limits::#ident)
            }
        })
    }

    /// Returns a constructor call for a schema with one sort of limit and no parts that have any.
    fn leaf(&self, schema: &Value) -> Option<TokenStream> {
        let is_bounded = schema::reference(schema).is_some_and(|name| self.0.contains(name));
        if is_bounded || parts(schema).any(|part| self.has(part)) {
            return None;
        }
        let words: Vec<&str> = LIMITS
            .into_iter()
            .filter(|word| schema.get(word).is_some())
            .collect();
        let whole = |word: &str| -> TokenStream {
            let bound = schema.get(word).and_then(Value::as_i64);
            option(bound.map(Literal::i64_unsuffixed))
        };
        let is = |one: &str, other: &str| words.iter().all(|word| *word == one || *word == other);
        if is("minLength", "maxLength") {
            let (least, most) = (whole("minLength"), whole("maxLength"));
            Some(quote!(length(#least, #most)))
        } else if is("minItems", "maxItems") {
            let (least, most) = (whole("minItems"), whole("maxItems"));
            Some(quote!(items(#least, #most)))
        } else if is("minimum", "maximum")
            && !is_exclusive(schema)
            && words.iter().all(|word| schema[word].is_i64())
        {
            let (least, most) = (whole("minimum"), whole("maximum"));
            Some(quote!(number(#least, #most)))
        } else {
            None
        }
    }

    fn table(&self, spec: &Spec, schema: &Value) -> TokenStream {
        if let Some(leaf) = self.leaf(schema) {
            return quote!(ValueLimits::#leaf);
        }
        let mut fields = own(schema);
        if let Some(name) = schema::reference(schema).filter(|name| self.0.contains(*name)) {
            let ident = ident(name);
            fields.push(quote!(also: Some(&#ident)));
        }
        let inner = |part: &Value| self.reference(spec, part);
        if let Some(each) = schema.get("items").and_then(inner) {
            fields.push(quote!(each: Some(#each)));
        }
        let others = schema.get("additionalProperties").and_then(inner);
        let mut known = Vec::new();
        for (name, property) in schema::properties(schema) {
            match self.reference(spec, property) {
                Some(limits) => known.push(quote!((#name, #limits))),
                // Keeps `others` from applying to this property.
                None if others.is_some() => known.push(quote!((#name, &ValueLimits::NONE))),
                None => {}
            }
        }
        if !known.is_empty() {
            fields.push(quote!(known: &[#(#known),*]));
        }
        if let Some(others) = others {
            fields.push(quote!(others: Some(#others)));
        }
        if let schema::ComponentKind::OneOf(names) = schema::kind(schema) {
            let variants = names.iter().map(|name| self.variant(spec, name));
            fields.push(quote!(variants: &[#(#variants),*]));
        }
        quote!(ValueLimits { #(#fields,)* ..ValueLimits::NONE })
    }

    /// Describes a form of an object; only components have several.
    fn variant(&self, spec: &Spec, name: &str) -> TokenStream {
        let schema = spec.model.schemas.get(name);
        let required = schema.into_iter().flat_map(schema::required);
        let mut names = BTreeSet::new();
        property_names(spec, name, &mut names, 8);
        let limits = if self.0.contains(name) {
            let ident = ident(name);
            quote!(&#ident)
        } else {
            quote!(&ValueLimits::NONE)
        };
        quote!(VariantLimits { required: &[#(#required),*], names: &[#(#names),*], limits: #limits })
    }
}

/// Collects the property names of a form, including those of nested forms.
fn property_names(spec: &Spec, name: &str, into: &mut BTreeSet<String>, depth: u8) {
    let Some(schema) = spec.model.schemas.get(name) else {
        return;
    };
    into.extend(schema::properties(schema).map(|(name, _)| name.clone()));
    if let (schema::ComponentKind::OneOf(variants), Some(depth)) =
        (schema::kind(schema), depth.checked_sub(1))
    {
        for variant in variants {
            property_names(spec, &variant, into, depth);
        }
    }
}

fn has_own(schema: &Value) -> bool {
    LIMITS.iter().any(|word| schema.get(word).is_some())
        || (schema::is_number_or_text(schema) && parts(schema).any(has_own))
}

/// Returns the schemas inside a schema.
fn parts(schema: &Value) -> impl Iterator<Item = &Value> {
    let variants = schema["oneOf"].as_array().into_iter().flatten();
    let properties = schema::properties(schema).map(|(_, property)| property);
    let single = ["items", "additionalProperties"]
        .into_iter()
        .filter_map(|word| schema.get(word));
    variants.chain(properties).chain(single)
}

fn is_exclusive(schema: &Value) -> bool {
    EXCLUSIVE.iter().any(|word| schema[word] == true)
}

fn own(schema: &Value) -> Vec<TokenStream> {
    let mut fields = Vec::new();
    // A number or string has the limits of both variants; each applies to values of its type.
    if schema::is_number_or_text(schema) {
        fields.extend(parts(schema).flat_map(own));
    }
    for (name, low, high) in [
        ("length", "minLength", "maxLength"),
        ("items", "minItems", "maxItems"),
        ("properties", "minProperties", "maxProperties"),
    ] {
        let bound = |word: &str| {
            let bound = schema.get(word).and_then(Value::as_u64);
            option(bound.map(Literal::u64_unsuffixed))
        };
        if schema.get(low).is_some() || schema.get(high).is_some() {
            let (name, low, high) = (format_ident!("{name}"), bound(low), bound(high));
            fields.push(quote!(#name: (#low, #high)));
        }
    }
    for (name, word, exclusive) in [
        ("least", "minimum", "exclusiveMinimum"),
        ("most", "maximum", "exclusiveMaximum"),
    ] {
        if let Some(bound) = schema.get(word) {
            let name = format_ident!("{name}");
            let at = match (bound.as_i64(), bound.as_f64()) {
                (Some(whole), _) => {
                    let whole = Literal::i64_unsuffixed(whole);
                    quote!(NumberValue::Whole(#whole))
                }
                (None, fraction) => {
                    let fraction = Literal::f64_unsuffixed(fraction.unwrap_or_default());
                    quote!(NumberValue::Fraction(#fraction))
                }
            };
            let exclusive = schema[exclusive] == true;
            fields.push(quote!(#name: Some(NumberBound { at: #at, exclusive: #exclusive })));
        }
    }
    if schema["uniqueItems"] == true {
        fields.push(quote!(unique: true));
    }
    fields
}
