#!/usr/bin/env bash
# A platform is added by its spec alone, and gone with it.
# Usage: added-platform.sh
# In a copy of the checkout under target/, the specs of the test platforms become specs of platforms. Generated from them, the
# command must list them, and sync must bring what their sandboxes have into a database, by the same measure as for all others.
# Then a spec is taken away, and everything made of it with it. No file but specs is written by hand.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
copy=$root/target/added-platform
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target} CARGO_NET_OFFLINE=true

fail() {
  echo "added-platform.sh: $*" >&2
  exit 1
}

rm -rf "$copy"
mkdir -p "$copy"
cd "$root"
git ls-files -z | tar --create --null --files-from=- | tar --extract --directory="$copy"
cd "$copy"
# Of the same version at the same place in a workspace, cargo takes the copy's crates for those of the checkout, also to run them.
sed --in-place --regexp-extended '/^\[workspace.package\]/,/^\[/ s/^version = "([0-9]+\.[0-9]+)\.[0-9]+"/version = "\1.999"/' Cargo.toml

added=()
for spec in xtask/tests/platforms/*.yaml; do
  added+=("$(basename "$spec" .yaml)")
  mv "$spec" specs/
done
[ ${#added[@]} -ge 2 ] || fail "there are no test platforms"
cargo xtask generate >/dev/null
cargo xtask generate --check
for name in "${added[@]}"; do
  [ -f "crates/$name/Cargo.toml" ] || fail "$name has no crate"
  [ ! -e "tests/platforms/$name" ] || fail "the crate of the test platform $name is still there"
done

cargo build --quiet --package botroster-cli
botroster=$CARGO_TARGET_DIR/debug/botroster
listed=$("$botroster" platforms)
for name in "${added[@]}"; do
  grep --quiet "^$name (" <<<"$listed" || fail "botroster platforms does not list $name"
done
# Three syncs, and after each the digests of what sqlite3 finds, against an independent reading of the specs.
found=$(BOTROSTER=$botroster tests/oracles/full-path.sh 200)
echo "$found"
for name in "${added[@]}"; do
  # A platform without a stream has nothing to bring.
  if grep --quiet '"x-stream"' "crates/sandbox/src/generated/$name.json"; then
    grep --quiet "^$name [a-z]* [1-9]" <<<"$found" || fail "nothing of $name is in the database"
  fi
done

gone=${added[0]}
rm "specs/$gone.yaml"
cargo xtask generate >/dev/null
[ ! -e "crates/$gone" ] || fail "crates/$gone is still there"
if left=$(grep --recursive --files-with-matches --word-regexp "$gone" crates Cargo.toml --include='*.toml' --include='*.rs' --include='*.json'); then
  fail "$gone is still named in $left"
fi
cargo metadata --format-version 1 >/dev/null
echo "added from their specs: ${added[*]}; removed again: $gone"
