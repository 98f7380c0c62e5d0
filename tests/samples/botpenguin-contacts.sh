#!/usr/bin/env bash
# Lists all contacts of a BotPenguin account, with curl.
# Environment: BASE_URL (such as https://api.v7.botpenguin.com), BOTPENGUIN_API_TOKEN.
set -euo pipefail
: "${BASE_URL:?}" "${BOTPENGUIN_API_TOKEN:?}"
. "$(dirname "$0")/lib.sh"

# The header authtype distinguishes an API token from a login.
headers="Authorization: Bearer $BOTPENGUIN_API_TOKEN
authtype: Key
Content-Type: application/json"

# The request contains every filter, each without effect.
filter='{
  "searchText": "", "tags": [], "status": [], "isOnline": false,
  "_botWebsite": [], "_botWhatsapp": [], "_botTelegram": [], "_botFacebook": [],
  "_agentAssigned": [], "segments": [], "applicableFilters": [],
  "lastSeenAt": { "startAt": "", "endsAt": "" }, "createdAt": { "startAt": "", "endsAt": "" },
  "userInteracted": false, "lastMessageBy": [], "isLiveChatActive": false,
  "hasOrdered": { "status": false, "lastAt": "" },
  "isExport": "none", "isContact": true, "page": PAGE
}'

contacts=0
for ((page = 1; ; page++)); do
  response=$(call POST "${BASE_URL%/}/inbox/users" "${filter/PAGE/$page}")
  [ "$(json 'it.get("success") is not False' <<<"$response")" = True ]
  count=$(json 'len(it["data"])' <<<"$response")
  [ "$count" -gt 0 ] || break
  contacts=$((contacts + count))
done
echo "contacts: $contacts"
