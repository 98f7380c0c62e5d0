"""Reads `exceptions.toml`: failures that schemathesis reports and that are accepted, each with its reason."""

import tomllib

# More would hide what the sandbox is like.
MOST = 10
KEYS = {"platform", "operation", "check", "reason"}


def read(text, operations):
    """The exceptions, or `ValueError`. `operations` are the operation ids by platform."""
    document = tomllib.loads(text)
    entries = document.pop("exception", [])
    if document:
        raise ValueError(f"only [[exception]] is known, not {', '.join(document)}")
    if len(entries) > MOST:
        raise ValueError(f"{len(entries)} exceptions, at most {MOST} are accepted")
    for entry in entries:
        if set(entry) != KEYS or not all(isinstance(value, str) for value in entry.values()):
            raise ValueError(f"{entry}: the keys are {', '.join(sorted(KEYS))}, each with a string")
        if entry["operation"] not in operations.get(entry["platform"], ()):
            raise ValueError(f"{entry['platform']} has no operation {entry['operation']}")
        if not entry["reason"].strip():
            raise ValueError(f"{entry['platform']} {entry['operation']}: the reason is missing")
    return entries
