#!/usr/bin/env python3
"""Lists all users of a Peki chatbot in the sandbox, with the Python standard library only.

    users.py [ORIGIN]      the origin of the sandbox's control API, by default http://127.0.0.1:4010
"""

import base64
import hashlib
import hmac
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

# A proxy of the environment cannot reach a server on this computer.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Peki:
    def __init__(self, base_url, key, secret):
        self.base_url, self.key, self.secret = base_url.rstrip("/"), key, secret

    def signature(self, target, timestamp):
        # The third line is the body, empty in a GET.
        message = "\n".join(["GET", target, "", timestamp])
        tag = hmac.new(self.secret.encode(), message.encode(), hashlib.sha256).digest()
        return base64.b64encode(tag).decode()

    def get(self, path):
        url = urllib.parse.urlsplit(self.base_url + path)
        # The signed path includes the path of the base URL.
        target = url.path + ("?" + url.query if url.query else "")
        timestamp = str(int(time.time()))
        request = urllib.request.Request(url.geturl(), headers={
            "Content-Type": "application/json",
            "X-API-Key": self.key,
            "X-Signature": self.signature(target, timestamp),
            "X-Timestamp": timestamp,
        })
        with OPENER.open(request, timeout=30) as response:
            return json.load(response)

    def users(self, chatbot):
        """All users, page by page."""
        path = f"/Dev/{urllib.parse.quote(chatbot, safe='')}/users"
        page, pages = 1, 1
        while page <= pages:
            response = self.get(f"{path}?page={page}&pageSize=40")
            yield from response["data"]
            page, pages = page + 1, response["totalPages"]


class WrongPathPeki(Peki):
    """Makes a common mistake: it signs the path without the path of the base URL."""

    def signature(self, target, timestamp):
        path = urllib.parse.urlsplit(self.base_url).path
        return super().signature(target.removeprefix(path), timestamp)


def main(control="http://127.0.0.1:4010"):
    def ask(target):
        with OPENER.open(control + "/_sandbox/" + target, timeout=30) as response:
            return json.load(response)

    sandbox = next(one for one in ask("platforms") if one["name"] == "peki")
    account = sandbox["base_url"], sandbox["credentials"]["api_key"], sandbox["credentials"]["api_secret"]
    chatbot = sandbox["scope"]["chatbotId"]

    found = len({user["id"] for user in Peki(*account).users(chatbot)})
    expected = next(one["records"] for one in ask("state")["peki"] if one["name"] == "users")
    print(f"users: {found} of {expected}")

    try:
        next(WrongPathPeki(*account).users(chatbot))
        status = 200
    except urllib.error.HTTPError as error:
        status = error.code
    # The response says no more than Peki would. The sandbox records the reason.
    last = ask("requests?platform=peki&limit=1000")["requests"][-1]
    reasons = [violation["message"] for violation in last["violations"]]
    print(f"refused with {status}: {'; '.join(reasons)}")

    return 0 if found == expected and last["status"] == status == 401 and reasons else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
