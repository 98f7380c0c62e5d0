"""schemathesis sends requests to every operation of the sandbox, valid and invalid ones, and judges the responses."""

import contextlib
import json
import os
import subprocess
import sys

import pytest

import sandbox
from conftest import PLATFORMS, ROOT, fail

HERE = ROOT / "tests/contract"
# The types of failure that a document with errors in it must lead to.
PLANTED = {
    "AcceptedNegativeData",
    "JsonSchemaError",
    "MissingHeaders",
    "RejectedPositiveData",
    "UndefinedContentType",
    "UndefinedStatusCode",
}


class Run:
    """A schemathesis process for one platform."""

    def __init__(self, config, running, stack, platform, planted=False):
        self.document = running.document(platform, planted)
        self.report = self.document.with_suffix(".report.json")
        self.log = self.document.with_suffix(".schemathesis.txt")
        self.report.unlink(missing_ok=True)
        origin, _ = running.base_url(platform)
        command = [sys.executable, "-m", "schemathesis.cli", "--no-color", "run", self.document, "--url", origin]
        command += ["--checks", "all", "--continue-on-failure"]
        # A busy computer must not fail a run.
        command += ["--max-response-time", "300"]
        command += ["--seed", str(config.getoption("seed")), "--max-examples", str(config.getoption("cases"))]
        command += ["--generation-database", "none", "--report", "json", "--report-json-path", self.report]
        if planted:
            # The cases that follow from the document find the planted errors.
            command += ["--phases", "coverage", "--no-shrink"]
        environment = {
            **os.environ,
            "PYTHONDONTWRITEBYTECODE": "1",
            "SCHEMATHESIS_HOOKS": str(HERE / "hooks.py"),
            "CONTRACT_SPEC": str(running.spec(platform)),
            "CONTRACT_HUB": running.hub,
            "CONTRACT_DUMP": str(running.dump),
            "CONTRACT_EXCEPTIONS": str(HERE / "exceptions.toml"),
        }
        out = stack.enter_context(open(self.log, "w"))
        options = {"cwd": running.work, "env": environment, "stdout": out, "stderr": out}
        self.child = stack.enter_context(sandbox.process(command, **options))

    def result(self):
        """schemathesis' report. Its exit code says the same; without a report something else is wrong."""
        self.child.wait()
        if not self.report.exists():
            pytest.fail(f"schemathesis did not finish:\n{self.log.read_text()}", pytrace=False)
        return json.loads(self.report.read_text())

    def excerpt(self):
        """What schemathesis prints about failures: responses, and the requests as curl commands."""
        return self.log.read_text().partition("=== FAILURES ===")[2].splitlines()[1:]


@pytest.fixture(scope="module")
def runs(request, running):
    """The runs of all selected tests, started at once."""
    items = request.session.items
    selected = [item.callspec.params["platform"] for item in items if item.function is test_the_sandbox_keeps_to_the_spec]
    with contextlib.ExitStack() as stack:
        started = {platform: Run(request.config, running, stack, platform) for platform in selected}
        if any(item.function is test_errors_in_a_document_are_reported for item in items):
            smallest = min(PLATFORMS, key=lambda platform: len(running.operations(platform)))
            started["planted"] = Run(request.config, running, stack, smallest, planted=True)
        yield started


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_sandbox_keeps_to_the_spec(runs, platform, count):
    run = runs[platform]
    report = run.result()
    count(f"{platform}: {report['test_cases']['generated']} cases of schemathesis")
    failures = ["{title} ({count}): {places}".format(places=", ".join(one["operations"]), **one) for one in report["failures"]]
    failures += [f"error: {json.dumps(error)}" for error in report["errors"]]
    if not report["complete"]:
        failures.append("the run is incomplete")
    if failures:
        fail(f"{platform}: schemathesis reports", [*failures, f"all of it is in {run.log}:", *run.excerpt()])


def test_errors_in_a_document_are_reported(runs):
    """A judge that accepts a wrong document is of no use."""
    run = runs["planted"]
    missed = PLANTED - {failure["type"] for failure in run.result()["failures"]}
    assert not missed, f"not reported: {', '.join(sorted(missed))}; see {run.log}"
