//! The API that users see: a client, handles for what is given once, one builder an operation.

use anyhow::{Context as _, Result, bail};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use super::{
    docs::doc,
    handles,
    model::{AtPlace, End, OperationModel, Pagination, ParameterPlace, Rule, Spec, Style},
    names::{camel, is_argument_of, snake},
    operations::first,
    raw::{Argument, Raw},
    schema::{self, Output, output, rust_type},
};

/// `client.rs` and `requests.rs`.
pub(crate) fn emit(spec: &Spec, raw: &Raw) -> Result<(TokenStream, TokenStream)> {
    let requests = spec
        .operations
        .iter()
        .map(|operation| Request::of(spec, operation, raw))
        .collect::<Result<Vec<_>>>()?;
    let builders = requests
        .iter()
        .map(Request::emit)
        .collect::<Result<Vec<_>>>()?;
    let client = handles::emit(spec, &requests);
    let requests = quote! {
        #[allow(unused_imports, reason = "which of them is used depends on the operations")]
        use botroster_client::{
            CallFuture, Error, Items, Outgoing, Page, Pages, RawResponse, Rows,
            codegen::{self, Call, Core, Operation, PageNumber, Position},
        };
        use super::{operations, raw};
        #[allow(unused_imports, reason = "a platform may document no type")]
        use crate::types;
        #(#builders)*
    };
    Ok((client, requests))
}

/// One operation's builder.
pub(crate) struct Request<'s> {
    spec: &'s Spec,
    pub(crate) operation: &'s OperationModel,
    pub(crate) fields: Vec<Field>,
    output: Output,
}

/// One argument of the operation.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    /// Name of the parameter on the wire; `None` for the body.
    pub(crate) wire: Option<String>,
    pub(crate) ty: TokenStream,
    pub(crate) role: Role,
    docs: TokenStream,
    by_reference: bool,
    is_path: bool,
    raw_optional: bool,
}

impl Field {
    fn is_text(&self) -> bool {
        self.ty.to_string() == "String"
    }

    /// What a method takes for it, and the value made of that. Numbers are taken as they are: a literal has no type of its own that could be converted.
    pub(super) fn parameter(&self) -> (TokenStream, TokenStream) {
        let (ident, ty) = (&self.ident, &self.ty);
        if self.is_number() {
            (quote!(#ty), quote!(#ident))
        } else {
            (quote!(impl Into<#ty>), quote!(#ident.into()))
        }
    }

    fn is_number(&self) -> bool {
        matches!(
            self.ty.to_string().as_str(),
            "u32" | "u64" | "i32" | "i64" | "f32" | "f64" | "bool"
        )
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Given once, on the client.
    Scope,
    /// An argument of the method.
    Argument,
    /// A setter.
    Option,
    /// A setter that paging drives.
    Position,
}

impl<'s> Request<'s> {
    pub(crate) fn of(spec: &'s Spec, operation: &'s OperationModel, raw: &Raw) -> Result<Self> {
        let arguments = raw.functions.get(&operation.id).with_context(|| {
            format!(
                "{}: progenitor made no function `{}`",
                spec.tree.locate(&operation.pointer),
                operation.id
            )
        })?;
        let fields = arguments
            .iter()
            .map(|argument| Self::field(spec, operation, argument))
            .collect::<Result<Vec<_>>>()?;
        Ok(Self {
            spec,
            operation,
            fields,
            output: output(spec, operation)?,
        })
    }

    fn field(spec: &Spec, operation: &OperationModel, argument: &Argument) -> Result<Field> {
        let parameter = operation
            .parameters
            .iter()
            .find(|parameter| is_argument_of(&argument.name, &parameter.wire));
        let raw_type = &argument.ty;
        let Some(parameter) = parameter else {
            let body = operation.body.as_ref().with_context(|| {
                format!(
                    "{}: what is the argument `{}` of progenitor's?",
                    spec.tree.locate(&operation.pointer),
                    argument.name
                )
            })?;
            let ty = rust_type(body, &quote!(types::))?;
            let text = schema::resolve(spec, body)?["description"]
                .as_str()
                .unwrap_or("The request's body.");
            return Ok(Field {
                ident: format_ident!("body"),
                wire: None,
                ty,
                role: Role::Argument,
                docs: doc(text),
                by_reference: argument.by_reference,
                is_path: false,
                raw_optional: argument.optional,
            });
        };
        let position = operation
            .pagination
            .as_ref()
            .and_then(|pagination| pagination.at.as_ref());
        let is_position =
            position.is_some_and(|at| at.place == AtPlace::Query && at.name == parameter.wire);
        let role = if spec.scope.contains(&parameter.wire) {
            Role::Scope
        } else if is_position {
            Role::Position
        } else if parameter.required {
            Role::Argument
        } else {
            Role::Option
        };
        let ty = match schema::reference(&parameter.schema) {
            Some(name) => {
                let name = camel(name);
                quote!(types::#name)
            }
            None => quote!(#raw_type),
        };
        let text = format!("{}{}", parameter.description, bounds(&parameter.schema));
        Ok(Field {
            ident: snake(&parameter.wire),
            wire: Some(parameter.wire.clone()),
            ty,
            role,
            docs: doc(text.trim()),
            by_reference: argument.by_reference,
            is_path: parameter.place == ParameterPlace::Path,
            raw_optional: argument.optional,
        })
    }

    pub(crate) fn name(&self) -> Ident {
        format_ident!("{}", self.operation.builder_name())
    }

    pub(super) fn with_role(&self, role: Role) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(move |field| field.role == role)
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
        let object = schema::resolve(self.spec, body)?;
        object["properties"].get(&at.name).with_context(|| {
            format!(
                "{}: the body has no property `{}`",
                self.spec
                    .tree
                    .locate(&format!("{}/x-pagination", self.operation.pointer)),
                at.name
            )
        })?;
        let presence = schema::presence(self.spec, object, &at.name)?;
        Ok(Some((
            snake(&at.name),
            presence == schema::Presence::Optional,
        )))
    }

    fn emit(&self) -> Result<TokenStream> {
        let (name, operation) = (self.name(), self.operation);
        let label = name.to_string();
        let summary = doc(&format!("A request for: {}", operation.summary));
        let declared = self.fields.iter().map(|field| {
            let (ident, ty) = (&field.ident, &field.ty);
            match field.role {
                Role::Scope | Role::Argument => quote!(#ident: #ty,),
                Role::Option | Role::Position => quote!(#ident: Option<#ty>,),
            }
        });
        let given: Vec<&Field> = self
            .fields
            .iter()
            .filter(|field| matches!(field.role, Role::Scope | Role::Argument))
            .collect();
        let arguments = given.iter().map(|field| {
            let (ident, ty) = (&field.ident, &field.ty);
            quote!(#ident: #ty)
        });
        let initial = self.fields.iter().map(|field| {
            let ident = &field.ident;
            match field.role {
                Role::Scope | Role::Argument => quote!(#ident,),
                Role::Option | Role::Position => quote!(#ident: None,),
            }
        });
        let setters = self
            .fields
            .iter()
            .filter(|field| matches!(field.role, Role::Option | Role::Position))
            .map(|field| {
                let Field { ident, docs, .. } = field;
                let (taken, given) = field.parameter();
                let deprecated = operation.deprecated.then(|| quote!(#[allow(deprecated)]));
                quote! {
                    #docs
                    #deprecated
                    pub fn #ident(mut self, #ident: #taken) -> Self {
                        self.#ident = Some(#given);
                        self
                    }
                }
            });
        let methods = self.methods()?;
        let call = self.call()?;
        let is_list = matches!(self.output, Output::Page(_));
        let (walk_field, walk_initial) = if is_list {
            (
                quote!(walk: codegen::WalkOptions,),
                quote!(walk: Default::default(),),
            )
        } else {
            (quote!(), quote!())
        };
        Ok(quote! {
            #summary
            #[derive(Clone)]
            #[must_use = "a request does nothing until it is sent"]
            pub struct #name { core: Core, #(#declared)* #walk_field }
            impl #name {
                pub(super) fn new(core: Core, #(#arguments),*) -> Self {
                    Self { core, #(#initial)* #walk_initial }
                }
                #(#setters)*
                #methods
            }
            impl std::fmt::Debug for #name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.debug_struct(#label).finish_non_exhaustive()
                }
            }
            #call
        })
    }

    /// The methods that send.
    fn methods(&self) -> Result<TokenStream> {
        let name = self.name();
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
                let row = format_ident!("{}", self.operation.static_name());
                let pagination = self.operation.pagination.as_ref();
                let has_totals = pagination
                    .is_some_and(|pagination| matches!(pagination.end, Some(End::Totals(_))));
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
                let _ = name;
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

    fn call(&self) -> Result<TokenStream> {
        let (name, row, function) = (
            self.name(),
            format_ident!("{}", self.operation.static_name()),
            format_ident!("{}", self.operation.id),
        );
        let checks = self
            .fields
            .iter()
            .filter(|field| field.is_path)
            .map(|field| {
                let (ident, wire) = (&field.ident, &field.wire);
                let text = if field.is_text() {
                    quote!(&self.#ident)
                } else {
                    quote!(&self.#ident.to_string())
                };
                quote!(codegen::check_segment(#wire, #text)?;)
            });
        let ranges: Vec<_> = self
            .fields
            .iter()
            .filter_map(|field| self.range(field))
            .collect();
        let rules = self
            .operation
            .rules
            .iter()
            .map(|rule| self.rule(rule))
            .collect::<Result<Vec<_>>>()?;
        let start = self.operation.pagination.as_ref().map_or(1, first);
        let passed = self.fields.iter().map(|field| {
            let ident = &field.ident;
            // Method syntax on a number would be a needless clone, which clippy minds.
            let owned = if field.is_number() {
                quote!(self.#ident)
            } else {
                quote!(Clone::clone(&self.#ident))
            };
            match (field.role, field.raw_optional, field.by_reference) {
                (Role::Scope | Role::Argument, false, true) => quote!(&self.#ident),
                (Role::Scope | Role::Argument, false, false) => owned,
                (Role::Scope | Role::Argument, true, _) => quote!(Some(&self.#ident)),
                (_, true, true) if field.is_text() => quote!(self.#ident.as_deref()),
                (_, true, true) => quote!(self.#ident.as_ref()),
                (_, true, false) => owned,
                (_, false, true) => quote!(self.#ident.as_deref().unwrap_or_default()),
                (_, false, false) => {
                    let start = proc_macro2::Literal::u64_unsuffixed(start);
                    quote!(self.#ident.unwrap_or(#start))
                }
            }
        });
        let seek = self.seek()?;
        let awaits = match &self.output {
            Output::Rows(_) => quote!(),
            Output::Page(schema) | Output::Value(schema) => {
                let item = match schema {
                    Some(schema) => rust_type(schema, &quote!(types::))?,
                    None => quote!(botroster_client::Json),
                };
                let output = if matches!(self.output, Output::Page(_)) {
                    quote!(Page<#item>)
                } else {
                    item
                };
                quote! {
                    impl IntoFuture for #name {
                        type Output = Result<#output, Error>;
                        type IntoFuture = CallFuture<#output>;
                        fn into_future(self) -> Self::IntoFuture {
                            Box::pin(self.send())
                        }
                    }
                }
            }
        };
        Ok(quote! {
            impl Call for #name {
                fn operation(&self) -> &'static Operation {
                    &operations::#row
                }
                fn core(&self) -> &Core {
                    &self.core
                }
                fn build(&self) -> Result<Outgoing, Error> {
                    #(#checks)*
                    #(#ranges)*
                    #(#rules)*
                    let raw = raw::Client::new_with_client(self.core.base_url(), self.core.builder());
                    codegen::built(raw.#function(#(#passed),*))
                }
                #seek
            }
            #awaits
        })
    }

    /// How paging moves this request.
    fn seek(&self) -> Result<TokenStream> {
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
                    "{}: a cursor in a body must be neither required nor `x-send: always`: it is absent at first",
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

    /// The documented bounds of a number, checked before sending.
    fn range(&self, field: &Field) -> Option<TokenStream> {
        let wire = field.wire.as_ref()?;
        let schema = &self.operation.parameter(wire)?.schema;
        let bound = |key: &str| schema.get(key).and_then(Value::as_i64);
        let (least, most) = (bound("minimum"), bound("maximum"));
        // What the type cannot hold needs no check.
        let least_matters =
            least.is_some_and(|least| least > 0 || !field.ty.to_string().starts_with('u'));
        if !field.is_number() || !(least_matters || most.is_some()) {
            return None;
        }
        let literal = |bound: Option<i64>| {
            super::operations::option(bound.map(proc_macro2::Literal::i64_unsuffixed))
        };
        let (least, most, ident) = (literal(least), literal(most), &field.ident);
        let check =
            |value: TokenStream| quote!(codegen::check_range(#wire, #value, #least, #most)?;);
        Some(match field.role {
            Role::Scope | Role::Argument => check(quote!(self.#ident)),
            Role::Option | Role::Position => {
                let check = check(quote!(value));
                quote!(if let Some(value) = self.#ident { #check })
            }
        })
    }

    /// A parameter as an option, to be compared.
    fn compared(&self, wire: &str) -> TokenStream {
        let ident = snake(wire);
        let given = |role| matches!(role, Role::Scope | Role::Argument);
        let mut fields = self.fields.iter();
        match fields.find(|field| field.ident == ident && given(field.role)) {
            Some(_) => quote!(&Some(Clone::clone(&self.#ident))),
            None => quote!(&self.#ident),
        }
    }

    /// A check before sending.
    fn rule(&self, rule: &Rule) -> Result<TokenStream> {
        if let [low, high] = rule.less.as_slice() {
            let text = format!("`{low}` must be less than `{high}`");
            let (low, high) = (self.compared(low), self.compared(high));
            return Ok(quote! {
                if let (Some(low), Some(high)) = (#low, #high)
                    && low >= high
                {
                    return Err(codegen::broken_rule(#text));
                }
            });
        }
        if rule.any_of.is_empty() {
            bail!(
                "{}: a rule is `any-of` with pointers into the body or `less` with two parameters",
                self.spec
                    .tree
                    .locate(&format!("{}/x-rules", self.operation.pointer))
            );
        }
        let pointers = &rule.any_of;
        Ok(quote!(codegen::any_of(&self.body, &[#(#pointers),*])?;))
    }
}

/// What a schema allows, in words.
fn bounds(schema: &Value) -> String {
    let number = |key: &str| {
        schema
            .get(key)
            .filter(|value| value.is_number())
            .map(ToString::to_string)
    };
    let range = match (number("minimum"), number("maximum")) {
        (Some(low), Some(high)) => format!(" From {low} to {high}."),
        (Some(low), None) => format!(" At least {low}."),
        (None, Some(high)) => format!(" At most {high}."),
        (None, None) => String::new(),
    };
    match schema.get("default") {
        Some(Value::String(text)) => format!("{range} `{text}` unless set."),
        Some(value) => format!("{range} {value} unless set."),
        None => range,
    }
}
