//! How paging moves a request.

use anyhow::{Context as _, Result, bail};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Request, Role};
use crate::codegen::{
    model::{AtPlace, Pagination, Style},
    names::snake,
    schema,
};

impl Request<'_> {
    /// How paging moves this request.
    pub(super) fn seek(&self) -> Result<TokenStream> {
        let Some(pagination) = &self.operation.pagination else {
            return Ok(quote!());
        };
        let seek = self.seek_position(pagination)?;
        Ok(quote! {
            fn walk_options(&self) -> codegen::WalkOptions {
                self.walk.clone()
            }
            #seek
        })
    }

    fn seek_position(&self, pagination: &Pagination) -> Result<TokenStream> {
        if let Some((field, optional)) = self.body_position()? {
            let (get, set) = match (pagination.style, optional) {
                (Style::Cursor, true) => (
                    quote!(self.body.#field.clone().map(|text| Position::Cursor(Some(text)))),
                    quote!(self.body.#field = position.cursor()),
                ),
                (Style::Cursor, false) => bail!(
                    "{}: a cursor in a body must not be `x-send: always`: it is absent at first",
                    self.spec.tree.locate(&self.operation.pointer)
                ),
                (_, true) => (
                    quote!(self.body.#field.map(PageNumber::position)),
                    quote!(self.body.#field = position.number()),
                ),
                (_, false) => (
                    quote!(Some(self.body.#field.position())),
                    quote!(if let Some(number) = position.number() { self.body.#field = number; }),
                ),
            };
            return Ok(quote! {
                fn position(&self) -> Option<Position> {
                    #get
                }
                fn seek(&mut self, position: &Position) {
                    #set
                }
            });
        }
        let Some(field) = self.with_role(Role::Position).next() else {
            return Ok(quote!());
        };
        let ident = &field.ident;
        let (get, set) = match pagination.style {
            Style::Cursor => (
                quote!(self.#ident.clone().map(|text| Position::Cursor(Some(text)))),
                quote!(self.#ident = position.cursor()),
            ),
            _ => (
                quote!(self.#ident.map(PageNumber::position)),
                quote!(self.#ident = position.number()),
            ),
        };
        Ok(quote! {
            fn position(&self) -> Option<Position> {
                #get
            }
            fn seek(&mut self, position: &Position) {
                #set
            }
        })
    }

    /// The body's field that paging drives, and whether it is an option.
    fn body_position(&self) -> Result<Option<(Ident, bool)>> {
        let Some(at) = self
            .operation
            .pagination
            .as_ref()
            .and_then(|pagination| pagination.at.as_ref())
            .filter(|at| at.place == AtPlace::Body)
        else {
            return Ok(None);
        };
        let body = self
            .operation
            .body
            .as_ref()
            .context("paging in a body that is not there")?;
        let properties = &schema::resolve(self.spec, body)?["properties"];
        let property = properties.get(&at.name).with_context(|| {
            format!(
                "{}: the body has no property `{}`",
                self.spec
                    .tree
                    .locate(&format!("{}/x-pagination", self.operation.pointer)),
                at.name
            )
        })?;
        Ok(Some((snake(&at.name), property.get("x-send").is_none())))
    }
}
