#!/usr/bin/env python3
"""Lists the first users of a Peki chatbot and reads one of them, with the Python standard library.

Environment: BASE_URL (such as https://api.peki.ai/api), PEKI_API_KEY, PEKI_API_SECRET, PEKI_CHATBOT_ID.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request


def setting(name):
    if not os.environ.get(name):
        sys.exit(f"{name} is not set")
    return os.environ[name]


def get(path):
    url = urllib.parse.urlsplit(setting("BASE_URL").rstrip("/") + path)
    target = url.path + ("?" + url.query if url.query else "")
    timestamp = str(int(time.time()))
    # The third line is the body, which a GET does not have.
    message = "\n".join(["GET", target, "", timestamp])
    tag = hmac.new(setting("PEKI_API_SECRET").encode(), message.encode(), hashlib.sha256).digest()
    headers = {
        "Content-Type": "application/json",
        "X-API-Key": setting("PEKI_API_KEY"),
        "X-Signature": base64.b64encode(tag).decode(),
        "X-Timestamp": timestamp,
    }
    request = urllib.request.Request(url.geturl(), headers=headers)
    # A proxy of the environment cannot reach a sandbox on this computer.
    local = url.hostname in ("127.0.0.1", "localhost")
    opener = urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if local else []))
    try:
        with opener.open(request, timeout=30) as answer:
            body = json.load(answer)
    except urllib.error.HTTPError as error:
        sys.exit(f"GET {url.path} answered with status {error.code}")
    if body.get("error") is not None:
        sys.exit(f"GET {url.path} failed: {body['error']}")
    return body


def main():
    users = f"/Dev/{urllib.parse.quote(setting('PEKI_CHATBOT_ID'), safe='')}/users"
    page = get(f"{users}?page=1&pageSize=20")
    print(f"users: {len(page['data'])} of {page['totalItems']}")
    first = page["data"][0]["id"]
    user = get(f"{users}/{urllib.parse.quote(first, safe='')}")
    if user["data"]["id"] != first:
        sys.exit("another user came than the one that was asked for")
    print("user: found")


main()
