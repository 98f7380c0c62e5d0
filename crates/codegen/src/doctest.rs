//! The example of an operation. It runs as a test against the sandbox; what sets that up is hidden.

mod call;

use anyhow::Result;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Local, Pat, Stmt};

use crate::{
    doctest::call::{Call, variable},
    facade::{Request, Role},
    naming,
    schema::{self, Output},
};
use botroster_spec::{
    Spec,
    idents::{self, snake},
    model::{Carrier, Style},
};

/// The variables of an example that are the sandbox's.
const SANDBOX: [&str; 3] = ["sandbox", "running", "arguments"];

/// Below so many requests a period a list is not read to its end: the second page might have to wait.
const ENOUGH_REQUESTS: u32 = 10;

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

/// The example as a program, in which the sandbox's values are still to be written: `running.base_url` and what is looked up in
/// `running.credentials`, `running.scope` and `arguments`.
pub(crate) fn program(spec: &Spec, request: &Request<'_>) -> Result<String> {
    let mut call = Call::of(spec, request)?;
    let shown = shown(&mut call)?;
    let hidden = &call.hidden;
    let mut setup: syn::ItemFn = syn::parse2(quote!(fn main() { #hidden }))?;
    setup.block.stmts.retain(|statement| match statement {
        Stmt::Local(Local {
            pat: Pat::Ident(name),
            ..
        }) => !SANDBOX.iter().any(|own| name.ident == own),
        Stmt::Item(_) => false,
        _ => true,
    });
    let setup = &setup.block.stmts;
    let mut parts = vec![block(&quote!(#(#setup)*))?];
    for (comment, code) in shown {
        let comment = (!comment.is_empty()).then(|| format!("// {comment}\n"));
        parts.push(format!("{}{}", comment.unwrap_or_default(), block(&code)?));
    }
    parts.push("Ok(())".to_owned());
    let body = parts
        .join("\n\n")
        .replace('\n', "\n    ")
        .replace("\n    \n", "\n\n");
    Ok(format!(
        "#[tokio::main(flavor = \"current_thread\")]\nasync fn main() -> Result<(), Box<dyn std::error::Error>> {{\n    {body}\n}}\n"
    ))
}

/// How a client is made, as a code block of Markdown. No request is made, so that any credential will do.
pub(crate) fn connecting(spec: &Spec) -> Result<String> {
    let krate = naming::crate_ident(&spec.model);
    let slots = spec.model.slots();
    let setters = slots.iter().map(|slot| {
        let (setter, text) = (
            format_ident!("with_{slot}"),
            format!("your-{}", slot.replace('_', "-")),
        );
        quote!(.#setter(#text))
    });
    let host = format!("https://{}.example.com", spec.model.name.replace('_', "-"));
    let base_url = spec
        .model
        .base_url
        .is_none()
        .then(|| quote!(.with_base_url(#host)));
    let (imports, made) = if slots.is_empty() {
        (
            quote!(use #krate::Client;),
            quote!(let client = Client::builder()#base_url.build()?;),
        )
    } else {
        let made = quote! {
            let credentials = Credentials::new()#(#setters)*;
            let client = Client::builder()#base_url.with_credentials(credentials).build()?;
        };
        (quote!(use #krate::{Client, Credentials};), made)
    };
    let (imports, made) = (block(&imports)?, block(&made)?);
    Ok(format!(
        "```\n{imports}\n\n{made}\n# Ok::<(), {krate}::Error>(())\n```"
    ))
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
        Output::Nothing => vec![("", quote!(#made #sent.await?;))],
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
        let krate = naming::crate_ident(&call.spec.model);
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
        .is_some_and(|limit| limit.requests < ENOUGH_REQUESTS);
    if is_single || may_wait || ends_early(call) {
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

/// Whether positions have a largest one, behind which nobody can read on.
fn ends_early(call: &Call<'_>) -> bool {
    let operation = call.request.operation;
    let at = operation
        .pagination
        .as_ref()
        .and_then(|pagination| pagination.at.as_ref());
    let body = || schema::resolve(call.spec, operation.body_schema()?).ok();
    let position = at.and_then(|at| match at.carrier {
        Carrier::Query => operation
            .parameter(&at.name)
            .map(|parameter| &parameter.schema),
        Carrier::Body => body()?["properties"].get(&at.name),
    });
    position.is_some_and(|position| position.get("maximum").is_some())
}

/// `Debug` shows nothing of people, so that an example may print it.
fn print(variable: &Ident) -> TokenStream {
    let format = format!("{{{variable}:?}}");
    quote!(println!(#format);)
}

/// That a record asked for by id is the one that came, where a list of such records tells which field the id is.
fn identity(call: &Call<'_>, answer: &Ident) -> Result<Option<TokenStream>> {
    let (spec, operation) = (call.spec, call.request.operation);
    let list = spec.model.operations.iter().find_map(|list| {
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
    // What is no text or number is gone by then.
    let is_kept = matches!(ty.as_str(), "String" | "i32" | "i64" | "u32" | "u64");
    let argument = argument.filter(|_| operation.method == "GET" && is_required && is_kept);
    Ok(argument.map(|field| {
        let (argument, key) = (variable(&field.ident), idents::field(key));
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
    use crate::{facade, testing};

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
