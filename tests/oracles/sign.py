#!/usr/bin/env python3
"""Signs a case of tests/vectors with the Python standard library only.

    sign.py <case dir>                    prints the signature
    sign.py --string-to-sign <case dir>   prints the exact bytes that are signed
    sign.py --write <case dir>            writes the expected files of a new case from its request.json

It reads request.json only and shares no code with the crates.
"""
import base64
import datetime
import hashlib
import hmac
import json
import pathlib
import re
import sys


def timestamp(style, unix_millis):
    if style == "unix-seconds":
        return str(unix_millis // 1000)
    if style == "unix-millis":
        return str(unix_millis)
    if style == "rfc3339":
        instant = datetime.datetime.fromtimestamp(unix_millis // 1000, datetime.timezone.utc)
        return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
    raise SystemExit(f"unknown timestamp style {style!r}")


def encode(style, tag):
    if style == "base64":
        return base64.b64encode(tag).decode("ascii")
    if style == "base64url":
        return base64.urlsafe_b64encode(tag).decode("ascii").rstrip("=")
    if style == "hex":
        return tag.hex()
    raise SystemExit(f"unknown encoding {style!r}")


def fill(template, value_of):
    """The template as bytes, with each {placeholder} replaced by the bytes that value_of returns for its name."""
    message = b""
    for index, piece in enumerate(re.split(r"\{([^{}]*)\}", template)):
        message += value_of(piece) if index % 2 else piece.encode("utf-8")
    return message


def string_to_sign(request):
    body = base64.b64decode(request["body"], validate=True)
    query = request["query"]
    headers = {name.lower(): value for name, value in request["headers"].items()}

    def value_of(name):
        if name.startswith("header:"):
            return headers[name.removeprefix("header:").lower()].strip(" \t").encode("utf-8")
        values = {
            "method": request["method"],
            "host": request["host"],
            "path": request["path"],
            "query": query or "",
            "path_and_query": request["path"] + ("" if query is None else "?" + query),
            "body_sha256": hashlib.sha256(body).hexdigest(),
            "timestamp": timestamp(request["recipe"]["timestamp"], request["unix_millis"]),
            "nonce": request["nonce"] or "",
        }
        return body if name == "body" else values[name].encode("utf-8")

    return fill(request["recipe"]["message"], value_of)


def signature(request):
    secret = request["credentials"]["secret"].encode("utf-8")
    tag = hmac.new(secret, string_to_sign(request), hashlib.sha256).digest()
    return encode(request["recipe"]["encoding"], tag)


def signed_headers(request):
    values = {
        "key": request["credentials"]["key"],
        "signature": signature(request),
        "timestamp": timestamp(request["recipe"]["timestamp"], request["unix_millis"]),
        "nonce": request["nonce"] or "",
    }
    headers = {name.lower(): value for name, value in request["headers"].items()}
    for name, template in request["recipe"]["headers"].items():
        headers[name.lower()] = fill(template, lambda slot: values[slot].encode("utf-8")).decode("utf-8")
    return headers


def write(case, request):
    (case / "string-to-sign.txt").write_bytes(string_to_sign(request))
    (case / "signature.txt").write_bytes(signature(request).encode("ascii"))
    text = json.dumps(signed_headers(request), indent=2, sort_keys=True, ensure_ascii=False)
    (case / "signed-headers.json").write_text(text + "\n", encoding="utf-8")


def main(arguments):
    options = [argument for argument in arguments if argument.startswith("--")]
    cases = [argument for argument in arguments if not argument.startswith("--")]
    if len(cases) != 1 or len(options) > 1:
        raise SystemExit(__doc__)
    case = pathlib.Path(cases[0])
    request = json.loads((case / "request.json").read_text(encoding="utf-8"))
    if options == ["--string-to-sign"]:
        sys.stdout.buffer.write(string_to_sign(request))
    elif options == ["--write"]:
        write(case, request)
    elif not options:
        print(signature(request))
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
