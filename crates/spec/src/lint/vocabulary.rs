//! The vocabulary: every key, its position and its type, as documented in `specs/README.md`.

use crate::lint::grammar::{
    Word,
    WordShape::{
        self, Any, Blank, Duration, Either, List, Map, NonEmpty, Number, Object, Pointer, Text,
        Truth, Whole, Words,
    },
    WordTable,
};

/// A table of keys: `"key": shape;`, or `"key": shape, required: "fix if missing";`. Below `unsupported:`, OpenAPI keywords
/// with the reason and the fix.
macro_rules! words {
    (
        $($name:literal: $shape:expr $(, required: $fix:literal)?;)*
        $(unsupported: $($other:literal: $why:literal => $instead:literal;)+)?
    ) => {
        WordTable {
            words: &[$(Word { name: $name, shape: &$shape, required: fix!($($fix)?) }),*],
            unsupported: &[$($(($other, $why, $instead)),+)?],
        }
    };
}

macro_rules! fix {
    () => {
        None
    };
    ($fix:literal) => {
        Some($fix)
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

static POINTERS: WordShape = List(&Pointer);
static TEXTS: WordShape = List(&Text);
static COUNT: WordShape = Whole(0, i64::MAX);

pub(crate) static ROOT: WordTable = words! {
    "openapi": Text, required: "write `openapi: 3.0.3` at the top";
    "x-vocabulary": Whole(1, i64::MAX), required: "write `x-vocabulary: 1` at the top";
    "x-platform": Text, required: "write the platform name at the top, the same as the file name";
    "x-base-url": Words(&["required"]);
    "x-scope": TEXTS;
    "x-notice": Text;
    "x-evidence": EVIDENCE, required: "write the source document at the top";
    "info": Object(&INFO), required: "write the platform's title and version";
    "servers": NonEmpty(&Object(&SERVER)), required: "write one server with its `url`";
    "tags": List(&Object(&TAG));
    "security": List(&REQUIREMENT);
    "paths": Map(&Object(&PATH)), required: "add the operations";
    "components": Object(&COMPONENTS);
};

static INFO: WordTable = words! {
    "title": Text, required: "write the platform's display name";
    "version": Text, required: "write it in quotes";
    "description": Text;
};

static SERVER: WordTable = words! {
    "url": Text, required: "write the base URL";
    "description": Text;
};

static TAG: WordTable = words! {
    "name": Text, required: "write the resource's name";
    "description": Text, required: "describe the resource";
};

static REQUIREMENT: WordShape = Map(&List(&Text));

/// Required on operations and at the top; optional below an object that has it.
static EVIDENCE: WordShape = Object(&words! {
    "from": Text, required: "write the name of the source document";
    "grade": Words(GRADES), required: "write how well the source supports it";
});

mod operation;

use operation::{CSV, EFFECT, ENVELOPE, ERROR, PAGINATION, RATE_LIMIT, RULE, STREAM};

static COMPONENTS: WordTable = words! {
    "schemas": Map(&SCHEMA);
    "securitySchemes": Map(&Object(&SCHEME));
    unsupported:
    "parameters": "only schemas can be components"
        => "declare the parameters in their operations instead";
    "responses": "only schemas can be components"
        => "declare the responses in their operations instead";
    "requestBodies": "only schemas can be components"
        => "declare the bodies in their operations instead";
    "headers": "only schemas can be components" => "declare the headers in their responses instead";
    "examples": "only schemas can be components" => "write the examples in place instead";
    "callbacks": "callbacks are not supported" => "remove them";
    "links": "links are not supported" => "remove them";
};

static SCHEME: WordTable = words! {
    "type": Words(&["http", "apiKey"]), required: "write `http` or `apiKey`";
    "in": Words(&["header"]);
    "name": Text;
    "scheme": Words(&["bearer", "basic"]);
    "description": Text;
    "x-header-value": Text;
    "x-signature": Object(&SIGNATURE);
    "x-evidence": EVIDENCE;
    unsupported:
    "flows": "OAuth flows are not supported"
        => "describe the resulting token as `type: http` with `scheme: bearer`";
    "bearerFormat": "the format of a token is not used" => "move it into the description";
    "openIdConnectUrl": "OpenID Connect flows are not supported"
        => "describe the resulting token as `type: http` with `scheme: bearer`";
};

static SIGNATURE: WordTable = words! {
    "algorithm": Words(&["hmac-sha256"]), required: "write `algorithm: hmac-sha256`";
    "encoding": Words(&["base64", "base64url", "hex"]),
        required: "write the encoding of the signature";
    "timestamp": Words(&["unix-seconds", "unix-millis", "rfc3339"]),
        required: "write the format of the timestamp";
    "message": Text, required: "write the template of the signed message";
    "headers": Map(&Text), required: "write the headers that are sent";
    "tolerance": Duration, required: "write the permitted clock difference, such as `300s`";
};

static PATH: WordTable = words! {
    "get": OPERATION;
    "put": OPERATION;
    "post": OPERATION;
    "delete": OPERATION;
    "patch": OPERATION;
    unsupported:
    "head": "HEAD is not supported: its response has no body" => "remove it";
    "options": "OPTIONS is not supported" => "remove it";
    "trace": "TRACE is not supported" => "remove it";
    "parameters": "parameters of a path item are not supported" => "declare them in each operation";
    "servers": "only the top-level server is supported" => "move the rest of the URL into the path";
    "summary": "a path item has no documentation of its own" => "move it into the operations";
    "description": "a path item has no documentation of its own" => "move it into the operations";
    "$ref": "references to path items are not supported" => "declare the operations here";
};

static OPERATION: WordShape = Object(&words! {
    "operationId": Text, required: "write a name in snake_case";
    "tags": NonEmpty(&Text), required: "write one tag, the resource that the operation belongs to";
    "x-name": Text, required: "write the method name, such as `list`";
    "summary": Text, required: "write one line";
    "description": Text, required: "describe what the caller needs to know";
    "deprecated": Truth;
    "x-evidence": EVIDENCE, required: "write the source document";
    "x-retry": Words(&["read", "idempotent", "never"]), required: "write read, idempotent or never";
    "x-headers": Map(&Blank);
    "x-rate-limit": Object(&RATE_LIMIT);
    "x-pagination": Object(&PAGINATION);
    "x-envelope": Object(&ENVELOPE);
    "x-errors": List(&Object(&ERROR));
    "x-csv": Object(&CSV);
    "x-rules": List(&Object(&RULE));
    "x-stream": Either(&[Object(&STREAM), NonEmpty(&Object(&STREAM))]);
    "x-effect": Object(&EFFECT);
    "security": List(&REQUIREMENT);
    "parameters": List(&Object(&PARAMETER));
    "requestBody": Object(&BODY);
    "responses": Map(&Object(&RESPONSE)), required: "add the responses";
    unsupported:
    "callbacks": "callbacks are not supported" => "remove them";
    "servers": "only the top-level server is supported" => "move the rest of the URL into the path";
    "externalDocs": "links to other documents are not used" => "name the document in `x-evidence`";
});

static PARAMETER: WordTable = words! {
    "name": Text, required: "write the name as the platform spells it";
    "in": Words(&["path", "query", "header"]), required: "write path, query or header";
    "required": Truth;
    "description": Text, required: "describe the parameter";
    "deprecated": Truth;
    "style": Words(STYLES);
    "explode": Truth;
    "x-style": Words(&["dotted"]);
    "schema": SCHEMA, required: "write `schema` with a type";
    "x-evidence": EVIDENCE;
    unsupported:
    "content": "parameters with `content` are not supported"
        => "write `schema`, with `type: string` for a value that the caller encodes";
    "allowReserved": "reserved characters are always escaped" => "remove it";
    "allowEmptyValue": "an empty string is always sent" => "remove it";
    "$ref": "references to parameters are not supported" => "declare the parameter here";
};

static BODY: WordTable = words! {
    "required": Truth;
    "description": Text;
    "content": Map(&Object(&MEDIA)), required: "write `application/json` with a schema";
    "x-evidence": EVIDENCE;
};

static MEDIA: WordTable = words! {
    "schema": SCHEMA,
        required: "add a schema; for any JSON, a component with only `description` and `x-personal`";
    "example": Any;
    unsupported:
    "encoding": "only JSON bodies are supported" => "remove it";
    "examples": "only one example is supported" => "write `example`";
};

static RESPONSE: WordTable = words! {
    "description": Text, required: "describe the response";
    "headers": Map(&Object(&HEADER));
    "content": Map(&Object(&MEDIA));
    "x-evidence": EVIDENCE;
    unsupported:
    "links": "links are not supported" => "remove them";
    "$ref": "references to responses are not supported" => "declare the response here";
};

static HEADER: WordTable = words! {
    "description": Text, required: "describe the header";
    "required": Truth;
    "schema": SCHEMA, required: "write `schema` with a type";
    "x-evidence": EVIDENCE;
};

static SCHEMA: WordShape = Object(&SCHEMA_WORDS);
pub(super) static SCHEMA_WORDS: WordTable = words! {
    "$ref": Text;
    "type": Words(&["string", "boolean", "number", "integer", "array", "object"]);
    "format": Text;
    "title": Text;
    "description": Text;
    "properties": Map(&SCHEMA);
    "required": List(&Text);
    "items": SCHEMA;
    "additionalProperties": Either(&[Truth, Object(&SCHEMA_WORDS)]);
    "enum": NonEmpty(&Any);
    "oneOf": NonEmpty(&SCHEMA);
    "allOf": NonEmpty(&SCHEMA);
    "nullable": Truth;
    "deprecated": Truth;
    "default": Any;
    "example": Any;
    "minimum": Number;
    "maximum": Number;
    "exclusiveMinimum": Truth;
    "exclusiveMaximum": Truth;
    "minLength": COUNT;
    "maxLength": COUNT;
    "minItems": COUNT;
    "maxItems": COUNT;
    "uniqueItems": Truth;
    "minProperties": COUNT;
    "maxProperties": COUNT;
    "x-timestamp": Either(&[Words(TIMESTAMPS), NonEmpty(&Words(TIMESTAMPS))]);
    "x-personal": Words(PERSONAL);
    "x-send": Words(&["always"]);
    "x-maps-to": Map(&Map(&Any));
    "x-evidence": EVIDENCE;
    unsupported:
    "not": "`not` is not supported: the generator would drop the property it names"
        => "write `x-rules` or `oneOf` instead";
    "anyOf": "`anyOf` is not supported: its types could not be decoded"
        => "write `oneOf` with components instead";
    "discriminator": "discriminators are ignored" => "write `oneOf` without it instead";
    "pattern": "patterns are not checked" => "move it into the description";
    "readOnly": "the keyword is not used" => "remove it";
    "writeOnly": "the keyword is not used" => "remove it";
    "multipleOf": "multiples are not checked" => "move it into the description";
    "externalDocs": "links to other documents are not used" => "name the document in `x-evidence`";
    "xml": "XML is not supported" => "remove it";
    "const": "OpenAPI 3.0 has no constants" => "write an `enum` with one value";
};
