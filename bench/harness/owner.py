"""Whoever owns a server that is measured: made by the setup token, as the first owner is in a browser, and remembered
beside the data so that copies of it are asked by the same person."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

EMAIL = "owner@bench.example"
JSON = {"Content-Type": "application/json"}
# Of a key for everything that a key may be for.
SCOPES = ["read", "write", "manage", "export", "audit"]


@dataclass
class Owner:
    """Somebody who is signed in, and their API key."""

    cookie: str
    key: str

    @classmethod
    def of(cls, server):
        """The owner of a server: made now, where it has none, or the one who was made over this data before."""
        remembered = beside(server.data)
        token = Path(server.data) / "setup-token"
        if token.exists():
            return cls._make(server, token.read_text().strip(), remembered)
        if not remembered.exists():
            raise RuntimeError(f"{server.data} is owned by somebody else: delete it")
        known = json.loads(remembered.read_text())
        _, headers = _post(server, "/api/session", {"email": EMAIL, "password": known["password"]}, 200)
        return cls(_cookie(headers), known["key"])

    @classmethod
    def _make(cls, server, token, remembered):
        password = secrets.token_urlsafe(24)
        wanted = {"token": token, "email": EMAIL, "password": password, "organization": "Bench"}
        _, headers = _post(server, "/api/setup", wanted, 201)
        cookie = _cookie(headers)
        made, _ = _post(server, "/api/keys", {"scopes": SCOPES}, 201, {"Cookie": cookie})
        remembered.write_text(json.dumps({"password": password, "key": made["key"]}))
        return cls(cookie, made["key"])


def beside(data):
    """Where the owner of a data directory is remembered."""
    return Path(data).with_name(f"{Path(data).name}.owner")


def _post(server, path, body, wanted, headers=None):
    status, answered, text = server.request("POST", path, json.dumps(body), JSON | (headers or {}))
    if status != wanted:
        raise RuntimeError(f"POST {path}: {status} {text.decode()[:300]}")
    return json.loads(text), answered


def _cookie(headers):
    return headers["set-cookie"].split(";")[0]
