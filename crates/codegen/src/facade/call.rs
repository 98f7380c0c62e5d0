//! Building a request from the arguments: checks, progenitor's function, body and query.

use anyhow::Result;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::{
    facade::{
        Request,
        field::{Placement, RequestField},
    },
    limits::Bounded,
    naming,
    schema::{OperationOutput, value_type},
};
use botroster_spec::model::{Pagination, QueryStyle, Rule};

impl Request<'_> {
    pub(super) fn call(&self, bounded: &Bounded) -> Result<TokenStream> {
        let (name, row) = (
            self.name(),
            format_ident!("{}", naming::table(self.operation)),
        );
        let fields = self.fields.iter();
        let checks = fields.clone().filter(|field| field.is_path).map(|field| {
            let (ident, wire) = (&field.ident, &field.wire);
            let text = match field.is_text() {
                true => quote!(&self.#ident),
                false => quote!(&self.#ident.to_string()),
            };
            quote!(codegen::check_segment(#wire, #text)?;)
        });
        let is_float = |field: &&RequestField| field.ty.to_string() == "f64";
        let finite = fields.clone().filter(is_float).map(|field| {
            let (ident, wire) = (&field.ident, &field.wire);
            quote!(codegen::check_finite(#wire, self.#ident)?;)
        });
        let limits = fields.filter_map(|field| self.limits(bounded, field));
        let rules = self.operation.rules.iter().map(|rule| self.rule(rule));
        let built = self.built();
        let seek = self.seek()?;
        let output = match &self.output {
            OperationOutput::Rows(_) => None,
            OperationOutput::Nothing => Some(quote!(())),
            OperationOutput::Value(schema) => Some(value_type(schema.as_ref())?),
            OperationOutput::Page(schema) => {
                let item = value_type(schema.as_ref())?;
                Some(quote!(Page<#item>))
            }
        };
        let awaits = output.map(|output| {
            quote! {
                impl IntoFuture for #name {
                    type Output = Result<#output, Error>;
                    type IntoFuture = CallFuture<#output>;
                    fn into_future(self) -> Self::IntoFuture {
                        Box::pin(self.send())
                    }
                }
            }
        });
        Ok(quote! {
            impl Call for #name {
                fn operation(&self) -> &'static Operation {
                    &operations::#row
                }
                fn core(&self) -> &Core {
                    &self.core
                }
                fn build(&self) -> Result<OutgoingRequest, Error> {
                    #(#checks)*
                    #(#finite)*
                    #(#limits)*
                    #(#rules)*
                    let raw = raw::Client(&self.core);
                    #built
                }
                fn call_options(&self) -> Option<&codegen::CallOptions> {
                    Some(&self.options)
                }
                #seek
            }
            #awaits
        })
    }

    /// Calls progenitor's function and adds the body and the query parameters that it does not write.
    fn built(&self) -> TokenStream {
        let function = format_ident!("{}", self.operation.id);
        let passed = self.fields.iter().filter_map(|field| self.passed(field));
        let built = quote!(raw.#function(#(#passed),*));
        let body = self
            .fields
            .iter()
            .find(|field| field.sent == Placement::Body)
            .map(|field| match field.is_given() {
                true => quote!(codegen::put_body(&mut request, Some(&self.body))?;),
                false => quote!(codegen::put_body(&mut request, self.body.as_ref())?;),
            });
        let query: Vec<_> = self
            .fields
            .iter()
            .filter_map(|field| match field.sent {
                Placement::Query(style) => Some(query(field, style)),
                Placement::Raw { .. } | Placement::Body => None,
            })
            .collect();
        if body.is_none() && query.is_empty() {
            return quote!(#built.map_err(Error::from));
        }
        let query = (!query.is_empty()).then(|| {
            quote! {
                let mut query = codegen::QueryString::default();
                #(#query)*
                query.append_to(&mut request);
            }
        });
        quote! {
            let mut request = #built?;
            #body
            #query
            Ok(request)
        }
    }

    /// Returns the argument of progenitor's function for a field, if it has one.
    fn passed(&self, field: &RequestField) -> Option<TokenStream> {
        let Placement::Raw {
            by_reference,
            optional,
            as_text,
        } = field.sent
        else {
            return None;
        };
        let ident = &field.ident;
        // clippy rejects `clone` on a number.
        let owned = if field.is_number() {
            quote!(self.#ident)
        } else {
            quote!(Clone::clone(&self.#ident))
        };
        Some(match (field.is_given(), optional, by_reference) {
            (true, false, _) if as_text => quote!(&self.#ident.to_string()),
            (true, true, _) if as_text => quote!(Some(&self.#ident.to_string())),
            (false, ..) if as_text => {
                quote!(self.#ident.as_ref().map(ToString::to_string).as_deref())
            }
            (true, false, true) => quote!(&self.#ident),
            (true, false, false) => owned,
            (true, true, true) => quote!(Some(&self.#ident)),
            (true, true, false) => quote!(Some(#owned)),
            (false, true, true) if field.is_text() => quote!(self.#ident.as_deref()),
            (false, true, true) => quote!(self.#ident.as_ref()),
            (false, true, false) => owned,
            (false, false, true) => quote!(self.#ident.as_deref().unwrap_or_default()),
            (false, false, false) => {
                let pagination = self.operation.pagination.as_ref();
                let start = pagination.map_or(1, Pagination::first);
                let start = proc_macro2::Literal::u64_unsuffixed(start);
                quote!(self.#ident.unwrap_or(#start))
            }
        })
    }

    /// Generates the check of an argument's limits, if it has any.
    fn limits(&self, bounded: &Bounded, field: &RequestField) -> Option<TokenStream> {
        let ident = &field.ident;
        let schema = self.schema_of(field);
        // The type rules out negative values.
        let is_held = |schema: &&Value| {
            field.ty.to_string().starts_with('u')
                && schema.get("maximum").is_none()
                && schema["exclusiveMinimum"] != true
                && schema["minimum"].as_f64() == Some(0.0)
        };
        let schema = schema.filter(|schema| !is_held(schema))?;
        let limits = bounded.of_argument(self.operation, field.wire.as_deref(), schema)?;
        Some(match &field.wire {
            Some(wire) => quote!(codegen::check(#wire, &self.#ident, #limits)?;),
            None => quote!(codegen::check_body(&self.#ident, #limits)?;),
        })
    }

    /// Returns the value of a parameter of a rule, as an `Option`.
    fn asked(&self, wire: &str) -> Option<TokenStream> {
        let field = self.field(wire)?;
        let ident = &field.ident;
        Some(if field.is_given() {
            quote!(Some(&self.#ident))
        } else {
            quote!(&self.#ident)
        })
    }

    /// Generates the check of a rule.
    fn rule(&self, rule: &Rule) -> TokenStream {
        let names = match rule {
            Rule::AnyOf(pointers) => {
                return quote!(codegen::any_of(&self.body, &[#(#pointers),*])?;);
            }
            Rule::Less(names) => names,
        };
        let pairs = names.iter().zip(names.iter().skip(1));
        let checks = pairs.map(|(low, high)| {
            let text = format!("`{low}` must be less than `{high}`");
            let (low, high) = (self.asked(low), self.asked(high));
            quote! {
                if let (Some(low), Some(high)) = (#low, #high)
                    && low >= high
                {
                    return Err(codegen::broken_rule(#text));
                }
            }
        });
        checks.collect()
    }
}

/// Adds a parameter to the query.
fn query(field: &RequestField, style: QueryStyle) -> TokenStream {
    let style = match style {
        QueryStyle::Form => quote!(Form),
        QueryStyle::Comma => quote!(Comma),
        QueryStyle::Space => quote!(Space),
        QueryStyle::Pipe => quote!(Pipe),
        QueryStyle::Deep => quote!(Deep),
        QueryStyle::Dotted => quote!(Dotted),
    };
    let (ident, wire) = (&field.ident, &field.wire);
    let method = format_ident!("{}", if field.is_given() { "require" } else { "add" });
    quote!(query.#method(#wire, codegen::ParameterStyle::#style, &self.#ident)?;)
}
