#!/usr/bin/env bash
# Runs every example. The Rust one starts a sandbox of its own; the others share one.
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
