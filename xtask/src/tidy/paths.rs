//! The paths that a piece of code names: those of `use` declarations, and those in the middle of code, macros included.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{
    Attribute, Ident, Item, ItemUse, LitStr, Macro, Meta, Path, Token, UseTree, VisRestricted,
    ext::IdentExt as _,
    parse::{ParseStream, Parser as _},
    spanned::Spanned as _,
    visit::{self, Visit},
};

/// The last segment of the path of a glob.
pub(super) const GLOB: &str = "*";

/// Macros whose body is the code of another crate.
const QUOTES: [&str; 4] = [
    "quote",
    "quote_spanned",
    "parse_quote",
    "parse_quote_spanned",
];

/// A path as written in a module.
pub(super) struct Use {
    pub(super) module: usize,
    pub(super) path: Vec<String>,
    pub(super) line: usize,
}

/// One branch of a `use` declaration.
pub(super) struct Import {
    /// The name that it brings, [`GLOB`] for all names.
    pub(super) name: String,
    pub(super) path: Vec<String>,
    span: Span,
}

/// Returns all paths of an item of a module.
pub(super) fn paths(module: usize, item: &Item) -> Vec<Use> {
    let uses = Vec::new();
    let mut paths = Paths { module, uses };
    paths.visit_item(item);
    paths.uses
}

/// Returns the branches of a `use` declaration after a prefix.
pub(super) fn imports(tree: &UseTree, prefix: &[String]) -> Vec<Import> {
    let (name, own, span) = match tree {
        UseTree::Path(path) => {
            let prefix = [prefix, &[path.ident.to_string()]].concat();
            return imports(&path.tree, &prefix);
        }
        UseTree::Group(group) => {
            let branches = group.items.iter();
            return branches.flat_map(|tree| imports(tree, prefix)).collect();
        }
        UseTree::Name(name) => (
            name.ident.to_string(),
            name.ident.to_string(),
            name.ident.span(),
        ),
        UseTree::Rename(rename) => (
            rename.rename.to_string(),
            rename.ident.to_string(),
            rename.ident.span(),
        ),
        UseTree::Glob(glob) => (GLOB.to_owned(), GLOB.to_owned(), glob.star_token.spans[0]),
    };
    let mut import = Import {
        name,
        path: prefix.to_vec(),
        span,
    };
    if own != "self" {
        import.path.push(own);
    } else if import.name == "self" {
        import.name = prefix.last().cloned().unwrap_or_default();
    }
    vec![import]
}

struct Paths {
    module: usize,
    uses: Vec<Use>,
}

impl Paths {
    fn add(&mut self, path: Vec<String>, span: Span) {
        self.uses.push(Use {
            module: self.module,
            path,
            line: span.start().line,
        });
    }

    /// Adds the paths in the arguments of a macro or an attribute.
    fn scan(&mut self, tokens: TokenStream) -> syn::Result<()> {
        let scan = |input: ParseStream<'_>| {
            while !input.is_empty() {
                match input.parse()? {
                    TokenTree::Group(group) => self.scan(group.stream())?,
                    TokenTree::Ident(first) => self.path(&first, input)?,
                    TokenTree::Punct(_) | TokenTree::Literal(_) => {}
                }
            }
            Ok(())
        };
        scan.parse2(tokens)
    }

    fn path(&mut self, first: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
        let mut path = vec![first.to_string()];
        while input.peek(Token![::]) && input.peek3(Ident::peek_any) {
            input.parse::<Token![::]>()?;
            path.push(Ident::parse_any(input)?.to_string());
        }
        let is_quote = path
            .last()
            .is_some_and(|name| QUOTES.contains(&name.as_str()));
        if is_quote && input.peek(Token![!]) {
            input.parse::<Token![!]>()?;
            input.parse::<TokenTree>()?;
        }
        self.add(path, first.span());
        Ok(())
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if item.leading_colon.is_none() {
            for Import { path, span, .. } in imports(&item.tree, &[]) {
                self.add(path, span);
            }
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        if path.leading_colon.is_none() {
            let names = path
                .segments
                .iter()
                .map(|segment| segment.ident.to_string());
            self.add(names.collect(), path.span());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        // Any tokens can be scanned.
        let _ = self.scan(call.to_token_stream());
    }

    /// Adds the paths in strings as well, which serde's attributes take.
    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        let Meta::List(list) = &attribute.meta else {
            return;
        };
        let _ = self.scan(list.tokens.clone());
        for token in list.tokens.clone() {
            let text = syn::parse2::<LitStr>(token.into());
            if let Ok(path) = text.and_then(|text| text.parse::<Path>()) {
                self.visit_path(&path);
            }
        }
    }

    /// `pub(super)` imports nothing.
    fn visit_vis_restricted(&mut self, _: &'ast VisRestricted) {}
}
