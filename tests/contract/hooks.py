"""Hooks of schemathesis: how a platform authenticates, which records exist, and which failures are accepted.

Loaded by schemathesis (SCHEMATHESIS_HOOKS). Environment:

- CONTRACT_SPEC: the spec as it stands in specs/
- CONTRACT_HUB: the origin of the sandbox's control API
- CONTRACT_DUMP: the output of `botroster sandbox --dump`
- CONTRACT_EXCEPTIONS: exceptions.toml
"""

import base64
import itertools
import json
import os
import pathlib
import secrets
import sys
import time
import tomllib
import urllib.parse

import requests
import schemathesis
from schemathesis.core.parameters import ParameterLocation

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "oracles")]
import expected  # noqa: E402
import plain  # noqa: E402
import sign  # noqa: E402

SPEC, FACTS = plain.load(os.environ["CONTRACT_SPEC"], os.environ["CONTRACT_HUB"])
OPERATIONS = plain.operations(SPEC)
SCHEMES = SPEC["components"]["securitySchemes"]


# ---- authentication


def schemes_of(operation):
    needed = operation.get("security", SPEC.get("security", []))
    return [(name, SCHEMES[name]) for name in (needed[0] if needed else {})]


def slot(scheme):
    """The name of a scheme's credential: the scheme in snake case."""
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in scheme)


class Authentication(requests.auth.AuthBase):
    """Adds credentials to a request that is otherwise complete, or signs it."""

    def __init__(self, operation):
        self.schemes = schemes_of(operation)

    def __call__(self, request):
        credentials = FACTS["credentials"]
        for name, scheme in self.schemes:
            if "x-signature" in scheme:
                request.headers.update(signed(scheme["x-signature"], request))
            elif scheme["type"] == "apiKey":
                template = scheme.get("x-header-value", "{key}")
                key = credentials[slot(name)] if "{key}" in template else ""
                request.headers[scheme["name"]] = template.replace("{key}", key)
            elif scheme["scheme"] == "bearer":
                request.headers["Authorization"] = "Bearer " + credentials[slot(name)]
            else:
                login = f"{credentials['username']}:{credentials['password']}".encode()
                request.headers["Authorization"] = "Basic " + base64.b64encode(login).decode()
        return request


def signed(recipe, request):
    url = urllib.parse.urlsplit(request.url)
    body = request.body or b""
    return sign.signed_headers({
        "recipe": recipe,
        "method": request.method,
        "host": url.netloc,
        "path": url.path,
        "query": url.query if "?" in request.url else None,
        "headers": dict(request.headers),
        "body": base64.b64encode(body.encode() if isinstance(body, str) else body).decode(),
        "unix_millis": time.time_ns() // 1_000_000,
        "nonce": secrets.token_hex(16),
        "credentials": {"key": FACTS["credentials"]["api_key"], "secret": FACTS["credentials"]["api_secret"]},
    })


def own(case):
    """Path, method and operation of a case, as in the spec."""
    return OPERATIONS[case.operation.definition.raw["operationId"]]


@schemathesis.auth(refresh_interval=None)
class Provider:
    def get(self, case, context):
        return Authentication(own(case)[2])

    def set(self, case, data, context):
        # A case that tests missing or wrong headers keeps them.
        if not negated(case, ParameterLocation.HEADER):
            case._auth = data


# ---- existing records


def rows_of_operations():
    """Arguments that name existing lists and records, rows by operationId."""
    lists, keys = {}, {}
    streams = expected.streams_of(SPEC)
    with open(os.environ["CONTRACT_DUMP"], encoding="utf-8") as file:
        for line in file:
            entry = json.loads(line)
            if entry["platform"] != SPEC["x-platform"]:
                continue
            rows = lists.setdefault(entry["stream"], [])
            if entry["arguments"] and entry["arguments"] not in rows:
                rows.append(entry["arguments"])
            key = streams[entry["stream"]].key
            if key is not None:
                keys.setdefault(entry["stream"], []).append(key(entry["record"]))
    found = {}
    for name, (path, _, operation) in OPERATIONS.items():
        rows = [row for stream in streams_in(operation) for row in lists.get(stream, [])]
        # A path parameter below the path of a list is the key of a record of that list.
        for parameter in operation.get("parameters", []):
            before, placeholder, _ = path.partition("/{" + parameter["name"] + "}")
            above = SPEC["paths"].get(before, {}).get("get", {}) if placeholder else {}
            rows += [{parameter["name"]: key} for stream in streams_in(above) for key in keys.get(stream, [])]
        if rows:
            found[name] = itertools.cycle(rows)
    return found


def streams_in(operation):
    words = operation.get("x-stream", [])
    return [word["name"] for word in ([words] if isinstance(words, dict) else words)]


ROWS = rows_of_operations()
CONTAINERS = {"path": "path_parameters", "query": "query", "header": "headers"}


def negated(case, location):
    return case.meta is not None and case.meta.is_negative_at(location)


def after_another(case):
    """Whether the case takes ids from the response to another case."""
    return case.meta is not None and case.meta.phase.name.value == "stateful"


@schemathesis.hook
def before_call(context, case, kwargs):
    _, _, operation = own(case)
    for name, value in operation.get("x-headers", {}).items():
        if name.lower() == "content-type" and case.media_type is None:
            case.headers.setdefault(name, value)
    if after_another(case):
        return
    # Existing values replace random ones, except where a case is invalid on purpose.
    row = next(ROWS.get(operation["operationId"], iter(())), {})
    for parameter in operation.get("parameters", []):
        container = getattr(case, CONTAINERS[parameter["in"]])
        if parameter["name"] in row and not negated(case, ParameterLocation(parameter["in"])):
            container[parameter["name"]] = row[parameter["name"]]
    if not negated(case, ParameterLocation.QUERY):
        for rule in operation.get("x-rules", []):
            keep_less(rule.get("less", []), case.query)


def keep_less(names, query):
    """Orders two integers of the query as a rule `less` demands."""
    try:
        low, high = sorted(int(query[name]) for name in names)
    except (KeyError, ValueError):
        return
    query.update(zip(names, (low, high if low < high else low + 1)))


# ---- accepted failures


def exceptions():
    with open(os.environ["CONTRACT_EXCEPTIONS"], "rb") as file:
        entries = tomllib.load(file).get("exception", [])
    return [entry for entry in entries if entry["platform"] == SPEC["x-platform"]]


EXCEPTIONS = exceptions()
NEEDED = set()


@schemathesis.hook
def filter_failure(context, failure, case, response):
    name = own(case)[2]["operationId"]
    for number, entry in enumerate(EXCEPTIONS):
        if entry["operation"] == name and entry["check"] in failure.checks:
            NEEDED.add(number)
            return False
    return True


@schemathesis.check
class exceptions_are_needed:
    """An exception that applies to no failure is to be removed."""

    def after_run(self, context):
        idle = [entry for number, entry in enumerate(EXCEPTIONS) if number not in NEEDED]
        if idle:
            raise AssertionError("exceptions that apply to no failure: " + ", ".join("%(operation)s %(check)s" % entry for entry in idle))


@schemathesis.check
class every_operation_succeeds:
    """A run in which an operation never succeeds has not judged its successful responses."""

    def __init__(self):
        self.succeeded = set()

    def after_response(self, context, response, case):
        if 200 <= response.status_code < 300:
            self.succeeded.add(own(case)[2]["operationId"])

    def after_run(self, context):
        failed = set(OPERATIONS) - self.succeeded
        if failed:
            raise AssertionError("never succeeded: " + ", ".join(sorted(failed)))
