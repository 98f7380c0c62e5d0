//! Fields that may contain personal data, by the word `x-personal`, in requests and responses.

mod columns;

use std::{collections::BTreeSet, iter};

use anyhow::Result;
use heck::ToUpperCamelCase as _;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::schema;
use botroster_spec::{Spec, model::Operation, pointer::escape};

/// A field that may contain personal data.
pub(crate) struct PersonalEntry {
    /// The schema or operation that the field belongs to.
    pub(crate) owner: Owner,
    /// JSON Pointer or parameter name, as in `PersonalField::field`.
    pub(crate) field: String,
    pub(crate) category: String,
    pub(crate) sent: bool,
    pub(crate) received: bool,
    /// Columns that sync writes the field to, as `table.column`.
    pub(crate) columns: BTreeSet<String>,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Owner {
    Schema(String),
    Operation(String),
}

impl Owner {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Schema(name) | Self::Operation(name) => name,
        }
    }
}

/// Returns the fields of a platform, those of operations first.
pub(crate) fn places(spec: &Spec) -> Result<Vec<PersonalEntry>> {
    let (sent, received) = directions(spec)?;
    let mut places = Vec::new();
    for operation in &spec.model.operations {
        own(operation, &mut places);
    }
    for (name, schema, _) in spec.tree.entries("/components/schemas") {
        let ways = (sent.contains(name), received.contains(name));
        let owner = Owner::Schema(name.clone());
        component(schema, &mut |field, category| {
            places.push(place(&owner, field, category, ways));
        });
    }
    columns::fill(spec, &mut places)?;
    Ok(places)
}

fn place(
    owner: &Owner,
    field: String,
    category: &str,
    (sent, received): (bool, bool),
) -> PersonalEntry {
    PersonalEntry {
        owner: owner.clone(),
        field,
        category: category.to_owned(),
        sent,
        received,
        columns: BTreeSet::new(),
    }
}

/// Collects parameters, and bodies and responses without a component.
fn own(operation: &Operation, places: &mut Vec<PersonalEntry>) {
    let owner = Owner::Operation(operation.id.clone());
    let parameters = operation.parameters.iter();
    let parameters = parameters.map(|one| (&one.schema, one.name.as_str(), (true, false)));
    let body = operation.body_schema();
    let body = body.map(|schema| (schema, "", (true, false)));
    let answers = answers(operation).map(|schema| (schema, "", (false, true)));
    for (schema, at, ways) in parameters.chain(body).chain(answers) {
        inline(schema, at, &mut |field, category| {
            places.push(place(&owner, field, category, ways));
        });
    }
}

/// Returns the schemas of an operation's responses, errors included.
fn answers(operation: &Operation) -> impl Iterator<Item = &Value> {
    let responses = iter::once(&operation.success).chain(&operation.failures);
    let contents = responses.filter_map(|response| response.content.as_ref());
    let schemas = contents.map(|content| &content.schema);
    schemas.filter(|schema| !schema.is_null())
}

type OnPersonal<'f> = dyn FnMut(String, &str) + 'f;

/// Collects the fields of a component. Components that it refers to have entries of their own.
fn component(schema: &Value, found: &mut OnPersonal<'_>) {
    let Some(properties) = schema["properties"].as_object() else {
        return inline(schema, "", found);
    };
    for (wire, property) in properties {
        inline(property, &format!("/{}", escape(wire)), found);
    }
    match &schema["additionalProperties"] {
        Value::Object(_) => inline(&schema["additionalProperties"], "/*", found),
        Value::Bool(true) => found("/*".to_owned(), category(schema)),
        _ => {}
    }
}

/// Collects the fields of an inline schema.
fn inline(schema: &Value, at: &str, found: &mut OnPersonal<'_>) {
    let known = schema.get("x-personal").and_then(Value::as_str);
    let kind = schema["type"].as_str();
    let is_any = kind.is_none() && schema.get("enum").is_none();
    if schema::reference(schema).is_some() || known == Some("none") {
        return;
    }
    if let Some(variants) = schema["oneOf"].as_array() {
        variants
            .iter()
            .for_each(|variant| inline(variant, at, found));
        return;
    }
    match kind {
        Some("array") => inline(&schema["items"], &format!("{at}/*"), found),
        Some("object") if schema["additionalProperties"].is_object() => {
            inline(&schema["additionalProperties"], &format!("{at}/*"), found);
        }
        Some("object") => found(format!("{at}/*"), category(schema)),
        _ if known.is_some() || is_any => found(at.to_owned(), category(schema)),
        _ => {}
    }
}

/// Undescribed data may be anything.
fn category(schema: &Value) -> &str {
    schema["x-personal"].as_str().unwrap_or("free-form")
}

/// Returns the components in requests and those in responses, wrappers and errors included.
fn directions(spec: &Spec) -> Result<(BTreeSet<String>, BTreeSet<String>)> {
    let (mut sent, mut received) = (BTreeSet::new(), BTreeSet::new());
    for operation in &spec.model.operations {
        for schema in schema::sent(operation) {
            schema::collect(spec, schema, &mut sent)?;
        }
        for schema in answers(operation) {
            schema::collect(spec, schema, &mut received)?;
        }
        if let Some(csv) = &operation.csv {
            schema::collect(spec, &schema::refer(&csv.row), &mut received)?;
        }
    }
    Ok((sent, received))
}

/// Generates `PERSONAL_FIELDS`.
pub(crate) fn emit(spec: &Spec) -> Result<TokenStream> {
    let rows = places(spec)?.into_iter().map(|place| {
        let (schema, field) = (place.owner.name().to_owned(), place.field);
        let category = format_ident!("{}", place.category.to_upper_camel_case());
        quote!(PersonalField { schema: #schema, field: #field, category: PersonalCategory::#category })
    });
    Ok(quote! {
        /// Fields of requests and responses that may contain personal data. `Debug` hides their values.
        pub static PERSONAL_FIELDS: &[PersonalField] = &[#(#rows),*];
    })
}

#[cfg(test)]
mod tests {
    use crate::personal::*;
    use crate::{facade, limits::Bounded, raw, testing, types};
    use botroster_spec::idents::snake;

    /// Returns the fields whose values `Debug` shows.
    fn shown(code: &TokenStream) -> BTreeSet<String> {
        let text = code.to_string();
        let fields = text.split(". field (\"").skip(1);
        let fields = fields.filter_map(|rest| rest.split_once("\" , "));
        let open = fields.filter(|(_, value)| value.starts_with("& self"));
        open.map(|(name, _)| name.to_owned()).collect()
    }

    /// Returns the listed fields whose values `Debug` shows.
    fn leaks(spec: &Spec, places: &[PersonalEntry]) -> Vec<String> {
        let types = types::emit(spec, &schema::uses(spec).unwrap()).unwrap();
        let mut leaks = Vec::new();
        for ty in &types {
            let shown = shown(&ty.code);
            let own = places
                .iter()
                .filter(|place| place.owner == Owner::Schema(ty.name.clone()));
            let fields = own.filter_map(|place| place.field.split('/').nth(1));
            let open = fields.filter(|wire| shown.contains(&snake(wire).to_string()));
            leaks.extend(open.map(|wire| format!("{} {wire}", ty.name)));
        }
        leaks
    }

    #[test]
    fn debug_hides_every_place_that_is_listed() {
        let mut count = 0;
        for spec in testing::all() {
            let places = places(&spec).unwrap();
            assert_eq!(leaks(&spec, &places), Vec::<String>::new());
            count += places.len();
        }
        assert!(count > 100, "{count}");
        // A planted leak is found.
        let spec = testing::spec(testing::GOOD);
        let owner = Owner::Schema("Person".to_owned());
        let planted = place(&owner, "/changed".to_owned(), "name", (false, true));
        assert_eq!(leaks(&spec, &[planted]), ["Person changed"]);
    }

    #[test]
    fn requests_show_no_argument() {
        for spec in testing::all() {
            let raw = raw::generate(&spec).unwrap();
            let bounded = Bounded::of(&spec);
            for request in facade::requests(&spec, &raw).unwrap() {
                let code = request.emit(&bounded).unwrap().to_string();
                assert!(
                    !code.contains("derive (Debug") && !code.contains(", Debug"),
                    "{code}"
                );
                assert!(!code.contains(". field ("), "{code}");
                assert_eq!(code.matches("finish_non_exhaustive").count(), 1, "{code}");
            }
        }
    }

    #[test]
    fn every_category_is_a_variant() {
        let known = include_str!("../../../crates/client/src/personal.rs");
        for spec in testing::all() {
            for place in places(&spec).unwrap() {
                let variant = place.category.to_upper_camel_case();
                assert!(known.contains(&format!("    {variant},")), "{variant}");
            }
        }
    }
}
