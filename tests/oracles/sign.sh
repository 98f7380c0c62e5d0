#!/usr/bin/env bash
# Prints the signature of a case of tests/vectors, from its string-to-sign.txt and the secret and encoding in its
# request.json, with openssl.
#
#     sign.sh <case dir>
#
# There is no JSON reader here: "secret" and "encoding" stand on lines of their own, without escapes. The key is an
# argument of openssl, which is fine only because every secret of the vectors is made up.
set -euo pipefail

case_dir=${1:?usage: sign.sh <case dir>}

field() {
    local value
    value=$(sed -n "s/^ *\"$1\": \"\(.*\)\",\{0,1\}\$/\1/p" "$case_dir/request.json")
    if [[ -z $value || $value == *\\* || $value == *$'\n'* ]]; then
        echo "sign.sh: \"$1\" must be there once, on a line of its own, without escapes" >&2
        exit 2
    fi
    printf '%s' "$value"
}

secret=$(field secret)
encoding=$(field encoding)
key=$(printf '%s' "$secret" | od -An -v -tx1 | tr -d ' \n')

tag() {
    openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary "$case_dir/string-to-sign.txt"
}

case $encoding in
    base64) tag | openssl base64 -A ;;
    base64url) tag | openssl base64 -A | tr '+/' '-_' | tr -d '=' ;;
    hex) tag | od -An -v -tx1 | tr -d ' \n' ;;
    *) echo "sign.sh: unknown encoding $encoding" >&2; exit 2 ;;
esac
echo
