//! Every word there is, where it may stand, and what it takes: `specs/README.md` as a table.

use crate::lint::shape::{
    Object,
    Shape::{
        self, Any, Blank, Duration, Either, List, Map, Number, Pointer, Some as Filled, Text,
        Truth, Whole, Words,
    },
    Word,
};

/// A word that may be left out.
macro_rules! may {
    ($name:literal, $shape:expr) => {
        Word {
            name: $name,
            shape: &$shape,
            must: None,
        }
    };
}

/// A word that must be there, and what to write.
macro_rules! must {
    ($name:literal, $shape:expr, $what:literal) => {
        Word {
            name: $name,
            shape: &$shape,
            must: Some($what),
        }
    };
}

/// An object of these words.
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
        "write the platform's name at the top, as the file is called"
    ),
    may!("x-base-url", Words(&["required"])),
    may!("x-scope", TEXTS),
    may!("x-notice", Text),
    must!(
        "x-evidence",
        Shape::Object(&EVIDENCE),
        "write at the top which document this is from"
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
    must!("paths", Map(&Shape::Object(&PATH)), "write the operations"),
    may!("components", Shape::Object(&COMPONENTS)),
];

static INFO: Object = words![
    must!("title", Text, "write the platform's name for people"),
    must!("version", Text, "write it in quotes"),
    may!("description", Text),
];

static SERVER: Object = words![
    must!("url", Text, "write the base URL"),
    may!("description", Text),
];

static TAG: Object = words![
    must!("name", Text, "write the resource's name"),
    must!("description", Text, "write what the resource is"),
];

static REQUIREMENT: Shape = Map(&List(&Text));

static EVIDENCE: Object = words![
    must!("from", Text, "write which document it is from"),
    must!(
        "grade",
        Words(GRADES),
        "write how well the document says so"
    ),
];
/// May be left out where something around it has one.
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
            "only schemas are components",
            "write the parameters in their operations instead",
        ),
        (
            "responses",
            "only schemas are components",
            "write the responses in their operations instead",
        ),
        (
            "requestBodies",
            "only schemas are components",
            "write the bodies in their operations instead",
        ),
        (
            "headers",
            "only schemas are components",
            "write the headers in their responses instead",
        ),
        (
            "examples",
            "only schemas are components",
            "write the examples where they belong instead",
        ),
        ("callbacks", "callbacks are not generated", "leave them out"),
        ("links", "links are not generated", "leave them out"),
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
            "OAuth is not carried out",
            "describe the token it ends in as `type: http` with `scheme: bearer`",
        ),
        (
            "bearerFormat",
            "nothing reads the format of a token",
            "write it into the description",
        ),
        (
            "openIdConnectUrl",
            "OpenID Connect is not carried out",
            "describe the token it ends in as `type: http` with `scheme: bearer`",
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
        "write how the signature is written"
    ),
    must!(
        "timestamp",
        Words(&["unix-seconds", "unix-millis", "rfc3339"]),
        "write how the time is written"
    ),
    must!("message", Text, "write what is signed"),
    must!("headers", Map(&Text), "write what is sent"),
    must!(
        "tolerance",
        Duration,
        "write how far the clocks may be apart, such as `300s`"
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
        ("head", "HEAD has no answer to decode", "leave it out"),
        ("options", "OPTIONS is not generated", "leave it out"),
        ("trace", "TRACE is not generated", "leave it out"),
        (
            "parameters",
            "parameters stand in the operation, not beside it",
            "write them under each operation",
        ),
        (
            "servers",
            "there is one server, at the top",
            "write the rest of the URL into the path",
        ),
        (
            "summary",
            "a path has no documentation of its own",
            "write it into the operations",
        ),
        (
            "description",
            "a path has no documentation of its own",
            "write it into the operations",
        ),
        (
            "$ref",
            "paths in other places are not followed",
            "write the operations here",
        ),
    ],
};

static OPERATION: Shape = Shape::Object(&Object {
    words: &[
        must!("operationId", Text, "write a name in snake_case"),
        must!("tags", Filled(&Text), "write the resource it belongs to"),
        must!("x-name", Text, "write the method's name, such as list"),
        must!("summary", Text, "write one line"),
        must!("description", Text, "write what one must know"),
        may!("deprecated", Truth),
        must!(
            "x-evidence",
            Shape::Object(&EVIDENCE),
            "write which document says so"
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
            "write the answers"
        ),
    ],
    unused: &[
        ("callbacks", "callbacks are not generated", "leave them out"),
        (
            "servers",
            "there is one server, at the top",
            "write the rest of the URL into the path",
        ),
        (
            "externalDocs",
            "nothing reads links to other documents",
            "name the document in `x-evidence`",
        ),
    ],
});

static PARAMETER: Object = Object {
    words: &[
        must!("name", Text, "write it as the platform spells it"),
        must!(
            "in",
            Words(&["path", "query", "header"]),
            "write path, query or header"
        ),
        may!("required", Truth),
        must!("description", Text, "write what it is"),
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
            "parameters are plain values, not documents",
            "write `schema`, with `type: string` for what the caller encodes",
        ),
        (
            "allowReserved",
            "all that is reserved is escaped",
            "leave it out",
        ),
        (
            "allowEmptyValue",
            "an empty text is sent as it is",
            "leave it out",
        ),
        (
            "$ref",
            "parameters in other places are not followed",
            "write the parameter here",
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
            "write one; any JSON is a component with a description and `x-personal` only"
        ),
        may!("example", Any),
    ],
    unused: &[
        ("encoding", "only JSON is encoded", "leave it out"),
        (
            "examples",
            "nothing reads more than one example",
            "write `example`",
        ),
    ],
};

static RESPONSE: Object = Object {
    words: &[
        must!("description", Text, "write what the answer means"),
        may!("headers", Map(&Shape::Object(&HEADER))),
        may!("content", Map(&Shape::Object(&MEDIA))),
        evidence!(),
    ],
    unused: &[
        ("links", "links are not generated", "leave them out"),
        (
            "$ref",
            "responses in other places are not followed",
            "write the response here",
        ),
    ],
};

static HEADER: Object = words![
    must!("description", Text, "write what it says"),
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
            "`not` makes the generator delete the property it names",
            "write `x-rules` or `oneOf` instead",
        ),
        (
            "anyOf",
            "`anyOf` generates types that cannot be read",
            "write `oneOf` with components instead",
        ),
        (
            "discriminator",
            "a discriminator is ignored",
            "write `oneOf` without it instead",
        ),
        (
            "pattern",
            "patterns are not checked",
            "write it into the description instead",
        ),
        ("readOnly", "it is not used", "leave it out"),
        ("writeOnly", "it is not used", "leave it out"),
        (
            "multipleOf",
            "steps of numbers are not checked",
            "write it into the description instead",
        ),
        (
            "externalDocs",
            "nothing reads links to other documents",
            "name the document in `x-evidence`",
        ),
        ("xml", "nothing is written as XML", "leave it out"),
        (
            "const",
            "constants are enums of one value in OpenAPI 3.0",
            "write `enum`",
        ),
    ],
};
