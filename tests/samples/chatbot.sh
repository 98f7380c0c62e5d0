#!/usr/bin/env bash
# Calls every operation of ChatBot's users API with curl: list, get, create, update, segments, ban, export.
# It writes: run it against a sandbox or a test account.
# Environment: BASE_URL (such as https://api.chatbot.com), CHATBOT_ACCESS_TOKEN.
set -euo pipefail
: "${BASE_URL:?}" "${CHATBOT_ACCESS_TOKEN:?}"
. "$(dirname "$0")/lib.sh"

base=${BASE_URL%/}

get() {
  headers="Authorization: Bearer $CHATBOT_ACCESS_TOKEN"
  call GET "$base$1"
}

send() {
  headers="Authorization: Bearer $CHATBOT_ACCESS_TOKEN
Content-Type: application/json"
  call "$1" "$base$2" "$3"
}

# A failed write can have status 200 too.
succeeded() {
  [ "$(json '(it[0] if isinstance(it, list) else it)["status"]["type"]')" = success ]
}

# show NAME EXPRESSION: prints a value of the created user as it is now.
show() {
  local found
  found=$(get "/users/$id" | json "$2")
  echo "$1: $found"
}

page=$(get '/users?limit=40')
json '"list: %d" % len(it["data"])' <<<"$page"
first=$(json 'it["data"][0]["id"]' <<<"$page")
last=$(json 'it["data"][-1]["id"]' <<<"$page")
get "/users?limit=40&after=$last" | json '"next page: %d" % len(it["data"])'
get "/users/$first" | json '"get: %s" % isinstance(it["conversations"], list)'
segments=$(get /segments)
one=$(json 'it[0]["id"]' <<<"$segments")
two=$(json 'it[1]["id"]' <<<"$segments")

created=$(send POST /users '{"attributes": {"default_email": "nadia.sample@example.com", "default_name": "Nadia Sample"}}')
succeeded <<<"$created"
id=$(json 'it[0]["id"]' <<<"$created")
show create 'it["attributes"]["default_name"]'

send PUT "/users/$id" '{"attributes": {"default_city": "Utrecht"}}' | succeeded
show update '"%(default_name)s, %(default_city)s" % it["attributes"]'

send PUT "/users/$id/segments" '[]' | succeeded
send POST "/users/$id/segments" "[\"$one\", \"$two\"]" | succeeded
show 'add segments' 'len(it["segments"])'
send DELETE "/users/$id/segments" "[\"$one\"]" | succeeded
show 'remove segments' 'len(it["segments"])'
send PUT "/users/$id/segments" "[\"$one\"]" | succeeded
[ "$(get "/users/$id" | json '" ".join(segment["id"] for segment in it["segments"])')" = "$one" ]
show 'replace segments' 'len(it["segments"])'

send PUT "/users/$id/ban" '{"banned": true}' | succeeded
show ban 'it["banned"]'
send PUT "/users/$id/ban" '{"banned": false}' | succeeded
show 'lift ban' 'it["banned"]'

send POST /users/export "{\"users\": [\"$id\"], \"fields\": [\"default_name\", \"default_email\"]}" |
  python3 -c 'import csv, sys; print("export:", list(csv.reader(sys.stdin)))'
