#!/usr/bin/env python3
"""Writes the generated signing vectors, tests/vectors/*.jsonl, one case a line.

    generate.py           writes the files
    generate.py --check   fails if it would write other files

The cases are always the same: the name of a family seeds its random choices. sign.py provides the expected values.
"""
import base64
import json
import pathlib
import random
import sys

import sign

CASES = 48
VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors"
LINES = "{method}\n{path_and_query}\n{body}\n{timestamp}"
THREE = {"X-API-Key": "{key}", "X-Signature": "{signature}", "X-Timestamp": "{timestamp}"}
VISIBLE = [chr(code) for code in range(0x21, 0x7F)]
# Characters that a path or a query contains as they are, and some encoded ones.
PATH = list("abcXYZ019-._~!$&'()*+,;=:@") + ["%20", "%2F", "%C3%A9", "%F0%9F%98%80", "%00"]
QUERY = PATH + ["/", "?", "%26", "%3D", "%2B"]
LETTERS = list("aZ09-_ .,;:!") + ["é", "ß", "ğ", "д", "ש", "鍵", "\u0301", "😀"]


def text(draw, alphabet, shortest, longest):
    return "".join(draw.choices(alphabet, k=draw.randint(shortest, longest)))


def plain():
    """The case that each family varies."""
    return {
        "recipe": {
            "algorithm": "hmac-sha256",
            "encoding": "base64",
            "timestamp": "unix-seconds",
            "message": LINES,
            "headers": dict(THREE),
            "tolerance_seconds": 300,
        },
        "method": "GET",
        "host": "api.example.com",
        "path": "/v1/users",
        "query": None,
        "headers": {},
        "body": "",
        "unix_millis": 1744113600000,
        "nonce": None,
        "credentials": {"key": "key_example_0001", "secret": "secret_example_0001"},
    }


def requests(draw, case):
    case["method"] = draw.choice(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE", "M-SEARCH"])
    case["host"] = draw.choice(["api.example.com", "127.0.0.1:8080", "[::1]:9", "xn--bcher-kva.example", "A.Example.Org"])
    case["path"] = "".join("/" + text(draw, PATH, 0, 12) for _ in range(draw.randint(1, 5)))
    case["query"] = draw.choice([None, "", text(draw, QUERY, 1, 200)])
    case["recipe"]["message"] = draw.choice([LINES, "{host}|{method}|{path}|{query}|{timestamp}"])


def bodies(draw, case):
    case["method"] = "POST"
    # Lengths around the block sizes of the hash and of the encodings, and longer than any buffer.
    length = draw.choice([0, 1, 2, 3, 54, 55, 56, 63, 64, 65, 119, 120, 127, 128, 129, 255, 256, 257, 1000])
    body = draw.choice([draw.randbytes(length), text(draw, LETTERS, length, length).encode("utf-8")])
    case["body"] = base64.b64encode(body).decode("ascii")
    case["recipe"]["message"] = draw.choice([LINES, "{body}{timestamp}", "{body_sha256}\n{timestamp}", "{timestamp}.{body}.{body_sha256}"])


def secrets(draw, case):
    # Lengths around the block size of the hash: HMAC hashes a longer key first.
    length = draw.choice([1, 2, 20, 31, 32, 33, 55, 63, 64, 65, 100, 127, 128, 129, 131, 500])
    secret = text(draw, draw.choice([VISIBLE, LETTERS]), length, length).strip(" ")
    case["credentials"]["secret"] = secret or "secret"
    case["credentials"]["key"] = text(draw, VISIBLE, 1, 80)


def recipes(draw, case):
    recipe = case["recipe"]
    recipe["encoding"] = draw.choice(["base64", "base64url", "hex"])
    recipe["timestamp"] = draw.choice(["unix-seconds", "unix-millis", "rfc3339"])
    # Up to the last second that RFC 3339 can express at every offset.
    case["unix_millis"] = draw.choice([0, 999, 1000, 253402207199999, draw.randrange(4 * 10**12)])
    case["nonce"] = text(draw, [letter for letter in VISIBLE if letter not in ",;"], 1, 40)
    case["headers"] = {"X-Tenant": text(draw, VISIBLE + [" "], 0, 30), "Accept": "*/*"}
    case["query"] = text(draw, QUERY, 1, 40)
    case["body"] = base64.b64encode(draw.randbytes(draw.randint(0, 80))).decode("ascii")
    names = ["method", "path", "query", "path_and_query", "host", "body", "body_sha256", "nonce", "header:x-tenant"]
    pieces = ["{%s}" % name for name in draw.sample(names, draw.randint(1, len(names)))] + ["{timestamp}"]
    draw.shuffle(pieces)
    between = draw.choice(["\n", "", "|", "\r\n", " · ", "v1:"])
    recipe["message"] = draw.choice(["", "prefix\n"]) + between.join(pieces)
    recipe["headers"] = draw.choice([
        {**THREE, "X-Nonce": "{nonce}"},
        {"Authorization": "HMAC {key},{nonce},{timestamp};{signature}"},
        {"X-Signature": "t={timestamp},v1={signature}", "X-Nonce": "{nonce}", "X-Version": "2"},
        {"Signature": "sig=:{signature}:", "X-Key": "{key}", "X-When": "<{timestamp}>", "X-Nonce": "n-{nonce}"},
    ])
    case["credentials"]["key"] = text(draw, [letter for letter in VISIBLE if letter not in ",;"], 1, 40)


def everything(draw, case):
    for vary in (requests, bodies, secrets, recipes):
        vary(draw, case)


def lines(family):
    # A string seeds the same sequence in every version of Python.
    draw = random.Random(f"signing vectors: {family.__name__}")
    for number in range(CASES):
        case = plain()
        family(draw, case)
        case["name"] = f"{family.__name__}-{number:02}"
        case["expected"] = {
            "string_to_sign": base64.b64encode(sign.string_to_sign(case)).decode("ascii"),
            "signature": sign.signature(case),
            "signed_headers": sign.signed_headers(case),
        }
        yield json.dumps(case, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def main(arguments):
    if arguments not in ([], ["--check"]):
        raise SystemExit(__doc__)
    for family in (requests, bodies, secrets, recipes, everything):
        path = VECTORS / f"{family.__name__}.jsonl"
        content = "".join(lines(family))
        if not arguments:
            path.write_text(content, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != content:
            raise SystemExit(f"{path} is out of date: run tests/oracles/generate.py")


if __name__ == "__main__":
    main(sys.argv[1:])
