"""What `plain.py` makes of each word that it translates."""

import re

import pytest

import plain

TEXT = {"type": "string"}


def translate(operation, schemas=None, scope=None):
    """The document of one operation, and that operation, in plain OpenAPI."""
    document = {
        "x-platform": "parley",
        "paths": {"/people": {"get": {"operationId": "list", "responses": {}, **operation}}},
        "components": {"schemas": schemas or {}},
    }
    facts = {"base_url": "http://127.0.0.1:1/api/", "scope": scope or {}}
    document = plain.plain(document, facts)
    return document, document["paths"]["/api/people"]["get"]


def with_body(schema):
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}}


def request_schema(schema, schemas=None, **words):
    _, operation = translate({**with_body(schema), **words}, schemas)
    return operation["requestBody"]["content"]["application/json"]["schema"]


def test_paths_contain_the_path_of_the_base_url():
    document, _ = translate({})
    assert document["servers"] == [{"url": "http://127.0.0.1:1"}]
    assert list(document["paths"]) == ["/api/people"]


def test_x_scope_allows_one_value():
    parameters = [{"name": name, "in": "query", "schema": dict(TEXT)} for name in ("bot", "other")]
    _, operation = translate({"parameters": parameters}, scope={"bot": "b1"})
    assert [parameter["schema"] for parameter in operation["parameters"]] == [{"type": "string", "enum": ["b1"]}, TEXT]


def test_x_headers_are_required_parameters():
    _, operation = translate({"x-headers": {"X-Release": "2", "Content-Type": "application/json"}})
    parameters = [(one["name"], one["required"], one["schema"]["enum"]) for one in operation["parameters"]]
    assert parameters == [("X-Release", True, ["2"])]


def test_x_send_always_is_required_in_a_request_only():
    schemas = {
        "Inner": {"type": "object", "properties": {"b": {**TEXT, "x-send": "always"}}},
        "Outer": {
            "type": "object",
            "required": ["a"],
            "properties": {"a": TEXT, "c": TEXT, "in": {"x-send": "always", "allOf": [{"$ref": "#/components/schemas/Inner"}]}},
        },
    }
    schema = request_schema({"$ref": "#/components/schemas/Outer"}, schemas)
    assert schema["required"] == ["a", "in"]
    assert schema["properties"]["in"]["required"] == ["b"]
    document, _ = translate({}, schemas)
    assert document["components"]["schemas"]["Outer"]["required"] == ["a"]


@pytest.mark.parametrize(
    ("style", "text", "matches"),
    [
        (["rfc3339", "empty-is-none"], "2026-01-28T09:30:00.5Z", True),
        (["rfc3339", "empty-is-none"], "", True),
        (["rfc3339", "empty-is-none"], "2026-01-31", False),
        (["rfc3339", "empty-is-none"], "now", False),
        ("rfc3339", "", False),
    ],
)
def test_x_timestamp_is_a_pattern(style, text, matches):
    pattern = request_schema({**TEXT, "x-timestamp": style})["pattern"]
    assert bool(re.search(pattern, text)) == matches


def test_a_rule_any_of_is_an_any_of_the_body():
    schema = request_schema({"type": "object"}, **{"x-rules": [{"any-of": ["/a", "/b/c"]}]})
    assert [one["required"] for one in schema["anyOf"]] == [["a"], ["b"]]


def test_objects_of_a_one_of_allow_nothing_else():
    forms = [{"type": "object", "properties": {"a": TEXT}}, {"type": "object", "additionalProperties": True}, TEXT]
    schema = request_schema({"oneOf": forms})
    assert [one.get("additionalProperties") for one in schema["oneOf"]] == [False, True, None]


def test_nullable_stands_beside_what_an_all_of_names():
    schemas = {
        "Kind": {"type": "string", "enum": ["a"]},
        "Record": {"type": "object", "properties": {"kind": {"nullable": True, "allOf": [{"$ref": "#/components/schemas/Kind"}]}}},
    }
    kind = {"type": "string", "enum": ["a"], "nullable": True}
    document, operation = translate(with_body({"$ref": "#/components/schemas/Record"}), schemas)
    assert document["components"]["schemas"]["Record"]["properties"]["kind"] == kind
    assert operation["requestBody"]["content"]["application/json"]["schema"]["properties"]["kind"] == kind
    assert "nullable" not in document["components"]["schemas"]["Kind"]
