#!/usr/bin/env bash
# Checks that a spec is all it takes to add a platform, and that removing the spec removes the platform.
# Usage: added-platform.sh
# In a copy of the checkout under target/, copies the specs of the test platforms to specs/ and generates everything from them. The
# command must list the new platforms, and sync must store the records of their sandboxes, checked as for all other platforms. Then
# removes a spec, and with it everything generated from it. No other file is written by hand.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
copy=$root/target/added-platform
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target} CARGO_NET_OFFLINE=true

fail() {
  echo "added-platform.sh: $*" >&2
  exit 1
}

# With the features of the whole workspace, as the tests are built, so that dependencies are not compiled again.
xtask() {
  cargo build --quiet --workspace --bin xtask
  "$CARGO_TARGET_DIR/debug/xtask" "$@"
}

rm -rf "$copy"
mkdir -p "$copy"
cd "$root"
git ls-files -z | tar --create --null --files-from=- | tar --extract --directory="$copy"
cd "$copy"
# Cargo mistakes the crates of the copy for those of the checkout if they have the same version.
sed --in-place --regexp-extended '/^\[workspace.package\]/,/^\[/ s/^version = "([0-9]+\.[0-9]+)\.[0-9]+"/version = "\1.999"/' Cargo.toml

added=()
for spec in tests/platforms/specs/*.yaml; do
  added+=("$(basename "$spec" .yaml)")
  cp "$spec" specs/
done
[ ${#added[@]} -ge 2 ] || fail "there are no test platforms"
xtask generate >/dev/null
xtask generate --check
for name in "${added[@]}"; do
  [ -f "crates/$name/Cargo.toml" ] || fail "$name has no crate"
done

cargo build --quiet --workspace --bin botroster
botroster=$CARGO_TARGET_DIR/debug/botroster
listed=$("$botroster" platforms)
for name in "${added[@]}"; do
  grep --quiet "^$name (" <<<"$listed" || fail "botroster platforms does not list $name"
done
# Three syncs; after each, the content of the database against an independent implementation of the mapping.
found=$(PYTHON=$root/target/ci/bin/python BOTROSTER=$botroster tests/oracles/full-path.sh 200)
echo "$found"
for name in "${added[@]}"; do
  # A platform without a stream has no records.
  if grep --quiet 'x-stream:' "specs/$name.yaml"; then
    grep --quiet "^$name [a-z]* [1-9]" <<<"$found" || fail "nothing of $name is in the database"
  fi
done

gone=${added[0]}
rm "specs/$gone.yaml"
xtask generate >/dev/null
[ ! -e "crates/$gone" ] || fail "crates/$gone is still there"
if left=$(grep --recursive --files-with-matches --word-regexp "$gone" crates Cargo.toml --include='*.toml' --include='*.rs' --include='*.json'); then
  fail "$gone is still named in $left"
fi
cargo metadata --format-version 1 >/dev/null
echo "added from their specs: ${added[*]}; removed again: $gone"
