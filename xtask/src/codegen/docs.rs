//! Texts of a spec as documentation.

use proc_macro2::TokenStream;
use quote::quote;

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
