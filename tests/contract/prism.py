"""Walks through the operations of a platform by way of `prism.mjs`."""

import functools
import json
import os
import subprocess

import sandbox


class Report:
    """What one walk did, and what Prism says about it."""

    def __init__(self, requests, violations, succeeded, errors):
        # The number of requests that Prism saw.
        self.requests = requests
        self.violations = violations
        # Operations that were answered with 2xx.
        self.succeeded = succeeded
        # What the walk printed where a call failed.
        self.errors = errors


class Walks:
    def __init__(self, running, root):
        self.running = running
        self.root = root
        self.example = running.work.parent / "debug/examples/walk"

    @functools.cache
    def report(self, platform, planted=False):
        """Calls every operation as its documentation shows it. Once for each document."""
        origin, path = self.running.base_url(platform)
        command = ["node", self.root / "tests/contract/prism.mjs", self.root / "target/ci/node"]
        command += [self.running.document(platform, planted), origin]
        _, before = self.running.requests(platform)
        with sandbox.process(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as proxy:
            address = proxy.stdout.readline().strip()
            assert address, f"Prism did not start for {platform}"
            errors = self.walk(platform, address + path)
            printed, _ = proxy.communicate(timeout=sandbox.PATIENCE)
        requests, _ = self.running.requests(platform, before)
        succeeded = {request["operation"] for request in requests if 200 <= request["status"] < 300}
        return Report(**json.loads(printed), succeeded=succeeded, errors=errors)

    def walk(self, platform, base_url):
        command = subprocess.run(
            [self.example],
            env={**os.environ, f"WALK_{platform.upper()}": base_url},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            timeout=sandbox.PATIENCE,
        )
        errors = command.stderr.splitlines()
        return errors or (["the walk failed without a message"] if command.returncode else [])
