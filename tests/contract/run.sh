#!/usr/bin/env bash
# Judges the sandbox and the clients by programs of others: see README.md.
# Usage: run.sh [--cases N] [--seed N] [pytest option...]; `-k peki`, `-k prism` and the like select tests
# Installs what is missing and builds the sandbox, unless BOTROSTER names the botroster command.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$(dirname "$here")")
cd "$root"
.ci/tools
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}
# The whole workspace, so that the crates have the features which they have for the other tests, and are not built again.
command=(--bin botroster)
[ -z "${BOTROSTER-}" ] || command=()
cargo build --quiet --workspace "${command[@]}" --example walk
export PYTHONDONTWRITEBYTECODE=1 PYTEST_DISABLE_PLUGIN_AUTOLOAD=1
exec target/ci/bin/python -m pytest -p no:cacheprovider --rootdir "$here" "$here" "$@"
