#!/usr/bin/env bash
# Runs every example: the Rust one brings its own sandbox, the others share one that is started here.
# Usage: BOTROSTER=path/to/botroster run.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../tests/sandbox.sh"
start_sandbox --platform peki

echo rust
cargo run --quiet --locked --manifest-path "$here/rust/Cargo.toml"
for example in python/users.py javascript/users.mjs; do
  echo "$example"
  "$here/$example" "$hub"
done
