#!/usr/bin/env python3
"""Attacks that nobody here wrote: schemathesis over the API's document as each kind of caller, and sqlmap over every text
that is sent. Neither may find anything, and no secret may be in the log of a server that tells all it can.

    python3 attacks/run.py                    ATTACKS_BIN names the twin of the server; ATTACKS_CACHE a folder for tools

It never leaves a server running, and asks nothing but the one it started.
"""

import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main():
    cache, binary = Path(os.environ["ATTACKS_CACHE"]).resolve(), os.environ["ATTACKS_BIN"]
    _enter_environment(cache / "attacks")
    from arsenal import canaries, documents, injections
    from arsenal.server import Server

    began = time.monotonic()

    def say(text):
        print(f"[{time.monotonic() - began:4.0f} s] {text}", flush=True)

    findings = []
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        if not injections.finds_a_hole(folder):
            findings.append("sqlmap does not find the hole that it is shown: what it does not find says nothing")
        with Server(binary, folder) as server:
            for caller in server.callers():
                say(f"every operation as {caller}")
                findings += documents.attack(server, caller, folder)
            say("every text as SQL")
            findings += injections.attack(server, folder)
            say("every secret in the log")
            canaries.provoke(server)
            findings += canaries.found(server)
            findings += server.complaints()
    for finding in findings:
        print(f"\n{finding}", flush=True)
    say(f"{len(findings)} findings")
    sys.exit(1 if findings else 0)


def _enter_environment(environment):
    """Goes on in a virtual environment that holds the tools, made on first use."""
    if Path(sys.prefix) == environment:
        return
    python = environment / "bin" / "python"
    requirements = HERE / "requirements.txt"
    installed = environment / "installed.txt"
    if not installed.exists() or installed.read_text() != requirements.read_text():
        print("installing the tools", flush=True)
        venv.create(environment, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", requirements], check=True)
        installed.write_text(requirements.read_text())
    os.execv(python, [python, *sys.argv])


if __name__ == "__main__":
    main()
