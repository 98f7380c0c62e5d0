#!/usr/bin/env bash
# Tests the sandbox's page in headless Chromium, and runs every snippet that it offers.
# Usage: BOTROSTER=path/to/botroster run.sh TOOLS, with playwright-core in TOOLS/node_modules
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
. "$here/../sandbox.sh"
start_sandbox --users 50

"$root/tests/oracles/snippets.py" "$hub"
node "$here/page.mjs" "$hub" "${1:?names the folder with node_modules}" "$root/target/page"
