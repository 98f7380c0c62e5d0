#!/usr/bin/env python3
"""Signs again what a running sandbox was sent, by Python, Node and openssl: all must find the signatures that it expects.

    signatures.py SPEC.yaml HUB

HUB is the address of the sandbox's control API. Of each recorded request that was to be signed, the text to sign is judged
by the request, and the signature by the text. Prints how many agree; fails if one does not, or if none was recorded.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import subprocess
import sys
import urllib.parse

import plain

ORACLES = pathlib.Path(__file__).resolve().parent.parent / "oracles"
sys.path.insert(0, str(ORACLES))
import sign  # noqa: E402


def recorded(hub, platform):
    """The last requests whose text to sign is whole."""
    answer = plain.ask(hub, f"/_sandbox/requests?platform={platform}&limit=1000")
    signed = [one for one in answer["requests"] if one["signature"]]
    return [one for one in signed if "…" not in one["signature"]["expected_message"]]


def message_of(recipe, request):
    """The text to sign, from what is known of the request besides; its last line says when it was sent."""
    path, mark, query = request["target"].partition("?")
    said = request["signature"]["expected_message"]
    names = {
        "method": request["method"],
        "path": path,
        "query": query,
        "path_and_query": request["target"],
        "body": "",
        "timestamp": said.rpartition("\n")[2],
    }
    return sign.fill(recipe["message"], lambda name: names[name].encode()).decode()


def by_python(secret, encoding, message):
    return sign.encode(encoding, hmac.new(secret.encode(), message.encode(), hashlib.sha256).digest())


def batch(program, lines):
    run = subprocess.run([ORACLES / program, "--batch"], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    return run.stdout.split()


def main(spec, hub):
    document, facts = plain.load(spec, hub)
    recipe = next(scheme["x-signature"] for scheme in document["components"]["securitySchemes"].values() if "x-signature" in scheme)
    secret, encoding = facts["credentials"]["api_secret"], recipe["encoding"]
    requests = recorded(hub, facts["name"])
    messages = [message_of(recipe, request) for request in requests]
    coded = [base64.b64encode(message.encode()).decode() for message in messages]
    found = {
        "Python": [by_python(secret, encoding, message) for message in messages],
        "Node": batch("sign.js", [json.dumps({"secret": secret, "encoding": encoding, "message": one}) for one in coded]),
        "openssl": batch("sign.sh", [f"{encoding} {secret.encode().hex()} {one}" for one in coded]),
    }
    wrong = 0
    for number, request in enumerate(requests):
        for name, signatures in found.items():
            if signatures[number] != request["signature"]["expected"]:
                wrong += 1
                print(f"{request['method']} {request['target']}: the sandbox expects another signature than {name}")
    print(f"{facts['name']}: {len(requests)} signatures, by {', '.join(found)}")
    return 0 if requests and not wrong else 1


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
