//! The example of an operation. It runs as a test against the sandbox; what sets that up is hidden.

use anyhow::Result;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use super::{
    facade::{Field, Request, Role},
    home::Home,
    model::{AtPlace, ParameterPlace, Spec, Style},
    names::{argument, snake},
    sample::{self, Sample},
    schema::{self, Output},
};

/// Below so many requests a period a list is not read to its end: the second page might have to wait.
const ENOUGH_REQUESTS: u32 = 10;

/// Variables that the example itself needs.
const TAKEN: &[&str] = &[
    "all",
    "arguments",
    "client",
    "page",
    "request",
    "rows",
    "sandbox",
    "running",
];

/// The example as a code block of Markdown.
pub(crate) fn example(spec: &Spec, request: &Request<'_>) -> Result<String> {
    let mut call = Call::of(spec, request)?;
    let shown = shown(&mut call)?;
    let mut lines = vec![
        "# #[tokio::main(flavor = \"current_thread\")]".to_owned(),
        "# async fn main() -> Result<(), Box<dyn std::error::Error>> {".to_owned(),
    ];
    lines.extend(block(&call.hidden)?.lines().map(|line| format!("# {line}")));
    for (index, (comment, code)) in shown.into_iter().enumerate() {
        if index > 0 {
            lines.push(String::new());
        }
        lines.extend((!comment.is_empty()).then(|| format!("// {comment}")));
        lines.extend(block(&code)?.lines().map(str::to_owned));
    }
    lines.extend(["# Ok(())".to_owned(), "# }".to_owned()]);
    Ok(format!("```\n{}\n```", lines.join("\n")))
}

/// How a client is made, as a code block of Markdown. No request is made, so that any credential will do.
pub(crate) fn connecting(spec: &Spec) -> Result<String> {
    let krate = spec.crate_ident();
    let slots = spec.schemes.iter().flat_map(|scheme| scheme.slots());
    let setters = slots.map(|slot| {
        let (setter, text) = (
            format_ident!("with_{slot}"),
            format!("your-{}", slot.replace('_', "-")),
        );
        quote!(.#setter(#text))
    });
    let host = format!("https://{}.example.com", spec.name.replace('_', "-"));
    let base_url = spec
        .base_url
        .is_none()
        .then(|| quote!(.with_base_url(#host)));
    let imports = block(&quote!(use #krate::{Client, Credentials};))?;
    let made = block(&quote! {
        let credentials = Credentials::new()#(#setters)*;
        let client = Client::builder()#base_url.with_credentials(credentials).build()?;
    })?;
    Ok(format!(
        "```\n{imports}\n\n{made}\n# Ok::<(), {krate}::Error>(())\n```"
    ))
}

/// The call of an operation with arguments that the sandbox accepts.
struct Call<'s> {
    spec: &'s Spec,
    request: &'s Request<'s>,
    /// What sets up the sandbox, the client and the arguments.
    hidden: TokenStream,
    /// What makes the arguments.
    made: TokenStream,
    /// The call, up to what sends it.
    call: TokenStream,
}

impl<'s> Call<'s> {
    fn of(spec: &'s Spec, request: &'s Request<'s>) -> Result<Self> {
        let operation = request.operation;
        let mut hidden = client(spec);
        let (mut made, mut arguments, mut asked) = (quote!(), Vec::new(), Vec::new());
        for field in request.with_role(Role::Argument) {
            if let (None, Some(schema)) = (&field.wire, &operation.body) {
                let sample = sample::body(spec, operation, schema)?;
                asked.extend(named(spec, &sample)?);
                made.extend(sample.statements);
                arguments.push(sample.value);
            } else if let Some(literal) = literal(spec, request, field)? {
                made.extend(literal.statements);
                arguments.push(literal.value);
            } else {
                let (wire, ty, name) = (&field.wire, &field.ty, variable(&field.ident));
                asked.push(if field.is_text() {
                    quote!(let #name = arguments[#wire].as_str();)
                } else {
                    quote!(let #name: #ty = arguments[#wire].parse()?;)
                });
                arguments.push(quote!(#name));
            }
        }
        let mut handle = quote!(client);
        if spec.is_scoped(operation) {
            let scope = snake(&spec.scope_method());
            let wires = &spec.scope;
            let names: Vec<Ident> = wires.iter().map(|wire| variable(&argument(wire))).collect();
            hidden.extend(quote!(#(let #names = running.scope[#wires].as_str();)*));
            handle = quote!(client.#scope(#(#names),*));
        }
        let (tag, method) = (snake(&operation.tag), snake(&operation.name));
        let mut setters = size(request);
        if let (Some(schema), true) = (&operation.body, is_body_needed(spec, request)) {
            let sample = sample::body(spec, operation, schema)?;
            asked.extend(named(spec, &sample)?);
            made.extend(sample.statements);
            let value = sample.value;
            setters.extend(quote!(.body(#value)));
        }
        if !asked.is_empty() {
            let id = &operation.id;
            hidden.extend(quote! {
                let arguments = running.arguments(#id).ok_or("no such operation")?;
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

    /// The variable that takes an answer of this schema.
    fn named(&self, schema: Option<&Value>, otherwise: &str) -> Ident {
        match schema.and_then(schema::reference) {
            Some(name) => variable(&snake(name)),
            None => format_ident!("{otherwise}"),
        }
    }
}

/// Starts the sandbox, and connects a client to it.
fn client(spec: &Spec) -> TokenStream {
    let (krate, name) = (spec.crate_ident(), &spec.name);
    let slots = spec.schemes.iter().flat_map(|scheme| scheme.slots());
    let setters = slots.map(|slot| {
        let setter = format_ident!("with_{slot}");
        quote!(.#setter(running.credentials[#slot].as_str()))
    });
    let start = match Home::of(&spec.tree.file).document(name) {
        None => quote!(Sandbox::start(SandboxOptions::only(#name))),
        Some(document) => quote! {
            Sandbox::start_with(
                SandboxOptions::default(),
                &[(#name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), #document)))],
            )
        },
    };
    quote! {
        use botroster_sandbox::{Sandbox, SandboxOptions};
        let sandbox = #start.await?;
        let running = &sandbox.platforms()[0];
        let credentials = #krate::Credentials::new()#(#setters)*;
        let client = #krate::Client::builder()
            .with_credentials(credentials)
            .with_base_url(&running.base_url)
            .with_loopback_http()
            .build()?;
    }
}

/// The variable of an argument.
fn variable(ident: &Ident) -> Ident {
    if TAKEN.contains(&ident.to_string().as_str()) {
        format_ident!("{ident}_")
    } else {
        ident.clone()
    }
}

/// The value of an argument that can be written down; ids of records and the like are asked of the sandbox.
fn literal(spec: &Spec, request: &Request<'_>, field: &Field) -> Result<Option<Sample>> {
    let parameter = field
        .wire
        .as_ref()
        .and_then(|wire| request.operation.parameter(wire));
    let Some(parameter) = parameter else {
        return Ok(None);
    };
    let schema = &parameter.schema;
    let is_compound = schema::reference(schema).is_some()
        || matches!(schema["type"].as_str(), Some("array" | "object"));
    let pagination = request.operation.pagination.as_ref();
    if pagination.is_some_and(|pagination| pagination.size.as_ref() == Some(&parameter.wire)) {
        let number = page_size(schema);
        return Ok(Some(Sample {
            statements: quote!(),
            value: quote!(#number),
            named: Vec::new(),
        }));
    }
    if is_compound {
        return sample::parameter(spec, schema).map(Some);
    }
    let given = schema.get("example").or_else(|| schema.get("default"));
    let value = match given {
        _ if parameter.place == ParameterPlace::Path => None,
        Some(Value::String(text)) if field.is_text() => Some(quote!(#text)),
        Some(Value::Bool(value)) => Some(quote!(#value)),
        Some(Value::Number(number)) => number
            .as_i64()
            .map(Literal::i64_unsuffixed)
            .map(|number| quote!(#number)),
        _ => None,
    };
    Ok(value.map(|value| Sample {
        statements: quote!(),
        value,
        named: Vec::new(),
    }))
}

/// The variables of a body, from the sandbox.
fn named(spec: &Spec, sample: &Sample) -> Result<Vec<TokenStream>> {
    let krate = spec.crate_ident();
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

/// Whether a body that may be left out is what the operation is about.
fn is_body_needed(spec: &Spec, request: &Request<'_>) -> bool {
    let operation = request.operation;
    let effect = format!("{}/x-effect", operation.pointer);
    let mut options = request.with_role(Role::Option);
    let has_rule = operation.rules.iter().any(|rule| !rule.any_of.is_empty());
    options.any(|field| field.wire.is_none())
        && (has_rule || spec.tree.value.pointer(&effect).is_some())
}

/// The setter of a page's size, where there is one.
fn size(request: &Request<'_>) -> TokenStream {
    let operation = request.operation;
    let pagination = operation.pagination.as_ref();
    let size = pagination.and_then(|pagination| pagination.size.as_ref());
    let is_query = pagination
        .and_then(|pagination| pagination.at.as_ref())
        .is_some_and(|at| at.place == AtPlace::Query);
    let Some(parameter) = size
        .and_then(|wire| operation.parameter(wire))
        .filter(|parameter| is_query && !parameter.required)
    else {
        return quote!();
    };
    let (method, number) = (argument(&parameter.wire), page_size(&parameter.schema));
    quote!(.#method(#number))
}

/// The documented size of a page, or a small one.
fn page_size(schema: &Value) -> Literal {
    let bound = |word: &str| schema[word].as_i64();
    let number = bound("default")
        .unwrap_or(20)
        .min(bound("maximum").unwrap_or(i64::MAX))
        .max(bound("minimum").unwrap_or(1));
    Literal::i64_unsuffixed(number)
}

/// Parts of the example, each with a comment, which may be empty.
fn shown(call: &mut Call<'_>) -> Result<Vec<(&'static str, TokenStream)>> {
    let (made, sent) = (call.made.clone(), call.call.clone());
    let mut parts = match &call.request.output {
        Output::Page(item) => page(call, item.as_ref()),
        Output::Value(schema) => {
            let answer = call.named(schema.as_ref(), "answer");
            let check = identity(call, &answer)?.unwrap_or_else(|| print(&answer));
            vec![("", quote!(#made let #answer = #sent.await?; #check))]
        }
        Output::Rows(row) => {
            let row = variable(&snake(row));
            let print = print(&row);
            let read = quote! {
                #made
                let mut rows = #sent.rows();
                let mut count = 0;
                while let Some(#row) = rows.try_next().await? {
                    #print
                    count += 1;
                }
                assert!(count > 0);
            };
            vec![("", read)]
        }
    };
    let has_types = parts
        .iter()
        .any(|(_, code)| code.to_string().contains("types ::"));
    if has_types {
        let krate = call.spec.crate_ident();
        parts.insert(0, ("", quote!(use #krate::types;)));
    }
    Ok(parts)
}

fn page(call: &Call<'_>, item: Option<&Value>) -> Vec<(&'static str, TokenStream)> {
    let (made, sent, operation) = (&call.made, &call.call, call.request.operation);
    let record = call.named(item, "record");
    let print = print(&record);
    let is_single = operation
        .pagination
        .as_ref()
        .is_some_and(|pagination| pagination.style == Style::Single);
    let may_wait = operation
        .rate_limit
        .is_some_and(|(requests, _)| requests < ENOUGH_REQUESTS);
    if is_single || may_wait {
        let read = quote! {
            #made
            let page = #sent.await?;
            assert!(!page.items.is_empty());
            for #record in &page.items {
                #print
            }
        };
        return vec![("", read)];
    }
    let one = quote! {
        let page = request.clone().await?;
        assert!(!page.items.is_empty());
    };
    let all = quote! {
        let mut all = request.stream();
        while let Some(#record) = all.try_next().await? {
            #print
        }
    };
    vec![
        ("", quote!(#made let request = #sent;)),
        ("One page.", one),
        ("All of them, a page at a time.", all),
    ]
}

/// `Debug` shows nothing of people, so that an example may print it.
fn print(variable: &Ident) -> TokenStream {
    let format = format!("{{{variable}:?}}");
    quote!(println!(#format);)
}

/// That a record asked for by id is the one that came, where a list of such records tells which field the id is.
fn identity(call: &Call<'_>, answer: &Ident) -> Result<Option<TokenStream>> {
    let (spec, operation) = (call.spec, call.request.operation);
    let list = spec.operations.iter().find_map(|list| {
        let rest = operation.path.strip_prefix(&list.path)?;
        let wire = rest.strip_prefix("/{")?.strip_suffix('}')?;
        let key = list.pagination.as_ref()?.key.as_ref()?.strip_prefix('/')?;
        Some((wire, key))
    });
    let (Some((wire, key)), Output::Value(Some(schema))) = (list, &call.request.output) else {
        return Ok(None);
    };
    let record = schema::resolve(spec, schema)?;
    let required = record["required"].as_array();
    let is_required = required.is_some_and(|names| names.iter().any(|name| name == key));
    let Some(property) = record["properties"].get(key) else {
        return Ok(None);
    };
    let ty = schema::rust_type(property, &quote!(types::))?.to_string();
    let argument = call
        .request
        .with_role(Role::Argument)
        .find(|field| field.wire.as_deref() == Some(wire) && field.ty.to_string() == ty);
    let argument = argument.filter(|_| operation.method == "GET" && is_required);
    Ok(argument.map(|field| {
        let (argument, key) = (variable(&field.ident), snake(key));
        quote!(assert_eq!(#answer.#key, #argument);)
    }))
}

/// Statements as text, without the function they were formatted in.
fn block(statements: &TokenStream) -> Result<String> {
    let file: syn::File = syn::parse2(quote!(fn main() { #statements }))?;
    let text = prettyplease::unparse(&file);
    let lines: Vec<&str> = text.lines().collect();
    let inner = lines
        .get(1..lines.len().saturating_sub(1))
        .unwrap_or_default();
    let inner = inner
        .iter()
        .map(|line| line.strip_prefix("    ").unwrap_or(line));
    let text = inner.collect::<Vec<_>>().join("\n");
    // The formatter leaves what stands in macros as it is.
    Ok(text.replace("(! ", "(!").replace("\" : ", "\": "))
}

#[cfg(test)]
mod tests {
    use crate::codegen::{facade, testing};

    /// That these run is tested where they stand, in the crates; here is what they look like for shapes that no platform has.
    #[test]
    fn examples_read_like_a_users_code() {
        let (spec, raw) = testing::everything();
        let mut shown = super::connecting(&spec).unwrap();
        for request in facade::requests(&spec, &raw).unwrap() {
            let id = &request.operation.id;
            let example = super::example(&spec, &request).unwrap();
            // What is hidden is the same in all but the arguments.
            let lines = example.lines().filter(|line| {
                id == "search_letters" || !line.starts_with("# ") || line.contains("arguments[")
            });
            let lines: Vec<&str> = lines.collect();
            shown += &format!("\n\n{id}\n{}", lines.join("\n"));
        }
        insta::assert_snapshot!(shown);
    }
}
