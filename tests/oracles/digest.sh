#!/usr/bin/env bash
# Prints the content of a database in the lines of expected.py: `<platform> <table> <rows> <sha256>`.
# Usage: digest.sh [--lines] DATABASE
# The head of expected.py defines the rows and the digest. Only sqlite3 reads the database.
set -euo pipefail
export LC_ALL=C

fields_of() {
  case $1 in
    contacts)
      echo id external_id display_name first_name last_name username email phone avatar_url language timezone gender \
        country region city source banned tags attributes created_at updated_at last_seen_at last_message ;;
    conversations)
      echo id contact_id status subject agent_id started_at updated_at last_message_at last_message last_message_author ;;
    messages)
      echo id conversation_id contact_id author text sent_at ;;
  esac
}

# An id made by the sync for a message without one: 32 hexadecimal digits, a hyphen, the number of the occurrence.
made_id="substr(id, 33, 1) = '-' AND substr(id, 1, 32) NOT GLOB '*[^0-9a-f]*' AND substr(id, 34) GLOB '[1-9]*' AND substr(id, 34) NOT GLOB '*[^0-9]*'"

row_of() {
  local row="platform || '|' || stream" field absent
  for field in $(fields_of "$1"); do
    absent="$field IS NULL"
    [ "$1.$field" != messages.id ] || absent="$absent OR ($made_id)"
    row="$row || '|' || CASE WHEN $absent THEN '-' ELSE hex($field) END"
  done
  echo "$row"
}

query() {
  sqlite3 -batch -init /dev/null -readonly "$database" "$1"
}

lines=
if [ "${1-}" = --lines ]; then
  lines=yes
  shift
fi
if [ $# -ne 1 ] || [ ! -r "$1" ]; then
  echo "Usage: digest.sh [--lines] DATABASE" >&2
  exit 2
fi
database=$1

groups=$(for table in contacts conversations messages; do
  query "SELECT platform || ' $table ' || count(*) FROM $table GROUP BY platform"
done | sort)
while read -r platform table rows; do
  [ -n "$platform" ] || continue
  select="SELECT $(row_of "$table") AS line FROM $table WHERE platform = '$platform' ORDER BY line"
  if [ -n "$lines" ]; then
    query "$select" | sed "s/^/$table /"
  else
    digest=$(query "$select" | sha256sum)
    echo "$platform $table $rows ${digest%% *}"
  fi
done <<<"$groups"
