"""Secrets that were used, looked for in a log that tells all it can."""

import re
import secrets


def provoke(server):
    """Puts secrets where somebody could be tempted to log what came: into what is refused, and into what is not read."""
    for number in range(3):
        wrong = server.secrets[f"wrong password {number}"] = f"canary-{secrets.token_hex(12)}"
        server.ask("POST", "/api/session", {"email": "owner@example.com", "password": wrong})
    for place in ("Cookie", "Authorization", "X-Api-Key"):
        value = server.secrets[f"secret in {place}"] = f"canary-{secrets.token_hex(12)}"
        shown = {"Cookie": f"__Host-candor={value}", "Authorization": f"Bearer candor_{value}"}.get(place, value)
        server.ask("GET", "/api/session", headers={place: shown})
    broken = server.secrets["secret in what is no JSON"] = f"canary-{secrets.token_hex(12)}"
    server.ask("POST", "/api/session", {"email": 1, "password": broken, broken: broken})
    server.ask("POST", "/api/password", {"token": broken, "password": broken})
    server.ask("POST", "/api/invitations/accept", {"token": broken, "password": broken})
    server.ask("GET", f"/api/session?token={broken}")


def found(server):
    """Which of them the log holds, whole or without what they begin with."""
    log = server.log()
    findings = []
    for name, secret in server.secrets.items():
        bare = re.sub(r"^(__Host-candor=|candor=|candor_|canary-)", "", secret)
        if bare in log:
            line = next(line for line in log.splitlines() if bare in line)
            findings.append(f"the log holds the {name}:\n{line}")
    return findings
