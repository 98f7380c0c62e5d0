#!/usr/bin/env python3
"""What plain.py makes of each word that it says in OpenAPI's own."""

import re
import unittest

import plain

TEXT = {"type": "string"}


def document(operation, schemas=None):
    return {
        "x-platform": "parley",
        "paths": {"/people": {"get": {"operationId": "list", "responses": {}, **operation}}},
        "components": {"schemas": schemas or {}},
    }


def said(operation, schemas=None, scope=None):
    facts = {"base_url": "http://127.0.0.1:1/api/", "scope": scope or {}}
    made = plain.plain(document(operation, schemas), facts)
    return made["paths"]["/api/people"]["get"], made


def body(schema):
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}}


def sent(schema, schemas=None, **words):
    operation, _ = said({**body(schema), **words}, schemas)
    return operation["requestBody"]["content"]["application/json"]["schema"]


class Words(unittest.TestCase):
    def test_the_path_of_the_base_url(self):
        self.assertEqual(said({})[1]["servers"], [{"url": "http://127.0.0.1:1"}])

    def test_scope(self):
        def parameter(name):
            return {"name": name, "in": "query", "schema": dict(TEXT)}

        operation, _ = said({"parameters": [parameter("bot"), parameter("other")]}, scope={"bot": "b1"})
        schemas = [parameter["schema"] for parameter in operation["parameters"]]
        self.assertEqual(schemas, [{"type": "string", "enum": ["b1"]}, TEXT])

    def test_headers(self):
        operation, _ = said({"x-headers": {"X-Release": "2", "Content-Type": "application/json"}})
        names = [(one["name"], one["required"], one["schema"]["enum"]) for one in operation["parameters"]]
        self.assertEqual(names, [("X-Release", True, ["2"])])

    def test_send_always(self):
        inner = {"type": "object", "properties": {"b": {**TEXT, "x-send": "always"}}}
        schemas = {"Inner": inner, "Outer": {"type": "object", "required": ["a"], "properties": {
            "a": TEXT, "c": TEXT, "in": {"x-send": "always", "allOf": [{"$ref": "#/components/schemas/Inner"}]}}}}
        schema = sent({"$ref": "#/components/schemas/Outer"}, schemas)
        self.assertEqual((schema["required"], schema["properties"]["in"]["required"]), (["a", "in"], ["b"]))
        # In an answer the same schema requires no more than it says.
        _, made = said({}, schemas)
        self.assertEqual(made["components"]["schemas"]["Outer"]["required"], ["a"])

    def test_times(self):
        pattern = sent({**TEXT, "x-timestamp": ["rfc3339", "empty-is-none"]})["pattern"]
        for text, fits in (("2026-01-28T09:30:00.5Z", True), ("", True), ("2026-01-31", False), ("now", False)):
            self.assertEqual(bool(re.search(pattern, text)), fits, text)
        self.assertIsNone(re.search(sent({**TEXT, "x-timestamp": "rfc3339"})["pattern"], ""))

    def test_rules(self):
        schema = sent({"type": "object"}, **{"x-rules": [{"any-of": ["/a", "/b/c"]}]})
        self.assertEqual([one["required"] for one in schema["anyOf"]], [["a"], ["b"]])

    def test_alternatives(self):
        forms = {"oneOf": [{"type": "object", "properties": {"a": TEXT}}, {"type": "object", "additionalProperties": True}, TEXT]}
        made = [one.get("additionalProperties") for one in sent(forms)["oneOf"]]
        self.assertEqual(made, [False, True, None])

    def test_null_beside_an_enum(self):
        schemas = {"Kind": {"type": "string", "enum": ["a"]}, "Record": {"type": "object", "properties": {
            "kind": {"nullable": True, "allOf": [{"$ref": "#/components/schemas/Kind"}]}}}}
        operation, made = said(body({"$ref": "#/components/schemas/Record"}), schemas)
        received = made["components"]["schemas"]["Record"]["properties"]["kind"]
        self.assertEqual(received, {"type": "string", "enum": ["a", None], "nullable": True})
        self.assertEqual(made["components"]["schemas"]["Kind"]["enum"], ["a"])
        kind = operation["requestBody"]["content"]["application/json"]["schema"]["properties"]["kind"]
        self.assertEqual(kind["enum"], ["a", None])


if __name__ == "__main__":
    unittest.main()
