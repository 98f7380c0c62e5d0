"""A running sandbox: its process, its addresses, its records."""

import contextlib
import json
import os
import signal
import subprocess
import time
import urllib.parse

import plain

# Seconds that a server may take to start on a busy computer.
PATIENCE = 120


@contextlib.contextmanager
def process(command, **options):
    """A child process that ends with the block, and so do its own children."""
    child = subprocess.Popen(command, start_new_session=True, **options)
    try:
        yield child
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


@contextlib.contextmanager
def start(command, specs, work):
    """Starts `botroster sandbox` with default options on free ports."""
    work.mkdir(parents=True, exist_ok=True)
    dump, log = work / "dump.jsonl", work / "sandbox.txt"
    with open(dump, "w") as out:
        subprocess.run([command, "sandbox", "--dump"], stdout=out, check=True)
    with open(log, "w") as out, process([command, "sandbox", "--port", "0"], stdout=out, stderr=out) as child:
        printed = wait_for("Ready", log, child)
        hub = next(word for word in printed.split() if word.startswith("http://")).rstrip("/")
        yield Sandbox(hub, specs, work, dump)


def wait_for(text, log, child):
    """What a process has printed once that contains the text."""
    end = time.monotonic() + PATIENCE
    while text not in (printed := log.read_text()):
        if child.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"`{text}` is not in {log}:\n{printed}")
        time.sleep(0.05)
    return printed


class Sandbox:
    def __init__(self, hub, specs, work, dump):
        self.hub = hub
        self.specs = specs
        self.work = work
        self.dump = dump
        self.platforms = {platform["name"]: platform for platform in plain.ask(hub, "/_sandbox/platforms")}

    def spec(self, platform):
        return self.specs / f"{platform}.yaml"

    def base_url(self, platform):
        """Origin and path of a platform."""
        url = urllib.parse.urlsplit(self.platforms[platform]["base_url"])
        return f"{url.scheme}://{url.netloc}", url.path

    def operations(self, platform):
        return {operation["id"] for operation in self.platforms[platform]["operations"]}

    def requests(self, platform, after=0):
        """The recorded requests, at most the last thousand, and the number to ask for later ones with."""
        answer = plain.ask(self.hub, f"/_sandbox/requests?platform={platform}&after={after}&limit=1000")
        return answer["requests"], answer["next"]

    def document(self, platform, planted=False):
        """Writes the spec of a platform in plain OpenAPI, `planted` with errors in every operation."""
        document = plain.plain(*plain.load(self.spec(platform), self.hub))
        path = self.work / f"{name_of(platform, planted)}.json"
        path.write_text(json.dumps(plain.plant(document) if planted else document, indent=1))
        return path


def name_of(platform, planted):
    return f"{platform}-planted" if planted else platform
