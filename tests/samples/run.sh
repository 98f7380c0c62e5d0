#!/usr/bin/env bash
# Runs every sample against a sandbox with 100 users for each platform and compares the output with expected.txt.
# Usage: BOTROSTER=path/to/botroster run.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../sandbox.sh"
start_sandbox --users 100

# The sandbox prints credentials as shell lines, then a configuration with addresses and ids.
settings=$(python3 - "$work/sandbox" <<'PYTHON'
import re, shlex, sys, tomllib

with open(sys.argv[1], encoding="utf-8") as file:
    printed = file.read()
exports = [line for line in printed.splitlines() if line.startswith("export ")]
print("\n".join(exports))
for account in tomllib.loads(printed.replace("\nexport ", "\n# export "))["account"]:
    platform = account["platform"].upper()
    values = {"base_url": account["base_url"], **account.get("scope", {})}
    for name, value in values.items():
        name = re.sub("(?<=[a-z])(?=[A-Z])", "_", name).upper()
        print("export %s_%s=%s" % (platform, name, shlex.quote(value)))
    for number, value in enumerate(account.get("seeds", [{}])[0].values(), 1):
        print("export %s_SEED_%d=%s" % (platform, number, shlex.quote(value)))
PYTHON
)
eval "$settings"

# sample PLATFORM NAME [ARGUMENT...]
sample() {
  local url=$1_BASE_URL
  echo "$2"
  BASE_URL=${!url} "$here/$2" "${@:3}" | sed 's/^/  /'
}

{
  sample PEKI peki.sh
  sample CHATBOT chatbot.sh
  sample BOTPENGUIN botpenguin-contacts.sh
  sample BOTPENGUIN botpenguin-chats.sh
  sample MYBOT mybot.sh "$MYBOT_SEED_1" "$MYBOT_SEED_2"
} | tee "$work/printed"
diff "$here/expected.txt" "$work/printed" || {
  echo "run.sh: the output of the samples (>) differs from expected.txt (<)" >&2
  exit 1
}
