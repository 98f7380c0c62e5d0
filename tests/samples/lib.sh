# Sourced by the samples: one HTTP call with curl.

trap 'echo "${0##*/}: line $LINENO failed" >&2' ERR

# call METHOD URL [BODY [curl option...]]: prints the body of the response; fails on any status but 2xx.
# curl reads $headers, a header a line, from standard input: arguments would show the credentials in the list of processes.
call() {
  local method=$1 url=$2 body=${3-} response status
  shift $(($# > 2 ? 3 : 2))
  response=$(curl --silent --show-error --noproxy 127.0.0.1,localhost --max-time 30 \
    --request "$method" ${body:+--data-binary "$body"} "$@" --header @- --write-out '\n%{http_code}' "$url" <<<"$headers")
  status=${response##*$'\n'}
  if [[ $status != 2?? ]]; then
    echo "$method ${url%%\?*} returned status $status" >&2
    return 1
  fi
  printf '%s' "${response%$'\n'*}"
}

# json EXPRESSION: prints the value of a Python expression over `it`, the JSON on standard input.
json() {
  python3 -c 'import json, sys; it = json.load(sys.stdin); print(eval(sys.argv[1]))' "$1"
}
