//! Imports of generated files: exactly those that the code uses.

use std::collections::BTreeSet;

use anyhow::Result;
use proc_macro2::TokenStream;
use syn::{
    Expr, ExprCall, ExprMethodCall, File, Item, Macro, Path, parse_quote,
    visit_mut::{self, VisitMut},
};

/// A name that code may use, and its module.
pub(crate) struct ImportCandidate {
    module: String,
    name: String,
    /// Method of a trait whose call requires the import.
    method: Option<&'static str>,
}

impl ImportCandidate {
    pub(crate) fn new(module: &str, name: &str) -> Self {
        Self {
            module: module.to_owned(),
            name: name.to_owned(),
            method: None,
        }
    }

    /// Creates candidates for modules and names in them, separated by spaces.
    pub(crate) fn several(modules: &[(&str, &str)]) -> Vec<Self> {
        let of = |(module, names): &(&str, &str)| -> Vec<Self> {
            let names = names.split_whitespace();
            names.map(|name| Self::new(module, name)).collect()
        };
        modules.iter().flat_map(of).collect()
    }

    pub(crate) fn or_method(mut self, method: &'static str) -> Self {
        self.method = Some(method);
        self
    }
}

/// Imports of builders and tables. Their own names end in `Request` or `Error`, or are in capitals, and the names of a spec
/// follow a module, so that none of them is one of these.
pub(crate) fn shared() -> Vec<ImportCandidate> {
    let mut imports = ImportCandidate::several(&[
        ("std::collections", "BTreeMap"),
        ("std::sync", "Arc"),
        (
            "botroster_client",
            "CallFuture Connection CredentialInfo Error Items OutgoingRequest Page Pages ParentInfo PersonalCategory PersonalField PlatformInfo RateLimit RawPages RawResponse Rows Settings StreamInfo codegen",
        ),
        (
            "botroster_client::codegen",
            "AuthScheme Call Core CursorSource DocumentedCode DocumentedError EnvelopeRules FailureCondition NamedScheme NumberBound NumberValue Operation PageReportPointers PagingPlan PagingStyle PlatformSpec Position RetryClass ValueLimits ValueTest VariantLimits",
        ),
        ("super", "requests"),
        ("crate::generated", "limits operations raw"),
        ("crate", "types"),
    ]);
    let page_number = ImportCandidate::new("botroster_client::codegen", "PageNumber");
    imports.push(page_number.or_method("position"));
    imports
}

/// Prepends `use` items for the candidates that the code needs, one item per module.
pub(crate) fn with_imports(code: TokenStream, imports: &[ImportCandidate]) -> Result<File> {
    let mut file: File = syn::parse2(code)?;
    if imports.is_empty() {
        return Ok(file);
    }
    let mut used = Used::default();
    used.visit_file_mut(&mut file);
    let needed: Vec<&ImportCandidate> =
        imports.iter().filter(|import| used.needs(import)).collect();
    let mut modules: Vec<&str> = Vec::new();
    for import in &needed {
        if !modules.contains(&import.module.as_str()) {
            modules.push(&import.module);
        }
    }
    let items = modules
        .into_iter()
        .map(|module| {
            let path: Path = syn::parse_str(module)?;
            let of_module = needed.iter().filter(|import| import.module == module);
            let names = of_module
                .map(|import| syn::parse_str::<syn::Ident>(&import.name))
                .collect::<syn::Result<Vec<_>>>()?;
            Ok(match names.as_slice() {
                [name] => parse_quote!(use #path::#name;),
                names => parse_quote!(use #path::{#(#names),*};),
            })
        })
        .collect::<Result<Vec<Item>>>()?;
    file.items.splice(0..0, items);
    Ok(file)
}

/// The names that are resolved through imports.
#[derive(Default)]
struct Used {
    /// First segments of paths: types, traits, constants.
    heads: BTreeSet<String>,
    /// First segments of paths of more than one: modules.
    modules: BTreeSet<String>,
    functions: BTreeSet<String>,
    methods: BTreeSet<String>,
}

impl Used {
    fn needs(&self, import: &ImportCandidate) -> bool {
        let name = &import.name;
        let is_type = name.starts_with(char::is_uppercase);
        // A variable or a field may have the name of a module or a function.
        (is_type && self.heads.contains(name))
            || self.modules.contains(name)
            || self.functions.contains(name)
            || import
                .method
                .is_some_and(|method| self.methods.contains(method))
    }
}

impl VisitMut for Used {
    fn visit_path_mut(&mut self, path: &mut Path) {
        if let (None, Some(first)) = (path.leading_colon, path.segments.first()) {
            let name = first.ident.to_string();
            if path.segments.len() > 1 {
                self.modules.insert(name.clone());
            }
            self.heads.insert(name);
        }
        visit_mut::visit_path_mut(self, path);
    }

    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        if let Expr::Path(function) = &*call.func
            && let Some(name) = function.path.get_ident()
        {
            self.functions.insert(name.to_string());
        }
        visit_mut::visit_expr_call_mut(self, call);
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        self.methods.insert(call.method.to_string());
        visit_mut::visit_expr_method_call_mut(self, call);
    }

    fn visit_macro_mut(&mut self, call: &mut Macro) {
        idents(call.tokens.clone(), &mut self.heads);
    }
}

/// Collects the names in a macro call. Its arguments are not parsed: any of them may be a path.
fn idents(tokens: TokenStream, into: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            proc_macro2::TokenTree::Ident(ident) => {
                into.insert(ident.to_string());
            }
            proc_macro2::TokenTree::Group(group) => idents(group.stream(), into),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::imports::*;

    fn imported(code: &str, imports: &[ImportCandidate]) -> String {
        let code: TokenStream = code.parse().unwrap();
        let with = with_imports(code.clone(), imports).unwrap();
        let with = quote::quote!(#with).to_string();
        with.strip_suffix(&code.to_string()).unwrap().trim().into()
    }

    #[test]
    fn only_what_is_used_is_imported() {
        let imports = ImportCandidate::several(&[
            ("a", "Used Other module other put fmt"),
            ("a::b", "Trait Deep"),
        ]);
        let code = "fn f(other: module::Other) -> Used { put(b::Deep); x.put(fmt) }";
        assert_eq!(
            imported(code, &imports),
            "use a :: { Used , module , put } ;"
        );
        assert_eq!(
            imported("impl Trait for u8 {}", &imports),
            "use a :: b :: Trait ;"
        );
        assert_eq!(imported("", &imports), "");
    }

    #[test]
    fn a_trait_is_imported_for_its_method_and_names_in_macros_count() {
        let map = [ImportCandidate::new("a", "Map").or_method("serialize_map")];
        assert_eq!(
            imported("fn f() { s.serialize_map(n); }", &map),
            "use a :: Map ;"
        );
        assert_eq!(imported("fn f() { s.end(); }", &map), "");
        assert_eq!(imported("fn f() { vec![(Map)]; }", &map), "use a :: Map ;");
    }
}
