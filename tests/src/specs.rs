//! The specs, as the sandbox has them.

use std::{collections::BTreeSet, fs, path::Path};

use botroster_spec::Tree;
use serde_json::Value;

/// The spec of a platform.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The platform's name.
    pub platform: String,
    /// The document.
    pub document: Value,
}

/// One operation of a spec.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The platform's name.
    pub platform: String,
    /// `operationId`.
    pub id: String,
    /// What the spec says of it.
    pub object: Value,
}

/// The platforms whose operations these tests call by name. What holds of every platform, without Rust of its own, is tested in
/// `tests/platforms`.
pub const CALLED: [&str; 4] = ["botpenguin", "chatbot", "mybot", "peki"];

impl Spec {
    /// The specs of the platforms that are called.
    pub fn all() -> Vec<Self> {
        CALLED.into_iter().map(Self::of).collect()
    }

    /// The spec of one platform, published or invented.
    pub fn of(platform: &str) -> Self {
        let file = format!("{platform}.yaml");
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folders = ["../specs", "platforms/specs"].map(|folder| here.join(folder).join(&file));
        let path = folders.iter().find(|path| path.exists()).unwrap();
        let tree = Tree::parse(&file, &fs::read_to_string(path).unwrap()).unwrap();
        Self {
            platform: platform.to_owned(),
            document: tree.value,
        }
    }

    /// A component schema.
    pub fn schema(&self, name: &str) -> &Value {
        let schema = self
            .document
            .pointer(&format!("/components/schemas/{name}"));
        schema.unwrap_or_else(|| panic!("{} has no schema {name}", self.platform))
    }

    /// The names of all component schemas.
    pub fn schema_names(&self) -> BTreeSet<String> {
        let schemas = self.document["components"]["schemas"].as_object().unwrap();
        schemas.keys().cloned().collect()
    }

    /// The schema that a `$ref`, also one in `allOf`, leads to, or the schema itself.
    pub fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let reference = schema["$ref"]
            .as_str()
            .or_else(|| schema["allOf"][0]["$ref"].as_str());
        match reference {
            Some(reference) => self.schema(reference.rsplit('/').next().unwrap()),
            None => schema,
        }
    }

    /// All operations.
    pub fn operations(&self) -> Vec<Operation> {
        let paths = self.document["paths"].as_object().unwrap();
        let objects = paths
            .values()
            .flat_map(|path| path.as_object().unwrap().values());
        objects
            .map(|object| Operation {
                platform: self.platform.clone(),
                id: object["operationId"].as_str().unwrap().to_owned(),
                object: object.clone(),
            })
            .collect()
    }
}

impl Operation {
    /// All operations of the platforms that are called.
    pub fn all() -> Vec<Self> {
        Spec::all().iter().flat_map(Spec::operations).collect()
    }

    /// Platform and `operationId`, as in the names of snapshots.
    pub fn name(&self) -> String {
        format!("{}__{}", self.platform, self.id)
    }

    /// The documented statuses that are errors.
    pub fn error_statuses(&self) -> Vec<u16> {
        let responses = self.object["responses"].as_object().unwrap();
        let statuses = responses.keys().map(|status| status.parse().unwrap());
        statuses.filter(|status| *status >= 300).collect()
    }

    /// The media type of the documented success.
    pub fn accept(&self) -> String {
        let responses = self.object["responses"].as_object().unwrap();
        let (_, success) = responses
            .iter()
            .find(|(status, _)| status.starts_with('2'))
            .unwrap();
        let content = success["content"].as_object().unwrap();
        content.keys().next().unwrap().clone()
    }

    /// The names of the query parameters.
    pub fn query_names(&self) -> Vec<String> {
        let parameters = self.object["parameters"].as_array();
        let parameters = parameters.into_iter().flatten();
        parameters
            .filter(|parameter| parameter["in"] == "query")
            .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
            .collect()
    }
}
