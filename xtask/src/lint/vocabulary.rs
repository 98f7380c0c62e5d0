//! Every word that a spec may use, and the values of those that take one of a few.

/// What stands at a place.
pub(crate) enum Shape {
    /// A text, a number, anything else whose values have no names.
    Any,
    /// One of these.
    Words(&'static [&'static str]),
    List(&'static Shape),
    /// An object with keys of the writer's choice.
    Map(&'static Shape),
    Object(&'static Object),
    /// One of these, by the type of the value.
    Either(&'static [Shape]),
}

pub(crate) struct Object {
    pub(crate) words: &'static [Word],
}

pub(crate) struct Word {
    pub(crate) name: &'static str,
    pub(crate) shape: &'static Shape,
}

macro_rules! words {
    ($($name:literal $(: $shape:expr)?),* $(,)?) => {
        Object { words: &[$(Word { name: $name, shape: words!(@ $($shape)?) }),*] }
    };
    (@ $shape:expr) => { &$shape };
    (@) => { &Any };
}

use Shape::{Any, Either, List, Map, Words};

pub(crate) static ROOT: Object = words! {
    "openapi",
    "x-vocabulary",
    "x-platform",
    "x-base-url": Words(&["required"]),
    "x-scope",
    "x-notice",
    "x-evidence": Shape::Object(&EVIDENCE),
    "info": Shape::Object(&words! { "title", "version", "description" }),
    "servers": List(&Shape::Object(&words! { "url", "description" })),
    "tags": List(&Shape::Object(&words! { "name", "description" })),
    "security",
    "paths": Map(&Shape::Object(&PATH)),
    "components": Shape::Object(&words! {
        "schemas": Map(&SCHEMA),
        "securitySchemes": Map(&Shape::Object(&SCHEME)),
    }),
};

static EVIDENCE: Object = words! {
    "from",
    "grade": Words(&["documented", "second-hand", "inferred", "reconstructed"]),
};

pub(crate) static SCHEME: Object = words! {
    "type": Words(&["http", "apiKey"]),
    "in": Words(&["header"]),
    "name",
    "scheme": Words(&["bearer", "basic"]),
    "description",
    "x-header-value",
    "x-signature": Shape::Object(&words! {
        "algorithm": Words(&["hmac-sha256"]),
        "encoding": Words(&["base64", "base64url", "hex"]),
        "timestamp": Words(&["unix-seconds", "unix-millis", "rfc3339"]),
        "message",
        "headers",
        "tolerance",
    }),
    "x-evidence": Shape::Object(&EVIDENCE),
};

static PATH: Object = words! {
    "get": Shape::Object(&OPERATION),
    "put": Shape::Object(&OPERATION),
    "post": Shape::Object(&OPERATION),
    "delete": Shape::Object(&OPERATION),
    "patch": Shape::Object(&OPERATION),
};

pub(crate) static OPERATION: Object = words! {
    "operationId",
    "tags",
    "summary",
    "description",
    "deprecated",
    "parameters": List(&Shape::Object(&PARAMETER)),
    "requestBody": Shape::Object(&words! {
        "required",
        "content": Map(&Shape::Object(&MEDIA)),
        "description",
        "x-evidence": Shape::Object(&EVIDENCE),
    }),
    "responses": Map(&Shape::Object(&words! {
        "description",
        "headers": Map(&Shape::Object(&words! {
            "description",
            "required",
            "schema": SCHEMA,
            "x-evidence": Shape::Object(&EVIDENCE),
        })),
        "content": Map(&Shape::Object(&MEDIA)),
        "x-evidence": Shape::Object(&EVIDENCE),
    })),
    "security",
    "x-name",
    "x-retry": Words(&["read", "idempotent", "never"]),
    "x-headers",
    "x-rate-limit": Shape::Object(&words! { "requests", "per" }),
    "x-pagination": Shape::Object(&PAGINATION),
    "x-envelope": Shape::Object(&words! {
        "data",
        "unwrap": Words(&["first"]),
        "message",
        "code",
        "fail-when": List(&Shape::Object(&words! {
            "at",
            "is": Either(&[Words(&["present"]), Any]),
            "min",
            "not",
        })),
    }),
    "x-errors": List(&Shape::Object(&words! {
        "status",
        "code",
        "name",
        "summary",
        "find": Words(&["anywhere"]),
        "x-evidence": Shape::Object(&EVIDENCE),
    })),
    "x-csv": Shape::Object(&words! { "row", "columns" }),
    "x-rules": List(&Shape::Object(&words! { "any-of", "less" })),
    "x-stream": Either(&[Shape::Object(&STREAM), List(&Shape::Object(&STREAM))]),
    "x-effect": Shape::Object(&words! {
        "create", "merge", "add", "remove", "replace", "set", "at",
    }),
    "x-evidence": Shape::Object(&EVIDENCE),
};

static PAGINATION: Object = words! {
    "style": Words(&["page", "offset", "cursor", "single"]),
    "at": Shape::Object(&words! { "in": Words(&["query", "body"]), "name" }),
    "size",
    "first",
    "items": Either(&[Any, List(&Any)]),
    "key",
    "next": Shape::Object(&words! { "pointer", "last-item" }),
    "end": Either(&[
        Words(&["empty"]),
        Shape::Object(&words! { "total-pages", "total" }),
    ]),
    "echo": Shape::Object(&words! { "size", "position" }),
    "order": Words(&["newest-first"]),
};

static STREAM: Object = words! {
    "name",
    "key",
    "updated",
    "with",
    "seeds",
    "parent": Shape::Object(&words! { "stream", "bind" }),
    "incremental": Words(&["full"]),
};

pub(crate) static PARAMETER: Object = words! {
    "name",
    "in": Words(&["path", "query", "header"]),
    "required",
    "description",
    "deprecated",
    "style": Words(&["form", "spaceDelimited", "pipeDelimited", "deepObject"]),
    "explode",
    "schema": SCHEMA,
    "x-style": Words(&["dotted"]),
    "x-evidence": Shape::Object(&EVIDENCE),
};

static MEDIA: Object = words! { "schema": SCHEMA, "example" };

static SCHEMA: Shape = Shape::Object(&SCHEMA_WORDS);
pub(crate) static SCHEMA_WORDS: Object = words! {
    "$ref",
    "type": Words(&["string", "boolean", "number", "integer", "array", "object"]),
    "format": Words(&["int32", "int64"]),
    "title",
    "description",
    "properties": Map(&SCHEMA),
    "required",
    "items": SCHEMA,
    "additionalProperties": Either(&[Any, Shape::Object(&SCHEMA_WORDS)]),
    "enum",
    "oneOf": List(&SCHEMA),
    "allOf": List(&SCHEMA),
    "nullable",
    "deprecated",
    "default",
    "example",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "x-timestamp": Either(&[Words(TIMESTAMPS), List(&Words(TIMESTAMPS))]),
    "x-personal": Words(&[
        "name", "email", "phone", "address", "location", "ip", "identifier", "demographic", "url",
        "message", "free-form", "none",
    ]),
    "x-send": Words(&["always"]),
    "x-maps-to",
    "x-evidence": Shape::Object(&EVIDENCE),
};

const TIMESTAMPS: &[&str] = &["rfc3339", "space-separated", "empty-is-none", "unix-millis"];

#[cfg(test)]
mod tests {
    use super::*;

    /// The lists that unknown keys are found by, and the tables here, have the same words.
    #[test]
    fn lint_knows_the_same_words() {
        for (lint, table) in super::super::keys::LISTS.iter().zip([
            &ROOT,
            &OPERATION,
            &PARAMETER,
            &SCHEME,
            &SCHEMA_WORDS,
        ]) {
            let sorted = |names: &mut dyn Iterator<Item = &'static str>| {
                let mut names: Vec<&str> = names.collect();
                names.sort_unstable();
                names
            };
            assert_eq!(
                sorted(&mut lint.iter().copied()),
                sorted(&mut table.words.iter().map(|word| word.name))
            );
        }
    }
}
