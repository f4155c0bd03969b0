"""A server that tells all it can in its log, with an owner, a viewer and a key, each by a secret that is remembered."""

import http.client
import json
import secrets
import signal
import socket
import subprocess
import time

HEALTHY_WITHIN_S = 60
SITE = "here.example"
SCOPES = ["read", "write", "manage", "export", "audit"]


class Server:
    def __init__(self, binary, folder, without=(), arguments=()):
        """Without `quiet`, that is with a log that tells all it can, and without what else is named."""
        self.without, self.arguments = ["quiet", *without], arguments
        self.binary, self.data, self.log_file = binary, folder / "data", folder / "serve.log"
        self.port = _free_ports()
        self.secrets = {}
        self.process = None

    def __enter__(self):
        with open(self.log_file, "ab") as log:
            command = [self.binary, "--without", ",".join(self.without), "serve", "--data", self.data,
                       "--listen", f"127.0.0.1:{self.port}", *self.arguments]
            self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log, start_new_session=True)
        deadline = time.monotonic() + HEALTHY_WITHIN_S
        while not self._is_healthy():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server does not become healthy:\n{self.log()}")
            time.sleep(0.05)
        self._fill()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()

    def log(self):
        return self.log_file.read_text(errors="replace")

    def complaints(self):
        """What a calm server does not log. That it was attacked it may tell."""
        loud = [line for line in self.log().splitlines() if "error    " in line or "warning  " in line]
        loud = [line for line in loud if "tries one account after the other" not in line]
        return [f"the server complained:\n{line}" for line in loud[:10]]

    def ask(self, method, path, body=None, headers=None):
        """Status, headers and body of one request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            text = None if body is None else json.dumps(body)
            kind = {} if body is None else {"Content-Type": "application/json"}
            connection.request(method, path, text, kind | (headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def callers(self):
        return ["nobody", "viewer", "key", "owner"]

    def headers_of(self, caller):
        """By what somebody shows who they are; signed in anew where they were signed out."""
        if caller == "nobody":
            return {}
        if caller == "key":
            return {"Authorization": f"Bearer {self.secrets['key']}"}
        cookie = self.secrets[f"cookie of {caller}"]
        if self.ask("GET", "/api/session", headers={"Cookie": cookie})[0] == 401:
            cookie = self._sign_in(caller)
        return {"Cookie": cookie}

    def mend(self, who):
        """Makes somebody again who they were, whatever was changed of them."""
        if who in ("owner", "viewer"):
            cookie = {"Cookie": self.secrets[f"cookie of {who}"]}
            self.ask("PUT", "/api/me/password", {"password": self.secrets[f"password of {who}"]}, cookie)
            self.ask("PATCH", "/api/me", {"email": f"{who}@example.com"}, cookie)
        self.ask("PATCH", "/api/organizations/1", {"require_second_factor": False}, self.headers_of("owner"))

    def _sign_in(self, who):
        body = {"email": f"{who}@example.com", "password": self.secrets[f"password of {who}"]}
        return self._keep_cookie(who, self.ask("POST", "/api/session", body))

    def _fill(self):
        token = self.secrets["setup token"] = (self.data / "setup-token").read_text().strip()
        self._choose_password("owner")
        begun = {"token": token, "email": "owner@example.com", "organization": "Example",
                 "password": self.secrets["password of owner"]}
        owner = {"Cookie": self._keep_cookie("owner", self.ask("POST", "/api/setup", begun))}
        self._made("/api/sites", {"domain": SITE}, owner)
        self.secrets["key"] = self._made("/api/keys", {"scopes": SCOPES}, owner)["key"]
        self.invite("viewer")

    def invite(self, who):
        """Makes a viewer."""
        self._choose_password(who)
        wanted = {"email": f"{who}@example.com", "role": "organization_viewer"}
        invited = self._made("/api/invitations", wanted, self.headers_of("owner"))
        token = self.secrets[f"invitation of {who}"] = invited["url"].split("#")[1]
        accepted = {"token": token, "password": self.secrets[f"password of {who}"]}
        self._keep_cookie(who, self.ask("POST", "/api/invitations/accept", accepted))

    def _choose_password(self, who):
        self.secrets[f"password of {who}"] = f"canary-{secrets.token_hex(12)}"

    def _made(self, path, body, headers):
        status, _, answer = self.ask("POST", path, body, headers)
        if status != 201:
            raise RuntimeError(f"POST {path}: {status} {answer}")
        return json.loads(answer)

    def _keep_cookie(self, who, answered):
        status, headers, answer = answered
        if "set-cookie" not in headers:
            raise RuntimeError(f"{who} is not signed in: {status} {answer}")
        cookie = headers["set-cookie"].split(";")[0]
        # A cookie of before is a secret as well.
        known = f"cookie of {who}"
        if known in self.secrets:
            self.secrets[f"{known}, number {len(self.secrets)}"] = self.secrets[known]
        self.secrets[known] = cookie
        return cookie

    def _is_healthy(self):
        try:
            return self.ask("GET", "/api/health")[0] == 200
        except OSError:
            return False


def _free_ports():
    """A port that is free, with the two after it."""
    while True:
        with socket.socket() as first, socket.socket() as second, socket.socket() as third:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
                third.bind(("127.0.0.1", port + 2))
                return port
            except (OSError, OverflowError):
                continue
