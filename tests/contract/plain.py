"""Translates a spec into plain OpenAPI, for tools that do not know the words that begin with `x-`.

The control API of a sandbox provides the base URL and the scope of a platform. An implementation of specs/README.md that shares no
code with the crates:

- Each path begins with the path of the base URL.
- x-scope: the parameter allows one value, the sandbox's.
- x-headers: a required header parameter that allows one value. OpenAPI ignores a parameter called Content-Type: hooks.py sends it.
- x-send: always: the property is required in requests.
- x-timestamp: a pattern in requests.
- x-rules, any-of: an anyOf of the request body.
- The objects of a oneOf differ by their properties: they allow no additional ones.
- allOf with something beside it, such as nullable: one schema, because OpenAPI 3.0.3 does not let nullable extend an allOf.
"""

import json
import urllib.parse
import urllib.request

import yaml

METHODS = ("get", "post", "put", "patch", "delete")
RFC3339 = r"20[0-2][0-9]-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3])(:[0-5][0-9]){2}(\.[0-9]{1,9})?Z"


def ask(hub, target):
    """The JSON response of the control API."""
    # A proxy of the environment cannot reach a sandbox on this computer.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(hub + target, timeout=30) as response:
        return json.load(response)


def load(spec, hub):
    """The spec, and the facts that the sandbox knows of its platform."""
    with open(spec, encoding="utf-8") as file:
        document = yaml.safe_load(file)
    platforms = ask(hub, "/_sandbox/platforms")
    return document, next(one for one in platforms if one["name"] == document["x-platform"])


def operations(document):
    """Path, method and operation by operationId."""
    return {
        item[method]["operationId"]: (path, method, item[method])
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    }


def flat(document, schema):
    """The schema with references and allOf resolved, merged with the words beside them."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    beside = {word: value for word, value in schema.items() if word != "allOf"}
    for part in schema.get("allOf", []):
        beside = {**flat(document, part), **beside}
    return beside


def request_schema(document, schema):
    """A schema of a request, without references."""
    schema = flat(document, schema)
    if "oneOf" in schema:
        schema["oneOf"] = [request_schema(document, form) for form in schema["oneOf"]]
        for form in schema["oneOf"]:
            if form.get("type") == "object":
                form.setdefault("additionalProperties", False)
    for inner in ("items", "additionalProperties"):
        if isinstance(schema.get(inner), dict):
            schema[inner] = request_schema(document, schema[inner])
    if "properties" in schema:
        always = [name for name, own in schema["properties"].items() if own.get("x-send") == "always"]
        needed = dict.fromkeys(schema.get("required", []) + always)
        schema["properties"] = {name: request_schema(document, own) for name, own in schema["properties"].items()}
        if needed:
            schema["required"] = list(needed)
    styles = schema.get("x-timestamp", [])
    styles = [styles] if isinstance(styles, str) else styles
    if schema.get("type") == "string" and styles:
        schema["pattern"] = f"^({RFC3339}{'|' if 'empty-is-none' in styles else ''})$"
    return schema


def response_schema(document, schema):
    """A schema of a response. References stay, except in an allOf."""
    schema = dict(schema) if "$ref" in schema else flat(document, schema)
    for inner in ("items", "additionalProperties"):
        if isinstance(schema.get(inner), dict):
            schema[inner] = response_schema(document, schema[inner])
    if "properties" in schema:
        schema["properties"] = {name: response_schema(document, own) for name, own in schema["properties"].items()}
    return schema


def not_null_at(pointer):
    """A schema that demands a value other than null at the pointer."""
    schema = {"not": {"enum": [None]}}
    for name in reversed(pointer.removeprefix("/").split("/")):
        schema = {"type": "object", "required": [name], "properties": {name: schema}}
    return schema


def translate(document, facts, operation):
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
        media["schema"] = request_schema(document, media["schema"])
        for rule in operation.get("x-rules", []):
            if "any-of" in rule:
                media["schema"]["anyOf"] = [not_null_at(pointer) for pointer in rule["any-of"]]


def plain(document, facts):
    base = urllib.parse.urlsplit(facts["base_url"])
    document["servers"] = [{"url": f"{base.scheme}://{base.netloc}"}]
    for _, _, operation in operations(document).values():
        translate(document, facts, operation)
    document["paths"] = {base.path.rstrip("/") + path: item for path, item in document["paths"].items()}
    schemas = document["components"]["schemas"]
    document["components"]["schemas"] = {name: response_schema(document, schema) for name, schema in schemas.items()}
    return document


def plant(document):
    """Plants errors in every operation: wrong types, headers and statuses of responses, a wrong required parameter."""
    for _, _, operation in operations(document).values():
        integer = {"type": "integer"}
        operation["parameters"].append({"name": "planted", "in": "query", "required": True, "schema": integer})
        responses = {status: response for status, response in operation["responses"].items() if status.startswith("2")}
        operation["responses"] = responses
        for response in responses.values():
            response["headers"] = {"X-Planted": {"required": True, "schema": integer}}
            for media in response["content"].values():
                media["schema"] = integer
    # The last operation gets another error: a body of an undocumented media type is not validated.
    responses["200"]["content"] = {"text/planted": {"schema": {"type": "string"}}}
    return document
