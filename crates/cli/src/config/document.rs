use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::failure::Failure;
use crate::names;

/// A file and its text, to say where something stands.
#[derive(Clone, Copy)]
pub(super) struct Document<'a> {
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
}

impl Document<'_> {
    /// A complaint with the place it is about. `problem` holds no values.
    pub(super) fn failure(&self, span: Range<usize>, problem: &str) -> Failure {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        Failure::usage(format!("{}:{line}: {problem}", self.path.display()))
    }
}

/// A text and where it stands.
pub(super) type Placed<'a> = (&'a str, Range<usize>);

/// A table of the file.
pub(super) struct Table<'a> {
    pub(super) document: Document<'a>,
    pub(super) name: &'static str,
    pub(super) span: Range<usize>,
    pub(super) members: &'a DeTable<'a>,
}

impl<'a> Table<'a> {
    /// Complains about the first key that is not one of `known`.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Failure> {
        match self.keys().find(|(key, _)| !known.contains(key)) {
            Some((key, span)) => Err(self.unknown(key, span, known)),
            None => Ok(()),
        }
    }

    pub(super) fn unknown(&self, key: &str, span: Range<usize>, known: &[&str]) -> Failure {
        let advice = names::advice(key, known.iter().copied());
        self.document.failure(
            span,
            &format!("unknown key `{key}` in {}{advice}", self.name),
        )
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = Placed<'a>> {
        self.members
            .keys()
            .map(|key| (key.get_ref().as_ref(), key.span()))
    }

    pub(super) fn span_of(&self, key: &str) -> Option<Range<usize>> {
        self.keys()
            .find(|(name, _)| *name == key)
            .map(|(_, span)| span)
    }

    fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.members
            .iter()
            .find(|(name, _)| name.get_ref().as_ref() == key)
            .map(|(_, value)| value)
    }

    pub(super) fn text(&self, key: &str) -> Result<Option<&'a str>, Failure> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let text = value.get_ref().as_str();
        text.map(Some).ok_or_else(|| {
            self.document.failure(
                value.span(),
                &format!("`{key}` takes a text: put it in quotes"),
            )
        })
    }

    pub(super) fn flag(&self, key: &str) -> Result<bool, Failure> {
        let Some(value) = self.get(key) else {
            return Ok(false);
        };
        let flag = value.get_ref().as_bool();
        flag.ok_or_else(|| {
            self.document
                .failure(value.span(), &format!("`{key}` is true or false"))
        })
    }

    pub(super) fn texts(&self, key: &str) -> Result<Option<Vec<Placed<'a>>>, Failure> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let texts = value.get_ref().as_array().and_then(|items| {
            items
                .iter()
                .map(|item| Some((item.get_ref().as_str()?, item.span())))
                .collect::<Option<Vec<_>>>()
        });
        let wrong = || {
            self.document.failure(
                value.span(),
                &format!("`{key}` takes a list of texts: [\"…\", \"…\"]"),
            )
        };
        texts.map(Some).ok_or_else(wrong)
    }

    /// The table under `key`, called `name` in complaints.
    pub(super) fn table(&self, key: &str, name: &'static str) -> Result<Option<Self>, Failure> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let members = value.get_ref().as_table();
        let members = members.ok_or_else(|| {
            self.document
                .failure(value.span(), &format!("`{key}` is a table: {name}"))
        })?;
        Ok(Some(Self {
            document: self.document,
            name,
            span: value.span(),
            members,
        }))
    }

    /// The tables of the list under `key`; none if there is no such key.
    pub(super) fn tables(&self, key: &str, name: &'static str) -> Result<Vec<Self>, Failure> {
        let Some(value) = self.get(key) else {
            return Ok(Vec::new());
        };
        let wrong = |span| {
            self.document
                .failure(span, &format!("`{key}` is a list of tables: {name}"))
        };
        let items = value
            .get_ref()
            .as_array()
            .ok_or_else(|| wrong(value.span()))?;
        let table = |item: &'a Spanned<DeValue<'a>>| {
            let members = item
                .get_ref()
                .as_table()
                .ok_or_else(|| wrong(item.span()))?;
            Ok(Self {
                document: self.document,
                name,
                span: item.span(),
                members,
            })
        };
        items.iter().map(table).collect()
    }

    /// All members, which must be texts.
    pub(super) fn all_texts(&self) -> Result<BTreeMap<String, String>, Failure> {
        let pairs = self.keys().map(|(key, _)| {
            Ok((
                key.to_owned(),
                self.text(key)?.unwrap_or_default().to_owned(),
            ))
        });
        pairs.collect()
    }
}
