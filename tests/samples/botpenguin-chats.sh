#!/usr/bin/env bash
# Lists the leads and the other chats of a BotPenguin bot, with curl.
# Environment: BASE_URL (such as https://api.v7.botpenguin.com), BOTPENGUIN_BOT_TOKEN, BOTPENGUIN_BOT_ID,
# BOTPENGUIN_CUSTOMER_ID.
set -euo pipefail
: "${BASE_URL:?}" "${BOTPENGUIN_BOT_TOKEN:?}" "${BOTPENGUIN_BOT_ID:?}" "${BOTPENGUIN_CUSTOMER_ID:?}"
. "$(dirname "$0")/lib.sh"

headers="x-bot-token: $BOTPENGUIN_BOT_TOKEN
Content-Type: application/json"

# The limit is 100 requests a minute; 40 pages of each kind stay below it.
for type in lead non-lead; do
  chats=0
  for ((page = 1; page <= 40; page++)); do
    response=$(call GET "${BASE_URL%/}/inbox/direct/chats" '' --get --data-urlencode "botId=$BOTPENGUIN_BOT_ID" \
      --data-urlencode "customerId=$BOTPENGUIN_CUSTOMER_ID" --data-urlencode "page=$page" --data-urlencode "type=$type")
    count=$(json 'len(it["data"])' <<<"$response")
    [ "$count" -gt 0 ] || break
    chats=$((chats + count))
  done
  echo "$type: $chats"
done
