//! Doc comments, lint attributes and other small pieces of generated code.

use proc_macro2::{Ident, TokenStream};
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

/// Implements `Debug` without any field.
pub(crate) fn opaque_debug(ident: &Ident) -> TokenStream {
    let label = ident.to_string();
    quote! {
        impl std::fmt::Debug for #ident {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(#label).finish_non_exhaustive()
            }
        }
    }
}
