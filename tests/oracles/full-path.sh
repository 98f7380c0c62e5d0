#!/usr/bin/env bash
# Checks a sync end to end: from invented people behind the sandbox's APIs to rows in a database, against expected.py.
# Usage: BOTROSTER=path/to/botroster full-path.sh USERS
# Syncs three times: into an empty database, then without a change, then with seven changed records. After each sync the
# database must contain what expected.py computes from the sandbox's own records, with the mapping of specs/. Does not build
# anything; .ci/tools installs the Python that reads the specs.
set -euo pipefail
: "${1:?Usage: BOTROSTER=path/to/botroster full-path.sh USERS}" "${BOTROSTER:?names the botroster command}"
users=$1
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$(dirname "$here")")
python=${PYTHON:-$root/target/ci/bin/python}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
specs=$work/specs
mkdir "$specs"

fail() {
  echo "full-path.sh: $*" >&2
  exit 1
}

[ -x "$python" ] || fail "there is no $python: run .ci/tools"
"$python" "$here/documents.py" "$root/specs" "$specs"

# expect EDITS: dumps the records of the platforms and computes the expected content of the database.
expect() {
  "$BOTROSTER" sandbox --users "$users" --edits "$1" --dump >"$work/dump-$1.jsonl" ||
    fail "botroster sandbox --dump failed"
  "$here/expected.py" "$work/dump-$1.jsonl" "$specs" >"$work/expected-$1"
}

# sync NAME EDITS CONDITION...: syncs, and checks Python expressions on the sums over all streams of its report.
sync() {
  local name=$1 edits=$2
  shift 2
  "$BOTROSTER" sync --sandbox --users "$users" --edits "$edits" --db "$work/people.db" --json --quiet >"$work/report.json" ||
    fail "$name: botroster sync failed"
  python3 - "$name" "$work/report.json" "$@" <<'PYTHON' || fail "$name: the report is wrong"
import json, sys

name, path, *conditions = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    streams = json.load(file)["streams"]
counts = ("fetched", "new", "changed", "unchanged", "rejected", "requests")
sums = {count: sum(stream[count] for stream in streams) for count in counts}
print("%s: %s" % (name, ", ".join("%s %d" % one for one in sums.items())))
bad = ["%(platform)s %(stream)s: %(error)s%(skipped)s" % stream for stream in streams if stream["error"] or stream["skipped"]]
bad += ["%s does not hold" % condition for condition in conditions if not eval(condition, {}, sums)]
sys.exit("\n".join(bad) if bad else 0)
PYTHON
}

# compare NAME EDITS: compares the database with its expected content.
compare() {
  "$here/digest.sh" "$work/people.db" >"$work/found"
  if cmp --quiet "$work/expected-$2" "$work/found"; then
    return
  fi
  diff --label expected --label "in the database" --unified "$work/expected-$2" "$work/found" >&2 || true
  "$here/expected.py" --lines "$work/dump-$2.jsonl" "$specs" >"$work/expected"
  "$here/digest.sh" --lines "$work/people.db" >"$work/found"
  { diff "$work/expected" "$work/found" || true; } | grep '^[<>]' | head -n 6 | python3 -c '
import re, sys
for line in sys.stdin:
    print(re.sub(r"(?<=\|)(?:[0-9A-F]{2})+(?=\||$)", lambda field: repr(bytes.fromhex(field[0]).decode("utf-8", "replace")), line.rstrip()))
' >&2 || true
  fail "$1: the database (>) differs from the records of the platforms (<)"
}

expect 7 &
expect 0
wait $!
records=$(wc -l <"$work/dump-0.jsonl")
[ "$records" -gt 0 ] || fail "the dump is empty"
cmp --quiet "$work/expected-0" "$work/expected-7" && fail "--edits 7 changed nothing that is mapped"

sync 'first run' 0 "fetched == $records" "new == $records" 'changed == 0' 'rejected == 0'
compare 'first run' 0
sync 'second run' 0 'requests > 0' "fetched == $records" 'new == 0' 'changed == 0'
compare 'second run' 0
sync 'run with 7 edits' 7 'new == 0' 'changed == 7'
compare 'run with 7 edits' 7
cat "$work/found"
