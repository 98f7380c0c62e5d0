#!/usr/bin/env python3
"""Writes the specs as JSON for expected.py, which uses the standard library only.

    documents.py SPECS_DIR OUT_DIR

Needs PyYAML, which .ci/tools installs under target/ci. Scalars are read as in YAML 1.2: `no` is text, and so is a date.
"""

import json
import pathlib
import re
import sys

import yaml


class Loader(yaml.SafeLoader):
    """Reads the scalars of YAML 1.2."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), ["t", "f"])


def main(source, target):
    for path in sorted(pathlib.Path(source).glob("*.yaml")):
        with open(path, encoding="utf-8") as file:
            document = yaml.load(file, Loader)
        (pathlib.Path(target) / (path.stem + ".json")).write_text(json.dumps(document), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
