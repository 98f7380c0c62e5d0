//! The rules, each by name. The one table that `--rules`, `--explain` and `docs/lint.md` are made of.

/// A rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// In kebab-case.
    pub name: &'static str,
    /// What holds, in one line.
    pub meaning: &'static str,
    /// What would happen otherwise.
    pub why: &'static str,
    /// How to mend a spec that breaks it.
    pub fix: &'static str,
}

macro_rules! rules {
    ($($title:literal { $($constant:ident: $name:literal, $meaning:literal, $why:literal, $fix:literal;)* })*) => {
        $($(
            #[doc = $meaning]
            pub const $constant: &Rule = &Rule { name: $name, meaning: $meaning, why: $why, fix: $fix };
        )*)*

        /// All rules, in the order of the documentation: chapters, and the rules of each.
        pub const CHAPTERS: &[(&str, &[&Rule])] = &[$(($title, &[$($constant),*])),*];
    };
}

/// All rules.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    CHAPTERS.iter().flat_map(|(_, rules)| rules.iter().copied())
}

/// The rule of this name.
pub fn by_name(name: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.name == name)
}

rules! {
"YAML" {
YAML_SYNTAX: "yaml-syntax",
    "The file is YAML 1.2, indented with spaces.",
    "Nothing can be read behind the place where it stops being YAML.",
    "Mend the place that the report shows, or the line above it.";
ONE_DOCUMENT: "one-document",
    "A file holds one document.",
    "One file is one platform; a second document, or an empty file, would be dropped without a word.",
    "Write one spec a file, without `---` between parts.";
DUPLICATE_KEY: "duplicate-key",
    "A key stands once in its object.",
    "Readers of YAML take the first or the last, as they like.",
    "Leave one of the two out.";
TEXT_KEY: "text-key",
    "Every key is a text.",
    "Status codes and words such as `null` are numbers and the like without quotes, and JSON has only texts as keys.",
    "Write quotes around the key.";
YAML_TAG: "yaml-tag",
    "No YAML tags.",
    "A tag gives a value a type that JSON does not have.",
    "Write the value without the tag; quotes make a text of it.";
YAML_ALIAS: "yaml-alias",
    "An alias stands for something that is complete before it, and all of them together not for too much. There are no merge keys.",
    "A few lines of aliases of aliases can stand for gigabytes, and what contains itself has no end.",
    "Write the value where it belongs. A schema that is used twice is a component.";
YAML_DEPTH: "yaml-depth",
    "Values are nested 64 levels deep at most.",
    "No real spec is, and tools overflow their stack.",
    "Make components of what is nested.";
FINITE_NUMBER: "finite-number",
    "Numbers are finite.",
    "`.inf` and `.nan` cannot be written as JSON.",
    "Write a number, or a text in quotes.";
CONTROL_CHARACTER: "control-character",
    "Texts and keys have no control characters but line feeds and tabs, and none that turn the direction of writing.",
    "They get into source code, where the compiler refuses them or people read something else than it does.",
    "Leave the character out, or name it in words.";
}

"Words" {
UNKNOWN_WORD: "unknown-word",
    "Every key is one that is read.",
    "A key that nothing reads is a typo, or a promise that is not kept.",
    "Write the word that was meant, or leave the key out.";
UNUSED_WORD: "unused-word",
    "No words of OpenAPI that are not used here.",
    "They would be dropped, or generate code that is wrong.",
    "Write what the report says instead.";
MISSING_WORD: "missing-word",
    "What is needed is there.",
    "Nothing is guessed.",
    "Write the key that is missing.";
WRONG_TYPE: "wrong-type",
    "A value is of its word's type.",
    "`required: \"true\"` is a text, and texts are not truth values.",
    "Write a value of the type that the report names.";
UNKNOWN_VALUE: "unknown-value",
    "Where a word takes one of some values, it is one of them.",
    "Another value means nothing.",
    "Write one of the values that the report names.";
OUT_OF_RANGE: "out-of-range",
    "Numbers are where they make sense.",
    "A rate limit of no requests waits forever.",
    "Write a number within the bounds that the report names.";
EMPTY: "empty",
    "Texts and lists that say something are not empty.",
    "An empty description describes nothing; an enum without values is no type.",
    "Write it, or leave the key out if it is not needed.";
POINTER_FORM: "pointer-form",
    "A pointer is a JSON Pointer: empty, or a slash before each step.",
    "`data` without its slash leads nowhere.",
    "Write `/data`; a `~` in a name is `~0`, a slash `~1`.";
DURATION_FORM: "duration-form",
    "A duration is a whole number of seconds and an `s`, from `1s`.",
    "A number without a unit is misread sooner or later.",
    "Write it like `60s`.";
}

"The document" {
OPENAPI_VERSION: "openapi-version",
    "The document is OpenAPI 3.0.3.",
    "3.1 has another notion of schemas, and null.",
    "Write `openapi: 3.0.3`, and `nullable` where 3.1 has a list of types.";
VOCABULARY_VERSION: "vocabulary-version",
    "The words are those of version 1.",
    "Another version may mean something else by the same word.",
    "Write `x-vocabulary: 1`.";
PLATFORM_NAME: "platform-name",
    "A platform's name is of lower-case letters, digits and single underscores, a letter first.",
    "It names the crate, its folder, the configuration and the environment variables.",
    "Write it so.";
BASE_URL: "base-url",
    "There is one server, an https URL without query, fragment and credentials; under `.invalid` exactly where the caller gives the URL.",
    "It is what every request begins with, and is signed.",
    "Write one `servers` entry such as `https://api.example.com/v1`.";
INFO_TEXT: "info-text",
    "The title is one line without quotes, backslashes and bars; the version is an ASCII text.",
    "The title stands in the crate's manifest; a version without quotes is a number.",
    "Write a plain title, and the version in quotes.";
SCOPE: "scope",
    "Each scope parameter is declared by an operation, everywhere as a text or everywhere as the same whole number, in the path or the query.",
    "It is given once, on the client and in the configuration.",
    "Declare the parameter with `type: string`, or leave it out of `x-scope`.";
}

"Names" {
NAME_FORM: "name-form",
    "Names are in the form of their place: snake_case for operations and methods, PascalCase for schemas, kebab-case for streams, UPPER_SNAKE_CASE for error codes.",
    "They become names in Rust, in the configuration and on the command line.",
    "Write the name in that form.";
DUPLICATE_NAME: "duplicate-name",
    "Names that differ in the document differ in Rust too, and a name is used once in its place.",
    "`pageSize` beside `page_size` would be one field, `_id` beside `id` too.",
    "Rename or leave out one of the two.";
TAKEN_NAME: "taken-name",
    "A name does not clash with what the generated code has itself.",
    "A schema `Vec` or an operation `page` would hide what the code around it means.",
    "Choose another name.";
UNKNOWN_TAG: "unknown-tag",
    "An operation has one tag, and it is described under `tags`.",
    "The tag is the resource that the method is found on; its description is documentation.",
    "Write the tag under `tags` at the top, or the one that was meant.";
UNKNOWN_SCHEME: "unknown-scheme",
    "Schemes that `security` names stand under `components.securitySchemes`.",
    "Requests would be sent without credentials.",
    "Write the scheme that was meant, or describe it.";
UNKNOWN_STREAM: "unknown-stream",
    "Streams that are named exist, and no stream is its own parent, not even through others.",
    "There would be no records to start from.",
    "Write the name of a stream of this file.";
UNKNOWN_PARAMETER: "unknown-parameter",
    "Parameters that a word names are declared by the operation.",
    "The value would be sent nowhere.",
    "Write the parameter that was meant, or declare it under `parameters`.";
UNKNOWN_PROPERTY: "unknown-property",
    "Properties and pointers that a word names exist, as far as the schemas say.",
    "It would always be absent.",
    "Write the property that was meant, or describe it.";
}

"References" {
UNKNOWN_SCHEMA: "unknown-schema",
    "A `$ref` leads to a schema that is there.",
    "There would be no type.",
    "Write the component that was meant, or add it.";
FOREIGN_REF: "foreign-ref",
    "A `$ref` leads to `#/components/schemas/…`, nowhere else.",
    "Other files and other places are not followed.",
    "Make a component of it.";
REF_SIBLING: "ref-sibling",
    "Nothing stands beside a `$ref`.",
    "OpenAPI drops what does, without a word.",
    "Write `allOf: [{ $ref: … }]` and put the rest beside that.";
REF_CIRCLE: "ref-circle",
    "References do not lead back to themselves, and no record holds itself but in a list or a map.",
    "The type would have no end.",
    "Break the circle: describe one of them as a list, or as any JSON.";
UNUSED_SCHEMA: "unused-schema",
    "Every component is used.",
    "What nothing refers to generates nothing, and nobody notices when it is wrong.",
    "Refer to it, or leave it out.";
}

"Operations" {
PATH_FORM: "path-form",
    "A path begins with a slash and is of plain segments and `{parameters}`, each parameter once.",
    "Anything else would be escaped, cut or resolved by URL rules.",
    "Write it like `/users/{id}`; queries are parameters.";
PATH_PARAMETER: "path-parameter",
    "The parameters in a path are those declared `in: path`, with `required: true`.",
    "There is no URL without them.",
    "Declare the parameter under `parameters`, or write it into the path.";
PARAMETER_NAME: "parameter-name",
    "A query parameter's name is of ASCII without spaces, a path parameter's of letters, digits and some signs, a letter among them; a header's is a header name that is not HTTP's own business.",
    "It must give a name in Rust; `Content-Length` and credentials are set by others.",
    "Write the name as the platform spells it; credentials are security schemes, constants are `x-headers`.";
PARAMETER_TYPE: "parameter-type",
    "A parameter is a single value or a `$ref` to an enum; in a query also a list of these, or a `$ref` to an object of a style that can write it.",
    "What else it could be has no single form in a URL or a header.",
    "Describe it as one of these; write in the description how the platform reads it.";
PARAMETER_STYLE: "parameter-style",
    "`style` and `explode` say how a list or an object is written into a query; `x-style: dotted` stands alone.",
    "A style that the value does not have would write something else than the platform reads.",
    "Write a style of this kind of value, or leave it out.";
SUCCESS: "success",
    "There is exactly one 2xx response, and no `default`.",
    "A call gives back one type; `default` says nothing about a status.",
    "Write one 2xx. Errors are listed by their status.";
STATUS: "status",
    "A response stands under a status: three digits, or a digit and `XX`.",
    "Nothing else comes back from a server.",
    "Write it like `\"404\"` or `\"5XX\"`, in quotes.";
MEDIA_TYPE: "media-type",
    "A success is `application/json`, or `text/csv` together with `x-csv`, or has no content, as with 204; a request body is `application/json`.",
    "Nothing else is encoded and decoded.",
    "Write one of these; without content neither `x-pagination` nor a payload.";
BODY: "body",
    "A request body is a `$ref` or a list of `$ref`s, texts, truth values or numbers.",
    "Its type must have a name or be plain.",
    "Make a component of it and write a `$ref`.";
ANSWER: "answer",
    "A JSON answer is a `$ref`, or a list of a `$ref`.",
    "A component gives the type its name and its documentation.",
    "Make a component of it; any JSON is a component with only a description and `x-personal`.";
HEADER_TEXT: "header-text",
    "Constant headers have header names and visible ASCII as values.",
    "They could not be sent.",
    "Write the name and value as they stand in the request.";
SUMMARY_LINE: "summary-line",
    "A summary is one line, without bars.",
    "It heads the method's documentation and stands in a table.",
    "Write the rest into the description.";
CONDITION: "condition",
    "A condition of `fail-when` has exactly one of `is`, `not` and `min`.",
    "What two of them mean together is not said.",
    "Write two conditions, or leave one test out.";
REQUEST_RULE: "request-rule",
    "A rule of `x-rules` is either `any-of`, of an operation with a body, or `less`, of two optional parameters of one type.",
    "Anything else cannot be checked before sending.",
    "Write one of the two.";
EFFECT: "effect",
    "An `x-effect` is one word with the name of a stream, and, but for `create`, `at`, under a path that ends with the record's key.",
    "The sandbox could not carry it out.",
    "Write it like `{ merge: users, at: /attributes }`.";
CSV: "csv",
    "The row of `x-csv` is an object of texts and timestamps.",
    "A field of CSV is a text.",
    "Describe the columns as `type: string`, none of them `required`.";
}

"Lists and streams" {
PAGING_WORDS: "paging-words",
    "The words of `x-pagination` are those of its style.",
    "`next` belongs to `cursor`; `single` has no position.",
    "Write what the style needs, leave out what it does not take.";
PAGING_POSITION: "paging-position",
    "The position is a query parameter, or a property at the top of the body: a whole number for `page` and `offset`, a text for `cursor`.",
    "Paging sets it before each request.",
    "Declare it with that type; in a body neither `required` nor, for a cursor, `x-send`.";
PAGING_SIZE: "paging-size",
    "The page size is a whole number, in the same place as the position.",
    "Reading a whole list asks for large pages.",
    "Declare it so.";
PAGING_ITEMS: "paging-items",
    "The records of a list are a `$ref` to an object or to any JSON.",
    "A record has fields that tell it apart.",
    "Let `items` lead to a list of such records, or describe the answer as any JSON.";
STREAM_PAGING: "stream-paging",
    "A stream belongs to an operation with `x-pagination` and a JSON answer.",
    "Sync reads lists.",
    "Add `x-pagination`, with `style: single` where one answer holds everything.";
STREAM_PARAMETER: "stream-parameter",
    "Each required parameter of a stream's operation is covered once, by `x-scope`, `with`, `seeds` or `parent.bind`, and these name nothing else.",
    "Sync would not know what to send.",
    "Cover the parameter in one place.";
STREAM_VALUE: "stream-value",
    "A value under `with` is one that its parameter or property can have; `seeds` and `parent.bind` give single values, and a list in the query one item.",
    "It would be refused, or not compile.",
    "Write a value of the type; of an enum, one of its values.";
STREAM_BODY: "stream-body",
    "The body of a stream's operation is an object whose required properties come from `with`, `seeds` or `parent.bind`, or have `x-send: always`.",
    "Sync has nothing to put there.",
    "Cover the property in one place, make it optional, or write `x-send: always` with a default.";
STREAM_MAPPING: "stream-mapping",
    "The records of a stream have `x-maps-to`, on their component or on the answer where that is any JSON, and a key: `key` or a mapped `id`.",
    "Sync could not say whose record it is.",
    "Write `x-maps-to` on the component of the record.";
MAPPING: "mapping",
    "`x-maps-to` maps fields that contacts, conversations and messages have, with the forms of value the README lists.",
    "Anything else would map nothing.",
    "Write a pointer, or one of `first`, `join`, `map`, `pairs`, `phone`.";
}

"Security schemes" {
SCHEME_KIND: "scheme-kind",
    "A scheme is `http` with `bearer` or `basic`, or an `apiKey` in a header.",
    "Nothing else can be sent.",
    "Write one of these; OAuth is a bearer token that somebody else obtains.";
SIGNATURE: "signature",
    "`message` and `headers` of a signature, and an `x-header-value`, have only known placeholders, and the headers carry what the receiver needs.",
    "Every request would fail, on the first call instead of here.",
    "Write the placeholders as the README lists them; `{signature}` in a header, `{timestamp}` and `{nonce}` where the message has them.";
}

"Schemas" {
INLINE_OBJECT: "inline-object",
    "Objects with properties are components.",
    "An object in place could take another type's name, silently.",
    "Make a component of it and write a `$ref`.";
INLINE_ENUM: "inline-enum",
    "Enums are components.",
    "An enum in place could take another type's name, silently.",
    "Make a component of it and write a `$ref`.";
ONE_OF: "one-of",
    "`oneOf` is a component that request bodies refer to: a list of `$ref`s to different objects.",
    "Which of them an answer is cannot be known; in a request the caller says it.",
    "Describe an answer as one object with everything optional, or as any JSON.";
ALL_OF: "all-of",
    "`allOf` holds a single `$ref`.",
    "It is the way to put something beside a reference; merged objects have no name.",
    "Write a component with all properties.";
SCHEMA_WORDS: "schema-words",
    "The words of a schema belong to its type.",
    "`properties` beside `type: string` contradict each other, and one of them would be ignored.",
    "Write the type that is meant, and only its words.";
CLOSED_OBJECT: "closed-object",
    "No `additionalProperties: false`.",
    "A new field would make answers unreadable.",
    "Leave it out.";
FORMAT: "format",
    "The only formats are `int32` and `int64`, on whole numbers.",
    "`date-time`, `email` or `uuid` would refuse what platforms do send.",
    "Write `x-timestamp` for times; leave other formats out.";
DEFAULT_VALUE: "default-value",
    "A `default` is a value that the schema allows.",
    "With `x-send: always` it is sent.",
    "Write a value of the type; of an enum, one of its values.";
LIMITS: "limits",
    "A lower limit is not above the upper one, whole numbers have whole limits, and an object has at most 64 required properties.",
    "No value could be sent; the required properties of an answer are counted in 64 bits.",
    "Write limits that leave something, and require only what a record cannot be without.";
SEND: "send",
    "`x-send: always` stands on a property that has a first value: a default, or a type with an empty value.",
    "There would be nothing to send; an enum has no empty value, nor has an object with required properties.",
    "Write a `default`, or leave `x-send` out.";
PERSONAL: "personal",
    "Every free text, free object and any JSON has `x-personal`, and nothing else needs one.",
    "What nobody marked would be shown in logs, or hidden though it is harmless.",
    "Write one of the categories, with `none` if it is nobody's.";
TIMESTAMP: "timestamp",
    "`x-timestamp` stands on a text or, as `unix-millis`, on a whole number.",
    "Nothing else is a time.",
    "Write the style that the platform uses.";
}

"Texts" {
DESCRIPTION: "description",
    "Every component and property has a description.",
    "It is the documentation of the type and the field.",
    "Write what it is; beside a `$ref` with `allOf`.";
PROSE: "prose",
    "Descriptions are plain text: no indented code, no bare `<`, `>`, `[`, `]` and URLs.",
    "They are Rust documentation: code would run as a test, brackets become links and tags.",
    "Write backquotes around it.";
EVIDENCE: "evidence",
    "Everything a platform sends or takes has evidence: its own, or that of what it stands in; a component's `$ref` does not hand its own down.",
    "Nobody could say later why the spec says what it says.",
    "Write `x-evidence: { from: …, grade: … }` at the top, on every operation, and wherever another document is the source.";
}
}
