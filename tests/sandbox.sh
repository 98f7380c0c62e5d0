# For scripts that need a sandbox: source this file, then `start_sandbox ARGUMENT...`. The sandbox stops with the script.
#
# Sets `work`, a temporary folder with the output of the sandbox in the file `sandbox`, and `hub`, the origin of its page.

start_sandbox() {
  : "${BOTROSTER:?names the botroster command}"
  work=$(mktemp -d)
  : >"$work/sandbox"
  "$BOTROSTER" sandbox --port 0 "$@" >"$work/sandbox" &
  sandbox=$!
  trap 'kill $sandbox 2>/dev/null || true; rm -rf "$work"' EXIT
  local tenths
  for ((tenths = 0; ; tenths++)); do
    ! grep --quiet Ready "$work/sandbox" || break
    if ! kill -0 $sandbox 2>/dev/null || ((tenths == 100)); then
      echo "$0: the sandbox did not start" >&2
      exit 1
    fi
    sleep 0.1
  done
  hub=$(grep --only-matching --max-count=1 'http://[0-9.:]*' "$work/sandbox")
}
