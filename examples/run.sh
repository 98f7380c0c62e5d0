#!/usr/bin/env bash
# Runs every example: the Rust one brings its own sandbox, the others share one that is started here.
# Usage: BOTROSTER=path/to/botroster run.sh
set -euo pipefail
: "${BOTROSTER:?names the botroster command}"
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
: >"$work/sandbox"
"$BOTROSTER" sandbox --platform peki --port 0 >"$work/sandbox" &
sandbox=$!
trap 'kill $sandbox 2>/dev/null || true; rm -rf "$work"' EXIT
for ((tenths = 0; ; tenths++)); do
  ! grep --quiet Ready "$work/sandbox" || break
  if ! kill -0 $sandbox 2>/dev/null || ((tenths == 100)); then
    echo "run.sh: the sandbox did not start" >&2
    exit 1
  fi
  sleep 0.1
done

control=$(grep --only-matching --max-count=1 'http://[0-9.:]*' "$work/sandbox")

echo rust
cargo run --quiet --locked --manifest-path "$here/rust/Cargo.toml"
for example in python/users.py javascript/users.mjs; do
  echo "$example"
  "$here/$example" "$control"
done
