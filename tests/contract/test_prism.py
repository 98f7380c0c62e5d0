"""Prism stands between the generated clients and the sandbox, and validates both directions against the spec."""

import collections

import pytest

from conftest import PLATFORMS, fail


@pytest.mark.parametrize("platform", PLATFORMS)
def test_clients_and_sandbox_keep_to_the_spec(walks, running, platform, count):
    report = walks.report(platform)
    count(f"{platform}: {report.requests} requests by the client, validated by Prism")
    failures = [f"call failed: {error}" for error in report.errors]
    failures += [f"Prism reports {number} times: {text}" for text, number in collections.Counter(report.violations).items()]
    # A platform is left out of the walk while its client is no dependency in tests/Cargo.toml.
    failures += [f"never succeeded: {operation}" for operation in sorted(running.operations(platform) - report.succeeded)]
    if failures:
        fail(platform, failures)


def test_errors_in_a_document_are_reported(walks):
    """A judge that accepts a wrong document is of no use. Calls may fail here."""
    violations = walks.report(PLATFORMS[0], planted=True).violations
    missed = [place for place in ("request.query", "response.body") if not any(place in text for text in violations)]
    assert not missed, f"not reported: {missed}; only {violations}"
