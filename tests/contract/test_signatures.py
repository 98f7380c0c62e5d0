"""Python, Node and openssl sign again what the sandbox received, and must find the signatures that it expects.

For each recorded request of an operation that is signed, the request decides the string to sign, and that the signature.
"""

import base64
import hmac
import json
import subprocess
import sys

import pytest

import plain
from conftest import PLATFORMS, ROOT, fail

ORACLES = ROOT / "tests/oracles"
sys.path.insert(0, str(ORACLES))
import sign  # noqa: E402

SIGNED = [platform for platform in PLATFORMS if "x-signature:" in (ROOT / f"specs/{platform}.yaml").read_text()]


@pytest.mark.parametrize("platform", SIGNED)
def test_other_implementations_agree(running, walks, platform, count):
    # The clients have signed requests at least. schemathesis has too, unless it was deselected.
    walks.report(platform)
    document, facts = plain.load(running.spec(platform), running.hub)
    recipe = next(scheme["x-signature"] for scheme in document["components"]["securitySchemes"].values() if "x-signature" in scheme)
    requests = signed(running.requests(platform)[0])
    messages = [string_to_sign(recipe, request) for request in requests]
    found = signatures(facts["credentials"]["api_secret"], recipe["encoding"], messages)
    count(f"{platform}: {len(requests)} signatures, by {', '.join(found)}")
    wrong = [
        f"{request['method']} {request['target']}: {request['signature']['expected']}, but {name} finds {one}"
        for name, ones in found.items()
        for request, one in zip(requests, ones, strict=True)
        if one != request["signature"]["expected"]
    ]
    assert requests, "no signed request was recorded"
    if wrong:
        fail(f"{platform}: the sandbox expects another signature", wrong)


def signed(requests):
    """The requests that needed a signature, without those whose string to sign was recorded in part."""
    needed = [request for request in requests if request["signature"]]
    return [request for request in needed if "…" not in request["signature"]["expected_message"]]


def string_to_sign(recipe, request):
    """The string to sign, from the other facts of the request; its last line is the time of signing."""
    path, _, query = request["target"].partition("?")
    values = {
        "method": request["method"],
        "path": path,
        "query": query,
        "path_and_query": request["target"],
        "body": "",
        "timestamp": request["signature"]["expected_message"].rpartition("\n")[2],
    }
    return sign.fill(recipe["message"], lambda name: values[name].encode()).decode()


def signatures(secret, encoding, messages):
    """The signatures of the messages by implementation."""
    coded = [base64.b64encode(message.encode()).decode() for message in messages]
    return {
        "Python": [sign.encode(encoding, hmac.digest(secret.encode(), message.encode(), "sha256")) for message in messages],
        "Node": batch("sign.js", [json.dumps({"secret": secret, "encoding": encoding, "message": one}) for one in coded]),
        "openssl": batch("sign.sh", [f"{encoding} {secret.encode().hex()} {one}" for one in coded]),
    }


def batch(program, lines):
    run = subprocess.run([ORACLES / program, "--batch"], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    return run.stdout.split()
