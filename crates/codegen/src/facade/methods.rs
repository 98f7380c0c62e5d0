//! The methods that send.

use anyhow::Result;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::{
    facade::Request,
    naming,
    schema::{Output, rust_type},
};
use botroster_spec::{idents::camel, model::End};

impl Request<'_> {
    /// The methods that send.
    pub(super) fn methods(&self) -> Result<TokenStream> {
        let raw = quote! {
            /// Sends it, and gives the answer as it came, whatever its status.
            ///
            /// # Errors
            /// Those of building the request and of the network.
            pub async fn send_raw(self) -> Result<RawResponse, Error> {
                codegen::send_raw(self).await
            }
        };
        let item = |schema: &Option<Value>| match schema {
            Some(schema) => rust_type(schema, &quote!(types::)),
            None => Ok(quote!(botroster_client::Json)),
        };
        Ok(match &self.output {
            Output::Page(schema) => {
                let item = item(schema)?;
                let row = format_ident!("{}", naming::table(self.operation));
                let pagination = self.operation.pagination.as_ref();
                let has_totals = pagination
                    .is_some_and(|pagination| matches!(pagination.end, Some(End::Totals { .. })));
                let concurrency = has_totals.then(|| {
                    quote! {
                        /// Makes up to so many requests at once when the list is read to its end. The pages come in order.
                        pub fn with_concurrency(mut self, requests: usize) -> Self {
                            self.walk.set_concurrency(requests);
                            self
                        }
                    }
                });
                let dedupe = pagination
                    .is_some_and(|pagination| pagination.key.is_some())
                    .then(|| {
                        quote! {
                            /// Whether records that stood on an earlier page are left out; they are unless the client's options say otherwise.
                            pub fn with_dedupe(mut self, dedupe: bool) -> Self {
                                self.walk.set_dedupe(dedupe);
                                self
                            }
                        }
                    });
                quote! {
                    #concurrency
                    #dedupe
                    /// Begins where a page's cursor says.
                    pub fn resume(mut self, cursor: &botroster_client::Cursor) -> Self {
                        self.walk.set_start(&operations::#row, cursor);
                        self
                    }
                    /// Sends it, and gives one page.
                    ///
                    /// # Errors
                    /// See [`botroster_client::ErrorKind`].
                    pub async fn send(self) -> Result<Page<#item>, Error> {
                        codegen::send_page(self).await
                    }
                    #raw
                    /// The pages from here to the end, one request each, made when asked for.
                    pub fn pages(self) -> Pages<#item> {
                        codegen::pages(self)
                    }
                    /// The items of all pages from here to the end.
                    pub fn stream(self) -> Items<#item> {
                        codegen::stream(self)
                    }
                }
            }
            Output::Value(schema) => {
                let item = item(schema)?;
                quote! {
                    /// Sends it.
                    ///
                    /// # Errors
                    /// See [`botroster_client::ErrorKind`].
                    pub async fn send(self) -> Result<#item, Error> {
                        codegen::send(self).await
                    }
                    #raw
                }
            }
            Output::Nothing => quote! {
                /// Sends it. A success has nothing to read.
                ///
                /// # Errors
                /// See [`botroster_client::ErrorKind`].
                pub async fn send(self) -> Result<(), Error> {
                    codegen::send_for_nothing(self).await
                }
                #raw
            },
            Output::Rows(row) => {
                let row = camel(row);
                let columns = self
                    .operation
                    .csv
                    .iter()
                    .flat_map(|csv| &csv.columns)
                    .filter_map(|(title, field)| {
                        let field = field.as_str()?;
                        Some(quote!((#title, #field)))
                    });
                quote! {
                    #raw
                    /// Sends it, and gives the rows as they come.
                    pub fn rows(self) -> Rows<types::#row> {
                        codegen::open_rows(self, &[#(#columns),*])
                    }
                    /// Sends it, and gives the bytes as they come.
                    ///
                    /// # Errors
                    /// Those until the head of the answer; what breaks later is an error in the stream.
                    pub async fn bytes(self) -> Result<impl codegen::Stream<Item = Result<codegen::bytes::Bytes, Error>> + Send + 'static, Error> {
                        codegen::open_bytes(self).await
                    }
                }
            }
        })
    }
}
