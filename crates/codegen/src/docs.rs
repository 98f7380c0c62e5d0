//! Texts of a spec as documentation.

use proc_macro2::TokenStream;
use quote::quote;

/// What keeps the linter quiet about a function that takes as many arguments as the platform requires.
pub(crate) fn many_arguments(count: usize) -> Option<TokenStream> {
    (count > 7).then(
        || quote!(#[allow(clippy::too_many_arguments, reason = "the platform requires them")]),
    )
}

/// `///` lines.
pub(crate) fn doc(text: &str) -> TokenStream {
    let lines = text.trim().lines().map(|line| {
        if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        }
    });
    quote!(#(#[doc = #lines])*)
}
