#!/usr/bin/env bash
# Lists the first users of a Peki chatbot and gets one of them, with curl and openssl.
# Environment: BASE_URL (such as https://api.peki.ai/api), PEKI_API_KEY, PEKI_API_SECRET, PEKI_CHATBOT_ID.
set -euo pipefail
: "${BASE_URL:?}" "${PEKI_API_KEY:?}" "${PEKI_API_SECRET:?}" "${PEKI_CHATBOT_ID:?}"
. "$(dirname "$0")/lib.sh"

sha256() {
  openssl dgst -sha256 -binary
}

# HMAC-SHA256 (RFC 2104) of standard input. openssl has one, but takes the key as an argument, visible to every user.
hmac() {
  local key inner='' outer='' byte at
  key=$(printf '%s' "$PEKI_API_SECRET" | od -An -v -tx1 | tr -d ' \n')
  if ((${#key} > 128)); then
    key=$(printf '%s' "$PEKI_API_SECRET" | sha256 | od -An -v -tx1 | tr -d ' \n')
  fi
  while ((${#key} < 128)); do key+=00; done
  for ((at = 0; at < 128; at += 2)); do
    byte=$((16#${key:at:2}))
    inner+=$(printf '\\x%02x' $((byte ^ 0x36)))
    outer+=$(printf '\\x%02x' $((byte ^ 0x5c)))
  done
  { printf "$inner"; cat; } | sha256 | { printf "$outer"; cat; } | sha256
}

base=${BASE_URL%/}
# The signed path begins after scheme and host.
host=${base#*://}
prefix=${host#"${host%%/*}"}

get() {
  local path=$1 timestamp signature
  timestamp=$(date +%s)
  # The third line is the body, empty in a GET.
  signature=$(printf 'GET\n%s\n\n%s' "$prefix$path" "$timestamp" | hmac | openssl base64 -A)
  headers="Content-Type: application/json
X-API-Key: $PEKI_API_KEY
X-Signature: $signature
X-Timestamp: $timestamp"
  call GET "$base$path"
}

page=$(get "/Dev/$PEKI_CHATBOT_ID/users?page=1&pageSize=20")
json '"users: %d of %d" % (len(it["data"]), it["totalItems"])' <<<"$page"
first=$(json 'it["data"][0]["id"]' <<<"$page")
user=$(get "/Dev/$PEKI_CHATBOT_ID/users/$first")
[ "$(json 'it["data"]["id"]' <<<"$user")" = "$first" ]
echo "user: found"
