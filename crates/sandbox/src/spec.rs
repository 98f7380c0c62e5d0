//! The resolved model of a platform, with what the sandbox compiles of it once: path templates, methods and header names.

use crate::error::SandboxError;
use botroster_spec::{
    Model,
    model::{self, SecurityScheme},
    schema::Schemas,
};
use http::{HeaderName, Method};
use std::ops::Deref;

/// A platform.
#[derive(Debug)]
pub(crate) struct Spec {
    pub(crate) platform: String,
    /// The path of the base URL, without a slash at its end.
    pub(crate) base_path: String,
    pub(crate) scope: Vec<String>,
    pub(crate) schemes: Vec<SecurityScheme>,
    pub(crate) operations: Vec<Operation>,
    pub(crate) schemas: Schemas,
}

/// An operation of the model; the schemas of its parameters are flat.
#[derive(Debug)]
pub(crate) struct Operation {
    model: model::Operation,
    pub(crate) method: Method,
    pub(crate) template: Vec<Segment>,
    /// Constant headers.
    pub(crate) headers: Vec<(HeaderName, String)>,
}

/// A segment of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Segment {
    Literal(String),
    /// Text around parameters: `user-{id}.json`.
    Parameter {
        before: String,
        /// Each parameter with the text behind it.
        parameters: Vec<(String, String)>,
    },
}

impl Spec {
    /// Reads a model from JSON.
    ///
    /// # Errors
    ///
    /// If the text is not a model, or a method or header name in it is invalid.
    pub(crate) fn read(name: &str, json: &str) -> Result<Self, SandboxError> {
        let model: Model = serde_json::from_str(json)
            .map_err(|error| SandboxError::spec(name, "", &error.to_string()))?;
        Self::of(model)
    }

    fn of(model: Model) -> Result<Self, SandboxError> {
        let (name, schemas) = (&model.name, &model.schemas);
        let operations = model
            .operations
            .into_iter()
            .map(|operation| Operation::of(operation, schemas, name))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            operations,
            platform: model.name,
            base_path: model.base_path,
            scope: model.scope,
            schemes: model.schemes,
            schemas: model.schemas,
        })
    }

    /// The security scheme of this name.
    pub(crate) fn scheme(&self, name: &str) -> Option<&SecurityScheme> {
        self.schemes.iter().find(|scheme| scheme.name == name)
    }
}

impl Operation {
    fn of(
        mut model: model::Operation,
        schemas: &Schemas,
        platform: &str,
    ) -> Result<Self, SandboxError> {
        for parameter in &mut model.parameters {
            parameter.schema = schemas.flat(&parameter.schema).into_owned();
        }
        let invalid = |error: &dyn std::fmt::Display| {
            SandboxError::spec(platform, &model.id, &error.to_string())
        };
        let header = |(name, value): &(String, String)| {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| invalid(&error))?;
            Ok((name, value.clone()))
        };
        Ok(Self {
            method: Method::from_bytes(model.method.as_bytes()).map_err(|error| invalid(&error))?,
            template: model.path.split('/').skip(1).map(segment).collect(),
            headers: model.headers.iter().map(header).collect::<Result<_, _>>()?,
            model,
        })
    }

    /// The grade of its evidence; empty where the document states none.
    pub(crate) fn grade(&self) -> &str {
        let evidence = self.model.evidence.as_ref();
        evidence.map_or("", |evidence| &evidence.grade)
    }

    pub(crate) fn path_parameters(&self) -> impl Iterator<Item = &str> {
        let parameters = self.template.iter().flat_map(|segment| match segment {
            Segment::Parameter { parameters, .. } => parameters.as_slice(),
            Segment::Literal(_) => &[],
        });
        parameters.map(|(name, _)| name.as_str())
    }

    /// The parameter of this name at this place.
    pub(crate) fn parameter_in(
        &self,
        location: model::Location,
        name: &str,
    ) -> Option<&model::Parameter> {
        let mut parameters = self.model.parameters.iter();
        parameters.find(|parameter| parameter.location == location && parameter.name == name)
    }
}

impl Deref for Operation {
    type Target = model::Operation;

    fn deref(&self) -> &Self::Target {
        &self.model
    }
}

fn segment(text: &str) -> Segment {
    let mut parts = text.split('{');
    let before = parts.next().unwrap_or_default().to_owned();
    let parameters: Vec<(String, String)> = parts
        .filter_map(|part| part.split_once('}'))
        .map(|(name, after)| (name.to_owned(), after.to_owned()))
        .collect();
    if parameters.is_empty() {
        return Segment::Literal(text.to_owned());
    }
    Segment::Parameter { before, parameters }
}

#[cfg(test)]
pub(crate) mod testing {
    use super::Spec;
    use botroster_spec::Tree;
    use serde_json::{Value, json};

    /// The model of a document of which only what matters is written: what every operation and document must have besides is
    /// added.
    pub(crate) fn spec(document: &Value) -> Spec {
        let mut whole = json!({
            "x-platform": "test", "info": {"title": "Test", "version": "1"},
            "servers": [{"url": "https://test.example"}],
        });
        for (word, value) in document.as_object().unwrap() {
            whole[word] = value.clone();
        }
        let paths = whole["paths"].as_object_mut().into_iter().flatten();
        for operation in paths.flat_map(|(_, path)| path.as_object_mut().unwrap().values_mut()) {
            let defaults = json!({
                "operationId": "test", "tags": ["test"], "x-name": "test", "summary": "Test.", "x-retry": "read",
                "responses": {"200": {"description": ""}},
            });
            for (word, value) in defaults.as_object().unwrap() {
                let own = operation.as_object_mut().unwrap();
                own.entry(word.clone()).or_insert_with(|| value.clone());
            }
        }
        let tree = Tree::parse("test.json", &whole.to_string()).unwrap();
        Spec::of(botroster_spec::Spec::read(tree).unwrap().model).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_contain_parameters() {
        assert_eq!(segment("users"), Segment::Literal("users".into()));
        assert_eq!(
            segment("{id}.json"),
            Segment::Parameter {
                before: String::new(),
                parameters: vec![("id".into(), ".json".into())],
            }
        );
    }

    #[test]
    fn every_embedded_model_reads() {
        for (name, json) in crate::generated::MODELS {
            let spec = Spec::read(name, json).unwrap();
            assert_eq!(&spec.platform, name);
            assert!(!spec.operations.is_empty());
        }
    }
}
