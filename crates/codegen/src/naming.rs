//! Names in generated code.

use botroster_spec::{
    Model,
    idents::{camel, scope_method as method_of},
    model::Operation,
};
use heck::ToUpperCamelCase as _;
use proc_macro2::Ident;
use quote::format_ident;

/// Returns the package name of a platform's client: `botroster-` and the platform's name in kebab case.
pub fn package(model: &Model) -> String {
    format!("botroster-{}", model.name.replace('_', "-"))
}

/// Returns the name of the crate in code.
pub(crate) fn crate_ident(model: &Model) -> Ident {
    format_ident!("{}", package(model).replace('-', "_"))
}

/// Returns the type that implements `Platform`.
pub(crate) fn platform(model: &Model) -> Ident {
    format_ident!("{}Platform", model.name.to_upper_camel_case())
}

/// Returns the method that opens the scope.
pub(crate) fn scope_method(model: &Model) -> String {
    let last = model.scope.last();
    last.map(|name| method_of(name)).unwrap_or_default()
}

/// Returns the type of an operation's request builder.
pub(crate) fn builder(operation: &Operation) -> String {
    format!("{}Request", operation.id.to_upper_camel_case())
}

/// Returns the type of the documented bodies of an operation's errors.
pub(crate) fn error(operation: &Operation) -> String {
    format!("{}Error", operation.id.to_upper_camel_case())
}

/// Returns the static that describes an operation.
pub(crate) fn table(operation: &Operation) -> String {
    operation.id.to_uppercase()
}

/// Returns the resource type of an operation, named after its tag, with the scope in front if the tag also has unscoped operations.
pub(crate) fn handle(model: &Model, operation: &Operation) -> Ident {
    let tag = camel(&operation.tag);
    let is_in_both = model
        .operations
        .iter()
        .any(|other| other.tag == operation.tag && !model.is_scoped(other));
    let scope = camel(&scope_method(model));
    if model.is_scoped(operation) && (is_in_both || tag == scope) {
        format_ident!("{scope}{tag}")
    } else {
        tag
    }
}

/// Returns the environment variable of a credential.
pub(crate) fn variable(model: &Model, slot: &str) -> String {
    format!("{}_{slot}", model.name).to_uppercase()
}
