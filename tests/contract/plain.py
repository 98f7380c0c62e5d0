#!/usr/bin/env python3
"""Says a spec in OpenAPI's own words, for tools that do not know the words that begin with x-.

    plain.py SPEC.yaml HUB > PLAIN.json
    plain.py --planted SPEC.yaml HUB > PLAIN.json     with lies in every operation, that a judge must report

HUB is the address of a sandbox's control API, which says where the platform is and what it wants. A reading of specs/README.md
that shares no code with the crates:

- The path of the base URL stands in each path.
- x-scope: the parameter allows one value, the sandbox's.
- x-headers: a header that allows one value. OpenAPI ignores a parameter called Content-Type, so hooks.py sends that.
- x-send: always: the property is required, in what is sent.
- x-timestamp: a pattern, in what is sent.
- x-rules, any-of: an anyOf of the body.
- The alternatives of a oneOf of objects are told apart by what they name: they allow nothing else.
- nullable beside an allOf or an enum: null is allowed, which OpenAPI 3.0.3 does not take it for.
"""

import json
import sys
import urllib.parse
import urllib.request

import yaml

METHODS = ("get", "post", "put", "patch", "delete")
RFC3339 = r"20[0-2][0-9]-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3])(:[0-5][0-9]){2}(\.[0-9]{1,9})?Z"


def ask(hub, target):
    # A proxy of the environment cannot reach a sandbox on this computer.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(hub + target, timeout=30) as answer:
        return json.load(answer)


def load(spec, hub):
    """The spec, and what the sandbox says of its platform."""
    with open(spec, encoding="utf-8") as file:
        document = yaml.safe_load(file)
    platforms = ask(hub, "/_sandbox/platforms")
    return document, next(one for one in platforms if one["name"] == document["x-platform"])


def operations(document):
    """By operationId: path, method and operation."""
    return {
        item[method]["operationId"]: (path, method, item[method])
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    }


def flat(document, schema):
    """The schema behind references and a single allOf, with what stands beside them."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    beside = {word: value for word, value in schema.items() if word != "allOf"}
    for part in schema.get("allOf", []):
        beside = {**flat(document, part), **beside}
    if beside.get("nullable") and "enum" in beside:
        beside["enum"] = [*beside["enum"], None]
    return beside


def sent(document, schema):
    """A schema of what is sent, without references."""
    schema = flat(document, schema)
    if "oneOf" in schema:
        schema["oneOf"] = [sent(document, form) for form in schema["oneOf"]]
        for form in schema["oneOf"]:
            if form.get("type") == "object":
                form.setdefault("additionalProperties", False)
    for inner in ("items", "additionalProperties"):
        if isinstance(schema.get(inner), dict):
            schema[inner] = sent(document, schema[inner])
    if "properties" in schema:
        always = [name for name, own in schema["properties"].items() if own.get("x-send") == "always"]
        needed = dict.fromkeys(schema.get("required", []) + always)
        schema["properties"] = {name: sent(document, own) for name, own in schema["properties"].items()}
        if needed:
            schema["required"] = list(needed)
    styles = schema.get("x-timestamp", [])
    styles = [styles] if isinstance(styles, str) else styles
    if schema.get("type") == "string" and styles:
        schema["pattern"] = f"^({RFC3339}{'|' if 'empty-is-none' in styles else ''})$"
    return schema


def received(document, schema):
    """A schema of an answer; references stay, but for those that have something beside them."""
    # A component without a reference is flat, but for null among its words.
    schema = dict(schema) if "$ref" in schema else flat(document, schema)
    for inner in ("items", "additionalProperties"):
        if isinstance(schema.get(inner), dict):
            schema[inner] = received(document, schema[inner])
    if "properties" in schema:
        schema["properties"] = {name: received(document, own) for name, own in schema["properties"].items()}
    return schema


def not_null_at(pointer):
    """A schema that holds where something other than null stands at the pointer."""
    schema = {"not": {"enum": [None]}}
    for name in reversed(pointer.removeprefix("/").split("/")):
        schema = {"type": "object", "required": [name], "properties": {name: schema}}
    return schema


def say_plainly(document, facts, operation):
    parameters = operation.setdefault("parameters", [])
    for parameter in parameters:
        schema = parameter["schema"] = flat(document, parameter["schema"])
        if parameter["name"] in facts["scope"]:
            value = facts["scope"][parameter["name"]]
            schema["enum"] = [int(value) if schema["type"] == "integer" else value]
    for name, value in operation.get("x-headers", {}).items():
        if name.lower() != "content-type":
            schema = {"type": "string", "enum": [value]}
            parameters.append({"name": name, "in": "header", "required": True, "schema": schema})
    for media in operation.get("requestBody", {}).get("content", {}).values():
        media["schema"] = sent(document, media["schema"])
        for rule in operation.get("x-rules", []):
            if "any-of" in rule:
                media["schema"]["anyOf"] = [not_null_at(pointer) for pointer in rule["any-of"]]


def plain(document, facts):
    base = urllib.parse.urlsplit(facts["base_url"])
    document["servers"] = [{"url": f"{base.scheme}://{base.netloc}"}]
    for _, _, operation in operations(document).values():
        say_plainly(document, facts, operation)
    document["paths"] = {base.path.rstrip("/") + path: item for path, item in document["paths"].items()}
    schemas = document["components"]["schemas"]
    document["components"]["schemas"] = {name: received(document, schema) for name, schema in schemas.items()}
    return document


def plant(document):
    """Makes the document wrong: in the type of the answers, their headers and statuses, and in what must be sent."""
    for _, _, operation in operations(document).values():
        integer = {"type": "integer"}
        operation["parameters"].append({"name": "planted", "in": "query", "required": True, "schema": integer})
        answers = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
        operation["responses"] = answers
        for answer in answers.values():
            answer["headers"] = {"X-Planted": {"required": True, "schema": integer}}
            for media in answer["content"].values():
                media["schema"] = integer
    # No operation has all of them at once: what has another media type is not read.
    answers["200"]["content"] = {"text/planted": {"schema": {"type": "string"}}}
    return document


def main(arguments):
    planted = arguments[:1] == ["--planted"]
    if len(arguments) != 2 + planted:
        sys.exit(__doc__)
    document = plain(*load(*arguments[planted:]))
    json.dump(plant(document) if planted else document, sys.stdout, indent=1)


if __name__ == "__main__":
    main(sys.argv[1:])
