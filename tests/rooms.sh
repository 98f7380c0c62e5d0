#!/usr/bin/env bash
# Prints the size of every room and the circles of files, and checks that a client crate re-exports what its signatures name.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo xtask tidy --sizes
cargo xtask tidy
cargo test --quiet --package botroster-contract-tests --test exports
