"""Options and fixtures of the contract tests. `run.sh` builds what they need and starts pytest."""

import os
import pathlib
import signal

import pytest

import prism
import sandbox

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLATFORMS = sorted(path.stem for path in (ROOT / "specs").glob("*.yaml"))


def pytest_addoption(parser):
    parser.addoption("--cases", type=int, default=5, help="random cases for each operation, beside those that follow from the document")
    parser.addoption("--seed", type=int, default=1, help="seed of the random cases")


def pytest_configure(config):
    # A terminated run ends like one that Ctrl-C interrupts: its fixtures stop the processes they started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # A proxy of the environment cannot reach a server on this computer.
    os.environ["NO_PROXY"] = "127.0.0.1"


def pytest_report_header(config):
    return f"cases: {config.getoption('cases')}, seed: {config.getoption('seed')}"


# A failure shows this many of its lines.
EXCERPT = 60


def fail(title, problems):
    """Fails a test with a list of problems in place of a traceback."""
    left = [f"… and {len(problems) - EXCERPT} more"] if len(problems) > EXCERPT else []
    pytest.fail("\n  ".join([f"{title}:", *problems[:EXCERPT], *left]), pytrace=False)


COUNTS = pytest.StashKey()


@pytest.fixture
def count(request):
    """Adds a line to the summary: how much a test has judged."""
    return request.config.stash.setdefault(COUNTS, []).append


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    for line in config.stash.get(COUNTS, []):
        terminalreporter.write_line(line)
    if exitstatus != 0:
        options = f"--cases {config.getoption('cases')} --seed {config.getoption('seed')}"
        terminalreporter.write_line(f"Run again with: tests/contract/run.sh {options}, and -k PLATFORM for one platform")


@pytest.fixture(scope="session")
def running():
    """A sandbox with default options, which the examples in the documentation of the clients use too."""
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    command = os.environ.get("BOTROSTER", target / "debug/botroster")
    with sandbox.start(command, ROOT / "specs", target / "contract") as started:
        assert sorted(started.platforms) == PLATFORMS
        yield started


@pytest.fixture(scope="session")
def walks(running):
    """What Prism reports of a walk through all operations of a platform. A platform is walked once."""
    return prism.Walks(running, ROOT)
