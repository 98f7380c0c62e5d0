#!/usr/bin/env bash
# Finds the users of a MyBOT bot by an attribute and reads the history of the first one, with curl.
# Usage: mybot.sh ATTRIBUTE VALUE
# Environment: BASE_URL, MYBOT_API_KEY, MYBOT_CUSTOMER_ID, MYBOT_BOT_KEY.
set -euo pipefail
: "${1:?the attribute is missing}" "${2:?the value is missing}"
: "${BASE_URL:?}" "${MYBOT_API_KEY:?}" "${MYBOT_CUSTOMER_ID:?}" "${MYBOT_BOT_KEY:?}"
. "$(dirname "$0")/lib.sh"

# The key follows the word Basic as it is: no user, no password, no base64.
headers="Authorization: Basic $MYBOT_API_KEY"
bot="${BASE_URL%/}/bot-api/v1.0/customer/$MYBOT_CUSTOMER_ID/bot/$MYBOT_BOT_KEY"

# The documents do not say where the response contains the list.
users=$(call GET "$bot/users" '' --get --data-urlencode "attribute_name=$1" --data-urlencode "attribute_value=$2")
users=$(json 'json.dumps(it if isinstance(it, list) else it.get("users") or it["data"])' <<<"$users")
json '"users: %d" % len(it)' <<<"$users"
user=$(json 'next(it[0][name] for name in ("id", "userId", "user_id", "channelUserId", "channel_user_id", "_id") if it[0].get(name))' <<<"$users")

history=$(call GET "$bot/channel-user/$user/conversations?page_number=1&page_size=500")
json '"messages: %d" % len(it if isinstance(it, list) else it.get("conversations") or it.get("messages") or [])' <<<"$history"
