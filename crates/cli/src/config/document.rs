use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::failure::CommandFailure;
use crate::names;

/// The path and text of a configuration file.
#[derive(Clone, Copy)]
pub(super) struct ConfigFile<'a> {
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
}

impl ConfigFile<'_> {
    /// Returns an error with the line of `span`. `problem` must not contain values.
    pub(super) fn failure(&self, span: Range<usize>, problem: &str) -> CommandFailure {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        CommandFailure::usage(format!("{}:{line}: {problem}", self.path.display()))
    }
}

/// A string and its position.
pub(super) type SpannedStr<'a> = (&'a str, Range<usize>);

/// A table of the file.
pub(super) struct ConfigTable<'a> {
    pub(super) document: ConfigFile<'a>,
    pub(super) name: &'static str,
    pub(super) span: Range<usize>,
    pub(super) members: &'a DeTable<'a>,
}

impl<'a> ConfigTable<'a> {
    /// Returns an error if a key is not one of `known`.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), CommandFailure> {
        match self.keys().find(|(key, _)| !known.contains(key)) {
            Some((key, span)) => Err(self.unknown(key, span, known)),
            None => Ok(()),
        }
    }

    pub(super) fn unknown(&self, key: &str, span: Range<usize>, known: &[&str]) -> CommandFailure {
        let advice = names::advice(key, known.iter().copied());
        self.document.failure(
            span,
            &format!("unknown key `{key}` in {}{advice}", self.name),
        )
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = SpannedStr<'a>> {
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

    pub(super) fn string(&self, key: &str) -> Result<Option<&'a str>, CommandFailure> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let text = value.get_ref().as_str();
        text.map(Some).ok_or_else(|| {
            self.document
                .failure(value.span(), &format!("`{key}` must be a string in quotes"))
        })
    }

    pub(super) fn flag(&self, key: &str) -> Result<bool, CommandFailure> {
        let Some(value) = self.get(key) else {
            return Ok(false);
        };
        let flag = value.get_ref().as_bool();
        flag.ok_or_else(|| {
            self.document
                .failure(value.span(), &format!("`{key}` must be true or false"))
        })
    }

    pub(super) fn strings(&self, key: &str) -> Result<Option<Vec<SpannedStr<'a>>>, CommandFailure> {
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
                &format!("`{key}` must be a list of strings: [\"…\", \"…\"]"),
            )
        };
        texts.map(Some).ok_or_else(wrong)
    }

    /// Returns the table under `key`, called `name` in errors.
    pub(super) fn table(
        &self,
        key: &str,
        name: &'static str,
    ) -> Result<Option<Self>, CommandFailure> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let members = value.get_ref().as_table();
        let members = members.ok_or_else(|| {
            self.document
                .failure(value.span(), &format!("`{key}` must be a table: {name}"))
        })?;
        Ok(Some(Self {
            document: self.document,
            name,
            span: value.span(),
            members,
        }))
    }

    /// Returns the tables of the list under `key`; empty if the key is absent.
    pub(super) fn tables(
        &self,
        key: &str,
        name: &'static str,
    ) -> Result<Vec<Self>, CommandFailure> {
        let Some(value) = self.get(key) else {
            return Ok(Vec::new());
        };
        let wrong = |span| {
            self.document
                .failure(span, &format!("`{key}` must be a list of tables: {name}"))
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

    /// Returns all members, which must be strings.
    pub(super) fn all_strings(&self) -> Result<BTreeMap<String, String>, CommandFailure> {
        let pairs = self.keys().map(|(key, _)| {
            Ok((
                key.to_owned(),
                self.string(key)?.unwrap_or_default().to_owned(),
            ))
        });
        pairs.collect()
    }
}
