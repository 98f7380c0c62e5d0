#!/usr/bin/env bash
# Prints the signature of a case of tests/vectors, from its string-to-sign.txt and the secret and encoding in its
# request.json, with openssl.
#
#     sign.sh <case dir>
#     sign.sh --batch      prints one for each line of standard input: encoding, secret in hexadecimal, message in base64
#
# Instead of a JSON parser, it expects "secret" and "encoding" on lines of their own, without escapes. The key is an
# argument of openssl, visible to other users: acceptable only because every secret of the vectors is invented.
set -euo pipefail

# tag KEY: the HMAC of standard input with a key in hexadecimal.
tag() {
    openssl dgst -sha256 -mac HMAC -macopt "hexkey:$1" -binary
}

# encode ENCODING: standard input, encoded, as a line.
encode() {
    case $1 in
        base64) openssl base64 -A ;;
        base64url) openssl base64 -A | tr '+/' '-_' | tr -d '=' ;;
        hex) od -An -v -tx1 | tr -d ' \n' ;;
        *) echo "sign.sh: unknown encoding $1" >&2; exit 2 ;;
    esac
    echo
}

field() {
    local value
    value=$(sed -n "s/^ *\"$1\": \"\(.*\)\",\{0,1\}\$/\1/p" "$case_dir/request.json")
    if [[ -z $value || $value == *\\* || $value == *$'\n'* ]]; then
        echo "sign.sh: \"$1\" is expected once, on a line of its own, without escapes" >&2
        exit 2
    fi
    printf '%s' "$value"
}

case_dir=${1:?usage: sign.sh <case dir> | --batch}
if [[ $case_dir == --batch ]]; then
    while read -r encoding key message; do
        base64 --decode <<<"$message" | tag "$key" | encode "$encoding"
    done
    exit
fi
secret=$(field secret)
encoding=$(field encoding)
key=$(printf '%s' "$secret" | od -An -v -tx1 | tr -d ' \n')
tag "$key" <"$case_dir/string-to-sign.txt" | encode "$encoding"
