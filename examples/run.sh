#!/usr/bin/env bash
# Runs every example. The Rust one starts a sandbox of its own; the others share one.
# Usage: BOTROSTER=path/to/botroster run.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../tests/sandbox.sh"
start_sandbox --platform peki

echo rust
root=$(dirname "$here")
# With the features of the whole workspace, so that dependencies are not compiled again.
cargo build --quiet --locked --workspace --bin botroster-example-users --manifest-path "$root/Cargo.toml"
"${CARGO_TARGET_DIR:-$root/target}/debug/botroster-example-users"
for example in python/users.py javascript/users.mjs; do
  echo "$example"
  "$here/$example" "$hub"
done
