//! The table of lint rules, and the source of `cargo xtask lint --rules`, `--explain` and `docs/lint.md`.

/// A lint rule.
#[derive(Debug, PartialEq, Eq)]
pub struct LintRule {
    /// Name in kebab-case.
    pub name: &'static str,
    /// What a valid spec satisfies, one line.
    pub meaning: &'static str,
    /// Reason for the rule.
    pub why: &'static str,
    /// How to correct a spec that violates it.
    pub fix: &'static str,
}

macro_rules! rules {
    ($($title:literal { $($constant:ident: $name:literal, $meaning:literal, $why:literal, $fix:literal;)* })*) => {
        $($(
            #[doc = $meaning]
            pub const $constant: &LintRule = &LintRule { name: $name, meaning: $meaning, why: $why, fix: $fix };
        )*)*

        /// All rules in the order of the documentation: the title of each chapter and its rules.
        pub const CHAPTERS: &[(&str, &[&LintRule])] = &[$(($title, &[$($constant),*])),*];
    };
}

/// Iterates over all rules, in the order of [`CHAPTERS`].
pub fn all() -> impl Iterator<Item = &'static LintRule> {
    CHAPTERS.iter().flat_map(|(_, rules)| rules.iter().copied())
}

/// Returns the rule with this name.
pub fn by_name(name: &str) -> Option<&'static LintRule> {
    all().find(|rule| rule.name == name)
}

rules! {
"YAML" {
YAML_SYNTAX: "yaml-syntax",
    "The file is valid YAML 1.2, indented with spaces.",
    "The parser cannot continue past a syntax error.",
    "Correct the reported line or the line above it.";
ONE_DOCUMENT: "one-document",
    "A file contains exactly one YAML document.",
    "One file describes one platform; an empty file or a second document would be ignored silently.",
    "Write one spec per file, without `---` separators.";
DUPLICATE_KEY: "duplicate-key",
    "A key occurs once in its object.",
    "YAML parsers disagree on whether the first or the last value wins.",
    "Remove one of the two.";
TEXT_KEY: "text-key",
    "Every key is a string.",
    "JSON objects have string keys only; an unquoted status code is a number, and an unquoted `null` is null.",
    "Quote the key.";
YAML_TAG: "yaml-tag",
    "YAML tags are not supported.",
    "A tag assigns a type that JSON does not have.",
    "Remove the tag; quote the value if it is a string.";
YAML_ALIAS: "yaml-alias",
    "An alias refers to a complete value above it, and aliases do not expand to an excessive size. Merge keys are not supported.",
    "A few lines of nested aliases can expand to gigabytes, and an alias inside its own anchor never ends.",
    "Write the value in place. Make a schema that is used twice a component.";
YAML_DEPTH: "yaml-depth",
    "Values are nested at most 64 levels deep.",
    "No real spec needs more, and deeper nesting overflows the stack of many tools.",
    "Move nested schemas into components.";
FINITE_NUMBER: "finite-number",
    "Numbers are finite.",
    "JSON cannot represent `.inf` and `.nan`.",
    "Write a finite number, or quote the value to make it a string.";
CONTROL_CHARACTER: "control-character",
    "Strings and keys contain no control characters except line feeds and tabs, and no bidirectional or other invisible formatting characters.",
    "Specs become source code; compilers reject such characters, or readers see something other than the compiler does.",
    "Remove the character, or describe it in words.";
}

"Words" {
UNKNOWN_WORD: "unknown-word",
    "Every key is part of the vocabulary.",
    "An unknown key is a typo, or describes something that is never applied.",
    "Correct the key, or remove it.";
UNUSED_WORD: "unused-word",
    "OpenAPI keywords that the generator does not support are not used.",
    "They would be ignored or produce wrong code.",
    "Use the alternative named in the report.";
MISSING_WORD: "missing-word",
    "Required keys are present.",
    "The generator does not guess.",
    "Add the missing key.";
WRONG_TYPE: "wrong-type",
    "A value has the type of its key.",
    "`required: \"true\"` is a string, not a boolean.",
    "Write a value of the type named in the report.";
UNKNOWN_VALUE: "unknown-value",
    "A key with a fixed set of values has one of them.",
    "Other values have no meaning.",
    "Write one of the values named in the report.";
OUT_OF_RANGE: "out-of-range",
    "Numbers are within the range of their key.",
    "A rate limit of zero requests, for example, would wait forever.",
    "Write a number within the bounds named in the report.";
EMPTY: "empty",
    "Strings and lists that carry information are not empty.",
    "An empty description documents nothing, and an enum without values is not a type.",
    "Fill in the value, or remove the key if it is optional.";
POINTER_FORM: "pointer-form",
    "A pointer is a valid JSON Pointer: empty, or with a slash before each step.",
    "`data` without its leading slash is not a pointer.",
    "Write `/data`; escape `~` in a key as `~0` and a slash as `~1`.";
DURATION_FORM: "duration-form",
    "A duration is a whole number of seconds followed by `s`, at least `1s`.",
    "A number without a unit is ambiguous.",
    "Write it like `60s`.";
}

"The document" {
OPENAPI_VERSION: "openapi-version",
    "The document uses OpenAPI 3.0.3.",
    "OpenAPI 3.1 defines schemas and null differently.",
    "Write `openapi: 3.0.3`, and `nullable` instead of a list of types.";
VOCABULARY_VERSION: "vocabulary-version",
    "The document uses version 1 of the vocabulary.",
    "The same key may have another meaning in another version.",
    "Write `x-vocabulary: 1`.";
PLATFORM_NAME: "platform-name",
    "A platform name consists of lower-case letters, digits and single underscores, and starts with a letter.",
    "It names the crate, its folder, the configuration section and the environment variables.",
    "Rename the platform accordingly.";
BASE_URL: "base-url",
    "There is exactly one server: an https URL without query, fragment or credentials, whose host is under `.invalid` if and only if `x-base-url: required` is set.",
    "Every request starts with the base URL, and signatures cover it.",
    "Write one `servers` entry such as `https://api.example.com/v1`.";
INFO_TEXT: "info-text",
    "The title is a single line without `|`; the version is a single line of ASCII.",
    "The title is used in the crate manifest and in tables, and the version in generated code.",
    "Write a plain title, and quote the version.";
SCOPE: "scope",
    "Each scope parameter is declared by at least one operation, in the path or the query, and is a string everywhere or an integer of the same format everywhere.",
    "Its value is set once, on the client and in the configuration.",
    "Declare the parameter with the same type everywhere, or remove it from `x-scope`.";
}

"Names" {
NAME_FORM: "name-form",
    "Names follow the convention of their kind: snake_case for operations and methods, PascalCase for schemas, kebab-case for streams, UPPER_SNAKE_CASE for error codes.",
    "They become Rust identifiers, configuration keys and command-line arguments.",
    "Rename it accordingly.";
DUPLICATE_NAME: "duplicate-name",
    "Different names in the document map to different Rust identifiers, and a name is used once within its namespace.",
    "`pageSize` and `page_size` would become the same field, and so would `_id` and `id`.",
    "Rename or remove one of the two.";
TAKEN_NAME: "taken-name",
    "A name does not clash with an identifier of the generated code.",
    "A schema named `Vec` or an operation named `page` would shadow a name that the generated code uses.",
    "Choose another name.";
UNKNOWN_TAG: "unknown-tag",
    "An operation has exactly one tag, which is listed under `tags`.",
    "The tag is the resource that provides the method, and its description is documentation.",
    "Correct the tag, or add it to the top-level `tags`.";
UNKNOWN_SCHEME: "unknown-scheme",
    "Schemes referenced by `security` are defined under `components.securitySchemes`.",
    "Requests would be sent without credentials.",
    "Correct the name, or define the scheme.";
UNKNOWN_STREAM: "unknown-stream",
    "Referenced streams exist, and no stream is its own ancestor.",
    "Sync would have no records to start from.",
    "Write the name of a stream in this file.";
UNKNOWN_PARAMETER: "unknown-parameter",
    "Parameters named by an extension are declared by the operation.",
    "The value would never be sent.",
    "Correct the name, or declare it under `parameters`.";
UNKNOWN_PROPERTY: "unknown-property",
    "Properties and pointers named by an extension exist, as far as the schemas are specified.",
    "The value would always be absent.",
    "Correct the name, or add the property to the schema.";
}

"References" {
UNKNOWN_SCHEMA: "unknown-schema",
    "A `$ref` refers to an existing schema.",
    "There would be no type to generate.",
    "Correct the reference, or add the component.";
FOREIGN_REF: "foreign-ref",
    "A `$ref` refers to `#/components/schemas/…` only.",
    "References to other files or other parts of the document are not resolved.",
    "Make the target a component.";
REF_SIBLING: "ref-sibling",
    "A `$ref` has no sibling keys.",
    "OpenAPI ignores them silently.",
    "Write `allOf: [{ $ref: … }]` and put the other keys beside `allOf`.";
REF_CIRCLE: "ref-circle",
    "References do not form a cycle, and a record contains itself only through an optional property, a list or a map.",
    "The type would have infinite size.",
    "Break the cycle: make one of the schemas a list, or any JSON.";
UNUSED_SCHEMA: "unused-schema",
    "Every component is used.",
    "An unused component generates nothing, so mistakes in it go unnoticed.",
    "Refer to the component, or remove it.";
}

"Operations" {
PATH_FORM: "path-form",
    "A path starts with a slash and consists of plain segments and `{parameters}`, each parameter once.",
    "Anything else would be escaped, truncated or resolved by URL rules.",
    "Write it like `/users/{id}`; declare queries as parameters.";
PATH_PARAMETER: "path-parameter",
    "The parameters in the path are exactly those declared `in: path` with `required: true`.",
    "The URL cannot be built without them.",
    "Declare the parameter under `parameters`, or add it to the path.";
PARAMETER_NAME: "parameter-name",
    "The name of a query parameter is ASCII without spaces; the name of a path parameter consists of letters, digits and a few symbols; both contain a letter. A header parameter has a valid header name that neither HTTP nor authentication reserves.",
    "The name becomes a Rust identifier; `Content-Length` and credentials are set elsewhere.",
    "Write the name as the platform spells it; use security schemes for credentials and `x-headers` for constants.";
PARAMETER_TYPE: "parameter-type",
    "A parameter is a scalar or a `$ref` to an enum; in the query also a list of these, or a `$ref` to an object with a style that can serialize it.",
    "Other values have no single representation in a URL or a header.",
    "Use one of these types, and explain the format in the description.";
PARAMETER_STYLE: "parameter-style",
    "`style` and `explode` match the type of the parameter; `x-style: dotted` is used without them.",
    "With a mismatched style, the request would not be what the platform expects.",
    "Write a style that matches the type, or remove it.";
SUCCESS: "success",
    "There is exactly one 2xx response and no `default`.",
    "A call returns one type; `default` does not name a status.",
    "Write one 2xx response, and list errors by status.";
STATUS: "status",
    "A response is keyed by its status: three digits, or a digit and `XX`.",
    "Servers return no other kind of status.",
    "Write it like `\"404\"` or `\"5XX\"`, in quotes.";
MEDIA_TYPE: "media-type",
    "A success response is `application/json`, or `text/csv` together with `x-csv`, or has no content, such as 204; a request body is `application/json`.",
    "Other media types are neither encoded nor decoded.",
    "Write one of these; a response without content has no `x-pagination` and no payload.";
BODY: "body",
    "A request body is a `$ref`, or a list of `$ref`s, strings, booleans or numbers.",
    "Its type needs a name or is a primitive.",
    "Move the schema into a component and refer to it with `$ref`.";
ANSWER: "answer",
    "A JSON response is a `$ref`, or a list of a `$ref`.",
    "The component gives the type its name and documentation.",
    "Move the schema into a component; for any JSON, a component with only `description` and `x-personal`.";
HEADER_TEXT: "header-text",
    "Constant headers have valid header names and values of visible ASCII.",
    "Other headers cannot be sent.",
    "Write the name and value as they appear in the request.";
SUMMARY_LINE: "summary-line",
    "A summary is a single line without `|`.",
    "It is the first line of the method's documentation and a cell of a table.",
    "Move the rest into the description.";
CONDITION: "condition",
    "A condition of `fail-when` has exactly one of `is`, `not` and `min`.",
    "The vocabulary does not define how several tests combine.",
    "Write one condition per test.";
REQUEST_RULE: "request-rule",
    "A rule of `x-rules` is either `any-of`, on an operation with a body, or `less`, on two parameters of the same type.",
    "Other rules cannot be checked before sending.",
    "Write one of the two.";
EFFECT: "effect",
    "An `x-effect` has exactly one change with the name of a stream; every change except `create` also has `at` and a path that ends with the record's key.",
    "The sandbox could not apply the change.",
    "Write it like `{ merge: users, at: /attributes }`.";
CSV: "csv",
    "The row schema of `x-csv` is an object of strings and timestamps.",
    "CSV fields are strings.",
    "Declare the columns as `type: string`, none of them `required`.";
}

"Lists and streams" {
PAGING_WORDS: "paging-words",
    "The keys of `x-pagination` match its style.",
    "For example, only `cursor` has `next`, and `single` has no position.",
    "Add the keys that the style requires, and remove those it does not support.";
PAGING_POSITION: "paging-position",
    "The position is a query parameter or a top-level property of the body: an integer for `page` and `offset`, a string or an integer for `cursor`.",
    "The paginator sets it before each request.",
    "Declare it with that type; in a body, neither `required` nor, for a cursor, `x-send`.";
PAGING_SIZE: "paging-size",
    "The page size is an integer in the same part of the request as the position.",
    "Reading a whole list requests large pages.",
    "Declare it like the position.";
PAGING_ITEMS: "paging-items",
    "The records of a list are a `$ref` to an object or to any JSON.",
    "Records need fields that identify them.",
    "Point `items` to a list of such records, or describe the response as any JSON.";
STREAM_PAGING: "stream-paging",
    "A stream belongs to an operation with `x-pagination`.",
    "Sync reads lists.",
    "Add `x-pagination`, with `style: single` if one response contains all records.";
STREAM_PARAMETER: "stream-parameter",
    "Each required parameter of a stream's operation is set exactly once, by `x-scope`, `with`, `seeds` or `parent.bind`, and these name no other parameter.",
    "Sync would not know what to send.",
    "Set the parameter in one place.";
STREAM_VALUE: "stream-value",
    "A value under `with` is valid for its parameter or property; `seeds` and `parent.bind` supply single values, which may be the one item of a list parameter.",
    "The platform would reject the value, or the generated code would not compile.",
    "Write a value of the declared type; for an enum, one of its values.";
STREAM_BODY: "stream-body",
    "The request body of a stream's operation is an object whose required properties are set by `with`, `seeds` or `parent.bind`, or have `x-send: always`.",
    "Sync has no other source of values.",
    "Set the property in one place, make it optional, or add `x-send: always` with a default.";
STREAM_MAPPING: "stream-mapping",
    "The records of a stream have `x-maps-to`, on their component or, for any JSON, on the response, and a key: `key` or a mapped `id`.",
    "Sync could not store the records or tell them apart.",
    "Write `x-maps-to` on the component of the record.";
MAPPING: "mapping",
    "`x-maps-to` maps to fields of a contact, conversation or message, with the expressions that specs/README.md lists.",
    "Other fields do not exist, and other expressions are not evaluated.",
    "Write a pointer, or one of `first`, `join`, `map`, `pairs` and `phone`.";
}

"Security schemes" {
SCHEME_KIND: "scheme-kind",
    "A scheme is `http` with `bearer` or `basic`, or an `apiKey` in a header.",
    "Other schemes are not supported.",
    "Write one of these; for OAuth, describe the bearer token that the caller obtains.";
SIGNATURE: "signature",
    "`message` and `headers` of a signature, and `x-header-value`, contain only known placeholders, and the headers carry everything the receiver needs to verify the signature.",
    "Otherwise every request would fail, at run time instead of here.",
    "Use the placeholders that specs/README.md lists: `{signature}` in a header, and `{timestamp}` and `{nonce}` if the message contains them.";
}

"Schemas" {
INLINE_OBJECT: "inline-object",
    "Objects with properties are components.",
    "The generated name of an inline object could silently clash with another type.",
    "Move it into a component and refer to it with `$ref`.";
INLINE_ENUM: "inline-enum",
    "Enums are components.",
    "The generated name of an inline enum could silently clash with another type.",
    "Move it into a component and refer to it with `$ref`.";
ONE_OF: "one-of",
    "`oneOf` is a component that request bodies refer to: a list of `$ref`s to different objects.",
    "The variant of a response cannot be determined; in a request the caller chooses it.",
    "Describe a response as one object with optional properties, or as any JSON.";
ALL_OF: "all-of",
    "`allOf` contains a single `$ref`.",
    "It exists to add keys beside a reference; a merged object would have no name.",
    "Write a component with all properties.";
SCHEMA_WORDS: "schema-words",
    "The keywords of a schema match its type.",
    "`properties` and `type: string`, for example, contradict each other, and one would be ignored.",
    "Write the intended type and only its keywords.";
CLOSED_OBJECT: "closed-object",
    "`additionalProperties: false` is not used.",
    "A new field would break decoding of responses.",
    "Remove it.";
FORMAT: "format",
    "The only formats are `int32` and `int64`, on integers.",
    "`date-time`, `email` or `uuid` would reject values that platforms do send.",
    "Write `x-timestamp` for times, and remove other formats.";
DEFAULT_VALUE: "default-value",
    "A `default` is a value that the schema allows.",
    "With `x-send: always`, it is sent.",
    "Write a value of the declared type; for an enum, one of its values.";
LIMITS: "limits",
    "A lower limit does not exceed its upper limit, limits of integers are integers, and an object has at most 64 required properties.",
    "No value would satisfy the limits; the decoder tracks required properties in 64 bits.",
    "Write limits that allow a value, and require only the properties that a record always has.";
SEND: "send",
    "`x-send: always` is used on properties with an initial value: a default, or a type that has an empty value.",
    "Otherwise there is nothing to send; enums and objects with required properties have no empty value.",
    "Write a `default`, or remove `x-send`.";
PERSONAL: "personal",
    "`x-personal` is set on every free-form string, every free-form object and any JSON.",
    "Logs could otherwise show personal data, or hide harmless values.",
    "Write one of the categories, or `none` for data that is not personal.";
TIMESTAMP: "timestamp",
    "`x-timestamp` is used on a string or, as `unix-millis`, on an integer.",
    "Other types do not represent times.",
    "Write the format that the platform uses.";
}

"Texts" {
DESCRIPTION: "description",
    "Every component and every property has a description.",
    "It becomes the documentation of the type or field.",
    "Describe it; for a `$ref`, use `allOf` and write the description beside it.";
PROSE: "prose",
    "Descriptions are plain text without indented code, and without `<`, `>`, `[`, `]` and URLs outside backquotes.",
    "They become Rust documentation: code would run as a test, and brackets would become links or tags.",
    "Put backquotes around it.";
EVIDENCE: "evidence",
    "Everything that a platform sends or accepts has evidence, its own or that of an enclosing object; a component does not inherit evidence from the places that refer to it.",
    "Without a source, nobody can verify the spec later.",
    "Write `x-evidence: { from: …, grade: … }` at the top, on every operation, and wherever the source is a different document.";
}
}
