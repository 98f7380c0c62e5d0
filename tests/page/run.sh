#!/usr/bin/env bash
# Uses the sandbox's page in headless Chromium, and runs every snippet that it offers.
# Usage: BOTROSTER=path/to/botroster run.sh TOOLS, where TOOLS/node_modules has playwright-core.
set -euo pipefail
: "${BOTROSTER:?names the botroster command}"
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
work=$(mktemp -d)
"$BOTROSTER" sandbox --users 50 --port 0 >"$work/sandbox" &
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
hub=$(grep --only-matching --max-count=1 'http://[0-9.:]*' "$work/sandbox")

"$root/tests/oracles/snippets.py" "$hub"
node "$here/page.mjs" "$hub" "${1:?names the folder with node_modules}" "$root/target/page"
