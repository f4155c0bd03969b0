"""schemathesis: asks each operation of the document what the document allows and what it forbids, and holds every answer to
what the document says of it."""

import subprocess
import sys
from pathlib import Path

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
EXAMPLES = "10"
SEED = "1"

# A stream has no end to wait for.
ENDLESS = ["watch_site"]
# What changes by what somebody signs in, or ends the sign-in by which all others are asked: each alone, and mended. Wrong
# confirmations make their person wait, and who left does not come back, so these are the last.
CHANGING = ["change_password", "change_me", "change_organization", "end_device", "end_other_devices", "sign_out",
            "confirm", "remove_person"]


def attack(server, caller, folder):
    """What schemathesis has to say about the API as `caller` meets it."""
    is_person = caller in ("owner", "viewer")
    shown = server.headers_of(caller)
    findings = _run(server, caller, folder, _each("--exclude-operation-id", ENDLESS + CHANGING * is_person))
    if caller != "nobody" and server.ask("GET", "/api/session", headers=shown)[0] != 200:
        findings.append(f"something ended what {caller} is known by: name it in CHANGING, or the rest was asked by nobody")
    if not is_person:
        return findings
    for operation in CHANGING:
        findings += _run(server, caller, folder, _each("--include-operation-id", [operation]))
        server.mend(caller)
    return findings


def _each(flag, names):
    return [part for name in names for part in (flag, name)]


def _run(server, caller, folder, chosen):
    program = Path(sys.executable).with_name("schemathesis")
    url = f"http://127.0.0.1:{server.port}/api/openapi.json"
    shown = [part for name, value in server.headers_of(caller).items() for part in ("-H", f"{name}: {value}")]
    command = [program, "run", url, *shown, *chosen, "--checks", CHECKS, "--phases", "coverage,fuzzing",
               "--max-examples", EXAMPLES, "--seed", SEED, "--no-shrink", "--continue-on-failure",
               "--request-timeout", "30", "--warnings", "off"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode == 0:
        return []
    return [f"schemathesis as {caller}:\n{done.stdout[-12_000:]}{done.stderr[-2_000:]}"]
