//! Reading and setting the position of a paged request.

use anyhow::Result;
use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    facade::{ArgumentRole, Request},
    schema::{self, rust_type},
    types::{Presence, presence},
};
use botroster_spec::{
    idents::{self, camel},
    model::{Carrier, Pagination, Style},
};

impl Request<'_> {
    /// Generates the paging methods of `Call`.
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
        let at = pagination.at.as_ref();
        if let Some(at) = at.filter(|at| at.carrier == Carrier::Body) {
            return self.seek_in_body(pagination, &at.name);
        }
        let Some(field) = self.with_role(ArgumentRole::Position).next() else {
            return Ok(quote!());
        };
        let ident = &field.ident;
        let (get, set) = match pagination.style {
            Style::Cursor if field.is_text() => (
                quote!(self.#ident.clone().map(|text| Position::Cursor(Some(text)))),
                quote!(self.#ident = position.cursor()),
            ),
            Style::Cursor => (
                quote!(self.#ident.as_ref().map(|cursor| Position::Cursor(Some(cursor.to_string())))),
                quote!(self.#ident = position.cursor().map(Into::into)),
            ),
            _ => (
                quote!(self.#ident.map(PageNumber::position)),
                quote!(self.#ident = position.number()),
            ),
        };
        Ok(moves(&get, &set, None))
    }

    /// Generates the paging methods for a position in the body.
    fn seek_in_body(&self, pagination: &Pagination, wire: &str) -> Result<TokenStream> {
        let body = self.operation.body_schema();
        let name = body.and_then(schema::reference).unwrap_or_default();
        let property = &self.spec.schema(name)?["properties"][wire];
        let presence = presence(self.spec, &schema::uses(self.spec)?, name, wire)?;
        let is_plain = matches!(presence, Presence::Always | Presence::Required);
        let ty = rust_type(property, &quote!())?.to_string();
        let field = idents::field(wire);
        let in_body = if self.operation.needs_body() {
            quote!(self.body)
        } else {
            quote!(body)
        };
        let get = match (pagination.style, presence) {
            (Style::Cursor, Presence::Nullable) => {
                quote!(#in_body.#field.value().map(|cursor| Position::Cursor(Some(cursor.to_string()))))
            }
            (Style::Cursor, _) if ty == "String" => {
                quote!(#in_body.#field.clone().map(|text| Position::Cursor(Some(text))))
            }
            (Style::Cursor, _) => {
                quote!(#in_body.#field.as_ref().map(|cursor| Position::Cursor(Some(cursor.to_string()))))
            }
            (_, Presence::Nullable) => {
                quote!(#in_body.#field.value().copied().map(PageNumber::position))
            }
            _ if is_plain => quote!(Some(#in_body.#field.position())),
            _ => quote!(#in_body.#field.map(PageNumber::position)),
        };
        let (get, body) = if self.operation.needs_body() {
            (get, in_body)
        } else {
            let ty = camel(name);
            (
                quote!(self.body.as_ref().and_then(|body| #get)),
                quote!(self.body.get_or_insert_with(types::#ty::new)),
            )
        };
        let new = match pagination.style {
            Style::Cursor if ty == "String" => quote!(position.cursor()),
            // A cursor that does not parse is not sent, and the list ends with an error.
            Style::Cursor => quote!(position.cursor().and_then(|cursor| cursor.parse().ok())),
            _ => quote!(position.number()),
        };
        let set = match presence {
            Presence::Nullable => {
                quote!(#body.#field = #new.map_or(botroster_client::Nullable::Absent, botroster_client::Nullable::Value))
            }
            _ if is_plain => quote!(if let Some(number) = #new { #body.#field = number; }),
            _ => quote!(#body.#field = #new),
        };
        let is_old = property["deprecated"] == true;
        let old =
            is_old.then(|| quote!(#[expect(deprecated, reason = "the platform still reads it")]));
        Ok(moves(&get, &set, old.as_ref()))
    }
}

/// `old` silences the deprecation of the field.
fn moves(get: &TokenStream, set: &TokenStream, old: Option<&TokenStream>) -> TokenStream {
    quote! {
        #old
        fn position(&self) -> Option<Position> {
            #get
        }
        #old
        fn seek(&mut self, position: &Position) {
            #set
        }
    }
}
