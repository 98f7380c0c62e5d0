//! The table of operations, which the transport interprets.

use anyhow::Result;
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use crate::{failures, naming, schema::at_pointer};
use botroster_spec::{
    Spec,
    model::{
        Condition, End, ErrorCode, FailWhen, Find, Next, Operation, Pagination, RateLimit, Retry,
        Style, Unwrap,
    },
};

pub(crate) fn emit(spec: &Spec) -> Result<TokenStream> {
    let operations = spec.model.operations.iter();
    operations.map(|operation| row(spec, operation)).collect()
}

fn row(spec: &Spec, operation: &Operation) -> Result<TokenStream> {
    let ident = format_ident!("{}", naming::table(operation));
    let Operation {
        id, method, path, ..
    } = operation;
    // A success without a body may still have errors with one.
    let content = operation.success.content.as_ref();
    let media_type = content.map_or("application/json", |content| &content.media_type);
    let security = operation.security.iter().map(|set| quote!(&[#(#set),*]));
    let headers = operation
        .headers
        .iter()
        .map(|(name, value)| quote!((#name, #value)));
    let retry = match operation.retry {
        Retry::Read => quote!(Read),
        Retry::Idempotent => quote!(Idempotent),
        Retry::Never => quote!(Never),
    };
    let rate_limit = rate_limit(operation);
    let envelope = &operation.envelope;
    let (data, first, message, code) = (
        envelope.data.as_deref().unwrap_or_default(),
        matches!(envelope.unwrap, Some(Unwrap::First)),
        &envelope.message,
        &envelope.code,
    );
    let fail_when = envelope.fail_when.iter().map(fail_when);
    let pagination = match &operation.pagination {
        None => quote!(None),
        Some(pagination) => pagination_row(spec, operation, pagination)?,
    };
    let errors = failures::known(operation).map(|error| {
        let status = Literal::u16_unsuffixed(error.status);
        let code = option(error.code.as_ref().map(known_code));
        let name = option(error.name);
        // The summary becomes part of a one-line error message.
        let summary = error.summary.trim().trim_end_matches('.').replace('\n', " ");
        let anywhere = error.find == Some(Find::Anywhere);
        quote!(DocumentedError { status: #status, code: #code, name: #name, summary: #summary, anywhere: #anywhere })
    });
    Ok(quote! {
        pub(crate) static #ident: Operation = Operation {
            id: #id,
            method: #method,
            path: #path,
            security: &[#(#security),*],
            headers: &[#(#headers),*],
            accept: #media_type,
            retry: RetryClass::#retry,
            rate_limit: #rate_limit,
            envelope: EnvelopeRules { data: #data, first: #first, message: &[#(#message),*], code: &[#(#code),*], fail_when: &[#(#fail_when),*] },
            pagination: #pagination,
            errors: &[#(#errors),*],
        };
    })
}

/// A numeric string is stored as a number: platforms send both.
fn known_code(code: &ErrorCode) -> TokenStream {
    let text = match code {
        ErrorCode::Number(number) => &number.to_string(),
        ErrorCode::Text(text) => text,
    };
    match text.parse::<i64>() {
        Ok(number) if number.to_string() == *text => {
            let number = Literal::i64_unsuffixed(number);
            quote!(DocumentedCode::Number(#number))
        }
        _ => quote!(DocumentedCode::Text(#text)),
    }
}

pub(crate) fn rate_limit(operation: &Operation) -> TokenStream {
    option(operation.rate_limit.map(|RateLimit { requests, per }| {
        let requests = Literal::u32_unsuffixed(requests);
        let per = Literal::u64_unsuffixed(per.as_secs());
        quote!(RateLimit { requests: #requests, per: std::time::Duration::from_secs(#per) })
    }))
}

pub(crate) fn option<T: quote::ToTokens>(value: Option<T>) -> TokenStream {
    match value {
        None => quote!(None),
        Some(value) => quote!(Some(#value)),
    }
}

fn fail_when(condition: &FailWhen) -> TokenStream {
    let at = &condition.at;
    let test = match &condition.condition {
        Condition::Is(Value::String(word)) if word == "present" => quote!(ValueTest::Present),
        Condition::Is(Value::String(text)) => quote!(ValueTest::IsText(#text)),
        Condition::Is(value) => {
            let value = value.as_bool();
            quote!(ValueTest::IsBool(#value))
        }
        Condition::Not(text) => quote!(ValueTest::NotText(#text)),
        Condition::Min(least) => {
            let least = Literal::i64_unsuffixed(*least);
            quote!(ValueTest::Min(#least))
        }
    };
    quote!(FailureCondition { at: #at, test: #test })
}

fn pagination_row(
    spec: &Spec,
    operation: &Operation,
    pagination: &Pagination,
) -> Result<TokenStream> {
    let style = match pagination.style {
        Style::Page => quote!(Page),
        Style::Offset => quote!(Offset),
        Style::Cursor => quote!(Cursor),
        Style::Single => quote!(Single),
    };
    let first = Literal::u64_unsuffixed(pagination.first());
    let items = &pagination.items;
    let next = match &pagination.next {
        None => quote!(CursorSource::Counted),
        Some(Next::Pointer(pointer)) => quote!(CursorSource::Pointer(#pointer)),
        Some(Next::LastItem(pointer)) => quote!(CursorSource::LastItem(#pointer)),
    };
    let (total_pages, total) = match &pagination.end {
        Some(End::Totals { total_pages, total }) => (total_pages.as_ref(), total.as_ref()),
        Some(End::Empty(_)) | None => (None, None),
    };
    let (total_pages, total) = (option(total_pages), option(total));
    let key = option(pagination.key.as_ref());
    let echo_size = option(pagination.echo.size.as_ref());
    let report = report(spec, operation, pagination)?;
    Ok(quote! {
        Some(PagingPlan {
            style: PagingStyle::#style,
            first: #first,
            items: &[#(#items),*],
            key: #key,
            next: #next,
            total_pages: #total_pages,
            total: #total,
            echo_size: #echo_size,
            report: #report,
        })
    })
}

/// Generates the pointers to the documented metadata of a page.
fn report(spec: &Spec, operation: &Operation, pagination: &Pagination) -> Result<TokenStream> {
    let Some(answer) = operation.success_schema() else {
        return Ok(quote!(PageReportPointers::NONE));
    };
    let is_documented = |pointer: &str| {
        // A failure may have its message in the list that holds the records of a success.
        let is_item = pagination
            .items
            .iter()
            .any(|items| pointer.starts_with(&format!("{items}/")));
        Ok::<_, anyhow::Error>(!is_item && at_pointer(spec, answer, pointer)?.is_some())
    };
    let mut fields = Vec::new();
    for (name, pointer) in [
        ("position", &pagination.echo.position),
        ("count", &pagination.echo.count),
    ] {
        if let Some(pointer) = pointer {
            let name = format_ident!("{name}");
            fields.push(quote!(#name: Some(#pointer)));
        }
    }
    let envelope = &operation.envelope;
    let success = envelope
        .fail_when
        .iter()
        .find_map(|condition| match &condition.condition {
            Condition::Is(Value::Bool(false)) => Some(&condition.at),
            _ => None,
        });
    if let Some(pointer) = success
        && is_documented(pointer)?
    {
        fields.push(quote!(success: Some(#pointer)));
    }
    for (name, pointers) in [("message", &envelope.message), ("code", &envelope.code)] {
        let mut documented = Vec::new();
        for pointer in pointers {
            // Its presence marks a failure: a page never has it.
            let fails = envelope.fail_when.iter().any(|condition| {
                condition.at == *pointer
                    && matches!(&condition.condition, Condition::Is(Value::String(word)) if word == "present")
            });
            if !fails && is_documented(pointer)? {
                documented.push(pointer);
            }
        }
        if !documented.is_empty() {
            let name = format_ident!("{name}");
            fields.push(quote!(#name: &[#(#documented),*]));
        }
    }
    Ok(if fields.is_empty() {
        quote!(PageReportPointers::NONE)
    } else {
        quote!(PageReportPointers { #(#fields,)* ..PageReportPointers::NONE })
    })
}
