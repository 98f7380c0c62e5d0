#!/usr/bin/env bash
# Lists all contacts of a BotPenguin account, with curl.
# Environment: BASE_URL (such as https://api.v7.botpenguin.com), BOTPENGUIN_API_TOKEN.
set -euo pipefail
: "${BASE_URL:?}" "${BOTPENGUIN_API_TOKEN:?}"
. "$(dirname "$0")/lib.sh"

# An API token is told apart from somebody's login by the header authtype.
headers="Authorization: Bearer $BOTPENGUIN_API_TOKEN
authtype: Key
Content-Type: application/json"

# Every filter is sent, and none of them is used.
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
  answer=$(call POST "${BASE_URL%/}/inbox/users" "${filter/PAGE/$page}")
  [ "$(json 'it.get("success") is not False' <<<"$answer")" = True ]
  count=$(json 'len(it["data"])' <<<"$answer")
  [ "$count" -gt 0 ] || break
  contacts=$((contacts + count))
done
echo "contacts: $contacts"
