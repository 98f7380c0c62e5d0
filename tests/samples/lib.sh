# Sourced by the samples: one HTTP call with curl.

trap 'echo "${0##*/}: line $LINENO did not succeed" >&2' ERR

# call METHOD URL [BODY [curl option...]]: prints the body of the answer; fails on any status but 2xx.
# $headers, a line each, go in by standard input: an argument would show the credentials in the list of processes.
call() {
  local method=$1 url=$2 body=${3-} answer status
  shift $(($# > 2 ? 3 : 2))
  answer=$(curl --silent --show-error --noproxy 127.0.0.1,localhost --max-time 30 \
    --request "$method" ${body:+--data-binary "$body"} "$@" --header @- --write-out '\n%{http_code}' "$url" <<<"$headers")
  status=${answer##*$'\n'}
  if [[ $status != 2?? ]]; then
    echo "$method ${url%%\?*} answered with status $status" >&2
    return 1
  fi
  printf '%s' "${answer%$'\n'*}"
}

# json EXPRESSION: the value of a Python expression over `it`, the JSON on standard input.
json() {
  python3 -c 'import json, sys; it = json.load(sys.stdin); print(eval(sys.argv[1]))' "$1"
}
