//! The vocabulary: every key, its position and its type, as documented in `specs/README.md`.

use crate::lint::shape::{
    Object,
    Shape::{
        self, Any, Blank, Duration, Either, List, Map, Number, Pointer, Some as Filled, Text,
        Truth, Whole, Words,
    },
    Word,
};

/// An optional key.
macro_rules! may {
    ($name:literal, $shape:expr) => {
        Word {
            name: $name,
            shape: &$shape,
            must: None,
        }
    };
}

/// A required key, and the fix if it is missing.
macro_rules! must {
    ($name:literal, $shape:expr, $what:literal) => {
        Word {
            name: $name,
            shape: &$shape,
            must: Some($what),
        }
    };
}

/// An object with these keys.
macro_rules! words {
    ($($word:expr),* $(,)?) => {
        Object { words: &[$($word),*], unused: &[] }
    };
}

pub(super) const GRADES: &[&str] = &["documented", "second-hand", "inferred", "reconstructed"];
pub(super) const PERSONAL: &[&str] = &[
    "name",
    "email",
    "phone",
    "address",
    "location",
    "ip",
    "identifier",
    "demographic",
    "url",
    "message",
    "free-form",
    "none",
];
pub(super) const STYLES: &[&str] = &[
    "simple",
    "form",
    "spaceDelimited",
    "pipeDelimited",
    "deepObject",
];
pub(super) const TIMESTAMPS: &[&str] =
    &["rfc3339", "space-separated", "empty-is-none", "unix-millis"];

static POINTERS: Shape = List(&Pointer);
static TEXTS: Shape = List(&Text);
static COUNT: Shape = Whole(0, i64::MAX);

pub(crate) static ROOT: Object = words![
    must!("openapi", Text, "write `openapi: 3.0.3` at the top"),
    must!(
        "x-vocabulary",
        Whole(1, i64::MAX),
        "write `x-vocabulary: 1` at the top"
    ),
    must!(
        "x-platform",
        Text,
        "write the platform name at the top, the same as the file name"
    ),
    may!("x-base-url", Words(&["required"])),
    may!("x-scope", TEXTS),
    may!("x-notice", Text),
    must!(
        "x-evidence",
        Shape::Object(&EVIDENCE),
        "write the source document at the top"
    ),
    must!(
        "info",
        Shape::Object(&INFO),
        "write the platform's title and version"
    ),
    must!(
        "servers",
        Filled(&Shape::Object(&SERVER)),
        "write one server with its `url`"
    ),
    may!("tags", List(&Shape::Object(&TAG))),
    may!("security", List(&REQUIREMENT)),
    must!("paths", Map(&Shape::Object(&PATH)), "add the operations"),
    may!("components", Shape::Object(&COMPONENTS)),
];

static INFO: Object = words![
    must!("title", Text, "write the platform's display name"),
    must!("version", Text, "write it in quotes"),
    may!("description", Text),
];

static SERVER: Object = words![
    must!("url", Text, "write the base URL"),
    may!("description", Text),
];

static TAG: Object = words![
    must!("name", Text, "write the resource's name"),
    must!("description", Text, "describe the resource"),
];

static REQUIREMENT: Shape = Map(&List(&Text));

static EVIDENCE: Object = words![
    must!("from", Text, "write the name of the source document"),
    must!(
        "grade",
        Words(GRADES),
        "write how well the source supports it"
    ),
];
/// Optional if an enclosing object has one.
macro_rules! evidence {
    () => {
        may!("x-evidence", Shape::Object(&EVIDENCE))
    };
}

mod operation;

use operation::{CSV, EFFECT, ENVELOPE, ERROR, PAGINATION, RATE_LIMIT, RULE, STREAM};

static COMPONENTS: Object = Object {
    words: &[
        may!("schemas", Map(&SCHEMA)),
        may!("securitySchemes", Map(&Shape::Object(&SCHEME))),
    ],
    unused: &[
        (
            "parameters",
            "only schemas can be components",
            "declare the parameters in their operations instead",
        ),
        (
            "responses",
            "only schemas can be components",
            "declare the responses in their operations instead",
        ),
        (
            "requestBodies",
            "only schemas can be components",
            "declare the bodies in their operations instead",
        ),
        (
            "headers",
            "only schemas can be components",
            "declare the headers in their responses instead",
        ),
        (
            "examples",
            "only schemas can be components",
            "write the examples in place instead",
        ),
        ("callbacks", "callbacks are not supported", "remove them"),
        ("links", "links are not supported", "remove them"),
    ],
};

static SCHEME: Object = Object {
    words: &[
        must!(
            "type",
            Words(&["http", "apiKey"]),
            "write `http` or `apiKey`"
        ),
        may!("in", Words(&["header"])),
        may!("name", Text),
        may!("scheme", Words(&["bearer", "basic"])),
        may!("description", Text),
        may!("x-header-value", Text),
        may!("x-signature", Shape::Object(&SIGNATURE)),
        evidence!(),
    ],
    unused: &[
        (
            "flows",
            "OAuth flows are not supported",
            "describe the resulting token as `type: http` with `scheme: bearer`",
        ),
        (
            "bearerFormat",
            "the format of a token is not used",
            "move it into the description",
        ),
        (
            "openIdConnectUrl",
            "OpenID Connect flows are not supported",
            "describe the resulting token as `type: http` with `scheme: bearer`",
        ),
    ],
};

static SIGNATURE: Object = words![
    must!(
        "algorithm",
        Words(&["hmac-sha256"]),
        "write `algorithm: hmac-sha256`"
    ),
    must!(
        "encoding",
        Words(&["base64", "base64url", "hex"]),
        "write the encoding of the signature"
    ),
    must!(
        "timestamp",
        Words(&["unix-seconds", "unix-millis", "rfc3339"]),
        "write the format of the timestamp"
    ),
    must!("message", Text, "write the template of the signed message"),
    must!("headers", Map(&Text), "write the headers that are sent"),
    must!(
        "tolerance",
        Duration,
        "write the permitted clock difference, such as `300s`"
    ),
];

static PATH: Object = Object {
    words: &[
        may!("get", OPERATION),
        may!("put", OPERATION),
        may!("post", OPERATION),
        may!("delete", OPERATION),
        may!("patch", OPERATION),
    ],
    unused: &[
        (
            "head",
            "HEAD is not supported: its response has no body",
            "remove it",
        ),
        ("options", "OPTIONS is not supported", "remove it"),
        ("trace", "TRACE is not supported", "remove it"),
        (
            "parameters",
            "parameters of a path item are not supported",
            "declare them in each operation",
        ),
        (
            "servers",
            "only the top-level server is supported",
            "move the rest of the URL into the path",
        ),
        (
            "summary",
            "a path item has no documentation of its own",
            "move it into the operations",
        ),
        (
            "description",
            "a path item has no documentation of its own",
            "move it into the operations",
        ),
        (
            "$ref",
            "references to path items are not supported",
            "declare the operations here",
        ),
    ],
};

static OPERATION: Shape = Shape::Object(&Object {
    words: &[
        must!("operationId", Text, "write a name in snake_case"),
        must!(
            "tags",
            Filled(&Text),
            "write one tag, the resource that the operation belongs to"
        ),
        must!("x-name", Text, "write the method name, such as `list`"),
        must!("summary", Text, "write one line"),
        must!(
            "description",
            Text,
            "describe what the caller needs to know"
        ),
        may!("deprecated", Truth),
        must!(
            "x-evidence",
            Shape::Object(&EVIDENCE),
            "write the source document"
        ),
        must!(
            "x-retry",
            Words(&["read", "idempotent", "never"]),
            "write read, idempotent or never"
        ),
        may!("x-headers", Map(&Blank)),
        may!("x-rate-limit", Shape::Object(&RATE_LIMIT)),
        may!("x-pagination", Shape::Object(&PAGINATION)),
        may!("x-envelope", Shape::Object(&ENVELOPE)),
        may!("x-errors", List(&Shape::Object(&ERROR))),
        may!("x-csv", Shape::Object(&CSV)),
        may!("x-rules", List(&Shape::Object(&RULE))),
        may!(
            "x-stream",
            Either(&[Shape::Object(&STREAM), Filled(&Shape::Object(&STREAM))])
        ),
        may!("x-effect", Shape::Object(&EFFECT)),
        may!("security", List(&REQUIREMENT)),
        may!("parameters", List(&Shape::Object(&PARAMETER))),
        may!("requestBody", Shape::Object(&BODY)),
        must!(
            "responses",
            Map(&Shape::Object(&RESPONSE)),
            "add the responses"
        ),
    ],
    unused: &[
        ("callbacks", "callbacks are not supported", "remove them"),
        (
            "servers",
            "only the top-level server is supported",
            "move the rest of the URL into the path",
        ),
        (
            "externalDocs",
            "links to other documents are not used",
            "name the document in `x-evidence`",
        ),
    ],
});

static PARAMETER: Object = Object {
    words: &[
        must!("name", Text, "write the name as the platform spells it"),
        must!(
            "in",
            Words(&["path", "query", "header"]),
            "write path, query or header"
        ),
        may!("required", Truth),
        must!("description", Text, "describe the parameter"),
        may!("deprecated", Truth),
        may!("style", Words(STYLES)),
        may!("explode", Truth),
        may!("x-style", Words(&["dotted"])),
        must!("schema", SCHEMA, "write `schema` with a type"),
        evidence!(),
    ],
    unused: &[
        (
            "content",
            "parameters with `content` are not supported",
            "write `schema`, with `type: string` for a value that the caller encodes",
        ),
        (
            "allowReserved",
            "reserved characters are always escaped",
            "remove it",
        ),
        (
            "allowEmptyValue",
            "an empty string is always sent",
            "remove it",
        ),
        (
            "$ref",
            "references to parameters are not supported",
            "declare the parameter here",
        ),
    ],
};

static BODY: Object = words![
    may!("required", Truth),
    may!("description", Text),
    must!(
        "content",
        Map(&Shape::Object(&MEDIA)),
        "write `application/json` with a schema"
    ),
    evidence!(),
];

static MEDIA: Object = Object {
    words: &[
        must!(
            "schema",
            SCHEMA,
            "add a schema; for any JSON, a component with only `description` and `x-personal`"
        ),
        may!("example", Any),
    ],
    unused: &[
        ("encoding", "only JSON bodies are supported", "remove it"),
        (
            "examples",
            "only one example is supported",
            "write `example`",
        ),
    ],
};

static RESPONSE: Object = Object {
    words: &[
        must!("description", Text, "describe the response"),
        may!("headers", Map(&Shape::Object(&HEADER))),
        may!("content", Map(&Shape::Object(&MEDIA))),
        evidence!(),
    ],
    unused: &[
        ("links", "links are not supported", "remove them"),
        (
            "$ref",
            "references to responses are not supported",
            "declare the response here",
        ),
    ],
};

static HEADER: Object = words![
    must!("description", Text, "describe the header"),
    may!("required", Truth),
    must!("schema", SCHEMA, "write `schema` with a type"),
    evidence!(),
];

static SCHEMA: Shape = Shape::Object(&SCHEMA_WORDS);
pub(super) static SCHEMA_WORDS: Object = Object {
    words: &[
        may!("$ref", Text),
        may!(
            "type",
            Words(&["string", "boolean", "number", "integer", "array", "object"])
        ),
        may!("format", Text),
        may!("title", Text),
        may!("description", Text),
        may!("properties", Map(&SCHEMA)),
        may!("required", List(&Text)),
        may!("items", SCHEMA),
        may!(
            "additionalProperties",
            Either(&[Truth, Shape::Object(&SCHEMA_WORDS)])
        ),
        may!("enum", Filled(&Any)),
        may!("oneOf", Filled(&SCHEMA)),
        may!("allOf", Filled(&SCHEMA)),
        may!("nullable", Truth),
        may!("deprecated", Truth),
        may!("default", Any),
        may!("example", Any),
        may!("minimum", Number),
        may!("maximum", Number),
        may!("exclusiveMinimum", Truth),
        may!("exclusiveMaximum", Truth),
        may!("minLength", COUNT),
        may!("maxLength", COUNT),
        may!("minItems", COUNT),
        may!("maxItems", COUNT),
        may!("uniqueItems", Truth),
        may!("minProperties", COUNT),
        may!("maxProperties", COUNT),
        may!(
            "x-timestamp",
            Either(&[Words(TIMESTAMPS), Filled(&Words(TIMESTAMPS))])
        ),
        may!("x-personal", Words(PERSONAL)),
        may!("x-send", Words(&["always"])),
        may!("x-maps-to", Map(&Map(&Any))),
        evidence!(),
    ],
    unused: &[
        (
            "not",
            "`not` is not supported: the generator would drop the property it names",
            "write `x-rules` or `oneOf` instead",
        ),
        (
            "anyOf",
            "`anyOf` is not supported: its types could not be decoded",
            "write `oneOf` with components instead",
        ),
        (
            "discriminator",
            "discriminators are ignored",
            "write `oneOf` without it instead",
        ),
        (
            "pattern",
            "patterns are not checked",
            "move it into the description",
        ),
        ("readOnly", "the keyword is not used", "remove it"),
        ("writeOnly", "the keyword is not used", "remove it"),
        (
            "multipleOf",
            "multiples are not checked",
            "move it into the description",
        ),
        (
            "externalDocs",
            "links to other documents are not used",
            "name the document in `x-evidence`",
        ),
        ("xml", "XML is not supported", "remove it"),
        (
            "const",
            "OpenAPI 3.0 has no constants",
            "write an `enum` with one value",
        ),
    ],
};
