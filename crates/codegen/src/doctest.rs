//! Examples of operations. They run as doctests against the sandbox; the setup is hidden.

mod call;

use anyhow::Result;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Local, Pat, Stmt};

use crate::{
    doctest::call::{ExampleCall, variable},
    facade::{ArgumentRole, Request},
    naming, paging,
    schema::{self, OperationOutput},
};
use botroster_spec::{
    Spec,
    idents::{self, snake},
    model::Style,
};

/// Variables of the hidden setup that only exist with the sandbox.
const SANDBOX: [&str; 3] = ["sandbox", "running", "arguments"];

/// Examples read one page only if the rate limit is below this many requests per period: a second page might have to wait.
const ENOUGH_REQUESTS: u32 = 10;

/// Returns the example as a Markdown code block.
pub(crate) fn example(spec: &Spec, request: &Request<'_>) -> Result<String> {
    let mut call = ExampleCall::of(spec, request)?;
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

/// Returns the example as a program. The sandbox fills in `running.base_url` and the values of `running.credentials`,
/// `running.scope` and `arguments`.
pub(crate) fn program(spec: &Spec, request: &Request<'_>) -> Result<String> {
    let mut call = ExampleCall::of(spec, request)?;
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

/// Returns a Markdown code block that builds a client. It sends no request, so any credential will do.
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
    let (imports, credentials, with_credentials) = if slots.is_empty() {
        (quote!(use #krate::Client;), None, None)
    } else {
        (
            quote!(use #krate::{Client, Credentials};),
            Some(quote!(let credentials = Credentials::new()#(#setters)*;)),
            Some(quote!(.with_credentials(credentials))),
        )
    };
    let made = quote! {
        #credentials
        let client = Client::builder()#base_url #with_credentials.build()?;
    };
    let (imports, made) = (block(&imports)?, block(&made)?);
    Ok(format!(
        "```\n{imports}\n\n{made}\n# Ok::<(), {krate}::Error>(())\n```"
    ))
}

/// Returns the visible parts of the example, each with a comment, which may be empty.
fn shown(call: &mut ExampleCall<'_>) -> Result<Vec<(&'static str, TokenStream)>> {
    let (made, sent) = (call.made.clone(), call.call.clone());
    let mut parts = match &call.request.output {
        OperationOutput::Page(item) => page(call, item.as_ref()),
        OperationOutput::Value(schema) => {
            let answer = call.named(schema.as_ref(), "response");
            let check = identity(call, &answer)?.unwrap_or_else(|| print(&answer));
            vec![("", quote!(#made let #answer = #sent.await?; #check))]
        }
        OperationOutput::Nothing => vec![("", quote!(#made #sent.await?;))],
        OperationOutput::Rows(row) => {
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

fn page(call: &ExampleCall<'_>, item: Option<&Value>) -> Vec<(&'static str, TokenStream)> {
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
        ("All items, fetched page by page.", all),
    ]
}

/// Returns whether the position has a maximum, so that the last page may be out of reach.
fn ends_early(call: &ExampleCall<'_>) -> bool {
    let operation = call.request.operation;
    let at = operation.pagination.as_ref();
    let at = at.and_then(|pagination| pagination.at.as_ref());
    let position = at.and_then(|at| paging::schema(call.spec, operation, at.carrier, &at.name));
    position.is_some_and(|position| position.get("maximum").is_some())
}

/// Prints a variable. `Debug` hides personal data.
fn print(variable: &Ident) -> TokenStream {
    let format = format!("{{{variable}:?}}");
    quote!(println!(#format);)
}

/// Asserts that a record fetched by id has that id, if a list of such records names the field of the id.
fn identity(call: &ExampleCall<'_>, answer: &Ident) -> Result<Option<TokenStream>> {
    let (spec, operation) = (call.spec, call.request.operation);
    let list = spec.model.operations.iter().find_map(|list| {
        let rest = operation.path.strip_prefix(&list.path)?;
        let wire = rest.strip_prefix("/{")?.strip_suffix('}')?;
        let key = list.pagination.as_ref()?.key.as_ref()?.strip_prefix('/')?;
        Some((wire, key))
    });
    let (Some((wire, key)), OperationOutput::Value(Some(schema))) = (list, &call.request.output)
    else {
        return Ok(None);
    };
    let record = schema::resolve(spec, schema)?;
    let is_required = schema::requires(record, key);
    let Some(property) = record["properties"].get(key) else {
        return Ok(None);
    };
    let ty = schema::rust_type(property, &quote!(types::))?.to_string();
    let argument = call
        .request
        .with_role(ArgumentRole::Argument)
        .find(|field| field.wire.as_deref() == Some(wire) && field.ty.to_string() == ty);
    // Other types have been moved into the request.
    let is_kept = matches!(ty.as_str(), "String" | "i32" | "i64" | "u32" | "u64");
    let argument = argument.filter(|_| operation.method == "GET" && is_required && is_kept);
    Ok(argument.map(|field| {
        let (argument, key) = (variable(&field.ident), idents::field(key));
        quote!(assert_eq!(#answer.#key, #argument);)
    }))
}

/// Formats statements.
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
    // The formatter does not format the arguments of macros.
    Ok(text.replace("(! ", "(!").replace("\" : ", "\": "))
}

#[cfg(test)]
mod tests {
    use crate::{facade, testing};

    /// The crates run their examples; this shows those of shapes that no platform has.
    #[test]
    fn examples_read_like_a_users_code() {
        let (spec, raw) = testing::everything();
        let mut shown = super::connecting(&spec).unwrap();
        for request in facade::requests(&spec, &raw).unwrap() {
            let id = &request.operation.id;
            let example = super::example(&spec, &request).unwrap();
            // The hidden setup differs in the arguments only.
            let lines = example.lines().filter(|line| {
                id == "search_letters" || !line.starts_with("# ") || line.contains("arguments[")
            });
            let lines: Vec<&str> = lines.collect();
            shown += &format!("\n\n{id}\n{}", lines.join("\n"));
        }
        insta::assert_snapshot!(shown);
    }
}
