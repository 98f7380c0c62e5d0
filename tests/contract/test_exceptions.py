"""What `exceptions.toml` may contain."""

import pytest

import exceptions

OPERATIONS = {"parley": {"list"}}


def entry(operation="list", reason="because"):
    return f"[[exception]]\nplatform = 'parley'\noperation = '{operation}'\ncheck = 'c'\nreason = '{reason}'\n"


@pytest.mark.parametrize(("text", "count"), [("# none", 0), (entry() * exceptions.MOST, exceptions.MOST)])
def test_accepted(text, count):
    assert len(exceptions.read(text, OPERATIONS)) == count


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (entry() * (exceptions.MOST + 1), "11 exceptions, at most 10"),
        (entry(operation="find"), "parley has no operation find"),
        (entry().replace("parley", "atrium"), "atrium has no operation list"),
        (entry(reason=" "), "the reason is missing"),
        ("[[exception]]\nplatform = 'parley'\n", "the keys are"),
        (entry() + "until = '2027'\n", "the keys are"),
        ("[[exceptions]]\n", "only .* is known"),
    ],
)
def test_refused(text, error):
    with pytest.raises(ValueError, match=error):
        exceptions.read(text, OPERATIONS)


def test_the_exceptions_in_use(running):
    operations = {platform: running.operations(platform) for platform in running.platforms}
    path = running.specs.parent / "tests/contract/exceptions.toml"
    exceptions.read(path.read_text(), operations)
