#!/usr/bin/env python3
"""Holds the signing vectors against Python, Node and openssl: python3 tests/oracles/test_vectors.py"""

import base64
import json
import pathlib
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
import generate  # noqa: E402
import sign  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent


def read_folder(folder):
    def content(name):
        return (folder / name).read_bytes()

    return {
        **json.loads(content("request.json")),
        "name": folder.name,
        "expected": {
            "string_to_sign": base64.b64encode(content("string-to-sign.txt")).decode(),
            "signature": content("signature.txt").decode(),
            "signed_headers": json.loads(content("signed-headers.json")),
        },
    }


def read_vectors():
    folders = [read_folder(path) for path in sorted(generate.VECTORS.iterdir()) if path.is_dir()]
    files = sorted(generate.VECTORS.glob("*.jsonl"))
    return folders + [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]


CASES = read_vectors()


def secret_of(case):
    return case["credentials"]["secret"]


def encoding_of(case):
    return case["recipe"]["encoding"]


def message_of(case):
    return case["expected"]["string_to_sign"]


class Vectors(unittest.TestCase):
    def compare_signatures(self, program, lines):
        """`lines` hold the secret, the encoding and the string to sign of each case, as the program reads them."""
        text = "".join(line + "\n" for line in lines)
        run = subprocess.run([HERE / program, "--batch"], input=text, stdout=subprocess.PIPE, text=True, check=True)
        found = run.stdout.splitlines()
        self.assertEqual(len(found), len(CASES))
        for case, signature in zip(CASES, found):
            self.assertEqual(signature, case["expected"]["signature"], case["name"])

    def test_there_are_many(self):
        self.assertGreaterEqual(len(CASES), 250)

    def test_python(self):
        for case in CASES:
            found = {
                "string_to_sign": base64.b64encode(sign.string_to_sign(case)).decode(),
                "signature": sign.signature(case),
                "signed_headers": sign.signed_headers(case),
            }
            self.assertEqual(found, case["expected"], case["name"])

    def test_node(self):
        self.compare_signatures(
            "sign.js",
            [json.dumps({"secret": secret_of(case), "encoding": encoding_of(case), "message": message_of(case)}) for case in CASES],
        )

    def test_openssl(self):
        self.compare_signatures(
            "sign.sh",
            [f"{encoding_of(case)} {secret_of(case).encode().hex()} {message_of(case)}" for case in CASES],
        )

    def test_generated_vectors_are_what_generate_writes(self):
        subprocess.run([sys.executable, "-B", HERE / "generate.py", "--check"], check=True)


if __name__ == "__main__":
    unittest.main()
