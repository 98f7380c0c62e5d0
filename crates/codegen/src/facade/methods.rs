//! Methods of a request builder: options of the call, and sending.

use anyhow::Result;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::{
    docs::doc,
    facade::Request,
    naming,
    schema::{OperationOutput, value_type},
};
use botroster_spec::{idents::camel, model::End};

impl Request<'_> {
    /// Generates the methods for options of the call and for sending.
    pub(super) fn methods(&self) -> Result<TokenStream> {
        let raw = quote! {
            /// Sets the deadline of the call, including waits and retries. For a list, it applies to each page.
            pub fn with_deadline(mut self, limit: std::time::Duration) -> Self {
                self.options.set_deadline(limit);
                self
            }
            /// Sets the maximum number of attempts, including the first. For a list, it applies to each page.
            pub fn with_attempts(mut self, attempts: u32) -> Self {
                self.options.set_attempts(attempts);
                self
            }
            /// Adds a header. Sending fails if the client sets this header itself, for example for authentication.
            pub fn with_header(mut self, name: &str, value: &str) -> Self {
                self.options.add_header(name, value);
                self
            }
            /// Sends the request and returns the response, whatever its status.
            ///
            /// # Errors
            /// The request cannot be built or the network fails.
            pub async fn send_raw(self) -> Result<RawResponse, Error> {
                codegen::send_raw(self).await
            }
        };
        Ok(match &self.output {
            OperationOutput::Page(schema) => {
                let item = value_type(schema.as_ref())?;
                let row = format_ident!("{}", naming::table(self.operation));
                let pagination = self.operation.pagination.as_ref();
                let has_totals = pagination
                    .is_some_and(|pagination| matches!(pagination.end, Some(End::Totals { .. })));
                let concurrency = has_totals.then(|| {
                    quote! {
                        /// Sets the maximum number of concurrent requests of [`pages`](Self::pages) and [`stream`](Self::stream). Default: 1.
                        /// Pages are returned in order.
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
                            /// Sets whether to drop records that an earlier page returned. Overrides the client's setting.
                            pub fn with_dedupe(mut self, dedupe: bool) -> Self {
                                self.walk.set_dedupe(dedupe);
                                self
                            }
                        }
                    });
                let about = "Sends the request and returns one page.";
                let send = send(about, &quote!(Page<#item>), &quote!(send_page));
                quote! {
                    #concurrency
                    #dedupe
                    /// Starts at a cursor from an earlier walk.
                    pub fn resume(mut self, cursor: &botroster_client::Cursor) -> Self {
                        self.walk.set_start(&operations::#row, cursor);
                        self
                    }
                    #send
                    #raw
                    /// Returns the pages from this one to the last, fetched on demand.
                    pub fn pages(self) -> Pages<#item> {
                        codegen::pages(self)
                    }
                    /// Returns the items of the pages from this one to the last, fetched on demand.
                    pub fn stream(self) -> Items<#item> {
                        codegen::stream(self)
                    }
                }
            }
            OperationOutput::Value(schema) => {
                let item = value_type(schema.as_ref())?;
                let send = send("Sends the request.", &item, &quote!(send));
                quote!(#send #raw)
            }
            OperationOutput::Nothing => {
                let about = "Sends the request. The response has no data.";
                let send = send(about, &quote!(()), &quote!(send_for_nothing));
                quote!(#send #raw)
            }
            OperationOutput::Rows(row) => {
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
                    /// Sends the request and returns the rows as they arrive.
                    pub fn rows(self) -> Rows<types::#row> {
                        codegen::open_rows(self, &[#(#columns),*])
                    }
                    /// Sends the request and returns the bytes as they arrive.
                    ///
                    /// # Errors
                    /// The call fails before the response headers arrive. A later failure is an error in the stream.
                    pub async fn bytes(self) -> Result<impl codegen::Stream<Item = Result<codegen::bytes::Bytes, Error>> + Send + 'static, Error> {
                        codegen::open_bytes(self).await
                    }
                }
            }
        })
    }
}

/// Generates the method that sends the request.
fn send(about: &str, output: &TokenStream, function: &TokenStream) -> TokenStream {
    let docs = doc(&format!(
        "{about}\n\n# Errors\nSee [`ErrorKind`](crate::ErrorKind)."
    ));
    quote! {
        #docs
        pub async fn send(self) -> Result<#output, Error> {
            codegen::#function(self).await
        }
    }
}
