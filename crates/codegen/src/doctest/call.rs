//! The call of an operation with arguments that the sandbox accepts, and the setup of the sandbox.

use anyhow::Result;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use crate::{
    facade::{ArgumentRole, Request, RequestField},
    naming, paging,
    sample::{self, Sample},
    schema,
};
use botroster_spec::{
    Spec,
    idents::{argument, snake},
    model::{Carrier, Location, Operation, Rule},
};

/// Variables that the example uses itself.
const TAKEN: &[&str] = &[
    "all",
    "arguments",
    "client",
    "page",
    "request",
    "response",
    "rows",
    "sandbox",
    "running",
];

/// The call of an operation with arguments that the sandbox accepts.
pub(super) struct ExampleCall<'s> {
    pub(super) spec: &'s Spec,
    pub(super) request: &'s Request<'s>,
    /// Sets up the sandbox, the client and the arguments.
    pub(super) hidden: TokenStream,
    /// Creates the arguments.
    pub(super) made: TokenStream,
    /// The call, without sending it.
    pub(super) call: TokenStream,
}

impl<'s> ExampleCall<'s> {
    pub(super) fn of(spec: &'s Spec, request: &'s Request<'s>) -> Result<Self> {
        let operation = request.operation;
        let mut hidden = client(spec);
        let (mut made, mut arguments, mut asked) = (quote!(), Vec::new(), Vec::new());
        for field in request.with_role(ArgumentRole::Argument) {
            if let (None, Some(schema)) = (&field.wire, operation.body_schema()) {
                let sample = sample::body(spec, operation, schema)?;
                asked.extend(named(spec, &sample)?);
                made.extend(sample.statements);
                arguments.push(sample.value);
            } else if let Some(literal) = literal(spec, request, field)? {
                made.extend(literal.statements);
                arguments.push(literal.value);
            } else {
                let name = variable(&field.ident);
                asked.push(from_sandbox(spec, field));
                arguments.push(quote!(#name));
            }
        }
        // Arguments from seeds or a parent are set even if they are optional: without them the response may be empty.
        let mut asks = quote!();
        for field in request.with_role(ArgumentRole::Option) {
            let wire = field.wire.as_ref();
            if wire.is_some_and(|wire| is_asked(operation, wire)) {
                let (setter, name) = (&field.ident, variable(&field.ident));
                asked.push(from_sandbox(spec, field));
                asks.extend(quote!(.#setter(#name)));
            }
        }
        let mut handle = quote!(client);
        if spec.model.is_scoped(operation) {
            let scope = snake(&naming::scope_method(&spec.model));
            let wires = &spec.model.scope;
            let names: Vec<Ident> = wires.iter().map(|wire| variable(&argument(wire))).collect();
            for (name, wire) in names.iter().zip(wires) {
                hidden.extend(match request.field(wire).filter(|field| !field.is_text()) {
                    Some(RequestField { ty, .. }) => {
                        quote!(let #name: #ty = running.scope[#wire].parse()?;)
                    }
                    None => quote!(let #name = running.scope[#wire].as_str();),
                });
            }
            handle = quote!(client.#scope(#(#names),*));
        }
        let (tag, method) = (snake(&operation.tag), snake(&operation.name));
        let mut setters = size(request);
        setters.extend(asks);
        if let (Some(schema), true) = (operation.body_schema(), is_body_needed(request)) {
            let sample = sample::body(spec, operation, schema)?;
            asked.extend(named(spec, &sample)?);
            made.extend(sample.statements);
            let value = sample.value;
            setters.extend(quote!(.body(#value)));
        }
        if !asked.is_empty() {
            let id = &operation.id;
            hidden.extend(quote! {
                let arguments = running.arguments(#id).ok_or("unknown operation")?;
                #(#asked)*
            });
        }
        Ok(Self {
            spec,
            request,
            hidden,
            made,
            call: quote!(#handle.#tag().#method(#(#arguments),*) #setters),
        })
    }

    /// Returns the variable for a response of this schema.
    pub(super) fn named(&self, schema: Option<&Value>, otherwise: &str) -> Ident {
        match schema.and_then(schema::reference) {
            Some(name) => variable(&snake(name)),
            None => format_ident!("{otherwise}"),
        }
    }
}

/// Starts the sandbox, and connects a client to it.
fn client(spec: &Spec) -> TokenStream {
    let (krate, name) = (naming::crate_ident(&spec.model), &spec.model.name);
    let slots = spec.model.slots();
    let setters = slots.iter().map(|slot| {
        let setter = format_ident!("with_{slot}");
        quote!(.#setter(running.credentials[#slot].as_str()))
    });
    let is_open = slots.is_empty();
    let credentials =
        (!is_open).then(|| quote!(let credentials = #krate::Credentials::new()#(#setters)*;));
    let with_credentials = (!is_open).then(|| quote!(.with_credentials(credentials)));
    quote! {
        use botroster_sandbox::{Sandbox, SandboxOptions};
        let sandbox = Sandbox::start_with(SandboxOptions::only(#name)).await?;
        let running = &sandbox.platforms()[0];
        #credentials
        let client = #krate::Client::builder()
            #with_credentials
            .with_base_url(&running.base_url)
            .with_loopback_http()
            .build()?;
    }
}

/// The variable of an argument.
pub(super) fn variable(ident: &Ident) -> Ident {
    if TAKEN.contains(&ident.to_string().as_str()) {
        format_ident!("{ident}_")
    } else {
        ident.clone()
    }
}

/// Reads an argument from the sandbox.
fn from_sandbox(spec: &Spec, field: &RequestField) -> TokenStream {
    let (wire, ty, name) = (&field.wire, &field.ty, variable(&field.ident));
    if field.is_text() {
        quote!(let #name = arguments[#wire].as_str();)
    } else if ty.to_string().starts_with("types ::") {
        let krate = naming::crate_ident(&spec.model);
        quote!(let #name: #krate::#ty = arguments[#wire].parse()?;)
    } else {
        quote!(let #name: #ty = arguments[#wire].parse()?;)
    }
}

/// Returns whether a stream takes the parameter from its parent or its seeds.
fn is_asked(operation: &Operation, wire: &String) -> bool {
    operation.streams.iter().any(|stream| {
        let parent = stream.parent.as_ref();
        stream.seeds.contains(wire) || parent.is_some_and(|parent| parent.bind.contains_key(wire))
    })
}

/// Returns a literal for an argument, or `None` if only the sandbox knows a value, such as the id of a record.
fn literal(spec: &Spec, request: &Request<'_>, field: &RequestField) -> Result<Option<Sample>> {
    let wire = field.wire.as_deref().unwrap_or_default();
    let Some(parameter) = request.operation.parameter(wire) else {
        return Ok(None);
    };
    let schema = &parameter.schema;
    let is_compound = schema::reference(schema).is_some()
        || matches!(schema["type"].as_str(), Some("array" | "object"));
    let pagination = request.operation.pagination.as_ref();
    if pagination.is_some_and(|pagination| pagination.size.as_ref() == Some(&parameter.name)) {
        let number = page_size(schema);
        return Ok(Some(Sample::plain(quote!(#number))));
    }
    // Arguments from seeds or a parent must be values that exist.
    let is_asked = is_asked(request.operation, &parameter.name);
    let target = schema::resolve(spec, schema)?;
    let is_id = parameter.location == Location::Path
        && matches!(schema::kind(target), schema::ComponentKind::Alias);
    if is_asked || is_id {
        return Ok(None);
    }
    if is_compound {
        return sample::parameter(spec, schema).map(Some);
    }
    let value = match sample::given(schema) {
        _ if parameter.location == Location::Path => None,
        Some(Value::String(text)) if field.is_text() => Some(quote!(#text)),
        Some(Value::Bool(value)) => Some(quote!(#value)),
        Some(Value::Number(number)) => {
            let number = number.as_i64().map(Literal::i64_unsuffixed);
            number.map(|number| quote!(#number))
        }
        _ => None,
    };
    Ok(value.map(Sample::plain))
}

/// Reads the variables of a body from the sandbox.
fn named(spec: &Spec, sample: &Sample) -> Result<Vec<TokenStream>> {
    let krate = naming::crate_ident(&spec.model);
    let named = sample.named.iter().map(|(wire, schema)| {
        let variable = snake(wire);
        if schema["type"] == "string" {
            return Ok(quote!(let #variable = arguments[#wire].as_str();));
        }
        let ty = schema::rust_type(schema, &quote!(#krate::types::))?;
        Ok(quote!(let #variable: #ty = arguments[#wire].parse()?;))
    });
    named.collect()
}

/// Returns whether an optional body is the purpose of the operation.
fn is_body_needed(request: &Request<'_>) -> bool {
    let operation = request.operation;
    let mut options = request.with_role(ArgumentRole::Option);
    let mut rules = operation.rules.iter();
    options.any(|field| field.wire.is_none())
        && (operation.effect.is_some() || rules.any(|rule| matches!(rule, Rule::AnyOf(_))))
}

/// Calls the setter of the page size, if there is one.
fn size(request: &Request<'_>) -> TokenStream {
    let operation = request.operation;
    let size = paging::size(operation, Carrier::Query);
    let parameter = size.and_then(|wire| operation.parameter(wire));
    let Some(parameter) = parameter.filter(|parameter| !parameter.required) else {
        return quote!();
    };
    let (method, number) = (argument(&parameter.name), page_size(&parameter.schema));
    quote!(.#method(#number))
}

/// Returns the documented page size, or a small one.
fn page_size(schema: &Value) -> Literal {
    let bound = |word: &str| schema[word].as_i64();
    let number = bound("default")
        .unwrap_or(20)
        .min(bound("maximum").unwrap_or(i64::MAX))
        .max(bound("minimum").unwrap_or(1));
    Literal::i64_unsuffixed(number)
}
