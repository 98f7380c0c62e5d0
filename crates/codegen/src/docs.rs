//! Doc comments and lint attributes.

use proc_macro2::TokenStream;
use quote::quote;

/// Silences clippy for a function with more arguments than it allows.
pub(crate) fn many_arguments(count: usize) -> Option<TokenStream> {
    (count > 7).then(
        || quote!(#[allow(clippy::too_many_arguments, reason = "the platform requires them")]),
    )
}

/// Converts a text to `///` lines.
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
