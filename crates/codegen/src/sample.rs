//! Minimal values for examples, derived from schemas, with invented people.

mod scalar;

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

pub(crate) use crate::sample::scalar::given;
use crate::{
    error::rejected,
    naming,
    sample::scalar::{moment, number, text},
    schema::{self, ComponentKind, ComponentUses},
    types::{Presence, presence},
};
use botroster_spec::{
    Spec,
    idents::{self, camel, snake, variant},
    model::{Operation, Rule},
    pointer::{child, escape},
};

/// A value and the statements that it depends on.
pub(crate) struct Sample {
    pub(crate) statements: TokenStream,
    pub(crate) value: TokenStream,
    /// Top-level properties that refer to records and take their values from variables: wire names and schemas.
    pub(crate) named: Vec<(String, Value)>,
}

impl Sample {
    /// A value without dependencies.
    pub(crate) fn plain(value: TokenStream) -> Self {
        Self {
            statements: TokenStream::new(),
            value,
            named: Vec::new(),
        }
    }
}

/// Returns a body in the form that the operation's method takes.
pub(crate) fn body(spec: &Spec, operation: &Operation, schema: &Value) -> Result<Sample> {
    let mut wants = Vec::new();
    if let Some(effect) = &operation.effect
        && schema::at_pointer(spec, schema, &effect.at)?.is_some()
    {
        wants.push(effect.at.clone());
    }
    let names = names(operation);
    wants.extend(names.iter().map(|wire| format!("/{}", escape(wire))));
    let plain = Sampler::of(spec, &wants, &names)?.whole(schema)?;
    for rule in &operation.rules {
        let Rule::AnyOf(pointers) = rule else {
            continue;
        };
        let holds = pointers.iter().any(|at| plain.1.contains(at));
        wants.extend(pointers.first().filter(|_| !holds).cloned());
    }
    Ok(Sampler::of(spec, &wants, &names)?.whole(schema)?.0)
}

/// Returns the properties of the body that select the records of a stream.
fn names(operation: &Operation) -> Vec<String> {
    let Some(stream) = operation.streams.first() else {
        return Vec::new();
    };
    let bound = stream.parent.iter().flat_map(|parent| parent.bind.keys());
    let names = bound.chain(&stream.seeds);
    names
        .filter(|wire| operation.parameter(wire).is_none())
        .cloned()
        .collect()
}

/// Returns a value of a parameter that is a list or an object. An object is never empty: a query cannot represent that.
pub(crate) fn parameter(spec: &Spec, schema: &Value) -> Result<Sample> {
    let component = schema::resolve(spec, schema)?;
    let is_empty = schema::required(component).next().is_none();
    let first = schema::properties(component).take(usize::from(is_empty));
    let wants: Vec<String> = first
        .map(|(wire, _)| format!("/{}", escape(wire)))
        .collect();
    Ok(Sampler::of(spec, &wants, &[])?.whole(schema)?.0)
}

/// The context that takes a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taker {
    /// A parameter that converts with `Into`.
    Converts,
    /// A context that requires the exact type.
    Exact,
}

struct Sampler<'s> {
    spec: &'s Spec,
    krate: Ident,
    uses: ComponentUses,
    /// Pointers into the body that must have a value.
    wants: &'s [String],
    /// Top-level properties that are variables.
    names: &'s [String],
    named: Vec<(String, Value)>,
    set: BTreeSet<String>,
    variables: Vec<Ident>,
    statements: TokenStream,
    /// Components of the records around the current value.
    inside: Vec<String>,
}

impl<'s> Sampler<'s> {
    fn of(spec: &'s Spec, wants: &'s [String], names: &'s [String]) -> Result<Self> {
        Ok(Self {
            spec,
            krate: naming::crate_ident(&spec.model),
            uses: schema::uses(spec)?,
            wants,
            names,
            named: Vec::new(),
            set: BTreeSet::new(),
            variables: Vec::new(),
            statements: TokenStream::new(),
            inside: Vec::new(),
        })
    }

    /// Returns the sample and the pointers at which it has a value.
    fn whole(mut self, schema: &Value) -> Result<(Sample, BTreeSet<String>)> {
        let value = self.value(schema, "", Taker::Converts)?;
        let sample = Sample {
            statements: self.statements,
            value,
            named: self.named,
        };
        Ok((sample, self.set))
    }

    fn value(&mut self, schema: &Value, at: &str, taker: Taker) -> Result<TokenStream> {
        let name = self
            .names
            .iter()
            .find(|wire| *at == format!("/{}", escape(wire)));
        if let Some(wire) = name {
            self.named.push((wire.clone(), schema.clone()));
            let variable = snake(wire);
            let is_time = schema.get("x-timestamp").is_some();
            let value = quote!(#variable);
            return Ok(match schema["type"].as_str() {
                Some("string") => self.text(value, is_time, taker),
                _ => value,
            });
        }
        let Some(name) = schema::reference(schema) else {
            return self.inline(schema, at, taker);
        };
        let component = self.spec.schema(name)?;
        let ty = camel(name);
        match schema::kind(component) {
            ComponentKind::Enum(values) => {
                let default = schema.get("default").or_else(|| component.get("default"));
                let known = default.and_then(Value::as_str).map(str::to_owned);
                let variant = variant(&known.or(values.into_iter().next()).unwrap_or_default());
                Ok(quote!(types::#ty::#variant))
            }
            ComponentKind::Record => self.record(name, component, at),
            ComponentKind::OneOf(variants) => {
                let chosen = self.easiest(&variants).map_or("", String::as_str);
                let value = self.record(chosen, self.spec.schema(chosen)?, at)?;
                Ok(match taker {
                    Taker::Converts => value,
                    Taker::Exact => quote!(types::#ty::from(#value)),
                })
            }
            ComponentKind::Alias => self.value(component, at, taker),
        }
    }

    /// Returns the variant with the fewest required properties.
    fn easiest<'v>(&self, variants: &'v [String]) -> Option<&'v String> {
        let schema = |name: &String| self.spec.model.schemas.get(name);
        let asks = |name: &&String| schema(name).map(|form| schema::required(form).count());
        variants.iter().min_by_key(asks)
    }

    fn inline(&mut self, schema: &Value, at: &str, taker: Taker) -> Result<TokenStream> {
        let is_time = schema.get("x-timestamp").is_some();
        if schema::is_number_or_text(schema) {
            let krate = &self.krate;
            return Ok(quote!(#krate::NumberOrText::from("1")));
        }
        Ok(match schema["type"].as_str() {
            Some("string") | Some("integer") if is_time => self.text(moment(schema), true, taker),
            Some("string") => {
                let text = text(schema);
                self.text(quote!(#text), false, taker)
            }
            Some("boolean") => {
                let value = given(schema).and_then(Value::as_bool).unwrap_or(true);
                quote!(#value)
            }
            Some("integer") => number(schema),
            Some("number") => {
                let number = number(schema);
                let krate = &self.krate;
                quote!(#krate::Number::from(#number))
            }
            Some("array") if self.may_be_empty(schema) => quote!(Vec::new()),
            Some("array") => {
                let least = schema["minItems"].as_u64().unwrap_or(1).max(1);
                let items = (0..least)
                    .map(|_| self.item(&schema["items"], &format!("{at}/0")))
                    .collect::<Result<Vec<_>>>()?;
                quote!(vec![#(#items),*])
            }
            Some("object") => match schema.get("additionalProperties") {
                Some(values) if self.may_be_empty(schema) && values.is_object() => {
                    quote!(std::collections::BTreeMap::new())
                }
                Some(values) if values.is_object() => {
                    let value = self.value(values, &format!("{at}/key"), Taker::Exact)?;
                    let value = if schema::nullable(values) {
                        quote!(Some(#value))
                    } else {
                        value
                    };
                    quote!(std::collections::BTreeMap::from([("key".to_owned(), #value)]))
                }
                _ => quote!(serde_json::Map::from_iter([(
                    "key".to_owned(),
                    "value".into()
                )])),
            },
            _ => match taker {
                Taker::Converts => quote!(serde_json::json!({ "key": "value" })),
                Taker::Exact => quote!(serde_json::json!({ "key": "value" }).into()),
            },
        })
    }

    /// Returns a string or a timestamp in the form that the context takes.
    fn text(&self, value: TokenStream, is_time: bool, taker: Taker) -> TokenStream {
        let krate = &self.krate;
        match taker {
            Taker::Converts => value,
            Taker::Exact if is_time => quote!(#krate::Timestamp::from(#value)),
            Taker::Exact => quote!(#value.to_owned()),
        }
    }

    /// Returns whether a list or map may be empty to avoid nesting a record in itself.
    fn may_be_empty(&self, schema: &Value) -> bool {
        let least = ["minItems", "minProperties"].map(|word| schema[word].as_u64().unwrap_or(0));
        let mut inner = schema;
        while let Some(next) = inner.get("items").or_else(|| {
            let values = inner.get("additionalProperties");
            values.filter(|values| values.is_object())
        }) {
            inner = next;
        }
        let names = schema::reference(inner);
        least == [0, 0] && names.is_some_and(|name| self.inside.iter().any(|outer| outer == name))
    }

    /// Returns an item of a list. Records get a variable, because the formatter does not format the arguments of `vec!`.
    fn item(&mut self, schema: &Value, at: &str) -> Result<TokenStream> {
        let value = self.value(schema, at, Taker::Exact)?;
        let Some(name) = schema::reference(schema).filter(|_| value.to_string().contains(" new ("))
        else {
            return Ok(value);
        };
        let variable = self.variable(name);
        self.statements.extend(quote!(let #variable = #value;));
        Ok(quote!(#variable))
    }

    fn record(&mut self, name: &str, schema: &Value, at: &str) -> Result<TokenStream> {
        if self.inside.iter().any(|outer| outer == name) {
            bail!(rejected(self.spec, &child("/components/schemas", name)));
        }
        self.inside.push(name.to_owned());
        let properties = self.needed(schema, at);
        let (mut arguments, mut fields) = (Vec::new(), Vec::new());
        for (wire, property) in properties {
            let at = format!("{at}/{}", escape(wire));
            self.set.insert(at.clone());
            let presence = presence(self.spec, &self.uses, name, wire)?;
            if presence == Presence::Required {
                arguments.push(self.value(property, &at, Taker::Converts)?);
                continue;
            }
            let is_set = !matches!(presence, Presence::Always | Presence::AlwaysOrNull);
            if !is_set && !self.is_wanted(&at) {
                continue;
            }
            let value = self.value(property, &at, Taker::Exact)?;
            match presence {
                Presence::Required | Presence::RequiredOrNull => arguments.push(value),
                Presence::Always | Presence::List => fields.push((idents::field(wire), value)),
                Presence::AlwaysOrNull | Presence::Optional => {
                    fields.push((idents::field(wire), quote!(Some(#value))));
                }
                Presence::Nullable => fields.push((idents::field(wire), quote!(#value.into()))),
            }
        }
        self.inside.pop();
        let ty = camel(name);
        let made = quote!(types::#ty::new(#(#arguments),*));
        if fields.is_empty() {
            return Ok(made);
        }
        let variable = self.variable(name);
        let (names, values): (Vec<_>, Vec<_>) = fields.into_iter().unzip();
        self.statements.extend(quote! {
            let mut #variable = #made;
            #(#variable.#names = #values;)*
        });
        Ok(quote!(#variable))
    }

    /// Returns the properties to set: required and wanted ones, and others up to `minProperties`.
    fn needed<'v>(&self, schema: &'v Value, at: &str) -> Vec<(&'v String, &'v Value)> {
        let all: Vec<(&String, &Value)> = schema::properties(schema).collect();
        let is_needed = |(wire, property): &(&String, &Value)| {
            schema::requires(schema, wire)
                || property.get("x-send").is_some()
                || self.is_wanted(&format!("{at}/{}", escape(wire)))
        };
        let least = schema["minProperties"].as_u64().unwrap_or_default();
        let missing = usize::try_from(least)
            .unwrap_or(usize::MAX)
            .saturating_sub(all.iter().filter(|one| is_needed(one)).count());
        let more: Vec<&String> = all
            .iter()
            .filter(|one| !is_needed(one))
            .take(missing)
            .map(|(wire, _)| *wire)
            .collect();
        let mut needed = all;
        needed.retain(|one| is_needed(one) || more.contains(&one.0));
        needed
    }

    fn is_wanted(&self, at: &str) -> bool {
        let inside = format!("{at}/");
        self.wants
            .iter()
            .any(|want| want == at || want.starts_with(&inside))
    }

    fn variable(&mut self, name: &str) -> Ident {
        let plain = snake(name);
        let mut variable = plain.clone();
        for number in 2.. {
            if !self.variables.contains(&variable) {
                break;
            }
            variable = format_ident!("{plain}_{number}");
        }
        self.variables.push(variable.clone());
        variable
    }
}
