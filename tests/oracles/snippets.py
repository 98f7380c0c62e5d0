#!/usr/bin/env python3
"""Runs every snippet that a sandbox offers: `snippets.py http://127.0.0.1:4010`. Each must succeed, without a violation recorded."""

import json
import subprocess
import sys
import urllib.parse
import urllib.request

COMMANDS = {"curl": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}


def ask(hub, path):
    with urllib.request.urlopen(f"{hub.rstrip('/')}/_sandbox/{path}") as answer:
        return json.load(answer)


def main(hub):
    ran, wrong, after = 0, [], ask(hub, "requests?limit=1000")["next"]
    for platform in ask(hub, "platforms"):
        for operation in platform["operations"]:
            name = f"{platform['name']} {operation['id']}"
            query = urllib.parse.urlencode({"platform": platform["name"], "operation": operation["id"]})
            snippets = ask(hub, f"snippets?{query}")
            # These are the examples of the clients' documentation, which has tests of its own.
            rust = snippets.get("rust", "")
            if not rust or any(placeholder in rust for placeholder in ("running.", "arguments[")):
                wrong.append(f"{name} in Rust has unresolved placeholders\n{rust}")
            for language, command in COMMANDS.items():
                run = subprocess.run([*command, snippets[language]], capture_output=True, text=True, timeout=60)
                seen = ask(hub, f"requests?after={after}")
                after, requests = seen["next"], seen["requests"]
                ran += 1
                if run.returncode or len(requests) != 1:
                    wrong.append(f"{name} in {language}: {len(requests)} requests\n{run.stderr}")
                for request in requests:
                    if request["operation"] != operation["id"] or not 200 <= request["status"] < 300 or request["violations"]:
                        wrong.append(f"{name} in {language}: {json.dumps(request, indent=2)}\n{snippets[language]}")
    print("\n\n".join(wrong) or f"{ran} snippets succeeded")
    return 1 if wrong or not ran else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
